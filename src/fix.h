/* SPDX-License-Identifier: Apache-2.0 */
/* fix.h: what would mend the failures of a report, as data; fix_print.h writes it. */
#ifndef SW_FIX_H
#define SW_FIX_H

#include <jansson.h>

#include "registry.h"
#include "report.h"

/* Files of ours that lines are put into, so that nobody's own are touched. */
enum fix_place {
	PLACE_AUDIT,
	PLACE_SYSCTL,
	PLACE_JOURNALD,
	PLACE_ENGINE_UNIT,
	PLACES,
};

struct fix_file {
	const char *path;
	const char *header; /* the first line of a new file; NULL: none */
	const char *then;   /* the command that makes it count */
};
extern const struct fix_file fix_files[PLACES];

struct fix_job;
/* Adds the fixes of one finding; 0 added: job->why may say why not. */
typedef void fix_maker(struct fix_job *job);
/* Why a key must not be set here, or NULL. */
typedef const char *fix_guard(struct fix_job *job);

struct fix_key {
	const char *name;  /* of daemon.json */
	const char *value; /* JSON; an object is added to what is there; NULL: the key is removed */
	const char *since; /* takes it without more from this version on; NULL: all with the key */
	fix_guard *guard;  /* or NULL */
	bool reloads;      /* a reload of the engine is enough */
};

/* What mends the failures of a check. In fix_table.c: the one table. */
struct fix_row {
	const char *check; /* pattern of fnmatch(3) */
	const char *when;  /* text that the reason must have; NULL: any. Rows with it may be many */
	fix_maker *make;   /* NULL: only a person can */
	const char *breaks; /* what it may break; or NULL */
	struct fix_key key;
	enum fix_place place;
	const char *owner;         /* "root:root" */
	const char *run, *compose; /* options of docker run, members of a Compose service */
};
extern const struct fix_row fix_rows[]; /* ends with a row whose check is NULL */

/* One change. What does not belong to its kind is NULL. */
struct fix {
	const struct fix_row *row;
	const struct result *result;   /* the first that wants it */
	const struct finding *finding; /* likewise */
	struct text *rules; /* of all that want it: "cis-docker-1.8.0 2.2 (daemon.icc)" */
	const char *path;   /* of a file that is there already */
	const char *mode;   /* symbolic, takes away only: "g-w,o-rwx" */
	const char *owner;  /* as chown takes it */
	bool drops_acl;
	const char *line; /* for the file of its place */
	const char *note; /* what is to be known besides; or NULL */
};

/* What no change here mends: of one check in any number of profiles. */
struct fix_by_hand {
	const struct result *result;
	struct text *rules;
	const char *why; /* there would be a change, but for this; or NULL */
};

struct fixes {
	struct arena *arena;
	const struct report *report;
	struct registry *registry;
	json_t *given; /* daemon.json as the caller gave it; NULL: not given. Borrowed */
	struct fix *all;
	size_t n, cap;
	struct fix_by_hand *by_hand;
	size_t n_by_hand, cap_by_hand;
	json_t *known;           /* what is in the two lists: their places, by a key of each */
	const char *iptables;    /* JSON; NULL: the report does not tell */
	const char *config_file; /* likewise */
};

struct fix_job {
	struct fixes *fixes;
	const struct fix_row *row;
	const struct result *result;
	const struct finding *finding;
	const char *why; /* raw */
	size_t n;        /* that were added */
};

/* All fixes of a report's failures that are not waived. The report and given must outlive it. */
void fixes_make(struct fixes *f, const struct report *r, json_t *given);
void fixes_done(struct fixes *f);

/* For the makers. */
void fix_add(struct fix_job *job, struct fix fix);
/* The evidence of the job's finding; NULL: none, or unread. */
const char *fix_evidence(const struct fix_job *job, const char *path);
/* The text that JSON evidence holds, in the arena; NULL: it is no text. */
const char *fix_text(const struct fixes *f, const char *json);
/* The n bytes of one step of a JSON Pointer as they are meant, in the arena. */
const char *fix_step(const struct fixes *f, const char *step, size_t n);
/* What is odd about a path, so that it is in no script; NULL: nothing. */
const char *fix_path_fault(const char *path);

fix_maker fix_daemon_key, fix_file_rights, fix_audit_watch, fix_audit_lines, fix_sysctl_lines,
	fix_journald_line, fix_unset_variable, fix_container_options;

/* Where daemon.json is; NULL: the report does not tell. */
const char *fix_daemon_path(const struct fixes *f);
/* What is in force (or nothing) with all keys of fixes; new reference. */
json_t *fix_daemon_merged(const struct fixes *f);
fix_guard fix_not_in_swarm, fix_needs_iptables, fix_is_json_file, fix_no_image_store,
	fix_no_required_ulimits, fix_filter_is_told;

#endif
