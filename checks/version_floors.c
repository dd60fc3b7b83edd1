/* SPDX-License-Identifier: Apache-2.0 */
/* version_floors.c: is the engine, its containerd and its runc new enough, by a dated table of
 * fixes. */
#include "engine.h"
#include "release_lines.h"

/*
 * A version is fixed when its series has a row and it is not older than that row's version, or when
 * it is newer than every row of that flaw. A series without a row never got the fix. Versions older
 * than since never had the flaw. Flaws of containerd's CRI plugin do not reach an engine and are
 * left out.
 */
struct floor {
	const char *component, *series, *fixed, *flaw;
	bool is_grave; /* critical or high */
	const char *since;
};

/* Advisories at github.com/moby/moby, opencontainers/runc and containerd/containerd, and the
 * histories of their release branches, which tell of fixes that advisories leave out. */
static const struct floor floors[] = {
	{ "Engine", "20.10", "20.10.24", "CVE-2023-28840, 28841 and 28842", true, NULL },
	{ "Engine", "23.0", "23.0.3", "CVE-2023-28840, 28841 and 28842", true, NULL },
	{ "Engine", "19.03", "19.03.16", "CVE-2024-41110", true, NULL },
	{ "Engine", "20.10", "20.10.28", "CVE-2024-41110", true, NULL },
	{ "Engine", "23.0", "23.0.15", "CVE-2024-41110", true, NULL },
	{ "Engine", "24.0", "24.0.10", "CVE-2024-41110", true, NULL },
	{ "Engine", "25.0", "25.0.6", "CVE-2024-41110", true, NULL },
	{ "Engine", "26.0", "26.0.3", "CVE-2024-41110", true, NULL },
	{ "Engine", "26.1", "26.1.5", "CVE-2024-41110", true, NULL },
	{ "Engine", "27", "27.1.1", "CVE-2024-41110", true, NULL },
	{ "Engine", "24.0", "24.0.9", "CVE-2024-24557", false, NULL },
	{ "Engine", "25.0", "25.0.2", "CVE-2024-24557", false, NULL },
	{ "Engine", "23.0", "23.0.11", "CVE-2024-29018", false, NULL },
	{ "Engine", "25.0", "25.0.5", "CVE-2024-29018", false, NULL },
	{ "Engine", "26.0", "26.0.0", "CVE-2024-29018", false, NULL },
	{ "Engine", "26.0", "26.0.2", "CVE-2024-32473", false, "26.0.0" },
	{ "Engine", "25.0", "25.0.13", "CVE-2025-54410", false, NULL },
	{ "Engine", "28", "28.0.0", "CVE-2025-54410", false, NULL },
	{ "Engine", "28", "28.3.3", "CVE-2025-54388", false, "28.2.0" },
	{ "Engine", "25.0", "25.0.16", "CVE-2026-34040", true, NULL },
	{ "Engine", "29", "29.3.1", "CVE-2026-34040", true, NULL },
	{ "Engine", "25.0", "25.0.16", "CVE-2026-33997", false, NULL },
	{ "Engine", "29", "29.3.1", "CVE-2026-33997", false, NULL },
	{ "Engine", "25.0", "25.0.17", "CVE-2026-41567", true, NULL },
	{ "Engine", "29", "29.5.1", "CVE-2026-41567", true, NULL },
	{ "Engine", "25.0", "25.0.17", "CVE-2026-42306", false, NULL },
	{ "Engine", "29", "29.5.1", "CVE-2026-42306", false, NULL },
	{ "Engine", "29", "29.9.0", "CVE-2026-97032", false, NULL },
	{ "runc", "1.1", "1.1.12", "CVE-2024-21626", true, NULL },
	{ "runc", "1.1", "1.1.14", "CVE-2024-45310", false, NULL },
	{ "runc", "1.2", "1.2.0", "CVE-2024-45310", false, NULL },
	{ "runc", "1.2", "1.2.8", "CVE-2025-31133, 52565 and 52881", true, NULL },
	{ "runc", "1.3", "1.3.3", "CVE-2025-31133, 52565 and 52881", true, NULL },
	{ "runc", "1.3", "1.3.6", "CVE-2026-41579", false, NULL },
	{ "runc", "1.4", "1.4.3", "CVE-2026-41579", false, NULL },
	{ "runc", "1.5", "1.5.0", "CVE-2026-41579", false, NULL },
	{ "containerd", "1.7", "1.7.29", "CVE-2024-25621", true, NULL },
	{ "containerd", "2.0", "2.0.7", "CVE-2024-25621", true, NULL },
	{ "containerd", "2.1", "2.1.5", "CVE-2024-25621", true, NULL },
};

