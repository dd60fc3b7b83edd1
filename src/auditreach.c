/* SPDX-License-Identifier: Apache-2.0 */
/* auditreach.c: see auditreach.h. */
#include "auditreach.h"

#include "procparse.h"
#include "util.h"

static const char *text_of(const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

static json_t *mount_by_id(json_t *mounts, const json_t *id)
{
	json_t *m;
	size_t i;
	json_array_foreach(mounts, i, m)
	{
		if (json_is_integer(id) && json_equal(json_object_get(m, "id"), id))
			return m;
	}
	return NULL;
}

/* Is it the very folder that it is mounted on, as dockerd does it with its data root? */
static bool is_itself(json_t *mounts, json_t *m)
{
	json_t *below = mount_by_id(mounts, json_object_get(m, "parent"));
	const char *point = text_of(m, "point"), *base = text_of(below, "point");
	const char *root = text_of(below, "root");
	if (!below || !sw_is_below(point, base) ||
	    !json_equal(json_object_get(m, "dev"), json_object_get(below, "dev")))
		return false;
	const char *rest = streq(base, "/") ? point : point + strlen(base);
	AUTO_FREE char *same = xasprintf("%s%s", streq(root, "/") ? "" : root, rest);
	return streq(text_of(m, "root"), same);
}

static size_t mounts_at(json_t *mounts, const char *point)
{
	size_t i, n = 0;
	json_t *m;
	json_array_foreach(mounts, i, m) n += streq(text_of(m, "point"), point);
	return n;
}

/* What the first process mounts before it reads any fstab. */
static bool is_of_init(const char *point)
{
	static const char *const points[] = { "/run", "/dev", "/dev/shm", "/proc", "/sys" };
	for (size_t i = 0; i < ARRAY_SIZE(points); i++)
		if (streq(point, points[i]))
			return true;
	return false;
}

/* A file that is mounted over is never the one that a rule for its path looks at. */
static bool was_there(json_t *mounts, json_t *m, const char *target, bool is_tree)
{
	const char *point = text_of(m, "point");
	return (json_is_true(json_object_get(m, "fstab")) || is_of_init(point)) &&
	       mounts_at(mounts, point) == 1 && (is_tree || !streq(point, target));
}

/* The first mount point between the two, both included. */
static const char *mount_between(json_t *mounts, const char *from, const char *target, bool is_tree)
{
	json_t *m;
	size_t i;
	json_array_foreach(mounts, i, m)
	{
		const char *point = text_of(m, "point");
		if (!streq(point, "/") && sw_is_below(point, from) && sw_is_below(target, point) &&
		    !was_there(mounts, m, target, is_tree) && !is_itself(mounts, m))
			return point;
	}
	return NULL;
}

/* Of those that hold it the nearest, and of these the last one, which hides the others. */
static bool is_on_tmpfs(json_t *mounts, const char *path)
{
	const char *best = "", *type = "";
	json_t *m;
	size_t i;
	json_array_foreach(mounts, i, m)
	{
		const char *point = text_of(m, "point");
		if (!sw_is_below(path, point) || strlen(point) < strlen(best))
			continue;
		best = point;
		type = text_of(m, "type");
	}
	return streq(type, "tmpfs") || streq(type, "ramfs");
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash > path ? xstrndup(path, (size_t)(slash - path)) : xstrdup("/");
}

void auditreach_tell(json_t *entry, json_t *rule, const char *target, struct fact mounts)
{
	bool is_tree = !json_is_false(json_object_get(rule, "recursive"));
	json_t *real = json_object_get(rule, "real"), *made = json_object_get(rule, "made");
	const char *path = json_is_string(real) ? json_string_value(real) : text_of(rule, "path");
	AUTO_FREE char *from = is_tree ? xstrdup(path) : folder_of(target);
	if (mounts.state != FACT_KNOWN || !json_is_array(mounts.value)) {
		json_object_set_new(entry, "mount",
				    fact_unread("%s", mounts.state == FACT_UNREAD
							      ? mounts.reason
							      : "mounts were not read"));
		return;
	}
	const char *point = mount_between(mounts.value, from, target, is_tree);
	if (point)
		json_object_set_new(entry, "mount", json_string(point));
	if (made && !is_on_tmpfs(mounts.value, from))
		json_object_set(entry, "made", made);
}

/* source, mount point, type, options */
static void fstab_line(json_t *mounts, char *line)
{
	static const char *const later[] = { "noauto", "x-systemd.automount" };
	char *fields[4];
	json_t *m;
	size_t i;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		line += strspn(line, " \t");
		fields[i] = line;
		line += strcspn(line, " \t");
		if (*line)
			*line++ = '\0';
	}
	if (*fields[0] == '#' || *fields[1] != '/')
		return;
	for (char *options = fields[3], *option; (option = strsep(&options, ","));)
		for (i = 0; i < ARRAY_SIZE(later); i++)
			if (streq(option, later[i]))
				return;
	unescape_octal(fields[1]);
	json_array_foreach(mounts, i, m)
	{
		if (streq(text_of(m, "point"), fields[1]))
			json_object_set_new(m, "fstab", json_true());
	}
}

void auditreach_fstab(json_t *mounts, char *text)
{
	char *line;
	while ((line = strsep(&text, "\n")))
		fstab_line(mounts, line);
}
