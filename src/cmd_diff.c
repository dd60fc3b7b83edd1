/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_diff.c: diff: two saved reports, and what became of the findings. */
#include <errno.h>
#include <fcntl.h>

#include "commands.h"
#include "diff.h"
#include "outputs.h"
#include "report_load.h"
#include "run.h"

enum { SIDES = 2 };

struct comparison {
	const struct options *o;
	struct outputs outputs;
	const char *names[SIDES];
	int fds[SIDES];
};

static int complain(struct err *err)
{
	fprintf(stderr, "seaworthy: %s\n", err->text);
	err_done(err);
	return 2;
}

static int write_all(struct comparison *c, const struct diff *d, struct err *err)
{
	for (size_t i = 0; i < c->outputs.n; i++) {
		struct output *out = &c->outputs.all[i];
		struct report_options look = outputs_look(&c->outputs, c->o, i);
		int code = diff_write(d, out->sink->name, &look, out->file);
		if (code < 0)
			return err_set(err, code, "%s: %s",
				       out->target ? out->target : "standard output",
				       strerror(-code));
	}
	return 0;
}

static int work(struct run *run, void *context)
{
	struct comparison *c = context;
	struct report *reports[SIDES] = { 0 };
	struct err err = { 0 };
	int code = 0, status = 2;
	(void)run;
	for (size_t i = 0; i < SIDES && code == 0; i++)
		code = report_load_fd(c->names[i], c->fds[i], &reports[i], &err);
	if (code == 0) {
		struct diff d = { .then_name = c->names[0],
				  .now_name = c->names[1],
				  .then = reports[0],
				  .now = reports[1] };
		diff_make(&d);
		code = write_all(c, &d, &err);
		status = d.exit_status;
		diff_done(&d);
	}
	for (size_t i = 0; i < SIDES; i++)
		report_unload(reports[i]);
	return code < 0 ? complain(&err) : status;
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
		c->names[i] = o->rest.v[i];
		c->fds[i] = open(c->names[i], O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (c->fds[i] < 0)
			return err_set(err, -errno, "%s: %s", c->names[i], strerror(errno));
	}
	return 0;
}

int cmd_diff(const struct options *o)
{
	struct comparison c = { .o = o, .fds = { -1, -1 } };
	struct err err = { 0 };
	int status = 0;

	if (open_inputs(&c, &err) < 0 || outputs_open(&c.outputs, o, &err) < 0)
		status = complain(&err);
	if (status == 0)
		status = run_alone(o, &(struct run_work){ .work = work, .context = &c });
	if (outputs_finish(&c.outputs, status != 2, &err) < 0)
		status = complain(&err);
	for (size_t i = 0; i < SIDES; i++)
		close_p(&c.fds[i]);
	return status;
}
