/* SPDX-License-Identifier: Apache-2.0 */
/* t_procparse.c: what /proc says, over recorded texts and hostile ones; and the facts of a
 * container made of it. */
#include <errno.h>

#include "collector.h"
#include "facts.h"
#include "harness.h"
#include "kernelfacts.h"
#include "procparse.h"
#include "text.h"

#define ID "1970e84bbaeae9b69291e38ddf981ff438f204f2607476c19a284539bee1d4bd"

static void assert_json(json_t *v, const char *expect)
{
	char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
	ck_assert_msg(text && streq(text, expect), "%s\nnot %s", text ? text : "(null)", expect);
	free(text);
	json_decref(v);
}

/* --- the parts of an answer ---------------------------------------------------------------------
 */

static void add_part(struct text *t, const char *name, int error, const char *data, size_t n)
{
	text_printf(t, "%s", name);
	text_add_n(t, "", 1);
	text_printf(t, "%d", error);
	text_add_n(t, "", 1);
	text_printf(t, "%zu", n);
	text_add_n(t, "", 1);
	text_add_n(t, data, n);
}

START_TEST(parts)
{
	struct text t AUTO_TEXT = { 0 };
	struct part part;
	int error = -1;
	add_part(&t, "status", 0, "a\0b", 3);
	add_part(&t, "cgroup", EACCES, "", 0);
	add_part(&t, "stat", 0, "", 0);
	ck_assert(proc_part(t.s, t.len, "status", &part));
	ck_assert(part.error == 0 && part.len == 3 && memcmp(part.data, "a\0b", 3) == 0);
	ck_assert(proc_part(t.s, t.len, "cgroup", &part));
	ck_assert_int_eq(part.error, EACCES);
	ck_assert(proc_part(t.s, t.len, "stat", &part) && part.len == 0);
	ck_assert(!proc_part(t.s, t.len, "nosuch", &part));
	ck_assert(!proc_part(t.s, t.len, "", &part));
	AUTO_FREE char *text = proc_text(t.s, t.len, "status", &error);
	ck_assert_str_eq(text, "a");
	ck_assert_int_eq(error, 0);
	ck_assert_ptr_null(proc_text(t.s, t.len, "cgroup", &error));
	ck_assert_int_eq(error, EACCES);
	ck_assert_ptr_null(proc_text(t.s, t.len, "nosuch", &error));
	ck_assert_int_eq(error, ENODATA);
}
END_TEST

/* Cut off anywhere it is an answer without that part, never one read beyond its end. */
START_TEST(parts_cut_off)
{
	struct text t AUTO_TEXT = { 0 };
	struct part part;
	add_part(&t, "a", 0, "xx", 2);
	size_t first = t.len;
	add_part(&t, "status", 0, "0123456789", 10);
	for (size_t n = 0; n < t.len; n++) {
		char *cut = malloc(n ? n : 1);
		memcpy(cut, t.s, n);
		ck_assert(!proc_part(cut, n, "status", &part));
		ck_assert_int_eq(proc_part(cut, n, "a", &part), n >= first);
		free(cut);
	}
}
END_TEST

static const struct {
	const char *data;
	size_t n;
} bad_parts[] = {
	{ "status\0x\0"
	  "2\0ab",
	  13 },
	{ "status\0"
	  "0\0-1\0ab",
	  14 },
	{ "status\0"
	  "0\0"
	  "99999999999\0ab",
	  23 },
	{ "status\0"
	  "0\0"
	  "18446744073709551615\0a",
	  31 },
	{ "\0\0\0", 3 },
	{ "status", 6 },
	{ "status\0"
	  "0\0"
	  "3\0ab",
	  13 },
};

START_TEST(parts_malformed)
{
	struct part part;
	AUTO_FREE char *copy = xalloc(bad_parts[_i].n);
	memcpy(copy, bad_parts[_i].data, bad_parts[_i].n);
	ck_assert(!proc_part(copy, bad_parts[_i].n, "status", &part));
}
END_TEST

/* --- single files
 * ----------------------------------------------------------------------------------- */

