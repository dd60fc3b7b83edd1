/* SPDX-License-Identifier: Apache-2.0 */
/* t_hostfiles.c: fstab, and the programs that units start. */
#include <check.h>

#include "facts.h"
#include "fstab.h"
#include "harness.h"
#include "unitprograms.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* As text with sorted members, without what is false. */
static char *parsed(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	AUTO_JSON json_t *list = fstab_parse(copy);
	json_t *entry, *value;
	size_t i;
	const char *key;
	void *next;
	json_array_foreach(list, i, entry)
	{
		json_object_foreach_safe(entry, next, key, value)
		{
			if (json_is_false(value))
				json_object_del(entry, key);
		}
	}
	return json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
}

static const struct {
	const char *text, *wanted;
} tables[] = {
	{ "", "[]" },
	{ "# nothing\n\n \t\n", "[]" },
	{ "/dev/sda1 / ext4 defaults 0 1\n",
	  "[{\"line\":1,\"options\":\"defaults\",\"point\":\"/\",\"source\":\"/dev/sda1\","
	  "\"type\":\"ext4\"}]" },
	{ "\n  a\t/b/ \t ext4\r\n",
	  "[{\"line\":2,\"options\":\"defaults\",\"point\":\"/b\",\"source\":\"a\","
	  "\"type\":\"ext4\"}]" },
	{ "a /x\\040y ext4 nodev,dev",
	  "[{\"line\":1,\"options\":\"nodev,dev\",\"point\":\"/x y\",\"source\":\"a\","
	  "\"type\":\"ext4\"}]" },
	{ "a /b ext4 user,exec",
	  "[{\"line\":1,\"nodev\":true,\"nosuid\":true,\"options\":\"user,exec\",\"point\":\"/b\","
	  "\"source\":\"a\",\"type\":\"ext4\",\"user\":true}]" },
	{ "a /b ext4 exec,users",
	  "[{\"line\":1,\"nodev\":true,\"noexec\":true,\"nosuid\":true,\"options\":\"exec,users\","
	  "\"point\":\"/b\",\"source\":\"a\",\"type\":\"ext4\",\"user\":true}]" },
	{ "a /b ext4 owner",
	  "[{\"line\":1,\"nodev\":true,\"nosuid\":true,\"options\":\"owner\",\"point\":\"/b\","
	  "\"source\":\"a\",\"type\":\"ext4\",\"user\":true}]" },
	{ "a /b ext4 xnodev,nodevx",
	  "[{\"line\":1,\"options\":\"xnodev,nodevx\",\"point\":\"/b\",\"source\":\"a\","
	  "\"type\":\"ext4\"}]" },
	{ "//s/x /b cifs user=bob,password=hunter2,nodev",
	  "[{\"line\":1,\"nodev\":true,\"options\":\"user=bob,password=\u00abredacted: "
	  "password\u00bb,nodev\",\"point\":\"/b\","
	  "\"source\":\"//s/x\",\"type\":\"cifs\"}]" },
	{ "//s/x /b cifs pass=a,secret=b,password2=c,passwd=d,pass,secretx=e,,password=",
	  "[{\"line\":1,\"options\":\"pass=\u00abredacted: password\u00bb,"
	  "secret=\u00abredacted: password\u00bb,password2=\u00abredacted: password\u00bb,"
	  "passwd=d,pass,secretx=e,,password=\u00abredacted: password\u00bb\",\"point\":\"/b\","
	  "\"source\":\"//s/x\",\"type\":\"cifs\"}]" },
	{ "a\t/b//\text4\tro\t0\t1\r\n\r\nb // xfs",
	  "[{\"line\":1,\"options\":\"ro\",\"point\":\"/b\",\"source\":\"a\",\"type\":\"ext4\"},"
	  "{\"line\":3,\"options\":\"defaults\",\"point\":\"/\",\"source\":\"b\","
	  "\"type\":\"xfs\"}]" },
	{ "a /b ext4\nc\n", "{\"$unread\":\"/etc/fstab: line 2 was not understood\"}" },
	{ "a /b\n", "{\"$unread\":\"/etc/fstab: line 1 was not understood\"}" },
};

