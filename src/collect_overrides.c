/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_overrides.c: what the administrator changed about units that the host's safety hangs on:
 * what the distribution's files say, and what is in force.
 */
#include "collect_software.h"
#include "record.h"
#include "redact.h"
#include "units.h"

static const char *const watched[] = {
	"ssh.service",
	"sshd.service",
	"systemd-journald.service",
	"systemd-logind.service",
	"systemd-udevd.service",
	"systemd-resolved.service",
	"systemd-timesyncd.service",
	"chrony.service",
	"chronyd.service",
	"ntpsec.service",
	"rsyslog.service",
	"syslog-ng.service",
	"auditd.service",
	"cron.service",
	"crond.service",
	"apparmor.service",
	"nftables.service",
	"ufw.service",
	"firewalld.service",
	"fail2ban.service",
	"polkit.service",
	"dbus.service",
};

/* What is judged of a unit: the rest is nobody's business. */
static const char *const keys[] = {
	"ExecStart",
	"ExecStartPre",
	"ExecStartPost",
	"User",
	"Group",
	"DynamicUser",
	"ProtectSystem",
	"ProtectHome",
	"PrivateTmp",
	"PrivateDevices",
	"ProtectKernelTunables",
	"ProtectKernelModules",
	"ProtectControlGroups",
	"NoNewPrivileges",
	"CapabilityBoundingSet",
	"SystemCallFilter",
	"RestrictAddressFamilies",
	"MemoryDenyWriteExecute",
};

static json_t *service_part(const json_t *settings)
{
	json_t *service = json_object_get(settings, "Service"), *kept = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		json_t *value = json_object_get(service, keys[i]);
		json_object_set(kept, keys[i], value ? value : json_null());
	}
	return kept;
}

static bool is_local(const char *path)
{
	return path && (starts_with(path, "/etc/") || starts_with(path, "/run/")) &&
	       !starts_with(path, "/run/systemd/generator");
}

/* The distribution's own file and drop-ins, merged; NULL when it has none. */
static json_t *vendor_settings(struct collector *c, const char *unit, const json_t *drop_ins)
{
	static const char *const dirs[] = { "/usr/lib/systemd/system", "/lib/systemd/system" };
	json_t *settings = NULL, *one;
	size_t n, k;
	for (size_t i = 0; i < ARRAY_SIZE(dirs) && !settings; i++) {
		AUTO_FREE char *why = NULL, *path = xasprintf("%s/%s", dirs[i], unit);
		AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
		if (!text && *why)
			return fact_unread("%s: %s", path, why);
		if (!text)
			continue;
		settings = json_object();
		utf8_mend(text, n);
		unit_merge(settings, text, n);
	}
	json_array_foreach(drop_ins, k, one)
	{
		const char *path = json_string_value(one);
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text = settings && path && !is_local(path)
					       ? read_file(c, FETCH_BASE_ROOT, path, &n, &why)
					       : NULL;
		if (text) {
			utf8_mend(text, n);
			unit_merge(settings, text, n);
		}
	}
	return settings;
}

static json_t *override_of(struct collector *c, const char *unit)
{
	json_t *merged = collect_unit(c, unit), *one, *locals = json_array();
	json_t *drop_ins = json_object_get(merged, "drop_ins");
	const char *path = json_string_value(json_object_get(merged, "path"));
	size_t i;
	if (fact_is_unread(merged)) {
		json_decref(locals);
		return merged;
	}
	if (is_local(path))
		json_array_append_new(locals, json_string(path));
	json_array_foreach(drop_ins, i, one)
	{
		if (is_local(json_string_value(one)))
			json_array_append(locals, one);
	}
	json_t *vendor = json_array_size(locals) ? vendor_settings(c, unit, drop_ins) : NULL;
	json_t *record = NULL, *settings = json_object_get(merged, "settings");
	if (vendor && !json_is_true(json_object_get(merged, "masked")))
		record = json_pack(
			"{sO so so}", "files", locals, "is",
			fact_is_unread(settings) ? json_incref(settings) : service_part(settings),
			"was", fact_is_unread(vendor) ? json_incref(vendor) : service_part(vendor));
	json_decref(vendor);
	json_decref(locals);
	json_decref(merged);
	return record;
}

json_t *collect_overrides(struct collector *c)
{
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		json_t *one = override_of(c, watched[i]);
		if (one)
			json_object_set_new(all, watched[i], one);
	}
	redact_json(all);
	return all;
}
