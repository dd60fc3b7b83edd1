/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_contained.c: does each process in a container have no more than the first one there, and is
 * the first one shut in as containers are?
 *
 * What the first may have by its settings is judged of the engine's containers (container.drift);
 * here it is what the others are measured by, whatever runtime started them.
 */
#include <string.h>

#include "host_services.h"
#include "tables.h"

#define CONTAINED PROCESSES "contained"

enum { SHOWN_ID = 12, LISTED_MAX = 2000 };

typedef void first_fn(struct sw_eval *e, const char *who, const char *first);
typedef void other_fn(struct sw_eval *e, const char *who, const char *first, const char *other);

struct rule {
	first_fn *first;
	other_fn *other;
};

static const char *who(struct sw_eval *e, const char *container, const char *kind)
{
	const char *id = sw_str(e, sw_at(e, "%s/id", container), "");
	const char *program = sw_str(e, sw_at(e, "%s/program", kind), "");

	return sw_at(e, "%s in %s", *program ? program : "a process",
		     strchr(id, ':') ? id : sw_at(e, "container %.*s", SHOWN_ID, id));
}

static void judge_container(struct sw_eval *e, const struct rule *r, const char *container)
{
	const char *first = sw_at(e, "%s/first", container);
	const char *others = sw_at(e, "%s/others", container);
	size_t n = sw_count(e, others);

	r->first(e, who(e, container, first), first);
	for (size_t i = 0; i < n; i++) {
		const char *other = sw_at(e, "%s/%zu", others, i);
		r->other(e, who(e, container, other), first, other);
	}
	if (!sw_has(e, others) || sw_bool(e, sw_at(e, "%s/cut", container), true))
		sw_unknown(e, "%s: not all of its processes were told", who(e, container, first));
}

static enum sw_verdict each_process(struct sw_eval *e)
{
	size_t n = sw_count(e, CONTAINED);

	if (!sw_has(e, CONTAINED))
		return sw_unknown(e, "it was not looked for");
	if (n == 0 && !sw_has(e, "@host/namespaces/pid/init"))
		return sw_unknown(e, "the host's pid namespace was not told");
	if (n == 0)
		return sw_skip(e, "no process is in a container");
	if (n > LISTED_MAX)
		return sw_unknown(e, "there are more than %d containers", LISTED_MAX);
	for (size_t i = 0; i < n; i++)
		judge_container(e, sw_arg(e), sw_at(e, CONTAINED "/%zu", i));
	return sw_said(e) == SW_PASS ? sw_pass(e, "in %zu containers", n) : sw_said(e);
}

/* --- namespaces ---------------------------------------------------------------------------------
 */

static bool is_hosts(struct sw_eval *e, const char *kind, const char *ns)
{
	return sw_bool(e, sw_at(e, "%s/namespaces/%s/host", kind, ns), true);
}

static bool is_same(struct sw_eval *e, const char *a, const char *b, const char *ns)
{
	return strcmp(sw_str(e, sw_at(e, "%s/namespaces/%s/id", a, ns), ""),
		      sw_str(e, sw_at(e, "%s/namespaces/%s/id", b, ns), "-")) == 0;
}

/* Those in which nothing of the host should be seen; that of control groups hides names only. */
static const char *const shut[] = { "pid", "net", "ipc", "uts", "mnt" };
enum { N_SHUT = sizeof(shut) / sizeof(shut[0]) };

static void first_is_apart(struct sw_eval *e, const char *name, const char *first)
{
	const char *shared = "";

	for (size_t i = 0; i < N_SHUT; i++)
		if (is_hosts(e, first, shut[i]))
			shared = sw_at(e, "%s%s%s", shared, *shared ? ", " : "", shut[i]);
	if (*shared)
		sw_warn(e, "%s, the first there, is in the host's %s: is that meant?", name,
			shared);
}

