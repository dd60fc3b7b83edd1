/* SPDX-License-Identifier: Apache-2.0 */
/* outputs.c: see outputs.h. */
#include <errno.h>

#include "outputs.h"

/* The later one would take the place of the other, or both would be mixed. */
static int refuse_twice(const struct outputs *outs, const struct output *last, struct err *err)
{
	for (const struct output *o = outs->all; o < last; o++)
		if (output_is_same(o, last))
			return err_set(err, -EINVAL, "-o: two reports in one file: %s",
				       last->target ? last->target : o->target);
	return 0;
}

int outputs_open(struct outputs *outs, const struct options *o, struct err *err)
{
	outs->standard = (struct output){ .sink = sink_find("text") };
	outs->all = o->n_outputs ? o->outputs : &outs->standard;
	outs->look = options_look(o, STDOUT_FILENO);
	size_t n = o->n_outputs ? o->n_outputs : 1;
	for (outs->n = 0; outs->n < n; outs->n++) {
		int code = output_open(&outs->all[outs->n], err);
		if (code < 0)
			return code;
		code = refuse_twice(outs, &outs->all[outs->n], err);
		if (code < 0) {
			output_abandon(&outs->all[outs->n]);
			return code;
		}
	}
	return 0;
}

int outputs_load(struct outputs *outs, struct err *err)
{
	int code = 0;
	for (size_t i = 0; i < outs->n && code == 0; i++)
		if (outs->all[i].sink->load)
			code = outs->all[i].sink->load(err);
	return code;
}

struct report_options outputs_look(const struct outputs *outs, const struct options *o, size_t i)
{
	enum { FILE_WIDTH = 100 };
	struct report_options look = outs->look;
	if (outs->all[i].target) {
		look.color = streq(o->color, "always");
		look.width = FILE_WIDTH;
	}
	return look;
}

int outputs_write(struct outputs *outs, const struct options *o, const struct report *report,
		  struct err *err)
{
	int code = 0;
	for (size_t i = 0; i < outs->n && code == 0; i++) {
		struct report_options look = outputs_look(outs, o, i);
		code = output_write(&outs->all[i], report, &look, err);
	}
	return code;
}

int outputs_finish(struct outputs *outs, bool is_good, struct err *err)
{
	int code = 0;
	for (size_t i = 0; i < outs->n; i++) {
		if (!is_good || code < 0)
			output_abandon(&outs->all[i]);
		else
			code = output_commit(&outs->all[i], err);
	}
	return code;
}
