/* SPDX-License-Identifier: Apache-2.0 */
/* report_json.c: the JSON report, version 1: see seaworthy-report(5). */
#include <errno.h>

#include "eval.h"
#include "report_json.h"
#include "report_sinks.h"

#define REPORT_VERSION 1

static void put_names(struct json_writer *w, const char *key, const char *const *names)
{
	json_open(w, key, '[');
	for (size_t i = 0; names && names[i]; i++)
		json_put_string(w, NULL, names[i]);
	json_close(w, ']');
}

static void put_or_null(struct json_writer *w, const char *key, int known)
{
	if (known < 0)
		json_put_null(w, key);
	else
		json_put_bool(w, key, known);
}

static void put_selection(struct json_writer *w, const struct report *r)
{
	static const struct selection all;
	const struct selection *s = r->selection ? r->selection : &all;

	json_open_inline(w, "selection", '{');
	put_names(w, "only", s->only);
	put_names(w, "skip", s->skip);
	if (s->level > 0)
		json_put_int(w, "level", s->level);
	else
		json_put_null(w, "level");
	put_names(w, "subject", r->subject_patterns);
	json_close(w, '}');
}

static void put_unread(struct json_writer *w, const struct report *r)
{
	json_open(w, "unread", '[');
	for (size_t i = 0; i < r->n_unread; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "section", r->unread[i].section);
		json_put_string(w, "reason", r->unread[i].reason);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_baseline(struct json_writer *w, const struct report *r)
{
	if (!r->baseline) {
		json_put_null(w, "baseline");
		return;
	}
	json_open_inline(w, "baseline", '{');
	json_put_string(w, "file", r->baseline);
	json_put_string(w, "started", r->baseline_started);
	json_put_size(w, "known", r->n_known);
	json_close(w, '}');
}

static void put_warnings(struct json_writer *w, const struct report *r)
{
	json_open(w, "warnings", '[');
	for (size_t i = 0; i < r->warnings.n; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "place", r->warnings.v[i].place);
		json_put_string(w, "text", r->warnings.v[i].text);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_engine(struct json_writer *w, const struct target *t)
{
	if (!t->has_engine) {
		json_put_null(w, "engine");
		json_put_string(w, "no_engine", t->no_engine);
		return;
	}
	json_open_inline(w, "engine", '{');
	json_put_string(w, "name", t->engine_name);
	json_put_string(w, "version", t->engine_version);
	json_put_string(w, "api", t->engine_api);
	json_put_string(w, "endpoint", t->endpoint);
	json_put_string(w, "endpoint_why", t->endpoint_why);
	put_or_null(w, "rootless", t->rootless);
	put_or_null(w, "local", t->local);
	json_put_size(w, "containers", t->containers);
	json_put_size(w, "running", t->running);
	json_put_size(w, "images", t->images);
	json_close(w, '}');
}

void report_json_target(struct json_writer *w, const struct target *t)
{
	json_open(w, "target", '{');
	json_put_string(w, "kind", t->kind);
	json_put_string(w, "hostname", t->hostname);
	json_open_inline(w, "os", '{');
	json_put_string(w, "id", t->os_id);
	json_put_string(w, "version_id", t->os_version);
	json_put_string(w, "name", t->os_name);
	json_close(w, '}');
	json_put_string(w, "kernel", t->kernel);
	json_put_string(w, "arch", t->arch);
	json_put_string(w, "machine", t->machine);
	put_engine(w, t);
	json_close(w, '}');
}

void report_json_summary(struct json_writer *w, const struct summary *s)
{
	static const enum sw_verdict order[] = { SW_PASS, SW_FAIL, SW_WARN, SW_SKIP, SW_UNKNOWN };

	json_open_inline(w, "summary", '{');
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		json_put_size(w, verdict_name(order[i]), s->count[order[i]]);
	json_put_size(w, "waived", s->waived);
	json_close(w, '}');
}

static void put_profile(struct json_writer *w, const struct profile *p, const struct summary *s)
{
	json_open(w, NULL, '{');
	json_put_string(w, "id", p->id);
	json_put_string(w, "title", p->title);
	json_put_string(w, "version", p->version);
	json_put_string(w, "source", p->source);
	json_open_inline(w, "rules", '{');
	json_put_size(w, "defined", p->n_defined);
	json_put_size(w, "selected", profile_count_refs(p, true));
	json_put_size(w, "missing", p->n_defined - profile_count_refs(p, false));
	json_close(w, '}');
	report_json_summary(w, s);
	json_open(w, "left_out", '[');
	for (size_t i = 0; i < p->n_left_out; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "ref", p->left_out[i].ref);
		json_put_string(w, "why", p->left_out[i].why);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "groups", '[');
	for (size_t i = 0; i < p->n_groups; i++) {
		json_open_inline(w, NULL, '{');
		json_put_string(w, "id", p->groups[i].id);
		json_put_string(w, "title", p->groups[i].title);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

static void put_subject(struct json_writer *w, const struct subject *s)
{
	if (json_again(w, s, 1))
		return;
	json_open_inline(w, "subject", '{');
	json_put_string(w, "kind", kind_name(s->kind));
	json_put_string(w, "id", s->id);
	json_put_string(w, "name", s->name);
	json_put_string(w, "image", s->image);
	json_put_string(w, "image_id", s->image_id);
	put_or_null(w, "running", s->running);
	if (s->labels) {
		json_put_value(w, "labels", s->labels);
	} else {
		json_open(w, "labels", '{');
		json_close(w, '}');
	}
	if (s->labels_cut)
		json_put_bool(w, "labels_cut", true);
	json_close(w, '}');
	json_remember(w, s, 1);
}

void report_json_evidence(struct json_writer *w, const struct evidence *e)
{
	json_open_inline(w, NULL, '{');
	json_put_string(w, "source", e->source);
	json_put_string(w, "path", e->path);
	if (e->value) {
		json_put_json(w, "value", e->value);
	} else {
		json_put_null(w, "value");
		json_put_bool(w, "unread", true);
	}
	json_close(w, '}');
}

/* Equal lists are kept once, so many findings share one. */
static void put_evidence(struct json_writer *w, const struct finding *f)
{
	if (f->n_evidence > 0 && json_again(w, f->evidence, f->n_evidence))
		return;
	json_open(w, "evidence", '[');
	for (size_t i = 0; i < f->n_evidence; i++)
		report_json_evidence(w, &f->evidence[i]);
	json_close(w, ']');
	if (f->n_evidence > 0)
		json_remember(w, f->evidence, f->n_evidence);
}

void report_json_finding(struct json_writer *w, const struct finding *f, const struct rule *rule)
{
	char fingerprint[17];

	put_subject(w, f->subject);
	json_put_string(w, "verdict", verdict_name(f->verdict));
	json_put_string(w, "reason", f->reason);
	put_evidence(w, f);
	json_put_string(w, "fingerprint", finding_fingerprint(f, rule, fingerprint));
	if (f->change)
		json_put_string(w, "change", change_name(f->change));
	if (f->waiver) {
		json_open_inline(w, "waiver", '{');
		json_put_string(w, "reason", f->waiver->reason);
		json_put_string(w, "owner", f->waiver->owner);
		json_put_string(w, "until", f->waiver->until);
		json_close(w, '}');
	} else {
		json_put_null(w, "waiver");
	}
}

static void put_counts(struct json_writer *w, const struct result *res)
{
	size_t n_waived = 0;
	json_open_inline(w, "counts", '{');
	for (int v = 0; v < SW_VERDICTS; v++)
		if (res->counts[v] > 0)
			json_put_size(w, verdict_name((enum sw_verdict)v), res->counts[v]);
	for (size_t i = 0; i < res->n_findings; i++)
		n_waived += res->findings[i].waiver != NULL;
	if (n_waived > 0)
		json_put_size(w, "waived", n_waived);
	json_close(w, '}');
}

void report_json_rule(struct json_writer *w, const struct rule *rule)
{
	json_put_string(w, "profile", rule->profile->id);
	json_put_string(w, "ref", rule->ref);
	json_put_string(w, "group", rule->group);
	json_put_string(w, "check", rule->check->id);
	json_put_string(w, "kind", kind_name(rule->check->kind));
	json_put_string(w, "title", rule->title);
	if (rule->level > 0)
		json_put_int(w, "level", rule->level);
	else
		json_put_null(w, "level");
	json_put_string(w, "assessment", rule->assessment);
	json_put_string(w, "severity", severity_name(rule->check->severity));
}

void report_json_result(struct json_writer *w, const struct result *res)
{
	const struct rule *rule = res->rule;

	report_json_rule(w, rule);
	json_put_string(w, "verdict", verdict_name(res->verdict));
	json_put_bool(w, "waived", res->waived);
	if (res->known)
		json_put_bool(w, "known", true);
	json_put_string(w, "reason", res->reason);
	json_put_string(w, "wanted", rule->check->wanted);
	if (rule->why)
		json_put_string(w, "deviation", rule->why);
	json_put_lines(w, "why", rule->check->why);
	json_put_lines(w, "remedy", result_remedy(res));
	if (rule->params) {
		json_put_value(w, "params", rule->params);
	} else {
		json_open(w, "params", '{');
		json_close(w, '}');
	}
	put_counts(w, res);
}

static void put_result(struct json_writer *w, const struct result *res)
{
	json_open(w, NULL, '{');
	report_json_result(w, res);
	json_open(w, "findings", '[');
	for (size_t i = 0; i < res->n_findings; i++) {
		json_open(w, NULL, '{');
		report_json_finding(w, &res->findings[i], res->rule);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

void report_json_orders(struct json_writer *w, const struct report *r)
{
	put_selection(w, r);
	put_baseline(w, r);
	put_names(w, "tailoring", r->tailoring);
}

static void put_head(struct json_writer *w, const struct report *r)
{
	json_put_int(w, "seaworthy", REPORT_VERSION);
	json_open_inline(w, "tool", '{');
	json_put_string(w, "name", "seaworthy");
	json_put_string(w, "version", report_tool_version(r));
	json_put_bool(w, "sandbox", r->sandbox);
	json_close(w, '}');
	json_put_string(w, "started", r->started);
	json_put_string(w, "finished", r->finished);
	json_put_string(w, "now", r->now);
	json_put_bool(w, "complete", r->complete);
	json_put_int(w, "exit", r->exit_status);
	json_put_string(w, "fail_on", r->fail_on);
	report_json_orders(w, r);
	put_warnings(w, r);
	put_unread(w, r);
	json_put_bool(w, "as_root", r->as_root);
	json_put_string(w, "missing_privilege", r->missing_privilege);
	json_put_string(w, "sandbox_missing", r->sandbox_missing);
	report_json_target(w, &r->target);
}

static int write_json(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options; /* the machine-readable report is always whole */
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	put_head(&w, r);
	json_open(&w, "profiles", '[');
	for (size_t i = 0; i < r->n_profiles; i++)
		put_profile(&w, r->profiles[i], &r->profile_summaries[i]);
	json_close(&w, ']');
	report_json_summary(&w, &r->summary);
	json_open(&w, "results", '[');
	for (size_t i = 0; i < r->n_results; i++)
		put_result(&w, &r->results[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	json_writer_flush(&w);
	putc('\n', out);
	return ferror(out) ? (errno ? -errno : -EIO) : 0;
}

const struct sink sink_json = {
	.name = "json",
	.help = "everything, for other programs; version 1 of seaworthy-report(5)",
	.write = write_json,
};