static const char status_text[] =
	"Name:\tsleep\nUmask:\t0022\nState:\tS "
	"(sleeping)\nPid:\t18463\nUid:\t1000\t1000\t1000\t1000\nGid:\t0\t0\t0\t0\n"
	"Groups:\t1000 "
	"\nCapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\n"
	"CapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:"
	"\t2\nSeccomp_filters:\t1\n";

static const struct {
	const char *text, *expect;
} statuses[] = {
	{ status_text,
	  "{\"Uid\":[1000,1000,1000,1000],\"Gid\":[0,0,0,0],\"CapInh\":\"0000000000000000\","
	  "\"CapPrm\":\"00000000a80425fb\",\"CapEff\":\"00000000a80425fb\",\"CapBnd\":"
	  "\"00000000a80425fb\","
	  "\"CapAmb\":\"0000000000000000\",\"NoNewPrivs\":1,\"Seccomp\":2}" },
	{ "", "{}" },
	{ "Seccomp 2\nCapEff\n:\n::\n", "{}" },
	{ "Name:\tSeccomp:\t2\nSeccomp:\t0\n", "{\"Seccomp\":0}" },
	{ "Seccomp:\tx\nNoNewPrivs:\t\n",
	  "{\"Seccomp\":{\"$unread\":\"cannot be "
	  "understood\"},\"NoNewPrivs\":{\"$unread\":\"cannot be understood\"}}" },
	{ "Uid:\t4294967295\t0\t0\t0", "{\"Uid\":[4294967295,0,0,0]}" },
	{ "CapEff:\t\xff\n", "{\"CapEff\":{\"$unread\":\"cannot be understood\"}}" },
};

START_TEST(status)
{
	assert_json(proc_status(statuses[_i].text), statuses[_i].expect);
}
END_TEST

static const struct {
	const char *text, *expect;
} maps[] = {
	{ "         0          0 4294967295\n", "[[0,0,4294967295]]" },
	{ "         0     100000      65536\n     65536     200000          1\n",
	  "[[0,100000,65536],[65536,200000,1]]" },
	{ "", "[]" },
	{ "x\n", "[[]]" },
};

START_TEST(id_maps)
{
	assert_json(proc_id_map(maps[_i].text), maps[_i].expect);
}
END_TEST

#define MOUNT(id, parent, dev, root, point, options, propagation, type, source, super)             \
	"{\"id\":" id ",\"parent\":" parent ",\"dev\":\"" dev "\",\"root\":\"" root                \
	"\",\"point\":\"" point "\",\"options\":\"" options "\",\"propagation\":\"" propagation    \
	"\",\"type\":\"" type "\",\"source\":\"" source "\",\"super\":\"" super "\"}"

static const struct {
	const char *text, *expect;
} mounts[] = {
	{ "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n",
	  "[" MOUNT("22", "1", "254:0", "/", "/", "rw,relatime", "shared:1", "ext4", "/dev/vda",
		    "rw") "]" },
	{ "92 91 0:42 / /proc rw,nosuid - proc proc rw\n",
	  "[" MOUNT("92", "91", "0:42", "/", "/proc", "rw,nosuid", "", "proc", "proc", "rw") "]" },
	{ "1 2 0:1 / /a rw shared:1 master:2 propagate_from:3 - tmpfs none rw,size=1\n",
	  "[" MOUNT("1", "2", "0:1", "/", "/a", "rw", "shared:1 master:2 propagate_from:3", "tmpfs",
		    "none", "rw,size=1") "]" },
	{ "1 2 0:1 / /with\\040blank\\011tab\\012line\\134 rw - tmpfs no\\040ne rw\n",
	  "[" MOUNT("1", "2", "0:1", "/", "/with blank\\ttab\\nline\\\\", "rw", "", "tmpfs",
		    "no ne", "rw") "]" },
	/* names that are no text are kept, not left out */
	{ "1 2 0:1 / /\xff rw\xff - tmpfs \xff rw\xff\n",
	  "[" MOUNT("1", "2", "0:1", "/", "/?", "rw?", "", "tmpfs", "?", "rw?") "]" },
	{ "1 2 0:1 / /a rw - fuse.x  rw\n",
	  "[" MOUNT("1", "2", "0:1", "/", "/a", "rw", "", "fuse.x", "", "rw") "]" },
	{ "1 2 0:1 / /a rw\n1 2\n\n   \n1 2 0:1 / /a rw - tmpfs\n", "[]" },
	{ "", "[]" },
};

