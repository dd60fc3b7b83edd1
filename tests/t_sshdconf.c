/* SPDX-License-Identifier: Apache-2.0 */
/* t_sshdconf.c: sshd_config with its includes and Match blocks, sshd's version and arguments. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "sshdconf.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

enum { FILES_MAX = 6 }; /* with the end */

/* "key=value@line …; [criteria] key=value@line …": all there is, in order. */
static void add_settings(char **text, json_t *settings)
{
	const char *key;
	json_t *list, *one;
	size_t i;
	json_object_foreach(settings, key, list)
	{
		json_array_foreach(list, i, one)
		{
			char *more =
				xasprintf("%s%s=%s@%d%s ", *text, key,
					  json_string_value(json_object_get(one, "value")),
					  (int)json_integer_value(json_object_get(one, "line")),
					  json_object_get(one, "match") ? "/all" : "");
			free(*text);
			*text = more;
		}
	}
}

static char *described(const struct conf_file *files)
{
	static const char *const paths[] = { "/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config",
					     NULL };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	AUTO_JSON json_t *record = sshdconf_read(paths, &source);
	json_t *match;
	size_t i;
	const char *why = fact_reason(json_object_get(record, "settings"));
	ck_assert_pstr_eq(fact_reason(json_object_get(record, "matches")), why);
	if (why)
		return xstrdup(why);
	char *text = xstrdup("");
	add_settings(&text, json_object_get(record, "settings"));
	json_array_foreach(json_object_get(record, "matches"), i, match)
	{
		char *more = xasprintf("%s[%s] ", text,
				       json_string_value(json_object_get(match, "criteria")));
		free(text);
		text = more;
		add_settings(&text, json_object_get(match, "settings"));
	}
	return text;
}

#define MAIN "/etc/ssh/sshd_config"

static const struct {
	struct conf_file files[FILES_MAX];
	const char *wanted;
} trees[] = {
	{ { { MAIN, "Port 22\n#x\nPORT=2222\nPort = 3\n" } }, "port=22@1 port=2222@3 port=3@4 " },
	{ { { MAIN, "Banner \"/a b\" # why\n" } }, "banner=/a b@1 " },
	{ { { MAIN, "AllowUsers  a\t\"b\"  c\n" } }, "allowusers=a b c@1 " },
	{ { { MAIN, "ChallengeResponseAuthentication no\n" } },
	  "kbdinteractiveauthentication=no@1 " },
	/* In place, in byte order, relative to /etc/ssh. */
	{ { { MAIN, "Include d/*.conf\nX11Forwarding yes\n" },
	    { "/etc/ssh/d/10.conf", "X11Forwarding 10\n" },
	    { "/etc/ssh/d/9.conf", "X11Forwarding 9\n" },
	    { "/etc/ssh/d/x", "X11Forwarding x\n" } },
	  "x11forwarding=10@1 x11forwarding=9@1 x11forwarding=yes@2 " },
	{ { { MAIN, "UsePAM yes\nInclude /a /b\n" }, { "/a", "Port 1\n" }, { "/b", "Port 2\n" } },
	  "usepam=yes@1 port=1@1 port=2@1 " },
	/* A Match goes on to the end of its file, and no further. */
	{ { { MAIN, "Include /a\nPort 2\n" }, { "/a", "Match User x\nX11Forwarding yes\n" } },
	  "port=2@2 [User x] x11forwarding=yes@2 " },
	{ { { MAIN, "Match User x\nInclude /a\nPort 3\n" },
	    { "/a", "Port 1\nMatch Group g\nPort 2\n" } },
	  "[User x] port=1@1 port=3@3 [User x, and Group g] port=2@3 " },
	/* Match all overrides what stands before it. */
	{ { { MAIN, "PermitRootLogin yes\nMatch all\nPermitRootLogin no\n" } },
	  "permitrootlogin=no@3/all permitrootlogin=yes@1 " },
	{ { { MAIN, "Match\nPort 1\n" } }, MAIN ":1: Match has no criteria" },
	/* The vendor's only where there is no other. */
	{ { { "/usr" MAIN, "Port 9\n" } }, "port=9@1 " },
	{ { { MAIN, "Port 1\n" }, { "/usr" MAIN, "Port 9\n" } }, "port=1@1 " },
	{ { { MAIN, "\"Port\" 1\nPort\t2\nPort\t=\t3\nPort=4\nPort \"5\nPort '6'#7\n" } },
	  "port=1@1 port=2@2 port=3@3 port=4@4 port=5@5 port=6@6 " },
	{ { { MAIN, "\"Port\n\"Usepam\"no\n" } }, "port=@1 usepam=no@2 " },
	{ { { MAIN, "Match User x\nInclude /a\nMatch Group g\nPort 1\n" }, { "/a", "Port 2\n" } },
	  "[User x] port=2@1 [Group g] port=1@4 " },
	{ { { MAIN, "Match User x\nPort 1\nMatch User y\nPort 2\nMatch User x\nUsePAM no\n" } },
	  "[User x] port=1@2 usepam=no@6 [User y] port=2@4 " },
	{ { { MAIN, "Match all\nPort 1\nMatch ALL\nUsePAM no\n" } },
	  "port=1@2/all usepam=no@4/all " },
	{ { { MAIN, "Include " MAIN "\n" } }, MAIN ": includes are nested deeper than 16" },
};

