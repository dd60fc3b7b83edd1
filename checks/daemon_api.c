/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_api.c: who may use the engine's API: listeners on TCP, and authorization. */
#include <string.h>

#include "engine.h"

#define LISTENERS     "effective/hosts/listeners"
#define UNEXPLAINED   "effective/hosts/unexplained"
#define LISTEN_STREAM "@host/units/docker.socket/settings/Socket/ListenStream"
#define LISTEN_FDS    "process/Environ/LISTEN_FDS"

static void judge_file(struct sw_eval *e, const char *role, const char *what)
{
	const char *path = sw_str(e, sw_at(e, "paths/%s", role), "");

	if (*path == '\0')
		sw_fail(e, "no %s is set", what);
	else if (!sw_bool(e, sw_at(e, "files/%s/exists", sw_esc(e, path)), false))
		sw_fail(e, "the %s %s is not there", what, path);
}

/* Says a verdict and returns true for a listener that the network can reach. */
static bool judge_listener(struct sw_eval *e, const char *at)
{
	const char *kind = engine_text(e, sw_at(e, "%s/kind", at));
	const char *url = sw_str(e, sw_at(e, "%s/url", at), "");

	if (strcmp(kind, "unix") == 0)
		return false;
	if (*kind == '\0')
		return true;
	if (strcmp(kind, "tcp") != 0)
		sw_warn(e, "see who can reach the API on %s", url);
	int verified = engine_says(e, sw_at(e, "%s/verified", at));
	if (verified == UNTOLD)
		return true;
	if (!verified) {
		bool tls = sw_bool(e, sw_at(e, "%s/tls", at), false);
		const char *from = sw_str(e, sw_at(e, "%s/from", at), "");
		sw_fail(e,
			tls ? "%s asks nobody for a certificate (%s)"
			    : "%s is not encrypted and lets anyone in (%s)",
			url, from);
		return true;
	}
	judge_file(e, "tlscacert", "CA file");
	judge_file(e, "tlscert", "server certificate");
	judge_file(e, "tlskey", "server key");
	return true;
}

/* The engine's own word, in three wordings since 20.10; all that tells of a listener on another
 * host. */
static void judge_warnings(struct sw_eval *e)
{
	size_t n = engine_count(e, "info/Warnings");

	for (size_t i = 0; i < n; i++) {
		const char *warning = sw_str(e, sw_at(e, "info/Warnings/%zu", i), "");
		if (strstr(warning, "API is accessible on") && strstr(warning, "without"))
			sw_fail(e, "the engine warns: %s", warning);
	}
}

static bool is_activated(struct sw_eval *e)
{
	size_t n = engine_count(e, "effective/hosts/value");
	bool is = false;

	for (size_t i = 0; i < n; i++)
		is |= begins_with(sw_str(e, sw_at(e, "effective/hosts/value/%zu", i), ""), "fd://");
	return is;
}

/*
 * Another socket unit, such as a docker-tcp.socket, may pass its sockets to the same service, and
 * no setting of the engine shows it. What docker.socket alone passes in is as many as it names.
 */
static void judge_unexplained(struct sw_eval *e)
{
	size_t n = engine_count(e, UNEXPLAINED);

	if (n == 0)
		return;
	if (sw_is_known(e, LISTEN_FDS) && sw_is_known(e, LISTEN_STREAM) &&
	    strcmp(sw_str(e, LISTEN_FDS, ""), sw_at(e, "%zu", sw_count(e, LISTEN_STREAM))) == 0)
		return;
	for (size_t i = 0; i < n; i++)
		sw_warn(e, "dockerd listens on %s, which no setting names: see what it is",
			sw_str(e, sw_at(e, UNEXPLAINED "/%zu", i), ""));
}

/*
 * Podman listens where its command line says or on what systemd passes in. While it starts a
 * container it may hold that one's ports too.
 */
static enum sw_verdict podman_needs_certificates(struct sw_eval *e)
{
	size_t n = engine_count(e, "process/Args"), tcp = engine_count(e, "process/Listens/tcp");
	const char *ca = sw_str(e, "paths/tlscacert", "");

	for (size_t i = 0; i < n; i++) {
		const char *word = sw_str(e, sw_at(e, "process/Args/%zu", i), "");
		if (!begins_with(word, "tcp:"))
			continue;
		if (*ca == '\0')
			return sw_fail(e, "%s asks nobody for a certificate", word);
		return sw_pass(e, "%s demands client certificates", word);
	}
	if (!sw_has(e, "process/Args") || !sw_has(e, "process/Listens/tcp"))
		sw_unknown(e, "where Podman listens was not told");
	for (size_t i = 0; i < tcp; i++)
		sw_warn(e, "Podman listens on %s: see what it is",
			sw_str(e, sw_at(e, "process/Listens/tcp/%zu", i), ""));
	return sw_said(e) == SW_PASS ? sw_skip(e, "the API is not on TCP") : sw_said(e);
}