START_TEST(mountinfo)
{
	assert_json(proc_mountinfo(mounts[_i].text), mounts[_i].expect);
}
END_TEST

static const struct {
	const char *data;
	size_t n;
	const char *expect;
} strings[] = {
	{ "dockerd\0-H\0fd://\0", 17, "[\"dockerd\",\"-H\",\"fd://\"]" },
	{ "dockerd\0-H", 10, "[\"dockerd\",\"-H\"]" },
	{ "a\0\0b\0", 5, "[\"a\",\"\",\"b\"]" },
	{ "\xff\0", 2, "[\"?\"]" },
	{ "", 0, "[]" },
};

START_TEST(nul_separated)
{
	AUTO_FREE char *copy = xalloc(strings[_i].n + 1);
	memcpy(copy, strings[_i].data, strings[_i].n);
	assert_json(proc_strings(copy, strings[_i].n), strings[_i].expect);
}
END_TEST

static const struct {
	const char *text;
	unsigned long long ticks;
} stats[] = {
	{ "18463 (sleep) S 18441 18463 18463 0 -1 4194560 1093 0 0 0 0 1 0 0 20 0 1 0 116245 "
	  "2322432 316\n",
	  116245 },
	{ "7 (a) b) S) S 1 2 3 0 -1 4194560 1093 0 0 0 0 1 0 0 20 0 1 0 99 1 1\n", 99 },
	{ "7 () S 1 2 3 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 18446744073709551615",
	  18446744073709551615ULL },
	{ "7 (x) S 1 2 3", 0 },
	{ "7 x", 0 },
	{ "", 0 },
};

START_TEST(start_ticks)
{
	ck_assert_uint_eq(proc_start_ticks(stats[_i].text), stats[_i].ticks);
}
END_TEST

/* --- sockets
 * ------------------------------------------------------------------------------------------ */

static void add_unix(unsigned long inode, const char *path, void *context)
{
	text_printf(context, "%lu %s;", inode, path);
}

START_TEST(unix_listeners)
{
	static const char text[] =
		"Num       RefCount Protocol Flags    Type St Inode Path\n"
		"00000000dc03bbde: 00000002 00000000 00010000 0001 01 15532 /run/docker.sock\n"
		"00000000dc03bbdf: 00000003 00000000 00000000 0001 03 15533 /run/docker.sock\n"
		"00000000dc03bbe0: 00000002 00000000 00010000 0001 01    15 /run/with blank\n"
		"00000000dc03bbe1: 00000002 00000000 00010000 0001 01 15535 @abstract\n"
		"00000000dc03bbe2: 00000002 00000000 00010000 0001 01 15536\n"
		"rubbish\n:\n";
	struct text t AUTO_TEXT = { 0 };
	proc_unix_listeners(text, add_unix, &t);
	ck_assert_str_eq(text_str(&t),
			 "15532 /run/docker.sock;15 /run/with blank;15535 @abstract;");
}
END_TEST

static void add_tcp(unsigned long inode, const char *address, unsigned port, void *context)
{
	text_printf(context, "%lu %s %u;", inode, address, port);
}