START_TEST(fstab_is_understood)
{
	AUTO_FREE char *got = parsed(tables[_i].text);
	ck_assert_str_eq(got, tables[_i].wanted);
}
END_TEST

/* nodev, nosuid, noexec and user: d, s, e and u of those that hold. */
static const struct {
	const char *options, *wanted;
} options[] = {
	{ "defaults", "" },        { "nodev", "d" },          { "nosuid", "s" },
	{ "noexec", "e" },         { "nodev,nosuid", "ds" },  { "nosuid,suid", "" },
	{ "noexec,exec", "" },     { "nodev,dev", "" },       { "suid,nosuid", "s" },
	{ "user", "dseu" },        { "users", "dseu" },       { "owner", "dsu" },
	{ "group", "dsu" },        { "user,nouser", "dse" },  { "users,nousers", "dse" },
	{ "owner,noowner", "ds" }, { "group,nogroup", "ds" }, { "nodev,defaults", "d" },
	{ "user,dev", "seu" },     { "user,suid", "deu" },    { ",nodev,", "d" },
	{ "user=bob", "" },        { "nodev=1", "" },         { "nouser,user,exec,suid,dev", "u" },
};

START_TEST(options_are_understood)
{
	AUTO_FREE char *text = xasprintf("a /b ext4 %s\n", options[_i].options);
	AUTO_JSON json_t *list = fstab_parse(text);
	const json_t *entry = json_array_get(list, 0);
	AUTO_FREE char *got =
		xasprintf("%s%s%s%s", json_is_true(json_object_get(entry, "nodev")) ? "d" : "",
			  json_is_true(json_object_get(entry, "nosuid")) ? "s" : "",
			  json_is_true(json_object_get(entry, "noexec")) ? "e" : "",
			  json_is_true(json_object_get(entry, "user")) ? "u" : "");
	ck_assert_str_eq(got, options[_i].wanted);
}
END_TEST

START_TEST(fstab_is_bounded)
{
	size_t n = FSTAB_MAX + (size_t)_i;
	AUTO_FREE char *text = xalloc(n * 8 + 1);
	for (size_t i = 0; i < n; i++)
		memcpy(text + i * 8, "a /b xf\n", 8);
	AUTO_JSON json_t *list = fstab_parse(text);
	if (_i == 0)
		ck_assert_uint_eq(json_array_size(list), FSTAB_MAX);
	else
		ck_assert_ptr_nonnull(strstr(fact_reason(list), "more than"));
}
END_TEST

static const struct {
	const char *line, *path; /* NULL: none is named */
} commands[] = {
	{ "ExecStart=/usr/sbin/x -d", "/usr/sbin/x" },
	{ " ExecStartPre = -/bin/sh -c 'y'", "/bin/sh" },
	{ "ExecStop=@!+/usr/bin/a a", "/usr/bin/a" },
	{ "ExecStart=\"/opt/with blank/x\" -d", "/opt/with blank/x" },
	{ "ExecStart=sh -c true", NULL },
	{ "ExecStart=%h/x", NULL },
	{ "ExecStart=/usr/%i/x", NULL },
	{ "ExecStart=", NULL },
	{ "ExecStartX=/x/y", NULL },
	{ "#ExecStart=/x/y", NULL },
	{ "ExecStart=/", NULL },
};

START_TEST(programs_are_found)
{
	struct unit_programs *p = unit_programs_new();
	const char *line = commands[_i].line;
	unit_programs_add(p, line, strlen(line));
	unit_programs_add(p, line, strlen(line));
	if (commands[_i].path)
		ck_assert_str_eq(unit_programs_at(p, 0), commands[_i].path);
	ck_assert_ptr_null(unit_programs_at(p, commands[_i].path ? 1 : 0));
	unit_programs_free(p);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("hostfiles", &suite);
	tcase_add_loop_test(tc, fstab_is_understood, 0, ARRAY_SIZE(tables));
	tcase_add_loop_test(tc, options_are_understood, 0, ARRAY_SIZE(options));
	tcase_add_loop_test(tc, fstab_is_bounded, 0, 2);
	tcase_add_loop_test(tc, programs_are_found, 0, ARRAY_SIZE(commands));
	return harness_run(suite);
}