/* The row that decides for this version: its series', else the newest of the same flaw. */
static const struct floor *floor_of(const struct floor *first, const char *version)
{
	const struct floor *newest = first;
	for (const struct floor *f = first; f < floors + sizeof(floors) / sizeof(*floors); f++) {
		if (strcmp(f->flaw, first->flaw) != 0 ||
		    strcmp(f->component, first->component) != 0)
			continue;
		if (release_is_of(version, f->series))
			return f;
		if (sw_version_compare(f->fixed, newest->fixed) > 0)
			newest = f;
	}
	return newest;
}

static bool is_first_of_flaw(size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(floors[k].flaw, floors[i].flaw) == 0 &&
		    strcmp(floors[k].component, floors[i].component) == 0)
			return false;
	return true;
}

/* Distributions fix old versions without changing the number that the program tells. */
static bool is_vendor_build(const char *version, const char *commit)
{
	return strpbrk(version, "+~-") || strpbrk(commit, "+~-");
}

static void judge_component(struct sw_eval *e, const char *name, const char *version,
			    const char *commit)
{
	bool is_vendor = is_vendor_build(version, commit);
	for (size_t i = 0; i < sizeof(floors) / sizeof(*floors); i++) {
		if (strcmp(floors[i].component, name) != 0 || !is_first_of_flaw(i))
			continue;
		const struct floor *f = floor_of(&floors[i], version);
		if (sw_version_compare(version, f->fixed) >= 0 ||
		    (f->since && sw_version_compare(version, f->since) < 0))
			continue;
		if (is_vendor)
			sw_warn(e, "%s %s is a distribution's build: has it the fix of %s?", name,
				version, f->flaw);
		else if (f->is_grave)
			sw_fail(e, "%s %s has %s, fixed in %s", name, version, f->flaw, f->fixed);
		else
			sw_warn(e, "%s %s has %s, fixed in %s", name, version, f->flaw, f->fixed);
	}
	if (is_vendor)
		sw_warn(e,
			"%s %s is a distribution's build: its own notices tell whether it is "
			"current",
			name, version);
}

/* The programs of the project itself tell the tag: "v2.2.0". */
static const char *without_v(const char *version)
{
	return version[0] == 'v' && version[1] >= '0' && version[1] <= '9' ? version + 1 : version;
}

static enum sw_verdict versions_are_current(struct sw_eval *e)
{
	static const char *const judged[] = { "Engine", "containerd", "runc" };
	bool is_seen[3] = { false };
	size_t n = engine_count(e, "version/Components");

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "version/Components/%zu/Name", i), "");
		for (size_t k = 0; k < 3; k++) {
			if (strcmp(name, judged[k]) != 0)
				continue;
			const char *version = without_v(
				sw_str(e, sw_at(e, "version/Components/%zu/Version", i), ""));
			const char *commit = sw_str(
				e, sw_at(e, "version/Components/%zu/Details/GitCommit", i), "");
			is_seen[k] = *version >= '0' && *version <= '9';
			if (is_seen[k])
				judge_component(e, name, version, commit);
			if (is_seen[k] && !is_vendor_build(version, commit))
				release_line_is_maintained(e, name, version);
		}
	}
	if (!is_seen[0] && engine_is_podman(e))
		return sw_warn(e,
			       "Podman %s: its distribution's notices tell whether that is "
			       "current",
			       engine_text(e, "info/ServerVersion"));
	if (!is_seen[0])
		return sw_unknown(e, "the engine does not tell its version");
	for (size_t k = 1; k < 3; k++)
		if (!is_seen[k])
			sw_warn(e, "the version of %s is not told", judged[k]);
	release_tables_are_fresh(e);
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "no flaw in the table of " RELEASES_AS_OF);
}

const struct sw_check sw_version_floor_checks[] = {
	{
		.id = "engine.version",
		.kind = SW_ENGINE,
		.severity = SW_HIGH,
		.title = "The engine and its runtime have the known fixes and are maintained",
		.why = "Flaws of the engine, containerd and runc that let a container or an API "
		       "client take over "
		       "the host are public soon after they are fixed.",
		.wanted = "no version below a fix in the table of " RELEASES_AS_OF
			  ", and of release lines that still get fixes; the table must be at most "
			  "90 days old",
		.remedy = "Debian, Ubuntu: apt-get update && apt-get install --only-upgrade "
			  "docker-ce containerd.io\n"
			  "Fedora, RHEL: dnf upgrade docker-ce containerd.io\n"
			  "Or the distribution's own packages: docker.io, containerd, runc",
		.fn = versions_are_current,
	},
	{ 0 },
};
