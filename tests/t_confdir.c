/* SPDX-License-Identifier: Apache-2.0 */
/* t_confdir.c: layered configuration, read from trees in memory. */
#include "confdir.h"
#include "facts.h"
#include "harness.h"

/* --- a tree in memory ------------------------------------------------------------------------ */

/* text NULL: a folder. Links and devices are told by their text. */
struct entry {
	const char *path, *text;
};
#define DEVICE ((const char *)1) /* a link to /dev/null */
#define DENIED ((const char *)2)
#define LINK   "->"

struct tree {
	struct entry entries[40];
};

static size_t n_tree_reads;

static const struct entry *find(const struct tree *t, const char *path)
{
	for (const struct entry *e = t->entries; e->path; e++)
		if (streq(e->path, path))
			return e;
	return NULL;
}

static bool is_special(const char *text)
{
	return text == DEVICE || text == DENIED;
}

static const struct entry *follow(const struct tree *t, const char *path)
{
	const struct entry *e = find(t, path);
	for (size_t i = 0; e && e->text && !is_special(e->text) && starts_with(e->text, LINK); i++)
		e = i < 40 ? find(t, e->text + 2) : NULL;
	return e;
}

static char *tree_read(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	const struct tree *t = context;
	const struct entry *e = follow(t, path);
	n_tree_reads++;
	*ret_why = NULL;
	if (e && e->text && !is_special(e->text)) {
		*ret_len = strlen(e->text);
		return xstrdup(e->text);
	}
	*ret_why = xstrdup(!e                  ? ""
			   : e->text == DEVICE ? CONF_NULL
			   : e->text == DENIED ? "EACCES: Permission denied"
					       : "EISDIR: Is a directory");
	return NULL;
}

static bool tree_list(void *context, const char *path,
		      void (*entry)(char type, const char *name, void *context),
		      void *entry_context, char **ret_why)
{
	const struct tree *t = context;
	const struct entry *dir = streq(path, "/") ? t->entries : follow(t, path);
	const char *base = streq(path, "/") ? "" : dir ? dir->path : path;
	size_t n = strlen(base);
	*ret_why = NULL;
	if (!dir || dir->text == DENIED) {
		*ret_why = xstrdup(dir ? "EACCES: Permission denied" : "");
		return false;
	}
	for (const struct entry *e = t->entries; e->path; e++) {
		if (strncmp(e->path, base, n) != 0 || e->path[n] != '/' || !e->path[n + 1] ||
		    strchr(e->path + n + 1, '/'))
			continue;
		bool is_link = e->text && !is_special(e->text) && starts_with(e->text, LINK);
		entry(!e->text ? 'd' : is_link ? 'l' : 'f', e->path + n + 1, entry_context);
	}
	return true;
}

static char *tree_resolve(void *context, const char *path)
{
	const struct entry *e = follow(context, path);
	return e ? xstrdup(e->path) : NULL;
}

/* --- saying what came of it ------------------------------------------------------------------- */

/* "value@file:line ..." of one key, or its absence, or why nothing is known. */
static void settings_are(json_t *conf, const char *key, const char *wanted)
{
	json_t *settings = json_object_get(conf, "settings"), *one;
	AUTO_FREE char *text = xstrdup("");
	size_t i;
	ck_assert_msg(!fact_is_unread(settings), "%s",
		      fact_is_unread(settings) ? fact_reason(settings) : "");
	json_array_foreach(json_object_get(settings, key), i, one)
	{
		const char *value = json_string_value(json_object_get(one, "value"));
		char *more =
			xasprintf("%s%s%s@%s:%lld", text, *text ? " " : "", value ? value : "null",
				  json_string_value(json_object_get(one, "file")),
				  (long long)json_integer_value(json_object_get(one, "line")));
		free(text);
		text = more;
	}
	ck_assert_str_eq(text, wanted);
}

