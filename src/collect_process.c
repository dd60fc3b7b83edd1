/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_process.c: which process is the engine behind the socket, proven rather than guessed.
 *
 * Peer credentials name whoever called listen(), which is pid 1 under socket activation, or a
 * program that forwards the socket. So there are several candidates, and the engine is the one that
 * holds the inode of the listening socket whose path, in that process's own root, is the very file
 * we connect to, and that has files open below the data root that the engine behind the socket
 * names. Podman opens its files for each request anew: there its own command line is the proof.
 */
#include "candidate.h"
#include "procparse.h"

enum { CANDIDATES = 64, FOUND = 2 };

struct process_search {
	json_t *unread; /* it cannot be told, whatever the engine says of itself */
	uint64_t dev, ino;
	int64_t pids[CANDIDATES]; /* candidates, the first next of which were looked at */
	size_t n, next;
	struct candidate found[FOUND]; /* listen at the socket */
	size_t n_found;
	char *why; /* the last that was not it */
};

static void search_free(struct process_search *s)
{
	for (size_t i = 0; i < s->n_found; i++)
		candidate_done(&s->found[i]);
	json_decref(s->unread);
	free(s->why);
	free(s);
}

static void add_candidate(struct process_search *s, int64_t pid)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->pids[i] == pid)
			return;
	if (pid > 0 && s->n < CANDIDATES)
		s->pids[s->n++] = pid;
}

static const char pid_file[] = "/run/docker.pid";
static const char *const groups[] = { "/system.slice/docker.service",
				      "/system.slice/snap.docker.dockerd.service",
				      "/system.slice/podman.service" };

/* The peer, the pid file, and what runs in the unit's control group. */
static void find_candidates(struct collector *c, int64_t peer, struct process_search *s)
{
	int64_t pid;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, pid_file, NULL, &why);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	add_candidate(s, peer);
	if (text && parse_int(text, &pid))
		add_candidate(s, pid);
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		size_t len;
		AUTO_FREE char *no = NULL;
		AUTO_FREE char *pids = ask_pid(c, FETCH_CGROUP_PIDS, 0, &len, &no, "%s", groups[i]);
		char *next = pids, *line;
		while (pids && (line = strsep(&next, "\n")))
			if (parse_int(line, &pid))
				add_candidate(s, pid);
	}
}

static void say_why_not(struct process_search *s, char *why)
{
	free(s->why);
	s->why = why;
}

/*
 * On to the next that listens at the socket. pid 1 may have opened it for an engine that it started
 * later, so that one does not end the search for long.
 */
static void search_on(struct collector *c, struct process_search *s)
{
	while (s->next < s->n && s->n_found < FOUND) {
		struct candidate *k = &s->found[s->n_found];
		AUTO_FREE char *trouble = NULL;
		*k = (struct candidate){ .pid = s->pids[s->next++] };
		if (!candidate_learn(c, k, &trouble)) {
			say_why_not(s, xasprintf("process %lld: %s", (long long)k->pid, trouble));
			candidate_done(k);
		} else if (!candidate_listens_at(c, k, s->dev, s->ino)) {
			candidate_done(k);
		} else {
			s->n_found++;
			if (k->pid == 1)
				continue;
			candidate_learn_tcp(c, k);
			return;
		}
	}
}

static json_t *no_process(const struct endpoint *e, const char *why)
{
	return fact_unread("the process behind %s cannot be told%s%s", e->url, why ? ": " : "",
			   why ? why : "");
}

/* Who listens at the socket; NULL, or why that cannot be told. */
static json_t *find_peer(struct collector *c, struct process_search *s)
{
	long long peer, uid, gid;
	unsigned long long dev, ino;
	const struct endpoint *e = c->o->endpoint;
	size_t n;
	if (!e->is_unix)
		return fact_unread("the engine is on another host: %s", e->url);
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = ask_pid(c, FETCH_PEER, 0, &n, &why, "%s", "");
	if (!text)
		return no_process(e, why);
	if (sscanf(text, "%lld %lld %lld %llu %llu", &peer, &uid, &gid, &dev, &ino) != 5)
		return no_process(e, NULL);
	if (peer <= 0)
		return fact_unread("the engine's process is in another pid namespace");
	s->dev = dev;
	s->ino = ino;
	find_candidates(c, peer, s);
	return NULL;
}

