/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_collect.c: collect: writes the records of a host and its engine, to be judged later or
 * elsewhere. */
#include <errno.h>

#include "commands.h"
#include "engine.h"
#include "layers.h"
#include "progress.h"
#include "record.h"
#include "rules.h"
#include "run.h"

struct collecting {
	const struct options *o;
	struct rules rules; /* with -p: only what these need is collected */
	struct output output;
	int error; /* of the first record that could not be written */
};

static void take_record(const char *kind, const char *id, json_t *body, void *context)
{
	struct collecting *c = context;
	if (c->error == 0)
		c->error = record_write(c->output.file, kind, id, body);
}

/* All that is cheap; with -p only what its rules need. */
static void choose(struct run *run, const struct rules *rules)
{
	run->needs = ~(SW_NEEDS_WALK | SW_NEEDS_LAYERS);
	run->kinds = 1u << SW_CONTAINER | 1u << SW_IMAGE | 1u << SW_SERVICE;
	if (rules->n_profiles > 0)
		judge_needs(rules->profiles, rules->n_profiles, &run->needs, &run->kinds);
	if (run->o->layers)
		run->needs |= SW_NEEDS_LAYERS;
	else
		run->needs &= ~SW_NEEDS_LAYERS;
	if (run->o->walk)
		run->needs |= SW_NEEDS_WALK;
}

static int load(void *context)
{
	struct collecting *c = context;
	struct err err = { 0 };
	int code = c->o->profiles.n > 0 ? rules_open(&c->rules, c->o, &err) : 0;
	if (code == 0)
		return 0;
	return err_complain(&err);
}

static int prepare(struct run *run, void *context)
{
	struct collecting *c = context;
	struct err err = { 0 };
	int code = run->o->layers ? layers_load(&err) : 0;
	if (code == 0 && run->o->profiles.n > 0)
		code = rules_resolve(&c->rules, run->o, &err);
	choose(run, &c->rules);
	if (code == 0)
		return 0;
	return err_complain(&err);
}

static int work(struct run *run, void *context)
{
	struct collecting *c = context;
	struct collect_options o = run_collect_options(run);
	o.record = take_record;
	o.context = c;
	o.progress = progress_show;
	collect_all(run->asker, &o);
	progress_clear();
	if (c->error == 0 && (fflush(c->output.file) == EOF || ferror(c->output.file)))
		c->error = errno ? -errno : -EIO;
	if (c->error == 0)
		return 0;
	struct err err = { 0 };
	err_set(&err, c->error, "%s: the snapshot could not be written: %s",
		c->output.target ? c->output.target : "standard output", strerror(-c->error));
	return err_complain(&err);
}

int cmd_collect(const struct options *o)
{
	struct collecting c = { .o = o };
	struct err err = { 0 };
	int status = 2;
	if (o->rest.n > 0)
		err_set(&err, -EINVAL, "collect takes no '%s'; see seaworthy collect --help",
			o->rest.v[0]);
	else if (o->n_outputs > 1)
		err_set(&err, -EINVAL, "-o: one file is enough");
	else if (o->n_outputs == 1)
		c.output = o->outputs[0];
	if (!err.text && output_open(&c.output, &err) == 0) {
		status = run_processes(
			o, &(struct run_work){
				   .load = load, .prepare = prepare, .work = work, .context = &c });
		if (status == 0)
			status = output_commit(&c.output, &err) < 0 ? 2 : 0;
		else
			output_abandon(&c.output);
	}
	if (err.text)
		err_complain(&err);
	return status;
}