static enum sw_verdict tcp_needs_certificates(struct sw_eval *e)
{
	size_t tcp = 0;

	if (engine_is_podman(e))
		return podman_needs_certificates(e);
	judge_warnings(e);
	engine_setting(e, "hosts");
	if (!sw_has(e, LISTENERS))
		sw_unknown(e, "where the API listens was not told");
	size_t n = engine_count(e, LISTENERS);
	for (size_t i = 0; i < n; i++)
		tcp += judge_listener(e, sw_at(e, LISTENERS "/%zu", i));
	if (is_activated(e))
		judge_unexplained(e);

	const char *drift = engine_setting_drift(e, "hosts");
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (tcp == 0)
		return sw_skip(e, "the API is not on TCP%s", drift);
	return sw_pass(e, "client certificates are demanded%s%s", drift,
		       engine_setting_drift(e, "tlsverify"));
}

/* Releases whose authorization plugins can be got around: from the first to before the second. */
struct bypass {
	const char *from, *fixed, *cve;
};

/* From the release notes of these versions. */
static const struct bypass bypasses[] = {
	{ "0", "19.03.16", "CVE-2024-41110" },   { "20", "20.10.28", "CVE-2024-41110" },
	{ "23.0", "23.0.15", "CVE-2024-41110" }, { "24.0", "24.0.10", "CVE-2024-41110" },
	{ "25.0", "25.0.6", "CVE-2024-41110" },  { "26.0", "26.0.3", "CVE-2024-41110" },
	{ "26.1", "26.1.5", "CVE-2024-41110" },  { "27.0", "27.1.1", "CVE-2024-41110" },
	{ "0", "29.3.1", "CVE-2026-34040" },
};

static const struct bypass *known_bypass(const char *version)
{
	for (size_t i = 0; i < sizeof(bypasses) / sizeof(bypasses[0]); i++)
		if (sw_version_compare(version, bypasses[i].from) >= 0 &&
		    sw_version_compare(version, bypasses[i].fixed) < 0)
			return &bypasses[i];
	return NULL;
}

static enum sw_verdict authorization_is_active(struct sw_eval *e)
{
	if (engine_lacks(e, "Podman has no authorization plugins"))
		return SW_SKIP;
	size_t n = engine_count(e, "info/Plugins/Authorization");
	const char *drift = engine_setting_drift(e, "authorization-plugins");

	if (n == 0)
		return sw_fail(e, "whoever reaches the API may do anything%s", drift);
	const char *plugin = sw_str(e, "info/Plugins/Authorization/0", "");
	if (*plugin == '\0')
		return sw_unknown(e, "the authorization plugin has no name");
	const char *version = engine_text(e, "info/ServerVersion");
	const struct bypass *bypass = known_bypass(version);
	if (bypass)
		return sw_warn(e,
			       "%s is active, but %s gets around it: see that your vendor has "
			       "mended that in Docker %s%s",
			       plugin, bypass->cve, version, drift);
	return sw_pass(e, "%s is active%s", plugin, drift);
}

const struct sw_check sw_daemon_api_checks[] = {
	{
		.id = "daemon.tls",
		.kind = SW_ENGINE,
		.severity = SW_CRITICAL,
		.title = "The API on TCP demands client certificates",
		.why = "Who reaches the API without a certificate is root on this host. That "
		       "holds for loopback too: any local user or container on the host's network "
		       "can connect.",
		.wanted = "no TCP listener, or tlsverify",
		.remedy = "Best: remove the tcp:// host and use ssh: docker -H ssh://USER@HOST\n"
			  "Else /etc/docker/daemon.json: \"tlsverify\": true, \"tlscacert\": "
			  "\"/etc/docker/ca.pem\", \"tlscert\": \"/etc/docker/cert.pem\", "
			  "\"tlskey\": \"/etc/docker/key.pem\", then: systemctl restart docker",
		.fn = tcp_needs_certificates,
	},
	{
		.id = "daemon.authorization",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "An authorization plugin decides who may do what",
		.why = "The engine by itself knows no roles: who may use it at all may do "
		       "everything.",
		.wanted = "at least one plugin",
		.remedy = "Install a plugin, then /etc/docker/daemon.json: "
			  "\"authorization-plugins\": [\"NAME\"], then: systemctl restart docker",
		.fn = authorization_is_active,
	},
	{ 0 },
};
