/* SPDX-License-Identifier: Apache-2.0 */
/* fix_daemon.c: keys of daemon.json: which may be set without keeping the engine from starting. */
#include "json_memory.h"
#include "fix.h"

#include "settings.h"

/* As in effective.c: of older engines nothing is known. */
enum { OLDEST_KNOWN = 20 };

/* dockerd, NewDaemon and verifyDaemonSettings of moby: "specified both as a flag and in the file",
 * "--iptables=false with --icc=false", "--live-restore ... incompatible with swarm mode". */

static const char *given_text(const struct fix_job *job, const char *key)
{
	return json_string_value(json_object_get(job->fixes->given, key));
}

const char *fix_not_in_swarm(struct fix_job *job)
{
	const char *state = fix_text(job->fixes, fix_evidence(job, "info/Swarm/LocalNodeState"));
	if (state && streq(state, "inactive"))
		return NULL;
	return "an engine in a swarm does not start with it, and the report does not tell that "
	       "this one is in none";
}

const char *fix_needs_iptables(struct fix_job *job)
{
	const char *on = job->fixes->iptables;
	json_t *given = json_object_get(job->fixes->given, "iptables");
	if (json_is_false(given) || (on && streq(on, "false")))
		return "it needs \"iptables\": true, which is off here: mend that first, and audit "
		       "again";
	return on ? NULL
		  : "it needs \"iptables\": true, and the report does not tell whether that is so: "
		    "audit with daemon.iptables";
}

const char *fix_filter_is_told(struct fix_job *job)
{
	(void)job;
	return "an engine does not start with it where the program iptables or its modules of the "
	       "kernel are missing, which no report tells";
}

const char *fix_is_json_file(struct fix_job *job)
{
	const char *driver = given_text(job, "log-driver");
	return !driver || streq(driver, "json-file")
		       ? NULL
		       : "these options are of the driver json-file, and daemon.json has another";
}

const char *fix_no_image_store(struct fix_job *job)
{
	const char *on = fix_evidence(job, "effective/features/value/containerd-snapshotter");
	json_t *features = json_object_get(job->fixes->given, "features");
	if ((on && !streq(on, "false")) ||
	    json_is_true(json_object_get(features, "containerd-snapshotter")))
		return "an engine with the feature containerd-snapshotter does not start with it";
	return NULL;
}

const char *fix_no_required_ulimits(struct fix_job *job)
{
	return json_object_get(job->result->rule->params, "required_ulimits")
		       ? "which limits are required is in the parameter required_ulimits; their "
			 "values are for a person"
		       : NULL;
}

const char *fix_daemon_path(const struct fixes *f)
{
	const char *path = fix_text(f, f->config_file);
	return path && !fix_path_fault(path) ? path : NULL;
}

/* Why nothing can be said of this engine's daemon.json at all. */
static const char *engine_fault(const struct fix_job *job)
{
	const struct target *t = &job->fixes->report->target;
	if (!t->has_engine || !t->engine_name || !streq(t->engine_name, "Docker"))
		return "the engine is not Docker";
	if (t->local != 1)
		return "the engine is on another host";
	if (!t->engine_version || !*t->engine_version)
		return "the version of the engine is not known";
	if (t->rootless == 1 && !fix_daemon_path(job->fixes))
		return "the engine is rootless, and the report does not tell where its daemon.json "
		       "is";
	return NULL;
}

static const char *key_fault(struct fix_job *job)
{
	const struct fix_key *key = &job->row->key;
	const char *fault = engine_fault(job);
	if (fault)
		return fault;
	const char *version = job->fixes->report->target.engine_version;
	unsigned major = (unsigned)strtoul(version, NULL, 10);
	if (major < OLDEST_KNOWN || !setting_exists(setting_by_key(key->name), major) ||
	    (key->since && sw_version_compare(version, key->since) < 0))
		return arena_printf(job->fixes->arena, "Docker %s does not take \"%s\"", version,
				    key->name);
	AUTO_FREE char *path = xasprintf("effective/%s/on_command_line", key->name);
	const char *flag = fix_evidence(job, path);
	if (!flag)
		return arena_printf(
			job->fixes->arena,
			"the report does not tell whether \"%s\" is on the command line of "
			"dockerd too, with which it would not start",
			key->name);
	if (!streq(flag, "false"))
		return arena_printf(
			job->fixes->arena,
			"it is on the command line of dockerd, which does not start with it "
			"in daemon.json too: change it there (systemctl edit --full docker)");
	return key->guard ? key->guard(job) : NULL;
}

void fix_daemon_key(struct fix_job *job)
{
	const char *fault = key_fault(job);
	if (fault)
		job->why = fault;
	else
		fix_add(job, (struct fix){ 0 });
}

/* An object is added to, anything else replaced. */
static void set_key(json_t *file, const struct fix_key *key)
{
	json_t *value = json_loads(key->value, JSON_DECODE_ANY, NULL);
	json_t *there = json_object_get(file, key->name);
	if (json_is_object(value) && json_is_object(there)) {
		json_t *sum = json_copy(there);
		json_object_update(sum, value);
		json_object_set_new(file, key->name, sum);
	} else {
		json_object_set(file, key->name, value);
	}
	json_decref(value);
}

json_t *fix_daemon_merged(const struct fixes *f)
{
	json_t *file = f->given ? json_copy(f->given) : json_object();
	for (size_t i = 0; i < f->n; i++) {
		const struct fix_key *key = &f->all[i].row->key;
		if (key->value)
			set_key(file, key);
		else if (key->name)
			json_object_del(file, key->name);
	}
	return file;
}
