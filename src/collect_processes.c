/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_processes.c: what runs on the host, by unit and by program: host/processes; whose sockets
 * listen, host/listening, is listening.c's.
 */
#include <ctype.h>
#include <errno.h>

#include "candidate.h"
#include "contained.h"
#include "listening.h"
#include "processes.h"
#include "procparse.h"
#include "record.h"

enum { PIDS_MAX = 65536, KINDS_MAX = 2000, LIST_MAX = 200 };

struct sweep {
	struct collector *c;
	int64_t *pids;
	size_t n_pids, n_seen, n_unreadable;
	size_t n_unasked; /* of which nothing at all was told, though they run */
	const char *cut;  /* the list that did not hold all */
	bool has_more_services;
	char *unasked_why;
	json_t *units, *programs, *traced, *deleted, *services;
	struct contained *contained;
	char *host_ns[N_NAMESPACES];
	char *deleted_why, *contained_why, *services_why;
	struct listening *listening;
	bool has_first; /* pid 1 was listed */
};

static void add_pid(char type, const char *name, void *context)
{
	struct sweep *s = context;
	int64_t pid;
	if (type == 'd' && parse_int(name, &pid) && pid > 0 && s->n_pids < PIDS_MAX) {
		s->has_first = s->has_first || pid == 1;
		s->pids[s->n_pids++] = pid;
	}
}

/* It is no longer there, which is nothing that was missed. */
static bool has_ended(const char *why)
{
	return starts_with(why, "ESRCH") || starts_with(why, "ENOENT");
}

static bool add_bounded(json_t *list, json_t *value)
{
	if (json_array_size(list) < LIST_MAX)
		return json_array_append_new(list, value) == 0;
	json_decref(value);
	return false;
}

static void note_unit(struct sweep *s, const struct process *p)
{
	json_t *unit = json_object_get(s->units, p->unit);
	if (!unit && json_object_size(s->units) >= KINDS_MAX)
		s->cut = "units";
	else if (!unit) {
		unit = json_pack("{si s[]}", "processes", 0, "programs");
		json_object_set_new(s->units, p->unit, unit);
	}
	json_t *count = json_object_get(unit, "processes"),
	       *programs = json_object_get(unit, "programs"), *one;
	size_t i;
	if (!unit)
		return;
	json_integer_set(count, json_integer_value(count) + 1);
	json_array_foreach(programs, i, one)
	{
		if (streq(json_string_value(one), p->exe))
			return;
	}
	if (*p->exe)
		add_bounded(programs, json_string(p->exe));
}

/* By the name of the file that runs, which is not what the process calls itself. */
static void note_program(struct sweep *s, const struct process *p)
{
	const char *slash = strrchr(p->exe, '/');
	json_t *list, *one;
	size_t i;
	if (!slash)
		return;
	AUTO_FREE char *name = xstrdup(slash + 1);
	if (ends_with(name, " (deleted)"))
		name[strlen(name) - strlen(" (deleted)")] = '\0';
	list = json_object_get(s->programs, name);
	if (!list && json_object_size(s->programs) >= KINDS_MAX)
		s->cut = "programs";
	else if (!list) {
		list = json_array();
		json_object_set_new(s->programs, name, list);
	}
	if (!list || fact_is_unread(list))
		return;
	json_array_foreach(list, i, one)
	{
		const char *unit = json_string_value(json_object_get(one, "unit"));
		if (streq(json_string_value(json_object_get(one, "path")), p->exe) &&
		    streq(unit ? unit : "", p->unit ? p->unit : ""))
			return;
	}
	if (i < LIST_MAX)
		json_array_append_new(list, json_pack("{ss ss? sI}", "path", p->exe, "unit",
						      p->unit, "uid", (json_int_t)p->uid));
	else
		json_object_set_new(s->programs, name,
				    fact_unread("it runs in more than %d units", LIST_MAX));
}

static void note_traced(struct sweep *s, const struct process *p)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	if (p->tracer <= 0)
		return;
	AUTO_FREE char *answer =
		ask_pid(s->c, FETCH_PROC, PROC_HOST, &n, &why, "%lld", (long long)p->tracer);
	struct process tracer = { 0 };
	if (answer)
		process_parse(&tracer, answer, n, NULL);
	add_bounded(s->traced, json_pack("{ss ss? ss?}", "program", p->exe, "unit", p->unit,
					 "tracer", tracer.exe));
	process_done(&tracer);
}

