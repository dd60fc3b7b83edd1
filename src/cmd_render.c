/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_render.c: render: a report that was saved, in another format. */
#include <errno.h>
#include <fcntl.h>

#include "commands.h"
#include "outputs.h"
#include "report_load.h"
#include "run.h"

struct render {
	const struct options *o;
	struct outputs outputs;
	const char *name;
	int fd;
};

static int complain(struct err *err)
{
	fprintf(stderr, "seaworthy: %s\n", err->text);
	err_done(err);
	return 2;
}

static int prepare(struct run *run, void *context)
{
	struct render *r = context;
	struct err err = { 0 };
	(void)run;
	return outputs_load(&r->outputs, &err) < 0 ? complain(&err) : 0;
}

static int work(struct run *run, void *context)
{
	struct render *r = context;
	struct report *report CLEANUP(report_unload_p) = NULL;
	struct err err = { 0 };
	AUTO_FREE char *data = NULL;
	size_t n;
	(void)run;
	int code = read_all(r->fd, REPORT_SIZE_MAX, &data, &n);
	if (code < 0)
		code = err_set(&err, code, "%s: %s", r->name, strerror(-code));
	if (code == 0)
		code = report_load(r->name, data, n, &report, &err);
	if (code == 0)
		code = outputs_write(&r->outputs, r->o, report, &err);
	return code < 0 ? complain(&err) : 0;
}

static int open_input(struct render *r, struct err *err)
{
	const char *file = r->o->rest.n == 1 ? r->o->rest.v[0] : NULL;
	if (!file)
		return err_set(err, -EINVAL, "render takes one report; - is standard input");
	r->name = streq(file, "-") ? "standard input" : file;
	r->fd = streq(file, "-") ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC);
	return r->fd < 0 ? err_set(err, -errno, "%s: %s", file, strerror(errno)) : 0;
}

int cmd_render(const struct options *o)
{
	struct render r = { .o = o, .fd = -1 };
	struct err err = { 0 };
	int status = 0;

	if (open_input(&r, &err) < 0 || outputs_open(&r.outputs, o, &err) < 0)
		status = complain(&err);
	if (status == 0)
		status = run_alone(
			o, &(struct run_work){ .prepare = prepare, .work = work, .context = &r });
	if (outputs_finish(&r.outputs, status != 2, &err) < 0)
		status = complain(&err);
	if (r.fd >= 0)
		close(r.fd);
	return status;
}
