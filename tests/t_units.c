/* SPDX-License-Identifier: Apache-2.0 */
/* t_units.c: unit files merged and found as systemd does it. */
#include "facts.h"
#include "harness.h"
#include "units.h"

static void expect(const json_t *got, const char *wanted)
{
	json_t *w = json_loads(wanted, JSON_DECODE_ANY, NULL);
	ck_assert_msg(w != NULL, "%s", wanted);
	char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
	ck_assert_msg(json_equal(got, w), "%s, not %s", text, wanted);
	free(text);
	json_decref(w);
}

static const struct {
	const char *text, *wanted;
} texts[] = {
	{ "", "{}" },
	{ "[Service]\nExecStart=/bin/a\n", "{\"Service\":{\"ExecStart\":[\"/bin/a\"]}}" },
	{ "[Service]\nExecStart=/bin/a", "{\"Service\":{\"ExecStart\":[\"/bin/a\"]}}" },
	{ "[S]\r\nA = b c \r\n", "{\"S\":{\"A\":[\"b c\"]}}" },
	{ "[S]\nA=1\nA=2\n", "{\"S\":{\"A\":[\"1\",\"2\"]}}" },
	{ "[S]\nA=1\nA=\nA=2\n", "{\"S\":{\"A\":[\"2\"]}}" },
	{ "[S]\nA=1\nA=\n", "{\"S\":{\"A\":[]}}" },
	{ "[S]\n[T]\nA=1\n[S]\nA=2\n", "{\"S\":{\"A\":[\"2\"]},\"T\":{\"A\":[\"1\"]}}" },
	{ "[S]\n#A=1\n ;A=2\nA=3#4\n", "{\"S\":{\"A\":[\"3#4\"]}}" },
	{ "[S]\nA=a \\\n  b\n", "{\"S\":{\"A\":[\"a    b\"]}}" },
	{ "[S]\nA=a \\\n# comment \\\n;more\n  b\nB=1\n",
	  "{\"S\":{\"A\":[\"a    b\"],\"B\":[\"1\"]}}" },
	{ "[S]\nA=a\\\\\nB=1\n", "{\"S\":{\"A\":[\"a\\\\\\\\\"],\"B\":[\"1\"]}}" },
	{ "[S]\nA=a\\", "{\"S\":{\"A\":[\"a\"]}}" },
	{ "[S]\n# c \\\nA=1\n", "{\"S\":{\"A\":[\"1\"]}}" },
	{ "A=1\n[S]\nB=2\n", "{\"S\":{\"B\":[\"2\"]}}" },
	{ "[S\nA=1\n", "{}" },
	{ "[S]\nA=1\n[broken\nB=2\n", "{\"S\":{\"A\":[\"1\"]}}" },
	{ "[S]\nno assignment\n=x\nA=1=2\n", "{\"S\":{\"A\":[\"1=2\"]}}" },
	{ "[S]\nA=%t/docker.sock\n", "{\"S\":{\"A\":[\"%t/docker.sock\"]}}" },
	{ "[S]\nA=\"quoted\" $X\n", "{\"S\":{\"A\":[\"\\\"quoted\\\" $X\"]}}" },
	{ "\xef\xbb\xbf[S]\nA=1\n", "{\"S\":{\"A\":[\"1\"]}}" },
	{ "[S]\nA=\xff\n", "{\"S\":{\"A\":[{\"$unread\":\"it is not valid UTF-8\"}]}}" },
	{ "[]\nA=1\n", "{}" },
	{ "[S]\r\nA=a \\\r\n b\r\nB=1\rC=2\n\rD=3",
	  "{\"S\":{\"A\":[\"a   b\"],\"B\":[\"1\"],\"C\":[\"2\"],\"D\":[\"3\"]}}" },
	{ "[S]\nA=a \\\r\n\r\nB=1\n", "{\"S\":{\"A\":[\"a\"],\"B\":[\"1\"]}}" },
};

START_TEST(merging)
{
	json_t *settings = json_object();
	unit_merge(settings, texts[_i].text, strlen(texts[_i].text));
	expect(settings, texts[_i].wanted);
	json_decref(settings);
}
END_TEST

START_TEST(drop_in_resets)
{
	static const char *const files[] = {
		"[Service]\nExecStart=/usr/bin/dockerd -H fd://\nLimitNOFILE=1\n",
		"[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n",
		"[Service]\nLimitNOFILE=2\n",
	};
	json_t *settings = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		unit_merge(settings, files[i], strlen(files[i]));
	expect(settings, "{\"Service\":{\"ExecStart\":[\"/usr/bin/"
			 "dockerd\"],\"LimitNOFILE\":[\"1\",\"2\"]}}");
	json_decref(settings);
}
END_TEST

