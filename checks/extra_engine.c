/* SPDX-License-Identifier: Apache-2.0 */
/* extra_engine.c: what the engine opens to others beyond the benchmark: API and metrics sockets,
 * and the group of its socket. */
#include "engine.h"
#include "tables.h"

#define LISTENERS   "effective/hosts/listeners"
#define UNEXPLAINED "effective/hosts/unexplained"

/* --- where it listens ---------------------------------------------------------------------- */

static bool ends_with_port(const char *address, const char *port)
{
	const char *colon = strrchr(address, ':');

	return colon && strcmp(colon + 1, port) == 0;
}

static void judge_listener(struct sw_eval *e, const char *at)
{
	const char *kind = engine_text(e, sw_at(e, "%s/kind", at));
	const char *url = engine_text(e, sw_at(e, "%s/url", at));
	int verified, wildcard;

	if (!*kind || strcmp(kind, "unix") == 0)
		return;
	verified = engine_says(e, sw_at(e, "%s/verified", at));
	wildcard = engine_says(e, sw_at(e, "%s/wildcard", at));
	if (verified == 0)
		sw_fail(e, "the API is on %s without client certificates", url);
	else if (wildcard == 1)
		sw_fail(e, "the API is on every address of the host (%s)", url);
	else if (ends_with_port(url, "2375"))
		sw_warn(e, "%s is the port that scanners try first", url);
}

static void judge_unexplained(struct sw_eval *e)
{
	size_t n = engine_count(e, UNEXPLAINED);

	for (size_t i = 0; i < n; i++) {
		const char *address = sw_str(e, sw_at(e, UNEXPLAINED "/%zu", i), "");

		if (ends_with_port(address, "2375"))
			sw_fail(e, "dockerd listens on %s, which no setting names", address);
		else
			sw_warn(e, "dockerd listens on %s, which no setting names: see what it is",
				address);
	}
}

static enum sw_verdict api_is_not_exposed(struct sw_eval *e)
{
	size_t n;

	if (engine_is_podman(e))
		return sw_unknown(e, "where Podman listens is judged by daemon.tls only");
	engine_setting(e, "hosts");
	if (!sw_has(e, LISTENERS))
		sw_unknown(e, "where the API listens was not told");
	n = engine_count(e, LISTENERS);
	if (n == 0 && sw_said(e) == SW_PASS)
		sw_unknown(e, "no socket of the API is known, though it answers");
	for (size_t i = 0; i < n; i++)
		judge_listener(e, sw_at(e, LISTENERS "/%zu", i));
	judge_unexplained(e);
	return sw_said(e);
}

static bool is_loopback(const char *address)
{
	return begins_with(address, "127.") || begins_with(address, "localhost:") ||
	       begins_with(address, "[::1]:");
}

static enum sw_verdict diagnostics_are_local(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman serves no metrics and no network diagnostic"))
		return SW_SKIP;
	const char *address = sw_str(e, engine_setting(e, "metrics-addr"), "");
	int64_t port = sw_int(e, engine_setting(e, "network-diagnostic-port"), 0);

	if (*address && !is_loopback(address))
		sw_fail(e, "metrics are given to everyone on %s (%s)", address,
			engine_setting_origin(e, "metrics-addr"));
	if (port != 0)
		sw_warn(e,
			"the network diagnostic is on port %lld: it lets its callers change "
			"the tables of swarm networks",
			(long long)port);
	return sw_said(e);
}

/* --- who may use its socket ---------------------------------------------------------------- */

static void judge_member(struct sw_eval *e, const char *group, const char *user)
{
	if (strcmp(user, "root") == 0 || sw_param_lists(e, "allowed_members", user))
		return;
	if (sw_param_is_set(e, "allowed_members"))
		sw_fail(e, "%s is in the group %s and not in allowed_members", user, group);
	else
		sw_warn(e, "%s is in the group %s, which is as good as root", user, group);
}

static enum sw_verdict socket_group_is_known(struct sw_eval *e)
{
	const char *group, *at;
	size_t n;
	int64_t gid;

	if (engine_option(e, "rootless"))
		return sw_skip(e, "a rootless engine has no more rights than its user");
	if (engine_is_podman(e))
		return sw_unknown(e, "the group of Podman's socket is judged by "
				     "engine.docker-group only");
	group = engine_text(e, "paths/socket-group");
	at = sw_at(e, "@host/groups/%s", sw_esc(e, group));
	if (!*group)
		return SW_UNKNOWN;
	if (!sw_has(e, at)) /* a number, or known by a directory service only */
		return sw_warn(e,
			       "the group %s of the socket is not in /etc/group: see who is in it",
			       group);
	n = engine_count(e, sw_at(e, "%s/members", at));
	for (size_t i = 0; i < n; i++)
		judge_member(e, group, sw_str(e, sw_at(e, "%s/members/%zu", at, i), "?"));
	gid = sw_int(e, sw_at(e, "%s/gid", at), -1);
	n = engine_count(e, "@host/users");
	for (size_t i = 0; i < n; i++) {
		const char *user = sw_key(e, "@host/users", i);

		if (sw_int(e, sw_at(e, "@host/users/%s/gid", sw_esc(e, user)), -2) == gid)
			judge_member(e, group, user);
	}
	if (sw_said(e) == SW_PASS)
		return sw_pass(e, "nobody else is in the group %s in /etc/group", group);
	return sw_said(e);
}

static const struct sw_param member_params[] = {
	{ "allowed_members", SW_LIST, NULL, "users that may be in the group of the API socket" },
	{ 0 },
};

const struct sw_check sw_extra_engine_checks[] = {
	{
		.id = "engine.api-exposure",
		.kind = SW_ENGINE,
		.severity = SW_CRITICAL,
		.title = "The API is not on the network",
		.why = "Worms scan for engines that answer on TCP; one leaked client certificate, "
		       "or none where none is demanded, is root on this host.",
		.wanted = "unix sockets only, or one address with client certificates",
		.remedy = "Remove tcp:// from \"hosts\" in /etc/docker/daemon.json or the unit and "
			  "use "
			  "docker -H ssh://USER@HOST; else bind one address with \"tlsverify\": "
			  "true, "
			  "then: systemctl restart docker",
		.fn = api_is_not_exposed,
	},
	{
		.id = "engine.diagnostics",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Metrics and diagnostics of the engine stay on this host",
		.why = "They ask nobody who he is and tell what runs here; the diagnostic of swarm "
		       "networks even takes orders.",
		.wanted = "metrics-addr unset or on loopback, network-diagnostic-port 0",
		.remedy = "/etc/docker/daemon.json: \"metrics-addr\": \"127.0.0.1:9323\", without "
			  "\"network-diagnostic-port\", then: systemctl restart docker",
		.fn = diagnostics_are_local,
	},
	{
		.id = "engine.socket-group",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "Only known users are in the group of the API socket",
		.why = "Who may use the socket may start a privileged container: each member of "
		       "the group is root on this host without a password.",
		.wanted = "no member, or those in allowed_members",
		.remedy = "gpasswd -d USER docker\nOr declare: --set allowed_members=USER,...",
		.fn = socket_group_is_known,
		.params = member_params,
	},
	{ 0 },
};
