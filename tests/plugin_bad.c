/* SPDX-License-Identifier: Apache-2.0 */
/* plugin_bad.c: plugins that must be refused; -DBAD=n says for which reason, see the enum of
 * t_plugin.c. */
#include <seaworthy/check.h>

#ifndef BAD
#error compile with -DBAD=0 to -DBAD=8
#endif

__attribute__((unused)) static enum sw_verdict never_called(struct sw_eval *e)
{
	return sw_pass(e, "never called");
}

#define ROW(slug)                                                                                  \
	{                                                                                          \
		.id = (slug), .kind = SW_ENGINE, .severity = SW_LOW, .title = "A title",           \
		.why = "A reason.", .wanted = "a value", .remedy = "A remedy.",                    \
		.fn = never_called,                                                                \
	}

static const struct sw_check checks[] = {
#if BAD == 4
	ROW("Bad Id"),
#elif BAD == 5
	ROW("bad.twice"),
	ROW("bad.twice"),
#elif BAD == 6
	{ .id = "bad.no-function",
	  .kind = SW_ENGINE,
	  .severity = SW_LOW,
	  .title = "A title",
	  .why = "A reason.",
	  .wanted = "a value",
	  .remedy = "A remedy." },
#elif BAD == 7
/* no checks */
#else
	ROW("bad.fine"),
#endif
	{ 0 },
};

#if BAD != 2
__attribute__((visibility("default"))) const struct sw_plugin seaworthy_plugin = {
	.abi = BAD == 0 ? SW_ABI + 1 : SW_ABI,
	.row_size = sizeof(struct sw_check) - (BAD == 1 ? sizeof(void *) : 0),
	.name = BAD == 3 ? "" : "bad",
	.checks = BAD == 8 ? (const struct sw_check *)0 : checks,
};
#else
__attribute__((visibility("default"))) const struct sw_check *const another_name = checks;
#endif