/* Nothing after a NUL is lost or read beyond the end. */
START_TEST(bytes)
{
	static const char data[] = "[S]\nA=1\0\nB=2\n";
	json_t *settings = json_object();
	unit_merge(settings, data, sizeof(data) - 1);
	expect(settings, "{\"S\":{\"A\":[\"1\"],\"B\":[\"2\"]}}");
	for (size_t n = 0; n < sizeof(data); n++)
		unit_merge(settings, data, n);
	json_decref(settings);
}
END_TEST

/* --- finding: a small tree
 * ------------------------------------------------------------------------ */

struct file {
	const char *path, *text; /* NULL: a link to /dev/null; "!reason": cannot be read */
};

#define MAX 8
static const struct {
	const char *name;
	struct file files[MAX];
	const char *unlisted; /* a folder that cannot be listed */
	const char *wanted;
} trees[] = {
	{ "no unit", { { NULL, NULL } }, NULL, "{\"path\":null,\"drop_ins\":[],\"masked\":false}" },
	{ "packaged",
	  { { "/usr/lib/systemd/system/docker.service", "[S]\nA=1\n" } },
	  NULL,
	  "{\"path\":\"/usr/lib/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"1\"]}}}" },
	{ "the administrator's wins",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=1\n" },
	    { "/etc/systemd/system/docker.service", "[S]\nA=2\n" },
	    { "/run/systemd/system/docker.service", "[S]\nA=3\n" } },
	  NULL,
	  "{\"path\":\"/etc/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"2\"]}}}" },
	{ "system.control is stronger",
	  { { "/etc/systemd/system/docker.service", "[S]\nA=2\n" },
	    { "/run/systemd/system.control/docker.service", "[S]\nA=3\n" } },
	  NULL,
	  "{\"path\":\"/run/systemd/system.control/"
	  "docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"3\"]}}}" },
	{ "generator.late is weakest",
	  { { "/run/systemd/generator.late/docker.service", "[S]\nA=2\n" },
	    { "/lib/systemd/system/docker.service", "[S]\nA=3\n" } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"3\"]}}}" },
	{ "masked",
	  { { "/etc/systemd/system/docker.service", NULL },
	    { "/lib/systemd/system/docker.service", "[S]\nA=3\n" } },
	  NULL,
	  "{\"path\":\"/etc/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":true}" },
	{ "drop-ins by name, not by folder",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" },
	    { "/etc/systemd/system/docker.service.d/50-b.conf", "[S]\nA=b\n" },
	    { "/run/systemd/system/docker.service.d/10-a.conf", "[S]\nA=a\n" },
	    { "/lib/systemd/system/service.d/70-c.conf", "[S]\nA=c\n" },
	    { "/lib/systemd/system/docker.service.d/README", "[S]\nA=no\n" } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":["
	  "\"/run/systemd/system/docker.service.d/10-a.conf\","
	  "\"/etc/systemd/system/docker.service.d/50-b.conf\",\"/lib/systemd/system/service.d/"
	  "70-c.conf\"],"
	  "\"masked\":false,\"settings\":{\"S\":{\"A\":[\"0\",\"a\",\"b\",\"c\"]}}}" },
	{ "a drop-in hides its namesake",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" },
	    { "/lib/systemd/system/docker.service.d/x.conf", "[S]\nA=low\n" },
	    { "/etc/systemd/system/docker.service.d/x.conf", "[S]\nA=high\n" } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":["
	  "\"/etc/systemd/system/docker.service.d/x.conf\"],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"0\",\"high\"]}}}" },
	{ "the unit's own hides its type's, whatever the folders",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" },
	    { "/etc/systemd/system/service.d/x.conf", "[S]\nA=type\n" },
	    { "/lib/systemd/system/docker.service.d/x.conf", "[S]\nA=unit\n" } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":["
	  "\"/lib/systemd/system/docker.service.d/x.conf\"],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"0\",\"unit\"]}}}" },
	{ "a masked drop-in",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" },
	    { "/lib/systemd/system/docker.service.d/x.conf", "[S]\nA=low\n" },
	    { "/etc/systemd/system/docker.service.d/x.conf", NULL } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"S\":{\"A\":[\"0\"]}}}" },
	{ "an unreadable drop-in",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" },
	    { "/lib/systemd/system/docker.service.d/x.conf", "!EACCES" } },
	  NULL,
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"$unread\":\"/lib/systemd/system/docker.service.d/x.conf: EACCES\"}}" },
	{ "a folder of drop-ins that cannot be listed",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" } },
	  "/etc/systemd/system/docker.service.d",
	  "{\"path\":\"/lib/systemd/system/docker.service\",\"drop_ins\":[],\"masked\":false,"
	  "\"settings\":{\"$unread\":\"/etc/systemd/system/docker.service.d: EACCES\"}}" },
	{ "a stronger folder that cannot be listed may hold another fragment",
	  { { "/lib/systemd/system/docker.service", "[S]\nA=0\n" } },
	  "/etc/systemd/system",
	  "{\"$unread\":\"/etc/systemd/system: EACCES\"}" },
	{ "no unit, but a folder that cannot be listed",
	  { { NULL, NULL } },
	  "/run/systemd/generator",
	  "{\"$unread\":\"/run/systemd/generator: EACCES\"}" },
};