static void note_deleted(struct sweep *s, int64_t pid, const struct process *p)
{
	size_t n;
	struct part maps = { .data = "" };
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *answer =
		ask_pid(s->c, FETCH_PROC, PROC_MAPS, &n, &why, "%lld", (long long)pid);
	if (answer && !proc_part(answer, n, "maps", &maps))
		why = xstrdup("they were not told");
	else if (answer && maps.error)
		why = xstrdup(errno_name(maps.error));
	if (why) {
		if (!has_ended(why) && !s->deleted_why)
			s->deleted_why = xasprintf("/proc/%lld/maps: %s", (long long)pid, why);
		return;
	}
	AUTO_FREE char *text = xstrndup(maps.data, maps.len);
	json_t *files = process_deleted_files(text);
	if (json_array_size(files) > 0)
		add_bounded(s->deleted, json_pack("{ss ss? sO}", "program", p->exe, "unit", p->unit,
						  "files", files));
	json_decref(files);
}

static bool is_service(const struct process *p)
{
	return p->unit && ends_with(p->unit, ".service");
}

static bool is_text(const json_t *object, const char *name, const char *text)
{
	const char *own = json_string_value(json_object_get(object, name));
	return streq(own ? own : "", text ? text : "");
}

/* Services of root, each program of a unit with the same rights once. */
static void note_service(struct sweep *s, const struct process *p)
{
	json_t *one;
	size_t i;
	json_array_foreach(s->services, i, one)
	{
		json_t *nnp = json_object_get(one, "no-new-privs");
		if (is_text(one, "unit", p->unit) && is_text(one, "program", p->exe) &&
		    is_text(one, "capabilities", p->bounding) &&
		    json_integer_value(nnp) == p->no_new_privs)
			return;
	}
	if (!add_bounded(s->services, json_pack("{ss? ss ss? sI}", "unit", p->unit, "program",
						p->exe, "capabilities", p->bounding, "no-new-privs",
						(json_int_t)p->no_new_privs)))
		s->has_more_services = true;
}

/* Without a readable /proc/1 our own are the nearest to the host's that there are. */
static void know_host(struct sweep *s)
{
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		AUTO_FREE char *at = xasprintf("host/namespaces/%s/self", namespace_names[i]);
		struct fact self = facts_find(s->c->world, at);
		const char *id = s->c->host_ns[i];
		if (!id && self.state == FACT_KNOWN)
			id = json_string_value(self.value);
		s->host_ns[i] = id ? xstrdup(id) : NULL;
	}
}

static void note_contained(struct sweep *s, int64_t pid, const struct process *p)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *answer =
		ask_pid(s->c, FETCH_PROC, PROC_CONTAINED, &n, &why, "%lld", (long long)pid);
	if (answer)
		contained_add(s->contained, answer, n, p->exe, s->host_ns);
	else if (!has_ended(why) && !s->contained_why)
		s->contained_why = xasprintf("/proc/%lld: %s", (long long)pid, why);
}

/* A process that runs, and of which nothing is known. */
static void note_unasked(struct sweep *s, int64_t pid, const char *why)
{
	if (has_ended(why))
		return;
	s->n_unasked++;
	if (!s->unasked_why)
		s->unasked_why = xasprintf("/proc/%lld: %s", (long long)pid, why);
}

/* Where nothing puts services into units, or somebody started one by hand, what listens is one. */
static void look_at_service(struct sweep *s, int64_t pid, const struct process *p)
{
	const char *net = s->c->host_ns[0];
	bool is_roots = !p->container && p->exe_error != ENOENT && p->uid == 0;
	bool may_hold = !p->exe_error && (!net || !p->net_ns || streq(net, p->net_ns));
	bool is_by_hand = is_roots && !is_service(p);
	AUTO_FREE char *why = NULL;
	bool holds = may_hold && (is_by_hand || listening_is_open(s->listening)) &&
		     listening_own(s->listening, pid, p, &why);
	if (why && is_by_hand && !has_ended(why) && !s->services_why)
		s->services_why = xasprintf("/proc/%lld/fd: %s", (long long)pid, why);
	if (is_roots && (is_service(p) || (holds && pid != 1)))
		note_service(s, p);
}

static void look_at(struct sweep *s, int64_t pid)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *answer =
		ask_pid(s->c, FETCH_PROC, PROC_HOST, &n, &why, "%lld", (long long)pid);
	struct process p = { 0 };
	bool is_told = answer && process_parse(&p, answer, n, s->host_ns[1]);
	if (!is_told)
		note_unasked(s, pid, why ? why : "its status was not told");
	if (is_told) {
		s->n_seen++;
		if (p.exe_error && p.exe_error != ENOENT && !s->deleted_why)
			s->deleted_why = xasprintf("/proc/%lld/exe: %s", (long long)pid,
						   errno_name(p.exe_error));
		/* Some kernels keep init's from everyone; it is none of the daemons anyhow. */
		if (p.exe_error && p.exe_error != ENOENT && pid != 1)
			s->n_unreadable++;
		if (p.container == NULL && p.exe_error != ENOENT) {
			if (p.unit)
				note_unit(s, &p);
			note_program(s, &p);
			note_traced(s, &p);
			if (!p.exe_error)
				note_deleted(s, pid, &p);
		}
		if (p.container)
			note_contained(s, pid, &p);
		look_at_service(s, pid, &p);
	}
	process_done(&p);
}

