/* SPDX-License-Identifier: Apache-2.0 */
/* candidate.c: see candidate.h. */
#include "candidate.h"

#include <stdarg.h>
#include <strings.h>
#include <time.h>

#include "procparse.h"
#include "redact.h"

char *ask_pid(struct collector *c, enum fetch_op op, unsigned sub, size_t *ret_len, char **why,
	      const char *format, ...)
{
	struct answer answer;
	va_list ap;
	char *arg = NULL;
	va_start(ap, format);
	if (vasprintf(&arg, format, ap) < 0)
		abort();
	va_end(ap);
	ask_now(c->asker, op, sub, arg, &answer);
	free(arg);
	*why = answer_trouble(&answer);
	if (!*why && !answer.data) /* callers take no text for a reason */
		*why = xstrdup("EBADMSG: no answer");
	*ret_len = answer.len;
	char *text = *why ? NULL : TAKE(answer.data);
	answer_done(&answer);
	return text;
}

void candidate_done(struct candidate *k)
{
	for (size_t i = 0; i < k->n_unix; i++)
		free(k->unix_sockets[i].address);
	for (size_t i = 0; i < k->n_tcp; i++)
		free(k->tcp_sockets[i].address);
	json_decref(k->fds);
	free(k->tcp_why);
	free(k->parts);
	free(k->root);
	*k = (struct candidate){ 0 };
}

static bool holds(const struct candidate *k, unsigned long inode)
{
	char link[40];
	snprintf(link, sizeof(link), "socket:[%lu]", inode);
	for (size_t i = 0; i < json_array_size(k->fds); i++) {
		const char *fd = json_string_value(json_array_get(k->fds, i));
		if (fd && streq(fd, link))
			return true;
	}
	return false;
}

static void keep_unix(unsigned long inode, const char *path, void *context)
{
	struct candidate *k = context;
	if (*path == '/' && k->n_unix < SOCKETS && holds(k, inode))
		k->unix_sockets[k->n_unix++] = (struct listener){ inode, xstrdup(path) };
}

static void keep_tcp(unsigned long inode, const char *address, unsigned port, void *context)
{
	struct candidate *k = context;
	if (k->n_tcp < SOCKETS && holds(k, inode))
		k->tcp_sockets[k->n_tcp++] = (struct listener){
			inode, xasprintf(strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port)
		};
}

/* The folder that this process calls /, as we call it; and whether that is the audited root. */
bool candidate_learn_root(struct collector *c, struct candidate *k)
{
	struct answer answer;
	struct fetch_stat st;
	char pid[24];
	int error;
	AUTO_FREE char *mnt = proc_text(k->parts, k->n_parts, "ns/mnt", &error);
	free(k->root);
	k->root = proc_text(k->parts, k->n_parts, "root", &error);
	snprintf(pid, sizeof(pid), "%lld", (long long)k->pid);
	ask_now(c->asker, FETCH_ENGINE_ROOT, 0, pid, &answer);
	bool is_known = !answer.error && answer.len >= sizeof(st) && k->root && mnt;
	if (is_known)
		memcpy(&st, answer.data, sizeof(st));
	answer_done(&answer);
	if (!is_known)
		return false;
	json_t *audited = stat_path(c, FETCH_BASE_ROOT, "/");
	bool same_root =
		json_integer_value(json_object_get(audited, "dev")) == (json_int_t)st.dev &&
		json_integer_value(json_object_get(audited, "ino")) == (json_int_t)st.ino;
	const char *self = json_string_value(json_object_get(
		json_object_get(json_object_get(json_object_get(c->world, "host"), "namespaces"),
				"mnt"),
		"self"));
	k->own_root = !same_root || !self || !streq(self, mnt);
	json_decref(audited);
	return true;
}

/* Per descriptor: what it links to, then the protocol of a socket, "" if the kernel does not say.
 */
static json_t *links_of(const char *data, size_t n, bool *ret_may_speak)
{
	json_t *pairs = proc_strings(data, n), *links = json_array();
	for (size_t i = 0; i + 1 < json_array_size(pairs); i += 2) {
		json_t *link = json_array_get(pairs, i);
		const char *protocol = json_string_value(json_array_get(pairs, i + 1));
		bool is_socket = starts_with(json_string_value(link), "socket:");
		*ret_may_speak |= is_socket && (!*protocol || strstr(protocol, "TCP"));
		json_array_append(links, link);
	}
	json_decref(pairs);
	return links;
}

