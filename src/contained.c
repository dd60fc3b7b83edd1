/* SPDX-License-Identifier: Apache-2.0 */
/* contained.c: see contained.h. */
#include "contained.h"

#include <errno.h>

#include "collector.h"
#include "processes.h"
#include "procparse.h"
#include "record.h"

enum { CONTAINERS_MAX = 2000, KINDS_MAX = 30, PID_NS = 1 };

struct contained {
	json_t *containers; /* by id: {"kinds": [KIND with "start"], "processes", "cut"} */
	bool is_cut;
	char *why; /* of the first process that could not be read, or NULL */
};

struct contained *contained_new(void)
{
	struct contained *all = xalloc(sizeof(*all));
	all->containers = json_object();
	return all;
}

void contained_free(struct contained *all)
{
	if (!all)
		return;
	json_decref(all->containers);
	free(all->why);
	free(all);
}

/* --- one process --------------------------------------------------------------------------------
 */

static uint64_t hex_of(const json_t *status, const char *name)
{
	const char *text = json_string_value(json_object_get(status, name));
	return text ? strtoull(text, NULL, 16) : 0;
}

static json_t *capabilities(const json_t *status)
{
	static const char *const sets[] = { "CapBnd", "CapPrm", "CapEff", "CapInh", "CapAmb" };
	uint64_t held = 0;
	/* Linux has had the first four for longer than namespaces. */
	for (size_t i = 0; i < ARRAY_SIZE(sets) - 1; i++)
		if (!json_is_string(json_object_get(status, sets[i])))
			return fact_unread("/proc/…/status has no %s", sets[i]);
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		held |= hex_of(status, sets[i]);
	return json_integer((json_int_t)held);
}

static json_t *copy_of(const json_t *status, const char *name)
{
	json_t *value = json_object_get(status, name);
	return value ? json_incref(value) : json_null();
}

/* Without any security module the files say EINVAL, or are not there. */
static json_t *label(const char *answer, size_t n)
{
	static const char *const files[] = { "attr/apparmor/current", "attr/current" };
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int error = 0;
		AUTO_FREE char *text = proc_text(answer, n, files[i], &error);
		if (!text && (error == ENOENT || error == EINVAL))
			continue;
		if (!text)
			return fact_unread("%s: /proc/…/%s", errno_name(error), files[i]);
		text[strcspn(text, "\n")] = '\0';
		utf8_mend(text, strlen(text));
		return json_string(text);
	}
	return json_string("");
}

static json_t *namespaces(const char *answer, size_t n, char *const *host_ns)
{
	json_t *all = json_object();
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		int error = 0;
		AUTO_FREE char *part = xasprintf("ns/%s", namespace_names[i]);
		AUTO_FREE char *id = proc_text(answer, n, part, &error);
		json_t *host = host_ns[i] ? json_boolean(id && streq(id, host_ns[i]))
					  : fact_unread("the host's is not known");
		json_t *fact = id ? json_pack("{ss sO}", "id", id, "host", host)
				  : fact_unread("%s: /proc/…/%s", errno_name(error), part);
		json_decref(host);
		json_object_set_new(all, namespace_names[i],
				    fact ? fact : fact_unread("%s is no text", part));
	}
	return all;
}

/* Between its clone and the program that it will run a runtime's own process is in the container.
 * The name alone is what any process calls itself.
 */
static bool is_starting(const char *text, const char *program)
{
	const char *name = process_status_field(text, "Name");
	return name && starts_with(name, "runc:[") && (!*program || strstr(program, "runc"));
}

/* What is left of a process that ended has neither rights nor namespaces; one of which only the
 * first thread ended goes on. */
static bool has_ended(const char *text)
{
	const char *state = process_status_field(text, "State");
	const char *threads = process_status_field(text, "Threads");
	return state && (*state == 'Z' || *state == 'X') &&
	       (!threads || strtoull(threads, NULL, 10) <= 1);
}

static json_t *kind_of(const char *text, const char *answer, size_t n, const char *program,
		       char *const *host_ns)
{
	json_t *status = proc_status(text);
	json_t *kind = json_pack("{ss si sb so so so so so}", "program", program, "processes", 1,
				 "starting", is_starting(text, program), "capabilities",
				 capabilities(status), "seccomp", copy_of(status, "Seccomp"),
				 "no-new-privs", copy_of(status, "NoNewPrivs"), "label",
				 label(answer, n), "namespaces", namespaces(answer, n, host_ns));
	json_decref(status);
	return kind;
}

/* --- of a container ------------------------------------------------------------------------------
 */

