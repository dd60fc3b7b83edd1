/* SPDX-License-Identifier: Apache-2.0 */
/* host_svc_network.c: what listens to the network: mail agents, and everything. */
#include <inttypes.h>
#include <string.h>

#include "host_services.h"
#include "tables.h"

/* --- mail agents -------------------------------------------------------------------------------
 */

static bool is_mail_port(int64_t port)
{
	return port == 25 || port == 465 || port == 587;
}

static enum sw_verdict judge_mail_sockets(struct sw_eval *e)
{
	size_t n = sw_count(e, LISTENING);

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, LISTENING "/%zu", i);
		const char *protocol = sw_str(e, sw_at(e, "%s/protocol", at), "");
		if (strncmp(protocol, "tcp", 3) != 0 ||
		    !is_mail_port(sw_int(e, sw_at(e, "%s/port", at), 0)) ||
		    sw_bool(e, sw_at(e, "%s/loopback", at), false) || socket_is_containers(e, at))
			continue;
		sw_fail(e, "mail is taken from the network: %s", socket_text(e, at));
	}
	return sw_said(e);
}

/* Is every name of the list one of this host alone? */
static bool are_loopback(struct sw_eval *e, const char *list, const char *separators)
{
	static const char *const local[] = { "localhost", "loopback-only", "127.0.0.1",
					     "::1",       "[::1]",         "[127.0.0.1]" };
	size_t found = 0;

	while (*list) {
		list += strspn(list, separators);
		size_t n = strcspn(list, separators);
		const char *name = sw_at(e, "%.*s", (int)n, list);
		bool is_local = n == 0;
		for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
			is_local = is_local || strcmp(name, local[i]) == 0;
		if (!is_local)
			return false;
		found += n > 0;
		list += n;
	}
	return found > 0;
}

static const char *const postfix_units[] = { "postfix", "postfix@.service", NULL };
static const char *const exim_units[] = { "exim4", "exim", NULL };
static const char *const sendmail_units[] = { "sendmail", "opensmtpd", "smtpd", NULL };

static const struct mail_agent {
	struct service service;
	const char *section, *key;
	const char *separators;
	const char *fallback; /* when nothing is configured */
} agents[] = {
	{ { .names = postfix_units, .title = "postfix" },
	  "postfix",
	  "inet_interfaces",
	  " \t,",
	  "all" },
	{ { .names = exim_units, .title = "exim" }, "exim", "dc_local_interfaces", " \t;", "" },
	{ { .names = sendmail_units, .title = "sendmail" }, NULL, NULL, "", "" },
};

static void judge_agent(struct sw_eval *e, const struct mail_agent *a)
{
	const char *how = service_enabled(e, &a->service), *value, *list;

	if (!how)
		return;
	if (!a->key) {
		sw_warn(e, "%s is started (%s): see whether it listens on loopback alone",
			a->service.title, how);
		return;
	}
	list = sw_at(e, SERVICES "mail/%s/settings/%s", a->section, a->key);
	value = sw_count(e, list) > 0 ? sw_str(e, sw_at(e, "%s/0/value", list), "") : a->fallback;
	if (!are_loopback(e, value, a->separators))
		sw_fail(e, "configured: %s is started (%s) and %s is '%s'", a->service.title, how,
			a->key, value);
}

static enum sw_verdict mail_agent_is_local(struct sw_eval *e)
{
	if (host_is_running(e)) {
		if (judge_mail_sockets(e) == SW_PASS)
			sw_pass(e, "no mail is taken from the network");
		return sw_said(e);
	}
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++)
		judge_agent(e, &agents[i]);
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "configured: no mail agent is started that takes mail from the network");
	return sw_said(e);
}

/* --- everything --------------------------------------------------------------------------------
 */

static enum sw_verdict listeners_are_listed(struct sw_eval *e)
{
	size_t n = sw_count(e, LISTENING), open = 0;

	for (size_t i = 0; i < n; i++) {
		const char *at = sw_at(e, LISTENING "/%zu", i);
		if (sw_bool(e, sw_at(e, "%s/loopback", at), false))
			continue;
		open++;
		if (sw_is_known(e, sw_at(e, "%s/container", at)))
			sw_warn(e, "%s, container %.12s", socket_text(e, at),
				sw_str(e, sw_at(e, "%s/container", at), ""));
		else
			sw_warn(e, "%s", socket_text(e, at));
	}
	return open > 0 ? SW_WARN : sw_pass(e, "nothing listens to the network");
}

const struct sw_check sw_host_svc_network_checks[] = {
	{
		.id = "host.svc.mta",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The mail agent takes mail of this host alone",
		.why = "A host has a mail agent to send what its programs report. One that "
		       "listens to the network is a server on an old and busy port.",
		.wanted = "nothing on ports 25, 465 and 587 but on loopback",
		.remedy = "postfix: postconf -e inet_interfaces=loopback-only; systemctl restart "
			  "postfix\nexim: dc_local_interfaces='127.0.0.1 ; ::1' in "
			  "/etc/exim4/update-exim4.conf.conf; update-exim4.conf",
		.fn = mail_agent_is_local,
		.needs = SW_NEEDS_SERVICES,
	},
	{
		.id = "host.svc.listeners",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "What listens to the network is known and wanted",
		.why = "Each open port is a program that takes input from anyone who reaches it. "
		       "Whether it should is for the one who runs the host to say.",
		.wanted = "only what the host is there for",
		.remedy = "ss -tulnp; then stop what nobody needs, or bind it to loopback",
		.fn = listeners_are_listed,
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
