/* SPDX-License-Identifier: Apache-2.0 */
/* container_mounts.c: how a container's file systems reach the host: sensitive paths, propagation,
 * a writable root. */
#include "container.h"
#include "tables.h"

#include <string.h>

/* Named by the benchmark: bad even read-only. */
static const char *const sensitive[] = {
	"/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sys", "/usr",
};

/* Ours: a person may accept them read-only. */
static const char *const delicate[] = {
	"/bin", "/sbin", "/root", "/run", "/var/run", "/var/lib/docker", "/var/lib/containerd",
};

/* Without secrets, and what time zones, names and certificates need. */
static const char *const harmless[] = {
	"/etc/localtime",      "/etc/timezone",
	"/etc/ssl/certs",      "/etc/resolv.conf",
	"/usr/share/zoneinfo", "/usr/share/ca-certificates",
	"/etc/pki/tls/certs",  "/etc/pki/ca-trust/extracted",
};

/* Is one of them equal to path, above it or below it? */
static const char *touched(const char *path, const char *const *dirs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (sw_is_below(path, dirs[i]) || sw_is_below(dirs[i], path))
			return dirs[i];
	}
	return NULL;
}

static bool is_harmless(const struct source *s, const char *real)
{
	if (s->is_writable)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++) {
		/* links lead out of /etc: localtime to zoneinfo, resolv.conf to /run */
		if (strcmp(s->path, harmless[i]) == 0 || sw_is_below(real, harmless[i]))
			return true;
	}
	return false;
}

/* The data root as configured and where it leads. */
static const char *touched_data_root(struct sw_eval *e, const char *path)
{
	const char *roots[2] = { sw_str(e, "@engine/paths/data-root", ""), "" };
	const char *file = sw_at(e, "@engine/files/%s", sw_esc(e, roots[0]));

	if (roots[0][0] != '/') {
		sw_unknown(e, "the data root of the engine is not known");
		return NULL;
	}
	if (sw_bool(e, sw_at(e, "%s/exists", file), false))
		roots[1] = sw_str(e, sw_at(e, "%s/path", file), "");
	return touched(path, roots, roots[1][0] == '/' ? 2 : 1);
}

static bool is_related(const char *alias, const char *path)
{
	return sw_is_below(path, alias) || sw_is_below(alias, path);
}

static bool is_listed(const char *path, const char *const *dirs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(path, dirs[i]) == 0)
			return true;
	}
	return false;
}

static const char *phrase(struct sw_eval *e, const struct source *s, const char *real)
{
	const char *mode = s->is_writable ? "writable" : "read-only";

	if (strcmp(s->path, real) == 0)
		return sw_at(e, "%s at %s, %s", real, s->inside, mode);
	return sw_at(e, "%s (really %s) at %s, %s", s->path, real, s->inside, mode);
}

/* The same folder of the host, mounted elsewhere too: /srv/host/etc where / is at /srv/host. */
static void judge_alias(struct sw_eval *e, const struct source *s, const char *real)
{
	const char *folder = source_alias_of(e, "folders", real, is_related);

	if (!folder)
		return;
	if (s->is_writable || sw_param_bool(e, "strict") ||
	    is_listed(folder, sensitive, ARRAY_SIZE(sensitive)))
		sw_fail(e, "mounts %s, where %s is to be found too", phrase(e, s, real), folder);
	else
		sw_warn(e, "mounts %s, where %s is to be found too", phrase(e, s, real), folder);
}

/* Something of the system that was mounted on the folder of a volume. */
static void judge_volume(struct sw_eval *e, const struct source *s, size_t i)
{
	const char *path = sw_str(e, sw_at(e, "Mounts/%zu/Source", i), ""), *folder;

	if (strcmp(sw_str(e, sw_at(e, "Mounts/%zu/Type", i), ""), "volume") != 0 || *path != '/' ||
	    sw_param_lists(e, "trusted_mounts", s->inside))
		return;
	folder = source_alias_of(e, "folders", path, is_related);
	if (folder && is_listed(folder, sensitive, ARRAY_SIZE(sensitive)))
		sw_fail(e, "mounts the volume %s, where %s is to be found too", path, folder);
}

static void judge_path(struct sw_eval *e, const struct source *s, const char *real)
{
	bool is_strict = sw_param_bool(e, "strict");

	if (sw_param_lists(e, "trusted_mounts", real) || (!is_strict && is_harmless(s, real)))
		return;
	if (touched(real, sensitive, ARRAY_SIZE(sensitive))) {
		sw_fail(e, "mounts %s", phrase(e, s, real));
		return;
	}
	judge_alias(e, s, real);
	if (!touched(real, delicate, ARRAY_SIZE(delicate)) && !touched_data_root(e, real))
		return;
	if (s->is_writable || is_strict)
		sw_fail(e, "mounts %s", phrase(e, s, real));
	else
		sw_warn(e, "mounts %s", phrase(e, s, real));
}

