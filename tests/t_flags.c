/* SPDX-License-Identifier: Apache-2.0 */
/* t_flags.c: the command line of dockerd in every spelling, and the table of settings. */
#include "flags.h"
#include "harness.h"
#include "settings.h"

struct row {
	const char *args;   /* words, without the program's name, as JSON */
	const char *values; /* JSON */
	int errors;
	bool is_unclear;
};

static const struct row rows[] = {
	/* one setting, every spelling */
	{ "[\"--log-level=debug\"]", "{\"log-level\":\"debug\"}", 0, false },
	{ "[\"--log-level\",\"debug\"]", "{\"log-level\":\"debug\"}", 0, false },
	{ "[\"-l\",\"debug\"]", "{\"log-level\":\"debug\"}", 0, false },
	{ "[\"-ldebug\"]", "{\"log-level\":\"debug\"}", 0, false },
	{ "[\"-l=debug\"]", "{\"log-level\":\"debug\"}", 0, false },
	{ "[\"--log-level=debug\",\"-l\",\"info\"]", "{\"log-level\":\"info\"}", 0, false },
	{ "[\"--log-level=a=b\"]", "{\"log-level\":\"a=b\"}", 0, false },
	{ "[\"--log-level=\"]", "{\"log-level\":\"\"}", 0, false },
	{ "[\"-l=\"]", "{\"log-level\":\"=\"}", 0, false },
	/* booleans */
	{ "[\"--icc\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=false\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=0\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=f\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=F\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=FALSE\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=False\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=1\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=t\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=T\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=TRUE\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=True\"]", "{\"icc\":true}", 0, false },
	{ "[\"--icc=true\",\"--icc=false\"]", "{\"icc\":false}", 0, false },
	{ "[\"--icc=no\"]", "{}", 1, true },
	{ "[\"--icc=\"]", "{}", 1, true },
	{ "[\"--icc\",\"false\"]", "{\"icc\":true}", 1, true },
	{ "[\"-D\"]", "{\"debug\":true}", 0, false },
	{ "[\"-D=false\"]", "{\"debug\":false}", 0, false },
	{ "[\"-DH\",\"fd://\"]", "{\"debug\":true,\"hosts\":[\"fd://\"]}", 0, false },
	{ "[\"-DHfd://\"]", "{\"debug\":true,\"hosts\":[\"fd://\"]}", 0, false },
	{ "[\"-DlX\"]", "{\"debug\":true,\"log-level\":\"X\"}", 0, false },
	/* a value may look like a flag */
	{ "[\"--log-driver\",\"--icc=false\"]", "{\"log-driver\":\"--icc=false\"}", 0, false },
	/* lists and their keys */
	{ "[\"-H\",\"fd://\",\"--host=tcp://0.0.0.0:2375\",\"-Hunix:///x\"]",
	  "{\"hosts\":[\"fd://\",\"tcp://0.0.0.0:2375\",\"unix:///x\"]}", 0, false },
	{ "[\"--insecure-registry=a\",\"--insecure-registry\",\"b:1\"]",
	  "{\"insecure-registries\":[\"a\",\"b:1\"]}", 0, false },
	{ "[\"--insecure-registry=a,b\"]", "{\"insecure-registries\":[\"a,b\"]}", 0, false },
	{ "[\"--authorization-plugin=p\"]", "{\"authorization-plugins\":[\"p\"]}", 0, false },
	{ "[\"--label=a=b\"]", "{\"labels\":[\"a=b\"]}", 0, false },
	{ "[\"--storage-opt\",\"dm.basesize=20G\"]", "{\"storage-opts\":[\"dm.basesize=20G\"]}", 0,
	  false },
	{ "[\"--registry-mirror=https://m\"]", "{\"registry-mirrors\":[\"https://m\"]}", 0, false },
	{ "[\"--exec-opt\",\"native.cgroupdriver=systemd\"]",
	  "{\"exec-opts\":[\"native.cgroupdriver=systemd\"]}", 0, false },
	{ "[\"--dns=1.1.1.1,8.8.8.8\",\"--dns=9.9.9.9\"]",
	  "{\"dns\":[\"1.1.1.1\",\"8.8.8.8\",\"9.9.9.9\"]}", 0, false },
	{ "[\"--dns-opt=x\",\"--dns-search=y\"]", "{\"dns-opts\":[\"x\"],\"dns-search\":[\"y\"]}",
	  0, false },
	{ "[\"--log-opt=max-size=10m\",\"--log-opt\",\"env\"]",
	  "{\"log-opts\":{\"max-size\":\"10m\",\"env\":\"\"}}", 0, false },
	{ "[\"--add-runtime=r=/bin/r\"]", "{\"runtimes\":{\"r\":{\"path\":\"/bin/r\"}}}", 0,
	  false },
	{ "[\"--default-ulimit=nofile=1:2\",\"--default-ulimit\",\"nproc=-1\"]",
	  "{\"default-ulimits\":{\"nofile\":{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2},"
	  "\"nproc\":{\"Name\":\"nproc\",\"Soft\":-1,\"Hard\":-1}}}",
	  0, false },
	{ "[\"--default-ulimit=nofile\"]", "{}", 1, true },
	{ "[\"--feature=a\",\"--feature=b=false\"]", "{\"features\":{\"a\":true,\"b\":false}}", 0,
	  false },
	{ "[\"--feature=a=maybe\"]", "{}", 1, true },
	{ "[\"--feature=a=\"]", "{}", 1, true },
	{ "[\"--default-ulimit=nofile=1:\"]", "{}", 1, true },
	{ "[\"--default-network-opt=bridge=mtu=1\",\"--default-network-opt=bridge=x=y\"]",
	  "{\"default-network-opts\":{\"bridge\":{\"mtu\":\"1\",\"x\":\"y\"}}}", 0, false },
	{ "[\"--default-address-pool=base=10.0.0.0/8,size=24\"]",
	  "{\"default-address-pools\":[{\"base\":\"10.0.0.0/8\",\"size\":\"24\"}]}", 0, false },
	/* numbers */
	{ "[\"--mtu=1400\"]", "{\"mtu\":1400}", 0, false },
	{ "[\"--mtu=0x10\"]", "{\"mtu\":16}", 0, false },
	{ "[\"--mtu=9000\"]", "{\"mtu\":9000}", 0, false },
	{ "[\"--oom-score-adjust=-500\"]", "{\"oom-score-adjust\":-500}", 0, false },
	{ "[\"--mtu=+1400\"]", "{\"mtu\":1400}", 0, false },
	{ "[\"--mtu=99999999999999999999\",\"--mtu=1400\"]", "{\"mtu\":1400}", 1, true },
	{ "[\"--mtu=1400x\"]", "{}", 1, true },
	{ "[\"--mtu=-\"]", "{}", 1, true },
	{ "[\"--mtu=\"]", "{}", 1, true },
	{ "[\"--mtu=many\"]", "{}", 1, true },
	{ "[\"--mtu\",\" 1\"]", "{}", 1, true },
	{ "[\"--mtu=99999999999999999999\"]", "{}", 1, true },
	/* no key of their own */
	{ "[\"--config-file\",\"/x.json\"]", "{\"config-file\":\"/x.json\"}", 0, false },
	/* the end, and what is no flag */
	{ "[\"--\"]", "{}", 0, false },
	{ "[\"--icc=false\",\"--\",\"--icc\"]", "{\"icc\":false}", 1, true },
	{ "[\"word\",\"--icc=false\"]", "{\"icc\":false}", 1, true },
	{ "[\"-\"]", "{}", 1, true },
	{ "[\"\"]", "{}", 1, true },
	{ "[\"--=x\"]", "{}", 1, true },
	{ "[\"---icc\"]", "{}", 1, true },
	{ "[\"---icc=false\"]", "{}", 1, true },
	{ "[\"--log-level\"]", "{}", 1, true },
	{ "[\"-H\"]", "{}", 1, true },
	{ "[\"-Z\"]", "{}", 1, true },
	{ "[\"--ICC=false\"]", "{}", 1, false },
	{ "[\"--insecure-registries=x\"]", "{}", 1, false },
	{ "[\"--new-in-30=x\",\"--icc=false\"]", "{\"icc\":false}", 1, false },
	{ "[\"--new-in-30\",\"--icc=false\"]", "{\"icc\":false}", 1, true },
	{ "[7]", "{}", 1, true },
	{ "[null,\"--icc=false\"]", "{\"icc\":false}", 1, true },
};