START_TEST(tcp_listeners)
{
	static const char head[] = "  sl  local_address rem_address   st tx_queue rx_queue tr "
				   "tm->when retrnsmt   uid  timeout inode\n";
	static const char four[] =
		"   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 "
		"       0 4711 1 0000000000000000 100 0 0 10 0\n"
		"   1: 00000000:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0 "
		"       0 4712 1 0 100 0 0 10 0\n"
		"   2: 0100007F:0947 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0 "
		"       0 4713 1 0 100 0 0 10 0\n"
		"   3: 01007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0   "
		"     0 4714\n"
		"   4: 0100007F\n\nrubbish\n";
	static const char six[] =
		"   0: 00000000000000000000000000000000:0948 00000000000000000000000000000000:0000 "
		"0A 00000000:00000000 00:00000000 00000000     0        0 5 1\n"
		"   1: 00000000000000000000000001000000:0948 00000000000000000000000000000000:0000 "
		"0A 00000000:00000000 00:00000000 00000000     0        0 6 1\n"
		"   2: 00000000000000000000000001000000000000:0948 0:0000 0A 00000000:00000000 "
		"00:00000000 00000000     0        0 7 1\n";
	struct text t AUTO_TEXT = { 0 };
	AUTO_FREE char *v4 = xasprintf("%s%s", head, four), *v6 = xasprintf("%s%s", head, six);
	proc_tcp_listeners(v4, false, add_tcp, &t);
	ck_assert_str_eq(text_str(&t), "4711 127.0.0.1 2375;4712 0.0.0.0 2375;");
	text_clear(&t);
	proc_tcp_listeners(v6, true, add_tcp, &t);
	ck_assert_str_eq(text_str(&t), "5 :: 2376;6 ::1 2376;");
	text_clear(&t);
	proc_tcp_listeners(v4, true, add_tcp, &t);
	ck_assert_str_eq(text_str(&t), "");
}
END_TEST

/* --- control groups
 * -------------------------------------------------------------------------------------- */

static const struct {
	const char *text, *id, *expect;
} cgroups[] = {
	{ "9:name=systemd:/docker/" ID "\n8:pids:/docker/" ID "\n", ID, "/docker/" ID },
	{ "0::/system.slice/docker-" ID ".scope\n", ID, "/system.slice/docker-" ID ".scope" },
	{ "1:cpu:/\n0::/docker/" ID "\n", ID, "/docker/" ID },
	{ "0::/user.slice\n", ID, NULL },
	{ "0::/docker/" ID "\n", "ffff", NULL },
	{ "0::/\n", ID, NULL },
	{ "", ID, NULL },
	{ "rubbish", ID, NULL },
	{ "1:cpu:/\n0::/init.scope\n", NULL, "/init.scope" },
	{ "0::/\n", NULL, "/" },
};

START_TEST(cgroup_of)
{
	AUTO_FREE char *path = proc_cgroup_of(cgroups[_i].text, cgroups[_i].id);
	ck_assert_int_eq(path != NULL, cgroups[_i].expect != NULL);
	if (path)
		ck_assert_str_eq(path, cgroups[_i].expect);
}
END_TEST

static const struct {
	const char *escaped, *expect;
} octals[] = {
	{ "/a\\040b", "/a b" }, { "\\134\\011", "\\\t" }, { "\\040", " " },     { "\\04", "\\04" },
	{ "\\", "\\" },         { "\\777", "\\777" },     { "\\089", "\\089" }, { "", "" },
	{ "\\377", "\xff" },
};

START_TEST(octal_escapes)
{
	AUTO_FREE char *s = xstrdup(octals[_i].escaped);
	unescape_octal(s);
	ck_assert_str_eq(s, octals[_i].expect);
}
END_TEST

/* --- the facts of a container
 * ----------------------------------------------------------------------------- */

static char *host_ns[] = { "net:[1]",  "pid:[1]", "ipc:[1]",   NULL,
			   "user:[1]", "mnt:[1]", "cgroup:[1]" };
static char *engine_ns[] = {
	"net:[1]", "pid:[9]", "ipc:[1]", "uts:[1]", "user:[1]", "mnt:[1]", NULL
};

static void add_process(struct text *t, const char *cgroup)
{
	static const char *const spaces[] = { "net:[1]", "pid:[9]",  "ipc:[7]",
					      "uts:[1]", "user:[1]", "mnt:[8]" };
	add_part(t, "status", 0, status_text, strlen(status_text));
	add_part(t, "cgroup", 0, cgroup, strlen(cgroup));
	add_part(t, "uid_map", 0, "0 0 4294967295\n", 15);
	add_part(t, "gid_map", EACCES, "", 0);
	add_part(t, "attr/current", 0, "docker-default (enforce)\n", 25);
	for (size_t i = 0; i < ARRAY_SIZE(spaces); i++) {
		AUTO_FREE char *name = xasprintf("ns/%s", namespace_names[i]);
		add_part(t, name, 0, spaces[i], strlen(spaces[i]));
	}
	add_part(t, "ns/cgroup", EPERM, "", 0);
}