static void files_are(json_t *conf, const char *wanted)
{
	AUTO_FREE char *text = xstrdup("");
	json_t *file;
	size_t i;
	json_array_foreach(json_object_get(conf, "files"), i, file)
	{
		const char *state = json_string_value(json_object_get(file, "state"));
		char *more = xasprintf("%s%s%s%s%s", text, *text ? " " : "",
				       json_string_value(json_object_get(file, "path")),
				       streq(state, "read") ? "" : ":",
				       streq(state, "read") ? "" : state);
		free(text);
		text = more;
	}
	ck_assert_str_eq(text, wanted);
}

static void is_unread(json_t *conf, const char *why)
{
	json_t *settings = json_object_get(conf, "settings");
	ck_assert_msg(fact_is_unread(settings), "it is known, but should not be for: %s", why);
	ck_assert_msg(strstr(fact_reason(settings), why) != NULL, "%s", fact_reason(settings));
}

static json_t *read_tree(struct tree *t, const struct conf_spec *spec)
{
	struct conf_source source = { tree_read, tree_list, tree_resolve, t };
	n_tree_reads = 0;
	return conf_read(spec, &source);
}

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static const char *const dirs[] = { "/etc/x.d", "/run/x.d", "/usr/lib/x.d", "/lib/x.d", NULL };
static const char *const main_files[] = { "/etc/x.conf", "/usr/etc/x.conf", NULL };

#define LAYERS .dirs = dirs, .suffix = ".conf", .comments = "#;", .line = conf_line_equals

static const struct conf_spec last_wins = { LAYERS, .merge = CONF_LAST };

/* --- folders --------------------------------------------------------------------------------- */

START_TEST(names_hide_names_and_the_last_counts)
{
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/20-b.conf", "a = 3\n" },
		{ "/etc/x.d/50-off.conf", DEVICE },
		{ "/etc/x.d/60-gone.conf", LINK "/nowhere" },
		{ "/etc/x.d/README", "a = 99\n" },
		{ "/etc/x.d/.hidden.conf", "a = 99\n" },
		{ "/etc/x.d/.conf", "a = 99\n" },
		{ "/etc/x.d/sub.conf", NULL },
		{ "/run/x.d", NULL },
		{ "/run/x.d/10-a.conf", "# one\n\n a=1 \n;no\nb =\n" },
		{ "/usr/lib/x.d", NULL },
		{ "/usr/lib/x.d/10-a.conf", "a = 5\n" },
		{ "/usr/lib/x.d/20-b.conf", "a = 6\n" },
		{ "/usr/lib/x.d/50-off.conf", "a = 7\n" },
		{ "/usr/lib/x.d/15-c.conf", "a = 2\nA = 8\nnot an assignment\n" },
		{ "/lib/x.d", LINK "/usr/lib/x.d" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &last_wins);
	settings_are(conf, "a",
		     "3@/etc/x.d/20-b.conf:1 2@/usr/lib/x.d/15-c.conf:1 1@/run/x.d/10-a.conf:3");
	settings_are(conf, "b", "@/run/x.d/10-a.conf:5");
	settings_are(conf, "A", "8@/usr/lib/x.d/15-c.conf:2");
	files_are(conf, "/run/x.d/10-a.conf /usr/lib/x.d/10-a.conf:masked /usr/lib/x.d/15-c.conf "
			"/etc/x.d/20-b.conf /usr/lib/x.d/20-b.conf:masked "
			"/etc/x.d/50-off.conf:masked /usr/lib/x.d/50-off.conf:masked "
			"/etc/x.d/60-gone.conf:missing");
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(json_object_get(conf, "files"), 1), "by")),
			 "/run/x.d/10-a.conf");
}
END_TEST

START_TEST(nothing_there_is_nothing_set)
{
	struct tree t = { { { "/etc", NULL } } };
	AUTO_JSON json_t *conf = read_tree(&t, &last_wins);
	files_are(conf, "");
	settings_are(conf, "a", "");
}
END_TEST

