/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.c: fuzzes reports of vulnerability scanners. */
#include "evidence.h"

#include "facts.h"
#include "fuzz.h"
#include "record.h"

static const int64_t now = 1767225600; /* 2026-01-01 */

FUZZ(evidence)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_part(&data, &n);
	AUTO_FREE char *image = fuzz_part(&data, &n);
	AUTO_JSON json_t *report = json_parse_hostile(text, strlen(text), &err);
	AUTO_JSON json_t *inspect = json_loads(image, 0, NULL);

	if (!report)
		return 0;
	json_t *understood = evidence_understand(report, now);
	FUZZ_CHECK(understood, "no fact");
	if (!fact_is_unread(understood)) {
		evidence_binds(understood, "sha256:1", inspect);
		evidence_binds(understood, "", NULL);
	}
	fuzz_fact(understood);
	return 0;
}