/* Sockets and files of one process. */
bool candidate_learn(struct collector *c, struct candidate *k, char **why)
{
	size_t len;
	long long pid = (long long)k->pid;
	AUTO_FREE char *arg = xasprintf("%lld", pid), *net_arg = xasprintf("%lld unix", pid);
	ask_ahead(c->asker, FETCH_PROC_FDS, 0, arg);
	ask_ahead(c->asker, FETCH_PROC_NET, 0, net_arg);
	k->parts = ask_pid(c, FETCH_PROC, PROC_ENGINE, &k->n_parts, why, "%s", arg);
	if (!k->parts)
		return false;
	AUTO_FREE char *fds = ask_pid(c, FETCH_PROC_FDS, 0, &len, why, "%s", arg);
	if (!fds)
		return false;
	k->fds = links_of(fds, len, &k->may_speak);
	if (!candidate_learn_root(c, k)) {
		*why = xasprintf("EACCES: /proc/%lld/root cannot be opened", pid);
		return false;
	}
	AUTO_FREE char *text = ask_pid(c, FETCH_PROC_NET, 0, &len, why, "%s", net_arg);
	if (!text)
		return false;
	proc_unix_listeners(text, keep_unix, k);
	return true;
}

/* Dear: the kernel goes through all its connections for each, so not for a process that has no such
 * socket. A kernel without IPv6 has no second table. */
void candidate_learn_tcp(struct collector *c, struct candidate *k)
{
	static const char *const tables[] = { "tcp", "tcp6" };
	if (k->tcp_is_read || !k->may_speak)
		return;
	k->tcp_is_read = true;
	for (size_t i = 0; i < ARRAY_SIZE(tables) && !k->tcp_why; i++) {
		size_t len;
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text = ask_pid(c, FETCH_PROC_NET, 0, &len, &why, "%lld %s",
					       (long long)k->pid, tables[i]);
		if (text)
			proc_tcp_listeners(text, i == 1, keep_tcp, k);
		else if (i == 0 || !starts_with(why, "ENOENT"))
			k->tcp_why = TAKE(why);
	}
	if (k->n_tcp == SOCKETS && !k->tcp_why)
		k->tcp_why = xasprintf("it listens on %d addresses or more", SOCKETS);
}

/* Is one of its listening sockets the file that we connect to? */
bool candidate_listens_at(struct collector *c, const struct candidate *k, uint64_t dev,
			  uint64_t ino)
{
	bool is_it = false;
	for (size_t i = 0; i < k->n_unix && !is_it; i++) {
		json_t *st = stat_path(c, FETCH_BASE_ENGINE, k->unix_sockets[i].address);
		is_it = (uint64_t)json_integer_value(json_object_get(st, "dev")) == dev &&
			(uint64_t)json_integer_value(json_object_get(st, "ino")) == ino;
		json_decref(st);
	}
	return is_it;
}

/* Has it a file open below the data root that the engine names? In its own words for it, that is.
 */
static bool works_below(const struct candidate *k, const char *data_root)
{
	size_t n = streq(k->root, "/") ? 0 : strlen(k->root);
	for (size_t i = 0; i < json_array_size(k->fds); i++) {
		const char *fd = json_string_value(json_array_get(k->fds, i));
		if (fd && strncmp(fd, k->root, n) == 0 && sw_is_below(fd + n, data_root))
			return true;
	}
	return false;
}

static bool engine_is_podman(const struct collector *c)
{
	json_t *version = json_object_get(json_object_get(c->world, "engine"), "version");
	json_t *components = json_object_get(version, "Components"), *component;
	size_t i;
	json_array_foreach(components, i, component)
	{
		const char *name = json_string_value(json_object_get(component, "Name"));
		if (name && starts_with(name, "Podman"))
			return true;
	}
	return false;
}

/*
 * "podman … system service …" serves the API out of itself and passes nothing on. With --root it
 * names its data root, which then must be the one that the engine names.
 */
static bool serves_podman(const char *parts, size_t n, const char *data_root)
{
	static const char deleted[] = " (deleted)", root_is[] = "--root=";
	struct part part;
	int error;
	AUTO_FREE char *exe = proc_text(parts, n, "exe", &error);
	if (!exe || !proc_part(parts, n, "cmdline", &part) || part.error)
		return false;
	if (ends_with(exe, deleted))
		exe[strlen(exe) - strlen(deleted)] = '\0';
	json_t *words = proc_strings(part.data, part.len);
	bool is_service = false, is_other = false;
	for (size_t i = 0; i < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));
		const char *next = json_string_value(json_array_get(words, i + 1));
		if (!word)
			continue;
		is_service |= streq(word, "system") && next && streq(next, "service");
		is_other |= streq(word, "--root") && (!next || !streq(next, data_root));
		is_other |= starts_with(word, root_is) && !streq(word + strlen(root_is), data_root);
	}
	json_decref(words);
	return ends_with(exe, "/podman") && is_service && !is_other;
}

