/* SPDX-License-Identifier: Apache-2.0 */
/* fix_sample.c: see fix_sample.h. */
#include "fix_sample.h"

#include "fix_print.h"
#include "harness.h"
#include "report_load.h"

static json_t *evidence_of(const struct fix_sample *s)
{
	json_t *all = json_array();
	for (size_t i = 0; i < EVIDENCE_MAX && s->evidence[i].path; i++)
		json_array_append_new(
			all, json_pack("{s:s, s:s, s:o}", "source", "x", "path",
				       s->evidence[i].path, "value",
				       json_loads(s->evidence[i].value, JSON_DECODE_ANY, NULL)));
	return all;
}

static json_t *target_of(const struct fix_sample *s)
{
	json_t *engine = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:i, s:i}", "name",
				   "Docker", "version", "28.5.2", "api", "1.51", "endpoint",
				   "unix:///x", "endpoint_why", "", "rootless", 0, "local", 1,
				   "containers", 1, "running", 1, "images", 1);
	json_t *over = s->target ? json_loads(s->target, 0, NULL) : json_object();
	json_object_update(engine, over);
	json_decref(over);
	return json_pack("{s:s, s:s, s:{s:s, s:s, s:s}, s:s, s:s, s:o}", "kind", "live", "hostname",
			 "h", "os", "id", "debian", "version_id", "12", "name", "D", "kernel",
			 "6.1", "arch", "x86_64", "engine", engine);
}

static json_t *result_of(const struct fix_sample *s)
{
	json_t *waiver = s->is_waived ? json_pack("{s:s, s:s, s:s}", "reason", "r", "owner", "o",
						  "until", "2030-01-01")
				      : json_null();
	json_t *subject = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:{}}", "kind", s->kind, "id",
				    "", "name", s->subject ? s->subject : "n", "image", "i",
				    "image_id", "", "running", 1, "labels");
	json_t *finding = json_pack("{s:o, s:s, s:s, s:o, s:s, s:o}", "subject", subject, "verdict",
				    "fail", "reason", s->reason, "evidence", evidence_of(s),
				    "fingerprint", "0123456789abcdef", "waiver", waiver);
	json_t *params = s->params ? json_loads(s->params, 0, NULL) : json_object();
	json_t *r = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s}",
			      "profile", "p", "ref", "1.1", "group", "1", "check", s->check, "kind",
			      s->kind, "title", "the title", "severity", "low", "verdict", "fail",
			      "waived", s->is_waived, "reason", s->reason, "wanted", "w", "why",
			      "y", "remedy", "the remedy");
	json_object_set_new(r, "level", json_null());
	json_object_set_new(r, "assessment", json_null());
	json_object_set_new(r, "params", params);
	json_object_set_new(r, "counts", json_object());
	json_object_set_new(r, "findings", json_pack("[o]", finding));
	return r;
}

static json_t *report_of(const struct fix_sample *s)
{
	json_t *root = json_loads(
		"{\"seaworthy\": 1, \"tool\": {\"name\": \"seaworthy\", \"version\": \"1\", "
		"\"sandbox\": true}, \"started\": \"s\", \"finished\": \"f\", \"now\": "
		"\"2026-01-01\", \"complete\": true, \"exit\": 1, \"fail_on\": \"low\", "
		"\"selection\": {\"only\": [], \"skip\": [], \"level\": null, \"subject\": []}, "
		"\"tailoring\": [], \"warnings\": [], \"unread\": [], \"as_root\": true, "
		"\"missing_privilege\": null, \"sandbox_missing\": null, \"baseline\": null, "
		"\"summary\": {\"pass\": 0, \"fail\": 1, \"warn\": 0, \"skip\": 0, \"unknown\": 0, "
		"\"waived\": 0}, \"profiles\": [{\"id\": \"p\", \"title\": \"P\", \"version\": "
		"\"1\", \"source\": \"built-in\", \"rules\": {\"defined\": 1, \"selected\": 1, "
		"\"missing\": 0}, \"summary\": {\"pass\": 0, \"fail\": 1, \"warn\": 0, \"skip\": "
		"0, \"unknown\": 0, \"waived\": 0}, \"left_out\": [], \"groups\": []}]}",
		0, NULL);
	ck_assert_ptr_nonnull(root);
	json_object_set_new(root, "target", target_of(s));
	json_object_set_new(root, "results", json_pack("[o]", result_of(s)));
	if (s->is_waived) {
		json_t *summary = json_pack("{si si si si si si}", "pass", 0, "fail", 0, "warn", 0,
					    "skip", 0, "unknown", 0, "waived", 1);
		json_t *profile = json_array_get(json_object_get(root, "profiles"), 0);
		json_object_set(root, "summary", summary);
		json_object_set_new(profile, "summary", summary);
	}
	return root;
}

char *fix_printed(const struct fix_sample *s, const char *format, json_t **ret_merged)
{
	json_t *root = report_of(s), *given = s->given ? json_loads(s->given, 0, NULL) : NULL;
	AUTO_FREE char *json = json_dumps(root, 0);
	struct report *report = NULL;
	struct fixes fixes;
	struct err err = { 0 };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_msg(report_load("x", json, strlen(json), &report, &err) == 0, "%s", err.text);
	fixes_make(&fixes, report, given);
	fix_format_find(format)->print(&fixes, f, f);
	if (ret_merged)
		*ret_merged = fix_daemon_merged(&fixes);
	fclose(f);
	fixes_done(&fixes);
	report_unload(report);
	json_decref(given);
	json_decref(root);
	return out;
}

char *fix_code_of(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	struct text t AUTO_TEXT = { 0 };
	char *rest = copy, *line;
	while ((line = strsep(&rest, "\n")))
		if (line[strspn(line, " ")] != '#')
			text_printf(&t, "%s\n", line);
	return text_take(&t);
}
