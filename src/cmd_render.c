/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_render.c: render: a report that was saved, in another format; or many, as one of all hosts.
 */
#include <errno.h>

#include "commands.h"
#include "fleet.h"
#include "inputs.h"
#include "outputs.h"
#include "report_load.h"
#include "run.h"

struct render {
	const struct options *o;
	struct outputs outputs;
	struct inputs inputs;
	/* Of the first input, as far as it was read to see whether it holds several. */
	char *data;
	size_t n;
};

static int prepare(struct run *run, void *context)
{
	struct render *r = context;
	struct err err = { 0 };
	(void)run;
	return outputs_load(&r->outputs, &err) < 0 ? err_complain(&err) : 0;
}

static bool is_fleet(const struct render *r)
{
	return r->inputs.n > 1 || r->inputs.n_folders > 0;
}

/* --- many ----------------------------------------------------------------------------------- */

static int check_formats(const struct options *o, struct err *err)
{
	for (size_t i = 0; i < o->n_outputs; i++)
		if (!fleet_has_format(o->outputs[i].sink->name))
			return err_set(
				err, -EINVAL,
				"-o %s: several reports are written as text, json, html, markdown "
				"or csv",
				o->outputs[i].sink->name);
	return 0;
}

static int write_fleet(struct render *r, const struct fleet *f, struct err *err)
{
	for (size_t i = 0; i < r->outputs.n; i++) {
		struct output *out = &r->outputs.all[i];
		struct report_options look = outputs_look(&r->outputs, r->o, i);
		int code = fleet_write(f, out->sink->name, &look, out->file);
		if (code < 0)
			return err_set(err, code, "%s: %s",
				       out->target ? out->target : "standard output",
				       strerror(-code));
	}
	return 0;
}

static void read_input(struct render *r, struct fleet *f, size_t i)
{
	const struct input *in = &r->inputs.all[i];
	bool is_begun = i == 0 && r->data;
	if (in->fd < 0) {
		fleet_refuse(f, in->name, strerror(in->error));
		return;
	}
	CLEANUP(json_pull_free_p)
	struct json_pull *p = json_pull_new(is_begun ? r->data : "", is_begun ? r->n : 0, in->fd);
	fleet_read(f, in->name, p);
}

static int render_fleet(struct render *r)
{
	CLEANUP(fleet_free_p) struct fleet *f = fleet_new();
	struct err err = { 0 };
	int code = check_formats(r->o, &err);
	for (size_t i = 0; i < r->inputs.n && code == 0; i++)
		read_input(r, f, i);
	f->n_left_out = r->inputs.n_left_out;
	if (code == 0 && f->n_hosts == 0)
		code = err_set(&err, -EINVAL, "no report could be read: %s: %s", f->refused[0].file,
			       f->refused[0].reason);
	if (code == 0) {
		fleet_finish(f);
		code = write_fleet(r, f, &err);
	}
	return code < 0 ? err_complain(&err) : fleet_status(f);
}

/* --- one ------------------------------------------------------------------------------------ */

/* How far into the first report the bytes are that were looked at. */
struct ahead {
	size_t depth;
	bool is_begun, in_string, is_escaped;
	char last;
};

/* Does c begin another report, after the end of the first or, if that is cut, a line? */
static bool is_another(struct ahead *a, char c)
{
	bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
	char last = a->last;
	a->last = c;
	if (a->is_begun && c == '{' && last == '\n')
		return true;
	if (a->in_string) {
		a->in_string = a->is_escaped || c != '"';
		a->is_escaped = !a->is_escaped && c == '\\';
		return false;
	}
	if (a->is_begun && a->depth == 0 && !is_blank)
		return c == '{';
	a->is_begun |= !is_blank;
	a->in_string = c == '"';
	a->depth += c == '{' || c == '[';
	a->depth -= a->depth > 0 && (c == '}' || c == ']');
	return false;
}

/* Reads until another report begins, or all. */
static int look_ahead(struct render *r, bool *ret_several)
{
	enum { STEP = 1 << 16 };
	struct ahead ahead = { 0 };
	size_t size = 0;
	int fd = r->inputs.all[0].fd;
	for (;;) {
		if (r->n + STEP > size)
			r->data = xrealloc(r->data, size = size * 2 + STEP);
		ssize_t got = read(fd, r->data + r->n, STEP);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : 0;
		size_t seen = r->n;
		r->n += (size_t)got;
		for (; seen < r->n && !*ret_several; seen++)
			*ret_several = is_another(&ahead, r->data[seen]);
		if (*ret_several)
			return 0;
		if (r->n > REPORT_SIZE_MAX)
			return -EFBIG;
	}
}

static int render_one(struct render *r)
{
	struct report *report CLEANUP(report_unload_p) = NULL;
	const char *name = r->inputs.all[0].name;
	struct err err = { 0 };
	bool is_several = false;
	int code = look_ahead(r, &is_several);
	if (code < 0)
		code = err_set(&err, code, "%s: %s", name, strerror(-code));
	else if (is_several)
		return render_fleet(r);
	if (code == 0)
		code = report_load(name, r->data, r->n, &report, &err);
	if (code == 0)
		code = outputs_write(&r->outputs, r->o, report, &err);
	return code < 0 ? err_complain(&err) : 0;
}

static int work(struct run *run, void *context)
{
	struct render *r = context;
	(void)run;
	int status = is_fleet(r) ? render_fleet(r) : render_one(r);
	free(r->data);
	return status;
}

static int open_inputs(struct render *r, struct err *err)
{
	const struct options *o = r->o;
	if (o->rest.n == 0)
		return err_set(err, -EINVAL,
			       "render takes reports, or folders of them; - is standard input");
	int code = inputs_open(&r->inputs, &o->rest, err);
	if (code < 0)
		return code;
	const struct input *first = &r->inputs.all[0];
	if (!is_fleet(r) && first->fd < 0)
		return err_set(err, -first->error, "%s: %s", first->name, strerror(first->error));
	return is_fleet(r) ? check_formats(o, err) : 0;
}

int cmd_render(const struct options *o)
{
	struct render r = { .o = o };
	struct err err = { 0 };
	int status = 0;

	if (open_inputs(&r, &err) < 0 || outputs_open(&r.outputs, o, &err) < 0)
		status = err_complain(&err);
	if (status == 0)
		status = run_alone(
			o, &(struct run_work){ .prepare = prepare, .work = work, .context = &r });
	if (outputs_finish(&r.outputs, status != 2, &err) < 0)
		status = err_complain(&err);
	inputs_done(&r.inputs);
	return status;
}
