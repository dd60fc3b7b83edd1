/* SPDX-License-Identifier: Apache-2.0 */
/* procparse.c: see procparse.h. */
#include "procparse.h"

#include <arpa/inet.h>
#include <errno.h>

#include "facts.h"

/* A decimal text ended by NUL within the answer. */
static bool take_field(const char **p, const char *end, const char **ret)
{
	const char *nul = memchr(*p, '\0', (size_t)(end - *p));
	if (!nul)
		return false;
	*ret = *p;
	*p = nul + 1;
	return true;
}

bool proc_part(const char *answer, size_t n, const char *name, struct part *ret)
{
	const char *p = answer, *end = answer + n;
	while (p < end) {
		const char *part, *error, *length;
		int64_t code, len;
		if (!take_field(&p, end, &part) || !take_field(&p, end, &error) ||
		    !take_field(&p, end, &length) || !parse_int(error, &code) ||
		    !parse_int(length, &len) || len < 0 || len > end - p)
			return false;
		if (streq(part, name)) {
			*ret = (struct part){ part, (int)code, p, (size_t)len };
			return true;
		}
		p += len;
	}
	return false;
}

char *proc_text(const char *answer, size_t n, const char *name, int *ret_error)
{
	struct part part;
	if (!proc_part(answer, n, name, &part)) {
		*ret_error = ENODATA;
		return NULL;
	}
	*ret_error = part.error;
	if (part.error)
		return NULL;
	char *text = xalloc(part.len + 1);
	memcpy(text, part.data, part.len);
	return text;
}

static json_t *numbers(const char *s)
{
	json_t *list = json_array();
	char *end;
	for (;;) {
		s += strspn(s, " \t");
		unsigned long long v = strtoull(s, &end, 10);
		if (end == s)
			return list;
		json_array_append_new(list, json_integer((json_int_t)v));
		s = end;
	}
}

static json_t *number(const char *s)
{
	int64_t n;
	return parse_int(s, &n) ? json_integer(n) : NULL;
}

/* Calls with each line, cut out of a copy. */
static void each_line(const char *text, void (*line)(char *line, void *context), void *context)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *next = copy, *one;
	while ((one = strsep(&next, "\n")))
		if (*one)
			line(one, context);
}

static void status_line(char *line, void *context)
{
	static const struct {
		const char *name;
		enum { HEX, NUMBER, NUMBERS } form;
	} fields[] = {
		{ "CapInh", HEX },        { "CapPrm", HEX },  { "CapEff", HEX },
		{ "CapBnd", HEX },        { "CapAmb", HEX },  { "Seccomp", NUMBER },
		{ "NoNewPrivs", NUMBER }, { "Uid", NUMBERS }, { "Gid", NUMBERS },
	};
	char *value = strchr(line, ':');
	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!streq(fields[i].name, line))
			continue;
		json_t *v = fields[i].form == HEX      ? json_string(value)
			    : fields[i].form == NUMBER ? number(value)
						       : numbers(value);
		json_object_set_new(context, line, v ? v : fact_unread("cannot be understood"));
	}
}

json_t *proc_status(const char *text)
{
	json_t *status = json_object();
	each_line(text, status_line, status);
	return status;
}

static void map_line(char *line, void *context)
{
	json_array_append_new(context, numbers(line));
}

json_t *proc_id_map(const char *text)
{
	json_t *map = json_array();
	each_line(text, map_line, map);
	return map;
}

