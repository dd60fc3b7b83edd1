/* SPDX-License-Identifier: Apache-2.0 */
/* t_plugin.c: plugins are loaded when they are ours and sound, and refused for each reason
 * otherwise. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "harness.h"
#include "plugin.h"

/* One built-in row, so that a plugin can collide with it. */
static enum sw_verdict passes(struct sw_eval *e)
{
	return sw_pass(e, "fine");
}
static const struct sw_check own_rows[] = {
	{ .id = "own.check",
	  .kind = SW_ENGINE,
	  .severity = SW_LOW,
	  .title = "t",
	  .why = "w",
	  .wanted = "w",
	  .remedy = "r",
	  .fn = passes },
	{ 0 },
};
const struct sw_check *const sw_builtin_checks[] = { own_rows, NULL };

/* Folder with the compiled plugin_example.so and plugin_bad_N.so. */
static const char *built(void)
{
	const char *dir = getenv("plugindir");
	return dir ? dir : "tests";
}

static char folder[64];
static struct plugin_trust trust;
static struct err err;

/* A copy that this test may chmod; the folder is ours alone. */
static char *copy_of(const char *name)
{
	AUTO_FREE char *from = xasprintf("%s/%s", built(), name);
	AUTO_FREE char *data = NULL;
	char *to = xasprintf("%s/%s", folder, name);
	size_t n;
	AUTO_CLOSE int in = open(from, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(in >= 0, "%s is missing", from);
	ck_assert_int_eq(read_all(in, 64 << 20, &data, &n), 0);
	AUTO_CLOSE int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_int_eq(write_full(out, data, n), 0);
	ck_assert_int_eq(fchmod(out, 0644), 0);
	return to;
}

static void set_up(void)
{
	snprintf(folder, sizeof(folder), "./t_plugin.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
	trust = (struct plugin_trust){ .owner = geteuid(), .top = realpath(folder, NULL) };
}

static void remove_files(void)
{
	static const char *const names[] = { "plugin_example.so", "a.so", "link.so", "text.so",
					     "sub" };
	for (size_t i = 0; i < ARRAY_SIZE(names) + 9; i++) {
		AUTO_FREE char *path =
			i < ARRAY_SIZE(names)
				? xasprintf("%s/%s", folder, names[i])
				: xasprintf("%s/plugin_bad_%zu.so", folder, i - ARRAY_SIZE(names));
		remove(path);
	}
	remove(folder);
}

static void tear_down(void)
{
	remove_files();
	free((char *)trust.top);
	err_done(&err);
}

static int load(const char *path, struct registry *r)
{
	struct plugin *p = NULL;
	int code = plugin_open(path, &trust, &p, &err);
	if (code == 0)
		code = plugin_load(p, r, &err);
	/* Rows point into the plugin: a registry that holds some is freed by the caller, who then
	 * leaks p. */
	if (code < 0)
		plugin_free(p);
	return code;
}

START_TEST(example_adds_its_rows)
{
	AUTO_FREE char *path = copy_of("plugin_example.so");
	struct registry *r = registry_new();
	struct plugins all = { 0 };
	/* Twice named is once opened. */
	const char *const paths[] = { path, path, NULL };
	ck_assert_msg(plugins_open(folder, paths, &trust, &all, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(all.n, 1);
	/* The path may lead elsewhere by now. */
	ck_assert_int_eq(remove(path), 0);
	ck_assert_msg(plugins_load(&all, r, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(registry_count(r), 3);
	const struct sw_check *row = registry_find(r, "example.labelled-owner");
	ck_assert_ptr_nonnull(row);
	ck_assert_int_eq(row->kind, SW_CONTAINER);
	ck_assert_ptr_nonnull(strstr(registry_origin(r, row->id), "plugin_example.so"));
	registry_free(r);
	plugins_done(&all);
}
END_TEST

static const struct {
	int bad;
	const char *says;
} bad_plugins[] = {
	{ 0, "ABI" },         { 1, "compile it anew" }, { 2, "exports no seaworthy_plugin" },
	{ 3, "its name" },    { 4, "its id" },          { 5, "there already" },
	{ 6, "no function" }, { 7, "has no checks" },   { 8, "no table" },
};

START_TEST(bad_one_is_refused)
{
	AUTO_FREE char *name = xasprintf("plugin_bad_%d.so", bad_plugins[_i].bad);
	AUTO_FREE char *path = copy_of(name);
	struct registry *r = registry_new();
	struct plugin *p = NULL;
	ck_assert_msg(plugin_open(path, &trust, &p, &err) == 0, "%s", err.text);
	ck_assert_int_lt(plugin_load(p, r, &err), 0);
	ck_assert_msg(strstr(err.text, bad_plugins[_i].says), "%s", err.text);
	ck_assert_msg(strstr(err.text, path), "%s", err.text);
	registry_free(r);
	plugin_free(p);
}
END_TEST

static const struct {
	mode_t file, folder;
	const char *says;
} bad_modes[] = {
	{ 0664, 0755, "writable by others" },  { 0646, 0755, "writable by others" },
	{ 0644, 0775, "writable by others" },  { 0644, 0757, "writable by others" },
	{ 0644, 01777, "writable by others" }, { 0640, 0755, "not readable for all" },
};

START_TEST(what_others_could_write_is_refused)
{
	AUTO_FREE char *path = copy_of("plugin_example.so");
	ck_assert_int_eq(chmod(path, bad_modes[_i].file), 0);
	ck_assert_int_eq(chmod(folder, bad_modes[_i].folder), 0);
	struct plugin *p = NULL;
	ck_assert_int_lt(plugin_open(path, &trust, &p, &err), 0);
	ck_assert_ptr_null(p);
	ck_assert_msg(strstr(err.text, bad_modes[_i].says), "%s", err.text);
}
END_TEST

START_TEST(what_belongs_to_others_is_refused)
{
	AUTO_FREE char *path = copy_of("plugin_example.so");
	struct plugin *p = NULL;
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, 65534, 0), 0);
	else
		trust.owner = geteuid() + 1;
	ck_assert_int_lt(plugin_open(path, &trust, &p, &err), 0);
	ck_assert_msg(strstr(err.text, "belongs to uid"), "%s", err.text);
}
END_TEST

START_TEST(folder_above_counts)
{
	AUTO_FREE char *sub = xasprintf("%s/sub", folder);
	AUTO_FREE char *from = copy_of("plugin_example.so");
	AUTO_FREE char *path = xasprintf("%s/x.so", sub);
	struct plugin *p = NULL;
	ck_assert_int_eq(mkdir(sub, 0755), 0);
	ck_assert_int_eq(rename(from, path), 0);
	ck_assert_int_eq(chmod(folder, 0777), 0);
	ck_assert_int_lt(plugin_open(path, &trust, &p, &err), 0);
	ck_assert_msg(strstr(err.text, "writable by others"), "%s", err.text);
	remove(path);
}
END_TEST

/* A link is taken for where it leads: what counts is where the file is. */
START_TEST(link_out_of_the_folder_is_followed_and_checked)
{
	AUTO_FREE char *path = copy_of("plugin_example.so");
	AUTO_FREE char *link_path = xasprintf("%s/link.so", folder);
	struct plugin *p = NULL;
	ck_assert_int_eq(symlink("plugin_example.so", link_path), 0);
	ck_assert_int_eq(chmod(path, 0666), 0);
	ck_assert_int_lt(plugin_open(link_path, &trust, &p, &err), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
	ck_assert_msg(plugin_open(link_path, &trust, &p, &err) == 0, "%s", err.text);
	plugin_free(p);
}
END_TEST

START_TEST(no_plugin_at_all_is_an_error_or_none)
{
	struct registry *r = registry_new();
	struct plugins all = { 0 };
	AUTO_FREE char *text = xasprintf("%s/text.so", folder);
	AUTO_FILE FILE *f = fopen(text, "we");
	fputs("no shared object", f);
	fchmod(fileno(f), 0644);
	fflush(f);
	ck_assert_int_eq(load(text, r), -ENOEXEC);
	ck_assert_int_lt(load("/nowhere/x.so", r), 0);
	ck_assert_int_lt(load(folder, r), 0);
	ck_assert_int_lt(load("/dev/null", r), 0);
	ck_assert_int_eq(plugins_open("/nowhere", NULL, &trust, &all, &err), 0);
	ck_assert_uint_eq(all.n, 0);
	ck_assert_uint_eq(registry_count(r), 1);
	registry_free(r);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("plugin", &suite);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, example_adds_its_rows);
	tcase_add_loop_test(t, bad_one_is_refused, 0, ARRAY_SIZE(bad_plugins));
	tcase_add_loop_test(t, what_others_could_write_is_refused, 0, ARRAY_SIZE(bad_modes));
	tcase_add_test(t, what_belongs_to_others_is_refused);
	tcase_add_test(t, folder_above_counts);
	tcase_add_test(t, link_out_of_the_folder_is_followed_and_checked);
	tcase_add_test(t, no_plugin_at_all_is_an_error_or_none);
	return harness_run(suite);
}