START_TEST(order_and_merge)
{
	static const struct {
		enum conf_merge merge;
		unsigned flags;
		const char *wanted;
	} cases[] = {
		{ CONF_LAST, 0,
		  "4@/run/x.d/9.conf:1 2@/run/x.d/11.conf:1 3@/etc/x.d/10.conf:1 "
		  "1@/etc/x.conf:1" },
		{ CONF_FIRST, 0,
		  "1@/etc/x.conf:1 3@/etc/x.d/10.conf:1 2@/run/x.d/11.conf:1 "
		  "4@/run/x.d/9.conf:1" },
		{ CONF_FIRST, CONF_NATURAL,
		  "1@/etc/x.conf:1 4@/run/x.d/9.conf:1 "
		  "3@/etc/x.d/10.conf:1 2@/run/x.d/11.conf:1" },
		{ CONF_ALL, CONF_NO_MASK,
		  "1@/etc/x.conf:1 3@/etc/x.d/10.conf:1 "
		  "5@/run/x.d/10.conf:1 2@/run/x.d/11.conf:1 "
		  "4@/run/x.d/9.conf:1" },
		{ CONF_ALL, CONF_ONE_DIR, "1@/etc/x.conf:1 3@/etc/x.d/10.conf:1" },
	};
	struct tree t = { {
		{ "/etc/x.conf", "a=1\n" },
		{ "/usr/etc/x.conf", "a=99\n" },
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/10.conf", "a=3\n" },
		{ "/run/x.d", NULL },
		{ "/run/x.d/10.conf", "a=5\n" },
		{ "/run/x.d/11.conf", "a=2" },
		{ "/run/x.d/9.conf", "a=4\n" },
	} };
	struct conf_spec spec = { LAYERS, .first = main_files };
	spec.merge = cases[_i].merge;
	spec.flags = cases[_i].flags;
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "a", cases[_i].wanted);
}
END_TEST

