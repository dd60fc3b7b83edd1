/* SPDX-License-Identifier: Apache-2.0 */
/* t_aideconf.c: which files AIDE compares, and by which sum, is understood of its configuration. */
#include "aideconf.h"
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "text.h"

#define TOOL "/usr/sbin/auditctl"
static const struct {
	const char *text, *path, *wanted; /* NULL: no such rule or setting */
} cases[] = {
	{ TOOL " p+i+n+u+g+s+b+acl+xattrs+sha512\n", "rule/0/sum", "sha512" },
	{ TOOL " p+i\n", "rule/0/sum", "" },
	{ TOOL " p+md5+sha1\n", "rule/0/sum", "" },
	{ TOOL " R\n", "rule/0/sum", "some" },
	{ "Mine = p+sha256\n" TOOL " Mine\n", "rule/0/sum", "sha256" },
	{ "A = H\nB = A+p-sha512\n" TOOL " B\n", "rule/0/sum", "sha256" },
	{ "A = sha512\nB = p-A\n" TOOL " B\n", "rule/0/sum", "" },
	{ "# " TOOL " sha512\n", "rule/0/value", NULL },
	{ TOOL " f sha512\n", "rule/0/sum", "sha512" },
	{ TOOL " d,l sha512\n", "rule/0/value", NULL },
	{ TOOL " 0 sha512\n", "rule/0/kind", "select" },
	{ "!" TOOL "\n", "rule/0/kind", "leave-out" },
	{ "!" TOOL "$ d\n", "rule/0/kind", NULL },
	{ "=" TOOL " H\n", "rule/0/kind", "equal" },
	{ "/usr H\n", "rule/0/literal", "/usr" },
	{ "/usr/share H\n", "rule/0/value", NULL },
	{ "/usr/s?bin H\n", "rule/0/literal", "/usr/" },
	{ "/usr/(s|x)bin/audit.* H\n", "rule/0/literal", "/usr/" },
	{ "/opt|/usr H\n", "rule/0/literal", "" },
	{ "/(opt|usr) H\n", "rule/0/literal", "/" },
	{ "/.*\\.journal$ p\n", "rule/0/value", NULL },
	{ "/.*ctl$ p\n", "rule/0/value", "/.*ctl$" },
	{ "/.*\\d$ p\n", "rule/0/value", "/.*\\d$" },
	{ "/.*(ctl|x)$ p\n", "rule/0/literal", "/" },
	{ "@@define D /usr\n@@{D}/sbin H\n", "rule/0/literal", "/usr/sbin" },
	{ "/@@{D}/sbin H\n", "rule/0/literal", "/" },
	{ "@@ifdef D\n" TOOL " H\n@@endif\n", "rule/0/value", NULL },
	{ "@@ifndef D\n" TOOL " H\n@@endif\n", "rule/0/value", TOOL },
	{ "@@if not defined D\n@@define D /x\n@@endif\n@@{D} H\n", "rule/0/value", NULL },
	{ "@@ifdef D\n@@ifndef D\n" TOOL " H\n@@endif\n@@else\n/usr H\n@@endif\n", "rule/0/value",
	  "/usr" },
	{ "@@ifndef D\n@@else\n" TOOL " H\n@@endif\n/usr H\n", "rule/0/value", "/usr" },
	{ "@@x_include /etc/aide.d ^[a-zA-Z0-9_-]+$\n", "rule/0/value", "/usr/sbin/auditd" },
	{ "@@x_include /etc/aide.d ^[a-zA-Z0-9_-]+$\n", "rule/1/value", NULL },
	{ "@@x_include /etc/aide.d .*\n/usr H\n", "rule/1/value", "/usr" },
	{ "@@include /etc/aide.d/rule\n", "rule/0/sum", "sha512" },
	{ "database_in=file:/var/lib/aide/aide.db\n", "database_in/0/value",
	  "file:/var/lib/aide/aide.db" },
	{ "@@define DBDIR /v\ndatabase = file:@@{DBDIR}/a.gz\n", "database_in/0/value",
	  "file:/v/a.gz" },
	{ "database_in=psql:host:5432:db:me:secret:t\n", "database_in/0/value", "psql" },
	{ "@@x_include /etc/aide.more \\.conf$\n", "rule/0/value", "/usr/sbin/auditd" },
	{ "@@x_include /etc/aide.more .*\\.conf$\n", "rule/0/value", "/usr/sbin/auditd" },
	/* A class, and no letter. */
	{ "/.*\\w$ p\n", "rule/0/value", "/.*\\w$" },
	{ "no assignment\n" TOOL " H\n", "rule/0/value", TOOL },
	{ "@@endif\n@@ifdef D\n" TOOL " H\n@@endif\n/usr H\n", "rule/0/value", "/usr" },
	/* Only a file's first line makes it a program. */
	{ "/usr H\n#!/bin/sh\n" TOOL " H\n", "rule/1/value", TOOL },
	{ "@@include /etc/aide.d/rule\n#!/bin/sh\n" TOOL " H\n", "rule/1/value", TOOL },
};