/* The folder's entries as FETCH_LIST answers them; -1 when there is none. */
static ssize_t list_folder(const struct file *files, const char *dir, char *out)
{
	ssize_t n = 0;
	size_t len = strlen(dir);
	for (size_t i = 0; i < MAX && files[i].path; i++) {
		const char *p = files[i].path;
		if (strncmp(p, dir, len) != 0 || p[len] != '/' || strchr(p + len + 1, '/'))
			continue;
		out[n++] = files[i].text ? 'f' : 'l';
		memcpy(out + n, p + len + 1, strlen(p + len + 1) + 1);
		n += (ssize_t)strlen(p + len + 1) + 1;
	}
	return n ? n : -1;
}

static void read_one(struct unit_search *s, size_t i, const struct file *files, const char *path)
{
	for (size_t k = 0; k < MAX && files[k].path; k++) {
		const char *text = files[k].text;
		if (!streq(files[k].path, path))
			continue;
		if (!text)
			unit_search_masked(s, i);
		else if (*text == '!')
			unit_search_read(s, i, NULL, 0, text + 1);
		else
			unit_search_read(s, i, text, strlen(text), NULL);
		return;
	}
	ck_abort_msg("asked for %s", path);
}

START_TEST(finding)
{
	const struct file *files = trees[_i].files;
	struct unit_search *s = unit_search_new("docker.service");
	const char *path;
	char buf[1024];
	for (size_t i = 0; (path = unit_search_dir(s, i)); i++) {
		ssize_t n = list_folder(files, path, buf);
		if (trees[_i].unlisted && streq(trees[_i].unlisted, path))
			unit_search_listed(s, i, NULL, 0, "EACCES");
		else
			unit_search_listed(s, i, buf, n < 0 ? 0 : (size_t)n,
					   n < 0 ? UNIT_NOT_THERE : NULL);
	}
	for (size_t i = 0; (path = unit_search_file(s, i)); i++)
		read_one(s, i, files, path);
	json_t *record = unit_search_record(s);
	expect(record, trees[_i].wanted);
	json_decref(record);
	unit_search_free(s);
}
END_TEST

/* A file that nobody read is not empty, and a list cut short is not read beyond its end. */
START_TEST(unread)
{
	struct unit_search *s = unit_search_new("docker.service");
	unit_search_listed(s, 4, "fdocker.service\0fx", 18, NULL);
	unit_search_listed(s, 999, "fdocker.service", 16, NULL);
	ck_assert_str_eq(unit_search_file(s, 0), "/etc/systemd/system/docker.service");
	ck_assert_ptr_null(unit_search_file(s, 1));
	json_t *record = unit_search_record(s);
	ck_assert(fact_is_unread(json_object_get(record, "settings")));
	ck_assert(json_is_false(json_object_get(record, "masked")));
	json_decref(record);
	unit_search_free(s);
}
END_TEST

START_TEST(too_many)
{
	struct unit_search *s = unit_search_new("docker.service");
	for (unsigned i = 0; i < 2 * UNIT_FILES_MAX; i++) {
		char entry[32];
		int n = snprintf(entry, sizeof(entry), "f%u.conf", i);
		unit_search_listed(s, 13, entry, (size_t)n + 1, NULL);
	}
	json_t *record = unit_search_record(s);
	ck_assert(fact_is_unread(record));
	json_decref(record);
	unit_search_free(s);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("units", &suite);
	tcase_add_loop_test(tc, merging, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, drop_in_resets);
	tcase_add_test(tc, bytes);
	tcase_add_loop_test(tc, finding, 0, ARRAY_SIZE(trees));
	tcase_add_test(tc, unread);
	tcase_add_test(tc, too_many);
	return harness_run(suite);
}
