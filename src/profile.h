/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h: profiles: which rules, by which numbers, with which parameters. */
#ifndef SW_PROFILE_H
#define SW_PROFILE_H

#include <jansson.h>

#include "err.h"
#include "registry.h"

/*
 * One line of a profile. Strings are owned by the profile. A number of a benchmark may have several
 * rules, each with another check.
 */
struct rule {
	const struct profile *profile;
	const char *ref;        /* "5.5" */
	const char *group;      /* "5": the profile's group it belongs to */
	const char *title;      /* the profile's own, else the check's */
	int level;              /* 1, 2, or 0 for none */
	const char *assessment; /* "automated", "manual", or NULL */
	const struct sw_check *check;
	json_t *params; /* object: merged row fallbacks < profile < --set; typed as the row says */
	const char *left_out;    /* why a tailoring takes it out; or NULL */
	bool selected;           /* after --only, --skip, --level */
	const char *why;         /* why this profile has the rule, or has it so; or NULL */
	const struct rule *twin; /* the rule before it of the same number, or NULL */
};

/* A number of the benchmark that has no rule. */
struct missing {
	const char *ref, *why;
};

struct group {
	const char *id;    /* "5" */
	const char *title; /* "Containers" */
};

struct profile {
	const char *id; /* "cis-docker-1.8.0" */
	const char *title;
	const char *version; /* "1.8.0" */
	const char *source;  /* "built-in" or the file */
	size_t n_defined;    /* numbers the benchmark has (rules:, or "recommendations: 118") */
	struct rule *rules;  /* in the order of the file; NULL in a report that was saved */
	size_t n_rules;
	struct group *groups;
	size_t n_groups;
	struct missing *missing; /* what the profile says of numbers without a rule */
	size_t n_missing;
	struct missing *left_out; /* rules that a tailoring took out */
	size_t n_left_out;
	size_t n_refs, n_selected_refs; /* of a report that was saved: numbers with a rule */
	void *owned;                    /* profile.c's */
};

/*
 * Loads a profile by name (built-in, then /etc/seaworthy/profiles/NAME.yaml) or by path (anything
 * with a slash or ending in .yaml), with what it extends, and resolves its checks in the registry
 * (adding its declared checks to it). Errors name file, line, column and the nearest valid name.
 *
 * profile_load() opens and parses; profile_resolve() needs the registry, so that the parent can
 * open what the user named and the reader, which loads the plugins, can resolve.
 */
int profile_load(const char *name, struct profile **ret, struct err *err);
int profile_resolve(struct profile *p, struct registry *r, struct err *err);
void profile_free(struct profile *p);

/* How many numbers have a rule, or have one that is selected. */
size_t profile_count_refs(const struct profile *p, bool selected_only);

/* --set NAME=VALUE on all rules of all profiles whose check has such a parameter; -ENOENT if none
 * has. */
int profiles_set(struct profile **p, size_t n, const char *name, const char *value,
		 struct err *err);

/* Is it the rule's number, its check, or a group above it? As in fnmatch(3). */
bool rule_matches(const struct rule *rule, const char *pattern);
/* " (did you mean 'x'?)" of the numbers, checks and groups there are, or ""; malloc'ed. */
char *rules_hint(struct profile **p, size_t n, const char *pattern);

struct selection {
	const char *const
		*only; /* fnmatch on refs, check ids and groups; NULL-terminated, or NULL */
	const char *const *skip;
	int level; /* 0: all */
};
/* Sets rule.selected; a pattern that selects nothing in any profile is an error. */
int profiles_select(struct profile **p, size_t n, const struct selection *s, struct err *err);

/* Names of the built-in profiles, NULL-terminated. */
const char *const *profile_builtin_names(void);

#endif
