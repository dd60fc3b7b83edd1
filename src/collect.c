/* SPDX-License-Identifier: Apache-2.0 */
/* collect.c: the order in which records are made, and what all collectors share. */
#include <errno.h>
#include <time.h>

#include "collector.h"
#include "record.h"

const char *const namespace_names[] = { "net", "pid", "ipc", "uts", "user", "mnt", "cgroup" };

static void add_section(struct collector *c, const char *side, const char *section, json_t *body)
{
	if (!body)
		body = fact_unread("could not be understood");
	c->o->record(side, section, body, c->o->context);
	json_object_set_new(json_object_get(c->world, side), section, body);
}

void collect_host_section(struct collector *c, const char *section, json_t *body)
{
	add_section(c, "host", section, body);
}

void collect_engine_section(struct collector *c, const char *section, json_t *body)
{
	add_section(c, "engine", section, body);
}

/* A reply that is an error becomes why; a missing file becomes "". */
static char *trouble_of(const struct answer *answer)
{
	if (answer->error == ENOENT || answer->error == ENOTDIR)
		return xstrdup("");
	return answer_trouble(answer);
}

char *read_file(struct collector *c, unsigned base, const char *path, size_t *ret_len,
		char **ret_why)
{
	struct answer answer;
	ask_now(c->asker, FETCH_READ, base, path, &answer);
	*ret_why = trouble_of(&answer);
	char *data = *ret_why ? NULL : TAKE(answer.data);
	if (ret_len)
		*ret_len = answer.len;
	answer_done(&answer);
	return data;
}

char *read_text(struct collector *c, unsigned base, const char *path, char **ret_why)
{
	size_t n;
	AUTO_FREE char *text = read_file(c, base, path, &n, ret_why);
	if (text && memchr(text, '\0', n)) {
		*ret_why = xstrdup("holds a NUL byte");
		return NULL;
	}
	if (text)
		utf8_mend(text, n);
	return TAKE(text);
}