START_TEST(spelling)
{
	const struct row *r = &rows[_i];
	struct flags f;
	json_t *args = json_loads(r->args, 0, NULL), *wanted = json_loads(r->values, 0, NULL);
	ck_assert_ptr_nonnull(args);
	ck_assert_ptr_nonnull(wanted);
	json_array_insert_new(args, 0, json_string("dockerd"));
	flags_parse(args, &f);
	char *got = json_dumps(f.values, JSON_COMPACT);
	ck_assert_msg(json_equal(f.values, wanted), "%s gave %s", r->args, got);
	ck_assert_msg((int)json_array_size(f.errors) == r->errors, "%s: %zu errors", r->args,
		      json_array_size(f.errors));
	ck_assert_msg(f.is_unclear == r->is_unclear, "%s: unclear", r->args);
	free(got);
	flags_done(&f);
	json_decref(args);
	json_decref(wanted);
}
END_TEST

/* Without a command line nothing is known, and above all not that nothing was given. */
START_TEST(no_command_line)
{
	static const char *const args[] = { "[]", "{}", "{\"$unread\":\"EACCES\"}" };
	struct flags f;
	json_t *json = json_loads(args[_i], 0, NULL);
	flags_parse(json, &f);
	ck_assert(f.is_unclear);
	ck_assert_uint_eq(json_object_size(f.values), 0);
	flags_done(&f);
	json_decref(json);
}
END_TEST

