/* SPDX-License-Identifier: Apache-2.0 */
/* run.h: the three processes of a run: parent, fetcher, reader. */
#ifndef SW_RUN_H
#define SW_RUN_H

#include "collect.h"
#include "evidence.h"
#include "options.h"
#include "sandbox.h"

/* What the parent opened before it forked. */
struct run {
	const struct options *o;
	struct endpoint endpoint;
	int root_fd;     /* the audited root */
	int snapshot_fd; /* -1: live or --root */
	struct evidence_files evidence;
	bool live;
	bool is_alone; /* no fetcher: there is nothing to ask */
	bool is_privileged;
	int questions, answers; /* the reader's ends; -1 without a fetcher */
	/* Set by prepare(): SW_NEEDS_…, for which the fetcher keeps capabilities, and 1 << enum
	 * sw_kind of what is collected. */
	unsigned needs, kinds;
	/* in the reader, after it is shut in */
	struct sandbox_state sandbox;
	struct asker *asker;
};

/*
 * Opens the root or the snapshot, forks fetcher and reader; in the reader, calls load(), gives its
 * privileges away, calls prepare() (which runs what comes from the user: plugins), tells the
 * fetcher which capabilities to keep, shuts the sandbox, calls work() and ends with what it
 * returns. Gives that status to the parent; 2 when a process died.
 */
struct run_work {
	/* In the parent, while the fetcher makes itself ready: opens what is to be finished there.
	 * Each of these gives 0 or the status to end with; NULL but for work() does nothing. */
	int (*open)(void *context);
	/* In the reader, with the user's rights still: reads what the user named. */
	int (*load)(void *context);
	int (*prepare)(struct run *r, void *context);
	int (*work)(struct run *r, void *context);
	void *context;
};
int run_processes(const struct options *o, const struct run_work *w);
/* The reader alone, shut in, for what needs neither host nor engine. */
int run_alone(const struct options *o, const struct run_work *w);

/*
 * From here on SIGHUP, SIGINT and SIGTERM end the two children, and run_processes() returns 2, so
 * that temporary files are removed; then the second one ends this process by that signal.
 */
void run_catch_signals(void);
void run_pass_on_signal(void);

/* The options of collect_all() that follow from the run. */
struct collect_options run_collect_options(const struct run *r);

#endif
