/* SPDX-License-Identifier: Apache-2.0 */
/* mounts.c: fuzzes fstab and mountinfo. */
#include "fstab.h"
#include "fuzz.h"
#include "procparse.h"
#include "record.h"

static void parse_fstab(char *text)
{
	fuzz_fact(fstab_parse(text));
}

static void parse_mountinfo(char *text)
{
	fuzz_fact(proc_mountinfo(text));
}

/* An option that forbids, on its own at the end of the list, is in force. */
static void understand_options(char *text)
{
	static const char *const names[] = { "nodev", "nosuid", "noexec" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		AUTO_FREE char *options = xasprintf("%s,%s", text, names[i]);
		json_t *entry = json_pack("{ss}", "options", options);

		fstab_understand_options(entry);
		FUZZ_CHECK(json_is_true(json_object_get(entry, names[i])), "%s", options);
		json_decref(entry);
	}
}

static void unescape(char *text)
{
	size_t n = strlen(text);

	unescape_octal(text);
	FUZZ_CHECK(strlen(text) <= n, "grew");
}

FUZZ(mounts)
{
	static void (*const parsers[])(char *) = { parse_fstab, parse_mountinfo, understand_options,
						   unescape };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));
	AUTO_FREE char *text = fuzz_text(data, n);

	utf8_mend(text, n);
	parsers[which](text);
	return 0;
}