static void other_stays(struct sw_eval *e, const char *name, const char *first, const char *other)
{
	for (size_t i = 0; i < N_SHUT; i++)
		if (is_hosts(e, other, shut[i]) && !is_hosts(e, first, shut[i]))
			sw_fail(e, "%s is in the host's %s namespace, the first there is not", name,
				shut[i]);
	if (is_hosts(e, other, "user") && !is_hosts(e, first, "user"))
		sw_fail(e, "%s is in the host's user namespace, the first there is not", name);
}

/* --- capabilities -------------------------------------------------------------------------------
 */

/* Each of these is as good as root of the host, or one step from it. */
static uint64_t dangerous(void)
{
	static const char *const names[] = { "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE",
					     "SYS_RAWIO", "NET_ADMIN",  "DAC_READ_SEARCH",
					     "BPF" };
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		set |= UINT64_C(1) << sw_capability_bit(names[i]);
	return set;
}

static uint64_t held_by(struct sw_eval *e, const char *kind)
{
	const char *at = sw_at(e, "%s/capabilities", kind);

	if (!sw_has(e, at))
		sw_unknown(e, "%s was not told", at);
	return (uint64_t)sw_int(e, at, 0);
}

/* In another user namespace capabilities are good for what belongs to that one only. */
static void first_holds_little(struct sw_eval *e, const char *name, const char *first)
{
	uint64_t much = held_by(e, first) & dangerous();

	if (much && is_hosts(e, first, "user"))
		sw_warn(e, "%s, the first there, holds %s: is that meant?", name,
			sw_capability_names(e, much));
}

static void other_holds_no_more(struct sw_eval *e, const char *name, const char *first,
				const char *other)
{
	uint64_t more = held_by(e, other) & ~held_by(e, first);

	if (more == 0)
		return;
	const char *names = sw_capability_names(e, more);
	if (sw_bool(e, sw_at(e, "%s/starting", other), false))
		sw_warn(e, "%s is being started and holds %s yet: look again", name, names);
	else if (is_hosts(e, other, "user") || is_same(e, other, first, "user"))
		sw_fail(e, "%s holds %s, which the first there does not", name, names);
	else
		sw_warn(e, "%s made a user namespace, in which it holds %s", name, names);
}

/* --- seccomp, no_new_privs ----------------------------------------------------------------------
 */

static int64_t seccomp_of(struct sw_eval *e, const char *kind)
{
	const char *at = sw_at(e, "%s/seccomp", kind);

	if (!sw_has(e, at))
		sw_unknown(e, "this kernel does not show seccomp");
	return sw_int(e, at, 2);
}

static int64_t no_new_privs_of(struct sw_eval *e, const char *kind)
{
	const char *at = sw_at(e, "%s/no-new-privs", kind);

	if (!sw_has(e, at))
		sw_unknown(e, "this kernel does not show no_new_privs");
	return sw_int(e, at, 1);
}

static void first_is_filtered(struct sw_eval *e, const char *name, const char *first)
{
	if (seccomp_of(e, first) == 0)
		sw_warn(e, "%s, the first there, has no seccomp filter: is that meant?", name);
}

static void other_is_filtered(struct sw_eval *e, const char *name, const char *first,
			      const char *other)
{
	bool is_open = seccomp_of(e, first) != 0 && seccomp_of(e, other) == 0;
	bool may_gain = no_new_privs_of(e, first) != 0 && no_new_privs_of(e, other) == 0;

	if (!is_open && !may_gain)
		return;
	const char *what = is_open ? "no seccomp filter" : "no no_new_privs";
	if (sw_bool(e, sw_at(e, "%s/starting", other), false))
		sw_warn(e, "%s is being started and has %s yet: look again", name, what);
	else
		sw_fail(e, "%s has %s, which the first there has", name, what);
}

/* --- labels -------------------------------------------------------------------------------------
 */