static json_t *read_conf(const char *text, size_t *ret_programs)
{
	static const char *const first[] = { "/etc/aide.conf", NULL };
	static const char *const paths[] = { TOOL, "/usr/sbin/auditd", NULL };
	const struct conf_file files[] = {
		{ first[0], text },
		{ "/etc/aide.d/rule", "/usr/sbin/auditd sha512\n" },
		{ "/etc/aide.d/run", "#!/bin/sh\n!/usr/sbin/auditctl\n" },
		{ "/etc/aide.more/x", "!/usr/sbin/auditctl\n" },
		{ "/etc/aide.more/x.conf", "/usr/sbin/auditd sha512\n" },
		{ 0 },
	};
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	struct aide_reading r = { .source = &source, .paths = paths };
	json_t *conf = aide_read(&r, first);
	if (ret_programs)
		*ret_programs = r.n_programs;
	aide_reading_done(&r);
	return conf;
}

START_TEST(lines)
{
	json_t *conf = read_conf(cases[_i].text, NULL);
	AUTO_FREE char *path = xasprintf("settings/%s", cases[_i].path);
	struct fact f = facts_find(conf, path);
	const char *got = f.state == FACT_KNOWN ? json_string_value(f.value) : NULL;
	ck_assert_msg((!got && !cases[_i].wanted) ||
			      (got && cases[_i].wanted && streq(got, cases[_i].wanted)),
		      "%s: %s: got '%s'", cases[_i].text, path, got ? got : "nothing");
	ck_assert(!fact_is_unread(json_object_get(conf, "settings")));
	json_decref(conf);
}
END_TEST

static const char *const texts[] = {
	"@@ifhost a\n" TOOL " H\n@@endif\n",
	"@@if version_ge 0.18\n@@endif\n",
	"@@include /etc/aide.d ^x.*\n",
	"@@include /etc/aide.d .* /prefix\n",
	"@@include relative\n",
	"@@what\n",
	"@@ifdef\n@@endif\n",
	"@@ifdef A B\n@@endif\n",
};

START_TEST(what_is_not_understood)
{
	json_t *conf = read_conf(texts[_i], NULL);
	ck_assert_msg(fact_is_unread(json_object_get(conf, "settings")), "%s", texts[_i]);
	json_decref(conf);
}
END_TEST

START_TEST(programs_are_counted)
{
	size_t n = 0;
	json_decref(read_conf("@@x_include /etc/aide.d ^[a-zA-Z0-9_-]+$\n/usr H\n", &n));
	ck_assert_uint_eq(n, 1);
}
END_TEST

/* What groups beyond the bound are made of is not known, nor what uses them. */
START_TEST(too_many_groups)
{
	AUTO_TEXT struct text t = { 0 };

	for (int i = 0; i <= 5000; i++)
		text_printf(&t, "Group%d = sha256\n", i);
	json_t *conf = read_conf(text_str(&t), NULL);
	ck_assert(fact_is_unread(json_object_get(conf, "settings")));
	json_decref(conf);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("aideconf", &suite);
	tcase_add_loop_test(tc, lines, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, what_is_not_understood, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, programs_are_counted);
	tcase_add_test(tc, too_many_groups);
	return harness_run(suite);
}
