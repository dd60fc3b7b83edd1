/* SPDX-License-Identifier: Apache-2.0 */
/* walkparse.c: see walkparse.h. */
#include "walkparse.h"

#include "facts.h"
#include "fstypes.h"
#include "record.h"
#include "text.h"

enum { LINE_MAX_BYTES = 16384, LIST_MAX = 2000, UNOWNED_MAX = 200, RANGES_MAX = 4000 };

struct walk_report {
	struct text rest; /* of an answer that is not whole yet */
	uint64_t entries;
	json_t *writable, *set_id, *capable; /* {"count", "files"} */
	json_t *users, *groups;              /* by id: {"count", "path"} */
	json_t *left_out, *pruned, *unreadable;
	char *why; /* not all was walked */
	bool owners_overflowed;
};

static json_t *hits(void)
{
	return json_pack("{si s{}}", "count", 0, "files");
}

struct walk_report *walk_report_new(void)
{
	struct walk_report *r = xalloc(sizeof(*r));
	r->writable = hits();
	r->set_id = hits();
	r->capable = hits();
	r->users = json_object();
	r->groups = json_object();
	r->left_out = json_object();
	r->pruned = json_array();
	r->unreadable = json_object();
	return r;
}

void walk_report_free(struct walk_report *r)
{
	if (!r)
		return;
	text_done(&r->rest);
	json_decref(r->writable);
	json_decref(r->set_id);
	json_decref(r->capable);
	json_decref(r->users);
	json_decref(r->groups);
	json_decref(r->left_out);
	json_decref(r->pruned);
	json_decref(r->unreadable);
	free(r->why);
	free(r);
}

/* --- one line -------------------------------------------------------------------------------- */

/* The next word up to one blank; "" at the end. */
static char *word(char **line)
{
	static char none[1];
	char *w = strsep(line, " ");
	return w ? w : none;
}

static json_int_t number(const char *text)
{
	int64_t n;
	return parse_int(text, &n) ? n : -1;
}

static void put(json_t *object, const char *path, json_t *value)
{
	if (json_object_size(object) < LIST_MAX)
		json_object_set_new(object, path, value);
	else
		json_decref(value);
}

static void take_file(json_t *list, char *line)
{
	const char *mode = word(&line);
	json_int_t uid = number(word(&line)), gid = number(word(&line));
	if (line)
		put(json_object_get(list, "files"), line,
		    json_pack("{ss sI sI}", "mode", mode, "uid", uid, "gid", gid));
}

