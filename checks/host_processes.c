/* SPDX-License-Identifier: Apache-2.0 */
/* host_processes.c: what the host's own processes run, may and suffer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "host_services.h"
#include "tables.h"

/* "/usr/sbin/sshd (ssh.service)" */
static const char *who(struct sw_eval *e, const char *at)
{
	const char *program = sw_str(e, sw_at(e, "%s/program", at), "");
	const char *unit = sw_str(e, sw_at(e, "%s/unit", at), "");

	return *unit ? sw_at(e, "%s (%s)", program, unit) : program;
}

/* Says it of each in the list; a list that is not there was not looked for. */
static enum sw_verdict say_of_each(struct sw_eval *e, const char *all,
				   void (*say)(struct sw_eval *e, const char *at), const char *none)
{
	size_t n = sw_count(e, all);

	for (size_t i = 0; i < n; i++)
		say(e, sw_at(e, "%s/%zu", all, i));
	if (!sw_has(e, all))
		sw_unknown(e, "it was not looked for");
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "%s", none);
	return sw_said(e);
}

static void say_deleted(struct sw_eval *e, const char *at)
{
	sw_fail(e, "%s runs %s, which is not there any more", who(e, at),
		sw_str(e, sw_at(e, "%s/files/0", at), "a file"));
}

static enum sw_verdict none_runs_deleted_code(struct sw_eval *e)
{
	return say_of_each(e, PROCESSES "deleted", say_deleted, "no process outside containers");
}

static void say_traced(struct sw_eval *e, const char *at)
{
	sw_warn(e, "%s is traced by %s", who(e, at),
		sw_str(e, sw_at(e, "%s/tracer", at), "one that ended"));
}

static enum sw_verdict none_is_traced(struct sw_eval *e)
{
	return say_of_each(e, PROCESSES "traced", say_traced,
			   "none, at the moment it was looked at");
}

/* What is not told may be all. */
#define ALL "ffffffffffffffff"

/* CAP_SYS_ADMIN, CAP_SYS_MODULE and CAP_SYS_PTRACE: each is as good as all. */
static bool has_wide_capabilities(const char *text)
{
	uint64_t set = strtoull(text, NULL, 16);

	return (set >> 21 & 1) && (set >> 16 & 1) && (set >> 19 & 1);
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

/* Of a service what any of its processes holds; else, as in a session, what that program does. */
static const char *socket_of(struct sw_eval *e, const char *unit, const char *program)
{
	size_t n = sw_count(e, LISTENING);

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, LISTENING "/%zu", i);
		const char *holder = sw_at(e, "%s/program", at);
		if (sw_bool(e, sw_at(e, "%s/loopback", at), false) || !sw_is_known(e, holder) ||
		    strcmp(sw_str(e, sw_at(e, "%s/unit", at), ""), unit) != 0 ||
		    (!ends_in(unit, ".service") && strcmp(sw_str(e, holder, ""), program) != 0))
			continue;
		return socket_text(e, at);
	}
	return NULL;
}

/* A socket whose holder is not known may be one of theirs. */
static void judge_unowned(struct sw_eval *e)
{
	size_t n = sw_count(e, LISTENING);

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, LISTENING "/%zu", i);
		if (!sw_bool(e, sw_at(e, "%s/loopback", at), false) &&
		    !sw_is_known(e, sw_at(e, "%s/program", at)))
			sw_warn(e, "whose this is is not known: %s", socket_text(e, at));
	}
}

static enum sw_verdict services_are_confined(struct sw_eval *e)
{
	const char *all = PROCESSES "services";
	size_t n = sw_count(e, all);

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, "%s/%zu", all, i), *port;
		if (sw_int(e, sw_at(e, "%s/no-new-privs", at), 0) ||
		    !has_wide_capabilities(sw_str(e, sw_at(e, "%s/capabilities", at), ALL)))
			continue;
		port = socket_of(e, sw_str(e, sw_at(e, "%s/unit", at), ""),
				 sw_str(e, sw_at(e, "%s/program", at), ""));
		if (port)
			sw_warn(e, "%s runs as root with all capabilities and listens: %s",
				who(e, at), port);
	}
	if (!sw_has(e, all))
		sw_unknown(e, "it was not looked for");
	judge_unowned(e);
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "no service of root with all capabilities listens to the network");
	return sw_said(e);
}

const struct sw_check sw_host_process_checks[] = {
	{
		.id = "host.proc.deleted_libs",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No process runs code that was replaced on disk",
		.why = "After an update a service that was not restarted still runs the flaw that "
		       "was mended. Code that was deleted on purpose hides from those who look.",
		.wanted = "no mapping of a deleted file that may be executed",
		.remedy = "systemctl restart UNIT; after libc or the kernel: restart the host",
		.fn = none_runs_deleted_code,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.proc.root_services",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "Services of root that listen to the network are confined",
		.why = "A flaw in one of them is at once the whole host. Capabilities that it does "
		       "not need can be taken from it.",
		.wanted = "fewer capabilities, NoNewPrivileges=yes or an account of its own",
		.remedy = "systemd-analyze security UNIT; systemctl edit UNIT: "
			  "CapabilityBoundingSet=, NoNewPrivileges=yes (sshd cannot have it)",
		.fn = services_are_confined,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.proc.unconfined_ptrace",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "No process is traced by another",
		.why = "Who traces a process reads its memory, keys included, and makes it do "
		       "anything. Daemons are not debugged on a live host.",
		.wanted = "TracerPid 0",
		.remedy = "Who runs the tracer, and why? ps -o pid,ppid,user,args",
		.fn = none_is_traced,
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
