/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container_drift.c: is what the kernel holds of a container's first process what inspect declares:
 * capabilities, seccomp, no_new_privs.
 *
 * More than declared is a failure; less is told with a pass, since a process may give up rights.
 * Only the first process is compared: what docker exec brings in is a process of its own. A process
 * that moved into a user namespace of its own making holds every capability there and none outside,
 * so what it holds then is for a person to see.
 */
#include "container.h"
#include "tables.h"

#include <stdlib.h>

#define ALL ~UINT64_C(0)
/* moby oci/caps/defaults.go: what a container gets when nothing is asked for */
#define DEFAULT_CAPS UINT64_C(0xa80425fb)

struct cap_list {
	uint64_t named;
	bool has_all;
};

/* A name that is not understood leaves open what is declared. */
static struct cap_list cap_list(struct sw_eval *e, const char *path)
{
	struct cap_list list = { 0 };
	size_t n = engine_count(e, path);

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "%s/%zu", path, i), "");
		int bit = sw_capability_bit(name);

		if (sw_same_capability(name, "ALL"))
			list.has_all = true;
		else if (bit < 0)
			sw_unknown(e, "the declared capability '%s' is not known here", name);
		else
			list.named |= UINT64_C(1) << bit;
	}
	return list;
}

/* Privileged ignores drops; an added name beats the same name dropped. */
static uint64_t declared_capabilities(struct sw_eval *e)
{
	struct cap_list add, drop;
	uint64_t set;

	if (sw_bool(e, "HostConfig/Privileged", false))
		return ALL;
	add = cap_list(e, "HostConfig/CapAdd");
	drop = cap_list(e, "HostConfig/CapDrop");
	set = drop.has_all ? 0 : DEFAULT_CAPS & ~drop.named;
	if (add.has_all)
		set = ALL & ~drop.named;
	return set | add.named;
}

static uint64_t kernel_set(struct sw_eval *e, const char *name)
{
	const char *text = sw_str(e, sw_at(e, "Kernel/Status/%s", name), "");
	size_t n = strlen(text);

	if (n > 0 && n <= 16 && strspn(text, "0123456789abcdefABCDEF") == n)
		return strtoull(text, NULL, 16);
	sw_unknown(e, "%s is no set of capabilities: '%s'", name, text);
	return 0;
}

static enum sw_verdict capabilities_are_as_declared(struct sw_eval *e)
{
	uint64_t declared = declared_capabilities(e);
	uint64_t bounding = kernel_set(e, "CapBnd");
	uint64_t held = bounding | kernel_set(e, "CapPrm") | kernel_set(e, "CapEff") |
			kernel_set(e, "CapInh") | kernel_set(e, "CapAmb");
	uint64_t more = held & ~declared, less = declared & ~bounding;

	if (more && made_user_namespace(e))
		return sw_warn(e, "moved into a user namespace of its own, where it holds %s more",
			       sw_capability_names(e, more));
	if (more)
		return sw_fail(e, "holds %s, which its settings do not give",
			       sw_capability_names(e, more));
	if (less && declared != ALL)
		return sw_pass(e, "may not even use %s of what its settings give",
			       sw_capability_names(e, less));
	return SW_PASS;
}

/* Is a filter asked for? Seen: 20.10 to 26 leave out the profile of a privileged container. */
static bool declares_seccomp(struct sw_eval *e)
{
	const char *engine = engine_feature(e, "seccomp");
	const char *own = container_option(e, "seccomp");
	bool is_privileged = sw_bool(e, "HostConfig/Privileged", false);

	if (!engine)
		return false;
	if (own && is_privileged &&
	    sw_version_compare(sw_str(e, "@engine/info/ServerVersion", ""), "28") < 0)
		return false;
	if (own)
		return strcmp(own, "unconfined") != 0;
	return !is_privileged && strcmp(engine, ",profile=unconfined") != 0;
}