static json_t *addresses(const struct listener *l, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(l[i].address));
	return list;
}

/* Only what the judgement needs; the rest of an environment is nobody's business. */
static json_t *relevant_environ(const char *data, size_t n)
{
	static const char *const prefixes[] = { "DOCKER_", "HOME=",   "PATH=",
						"XDG_",    "LISTEN_", "TMPDIR=" };
	json_t *all = proc_strings(data, n), *kept = json_object();
	for (size_t i = 0; i < json_array_size(all); i++) {
		const char *s = json_string_value(json_array_get(all, i));
		const char *equals = s ? strchr(s, '=') : NULL;
		if (!equals)
			continue;
		bool is_relevant = equals - s > 6 && strncasecmp(equals - 6, "_proxy", 6) == 0;
		for (size_t j = 0; j < ARRAY_SIZE(prefixes); j++)
			is_relevant |= starts_with(s, prefixes[j]);
		AUTO_FREE char *name = xstrndup(s, (size_t)(equals - s));
		if (is_relevant)
			json_object_set_new(kept, name, json_string(equals + 1));
	}
	json_decref(all);
	return kept;
}

/* Milliseconds since 1970 at which the process was started. */
static json_t *start_ms(const char *stat)
{
	struct timespec boot, now;
	unsigned long long ticks = stat ? proc_start_ticks(stat) : 0;
	if (!ticks)
		return fact_unread("the start of the process could not be read");
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t boot_ms = boot.tv_sec * INT64_C(1000) + boot.tv_nsec / 1000000;
	int64_t now_ms = now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
	return json_integer(now_ms - boot_ms +
			    (json_int_t)(ticks * 1000 / (unsigned long long)sysconf(_SC_CLK_TCK)));
}

static json_t *start_seconds(json_t *start)
{
	return json_is_integer(start) ? json_integer(json_integer_value(start) / 1000)
				      : json_incref(start);
}

/* A part as a fact of its own, unread on its own. */
static json_t *part_fact(const char *parts, size_t n, const char *name,
			 json_t *(*make)(const char *, size_t))
{
	struct part part;
	if (!proc_part(parts, n, name, &part))
		return fact_unread("%s was not delivered", name);
	if (part.error)
		return fact_unread("%s: %s", errno_name(part.error), name);
	return make(part.data, part.len);
}

static json_t *make_text(const char *data, size_t n)
{
	json_t *v = json_stringn(data, n);
	return v ? v : fact_unread("is no valid text");
}

static json_t *make_map(const char *data, size_t n)
{
	AUTO_FREE char *text = xstrndup(data, n);
	return proc_id_map(text);
}

json_t *candidate_describe(struct collector *c, const struct candidate *k)
{
	int error;
	const char *parts = k->parts;
	size_t n = k->n_parts;
	AUTO_FREE char *status = proc_text(parts, n, "status", &error);
	AUTO_FREE char *stat = proc_text(parts, n, "stat", &error);
	json_t *parsed = status ? proc_status(status) : NULL;
	json_t *uid = json_incref(json_object_get(parsed, "Uid"));
	json_t *spaces = json_object();
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		AUTO_FREE char *name = xasprintf("ns/%s", namespace_names[i]);
		c->engine_ns[i] = proc_text(parts, n, name, &error);
		json_object_set_new(spaces, namespace_names[i],
				    c->engine_ns[i] ? json_string(c->engine_ns[i])
						    : fact_unread("%s", errno_name(error)));
	}
	json_decref(parsed);
	json_t *start = start_ms(stat);
	json_t *process = json_pack(
		"{sI so so so so so so so so sb so s{so so}}", "Pid", (json_int_t)k->pid, "Exe",
		part_fact(parts, n, "exe", make_text), "Args",
		part_fact(parts, n, "cmdline", proc_strings), "Environ",
		part_fact(parts, n, "environ", relevant_environ), "Uid",
		uid ? uid : fact_unread("not delivered"), "UidMap",
		part_fact(parts, n, "uid_map", make_map), "GidMap",
		part_fact(parts, n, "gid_map", make_map), "StartTime", start_seconds(start),
		"StartTimeMs", start, "OwnRoot", k->own_root, "Namespaces", spaces, "Listens",
		"unix", addresses(k->unix_sockets, k->n_unix), "tcp",
		k->tcp_why ? fact_unread("/proc/%lld/net/tcp: %s", (long long)k->pid, k->tcp_why)
			   : addresses(k->tcp_sockets, k->n_tcp));
	redact_json(process);
	return process;
}

bool candidate_is_engine(const struct collector *c, const struct candidate *k,
			 const char *data_root)
{
	return works_below(k, data_root) ||
	       (engine_is_podman(c) && serves_podman(k->parts, k->n_parts, data_root));
}