static const struct {
	const char *path;
	enum fact_state state;
	const char *expect;
} facts[] = {
	{ "Pid", FACT_KNOWN, "812" },
	{ "Cgroup", FACT_KNOWN, "\"/docker/" ID "\"" },
	{ "Status/Seccomp", FACT_KNOWN, "2" },
	{ "UidMap", FACT_KNOWN, "[[0,0,4294967295]]" },
	{ "GidMap", FACT_UNREAD, "EACCES" },
	{ "Label", FACT_KNOWN, "\"docker-default (enforce)\"" },
	{ "AppArmor", FACT_ABSENT, NULL },
	{ "Namespaces/net/host", FACT_KNOWN, "true" },
	{ "Namespaces/net/engine", FACT_KNOWN, "true" },
	{ "Namespaces/pid/host", FACT_KNOWN, "false" },
	{ "Namespaces/pid/engine", FACT_KNOWN, "true" },
	{ "Namespaces/ipc/id", FACT_KNOWN, "\"ipc:[7]\"" },
	{ "Namespaces/uts/host", FACT_UNREAD, "could not be read" },
	{ "Namespaces/uts/engine", FACT_KNOWN, "true" },
	{ "Namespaces/cgroup", FACT_UNREAD, "EPERM" },
	{ "Namespaces/cgroup/host", FACT_UNREAD, "EPERM" },
};

START_TEST(kernel)
{
	struct text t AUTO_TEXT = { 0 };
	char *cgroup = NULL;
	add_process(&t, "0::/docker/" ID "\n");
	json_t *k = kernel_facts(t.s, t.len, ID, 812, host_ns, engine_ns, &cgroup);
	ck_assert_str_eq(cgroup, "/docker/" ID);
	struct fact f = facts_find(k, facts[_i].path);
	ck_assert_msg(f.state == facts[_i].state, "%s", facts[_i].path);
	if (f.state == FACT_KNOWN)
		assert_json(json_incref(f.value), facts[_i].expect);
	else if (f.state == FACT_UNREAD)
		ck_assert_msg(strstr(f.reason, facts[_i].expect), "%s", f.reason);
	json_decref(k);
	free(cgroup);
}
END_TEST

START_TEST(kernel_of_another)
{
	struct text t AUTO_TEXT = { 0 };
	char *cgroup = NULL;
	add_process(&t, "0::/docker/0000000000000000\n");
	ck_assert_ptr_null(kernel_facts(t.s, t.len, ID, 812, host_ns, engine_ns, &cgroup));
	ck_assert_ptr_null(cgroup);
}
END_TEST

/* Without a control group it is not known whose process it is: unread, not another's. */
START_TEST(kernel_unclear)
{
	struct text t AUTO_TEXT = { 0 };
	char *cgroup = NULL;
	add_part(&t, "status", 0, status_text, strlen(status_text));
	for (int i = 0; i < 2; i++) {
		json_t *k = kernel_facts(t.s, t.len, ID, 812, host_ns, engine_ns, &cgroup);
		ck_assert(fact_is_unread(k));
		ck_assert_ptr_null(cgroup);
		json_decref(k);
		add_part(&t, "cgroup", ESRCH, "", 0);
	}
}
END_TEST

static const struct {
	int error;
	const char *text, *path, *expect;
} labels[] = {
	{ 0, "unconfined\n", "Label", "\"unconfined\"" },
	{ 0, "system_u:system_r:container_t:s0:c1,c2", "Label",
	  "\"system_u:system_r:container_t:s0:c1,c2\"" },
	{ 0, "x\xff\nmore", "Label", "\"x?\"" },
	{ EINVAL, "", "Label", "\"\"" },
	{ EACCES, "", "Label", NULL },
};