/* Why the processes seen are not the host's, malloc'ed, or NULL. */
static char *not_the_hosts(struct sweep *s)
{
	struct fact self = facts_find(s->c->world, "host/namespaces/pid/self");
	const char *own = self.state == FACT_KNOWN ? json_string_value(self.value) : NULL;
	AUTO_FREE char *why = NULL;
	if (!s->c->o->live)
		return xstrdup(NEEDS_RUNNING);
	if (own && s->c->host_ns[1] && !streq(own, s->c->host_ns[1]))
		return xstrdup("this process is in another pid namespace than the host");
	if (!list_folder(s->c, FETCH_BASE_PROC, "proc", add_pid, s, &why))
		return xasprintf("/proc: %s", *why ? why : "is not there");
	if (s->n_pids == PIDS_MAX)
		return xasprintf("/proc: there are more than %d processes", PIDS_MAX);
	return s->has_first ? NULL : xstrdup("/proc does not show all processes");
}

/* Why the lists do not hold every process, malloc'ed, or NULL. */
static char *not_whole(struct sweep *s)
{
	if (s->n_unasked > 0)
		return xasprintf("%s (%zu of %zu processes)", s->unasked_why, s->n_unasked,
				 s->n_unasked + s->n_seen);
	if (s->cut)
		return xasprintf("there are more than %d %s", KINDS_MAX, s->cut);
	return NULL;
}

/* Unread when some could not be looked at. */
static json_t *unless_unreadable(struct sweep *s, json_t *fact)
{
	if (s->n_unreadable == 0)
		return fact;
	json_decref(fact);
	return fact_unread("EACCES: the programs of %zu of %zu processes could not be read",
			   s->n_unreadable, s->n_seen);
}

static json_t *processes_fact(struct sweep *s)
{
	json_t *deleted = unless_unreadable(s, json_incref(s->deleted));
	if (s->deleted_why && !fact_is_unread(deleted)) {
		json_decref(deleted);
		deleted = fact_unread("%s", s->deleted_why);
	}
	json_t *services =
		s->services_why ? fact_unread("%s", s->services_why)
		: s->has_more_services
			? fact_unread("there are more than %d services of root", LIST_MAX)
			: unless_unreadable(s, json_incref(s->services));
	json_t *contained = s->contained_why ? fact_unread("%s", s->contained_why)
					     : contained_fact(s->contained);
	return json_pack("{sI sO so so so so so}", "count", (json_int_t)s->n_seen, "units",
			 s->units, "programs", unless_unreadable(s, json_incref(s->programs)),
			 "traced", json_incref(s->traced), "deleted", deleted, "services", services,
			 "contained", contained);
}

static void sweep_free(struct sweep *s)
{
	json_decref(s->units);
	json_decref(s->programs);
	json_decref(s->traced);
	json_decref(s->deleted);
	json_decref(s->services);
	contained_free(s->contained);
	listening_free(s->listening);
	for (size_t i = 0; i < N_NAMESPACES; i++)
		free(s->host_ns[i]);
	free(s->contained_why);
	free(s->services_why);
	free(s->deleted_why);
	free(s->unasked_why);
	free(s->pids);
	free(s);
}

void collect_processes(struct collector *c)
{
	struct sweep *s = xalloc(sizeof(*s));
	*s = (struct sweep){ .c = c,
			     .pids = xalloc(PIDS_MAX * sizeof(int64_t)),
			     .units = json_object(),
			     .contained = contained_new(),
			     .listening = listening_new(c),
			     .programs = json_object(),
			     .traced = json_array(),
			     .deleted = json_array(),
			     .services = json_array() };
	know_host(s);
	AUTO_FREE char *why = not_the_hosts(s);
	AUTO_FREE char *no_sockets = why ? xstrdup(why) : listening_read(s->listening);
	/* pid 1 last: it opens sockets that it passes on. */
	for (size_t i = 0; i < s->n_pids && !why; i++) {
		if (s->pids[i] != 1)
			look_at(s, s->pids[i]);
	}
	if (!why)
		look_at(s, 1);
	if (!why)
		why = not_whole(s);
	collect_host_section(c, "processes", why ? fact_unread("%s", why) : processes_fact(s));
	collect_host_section(c, "listening", listening_fact(s->listening, no_sockets));
	sweep_free(s);
}
