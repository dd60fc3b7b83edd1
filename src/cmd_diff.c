/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff.c: diff: two saved reports, or two folders of them, and what became of the findings. */
#include <errno.h>

#include "commands.h"
#include "diff.h"
#include "fleet_diff.h"
#include "outputs.h"
#include "report_load.h"
#include "run.h"

enum { SIDES = 2 };

struct comparison {
	const struct options *o;
	struct outputs outputs;
	struct inputs sides[SIDES];
};

static const char *target_of(const struct output *out)
{
	return out->target ? out->target : "standard output";
}

/* --- two reports ---------------------------------------------------------------------------- */

static int write_all(struct comparison *c, const struct diff *d, struct err *err)
{
	for (size_t i = 0; i < c->outputs.n; i++) {
		struct output *out = &c->outputs.all[i];
		struct report_options look = outputs_look(&c->outputs, c->o, i);
		int code = diff_write(d, out->sink->name, &look, out->file);
		if (code < 0)
			return err_set(err, code, "%s: %s", target_of(out), strerror(-code));
	}
	return 0;
}

static int compare_reports(struct comparison *c)
{
	struct report *reports[SIDES] = { 0 };
	const struct input *inputs[SIDES];
	struct err err = { 0 };
	int code = 0, status = 2;
	for (size_t i = 0; i < SIDES && code == 0; i++) {
		inputs[i] = &c->sides[i].all[0];
		code = report_load_fd(inputs[i]->name, inputs[i]->fd, &reports[i], &err);
	}
	if (code == 0) {
		struct diff d = { .then_name = inputs[0]->name,
				  .now_name = inputs[1]->name,
				  .fail_on = c->o->fail_on,
				  .then = reports[0],
				  .now = reports[1] };
		diff_make(&d);
		code = write_all(c, &d, &err);
		status = d.exit_status;
		diff_done(&d);
	}
	for (size_t i = 0; i < SIDES; i++)
		report_unload(reports[i]);
	return code < 0 ? err_complain(&err) : status;
}

/* --- two folders ---------------------------------------------------------------------------- */

static int compare_folders(struct comparison *c)
{
	struct fleet_diff d = { .then_inputs = &c->sides[0],
				.now_inputs = &c->sides[1],
				.fail_on = c->o->fail_on };
	struct err err = { 0 };
	int code = fleet_diff_make(&d, &err);
	for (size_t i = 0; i < c->outputs.n && code == 0; i++) {
		struct output *out = &c->outputs.all[i];
		struct report_options look = outputs_look(&c->outputs, c->o, i);
		code = fleet_diff_write(&d, out->sink->name, &look, out->file, &err);
		if (code < 0)
			err_wrap(&err, "%s", target_of(out));
	}
	fleet_diff_done(&d);
	return code < 0 ? err_complain(&err) : d.exit_status;
}

static int work(struct run *run, void *context)
{
	struct comparison *c = context;
	(void)run;
	return c->sides[0].n_folders ? compare_folders(c) : compare_reports(c);
}

static int open_inputs(struct comparison *c, struct err *err)
{
	const struct options *o = c->o;
	if (o->rest.n != SIDES)
		return err_set(err, -EINVAL, "diff takes two reports, the older one first");
	for (size_t i = 0; i < o->n_outputs; i++)
		if (!diff_has_format(o->outputs[i].sink->name))
			return err_set(err, -EINVAL, "-o %s: diff writes text, json or markdown",
				       o->outputs[i].sink->name);
	for (size_t i = 0; i < SIDES; i++) {
		int code = inputs_open_one(&c->sides[i], o->rest.v[i], err);
		const struct input *first = c->sides[i].all;
		if (code < 0)
			return code;
		if (first->fd < 0 && !c->sides[i].n_folders)
			return err_set(err, -first->error, "%s: %s", first->name,
				       strerror(first->error));
	}
	if (c->sides[0].n_folders != c->sides[1].n_folders)
		return err_set(err, -EINVAL,
			       "diff takes two reports or two folders, not one of each");
	return 0;
}

int cmd_diff(const struct options *o)
{
	struct comparison c = { .o = o };
	struct err err = { 0 };
	int status = 0;

	if (open_inputs(&c, &err) < 0 || outputs_open(&c.outputs, o, &err) < 0)
		status = err_complain(&err);
	if (status == 0)
		status = run_alone(o, &(struct run_work){ .work = work, .context = &c });
	if (outputs_finish(&c.outputs, status != 2, &err) < 0)
		status = err_complain(&err);
	for (size_t i = 0; i < SIDES; i++)
		inputs_done(&c.sides[i]);
	return status;
}