START_TEST(label_of)
{
	struct text t AUTO_TEXT = { 0 };
	char *cgroup = NULL;
	add_part(&t, "cgroup", 0, "0::/docker/" ID, strlen("0::/docker/" ID));
	add_part(&t, "attr/current", labels[_i].error, labels[_i].text, strlen(labels[_i].text));
	json_t *k = kernel_facts(t.s, t.len, ID, 1, host_ns, engine_ns, &cgroup);
	struct fact f = facts_find(k, labels[_i].path);
	if (labels[_i].expect)
		assert_json(json_incref(f.value), labels[_i].expect);
	else
		ck_assert_int_eq(f.state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(k, "Status/Seccomp").state, FACT_UNREAD);
	json_decref(k);
	free(cgroup);
}
END_TEST

static const struct {
	const char *data;
	size_t n;
	const char *expect;
} processes[] = {
	{ "7\0sshd\0/usr/sbin/sshd\0"
	  "8\0sh\0\0",
	  28,
	  "[{\"Pid\":7,\"Comm\":\"sshd\",\"Exe\":\"/usr/sbin/"
	  "sshd\"},{\"Pid\":8,\"Comm\":\"sh\",\"Exe\":\"\"}]" },
	{ "7\0\xff\0\xfe\0", 6, "[{\"Pid\":7,\"Comm\":\"?\",\"Exe\":\"?\"}]" },
	{ "x\0a\0b\0"
	  "7\0c\0d\0",
	  12, "[{\"Pid\":7,\"Comm\":\"c\",\"Exe\":\"d\"}]" },
	{ "7\0a", 3, "[]" },
	{ "", 0, "[]" },
};

START_TEST(processes_of)
{
	json_t *list = json_array();
	AUTO_FREE char *copy = xalloc(processes[_i].n + 1);
	memcpy(copy, processes[_i].data, processes[_i].n);
	kernel_add_processes(list, copy, processes[_i].n);
	assert_json(list, processes[_i].expect);
}
END_TEST

START_TEST(pids_in_portions)
{
	struct text t AUTO_TEXT = { 0 };
	for (int i = 1; i <= 300; i++)
		text_printf(&t, "%d\n", i);
	const char *lines = text_str(&t);
	size_t all = 0, portions = 0;
	for (char *arg; (arg = kernel_next_pids(&lines)); free(arg), portions++) {
		size_t n = 1;
		for (const char *p = arg; *p; p++)
			n += *p == ' ';
		ck_assert_ptr_null(strchr(arg, '\n'));
		ck_assert_uint_le(n, 128);
		ck_assert_int_ne(arg[strlen(arg) - 1], ' ');
		all += n;
	}
	ck_assert_uint_eq(all, 300);
	ck_assert_uint_eq(portions, 3);
	lines = "";
	ck_assert_ptr_null(kernel_next_pids(&lines));
	lines = "7";
	AUTO_FREE char *one = kernel_next_pids(&lines);
	ck_assert_str_eq(one, "7");
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("procparse", &suite);
	tcase_add_test(tc, parts);
	tcase_add_test(tc, parts_cut_off);
	tcase_add_loop_test(tc, parts_malformed, 0, ARRAY_SIZE(bad_parts));
	tcase_add_loop_test(tc, status, 0, ARRAY_SIZE(statuses));
	tcase_add_loop_test(tc, id_maps, 0, ARRAY_SIZE(maps));
	tcase_add_loop_test(tc, mountinfo, 0, ARRAY_SIZE(mounts));
	tcase_add_loop_test(tc, nul_separated, 0, ARRAY_SIZE(strings));
	tcase_add_loop_test(tc, start_ticks, 0, ARRAY_SIZE(stats));
	tcase_add_test(tc, unix_listeners);
	tcase_add_test(tc, tcp_listeners);
	tcase_add_loop_test(tc, cgroup_of, 0, ARRAY_SIZE(cgroups));
	tcase_add_loop_test(tc, octal_escapes, 0, ARRAY_SIZE(octals));
	tcase_add_loop_test(tc, kernel, 0, ARRAY_SIZE(facts));
	tcase_add_test(tc, kernel_of_another);
	tcase_add_test(tc, kernel_unclear);
	tcase_add_loop_test(tc, label_of, 0, ARRAY_SIZE(labels));
	tcase_add_loop_test(tc, processes_of, 0, ARRAY_SIZE(processes));
	tcase_add_test(tc, pids_in_portions);
	return harness_run(suite);
}
