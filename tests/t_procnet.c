/* SPDX-License-Identifier: Apache-2.0 */
/* t_procnet.c: which sockets of /proc/net/tcp and /proc/net/udp listen, and where. */
#include "harness.h"
#include "procparse.h"

#define TCP4                                                                                       \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout inode\n"
#define REST                                                                                       \
	"00000000:00000000 00:00000000 00000000     0        0 699927 1 000000002c1496da 100 0 0 " \
	"10 0\n"
#define ANY6  "00000000000000000000000000000000"
#define LOCAL "0100007F:1F0A 00000000:0000"

struct row {
	const char *text;
	bool is_udp, is_v6;
	const char *wanted; /* "address port inode;" each */
};

static const struct row rows[] = {
	{ TCP4 "   0: " LOCAL " 0A " REST, false, false, "127.0.0.1 7946 699927;" },
	{ TCP4 "   0: " LOCAL " 01 " REST, false, false, "" },
	{ TCP4 "   0: " LOCAL " 0A " REST "   1: 00000000:0949 00000000:0000 0A " REST, false,
	  false, "127.0.0.1 7946 699927;0.0.0.0 2377 699927;" },
	{ TCP4 "   0: " ANY6 ":0949 " ANY6 ":0000 0A " REST, false, true, ":: 2377 699927;" },
	{ TCP4 "   0: 0000000000000000FFFF00000100007F:0949 " ANY6 ":0000 0A " REST, false, true,
	  "::ffff:127.0.0.1 2377 699927;" },
	/* a bound UDP socket is in state 7, a connected one in state 1; 10 does not occur */
	{ TCP4 "  507: 00000000:12B5 00000000:0000 07 " REST, true, false, "0.0.0.0 4789 699927;" },
	{ TCP4 "  507: 00000000:12B5 0100007F:0035 01 " REST, true, false, "" },
	{ TCP4 "  507: 00000000:12B5 00000000:0000 0A " REST, true, false, "" },
	{ TCP4 " 3664: " ANY6 ":1F0A " ANY6 ":0000 07 " REST, true, true, ":: 7946 699927;" },
	{ TCP4 "   0: " LOCAL " 07 " REST, false, false, "" },
	/* hostile */
	{ "", true, false, "" },
	{ "\n\n:\n", true, false, "" },
	{ "0: 00:1 00:0 07 " REST, true, false, "" },
	{ "0: " ANY6 ":1F0A " ANY6 ":0 07 " REST, true, false, "" },
	{ "0: 00000000:1F0A 00000000:0000 07 ", true, false, "" },
	{ "0: zzzzzzzz:1F0A 00000000:0000 07 " REST, true, false, "" },
};

static void note(unsigned long inode, const char *address, unsigned port, void *context)
{
	char **all = context, *old = *all;

	*all = xasprintf("%s%s %u %lu;", old, address, port, inode);
	free(old);
}

START_TEST(listeners)
{
	const struct row *row = &rows[_i];
	AUTO_FREE char *got = xstrdup("");

	(row->is_udp ? proc_udp_listeners : proc_tcp_listeners)(row->text, row->is_v6, note, &got);
	ck_assert_msg(streq(got, row->wanted), "row %d: %s", _i, got);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("procnet", &suite);

	tcase_add_loop_test(tcase, listeners, 0, (int)ARRAY_SIZE(rows));
	return harness_run(suite);
}
