/* SPDX-License-Identifier: Apache-2.0 */
/* t_confdir.c: layered configuration, read from trees in memory. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"

struct tree {
	struct conf_file files[40];
};

static json_t *read_tree(struct tree *t, const struct conf_spec *spec)
{
	struct conf_tree tree = { .files = t->files };
	struct conf_source source = conftree_source(&tree);
	json_t *conf = conf_read(spec, &source);
	ck_assert_uint_le(tree.n_reads, CONF_FILES_MAX + 1);
	return conf;
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
		{ "/etc/x.d/50-off.conf", CONF_DEVICE },
		{ "/etc/x.d/60-gone.conf", CONF_LINK "/nowhere" },
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
		{ "/lib/x.d", CONF_LINK "/usr/lib/x.d" },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &last_wins);
	conftree_settings_are(
		conf, "a",
		"3@/etc/x.d/20-b.conf:1 2@/usr/lib/x.d/15-c.conf:1 1@/run/x.d/10-a.conf:3");
	conftree_settings_are(conf, "b", "@/run/x.d/10-a.conf:5");
	conftree_settings_are(conf, "A", "8@/usr/lib/x.d/15-c.conf:2");
	conftree_files_are(
		conf, "/run/x.d/10-a.conf /usr/lib/x.d/10-a.conf:masked /usr/lib/x.d/15-c.conf "
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
	conftree_files_are(conf, "");
	conftree_settings_are(conf, "a", "");
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
	conftree_settings_are(conf, "a", cases[_i].wanted);
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
	conftree_settings_are(conf, "a", "2@/usr/etc/last.conf:1 1@/usr/etc/x.conf:1");
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
	conftree_settings_are(conf, "A/K", "4@/etc/x.d/2.conf:4 5@/etc/x.d/2.conf:5");
	conftree_settings_are(conf, "B/K", "3@/etc/x.d/1.conf:6");
	conftree_settings_are(conf, "/K", "0@/etc/x.d/1.conf:1 9@/etc/x.d/2.conf:1");
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
	conftree_settings_are(conf, "A", "1@/etc/x.d/good:1");
	conftree_settings_are(conf, "B", "@/etc/x.d/good:2");
	conftree_settings_are(conf, "C", "2 3@/etc/x.d/good:3");
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
	conftree_settings_are(conf, "a", "1   2@/etc/x.d/1.conf:3");
	conftree_settings_are(conf, "b", "3@/etc/x.d/1.conf:4");
	conftree_settings_are(conf, "c", "4\\@/etc/x.d/1.conf:5");
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
	conftree_settings_are(conf, "line",
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
	conftree_is_unread(conf, "/etc/x.d/1:2: 'bad' is not understood");
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
	conftree_settings_are(conf, "a",
			      "1@/etc/x.conf:1 2@/etc/x.d/1.conf:1 3@/etc/x.d/2.conf:1 "
			      "4@/etc/x.conf:3 5@/etc/x.conf:8");
	conftree_settings_are(conf, "b",
			      "0@/etc/x.d/2.conf:2 1@/etc/x.conf:6 2@/etc/y.d/one:1 "
			      "3@/etc/y.d/two:1");
	conftree_files_are(conf, "/etc/x.conf /etc/x.d/1.conf /etc/x.d/2.conf /not/there:missing "
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
		{ "/etc/y.d/one", CONF_LINK "/etc/x.conf" },
		{ "/etc/loop", NULL },
		{ "/etc/loop/again", CONF_LINK "/etc/loop" },
		{ "/etc/loop/more", CONF_LINK "/etc/loop" },
		{ "/etc/secret.conf", CONF_DENIED },
		{ "/secret", CONF_DENIED },
	} };
	AUTO_JSON json_t *conf = read_tree(&t, &including);
	conftree_is_unread(conf, cases[_i].why);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("confdir", &suite);
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
	return harness_run(suite);
}
