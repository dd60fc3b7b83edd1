/* SPDX-License-Identifier: Apache-2.0 */
/* walk.c: fuzzes what a walk of the files answers, wherever the answer is cut. */
#include "walkparse.h"

#include "fuzz.h"
#include "record.h"

static json_t *record_of(const char *data, size_t n, size_t step, const char *subid)
{
	struct walk_report *r = walk_report_new();
	AUTO_JSON json_t *users = json_pack("{s:{s:i}}", "by_name", "root", 0);
	AUTO_FREE char *subuid = xstrdup(subid);
	AUTO_FREE char *subgid = xstrdup(subid);
	AUTO_FREE char *nsswitch = xstrdup("passwd: files\ngroup: files\n");

	for (size_t i = 0; i < n; i += step) {
		size_t len = n - i < step ? n - i : step;
		AUTO_FREE char *piece = fuzz_text(data + i, len);

		walk_report_take(r, piece, len);
	}
	json_t *record = walk_report_record(r, users, users, subuid, subgid, nsswitch);
	walk_report_free(r);
	return record;
}

/* A "|" stands for the NUL after each text. */
FUZZ(walk)
{
	AUTO_FREE char *subid = fuzz_part(&data, &n);
	AUTO_FREE char *text = fuzz_text(data, n);

	for (size_t i = 0; i < n; i++)
		if (text[i] == '|')
			text[i] = '\0';
	utf8_mend(subid, strlen(subid));
	AUTO_JSON json_t *whole = record_of(text, n, n + 1, subid);
	AUTO_JSON json_t *pieces = record_of(text, n, 1 + n % 7, subid);

	FUZZ_CHECK(whole && pieces && json_equal(whole, pieces), "depends on where it is cut");
	fuzz_fact(json_incref(whole));
	return 0;
}
