/* SPDX-License-Identifier: Apache-2.0 */
/* collect_evidence.c: reads the reports of scanners that --evidence named, and gives each image its
 * own. */
#include <errno.h>
#include <time.h>

#include "collector.h"
#include "evidence.h"
#include "record.h"

static json_t *read_report(const struct evidence_file *f, int64_t now)
{
	struct err err = { 0 };
	AUTO_FREE char *text = NULL;
	size_t n = 0;
	int bad = f->fd < 0 ? -f->error : read_all(f->fd, EVIDENCE_BYTES_MAX, &text, &n);
	if (bad)
		return fact_unread("%s: %s", errno_name(-bad),
				   f->fd < 0 && f->error == EINVAL ? "is no plain file"
								   : strerror(-bad));
	json_t *report = json_parse_hostile(text, n, &err);
	json_t *understood =
		report ? evidence_understand(report, now) : fact_unread("%s", err.text);
	json_decref(report);
	err_done(&err);
	return understood;
}

static json_t *file_name(const struct evidence_file *f)
{
	AUTO_FREE char *name = xstrdup(f->name);
	utf8_mend(name, strlen(name));
	return json_string(name);
}

void collect_evidence(struct collector *c)
{
	const struct evidence_files *e = c->o->evidence;
	if (!e)
		return;
	json_t *files = json_object();
	int64_t now = time(NULL);
	c->scans = json_array();
	for (size_t i = 0; i < e->n; i++) {
		json_t *name = file_name(&e->files[i]), *report = read_report(&e->files[i], now);
		json_object_set(files, json_string_value(name), report);
		if (!fact_is_unread(report)) {
			json_object_set(report, "File", name);
			json_array_append(c->scans, report);
		}
		json_decref(name);
		json_decref(report);
	}
	json_t *section = json_pack("{so sI}", "files", files, "left", (json_int_t)e->n_left);
	collect_host_section(c, "evidence", section);
}

/* Without what was only needed to tell which image it is about. */
static json_t *scan_fact(json_t *report, const char *bound)
{
	static const char *const kept[] = { "File",    "Scanner",  "Created", "AgeDays",
					    "Scanned", "Critical", "High" };
	json_t *scan = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		json_object_set(scan, kept[i], json_object_get(report, kept[i]));
	json_object_set_new(scan, "Bound", json_string(bound));
	return scan;
}

json_t *collect_scans(struct collector *c, const char *id, const json_t *inspect)
{
	json_t *scans = json_array(), *report;
	size_t i;
	json_array_foreach(c->scans, i, report)
	{
		const char *bound = evidence_binds(report, id, inspect);
		if (bound)
			json_array_append_new(scans, scan_fact(report, bound));
	}
	return scans;
}