static const char *type_name(uint32_t mode)
{
	static const struct {
		uint32_t type;
		const char *name;
	} types[] = {
		{ 0100000, "file" }, { 0040000, "dir" },   { 0140000, "socket" },
		{ 0120000, "link" }, { 0060000, "block" }, { 0020000, "char" },
		{ 0010000, "fifo" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if ((mode & 0170000) == types[i].type)
			return types[i].name;
	return "unknown";
}

/* The kernel's form of a POSIX ACL (linux/posix_acl_xattr.h): a version, then tag, perm, id. */
static json_t *acl_fact(const unsigned char *p, size_t n)
{
	static const struct {
		unsigned tag;
		const char *name;
	} tags[] = {
		{ 0x01, "user_obj" }, { 0x02, "user" }, { 0x04, "group_obj" },
		{ 0x08, "group" },    { 0x10, "mask" }, { 0x20, "other" },
	};
	json_t *acl = json_array();
	for (size_t at = 4; at + 8 <= n; at += 8) {
		unsigned tag = p[at] | (unsigned)p[at + 1] << 8, perm = p[at + 2];
		uint32_t id = p[at + 4] | (uint32_t)p[at + 5] << 8 | (uint32_t)p[at + 6] << 16 |
			      (uint32_t)p[at + 7] << 24;
		char text[4] = { perm & 4 ? 'r' : '-', perm & 2 ? 'w' : '-', perm & 1 ? 'x' : '-',
				 '\0' };
		const char *name = "unknown";
		for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
			if (tags[i].tag == tag)
				name = tags[i].name;
		json_array_append_new(acl, json_pack("{ss sI ss}", "tag", name, "id",
						     (json_int_t)id, "perm", text));
	}
	return acl;
}

json_t *stat_fact(const struct answer *answer)
{
	struct fetch_stat st;
	AUTO_FREE char *why = trouble_of(answer);
	if (why)
		return *why ? fact_unread("%s", why) : json_pack("{sb}", "exists", 0);
	if (answer->len < sizeof(st))
		return fact_unread("the answer is too short");
	memcpy(&st, answer->data, sizeof(st));
	if (answer->len - sizeof(st) < (size_t)st.path_len + st.acl_len)
		return fact_unread("the answer is too short");
	const char *path = answer->data + sizeof(st);
	char mode[8];
	snprintf(mode, sizeof(mode), "%04o", st.mode & 07777);
	json_t *where = json_stringn(path, st.path_len);
	return json_pack(
		"{sb ss ss sI sI so sI sI sI sI sI so}", "exists", 1, "type", type_name(st.mode),
		"mode", mode, "uid", (json_int_t)st.uid, "gid", (json_int_t)st.gid, "path",
		where ? where : fact_unread("its name is no valid text"), "dev", (json_int_t)st.dev,
		"ino", (json_int_t)st.ino, "mtime", (json_int_t)(st.mtime_ns / 1000000000),
		"mtime_ms", (json_int_t)(st.mtime_ns / 1000000), "ctime_ms",
		(json_int_t)(st.ctime_ns / 1000000), "acl",
		acl_fact((const unsigned char *)path + st.path_len, st.acl_len));
}

json_t *stat_path(struct collector *c, unsigned base, const char *path)
{
	struct answer answer;
	ask_now(c->asker, FETCH_STAT, base, path, &answer);
	json_t *fact = stat_fact(&answer);
	answer_done(&answer);
	return fact;
}

static int by_name(const void *a, const void *b)
{
	/* Past the type letter. */
	return strcmp(*(const char *const *)a + 1, *(const char *const *)b + 1);
}

bool list_folder(struct collector *c, unsigned base, const char *path, entry_fn *entry,
		 void *context, char **ret_why)
{
	struct answer answer;
	ask_now(c->asker, FETCH_LIST, base, path, &answer);
	*ret_why = trouble_of(&answer);
	if (*ret_why) {
		answer_done(&answer);
		return false;
	}
	size_t n = 0;
	for (size_t i = 0; i < answer.len; i++)
		n += answer.data[i] == '\0';
	const char **entries = xalloc((n + 1) * sizeof(*entries));
	const char *p = answer.data;
	for (size_t i = 0; i < n; i++) {
		entries[i] = p;
		p += strlen(p) + 1;
	}
	qsort(entries, n, sizeof(*entries), by_name);
	for (size_t i = 0; i < n; i++)
		if (entries[i][0])
			entry(entries[i][0], entries[i] + 1, context);
	free(entries);
	answer_done(&answer);
	return true;
}

void collect_wait(struct collector *c, const bool *done)
{
	while (!*done)
		asker_turn(c->asker);
}

void collect_population(struct collector *c, const char *kind, size_t listed, size_t delivered,
			size_t gone, const char *error)
{
	json_t *body = json_pack("{sI sI sI ss?}", "listed", (json_int_t)listed, "delivered",
				 (json_int_t)delivered, "gone", (json_int_t)gone, "error", error);
	c->o->record("population", kind, body, c->o->context);
	json_decref(body);
}

static void record_time(struct collector *c, const char *kind, const char *member)
{
	char text[32];
	time_t now = time(NULL);
	struct tm tm;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	json_t *body =
		json_pack("{ss ss ss sb sb sb sb}", "tool", "seaworthy", "version", c->o->version,
			  member, text, "root", c->o->is_root_dir, "live", c->o->live, "privileged",
			  c->o->is_privileged, "sandbox", c->o->has_sandbox);
	c->o->record(kind, "", body, c->o->context);
	json_decref(body);
}

/* Sections of the host that cost something: made when a selected rule needs one of them. */
static const struct {
	unsigned needs;
	void (*collect)(struct collector *c);
} host_parts[] = {
	{ SW_NEEDS_AUDIT, collect_audit },
	{ SW_NEEDS_CLIENTS, collect_clients },
	{ SW_NEEDS_HOST_FILES, collect_stat },
	{ SW_NEEDS_ACCOUNTS, collect_accounts },
	{ SW_NEEDS_ACCOUNTS, collect_pam },
	{ SW_NEEDS_ACCOUNTS, collect_sudo },
	{ SW_NEEDS_SSHD, collect_sshd },
	{ SW_NEEDS_SSHD, collect_crypto_backends },
	{ SW_NEEDS_SYSCTL, collect_sysctl },
	{ SW_NEEDS_LOGGING, collect_auditd },
	{ SW_NEEDS_LOGGING, collect_integrity },
	{ SW_NEEDS_SERVICES, collect_processes },
	{ SW_NEEDS_SERVICES, collect_services },
	{ SW_NEEDS_SERVICES, collect_time },
	{ SW_NEEDS_SERVICES, collect_net },
	{ SW_NEEDS_PACKAGES, collect_packages },
	{ SW_NEEDS_PACKAGES, collect_updates },
	{ SW_NEEDS_LEFTOVERS, collect_leftovers },
	{ SW_NEEDS_LOGGING, collect_logging },
	{ SW_NEEDS_FIREWALL, collect_firewall },
	{ SW_NEEDS_BOOT | SW_NEEDS_MODULES, collect_boot },
};

void collect_host_parts(struct collector *c)
{
	asker_remember(c->asker);
	for (size_t i = 0; i < ARRAY_SIZE(host_parts); i++)
		if (c->o->needs & host_parts[i].needs)
			host_parts[i].collect(c);
	collect_environment(c);
	asker_forget(c->asker);
}

void collect_all(struct asker *a, const struct collect_options *o)
{
	struct collector c = { .asker = a,
			       .o = o,
			       .world = json_pack("{s{} s{}}", "host", "engine"),
			       .used_images = json_object() };

	record_time(&c, "snapshot", "started");
	collect_engine(&c);
	collect_swarm(&c);
	collect_evidence(&c);
	/* Accounts are looked up in the layers of a container's image: then images come first. */
	bool images_first = (o->needs & SW_NEEDS_LAYERS) != 0;
	if (o->kinds & 1u << SW_IMAGE && images_first)
		collect_images(&c);
	if (o->kinds & 1u << SW_CONTAINER)
		collect_containers(&c);
	if (o->kinds & 1u << SW_IMAGE && !images_first)
		collect_images(&c);
	asker_drain(a);
	if (o->needs & SW_NEEDS_WALK)
		collect_walk(&c);
	record_time(&c, "end", "finished");

	for (size_t i = 0; i < N_NAMESPACES; i++) {
		free(c.host_ns[i]);
		free(c.engine_ns[i]);
	}
	json_decref(c.used_images);
	json_decref(c.image_users);
	json_decref(c.scans);
	json_decref(c.unit_folders);
	json_decref(c.wanted);
	free(c.used_why);
	json_decref(c.world);
}