START_TEST(configuration_is_understood)
{
	AUTO_FREE char *got = described(trees[_i].files);
	ck_assert_str_eq(got, trees[_i].wanted);
}
END_TEST

static const struct {
	const char *program, *version;
} programs[] = {
	{ "xxOpenSSH_9.2\nOpenSSH_9.2p1 Debian-2\n", "9.2p1" },
	{ "OpenSSH_2.*,OpenSSH_6.6.1*\nOpenSSH_10.0p2\n", "10.0p2" },
	{ "OpenSSH_", NULL },
	{ "OpenSSH_9.2p", NULL },
	{ "OpenSSH_9.2x1", NULL },
	{ "OpenSSH_9.2px", NULL },
	{ "OpenSSH_9p1", NULL },
	{ "OpenSSH_9.2px OpenSSH_9.3p1", "9.3p1" },
	{ "dropbear", NULL },
};

START_TEST(version_is_found)
{
	AUTO_FREE char *got = sshdconf_version(programs[_i].program, strlen(programs[_i].program));
	if (programs[_i].version)
		ck_assert_str_eq(got, programs[_i].version);
	else
		ck_assert_ptr_null(got);
}
END_TEST

#define LINE(s) s, sizeof(s) - 1
static const struct {
	const char *cmdline;
	size_t n;
	const char *options, *file; /* options NULL: no listener */
} commands[] = {
	{ LINE("sshd: /usr/sbin/sshd -D -o A=b [listener] 0 of 10-100 startups"), "a=b@0 ", NULL },
	{ LINE("/usr/sbin/sshd\0-D\0"), "", NULL },
	{ LINE("/usr/sbin/sshd\0-oPort=3\0-o\0Port 4\0"), "port=3@0 ", NULL },
	{ LINE("/usr/sbin/sshd\0-f\0/x/y\0-p\0"), "", "/x/y" },
	{ LINE("/usr/sbin/sshd\0-Do\0A=b\0-46f/x\0"), "a=b@0 ", "/x" },
	{ LINE("sshd: bob [priv]\0\0\0"), NULL, NULL },
	{ LINE("/usr/sbin/sshd\0-o"), "=@0 ", NULL },
	{ LINE("/usr/sbin/sshd\0-p\0"
	       "22\0"),
	  "", NULL },
	{ LINE("/usr/sbin/sshd\0of\0/x\0"), "", NULL },
	{ LINE("-f\0/x\0"), "", NULL },
	/* of files the last is read, of settings the first */
	{ LINE("/usr/sbin/sshd\0-f\0/x\0-f/y\0"), "", "/y" },
	{ LINE("/usr/sbin/sshd\0-oA=b\0-oA=c\0"), "a=b@0 ", NULL },
};

START_TEST(arguments_are_understood)
{
	AUTO_FREE char *file = NULL;
	AUTO_JSON json_t *got = sshdconf_arguments(commands[_i].cmdline, commands[_i].n, &file);
	ck_assert_int_eq(got != NULL, commands[_i].options != NULL);
	AUTO_FREE char *text = xstrdup("");
	add_settings(&text, got);
	if (got)
		ck_assert_str_eq(text, commands[_i].options);
	ck_assert_int_eq(file != NULL, commands[_i].file != NULL);
	if (file)
		ck_assert_str_eq(file, commands[_i].file);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("sshdconf", &suite);
	tcase_add_loop_test(tc, configuration_is_understood, 0, ARRAY_SIZE(trees));
	tcase_add_loop_test(tc, version_is_found, 0, ARRAY_SIZE(programs));
	tcase_add_loop_test(tc, arguments_are_understood, 0, ARRAY_SIZE(commands));
	return harness_run(suite);
}
