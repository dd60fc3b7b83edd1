/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_audit.c: audit: collects or reads records, judges them, writes the reports. */
#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "commands.h"
#include "engine.h"
#include "eval.h"
#include "layers.h"
#include "outputs.h"
#include "progress.h"
#include "record.h"
#include "report_load.h"
#include "rules.h"
#include "run.h"

struct audit {
	const struct options *o;
	struct rules rules;
	struct outputs outputs;
	struct judge *judge;
	struct report *baseline;
	int baseline_fd;
	struct timespec begun;
};

static int prepare(struct run *run, void *context)
{
	struct audit *a = context;
	struct err err = { 0 };
	if (a->o->layers && layers_load(&err) < 0)
		return err_complain(&err);
	if (outputs_load(&a->outputs, &err) < 0)
		return err_complain(&err);
	if (rules_resolve(&a->rules, a->o, &err) < 0)
		return err_complain(&err);
	judge_needs(a->rules.profiles, a->rules.n_profiles, &run->needs, &run->kinds);
	if (!a->o->layers)
		run->needs &= ~SW_NEEDS_LAYERS;
	return 0;
}

static void take_record(const char *kind, const char *id, json_t *body, void *context)
{
	struct audit *a = context;
	judge_record(a->judge, kind, id, body);
}

static int read_snapshot(struct run *run, struct audit *a)
{
	struct err err = { 0 };
	const char *name = streq(a->o->snapshot, "-") ? "standard input" : a->o->snapshot;
	struct record_reader *reader = record_reader_new(run->snapshot_fd, name);
	struct record record;
	bool has_end = false;
	size_t count = 0;
	int n;
	while ((n = record_read(reader, &record, &err)) > 0) {
		n = record_check_place(&record, count++, has_end, &err);
		if (n < 0)
			err_wrap(&err, "%s: is no snapshot", name);
		else
			take_record(record.kind, record.id, record.body, a);
		has_end |= streq(record.kind, "end");
		record_done(&record);
		if (n < 0)
			break;
	}
	if (n == 0 && count == 0)
		n = err_set(&err, -EINVAL, "%s: is empty", name);
	record_reader_free(reader);
	return n < 0 ? err_complain(&err) : 0;
}

static void collect_live(struct run *run, struct audit *a)
{
	struct collect_options c = run_collect_options(run);
	c.record = take_record;
	c.context = a;
	c.progress = progress_show;
	collect_all(run->asker, &c);
	progress_clear();
}

static int write_reports(struct audit *a, const struct report *report)
{
	struct err err = { 0 };
	const char *idle = judge_idle_pattern(a->judge);
	if (idle)
		return err_set(&err, -EINVAL,
			       "--subject '%s' selects nothing: no name or image matches it, and "
			       "no id "
			       "begins so",
			       idle),
		       err_complain(&err);
	return outputs_write(&a->outputs, a->o, report, &err) < 0 ? err_complain(&err)
								  : report->exit_status;
}

static double seconds_since(const struct timespec *t)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t->tv_sec) + (double)(now.tv_nsec - t->tv_nsec) / 1e9;
}

/* Shut in by now: a report is somebody's bytes. */
static int read_baseline(struct audit *a)
{
	struct err err = { 0 };
	if (a->baseline_fd < 0)
		return 0;
	if (report_load_fd(a->o->baseline, a->baseline_fd, &a->baseline, &err) == 0)
		return 0;
	err_wrap(&err, "--baseline");
	return err_complain(&err);
}

static int work(struct run *run, void *context)
{
	struct audit *a = context;
	const struct options *o = a->o;
	int status = read_baseline(a);
	if (status != 0)
		return status;
	struct judge_options jo = {
		.profiles = a->rules.profiles,
		.n_profiles = a->rules.n_profiles,
		.profiles_named = o->profiles.n > 0,
		.selection = &a->rules.selection,
		.subject_patterns = o->subjects.v,
		.fail_on = o->fail_on,
		.now = o->now,
		.tailoring = &a->rules.tailoring,
		.baseline = a->baseline,
		.baseline_file = o->baseline,
		.is_snapshot = o->snapshot != NULL,
		.has_sandbox = run->sandbox.landlock || run->sandbox.seccomp,
		.sandbox_missing = *run->sandbox.why ? run->sandbox.why : NULL,
	};
	a->judge = judge_new(&jo);
	if (o->snapshot)
		status = read_snapshot(run, a);
	else
		collect_live(run, a);
	if (status == 0)
		status = write_reports(a, judge_finish(a->judge, seconds_since(&a->begun)));
	/* Nothing is freed: the reader ends here, and what it holds goes at once. */
	return status;
}

static int open_baseline(struct audit *a, struct err *err)
{
	const char *file = a->o->baseline;
	if (!file)
		return 0;
	a->baseline_fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return a->baseline_fd < 0 ? err_set(err, -errno, "--baseline %s: %s", file, strerror(errno))
				  : 0;
}

static int open_all(void *context)
{
	struct audit *a = context;
	struct err err = { 0 };
	if (open_baseline(a, &err) < 0 || outputs_open(&a->outputs, a->o, &err) < 0)
		return err_complain(&err);
	return 0;
}

static int load_rules(void *context)
{
	struct audit *a = context;
	struct err err = { 0 };
	return rules_open(&a->rules, a->o, &err) < 0 ? err_complain(&err) : 0;
}

int cmd_audit(const struct options *o)
{
	struct audit a = { .o = o, .baseline_fd = -1 };
	struct err err = { 0 };
	int status;

	clock_gettime(CLOCK_MONOTONIC, &a.begun);
	if (o->rest.n > 0)
		return err_set(&err, -EINVAL, "audit takes no '%s'; %s", o->rest.v[0],
			       access(o->rest.v[0], F_OK) == 0
				       ? "--snapshot FILE judges a snapshot, --root DIR a tree"
				       : "see seaworthy audit --help"),
		       err_complain(&err);
	status = run_processes(o, &(struct run_work){ .open = open_all,
						      .load = load_rules,
						      .prepare = prepare,
						      .work = work,
						      .context = &a });
	if (outputs_finish(&a.outputs, status != 2, &err) < 0)
		status = err_complain(&err);
	close_p(&a.baseline_fd);
	return status;
}