void collect_process_ahead(struct collector *c)
{
	if (!c->o->endpoint->is_unix)
		return;
	ask_ahead(c->asker, FETCH_PEER, 0, "");
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, pid_file);
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++)
		ask_ahead(c->asker, FETCH_CGROUP_PIDS, 0, groups[i]);
}

void collect_process_begin(struct collector *c)
{
	struct process_search *s = c->search = xalloc(sizeof(*s));
	s->unread = find_peer(c, s);
	if (!s->unread)
		search_on(c, s);
}

/* The one of those found that has files of this engine open; the others are forgotten. */
static json_t *settle(struct collector *c, struct process_search *s, const char *data_root)
{
	struct candidate *engine = NULL;
	for (size_t i = 0; i < s->n_found && !engine; i++) {
		if (candidate_is_engine(c, &s->found[i], data_root))
			engine = &s->found[i];
		else
			say_why_not(s,
				    xasprintf("process %lld listens at the socket but has no file "
					      "open below %s: it may only pass requests on",
					      (long long)s->found[i].pid, data_root));
	}
	json_t *process = NULL;
	/* Of those looked at meanwhile another one's root is the one that is open. */
	if (engine && engine->pid != s->pids[s->next - 1] && !candidate_learn_root(c, engine))
		process = fact_unread("EACCES: /proc/%lld/root cannot be opened",
				      (long long)engine->pid);
	if (engine && !process) {
		candidate_learn_tcp(c, engine);
		c->own_root = engine->own_root;
		process = candidate_describe(c, engine);
	}
	for (size_t i = 0; i < s->n_found; i++)
		candidate_done(&s->found[i]);
	s->n_found = 0;
	return process;
}

static json_t *find_process(struct collector *c, struct process_search *s, const char *data_root)
{
	const struct endpoint *e = c->o->endpoint;
	if (s->unread)
		return TAKE(s->unread);
	if (!data_root)
		return fact_unread("the engine does not say where its data are, so its process "
				   "cannot be proven");
	while (s->n_found > 0) {
		json_t *process = settle(c, s, data_root);
		if (process)
			return process;
		search_on(c, s);
	}
	if (s->why)
		return fact_unread("the engine's process cannot be proven: %s", s->why);
	return fact_unread("the engine is on another host: nothing here both listens at %s and "
			   "works below its %s",
			   e->url, data_root);
}

json_t *collect_process(struct collector *c, json_t *info)
{
	struct process_search *s = TAKE(c->search);
	json_t *process =
		find_process(c, s, json_string_value(json_object_get(info, "DockerRootDir")));
	search_free(s);
	return process;
}

/* Does it see what process 1 sees? host/mounts is what is mounted there. */
static bool shares_mounts(const struct collector *c)
{
	for (size_t i = 0; i < N_NAMESPACES; i++)
		if (streq(namespace_names[i], "mnt"))
			return !c->own_root && c->host_ns[i] && c->engine_ns[i] &&
			       streq(c->host_ns[i], c->engine_ns[i]);
	return false;
}

void collect_engine_mounts(struct collector *c, const json_t *process)
{
	AUTO_FREE char *why = NULL, *text = NULL;
	int error = 0;
	size_t n;
	if (fact_is_unread(process) || shares_mounts(c))
		return;
	AUTO_FREE char *parts =
		ask_pid(c, FETCH_PROC, PROC_CONTAINER_MOUNTS, &n, &why, "%lld",
			(long long)json_integer_value(json_object_get(process, "Pid")));
	if (parts)
		text = proc_text(parts, n, "mountinfo", &error);
	collect_engine_section(c, "mounts",
			       text ? proc_mountinfo(text)
				    : fact_unread("%s", why ? why : errno_name(error)));
}
