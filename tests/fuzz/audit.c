/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c: fuzzes audit rules, of files and of the kernel. */
#include "auditset.h"
#include "auditrules.h"
#include "fuzz.h"

static void read_files(const uint8_t *data, size_t n, const char *machine, bool is_merged)
{
	struct auditset s;

	auditset_init(&s, auditarch_find(machine), is_merged);
	for (unsigned i = 0; n > 0 && i < 8; i++) {
		const uint8_t *end = memchr(data, '\f', n);
		size_t len = end ? (size_t)(end - data) : n;
		AUTO_FREE char *text = fuzz_text(data, len);
		AUTO_FREE char *file = xasprintf("/etc/audit/rules.d/%u-x.rules", i);

		auditset_read(&s, file, text, len);
		data += end ? len + 1 : len;
		n -= end ? len + 1 : len;
	}
	fuzz_fact(json_incref(s.rules));
	fuzz_fact(json_incref(s.errors));
	fuzz_fact(json_incref(s.settings));
	FUZZ_CHECK(json_array_size(s.rules) <= AUDITSET_RULES, "too many rules");
	auditset_done(&s);
}

/* The kernel's words: its struct, in the machine's own order. */
static void read_kernel(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *copy = fuzz_text(data, n);
	AUTO_RULE struct auditrule r = { 0 };

	if (auditrule_from_kernel(copy, n, &r, &err) == 0)
		fuzz_fact(auditrule_json(&r, auditarch_find("x86_64")));
	else
		FUZZ_CHECK(err.text, "an error without a text");
}

FUZZ(audit)
{
	switch (fuzz_pick(&data, &n, 4)) {
	case 0: read_files(data, n, "x86_64", true); break;
	case 1: read_files(data, n, "aarch64", false); break;
	case 2: read_files(data, n, "pdp11", false); break;
	default: read_kernel(data, n);
	}
	return 0;
}