void unescape_octal(char *s)
{
	char *out = s = strchrnul(s, '\\');
	for (; *s; s++) {
		bool is_escape = s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
				 s[2] <= '7' && s[3] >= '0' && s[3] <= '7';
		*out++ = is_escape ? (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'))
				   : *s;
		if (is_escape)
			s += 3;
	}
	*out = '\0';
}

/* Text of a path or an option as a JSON string, whatever bytes it has. */
static json_t *any_text(char *s)
{
	unescape_octal(s);
	json_t *v = json_string(s);
	if (v)
		return v;
	for (char *p = s; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return json_string(s);
}

/* 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * (proc_pid_mountinfo(5)) */
static void mount_line(char *line, void *context)
{
	enum { ID, PARENT, DEV, ROOT, POINT, OPTIONS, FIXED };
	char *fields[FIXED], *tail[3] = { NULL, NULL, NULL }, *propagation = line, *rest = line;
	for (size_t i = 0; i < FIXED; i++)
		if (!(fields[i] = strsep(&rest, " ")) || !rest)
			return;
	propagation = rest;
	char *dash = starts_with(rest, "- ") ? rest : strstr(rest, " - ");
	if (!dash)
		return;
	char *after = dash + (dash == rest ? 2 : 3);
	*dash = '\0';
	for (size_t i = 0; i < 3 && after; i++)
		tail[i] = strsep(&after, " ");
	if (!tail[2])
		return;
	json_array_append_new(
		context, json_pack("{sI sI so so so so so so so so}", "id",
				   (json_int_t)strtoll(fields[ID], NULL, 10), "parent",
				   (json_int_t)strtoll(fields[PARENT], NULL, 10), "dev",
				   any_text(fields[DEV]), "root", any_text(fields[ROOT]), "point",
				   any_text(fields[POINT]), "options", any_text(fields[OPTIONS]),
				   "propagation", any_text(propagation), "type", any_text(tail[0]),
				   "source", any_text(tail[1]), "super", any_text(tail[2])));
}

json_t *proc_mountinfo(const char *text)
{
	json_t *mounts = json_array();
	each_line(text, mount_line, mounts);
	return mounts;
}

json_t *proc_strings(const char *data, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n;) {
		size_t len = strnlen(data + i, n - i);
		AUTO_FREE char *s = xstrndup(data + i, len);
		json_array_append_new(list, any_text(s));
		i += len + 1;
	}
	return list;
}

/* The name in parentheses, which is field 2, may hold anything: the rest is counted from its end.
 */
static unsigned long long stat_number(const char *stat, int field)
{
	const char *p = strrchr(stat, ')');
	for (int i = 2; p && i < field; i++) {
		p = strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	return p ? strtoull(p, NULL, 10) : 0;
}

unsigned long long proc_start_ticks(const char *stat)
{
	return stat_number(stat, 22);
}

int64_t proc_parent(const char *stat)
{
	unsigned long long pid = stat_number(stat, 4);
	return pid <= INT32_MAX ? (int64_t)pid : 0;
}

struct unix_context {
	unix_fn *each;
	void *context;
};

/* Num RefCount Protocol Flags Type St Inode Path; flag 0x10000 is __SO_ACCEPTCON (linux/net.h). */
static void unix_line(char *line, void *context)
{
	struct unix_context *u = context;
	char *fields[7], *rest = line;
	for (size_t i = 0; i < 7; i++) {
		do
			fields[i] = strsep(&rest, " ");
		while (fields[i] && !*fields[i]);
		if (!fields[i])
			return;
	}
	if (rest && (strtoul(fields[3], NULL, 16) & 0x10000))
		u->each(strtoul(fields[6], NULL, 10), rest, u->context);
}

void proc_unix_listeners(const char *text, unix_fn *each, void *context)
{
	each_line(text, unix_line, &(struct unix_context){ each, context });
}

struct tcp_context {
	tcp_fn *each;
	void *context;
	bool is_v6;
	unsigned state; /* wanted */
};

/* sl local_address rem_address st … uid timeout inode; addresses are words in host order. */
static void tcp_line(char *line, void *context)
{
	struct tcp_context *t = context;
	char local[40], shown[INET6_ADDRSTRLEN];
	unsigned port, state, words[4] = { 0 };
	unsigned long inode;
	if (sscanf(line, " %*[^:]: %32[0-9A-Fa-f]:%4x %*s %x %*s %*s %*s %*u %*u %lu", local, &port,
		   &state, &inode) != 4 ||
	    state != t->state)
		return;
	size_t n = t->is_v6 ? 4 : 1;
	if (strlen(local) != 8 * n)
		return;
	for (size_t i = 0; i < n; i++) {
		char word[9];
		snprintf(word, sizeof(word), "%.8s", local + 8 * i);
		words[i] = (unsigned)strtoul(word, NULL, 16);
	}
	if (inet_ntop(t->is_v6 ? AF_INET6 : AF_INET, words, shown, sizeof(shown)))
		t->each(inode, shown, port, t->context);
}

void proc_tcp_listeners(const char *text, bool is_v6, tcp_fn *each, void *context)
{
	each_line(text, tcp_line,
		  &(struct tcp_context){ each, context, is_v6, 0x0a }); /* TCP_LISTEN */
}

void proc_udp_listeners(const char *text, bool is_v6, tcp_fn *each, void *context)
{
	each_line(text, tcp_line,
		  &(struct tcp_context){ each, context, is_v6, 0x07 }); /* TCP_CLOSE */
}

struct cgroup_search {
	const char *id;
	char *found;
};

static void cgroup_line(char *line, void *context)
{
	struct cgroup_search *s = context;
	char *path = strchr(line, '/');
	if (!path || (s->id && !strstr(path, s->id)))
		return;
	if (!s->found || (streq(s->found, "/") && !streq(path, "/"))) {
		free(s->found);
		s->found = xstrdup(path);
	}
}

char *proc_cgroup_of(const char *text, const char *id)
{
	struct cgroup_search s = { .id = id };
	each_line(text, cgroup_line, &s);
	return s.found;
}
