/* SPDX-License-Identifier: Apache-2.0 */
/* report.h: the one result model that every sink sees, and the table of sinks. */
#ifndef SW_REPORT_H
#define SW_REPORT_H

#include <jansson.h>

#include "arena.h"
#include "err.h"
#include "profile.h"

/*
 * Everything below lives in the report's arena unless it says otherwise. Strings are raw: a sink
 * cleans them (text_clean) as it prints, and escapes them for its format after that.
 */

struct subject {
	enum sw_kind kind;
	const char *id;       /* 64 hex for a container; "" for host and engine */
	const char *name;     /* "web"; the host name for the host */
	const char *image;    /* reference as given, or "" */
	const char *image_id; /* "sha256:…" or "" */
	int running;          /* 1, 0, or -1 where it has no meaning */
	json_t *labels;       /* object; may be NULL; at most 2 KiB of them are kept */
	bool labels_cut;      /* more labels than that */
};

/* Of one finding so many reads are kept: with as many there may have been more. */
enum { EVIDENCE_KEPT = 24 };

struct evidence {
	const char *source; /* "GET /containers/…/json", "/proc/812/cmdline", "command line of
			       dockerd (pid 812)" */
	const char *path;   /* "HostConfig/Privileged" */
	const char *value;  /* compact JSON text; "null" when absent; NULL when unread */
};

/* A reviewed exception: the finding stays what it is, and is marked. */
struct waiver {
	const char *reason, *owner;
	const char *until; /* a date, the last day on which it holds */
};

/* What the one who ordered the report should know of its order: a waiver that expired. */
struct warning {
	const char *place; /* "FILE:12:5", or "" */
	const char *text;
};

struct warnings {
	struct warning *v; /* malloc'ed */
	size_t n;
};

/* Since the report that was given as the baseline. */
enum change_since {
	CHANGE_NONE, /* there is no baseline, or nothing to say */
	CHANGE_NEW,
	CHANGE_WORSE,
	CHANGE_KNOWN,
	CHANGE_FIXED, /* passes, and did not: the others are of findings that do not pass */
	CHANGE_STATES,
};

struct finding {
	const struct subject *subject;
	const char *reason;
	const char *remedy; /* lines for this one in place of the check's; or NULL */
	const struct evidence *evidence;
	const struct waiver *waiver;
	/* There is one of these for each rule and container: it is kept small. */
	uint32_t n_evidence;
	enum sw_verdict verdict : 8;
	enum change_since change : 8;
};

struct result {
	const struct rule *rule;
	enum sw_verdict verdict; /* the worst of its findings */
	const char *reason;      /* one line: "1 of 14 containers: web started with --privileged" */
	const char *remedy;      /* lines of its findings; NULL: the check's */
	size_t counts[SW_VERDICTS];
	struct finding *findings; /* malloc'ed; sorted by kind, name, id; at least one */
	size_t n_findings, cap_findings;
	bool waived; /* all of its findings of that verdict are waived, and it is no better than
			warn */
	bool known; /* does not pass, and does not count: the baseline has it, or a waiver covers it
		     */
};

static inline const char *result_remedy(const struct result *r)
{
	return r->remedy ? r->remedy : r->rule->check->remedy;
}

struct summary {
	size_t count[SW_VERDICTS];
	size_t waived;
};

struct unread_section {
	const char *section; /* "engine/process" */
	const char *reason;
};

struct target {
	const char *kind; /* "live", "root" or "snapshot" */
	const char *hostname, *os_id, *os_version, *os_name, *kernel, *arch;
	const char *machine;   /* a hash of its machine-id; or NULL */
	bool has_engine;       /* else "engine": null */
	const char *no_engine; /* the reason, when there was none to ask */
	const char *engine_name, *engine_version, *engine_api, *endpoint, *endpoint_why;
	int rootless, local; /* 1, 0, -1 not known */
	size_t containers, running, images;
};