static enum sw_verdict seccomp_is_as_declared(struct sw_eval *e)
{
	bool is_declared = declares_seccomp(e);
	int64_t mode;

	if (!sw_has(e, "Kernel/Status/Seccomp"))
		return sw_unknown(e, "this kernel does not show seccomp");
	mode = sw_int(e, "Kernel/Status/Seccomp", 0);
	if (mode < 0 || mode > 2)
		return sw_unknown(e, "its seccomp mode %lld is not known", (long long)mode);
	if (is_declared && mode == 0)
		return sw_fail(e, "a seccomp profile is declared, but its process has no filter");
	if (!is_declared && mode != 0)
		return sw_pass(e, "no seccomp profile is declared, yet its process has a filter");
	return SW_PASS;
}

/* As Go's strconv.ParseBool, a bare option is true; -1: neither. */
static int option_bool(const char *text)
{
	static const char *const no[] = { "0", "f", "F", "false", "FALSE", "False" };
	static const char *const yes[] = { "", "1", "t", "T", "true", "TRUE", "True" };

	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (strcmp(text, no[i]) == 0)
			return 0;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (strcmp(text, yes[i]) == 0)
			return 1;
	return -1;
}

/* The engine's default is taken when a container is made, so one from before it is without. */
static enum sw_verdict judge_default(struct sw_eval *e)
{
	if (engine_feature(e, "no-new-privileges"))
		return sw_warn(e, "the engine's default is no-new-privileges, but its process runs "
				  "without: was it made before that was set?");
	return SW_PASS;
}

static enum sw_verdict no_new_privs_is_as_declared(struct sw_eval *e)
{
	const char *option = container_option(e, "no-new-privileges");
	int declared = option ? option_bool(option) : 0;
	int64_t is;

	if (declared < 0)
		return sw_unknown(e, "no-new-privileges is neither true nor false: '%s'", option);
	if (!sw_has(e, "Kernel/Status/NoNewPrivs"))
		return sw_unknown(e, "this kernel does not show no_new_privs");
	is = sw_int(e, "Kernel/Status/NoNewPrivs", 0);
	if (is != 0 && is != 1)
		return sw_unknown(e, "no_new_privs is %lld", (long long)is);
	if (declared && !is)
		return sw_fail(e, "no-new-privileges is declared, but its process runs without");
	if (!declared && is)
		return sw_pass(e, "no_new_privs is set, though its settings do not ask for it");
	return option ? SW_PASS : judge_default(e);
}

static const char remedy[] =
	"See what changed it: docker logs NAME, the audit log, hooks and other "
	"runtimes; then recreate the container from a trusted image";

const struct sw_check sw_container_drift_checks[] = {
	{
		.id = "container.drift.capabilities",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers hold no capability that their settings do not give",
		.why = "A process with more rights than the engine says got them past the engine: "
		       "by a hook, another runtime or a flaw.",
		.wanted = "kernel sets within what CapAdd, CapDrop and Privileged make",
		.remedy = remedy,
		.fn = capabilities_are_as_declared,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.drift.seccomp",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers run with the seccomp filter that is declared",
		.why = "A filter that is declared and not in force protects nothing, and no "
		       "listing of the engine shows it.",
		.wanted = "a filter in the kernel where a profile is declared",
		.remedy = remedy,
		.fn = seccomp_is_as_declared,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL,
	},
	{
		.id = "container.drift.no-new-privileges",
		.kind = SW_CONTAINER,
		.severity = SW_MEDIUM,
		.title = "Containers run with no_new_privs where it is declared",
		.why = "Without it a setuid program gives rights back that were thought given up.",
		.wanted = "NoNewPrivs 1 where no-new-privileges is set",
		.remedy = remedy,
		.fn = no_new_privs_is_as_declared,
		.flags = SW_RUNNING,
		.needs = SW_NEEDS_KERNEL,
	},
	{ 0 },
};