static const char *label_of(struct sw_eval *e, const char *kind)
{
	const char *at = sw_at(e, "%s/label", kind);

	if (!sw_has(e, at))
		sw_unknown(e, "%s was not told", at);
	return sw_str(e, at, "");
}

/* Without any module there are no labels. */
static bool is_open_label(const char *label)
{
	static const char *const types[] = { ":spc_t:", ":unconfined_t:", ":container_runtime_t:",
					     ":unconfined_service_t:" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strstr(label, types[i]))
			return true;
	return strcmp(label, "unconfined") == 0 || strstr(label, "(complain)") != NULL;
}

static void first_is_labelled(struct sw_eval *e, const char *name, const char *first)
{
	const char *label = label_of(e, first);

	if (is_open_label(label))
		sw_warn(e, "%s, the first there, runs as '%s': is that meant?", name, label);
}

static void other_is_labelled(struct sw_eval *e, const char *name, const char *first,
			      const char *other)
{
	const char *its = label_of(e, first), *label = label_of(e, other);

	if (strcmp(its, label) == 0)
		return;
	if (sw_bool(e, sw_at(e, "%s/starting", other), false))
		sw_warn(e, "%s is being started and runs as '%s' yet: look again", name, label);
	else if ((is_open_label(label) || *label == '\0') && !is_open_label(its))
		sw_fail(e, "%s runs as '%s', the first there as '%s'", name, label, its);
	else if (!is_open_label(its))
		sw_warn(e, "%s runs as '%s', the first there as '%s': is that meant?", name, label,
			its);
}

/* Where no module labels there is nothing to match. */
static enum sw_verdict each_label(struct sw_eval *e)
{
	size_t n = sw_count(e, CONTAINED), labelled = 0;

	for (size_t i = 0; i < n && i < LISTED_MAX; i++)
		labelled += *label_of(e, sw_at(e, CONTAINED "/%zu/first", i)) != '\0';
	if (n > 0 && n <= LISTED_MAX && labelled == 0)
		return sw_skip(e, "neither AppArmor nor SELinux labels the containers here");
	return each_process(e);
}

#define RULE(...) (&(const struct rule){ __VA_ARGS__ })
#define REMEDY                                                                                     \
	"See who started it and how: docker exec --privileged, nsenter and debuggers do so, and "  \
	"so does one that broke out. ps -eo pid,ppid,lstart,user,args --forest"

const struct sw_check sw_host_contained_checks[] = {
	{
		.id = "host.proc.container_caps",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "No process in a container holds more than the first one there",
		.why = "Capabilities that the container was not started with came in past its "
		       "settings: with docker exec --privileged, from the host, or by a flaw.",
		.wanted = "sets within those of the first process, and that without SYS_ADMIN and "
			  "its like",
		.remedy = REMEDY,
		.fn = each_process,
		.arg = RULE(first_holds_little, other_holds_no_more),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.proc.container_nnp",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "No process in a container lacks the filter of the first one there",
		.why = "A process beside the others without seccomp or no_new_privs may make the "
		       "calls that the filter was put there for.",
		.wanted = "seccomp 2, and no_new_privs where the first process has it",
		.remedy = REMEDY,
		.fn = each_process,
		.arg = RULE(first_is_filtered, other_is_filtered),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.proc.container_lsm",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "No process in a container is less confined than the first one there",
		.why = "AppArmor and SELinux stop what slipped through all else; a process without "
		       "their profile is stopped by nothing.",
		.wanted = "the label of the first process, and that not unconfined",
		.remedy = REMEDY,
		.fn = each_label,
		.arg = RULE(first_is_labelled, other_is_labelled),
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.proc.container_ns",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "No process in a container is in namespaces of the host",
		.why = "A process of a container that sees the host's processes, network or files "
		       "has left it, or was never in it.",
		.wanted = "pid, net, ipc, uts and mnt namespaces of the container's own",
		.remedy = REMEDY,
		.fn = each_process,
		.arg = RULE(first_is_apart, other_stays),
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
