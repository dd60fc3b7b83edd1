/* SPDX-License-Identifier: Apache-2.0 */
/* report_ndjson.c: one JSON value a line: the report, each result, each finding, and the end. */
#include "report_common.h"
#include "report_json.h"
#include "report_sinks.h"

/* Every line stands alone, for a store of logs may bring them apart. */
static void begin(struct json_writer *w, const struct report *r, const char *type)
{
	json_open_inline(w, NULL, '{');
	json_put_string(w, "type", type);
	json_put_string(w, "hostname", r->target.hostname);
	json_put_string(w, "started", r->started);
}

static void end(struct json_writer *w)
{
	json_close(w, '}');
	json_writer_flush(w);
	putc('\n', w->out);
	w->has_member = false;
}

static void put_head(struct json_writer *w, const struct report *r)
{
	begin(w, r, "report");
	json_put_int(w, "seaworthy", 1);
	json_put_string(w, "version", report_tool_version(r));
	json_put_string(w, "finished", r->finished);
	json_put_string(w, "now", r->now);
	json_put_bool(w, "as_root", r->as_root);
	report_json_orders(w, r);
	report_json_target(w, &r->target);
	end(w);
}

static void put_left_out(struct json_writer *w, const struct report *r)
{
	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = r->profiles[i];
		for (size_t k = 0; k < p->n_left_out; k++) {
			begin(w, r, "left-out");
			json_put_string(w, "profile", p->id);
			json_put_string(w, "ref", p->left_out[k].ref);
			json_put_string(w, "why", p->left_out[k].why);
			end(w);
		}
	}
}

static void put_unread(struct json_writer *w, const struct report *r)
{
	for (size_t i = 0; i < r->n_unread; i++) {
		begin(w, r, "unread");
		json_put_string(w, "section", r->unread[i].section);
		json_put_string(w, "reason", r->unread[i].reason);
		end(w);
	}
}

static void put_warnings(struct json_writer *w, const struct report *r)
{
	for (size_t i = 0; i < r->warnings.n; i++) {
		begin(w, r, "warning");
		json_put_string(w, "place", r->warnings.v[i].place);
		json_put_string(w, "text", r->warnings.v[i].text);
		end(w);
	}
}

static size_t put_result(struct json_writer *w, const struct report *r, const struct result *res)
{
	begin(w, r, "result");
	report_json_result(w, res);
	end(w);
	for (size_t i = 0; i < res->n_findings; i++) {
		begin(w, r, "finding");
		report_json_rule(w, res->rule);
		report_json_finding(w, &res->findings[i], res->rule);
		end(w);
	}
	return res->n_findings;
}

/* The last line: without it the report was cut. */
static void put_end(struct json_writer *w, const struct report *r, size_t n_findings)
{
	begin(w, r, "end");
	json_put_bool(w, "complete", r->complete);
	json_put_string(w, "gap", report_gap(r));
	json_put_int(w, "exit", r->exit_status);
	json_put_string(w, "fail_on", r->fail_on);
	json_put_size(w, "results", r->n_results);
	json_put_size(w, "findings", n_findings);
	report_json_summary(w, &r->summary);
	report_json_changes(w, r);
	end(w);
}

static int write_ndjson(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	size_t n = 0;

	put_head(&w, r);
	put_left_out(&w, r);
	put_warnings(&w, r);
	put_unread(&w, r);
	for (size_t i = 0; i < r->n_results; i++)
		n += put_result(&w, r, &r->results[i]);
	put_end(&w, r, n);
	return sink_end(out);
}

const struct sink sink_ndjson = {
	.name = "ndjson",
	.help = "a JSON value a line, for log stores: report, result, finding, end",
	.write = write_ndjson,
};