/* Bad by its name alone: wherever it leads from there, as on a host that cannot be looked at. */
static bool is_plainly_bad(struct sw_eval *e, const struct source *s)
{
	if (sw_is_known(e, sw_at(e, "Sources/%s/path", sw_esc(e, s->path))) ||
	    sw_param_lists(e, "trusted_mounts", s->path) || is_harmless(s, s->path))
		return false;
	return touched(s->path, sensitive, ARRAY_SIZE(sensitive)) ||
	       (s->is_writable && touched(s->path, delicate, ARRAY_SIZE(delicate)));
}

static void judge_mount(struct sw_eval *e, size_t i)
{
	struct source s;
	const char *real;

	switch (source_of(e, i, &s)) {
	case SOURCE_FOREIGN:
		if (!sw_param_lists(e, "trusted_mounts", s.inside))
			sw_warn(e, "%s: see what it exposes", s.what);
		return;
	case SOURCE_PATH:
		if (is_plainly_bad(e, &s)) {
			sw_fail(e, "mounts %s", phrase(e, &s, s.path));
			return;
		}
		real = source_resolved(e, &s);
		if (real)
			judge_path(e, &s, real);
		return;
	case SOURCE_NONE: judge_volume(e, &s, i); return;
	case SOURCE_UNKNOWN: return;
	}
}

static enum sw_verdict no_sensitive_mounts(struct sw_eval *e)
{
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++)
		judge_mount(e, i);
	return sw_said(e);
}

static enum sw_verdict mounts_do_not_propagate(struct sw_eval *e)
{
	static const char *const inward[] = { "", "private", "rprivate", "slave", "rslave" };
	size_t n = engine_count(e, "Mounts");

	for (size_t i = 0; i < n; i++) {
		const char *mode = sw_str(e, sw_at(e, "Mounts/%zu/Propagation", i), "");
		const char *inside = sw_str(e, sw_at(e, "Mounts/%zu/Destination", i), "?");
		bool is_inward = false;

		for (size_t k = 0; k < ARRAY_SIZE(inward); k++)
			is_inward |= strcmp(mode, inward[k]) == 0;
		if (strcmp(mode, "shared") == 0 || strcmp(mode, "rshared") == 0)
			sw_fail(e, "%s is mounted %s", inside, mode);
		else if (!is_inward)
			sw_unknown(e, "%s has the unknown propagation '%s'", inside, mode);
	}
	return sw_said(e);
}

static enum sw_verdict root_is_read_only(struct sw_eval *e)
{
	if (!sw_bool(e, "HostConfig/ReadonlyRootfs", false))
		return sw_fail(e, "its root file system is writable");
	return SW_PASS;
}

static const struct sw_param mount_params[] = {
	{ "trusted_mounts", SW_LIST, NULL,
	  "paths of the host (links resolved; patterns) that may be mounted; of other volumes: "
	  "where they are mounted" },
	{ "strict", SW_BOOL, "false", "fail for read-only mounts of every listed path too" },
	{ 0 },
};

const struct sw_check sw_container_mounts_checks[] = {
	{
		.id = "container.sensitive-mounts",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Containers do not mount the host's system directories",
		.why = "What a container can write in /etc, /usr, /boot or the engine's data it "
		       "turns "
		       "into root on the host; what it can read there are keys and passwords.",
		.wanted = "no system directory of the host, by whatever name",
		.remedy = "Mount a folder made for this container, or a named volume, instead:\n"
			  "docker run --mount type=bind,src=/srv/NAME,dst=/data,readonly ...\n"
			  "compose: volumes: [\"/srv/NAME:/data:ro\"]",
		.fn = no_sensitive_mounts,
		.params = mount_params,
		.flags = SW_SERVICES,
		.needs = SW_NEEDS_SOURCES | SW_NEEDS_VOLUMES,
	},
	{
		.id = "container.mount-propagation",
		.kind = SW_CONTAINER,
		.severity = SW_HIGH,
		.title = "Mounts of containers do not propagate to the host",
		.why = "With shared propagation a mount made inside the container appears on the "
		       "host, "
		       "over whatever was there.",
		.wanted = "private or slave",
		.remedy = "docker run --mount "
			  "type=bind,src=/srv/NAME,dst=/data,bind-propagation=rslave ...\n"
			  "compose: remove \"propagation: shared\" and \":shared\" from volumes",
		.fn = mounts_do_not_propagate,
		.flags = SW_SERVICES,
	},
	{
		.id = "container.read-only-root",
		.kind = SW_CONTAINER,
		.severity = SW_LOW,
		.title = "Containers have a read-only root file system",
		.why = "An intruder who can write to it changes the programs in it and leaves "
		       "tools "
		       "behind.",
		.wanted = "--read-only",
		.remedy = "docker run --read-only --tmpfs /tmp ...\ncompose: read_only: true, "
			  "tmpfs: [/tmp]",
		.fn = root_is_read_only,
		.flags = SW_SERVICES,
	},
	{ 0 },
};
