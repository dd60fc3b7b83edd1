/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_logging.c: what the engine logs, and where the logs of containers go. */
#include <string.h>
#include <strings.h>

#include "engine.h"

/* Podman's own default is "warn"; its unit file gives --log-level=info. */
static enum sw_verdict podman_logs_info(struct sw_eval *e)
{
	static const char flag[] = "--log-level";
	const char *level = "warn";
	size_t n = engine_count(e, "process/Args"), len = strlen(flag);

	if (!sw_has(e, "process/Args"))
		return sw_unknown(e, "the command line of Podman was not read");
	for (size_t i = 0; i < n; i++) {
		const char *word = sw_str(e, sw_at(e, "process/Args/%zu", i), "");
		if (strncmp(word, flag, len) != 0)
			continue;
		if (word[len] == '=')
			level = word + len + 1;
		else if (word[len] == '\0')
			level = sw_str(e, sw_at(e, "process/Args/%zu", i + 1), "");
	}
	if (strcasecmp(level, "info") == 0)
		return SW_PASS;
	return sw_fail(e, "Podman's log level is %s", level);
}

static enum sw_verdict log_level_is_info(struct sw_eval *e)
{
	if (engine_is_podman(e))
		return podman_logs_info(e);
	/* Two switches: "debug" wins over the level and shows in the API only, the level shows in
	 * neither. */
	if (engine_says(e, "info/Debug") == 1)
		sw_fail(e, "debug is on%s", engine_setting_drift(e, "debug"));

	const char *level = sw_str(e, engine_setting(e, "log-level"), "info");
	const char *drift = engine_setting_drift(e, "log-level");
	if (strcasecmp(level, "info") != 0 && *level) {
		engine_note_flag(e, "log-level");
		return sw_fail(e, "the log level is %s (%s)%s", level,
			       engine_setting_origin(e, "log-level"), drift);
	}
	if (*drift && sw_said(e) == SW_PASS)
		return sw_pass(e, "info%s", drift);
	return sw_said(e);
}

/* The engine's own drivers that keep the logs on this host. */
static bool stays_here(const char *driver)
{
	static const char *const local[] = { "json-file", "local",    "journald",
					     "none",      "k8s-file", "passthrough" };

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (strcmp(driver, local[i]) == 0)
			return true;
	return false;
}

/* Where in the engine's list of plugins a logging driver is; an alias may go without its tag. */
static const char *find_plugin(struct sw_eval *e, const char *driver)
{
	const char *plain = sw_at(e, "plugins/%s", sw_esc(e, driver));
	const char *tagged = sw_at(e, "plugins/%s:latest", sw_esc(e, driver));

	if (sw_is_known(e, plain))
		return plain;
	return sw_is_known(e, tagged) ? tagged : NULL;
}

/* "localhost:514", "127.0.0.1", "[::1]:514", ":514" or nothing at all. */
static bool is_loopback(const char *host)
{
	static const char *const names[] = {
		"localhost", "localhost.localdomain", "ip6-localhost", "[::1]", "::1", "0.0.0.0",
		"[::]",
	};

	if (*host == '\0' || *host == '/' || (*host == ':' && host[1] != ':') ||
	    begins_with(host, "127."))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);
		if (strncasecmp(host, names[i], n) != 0)
			continue;
		if (host[n] == '\0' || host[n] == ':' || host[n] == '/')
			return true;
	}
	return false;
}

static enum sw_verdict syslog_is_remote(struct sw_eval *e)
{
	const char *options = engine_setting(e, "log-opts");
	const char *address =
		sw_has(e, options) ? sw_str(e, sw_at(e, "%s/syslog-address", options), "") : "";
	const char *host = strstr(address, "://");

	if (sw_said(e) == SW_UNKNOWN)
		return SW_UNKNOWN;
	if (*address == '\0')
		return sw_fail(e, "syslog of this host: no syslog-address is set");
	if (begins_with(address, "unix") || !host || is_loopback(host + 3))
		return sw_fail(e, "syslog of this host: syslog-address is %s", address);
	return sw_pass(e, "syslog at %s%s", address, engine_setting_drift(e, "log-opts"));
}

static enum sw_verdict plugin_ships_logs(struct sw_eval *e, const char *driver)
{
	const char *plugin = find_plugin(e, driver);

	if (!plugin)
		return sw_warn(e, "see where the logging driver %s sends the logs", driver);
	if (!sw_bool(e, sw_at(e, "%s/Enabled", plugin), false))
		return sw_fail(e, "the logging plugin %s is not enabled", driver);
	return sw_pass(e, "logging plugin %s", driver);
}

static enum sw_verdict logs_leave_the_host(struct sw_eval *e)
{
	const char *driver = sw_str(e, "info/LoggingDriver", "");
	const char *drift = engine_setting_drift(e, "log-driver");

	if (*driver == '\0')
		return sw_unknown(e, engine_is_podman(e)
					     ? "Podman does not tell it: see log_driver in "
					       "containers.conf"
					     : "the engine does not tell info/LoggingDriver");
	if (strcmp(driver, "none") == 0)
		return sw_fail(e, "the log driver is none: nothing is kept%s", drift);
	if (sw_param_lists(e, "forwarded_log_drivers", driver))
		return sw_pass(e, "%s, declared as forwarded from this host%s", driver, drift);
	if (stays_here(driver))
		return sw_fail(e, "the log driver is %s: logs stay on this host%s", driver, drift);
	if (strcmp(driver, "syslog") == 0)
		return syslog_is_remote(e);
	if (sw_param_lists(e, "central_log_drivers", driver))
		return sw_pass(e, "the log driver is %s%s", driver, drift);
	return plugin_ships_logs(e, driver);
}

static const struct sw_param logging_params[] = {
	{ "central_log_drivers", SW_LIST, "gelf,fluentd,awslogs,gcplogs,splunk,logentries",
	  "log drivers that send to a central place by themselves" },
	{ "forwarded_log_drivers", SW_LIST, NULL,
	  "log drivers (journald, local, syslog) whose logs a forwarder on this host ships" },
	{ 0 },
};

const struct sw_check sw_daemon_logging_checks[] = {
	{
		.id = "daemon.log-level",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The engine logs at level info",
		.why = "Below it, what is needed to trace an incident is missing; debug fills the "
		       "log and may show secrets.",
		.wanted = "info, debug off",
		.remedy = "/etc/docker/daemon.json: \"log-level\": \"info\", no \"debug\": true, "
			  "then: systemctl restart docker",
		.fn = log_level_is_info,
	},
	{
		.id = "daemon.central-logging",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Logs of containers go to a central place",
		.why = "Logs that exist on this host only are gone with it, and whoever takes the "
		       "host can rewrite them.",
		.wanted = "a remote log driver, or a declared forwarder",
		.remedy = "/etc/docker/daemon.json: \"log-driver\": \"syslog\", \"log-opts\": "
			  "{\"syslog-address\": \"tcp+tls://LOGHOST:6514\"}, then: systemctl "
			  "restart docker\n"
			  "Or declare a forwarder: --set forwarded_log_drivers=journald",
		.fn = logs_leave_the_host,
		.params = logging_params,
	},
	{ 0 },
};
