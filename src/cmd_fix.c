/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_fix.c: fix: prints what would mend the failures of a saved report. */
#include "json_memory.h"

#include <errno.h>
#include <fcntl.h>

#include "commands.h"
#include "fix_print.h"
#include "report_load.h"
#include "run.h"

/* dockerd reads it whole too; nobody's is longer. */
enum { DAEMON_JSON_MAX = 1 << 20 };

struct input {
	const char *name;
	int fd;
};

struct mending {
	const struct options *o;
	struct input report, daemon_json;
};

static int load_daemon_json(const struct input *in, json_t **ret, struct err *err)
{
	AUTO_FREE char *data = NULL;
	size_t n;
	json_error_t e;
	int code = in->fd < 0 ? 0 : read_all(in->fd, DAEMON_JSON_MAX, &data, &n);
	if (code < 0)
		return err_set(err, code, "%s: %s", in->name, strerror(-code));
	if (in->fd < 0)
		return 0;
	json_t *root = json_loadb(data, n, JSON_REJECT_DUPLICATES, &e);
	if (!root)
		return err_set(err, -EINVAL, "%s:%d:%d: is no daemon.json: %s", in->name, e.line,
			       e.column, e.text);
	if (!json_is_object(root)) {
		json_decref(root);
		return err_set(err, -EINVAL, "%s:1:1: is no daemon.json: an object is wanted",
			       in->name);
	}
	*ret = root;
	return 0;
}

static int print(const struct mending *m, const struct report *report, json_t *given,
		 struct err *err)
{
	struct fixes fixes;
	const struct fix_format *format = m->o->print ? m->o->print : fix_formats;
	fixes_make(&fixes, report, given);
	format->print(&fixes, stdout, stderr);
	fixes_done(&fixes);
	return err_flush_stdout(err);
}

static int work(struct run *run, void *context)
{
	const struct mending *m = context;
	struct report *report CLEANUP(report_unload_p) = NULL;
	struct err err = { 0 };
	json_t *given = NULL;
	(void)run;
	int code = report_load_fd(m->report.name, m->report.fd, &report, &err);
	if (code == 0)
		code = load_daemon_json(&m->daemon_json, &given, &err);
	if (code == 0)
		code = print(m, report, given, &err);
	json_decref(given);
	return code < 0 ? err_complain(&err) : 0;
}

static int open_input(struct input *in, const char *file, struct err *err)
{
	in->name = streq(file, "-") ? "standard input" : file;
	in->fd = streq(file, "-") ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return in->fd < 0 ? err_set(err, -errno, "%s: %s", file, strerror(errno)) : 0;
}

static int open_inputs(struct mending *m, struct err *err)
{
	const char *daemon_json = m->o->daemon_json;
	if (m->o->rest.n != 1)
		return err_set(err, -EINVAL, "fix takes one report; - is standard input");
	if (daemon_json && streq(daemon_json, "-") && streq(m->o->rest.v[0], "-"))
		return err_set(err, -EINVAL,
			       "fix: only one of the report and daemon.json can be standard input");
	if (open_input(&m->report, m->o->rest.v[0], err) < 0)
		return -EINVAL;
	return daemon_json ? open_input(&m->daemon_json, daemon_json, err) : 0;
}

int cmd_fix(const struct options *o)
{
	struct mending m = { .o = o, .report.fd = -1, .daemon_json.fd = -1 };
	struct err err = { 0 };
	int status = open_inputs(&m, &err) < 0
			     ? err_complain(&err)
			     : run_alone(o, &(struct run_work){ .work = work, .context = &m });
	close_p(&m.report.fd);
	close_p(&m.daemon_json.fd);
	return status;
}