struct report {
	struct arena *arena;
	json_t *owned; /* of a saved report: what its pointers into JSON live by; else NULL */
	const char *tool_version;             /* of the seaworthy that judged; NULL: of this one */
	const char *started, *finished, *now; /* RFC 3339, UTC; now is a date */
	double took; /* seconds; < 0 when judged from a snapshot: not printed */
	bool complete;
	bool sandbox;
	const char *sandbox_missing;   /* one line: what of the sandbox this kernel or build lacks;
					  NULL if nothing */
	bool as_root;                  /* was the collecting run privileged */
	const char *missing_privilege; /* one line: what root would add; NULL if nothing */
	struct target target;
	const struct selection *selection;
	const char *const *subject_patterns; /* NULL-terminated or NULL */
	struct profile **profiles;
	size_t n_profiles;
	struct summary *profile_summaries; /* n_profiles of them */
	struct summary summary;
	struct result *results; /* in the order of the profiles, then of their rules; selected rules
				   only */
	size_t n_results;
	struct unread_section *unread;
	size_t n_unread;
	const char *const *tailoring; /* files; NULL-terminated or NULL */
	struct warnings warnings;
	const char *baseline; /* file; or NULL */
	const char *baseline_started;
	size_t n_known;      /* results */
	const char *fail_on; /* "low" */
	int exit_status;     /* decided before any sink */
};

/* What a user asked of the way a report looks. */
struct report_options {
	size_t width; /* columns */
	bool color, ascii, verbose, quiet;
	unsigned show;    /* bit 1 << verdict: listed in full */
	const char *sort; /* "verdict", "severity", "subject" or "ref"; NULL: "verdict" */
};

/* Takes copies of both texts into the arena. */
void warnings_add(struct warnings *w, struct arena *a, const char *place, const char *text);

/* A stable id of a finding over check, kind, name and image: 16 hex digits. buf holds 17. */
const char *finding_fingerprint(const struct finding *f, const struct rule *r, char *buf);

/* The version of the seaworthy that made the report. Never NULL. */
const char *report_tool_version(const struct report *r);
/* "new", "worse", "known", "fixed"; NULL of none. */
const char *change_name(enum change_since c);
/* The word of a verdict's result in every format: "waived" when that is what it is. */
const char *result_word(const struct result *r);

/* An output format. Writes to out; the caller flushes, checks and renames. 0 or negative errno. */
struct sink {
	const char *name; /* "json" */
	const char *help; /* one line */
	int (*write)(const struct report *r, const struct report_options *o, FILE *out);
	int (*load)(
		struct err *err); /* what write() needs, before the sandbox shuts; NULL: nothing */
};

/* Ends with NULL. In report.c: the one list of formats. */
extern const struct sink *const sinks[];
const struct sink *sink_find(const char *name);

/* Where a report goes: a temporary file beside the target, renamed when whole. */
struct output {
	const struct sink *sink;
	const char *target;     /* as given; NULL: standard output */
	char *path, *temporary; /* resolved; NULL when written in place */
	FILE *file;
};

/*
 * output_write() runs the sink and flushes, in whichever process holds the report; its errors, and
 * those of the two below, name the file. Writing to a closed pipe is an error only where SIGPIPE is
 * ignored. output_open() is called by the parent before it forks: creates the temporary file (mode
 * 0600 or that of the file it will replace; a target that is no regular file is written in place;
 * links are resolved). output_commit() flushes, syncs and renames; output_abandon() removes the
 * temporary.
 */
int output_open(struct output *o, struct err *err);
/* Do both, opened, go to one file or to one descriptor that is open already? */
bool output_is_same(const struct output *a, const struct output *b);
int output_write(struct output *o, const struct report *r, const struct report_options *options,
		 struct err *err);
int output_commit(struct output *o, struct err *err);
void output_abandon(struct output *o);

#endif
