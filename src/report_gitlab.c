/* SPDX-License-Identifier: Apache-2.0 */
/* report_gitlab.c: GitLab's code quality report: an entry for each finding that is not in order. */
#include <inttypes.h>

#include "eval.h"
#include "json_writer.h"
#include "report_common.h"
#include "report_sinks.h"

static void put_entry(struct json_writer *w, const char *description, const char *check,
		      const char *fingerprint, const char *severity, const char *path)
{
	json_open(w, NULL, '{');
	json_put_string(w, "description", description);
	json_put_string(w, "check_name", check);
	json_put_string(w, "fingerprint", fingerprint);
	json_put_string(w, "severity", severity);
	json_open_inline(w, "location", '{');
	json_put_string(w, "path", path);
	json_open(w, "lines", '{');
	json_put_int(w, "begin", 1);
	json_close(w, '}');
	json_close(w, '}');
	json_close(w, '}');
}

/* Nobody but the entries is asked: that something is missing must be one. */
static void put_gap(struct json_writer *w, const char *gap)
{
	char fingerprint[17];
	snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64,
		 fnv1a(FNV_START, gap, strlen(gap)));
	put_entry(w, gap, "seaworthy", fingerprint, "blocker", "host");
}

/* A waiver that expired, a baseline of another host: what was ordered is not what was meant. */
static void put_warnings(struct json_writer *w, const struct report *r)
{
	for (size_t i = 0; i < r->warnings.n; i++) {
		const struct warning *at = &r->warnings.v[i];
		uint64_t h = fnv1a(FNV_START, at->place, strlen(at->place) + 1);
		AUTO_FREE char *said =
			xasprintf("warning: %s%s%s", at->place, *at->place ? ": " : "", at->text);
		char fingerprint[17];
		snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64,
			 fnv1a(h, at->text, strlen(at->text)));
		put_entry(w, said, "seaworthy", fingerprint, "info", "host");
	}
}

static void put_finding(struct json_writer *w, const struct report *r, const struct result *res,
			size_t i)
{
	const struct finding *f = &res->findings[i];
	const struct rule *rule = res->rule;
	enum outcome o = finding_outcome(r, f);
	const char *severity = words_gitlab(o, rule->check->severity);
	AUTO_TEXT struct text uri = { 0 };
	char key[17];

	if (!severity)
		return;
	finding_uri(&uri, f);
	AUTO_FREE char *description = xasprintf(
		"%s %s: %s%s: %s %s: %s", rule->ref, rule->title, words_of(o)->verdict,
		finding_since(f), kind_name(f->subject->kind), subject_name(f->subject), f->reason);
	put_entry(w, description, rule->check->id, finding_key(res, i, key), severity,
		  text_str(&uri));
}

static int write_gitlab(const struct report *r, const struct report_options *options, FILE *out)
{
	(void)options;
	CLEANUP(json_writer_done) struct json_writer w = { .out = out };
	const char *gap = report_gap(r);

	json_open(&w, NULL, '[');
	if (gap)
		put_gap(&w, gap);
	put_warnings(&w, r);
	for (size_t i = 0; i < r->n_results; i++)
		for (size_t k = 0; k < r->results[i].n_findings; k++)
			put_finding(&w, r, &r->results[i], k);
	json_close(&w, ']');
	json_writer_flush(&w);
	putc('\n', out);
	return sink_end(out);
}

const struct sink sink_gitlab = {
	.name = "gitlab",
	.help = "GitLab's code quality report",
	.write = write_gitlab,
};
