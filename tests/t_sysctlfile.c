/* SPDX-License-Identifier: Apache-2.0 */
/* t_sysctlfile.c: names, lines, patterns and parameters that set kernel settings. */
#include "facts.h"
#include "harness.h"
#include "sysctlfile.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static const struct {
	const char *name, *path;
} names[] = {
	{ "net.ipv4.ip_forward", "net/ipv4/ip_forward" },
	{ "net/ipv4/ip_forward", "net/ipv4/ip_forward" },
	{ "net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding" },
	{ "net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding" },
	{ "/net/ipv4//ip_forward/", "net/ipv4/ip_forward" },
	{ "/proc/sys/net/ipv4/ip_forward", "net/ipv4/ip_forward" },
	{ "net.ipv4.conf.*.rp_filter", "net/ipv4/conf/*/rp_filter" },
	{ "kernel", "kernel" },
	{ "", "" },
	{ "...", "" },
	{ "/", "" },
	{ "../../etc/passwd", "./.etc.passwd" },
};

START_TEST(a_name_means_a_path)
{
	AUTO_FREE char *path = sysctl_path(names[_i].name);
	ck_assert_str_eq(path, names[_i].path);
}
END_TEST

static char *one_file(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	const char *text = context;
	*ret_why = streq(path, "/x") ? NULL : xstrdup("");
	*ret_len = strlen(text);
	return *ret_why ? NULL : xstrdup(text);
}

static json_t *settings_of(const char *text)
{
	static const char *const last[] = { "/x", NULL };
	size_t n_patterns = 0;
	AUTO_FREE char *copy = xstrdup(text);
	struct conf_spec spec = { .last = last,
				  .comments = "#;",
				  .merge = CONF_LAST,
				  .line = sysctl_line,
				  .context = &n_patterns };
	struct conf_source source = { .read = one_file, .context = copy };
	AUTO_JSON json_t *conf = conf_read(&spec, &source);
	return json_incref(json_object_get(conf, "settings"));
}

/* "1 2" of a key, the one in force first; "-" is null. */
static void is_set(json_t *settings, const char *key, const char *wanted)
{
	AUTO_FREE char *text = xstrdup("");
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(settings, key), i, one)
	{
		const char *value = json_string_value(json_object_get(one, "value"));
		char *more = xasprintf("%s%s%s", text, *text ? " " : "", value ? value : "-");
		free(text);
		text = more;
	}
	ck_assert_msg(streq(text, wanted), "%s: '%s', not '%s'", key, text, wanted);
}

START_TEST(lines_set_or_keep_away)
{
	AUTO_JSON json_t *s = settings_of("# kernel.a = 9\n; kernel.a = 9\nkernel.a=1\n"
					  "kernel/a = 2 \nkernel.b\n-kernel.c = 3\n-kernel.d\n"
					  " kernel.e =\n= 4\n-\nkernel.f = a = b\n");
	is_set(s, "kernel/a", "2 1");
	is_set(s, "kernel/b", "");
	is_set(s, "kernel/c", "3");
	is_set(s, "kernel/d", "-");
	is_set(s, "kernel/e", "");
	is_set(s, "kernel/f", "a = b");
	ck_assert_uint_eq(json_object_size(s), 5);
	json_t *c = json_array_get(json_object_get(s, "kernel/c"), 0);
	ck_assert(json_is_true(json_object_get(c, "optional")));
}
END_TEST

START_TEST(secrets_are_not_kept)
{
	AUTO_JSON json_t *s = settings_of("net.ipv4.tcp_fastopen_key = 00000000-1\n"
					  "net.ipv6.conf.eth0.stable_secret = 2001:db8::1\n");
	is_set(s, "net/ipv4/tcp_fastopen_key", "«redacted: key»");
	is_set(s, "net/ipv6/conf/eth0/stable_secret", "«redacted: key»");
	AUTO_JSON json_t *boot = sysctl_boot("sysctl.net.ipv4.tcp_fastopen_key=00000000-1");
	AUTO_FREE char *text = json_dumps(boot, 0);
	ck_assert_ptr_null(strstr(text, "00000000"));
}
END_TEST