/* The rows of the table are unambiguous, and their defaults are what they say they are. */
START_TEST(table)
{
	for (const struct setting *s = settings; s->key || s->flag; s++) {
		if (s->key)
			ck_assert_ptr_eq(setting_by_key(s->key), s);
		if (s->flag)
			ck_assert_ptr_eq(setting_by_flag(s->flag, strlen(s->flag)), s);
		if (s->letter)
			ck_assert_ptr_eq(setting_by_letter(s->letter), s);
		ck_assert(s->type != 0);
		if (!s->fallback)
			continue;
		json_t *fallback = json_loads(s->fallback, JSON_DECODE_ANY, NULL);
		ck_assert_msg(fallback && setting_type_fits(s, fallback), "%s", s->key);
		json_decref(fallback);
	}
}
END_TEST

/* Flags of engines that were run with --help: none may be missing, and each knows if it takes a
 * value. */
START_TEST(known_flags)
{
	static const struct {
		const char *flag;
		bool takes_value;
	} known[] = {
		{ "add-runtime", true },
		{ "allow-nondistributable-artifacts", true },
		{ "api-cors-header", true },
		{ "bip", true },
		{ "bridge", true },
		{ "cgroup-parent", true },
		{ "containerd", true },
		{ "containerd-namespace", true },
		{ "containerd-plugins-namespace", true },
		{ "cpu-rt-period", true },
		{ "cri-containerd", false },
		{ "data-root", true },
		{ "debug", false },
		{ "default-shm-size", true },
		{ "exec-root", true },
		{ "experimental", false },
		{ "fixed-cidr", true },
		{ "group", true },
		{ "help", false },
		{ "host-gateway-ip", true },
		{ "init", false },
		{ "init-path", true },
		{ "ip", true },
		{ "ip-forward", false },
		{ "ip-masq", false },
		{ "ip6tables", false },
		{ "iptables", false },
		{ "ipv6", false },
		{ "live-restore", false },
		{ "metrics-addr", true },
		{ "no-new-privileges", false },
		{ "node-generic-resource", true },
		{ "oom-score-adjust", true },
		{ "pidfile", true },
		{ "raw-logs", false },
		{ "rootless", false },
		{ "seccomp-profile", true },
		{ "selinux-enabled", false },
		{ "shutdown-timeout", true },
		{ "storage-driver", true },
		{ "swarm-default-advertise-addr", true },
		{ "tls", false },
		{ "tlscacert", true },
		{ "tlsverify", false },
		{ "userland-proxy", false },
		{ "userland-proxy-path", true },
		{ "userns-remap", true },
		{ "validate", false },
		{ "version", false },
		{ "http-proxy", true },
		{ "cdi-spec-dir", true },
		{ "log-format", true },
		{ "allow-direct-routing", false },
		{ "firewall-backend", true },
		{ "ip-forward-no-drop", false },
		{ "network-diagnostic-port", true },
	};
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const struct setting *s = setting_by_flag(known[i].flag, strlen(known[i].flag));
		ck_assert_msg(s != NULL, "%s", known[i].flag);
		ck_assert_msg((s->type != SETTING_BOOL) == known[i].takes_value, "%s",
			      known[i].flag);
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("flags", &suite);
	tcase_add_loop_test(tc, spelling, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, no_command_line, 0, 3);
	tcase_add_test(tc, table);
	tcase_add_test(tc, known_flags);
	return harness_run(suite);
}