static bool is_same_kind(const json_t *a, const json_t *b)
{
	static const char *const members[] = { "starting",     "capabilities", "seccomp",
					       "no-new-privs", "label",        "namespaces" };
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (!json_equal(json_object_get(a, members[i]), json_object_get(b, members[i])))
			return false;
	return true;
}

static void count(json_t *object)
{
	json_t *n = json_object_get(object, "processes");
	json_integer_set(n, json_integer_value(n) + 1);
}

static json_int_t start_of_kind(const json_t *kind)
{
	return json_integer_value(json_object_get(kind, "start"));
}

static void add_kind(json_t *container, json_t *kind, json_int_t start)
{
	json_t *kinds = json_object_get(container, "kinds"), *one;
	size_t i;
	json_object_set_new(kind, "start", json_integer(start));
	json_array_foreach(kinds, i, one)
	{
		if (!is_same_kind(one, kind))
			continue;
		count(one);
		if (start < start_of_kind(one)) {
			json_object_set(one, "start", json_object_get(kind, "start"));
			json_object_set(one, "program", json_object_get(kind, "program"));
		}
		json_decref(kind);
		return;
	}
	if (json_array_size(kinds) >= KINDS_MAX) {
		json_object_set_new(container, "cut", json_true());
		json_decref(kind);
		return;
	}
	json_array_append_new(kinds, kind);
}

static json_t *container_called(struct contained *all, const char *id)
{
	json_t *container = json_object_get(all->containers, id);
	if (container)
		return container;
	if (json_object_size(all->containers) >= CONTAINERS_MAX) {
		all->is_cut = true;
		return NULL;
	}
	container = json_pack("{s[] si sb}", "kinds", "processes", 0, "cut", 0);
	json_object_set_new(all->containers, id, container);
	return container;
}

/* A part that cannot be read is missed, unless the process is gone. */
static char *text_of(struct contained *all, const char *answer, size_t n, const char *part)
{
	int error = 0;
	char *text = proc_text(answer, n, part, &error);
	if (!text && error != ESRCH && error != ENOENT && !all->why)
		all->why = xasprintf("%s: /proc/…/%s", errno_name(error), part);
	return text;
}

/* Its id by the control group of this very answer, else that of a pid namespace of its own. */
static char *id_of(struct contained *all, const char *answer, size_t n, const char *host_pid_ns)
{
	AUTO_FREE char *groups = text_of(all, answer, n, "cgroup");
	AUTO_FREE char *group = groups ? proc_cgroup_of(groups, NULL) : NULL;
	char *id = group ? process_container(group) : NULL;
	if (id)
		return id;
	AUTO_FREE char *pid_ns = text_of(all, answer, n, "ns/pid");
	if (!pid_ns || !host_pid_ns || streq(pid_ns, host_pid_ns))
		return NULL;
	return TAKE(pid_ns);
}

bool contained_add(struct contained *all, const char *answer, size_t n, const char *program,
		   char *const *host_ns)
{
	AUTO_FREE char *text = text_of(all, answer, n, "status");
	if (!text || has_ended(text))
		return false;
	AUTO_FREE char *stat = text_of(all, answer, n, "stat");
	AUTO_FREE char *id = stat ? id_of(all, answer, n, host_ns[PID_NS]) : NULL;
	if (!id)
		return false;
	json_t *container = container_called(all, id);
	if (!container)
		return true;
	count(container);
	add_kind(container, kind_of(text, answer, n, program, host_ns),
		 (json_int_t)proc_start_ticks(stat));
	return true;
}

/* --- the fact ------------------------------------------------------------------------------------
 */

static json_t *describe(const char *id, json_t *container)
{
	json_t *kinds = json_object_get(container, "kinds"), *first = NULL, *one;
	json_t *others = json_array();
	size_t i;
	json_array_foreach(kinds, i, one)
	{
		if (!first || start_of_kind(one) < start_of_kind(first))
			first = one;
	}
	json_array_foreach(kinds, i, one)
	{
		if (one != first)
			json_array_append(others, one);
		json_object_del(one, "start");
	}
	return json_pack("{ss sO sO so sO}", "id", id, "processes",
			 json_object_get(container, "processes"), "first", first, "others", others,
			 "cut", json_object_get(container, "cut"));
}

json_t *contained_fact(struct contained *all)
{
	json_t *list = json_array(), *container;
	const char *id;
	json_object_foreach(all->containers, id, container)
		json_array_append_new(list, describe(id, container));
	if (!all->is_cut && !all->why)
		return list;
	json_decref(list);
	return all->why ? fact_unread("%s", all->why)
			: fact_unread("there are more than %d containers", CONTAINERS_MAX);
}