START_TEST(a_key_counts_before_patterns)
{
	static const struct {
		const char *text, *all, *other;
	} cases[] = {
		/* systemd's own 50-default.conf */
		{ "net.ipv4.conf.default.rp_filter = 2\nnet.ipv4.conf.*.rp_filter = 2\n"
		  "-net.ipv4.conf.all.rp_filter\n",
		  "- 2", "2 2" },
		{ "net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.all.rp_filter = 0\n", "0 1", "1" },
		{ "net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.*.rp_filter = 1\n", "0 1", "1" },
		{ "net.ipv4.conf.*.rp_filter = 1\nnet.ipv4.conf.[ad]*.rp_filter = 2\n", "2 1",
		  "2 1" },
		{ "net.ipv4.*.rp_filter = 1\n", "", "" },
		{ "net/ipv4/conf/*/rp_filter = 1\n", "1", "1" },
	};
	AUTO_JSON json_t *s = settings_of(cases[_i].text);
	AUTO_JSON json_t *patterns = sysctl_take_patterns(s);
	ck_assert(json_array_size(patterns) > 0);
	sysctl_apply_patterns(s, patterns, "net/ipv4/conf/all/rp_filter");
	sysctl_apply_patterns(s, patterns, "net/ipv4/conf/default/rp_filter");
	is_set(s, "net/ipv4/conf/all/rp_filter", cases[_i].all);
	is_set(s, "net/ipv4/conf/default/rp_filter", cases[_i].other);
}
END_TEST

START_TEST(patterns_are_bounded)
{
	size_t n = SYSCTL_PATTERNS_MAX + 1;
	AUTO_FREE char *text = xalloc(n * 16 + 1);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * 16, "kernel.*abc = 1\n", 16);
	AUTO_JSON json_t *s = settings_of(text);
	ck_assert(fact_is_unread(s));
	ck_assert_ptr_null(sysctl_take_patterns(s));
	sysctl_apply_patterns(s, NULL, "kernel/a"); /* does nothing */
	ck_assert(fact_is_unread(s));
}
END_TEST

START_TEST(the_command_line)
{
	static const struct {
		const char *line, *key, *value;
	} cases[] = {
		{ "ro sysctl.kernel.kptr_restrict=2", "kernel/kptr_restrict", "2" },
		{ "sysctl.kernel/kptr_restrict=2 quiet", "kernel/kptr_restrict", "2" },
		{ "sysctl.kernel.core_pattern=\"|/bin/x %p\" a", "kernel/core_pattern",
		  "|/bin/x %p" },
		{ "sysctl.kernel.a=1 sysctl.kernel.a=2", "kernel/a", "2" },
		{ "quiet -- sysctl.kernel.a=1", "kernel/a", NULL },
		{ "sysctl.kernel.a", "kernel/a", NULL },
		{ "norandmaps", "kernel/randomize_va_space", "0" },
		{ "norandmapsx", "kernel/randomize_va_space", NULL },
		{ "panic=10 oops=panic", "kernel/panic", "10" },
		{ "panic=10 oops=panic", "kernel/panic_on_oops", "1" },
		{ "oops=panicky", "kernel/panic_on_oops", NULL },
		{ "sysrq_always_enabled", "kernel/sysrq", "1" },
		{ "", "kernel/sysrq", NULL },
		{ "\"", "kernel/sysrq", NULL },
	};
	AUTO_JSON json_t *boot = sysctl_boot(cases[_i].line);
	const char *value =
		json_string_value(json_object_get(json_object_get(boot, cases[_i].key), "value"));
	ck_assert_msg(cases[_i].value ? value && streq(value, cases[_i].value) : !value, "%s: %s",
		      cases[_i].line, value);
}
END_TEST

#define ZEROS "00000000000000000000000000000000"
#define VIA   "fe800000000000000000000000000001"

START_TEST(routes_of_advertisements)
{
	static const struct {
		const char *text, *first;
		bool is_unread;
	} cases[] = {
		{ ZEROS " 00 " ZEROS " 00 " VIA " 00000400 00000001 00000000 00450003     eth0\n",
		  "eth0", false },
		{ ZEROS " 00 " ZEROS " 00 " VIA " 00000400 00000001 00000000 00000003     eth0\n",
		  NULL, false },
		{ VIA " 40 " ZEROS " 00 " ZEROS " 00000400 00000001 00000000 00450003     eth0\n",
		  NULL, false },
		{ "", NULL, false },
		{ ZEROS " 00 " ZEROS "\n", NULL, true },
	};
	AUTO_FREE char *text = xstrdup(cases[_i].text);
	AUTO_JSON json_t *routes = sysctl_ra_routes(text);
	const char *first = json_string_value(json_array_get(routes, 0));
	ck_assert_int_eq(fact_is_unread(routes), cases[_i].is_unread);
	ck_assert_msg(cases[_i].first ? first && streq(first, cases[_i].first) : !first, "%s",
		      first);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("sysctlfile", &suite);
	tcase_add_loop_test(t, a_name_means_a_path, 0, ARRAY_SIZE(names));
	tcase_add_test(t, lines_set_or_keep_away);
	tcase_add_test(t, secrets_are_not_kept);
	tcase_add_loop_test(t, a_key_counts_before_patterns, 0, 6);
	tcase_add_test(t, patterns_are_bounded);
	tcase_add_loop_test(t, the_command_line, 0, 14);
	tcase_add_loop_test(t, routes_of_advertisements, 0, 5);
	return harness_run(suite);
}