static uint32_t word_of(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static size_t unhex(const char *hex, unsigned char *out, size_t cap)
{
	size_t n = 0;
	unsigned byte;
	for (; n < cap && hex[2 * n] && hex[2 * n + 1]; n++) {
		if (sscanf(hex + 2 * n, "%2x", &byte) != 1)
			return 0;
		out[n] = (unsigned char)byte;
	}
	return hex[2 * n] ? 0 : n;
}

/* struct vfs_ns_cap_data of linux/capability.h: magic, then pairs of permitted and inheritable. */
static json_t *capabilities(const char *hex)
{
	enum { EFFECTIVE = 1 };
	unsigned char b[24] = { 0 };
	size_t n = unhex(hex, b, sizeof(b));
	uint32_t magic = word_of(b), version = magic >> 24;
	size_t length = version == 1 ? 12 : version == 2 ? 20 : version == 3 ? 24 : 0;
	if (length == 0 || n != length)
		return fact_unread("capabilities of version %u, %zu bytes", (unsigned)version, n);
	uint64_t permitted = word_of(b + 4), inheritable = word_of(b + 8);
	if (version > 1) {
		permitted |= (uint64_t)word_of(b + 12) << 32;
		inheritable |= (uint64_t)word_of(b + 16) << 32;
	}
	return json_pack("{sI sI sb sI}", "permitted", (json_int_t)permitted, "inheritable",
			 (json_int_t)inheritable, "effective", (int)(magic & EFFECTIVE), "rootid",
			 (json_int_t)(version == 3 ? word_of(b + 20) : 0));
}

static void take_capable(struct walk_report *r, char *line)
{
	json_t *caps = capabilities(word(&line));
	word(&line);
	word(&line);
	if (line)
		put(json_object_get(r->capable, "files"), line, caps);
	else
		json_decref(caps);
}

static void take_owner(json_t *all, char *line)
{
	const char *id = word(&line);
	json_int_t count = number(word(&line));
	json_t *one = json_object_get(all, id);
	if (one)
		json_object_set_new(
			one, "count",
			json_integer(json_integer_value(json_object_get(one, "count")) + count));
	else if (line)
		json_object_set_new(all, id, json_pack("{sI ss}", "count", count, "path", line));
}

static void take_mount(struct walk_report *r, char *line)
{
	static const char *const classes[] = {
		[FS_UNKNOWN] = "unknown", [FS_LOCAL] = "local", [FS_KERNEL] = "kernel",
		[FS_NETWORK] = "network", [FS_FUSE] = "fuse",   [FS_IMAGE] = "image",
		[FS_MERGED] = "merged",
	};
	const char *hex = word(&line);
	uint32_t magic = (uint32_t)strtoul(hex, NULL, 16);
	AUTO_FREE char *number_text = xasprintf("0x%s", hex);
	const char *name = fs_name(magic);
	if (line)
		put(r->left_out, line,
		    json_pack("{ss ss}", "type", name ? name : number_text, "class",
			      classes[fs_class(magic)]));
}

static void take_sum(struct walk_report *r, char *line)
{
	const struct {
		char letter;
		json_t *list;
	} lists[] = { { 'w', r->writable }, { 's', r->set_id }, { 'c', r->capable } };
	const char *kind = word(&line);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (*kind == lists[i].letter && line)
			json_object_set_new(lists[i].list, "count", json_integer(number(line)));
}

static void take_error(struct walk_report *r, char *line)
{
	json_int_t error = number(word(&line));
	if (line)
		put(r->unreadable, line, json_string(errno_name((int)error)));
}

static void take_line(struct walk_report *r, char *line)
{
	char kind = line[0];
	char *rest = line[0] && line[1] == ' ' ? line + 2 : line + strlen(line);
	utf8_mend(line, strlen(line));
	switch (kind) {
	case 'n': r->entries = (uint64_t)number(rest); break;
	case 'w': take_file(r->writable, rest); break;
	case 's': take_file(r->set_id, rest); break;
	case 'c': take_capable(r, rest); break;
	case 'u': take_owner(r->users, rest); break;
	case 'g': take_owner(r->groups, rest); break;
	case 'm': take_mount(r, rest); break;
	case 'p':
		if (json_array_size(r->pruned) < LIST_MAX)
			json_array_append_new(r->pruned, json_string(rest));
		break;
	case 'e': take_error(r, rest); break;
	case 'x': take_sum(r, rest); break;
	case 'o': r->owners_overflowed = true; break;
	case 't':
		free(r->why);
		r->why = xstrdup(rest);
		break;
	default: break;
	}
}

uint64_t walk_report_take(struct walk_report *r, const char *data, size_t n)
{
	while (n > 0) {
		const char *end = memchr(data, '\0', n);
		size_t length = end ? (size_t)(end - data) : n;
		if (r->rest.len + length <= LINE_MAX_BYTES)
			text_add_n(&r->rest, data, length);
		if (!end)
			break;
		AUTO_FREE char *line = text_take(&r->rest);
		if (line)
			take_line(r, line);
		data = end + 1;
		n -= length + 1;
	}
	return r->entries;
}

/* --- whose they are -------------------------------------------------------------------------- */

struct ranges {
	struct {
		int64_t first, count;
	} list[RANGES_MAX];
	size_t n;
};

/* name:first:count (subuid(5)). */
static void add_ranges(struct ranges *r, char *text)
{
	char *line;
	int64_t first, count;
	while (text && (line = strsep(&text, "\n"))) {
		(void)strsep(&line, ":"); /* the name */
		char *from = strsep(&line, ":");
		if (!from || !line || !parse_int(from, &first) || !parse_int(line, &count) ||
		    first < 0 || r->n == RANGES_MAX)
			continue;
		r->list[r->n].first = first;
		r->list[r->n++].count = count;
	}
}

static bool is_in_range(const struct ranges *r, int64_t id)
{
	for (size_t i = 0; i < r->n; i++)
		if (id >= r->list[i].first && id - r->list[i].first < r->list[i].count)
			return true;
	return false;
}

static bool has_id(const json_t *accounts, const char *member, int64_t id)
{
	const char *name;
	json_t *one;
	json_object_foreach((json_t *)accounts, name, one)
	{
		if (json_integer_value(json_object_get(one, member)) == id)
			return true;
	}
	return false;
}

/* Those of owners that no account has; unread when the accounts are not known. */
static json_t *nobodys(json_t *owners, const json_t *accounts, const char *member, char *subids)
{
	/* Given to services as they start (systemd.exec(5), DynamicUser=), and nobody. */
	AUTO_FREE struct ranges *given = xalloc(sizeof(*given));
	json_t *left = json_object(), *one;
	const char *id_text;
	given->list[0].first = 61184;
	given->list[0].count = 65519 - 61184 + 1;
	given->n = 1;
	add_ranges(given, subids);
	if (!json_is_object(accounts) || fact_is_unread(accounts)) {
		json_decref(left);
		const char *why = fact_reason(accounts);
		return fact_unread("%s", why ? why : "the accounts are not known");
	}
	json_object_foreach(owners, id_text, one)
	{
		int64_t id = number(id_text);
		if (!has_id(accounts, member, id) && !is_in_range(given, id) &&
		    json_object_size(left) < UNOWNED_MAX)
			json_object_set(left, id_text, one);
	}
	return left;
}

/* Where else accounts come from: the words of "passwd:" but files and such. */
static json_t *other_sources(char *nsswitch)
{
	static const char *const local[] = { "files",    "compat", "systemd",
					     "altfiles", "db",     "extrausers" };
	json_t *list = json_array();
	char *line, *name;
	while (nsswitch && (line = strsep(&nsswitch, "\n"))) {
		line += strspn(line, " \t");
		if (!starts_with(line, "passwd:") && !starts_with(line, "group:"))
			continue;
		line[strcspn(line, "#")] = '\0';
		line = strchr(line, ':');
		for (line++; line && (name = strsep(&line, " \t"));) {
			bool is_local = !*name || *name == '[' || ends_with(name, "]");
			for (size_t i = 0; i < ARRAY_SIZE(local); i++)
				is_local |= streq(name, local[i]);
			if (!is_local)
				json_array_append_new(list, json_string(name));
		}
	}
	return list;
}

static json_t *unowned(struct walk_report *r, const json_t *users, const json_t *groups,
		       char *subuid, char *subgid, char *nsswitch)
{
	if (r->owners_overflowed)
		return fact_unread("files have too many different owners");
	return json_pack("{so so so}", "users", nobodys(r->users, users, "uid", subuid), "groups",
			 nobodys(r->groups, groups, "gid", subgid), "sources",
			 other_sources(nsswitch));
}

/* A mount whose kind is not known may be one that matters. */
static void look_for_unknown(struct walk_report *r)
{
	const char *path;
	json_t *one;
	json_object_foreach(r->left_out, path, one)
	{
		if (streq(json_string_value(json_object_get(one, "class")), "unknown") && !r->why)
			r->why = xasprintf("%s is on a file system of unknown kind (%s)", path,
					   json_string_value(json_object_get(one, "type")));
	}
	if (json_object_size(r->unreadable) > 0 && !r->why) {
		path = json_object_iter_key(json_object_iter(r->unreadable));
		r->why = xasprintf("%zu files or folders could not be read, such as %s (%s)",
				   json_object_size(r->unreadable), path,
				   json_string_value(json_object_get(r->unreadable, path)));
	}
}

json_t *walk_report_record(struct walk_report *r, const json_t *users, const json_t *groups,
			   char *subuid, char *subgid, char *nsswitch)
{
	look_for_unknown(r);
	return json_pack("{sI sb ss? sO sO sO sO sO sO so}", "entries", (json_int_t)r->entries,
			 "complete", r->why == NULL, "why", r->why, "left_out", r->left_out,
			 "pruned", r->pruned, "unreadable", r->unreadable, "world_writable",
			 r->writable, "set_id", r->set_id, "capabilities", r->capable, "unowned",
			 unowned(r, users, groups, subuid, subgid, nsswitch));
}
