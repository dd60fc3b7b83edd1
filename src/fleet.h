/* SPDX-License-Identifier: Apache-2.0 */
/* fleet.h: the saved reports of many hosts as one: which hosts and which rules are worst. */
#ifndef SW_FLEET_H
#define SW_FLEET_H

#include "json_pull.h"
#include "report_words.h"

enum {
	FLEET_RULES = 10000, /* different ones, of all reports together */
	FLEET_REPORT_MAX = 256 << 20,
	SEVERITIES = SW_CRITICAL + 1,
};

/* A rule of a profile, and on how many hosts it came to what. */
struct fleet_rule {
	const char *profile, *ref, *check, *title;
	enum sw_severity severity;
	size_t count[OUTCOMES];
};

/* One report. */
struct fleet_host {
	const char *file;  /* and "report N", where it holds several */
	const char *label; /* the host's name; the file, where that tells no host from another */
	const char *hostname, *machine, *kind, *os, *started, *tool;
	const char *engine; /* "Docker 26.1.5", or NULL */
	const char *endpoint;
	const char *profiles;  /* ids, separated by blanks */
	const char *selection; /* what narrowed it; NULL: nothing */
	bool complete;
	int exit_status;
	size_t n_unread;
	size_t input;         /* what fleet.input was */
	unsigned char *cells; /* malloc'ed: of each rule its outcome + 1; 0: not judged */
	size_t n_cells;
	size_t count[OUTCOMES];
	size_t fails[SEVERITIES];       /* rules that fail and are not waived */
	const struct fleet_host *newer; /* does not count: the same host has a later report */
};

/* A report that could not be read. */
struct fleet_refusal {
	const char *file, *reason;
};

struct fleet {
	struct arena *arena;
	struct fleet_host *hosts; /* the worst first; what does not count is last */
	size_t n_hosts, n_counted;
	struct fleet_rule *rules;
	size_t n_rules;
	size_t *order; /* of rules that a host was judged by: the worst first */
	size_t n_order;
	struct fleet_refusal *refused;
	size_t n_refused;
	size_t n_left_out; /* files of folders that are called otherwise */
	size_t input;      /* for the caller: of what is read next */
	json_t *index;     /* profile, number and check to the place in rules */
};

struct fleet *fleet_new(void);
void fleet_free(struct fleet *f);
static inline void fleet_free_p(struct fleet **f)
{
	fleet_free(*f);
}

/* Takes in all reports that p has. Those of which something is wrong are refused, by name. */
void fleet_read(struct fleet *f, const char *name, struct json_pull *p);
void fleet_refuse(struct fleet *f, const char *name, const char *reason);
/* The outcome of a rule on a host; false: it was not judged there. */
bool fleet_outcome(const struct fleet_host *h, size_t rule, enum outcome *ret);
/* Finds hosts that are there twice, counts, and sorts. */
void fleet_finish(struct fleet *f);
/* Are both of one host, as far as reports tell? That is all but the time and what was found. */
bool fleet_is_same_host(const struct fleet_host *a, const struct fleet_host *b);
int fleet_compare_hosts(const struct fleet_host *a, const struct fleet_host *b);

/* Nothing failed there, but something could not be told, or nothing was judged. */
bool fleet_is_unknown(const struct fleet_host *h);

/* 3 if something could not be read, else 0. */
int fleet_status(const struct fleet *f);

/* "text, json, html, markdown and csv": whether it is one of them. */
bool fleet_has_format(const char *format);
int fleet_write(const struct fleet *f, const char *format, const struct report_options *o,
		FILE *out);

/* fleet_formats.c */
void fleet_write_json(const struct fleet *f, FILE *out);
void fleet_write_markdown(const struct fleet *f, FILE *out);
void fleet_write_csv(const struct fleet *f, FILE *out);
/* fleet_html.c */
void fleet_write_html(const struct fleet *f, const struct report_options *o, FILE *out);

#endif
