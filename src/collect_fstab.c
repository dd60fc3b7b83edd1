/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_fstab.c: what is to be mounted at the next boot: fstab, and the mount units of the points
 * that checks ask for.
 */
#include "collector.h"
#include "fstab.h"
#include "record.h"

/* Points and their units, as systemd-escape(1) --path names them. */
static const struct {
	const char *point, *unit;
} points[] = {
	{ "/tmp", "tmp.mount" },
	{ "/dev/shm", "dev-shm.mount" },
	{ "/home", "home.mount" },
	{ "/var", "var.mount" },
	{ "/var/tmp", "var-tmp.mount" },
	{ "/var/log", "var-log.mount" },
	{ "/var/log/audit", "var-log-audit.mount" },
};

static json_t *fstab_entries(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, "/etc/fstab", &why);
	if (!text)
		return *why ? fact_unread("/etc/fstab: %s", why) : json_array();
	return fstab_parse(text);
}

static json_t *entry_for(json_t *entries, const char *point)
{
	json_t *entry, *found = NULL;
	size_t i;
	json_array_foreach(entries, i, entry)
	{
		const char *at = json_string_value(json_object_get(entry, "point"));
		if (at && streq(at, point))
			found = entry;
	}
	return found;
}

/* The last value of a setting of [Mount]. */
static const char *mount_setting(const json_t *unit, const char *key)
{
	json_t *mount = json_object_get(json_object_get(unit, "settings"), "Mount");
	json_t *list = json_object_get(mount, key);
	return json_string_value(json_array_get(list, json_array_size(list) - 1));
}

/* What every boot reaches. */
static const char *const boot_folders[] = { "local-fs.target.wants", "local-fs.target.requires",
					    "multi-user.target.wants", "sysinit.target.wants",
					    NULL };

/*
 * What is mounted without a line in any file: by systemd (src/shared/mount-setup.c), or by the
 * devfs script of OpenRC.
 */
static json_t *made_by_init(struct collector *c, const char *point)
{
	static const struct {
		const char *path, *by, *options;
	} makers[] = {
		{ "/usr/lib/systemd/systemd", "systemd itself", "nosuid,nodev,strictatime" },
		{ "/lib/systemd/systemd", "systemd itself", "nosuid,nodev,strictatime" },
		{ "/etc/runlevels/sysinit/devfs", "devfs of OpenRC", "noexec,nosuid,nodev" },
	};
	if (!streq(point, "/dev/shm"))
		return json_null();
	for (size_t i = 0; i < ARRAY_SIZE(makers); i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, makers[i].path);
		if (fact_is_unread(st))
			return st;
		bool is_there = json_is_true(json_object_get(st, "exists"));
		json_decref(st);
		if (is_there) {
			json_t *made = json_pack("{ss ss ss}", "by", makers[i].by, "type", "tmpfs",
						 "options", makers[i].options);
			fstab_understand_options(made);
			return made;
		}
	}
	return json_null();
}

/* Text of a unit's options, or what fstab says, with those of drop-ins instead of it. */
static json_t *from_unit(json_t *unit, json_t *wanted, json_t *entry)
{
	const char *options = mount_setting(unit, "Options"), *type = mount_setting(unit, "Type");
	json_t *path = json_object_get(unit, "path");
	bool is_own = json_is_string(path);
	const char *by = is_own ? json_string_value(path) : "/etc/fstab and drop-ins of its unit";
	if (!options && !is_own)
		options = json_string_value(json_object_get(entry, "options"));
	json_t *made = json_pack("{ss ss ss? so}", "by", by, "options", options ? options : "",
				 "type", type, "wanted", is_own ? wanted : json_true());
	if (!is_own)
		json_decref(wanted);
	fstab_understand_options(made);
	return made;
}

static json_t *from_fstab(const json_t *entry)
{
	json_t *made = json_deep_copy(entry);
	json_object_set_new(made, "by",
			    json_sprintf("/etc/fstab:%d",
					 (int)json_integer_value(json_object_get(entry, "line"))));
	return made;
}

static bool is_stronger_than_fstab(const json_t *unit)
{
	const char *path = json_string_value(json_object_get(unit, "path"));
	return path && (starts_with(path, "/etc/") || starts_with(path, "/run/systemd/system/"));
}

/*
 * A unit of the administrator is stronger than fstab, whose generated unit is stronger than one of
 * the vendor's (systemd.unit(5)); drop-ins apply to whichever it is.
 */
static json_t *configured(struct collector *c, json_t *entries, const char *point,
			  const char *unit_name)
{
	if (fact_is_unread(entries))
		return json_incref(entries);
	json_t *unit = collect_unit(c, unit_name), *entry = entry_for(entries, point), *made;
	json_t *drop_ins = json_object_get(unit, "drop_ins");
	if (fact_is_unread(unit))
		return unit;
	if (json_is_true(json_object_get(unit, "masked")))
		made = json_pack("{ss sb}", "by", "masked", "masked", 1);
	else if (fact_is_unread(json_object_get(unit, "settings")))
		made = json_incref(json_object_get(unit, "settings"));
	else if (is_stronger_than_fstab(unit) || (entry && json_array_size(drop_ins) > 0))
		made = from_unit(
			unit, entry ? json_true() : collect_is_linked(c, boot_folders, unit_name),
			entry);
	else if (entry)
		made = from_fstab(entry);
	else if (json_is_string(json_object_get(unit, "path")))
		made = from_unit(unit, collect_is_linked(c, boot_folders, unit_name), NULL);
	else
		made = made_by_init(c, point);
	json_decref(unit);
	return made;
}

void collect_fstab(struct collector *c)
{
	json_t *entries = fstab_entries(c), *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		json_object_set_new(all, points[i].point,
				    configured(c, entries, points[i].point, points[i].unit));
	collect_host_section(c, "fstab", json_pack("{so so}", "entries", entries, "points", all));
}
