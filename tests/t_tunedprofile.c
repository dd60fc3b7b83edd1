/* SPDX-License-Identifier: Apache-2.0 */
/* t_tunedprofile.c: what a profile of tuned sets, and what of it is in force beside other files. */
#include "facts.h"
#include "harness.h"
#include "tunedprofile.h"

/* Settings of KEY=VALUE words: each key once. */
static json_t *settings_of(const char *words, const char *file)
{
	json_t *settings = json_object();
	AUTO_FREE char *copy = xstrdup(words);
	char *rest = copy, *word;
	while ((word = strsep(&rest, "|"))) {
		char *equals = strchr(word, '=');
		if (!equals)
			continue;
		*equals = '\0';
		json_object_set_new(
			settings, word,
			json_pack("[{ss ss si}]", "value", equals + 1, "file", file, "line", 1));
	}
	return settings;
}

static const struct {
	const char *older, *ini, *wanted; /* of key "a/b"; NULL: absent; "!": unread */
	bool is_trouble;
} profiles[] = {
	{ "", "sysctl/a.b=1", "1", false },
	{ "", "sysctl/a/b=1", "1", false },
	{ "", "sysctl/a.b=1 # one", "1", false },
	{ "", "sysctl/a.b=1#2", "1#2", false },
	{ "", "sysctl/a.b=\"1 2\"", "1 2", false },
	{ "", "sysctl/a.b=>1", "!", false },
	{ "", "sysctl/a.b=${x}", "!", false },
	{ "", "vm/a.b=1", NULL, false },
	{ "", "x/a.b=1|x/type=sysctl", "1", false },
	{ "", "sysctl/a.b=1|sysctl/type=vm", NULL, false },
	{ "", "sysctl/a.b=1|sysctl/enabled=0", NULL, false },
	{ "", "sysctl/a.b=1|sysctl/enabled=True", "1", false },
	{ "", "sysctl/a.b=1|sysctl/uname_regex=x86", NULL, true },
	{ "", "disk/a.b=1|disk/uname_regex=x86", NULL, false },
	{ "a/b=0", "sysctl/a.b=1", "1", false },
	{ "a/b=0", "sysctl/c.d=1", "0", false },
	{ "a/b=0", "sysctl/c.d=1|sysctl/replace=1", NULL, false },
	{ "a/b=0", "sysctl/c.d=1|sysctl/drop=x.y, a.b", NULL, false },
	{ "", "sysctl/net.ipv4.tcp_fastopen_key=1-2", NULL, false },
};

START_TEST(test_add)
{
	json_t *settings = settings_of(profiles[_i].older, "older");
	json_t *ini = settings_of(profiles[_i].ini, "tuned.conf");
	const char *wanted = profiles[_i].wanted;
	AUTO_FREE char *why = tuned_add(settings, ini);
	struct fact f = facts_find(settings, "a~1b/0/value");
	ck_assert_int_eq(why != NULL, profiles[_i].is_trouble);
	if (!wanted)
		ck_assert_ptr_null(json_object_get(settings, "a/b"));
	else if (streq(wanted, "!"))
		ck_assert_msg(f.state == FACT_UNREAD && strstr(f.reason, "when it starts"), "%s",
			      f.reason);
	else
		ck_assert_pstr_eq(json_string_value(f.value), wanted);
	AUTO_FREE char *text = json_dumps(settings, 0);
	ck_assert_ptr_null(strstr(text, "1-2"));
	json_decref(settings);
	json_decref(ini);
}
END_TEST

static const struct {
	const char *file, *own, *conf; /* where a file, tuned and /etc/sysctl.conf set "a" */
	bool reapply;
	const char *wanted;
} merges[] = {
	{ "/etc/sysctl.d/x.conf", "a=1", "", true, "0" },
	{ "/run/sysctl.d/x.conf", "a=1", "", true, "0" },
	{ "/usr/lib/sysctl.d/x.conf", "a=1", "", true, "1" },
	{ "/etc/sysctl.d/x.conf", "a=1", "", false, "1" },
	{ "/etc/sysctl.d/x.conf", "a=1", "a=2", true, "2" },
	{ "/etc/sysctl.d/x.conf", "a=1", "a=2", false, "1" },
	{ "/usr/lib/sysctl.d/x.conf", "b=1", "a=2", true, "2" },
	{ "/usr/lib/sysctl.d/x.conf", "", "a=2", true, "0" },
};

START_TEST(test_merge)
{
	json_t *settings = settings_of("a=0", merges[_i].file);
	json_t *own = settings_of(merges[_i].own, "tuned.conf");
	json_t *conf = settings_of(merges[_i].conf, "/etc/sysctl.conf");
	tuned_merge(settings, own, conf, merges[_i].reapply);
	struct fact f = facts_find(settings, "a/0/value");
	ck_assert_pstr_eq(json_string_value(f.value), merges[_i].wanted);
	json_decref(settings);
	json_decref(own);
	json_decref(conf);
}
END_TEST

START_TEST(test_includes)
{
	json_t *ini = settings_of("main/include=a, b;c # d", "tuned.conf");
	json_t *names = tuned_includes(ini);
	AUTO_FREE char *text = json_dumps(names, JSON_COMPACT);
	ck_assert_str_eq(text, "[\"a\",\"b\",\"c\"]");
	json_decref(names);
	json_decref(ini);
	ini = settings_of("main/include=${x}", "tuned.conf");
	names = tuned_includes(ini);
	ck_assert(fact_is_unread(names));
	json_decref(names);
	json_decref(ini);
}
END_TEST

START_TEST(test_names)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", "a b" };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert(!tuned_is_name(bad[i]));
	ck_assert(tuned_is_name("throughput-performance"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("tunedprofile", &suite);
	tcase_add_loop_test(t, test_add, 0, ARRAY_SIZE(profiles));
	tcase_add_loop_test(t, test_merge, 0, ARRAY_SIZE(merges));
	tcase_add_test(t, test_includes);
	tcase_add_test(t, test_names);
	return harness_run(suite);
}