START_TEST(the_vendors_file_counts_without_ones_own)
{
	static const char *const after[] = { "/etc/last.conf", "/usr/etc/last.conf", NULL };
	static const struct conf_spec spec = { LAYERS, .first = main_files, .last = after,
					       .merge = CONF_LAST };
	struct tree t = { {
		{ "/usr/etc/x.conf", "a=1\n" },
		{ "/usr/etc/last.conf", "a=2\n" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "a", "2@/usr/etc/last.conf:1 1@/usr/etc/x.conf:1");
}
END_TEST

START_TEST(an_empty_one_resets)
{
	static const struct conf_spec spec = {
		.dirs = dirs, .suffix = ".conf", .line = conf_line_ini, .merge = CONF_RESET
	};
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/1.conf", "K=0\n[A]\nK=1\nK=2\n[B]\nK=3\n" },
		{ "/etc/x.d/2.conf", "K=9\n[A]\nK=\nK=4\nK=5\n" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "A/K", "4@/etc/x.d/2.conf:4 5@/etc/x.d/2.conf:5");
	settings_are(conf, "B/K", "3@/etc/x.d/1.conf:6");
	settings_are(conf, "/K", "0@/etc/x.d/1.conf:1 9@/etc/x.d/2.conf:1");
}
END_TEST

START_TEST(dots_and_tildes_may_be_left_out)
{
	static const struct conf_spec spec = {
		.dirs = dirs, .line = conf_line_words, .flags = CONF_NO_DOTS, .merge = CONF_LAST
	};
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/good", "A 1\nB\nC\t 2 3\n" },
		{ "/etc/x.d/good~", "A 9\n" },
		{ "/etc/x.d/good.bak", "A 9\n" },
		{ "/etc/x.d/.x", "A 9\n" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "A", "1@/etc/x.d/good:1");
	settings_are(conf, "B", "@/etc/x.d/good:2");
	settings_are(conf, "C", "2 3@/etc/x.d/good:3");
}
END_TEST

/* --- lines ----------------------------------------------------------------------------------- */

START_TEST(lines_continue)
{
	static const struct conf_spec spec = { LAYERS, .flags = CONF_CONTINUES };
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/1.conf", "a = 1 \\\n 2\\\n\nb = 3\nc = 4\\" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "a", "1   2@/etc/x.d/1.conf:3");
	settings_are(conf, "b", "3@/etc/x.d/1.conf:4");
	settings_are(conf, "c", "4\\@/etc/x.d/1.conf:5");
}
END_TEST

static void line_raw(struct conf *c, char *line)
{
	conf_set(c, "line", *line ? line : NULL);
}

START_TEST(lines_may_come_raw)
{
	static const struct conf_spec spec = { .dirs = dirs,
					       .suffix = ".conf",
					       .comments = "#",
					       .line = line_raw,
					       .flags = CONF_RAW_LINES,
					       .merge = CONF_ALL };
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/1.conf", " a\n\n#c" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	settings_are(conf, "line",
		     " a@/etc/x.d/1.conf:1 null@/etc/x.d/1.conf:2 #c@/etc/x.d/1.conf:3");
}
END_TEST

static void line_refuses(struct conf *c, char *line)
{
	if (streq(line, "bad"))
		conf_refuse(c, "'%s' is not understood", line);
	else
		conf_line_equals(c, line);
}

START_TEST(a_line_may_be_refused)
{
	static const struct conf_spec spec = { .dirs = dirs, .line = line_refuses };
	struct tree t = { { { "/etc/x.d", NULL }, { "/etc/x.d/1", "a=1\nbad\n" } } };
	AUTO_JSON json_t *conf = read_tree(&t, &spec);
	is_unread(conf, "/etc/x.d/1:2: 'bad' is not understood");
}
END_TEST

/* --- includes -------------------------------------------------------------------------------- */

static void line_includes(struct conf *c, char *line)
{
	if (starts_with(line, "include "))
		conf_include(c, line + strlen("include "));
	else if (starts_with(line, "dir "))
		conf_include_dir(c, line + strlen("dir "), CONF_NO_DOTS);
	else
		conf_line_equals(c, line);
}

static const struct conf_spec including = { .first = main_files,
					    .line = line_includes,
					    .merge = CONF_FIRST };

START_TEST(includes_are_read_in_place)
{
	struct tree t = { {
		{ "/etc/x.conf", "a=1\ninclude /etc/*.d/[0-9]*.conf\na=4\ninclude /not/there\n"
				 "include /etc/y.d/none*\nb=1\ndir /etc/y.d\na=5\n" },
		{ "/etc", NULL },
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/1.conf", "a=2\n" },
		{ "/etc/x.d/2.conf", "a=3\nb=0\n" },
		{ "/etc/x.d/a.conf", "a=99\n" },
		{ "/etc/y.d", NULL },
		{ "/etc/y.d/one", "b=2\n" },
		{ "/etc/y.d/two", "b=3\n" },
		{ "/etc/y.d/two~", "b=4\n" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &including);
	settings_are(conf, "a",
		     "1@/etc/x.conf:1 2@/etc/x.d/1.conf:1 3@/etc/x.d/2.conf:1 "
		     "4@/etc/x.conf:3 5@/etc/x.conf:8");
	settings_are(conf, "b",
		     "0@/etc/x.d/2.conf:2 1@/etc/x.conf:6 2@/etc/y.d/one:1 "
		     "3@/etc/y.d/two:1");
	files_are(conf, "/etc/x.conf /etc/x.d/1.conf /etc/x.d/2.conf /not/there:missing "
			"/etc/y.d/one /etc/y.d/two");
}
END_TEST

START_TEST(circles_end)
{
	static const struct {
		const char *text;
		const char *why;
	} cases[] = {
		{ "a=1\ninclude /etc/x.conf\n", "nested deeper" },
		{ "include /etc/x.conf\ninclude /etc/x.conf\n", "nested deeper" },
		{ "dir /etc/y.d\n", "nested deeper" },
		{ "include relative\n", "no absolute path" },
		{ "include /a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r*\n", "more than" },
		{ "include /secret/*.conf\n", "EACCES" },
		{ "include /etc/secret.conf\n", "/etc/secret.conf: EACCES" },
		{ "include /etc/loop\n", "EISDIR" },
	};
	struct tree t = { {
		{ "/etc/x.conf", cases[_i].text },
		{ "/etc", NULL },
		{ "/etc/y.d", NULL },
		{ "/etc/y.d/one", LINK "/etc/x.conf" },
		{ "/etc/loop", NULL },
		{ "/etc/loop/again", LINK "/etc/loop" },
		{ "/etc/loop/more", LINK "/etc/loop" },
		{ "/etc/secret.conf", DENIED },
		{ "/secret", DENIED },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &including);
	is_unread(conf, cases[_i].why);
	ck_assert_uint_le(n_tree_reads, CONF_FILES_MAX + 1);
}
END_TEST

/* --- what cannot be read ---------------------------------------------------------------------- */

START_TEST(what_cannot_be_read_is_not_nothing)
{
	static const struct {
		struct entry entry;
		const char *why;
	} cases[] = {
		{ { "/run/x.d/5.conf", DENIED }, "/run/x.d/5.conf: EACCES" },
		{ { "/run/x.d/5.conf", LINK "/etc" }, "EISDIR" },
		{ { "/usr/lib/x.d", DENIED }, "/usr/lib/x.d: EACCES" },
	};
	struct tree t = { {
		{ "/etc/x.d", NULL },
		{ "/etc/x.d/1.conf", "a=1\n" },
		{ "/run/x.d", NULL },
		{ "/etc", NULL },
		cases[_i].entry,
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &last_wins);
	is_unread(conf, cases[_i].why);
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
	struct conf_source source = { bytes_read, no_list, no_resolve, &b };
	return conf_read(&spec, &source);
}

START_TEST(bytes_of_all_kinds)
{
	AUTO_JSON json_t *nul = read_bytes("a=1\n\0b=2\n", 9);
	is_unread(nul, "/etc/x.conf: holds a NUL byte");
	files_are(nul, "/etc/x.conf:unread");
	AUTO_JSON json_t *latin = read_bytes("a=\xfc\n\xff=2\n", 8);
	ck_assert(json_object_get(json_object_get(latin, "settings"), "a"));
	AUTO_JSON json_t *empty = read_bytes("", 0);
	settings_are(empty, "a", "");
	AUTO_JSON json_t *crlf = read_bytes("a = 1\r\n", 7);
	settings_are(crlf, "a", "1@/etc/x.conf:1");
	AUTO_JSON json_t *odd = read_bytes("=\n==\n=x\n", 8);
	settings_are(odd, "", "x@/etc/x.conf:3 =@/etc/x.conf:2 @/etc/x.conf:1");
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
	is_unread(many, "more than 200000 settings");
	n = CONF_BYTES_MAX + 1;
	AUTO_FREE char *large = xalloc(n);
	memset(large, '\n', n);
	AUTO_JSON json_t *huge = read_bytes(large, n);
	is_unread(huge, "bytes in all");
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
	struct conf_source source = { small_read, endless_list, no_resolve, &n_reads };
	AUTO_JSON json_t *conf = conf_read(&last_wins, &source);
	is_unread(conf, "more than 2000 files");
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
		{ { small_read, looping_list, no_resolve, NULL },
		  "/*/*/*/*/*/*/*/*/*/*/*/*/*/*/*/x",
		  "more than 2000 folders" },
		{ { small_read, endless_list, no_resolve, NULL }, "/*", "more than 2000 files" },
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
	TCase *t = harness_group("confdir", &suite);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, names_hide_names_and_the_last_counts);
	tcase_add_test(t, nothing_there_is_nothing_set);
	tcase_add_loop_test(t, order_and_merge, 0, 5);
	tcase_add_test(t, the_vendors_file_counts_without_ones_own);
	tcase_add_test(t, an_empty_one_resets);
	tcase_add_test(t, dots_and_tildes_may_be_left_out);
	tcase_add_test(t, lines_continue);
	tcase_add_test(t, lines_may_come_raw);
	tcase_add_test(t, a_line_may_be_refused);
	tcase_add_test(t, includes_are_read_in_place);
	tcase_add_loop_test(t, circles_end, 0, 8);
	tcase_add_loop_test(t, what_cannot_be_read_is_not_nothing, 0, 3);
	tcase_add_test(t, bytes_of_all_kinds);
	tcase_add_test(t, bounds_of_one_file);
	tcase_add_test(t, bounds_of_a_folder);
	tcase_add_loop_test(t, bounds_of_a_pattern, 0, 2);
	return harness_run(suite);
}
