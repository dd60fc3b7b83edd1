/* SPDX-License-Identifier: Apache-2.0 */
/* t_confbounds.c: configuration that cannot be read, or has no end, is never taken for nothing. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static const char *const dirs[] = { "/etc/x.d", "/run/x.d", "/usr/lib/x.d", NULL };
static const char *const main_files[] = { "/etc/x.conf", NULL };
static const struct conf_spec last_wins = {
	.dirs = dirs, .suffix = ".conf", .line = conf_line_equals, .merge = CONF_LAST
};

START_TEST(what_cannot_be_read_is_not_nothing)
{
	static const struct {
		struct conf_file entry;
		const char *why;
	} cases[] = {
		{ { "/run/x.d/5.conf", CONF_DENIED }, "/run/x.d/5.conf: EACCES" },
		{ { "/run/x.d/5.conf", CONF_LINK "/etc" }, "EISDIR" },
		{ { "/usr/lib/x.d", CONF_DENIED }, "/usr/lib/x.d: EACCES" },
	};
	const struct conf_file files[] = {
		{ "/etc/x.d/1.conf", "a=1\n" },
		{ "/run/x.d", NULL },
		{ "/etc", NULL },
		cases[_i].entry,
		{ 0 },
	};
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	AUTO_JSON json_t *conf = conf_read(&last_wins, &source);
	conftree_is_unread(conf, cases[_i].why);
}
END_TEST

/* A file of bytes, whatever they are; context is a struct bytes. */
struct bytes {
	const char *data;
	size_t n;
};

static char *bytes_read(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	const struct bytes *b = context;
	*ret_why = streq(path, "/etc/x.conf") ? NULL : xstrdup("");
	if (*ret_why)
		return NULL;
	char *copy = xalloc(b->n + 1);
	memcpy(copy, b->data, b->n);
	*ret_len = b->n;
	return copy;
}

static bool no_list(void *context, const char *path, void (*entry)(char, const char *, void *),
		    void *entry_context, char **ret_why)
{
	(void)context, (void)path, (void)entry, (void)entry_context;
	*ret_why = xstrdup("");
	return false;
}

static char *no_resolve(void *context, const char *path)
{
	(void)context, (void)path;
	return NULL;
}

static json_t *read_bytes(const char *data, size_t n)
{
	static const struct conf_spec spec = { .first = main_files, .line = conf_line_equals };
	struct bytes b = { data, n };
	struct conf_source source = { bytes_read, no_list, no_resolve, &b, NULL };
	return conf_read(&spec, &source);
}

START_TEST(bytes_of_all_kinds)
{
	AUTO_JSON json_t *nul = read_bytes("a=1\n\0b=2\n", 9);
	conftree_is_unread(nul, "/etc/x.conf: holds a NUL byte");
	conftree_files_are(nul, "/etc/x.conf:unread");
	AUTO_JSON json_t *latin = read_bytes("a=\xfc\n\xff=2\n", 8);
	ck_assert(json_object_get(json_object_get(latin, "settings"), "a"));
	AUTO_JSON json_t *empty = read_bytes("", 0);
	conftree_settings_are(empty, "a", "");
	AUTO_JSON json_t *crlf = read_bytes("a = 1\r\n", 7);
	conftree_settings_are(crlf, "a", "1@/etc/x.conf:1");
	AUTO_JSON json_t *odd = read_bytes("=\n==\n=x\n", 8);
	conftree_settings_are(odd, "", "x@/etc/x.conf:3 =@/etc/x.conf:2 @/etc/x.conf:1");
}
END_TEST

START_TEST(bounds_of_one_file)
{
	size_t n = 8 << 20;
	AUTO_FREE char *line = xalloc(n + 1);
	memset(line, 'x', n);
	AUTO_JSON json_t *one = read_bytes(line, n);
	ck_assert(!fact_is_unread(json_object_get(one, "settings")));
	for (size_t i = 0; i + 4 <= n; i += 4)
		memcpy(line + i, "a=1\n", 4);
	AUTO_JSON json_t *many = read_bytes(line, n);
	conftree_is_unread(many, "more than 200000 settings");
	n = CONF_BYTES_MAX + 1;
	AUTO_FREE char *large = xalloc(n);
	memset(large, '\n', n);
	AUTO_JSON json_t *huge = read_bytes(large, n);
	conftree_is_unread(huge, "bytes in all");
}
END_TEST

/* A folder without end. */
static bool endless_list(void *context, const char *path, void (*entry)(char, const char *, void *),
			 void *entry_context, char **ret_why)
{
	(void)context, (void)path;
	*ret_why = NULL;
	for (size_t i = 0; i < 100000; i++) {
		char name[32];
		snprintf(name, sizeof(name), "%06zu.conf", i);
		entry('f', name, entry_context);
	}
	return true;
}

static char *small_read(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	(void)path;
	++*(size_t *)context;
	*ret_why = NULL;
	*ret_len = 3;
	return xstrdup("a=1");
}

START_TEST(bounds_of_a_folder)
{
	size_t n_reads = 0;
	struct conf_source source = { small_read, endless_list, no_resolve, &n_reads, NULL };
	AUTO_JSON json_t *conf = conf_read(&last_wins, &source);
	conftree_is_unread(conf, "more than 2000 files");
	ck_assert_uint_le(n_reads, CONF_FILES_MAX);
	ck_assert_uint_le(json_array_size(json_object_get(conf, "files")), CONF_FILES_MAX + 1);
}
END_TEST

/* As with links that lead upwards. */
static bool looping_list(void *context, const char *path, void (*entry)(char, const char *, void *),
			 void *entry_context, char **ret_why)
{
	(void)path;
	++*(size_t *)context;
	*ret_why = NULL;
	entry('l', "again", entry_context);
	entry('l', "more", entry_context);
	return true;
}

START_TEST(bounds_of_a_pattern)
{
	static const struct {
		struct conf_source source;
		const char *pattern, *why;
	} cases[] = {
		{ { small_read, looping_list, no_resolve, NULL, NULL },
		  "/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/x",
		  "more than 2000 folders" },
		{ { small_read, endless_list, no_resolve, NULL, NULL },
		  "/*",
		  "more than 2000 files" },
	};
	size_t n_lists = 0;
	struct conf_source source = cases[_i].source;
	struct conf_paths found CLEANUP(conf_paths_done) = { 0 };
	AUTO_FREE char *why = NULL;
	source.context = &n_lists;
	ck_assert(!conf_glob(&source, cases[_i].pattern, &found, &why));
	ck_assert_msg(strstr(why, cases[_i].why) != NULL, "%s", why);
	ck_assert_uint_le(n_lists, CONF_FILES_MAX);
	ck_assert_uint_le(found.n, CONF_FILES_MAX);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("confbounds", &suite);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, what_cannot_be_read_is_not_nothing, 0, 3);
	tcase_add_test(t, bytes_of_all_kinds);
	tcase_add_test(t, bounds_of_one_file);
	tcase_add_test(t, bounds_of_a_folder);
	tcase_add_loop_test(t, bounds_of_a_pattern, 0, 2);
	return harness_run(suite);
}
