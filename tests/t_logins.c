/* SPDX-License-Identifier: Apache-2.0 */
/* t_logins.c: stacks of PAM, sudoers and shell files, read from a few texts in memory. */
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "pamstack.h"
#include "shellscan.h"
#include "sudoers.h"
#include "text.h"

enum { FILES = 6 }; /* with the end */

/* --- PAM ------------------------------------------------------------------------------------- */

/* Each module by its name, those that are not reached in brackets; or why it is unread. */
static char *stack_text(const struct conf_file *files, const char *type)
{
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *stack = pam_stack(&source, "login", type), *entry;
	struct text text = { 0 };
	size_t i;
	if (fact_is_unread(stack))
		text_add(&text, fact_reason(stack));
	json_array_foreach(stack, i, entry)
	{
		const char *module = json_string_value(json_object_get(entry, "module"));
		bool is_reached = json_is_true(json_object_get(entry, "reached"));
		text_printf(&text, is_reached ? "%s%s" : "%s[%s]", i ? " " : "",
			    module ? module : "{");
	}
	json_decref(stack);
	return text_take(&text);
}

#define L "/etc/pam.d/login"
static const struct {
	struct conf_file files[FILES];
	const char *wanted; /* of auth */
} stacks[] = {
	{ { { L, "auth required a.so\naccount required b.so\nAUTH optional c.so x # y" } },
	  "a.so c.so" },
	{ { { L, "auth sufficient pam_permit.so\nauth required a.so" } }, "pam_permit.so [a.so]" },
	{ { { L, "auth requisite pam_deny.so\nauth required a.so" } }, "pam_deny.so [a.so]" },
	{ { { L, "auth required pam_deny.so\nauth required a.so" } }, "pam_deny.so a.so" },
	/* Debian's: over deny by a jump */
	{ { { L, "@include common-auth\nauth optional z.so" },
	    { "/etc/pam.d/common-auth",
	      "auth [success=1 default=ignore] pam_unix.so\n"
	      "auth requisite pam_deny.so\nauth required pam_permit.so" } },
	  "pam_unix.so pam_deny.so pam_permit.so z.so" },
	/* RHEL's: the end of a substack is not the end */
	{ { { L, "auth substack system-auth\nauth include postlogin" },
	    { "/etc/pam.d/system-auth", "auth required pam_faillock.so preauth\n"
					"auth sufficient pam_unix.so\n"
					"auth required pam_faillock.so authfail\n"
					"auth required pam_deny.so" },
	    { "/etc/pam.d/postlogin", "auth optional p.so" } },
	  "{ pam_faillock.so pam_unix.so pam_faillock.so pam_deny.so p.so" },
	/* a jump takes a substack as one */
	{ { { L, "auth [success=2 default=die] pam_permit.so\nauth substack s\nauth required b.so\n"
		 "auth required c.so" },
	    { "/etc/pam.d/s", "auth required s1.so\nauth required s2.so" } },
	  "pam_permit.so [{] [s1.so] [s2.so] [b.so] c.so" },
	/* done within a substack goes on behind it */
	{ { { L, "auth substack s\nauth required b.so" },
	    { "/etc/pam.d/s", "auth sufficient pam_permit.so\nauth required s2.so" } },
	  "{ pam_permit.so [s2.so] b.so" },
	/* SUSE's and others' vendor folders, and /etc wins */
	{ { { L, "auth include common-auth" },
	    { "/usr/etc/pam.d/common-auth", "auth required v.so" } },
	  "v.so" },
	{ { { "/usr/lib/pam.d/login", "auth required v.so" }, { L, "auth required e.so" } },
	  "e.so" },
	/* none of the type: those of other */
	{ { { L, "account required a.so" }, { "/etc/pam.d/other", "auth required o.so" } },
	  "o.so" },
	{ { { L, "auth required \\\n a.so arg" } }, "a.so" },
	/* a comment is not continued, nor does it end what is (tried with libpam 1.5) */
	{ { { L, "# x \\\nauth required a.so # y \\\nauth required b.so" } }, "a.so b.so" },
	{ { { L, "auth required \\\n# c\n\n a.so \\\n# c\nauth required b.so" } }, "a.so" },
	{ { { L, "auth required /lib/security/a.so" } }, "a.so" },
	{ { { L, "-auth optional a.so" } }, "a.so" },
	{ { { L, "auth include nothere" } }, "nothere: is included and not there" },
	{ { { L, "auth include loop" }, { "/etc/pam.d/loop", "auth include loop" } },
	  "loop: includes are nested deeper than 16" },
	{ { { L, CONF_DENIED } }, "/etc/pam.d/login: EACCES: Permission denied" },
	{ { { L, "auth required" } }, "/etc/pam.d/login:1: names no module" },
	{ { { L, "x y z\n\nauth required \\\n \\\n" } }, "/etc/pam.d/login:5: names no module" },
	{ { { L, "auth [success=1 a.so" } }, "/etc/pam.d/login:1: names no module" },
	{ { { L, "auth" } }, "/etc/pam.d/login:1: has no control" },
	{ { { L, "auth include" } }, "/etc/pam.d/login:1: includes nothing" },
	{ { { L, "auth substack # x" } }, "/etc/pam.d/login:1: includes nothing" },
	{ { { L, "@include\nauth required a.so" } }, "a.so" },
	{ { { "/usr/lib/pam.d/login", "auth required v.so" } }, "v.so" },
	{ { { L, "@INCLUDE /x" }, { "/x", "auth Include /y" }, { "/y", "auth required v.so" } },
	  "v.so" },
	{ { { L, "auth SUBSTACK x" }, { "/etc/pam.d/x", "auth required v.so" } }, "{ v.so" },
	/* blanks of all kinds, and lines that end as DOS's do */
	{ { { L, " \tauth\trequired\ta.so\r\n\r\n \t\r# x\r\nauth required b.so x\r\n" } },
	  "a.so b.so" },
	{ { { L, "\r\r-auth optional b.so\n" } }, "b.so" },
	{ { { L, "auth required \\\n \t\r# c\n \t\r\n\t\ra.so" } }, "a.so" },
	{ { { L, "auth required \\\nlong_name_of_a_module.so" } }, "long_name_of_a_module.so" },
	{ { { L, "\\\nauth required a.so" } }, "a.so" },
	{ { { L, "@include loop" }, { "/etc/pam.d/loop", "@include loop" } },
	  "loop: includes are nested deeper than 16" },
	{ { { L, "@include nothere" } }, "nothere: is included and not there" },
	{ { { L, "auth required a.so" }, { "/etc/pam.d/other", "auth required o.so" } }, "a.so" },
	/* another result than success and failure may go on */
	{ { { L, "auth [success=done default=die maxtries=ignore] a.so\nauth required b.so" } },
	  "a.so b.so" },
	{ { { L, "auth [success=done default=die] a.so\nauth required b.so" } }, "a.so [b.so]" },
	{ { { L, "auth [success=done default=die maxtries=ignore] pam_permit.so\n"
		 "auth required b.so" } },
	  "pam_permit.so [b.so]" },
	{ { { L, "auth [success=ok default=die maxtries=ignore] pam_deny.so\n"
		 "auth required b.so" } },
	  "pam_deny.so [b.so]" },
	/* a jump does not leave its substack, and the last thing it takes may be one */
	{ { { L, "auth substack s\nauth required b.so" },
	    { "/etc/pam.d/s", "auth [success=5 default=die] pam_permit.so\nauth required s2.so" } },
	  "{ pam_permit.so [s2.so] b.so" },
	{ { { L, "auth substack s\nauth required b.so\nauth required c.so" },
	    { "/etc/pam.d/s", "auth [success=1 default=die] pam_permit.so" } },
	  "{ pam_permit.so b.so c.so" },
	{ { { L, "auth [success=1 default=die] pam_permit.so\nauth substack s" },
	    { "/etc/pam.d/s", "auth required s1.so\nauth required s2.so" } },
	  "pam_permit.so [{] [s1.so] [s2.so]" },
	{ { { L,
	      "auth [success=1 default=die] pam_permit.so\nauth substack s\nauth required b.so" },
	    { "/etc/pam.d/s", "auth required s1.so\nauth substack t" },
	    { "/etc/pam.d/t", "auth required t1.so\nauth required t2.so" } },
	  "pam_permit.so [{] [s1.so] [{] [t1.so] [t2.so] b.so" },
	{ { { L, "auth substack s" },
	    { "/etc/pam.d/s", "auth substack t\nauth required s2.so" },
	    { "/etc/pam.d/t", "auth sufficient pam_permit.so\nauth required t2.so" } },
	  "{ { pam_permit.so [t2.so] s2.so" },
	{ { { L, "auth substack s" },
	    { "/etc/pam.d/s", "auth sufficient pam_permit.so\nauth required s2.so" } },
	  "{ pam_permit.so [s2.so]" },
	/* nothing of it, and no file for what has no service of its own */
	{ { { L, "account required a.so" } }, "" },
	{ { { "/etc/pam.d/other", "auth required o.so" } }, "o.so" },
};

/* --- one line of PAM -------------------------------------------------------------------------- */

/* The members of the only line, without what all have and "reached". */
static const struct {
	const char *line, *wanted;
} entries[] = {
	{ "required a.so", "required [] bad ok" },
	{ "Required a.so", "Required [] bad ok" },
	{ "requisite a.so", "requisite [] die ok" },
	{ "sufficient a.so", "sufficient [] ignore done" },
	{ "optional a.so", "optional [] ignore ok" },
	{ "binding a.so", "binding [] bad done" },
	{ "nothing a.so", "nothing [] bad bad" },
	{ "[default=ignore] a.so", "[default=ignore] [] ignore ignore" },
	{ "[success=2 default=die] a.so", "[success=2 default=die] [] die 2" },
	{ "[default=bad success=done] a.so", "[default=bad success=done] [] bad done" },
	{ "[auth_err=reset default=ok] a.so", "[auth_err=reset default=ok] [] reset ok" },
	{ "[\tsuccess=ok\tdefault=die\t] a.so", "[\tsuccess=ok\tdefault=die\t] [] die ok" },
	{ "[ success_=1 xsuccess=2 a=success default=die ] a.so",
	  "[ success_=1 xsuccess=2 a=success default=die ] [] die die" },
	{ "[user_unknown=ignore] a.so", "[user_unknown=ignore] [] bad bad" },
	{ "[] a.so", "[] [] bad bad" },
	{ "required a.so nullok try=3", "required [\"nullok\",\"try=3\"] bad ok" },
	{ "required a.so x\ty\rz # w", "required [\"x\",\"y\",\"z\"] bad ok" },
	{ "required a.so [x=a b] y", "required [\"x=a b\",\"y\"] bad ok" },
	{ "required a.so [x", "required [\"x\"] bad ok" },
};

START_TEST(pam_line)
{
	AUTO_FREE char *line = xasprintf("%sauth %s", _i % 2 ? "" : "-", entries[_i].line);
	const struct conf_file files[] = { { L, line }, { 0 } };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *stack = pam_stack(&source, "login", "auth"), *entry = json_array_get(stack, 0);
	const char *control, *file, *module, *failure, *success;
	json_int_t number, level;
	int is_optional;
	json_t *args;
	ck_assert_int_eq(json_array_size(stack), 1);
	ck_assert_int_eq(json_unpack(entry, "{ss ss sI sI ss so sb ss ss}", "control", &control,
				     "file", &file, "line", &number, "level", &level, "module",
				     &module, "args", &args, "optional", &is_optional, "on_failure",
				     &failure, "on_success", &success),
			 0);
	AUTO_FREE char *list = json_dumps(args, JSON_COMPACT);
	AUTO_FREE char *got = xasprintf("%s %s %s %s", control, list, failure, success);
	ck_assert_str_eq(got, entries[_i].wanted);
	ck_assert_int_eq(is_optional, _i % 2 == 0);
	ck_assert_str_eq(file, L);
	ck_assert_str_eq(module, "a.so");
	ck_assert_int_eq(number, 1);
	ck_assert_int_eq(level, 0);
	json_decref(stack);
}
END_TEST

/* A service of so many modules, and whether it is there. */
START_TEST(pam_services)
{
	struct text text = { 0 };
	for (int i = 0; i < PAM_ENTRIES_MAX + _i; i++)
		text_add(&text, "auth required a.so\n");
	const struct conf_file files[] = { { L, text_str(&text) },
					   { "/etc/pam.d/su", CONF_DENIED },
					   { 0 } };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *stack = pam_stack(&source, "login", "auth");
	json_t *has = pam_has_service(&source, "login"), *none = pam_has_service(&source, "sudo"),
	       *denied = pam_has_service(&source, "su");
	ck_assert_int_eq(fact_is_unread(stack), _i);
	ck_assert(json_is_true(has));
	ck_assert(json_is_false(none));
	ck_assert(fact_is_unread(denied));
	json_decref(stack);
	json_decref(has);
	json_decref(none);
	json_decref(denied);
	text_done(&text);
}
END_TEST

static char *read_nul(void *context, const char *path, size_t *ret_len, char **ret_why)
{
	static const char text[] = "auth required a.so\n\0\nauth required b.so\n";
	(void)context;
	(void)path;
	char *copy = xalloc(sizeof(text));
	*ret_len = sizeof(text) - 1;
	*ret_why = NULL;
	return memcpy(copy, text, sizeof(text));
}

START_TEST(pam_nul)
{
	const struct conf_source source = { .read = read_nul };
	json_t *stack = pam_stack(&source, "login", "auth");
	ck_assert(fact_is_unread(stack));
	ck_assert_str_eq(fact_reason(stack), "/etc/pam.d/login: holds a NUL byte");
	json_decref(stack);
}
END_TEST

START_TEST(a_stack)
{
	AUTO_FREE char *got = stack_text(stacks[_i].files, "auth");
	ck_assert_str_eq(got, stacks[_i].wanted);
}
END_TEST

/* --- sudoers ---------------------------------------------------------------------------------- */

static char *rules_text(json_t *read)
{
	struct text text = { 0 };
	json_t *rules = json_object_get(read, "rules"), *rule, *user, *command;
	size_t i, k;
	if (fact_is_unread(rules))
		text_add(&text, fact_reason(rules));
	json_array_foreach(rules, i, rule)
	{
		text_add(&text, i ? "; " : "");
		json_array_foreach(json_object_get(rule, "users"), k, user)
			text_printf(&text, "%s%s", k ? "," : "", json_string_value(user));
		json_array_foreach(json_object_get(rule, "commands"), k, command)
			text_printf(&text, " %s<%s>",
				    json_is_true(json_object_get(command, "nopasswd")) ? "!" : "",
				    json_string_value(json_object_get(command, "command")));
	}
	return text_take(&text);
}

#define S "/etc/sudoers"
static const struct {
	struct conf_file files[FILES];
	const char *wanted;
} sudoers[] = {
	{ { { S, "root ALL=(ALL:ALL) ALL" } }, "root <ALL>" },
	{ { { S, "bob ALL=(ALL) NOPASSWD:ALL" } }, "bob !<ALL>" },
	{ { { S, "bob ALL = ( root : wheel ) NOPASSWD : /a x, /b, PASSWD: /c" } },
	  "bob !</a x> !</b> </c>" },
	{ { { S, "bob, eve ALL = /a" } }, "bob,eve </a>" },
	{ { { S, "bob ALL = \\\n  NOPASSWD: /a # NOPASSWD: /b" } }, "bob !</a>" },
	{ { { S, "#1000 ALL = /a\n# a comment\n#include /x" }, { "/x", "eve ALL=/b" } },
	  "#1000 </a>; eve </b>" },
	{ { { S, "A ALL = C\nUser_Alias A = bob, eve : B = dan\nCmnd_Alias C = /a, NOTHING" } },
	  "bob,eve </a> <NOTHING>" },
	{ { { S, "Cmnd_Alias C = C\nbob ALL = C" } }, "bob <C>" },
	{ { { S, "bob h1 = /a : h2 = NOPASSWD: SETENV: /b" } }, "bob </a> !</b>" },
	{ { { S, "bob ALL = CWD=/tmp sha256:ab= /a" } }, "bob </a>" },
	{ { { S, "@includedir /d" },
	    { "/d/90-cloud", "u ALL=(ALL) NOPASSWD:ALL" },
	    { "/d/a.b", "v ALL=ALL" },
	    { "/d/c~", "w ALL=ALL" } },
	  "u !<ALL>" },
	{ { { S, "bob ALL = /a\n@include /x" }, { "/x", CONF_DENIED } },
	  "/x: EACCES: Permission denied" },
	{ { { S, "@include /x.%h" } },
	  "/etc/sudoers:1: includes \"/x.%h\", which depends on the name of the host" },
	/* no comment goes on in the next line (tried with sudo 1.9.13) */
	{ { { S, "# x \\\nbob ALL = NOPASSWD: /a # y \\\neve ALL = /b" } }, "bob !</a>; eve </b>" },
	{ { { S, "#1000 ALL = \\\n /a" } }, "#1000 </a>" },
	{ { { "/usr/etc/sudoers", "bob ALL = /a" } }, "bob </a>" },
	{ { { S, "=\n,\n(\nbob\nbob =" } }, "; ; (; bob; bob" },
	{ { { S, "\tbob\tALL\t=\t(root)\tNOPASSWD\t:\t/a\t,\tCWD=/\t/b\t#\tx\r\n" } },
	  "bob !</a> !</b>" },
	{ { { S, "bob , eve,\tdan ALL, h = /a" } }, "bob,eve,dan </a>" },
	{ { { S, "bob\tALL = /a\n%ops  h1 , h2 = /b" } }, "bob </a>; %ops </b>" },
	{ { { S, "\"a b\",c ALL = /a" } }, "\"a b\",c </a>" },
	{ { { S, "bob ALL = /a x\\, y, /b \\\", /c" } }, "bob </a x\\, y> </b \\\"> </c>" },
	{ { { S, "bob ALL = /a), /b" } }, "bob </a)> </b>" },
	{ { { S, "bob ALL = (root /a" } }, "bob" },
	{ { { S, "bob ALL = (root, eve : a) /a, NOPASSWD: /b : h = /c" } }, "bob </a> !</b> </c>" },
	{ { { S, "bob ALL = NOFOLLOW: /a, NOEXEC: /b" } }, "bob </a> </b>" },
	{ { { S, "bob ALL = NOPASSWD: /a, /b : h = /c" } }, "bob !</a> !</b> </c>" },
	/* every tag and every option of sudoers(5) */
	{ { { S, "bob ALL = ROLE=r TYPE=t PRIVS=p LIMITPRIVS=l NOTBEFORE=1 NOTAFTER=2 TIMEOUT=3 "
		 "CWD=/ CHROOT=/c APPARMOR_PROFILE=a EXEC:NOEXEC:FOLLOW:NOFOLLOW:LOG_INPUT:"
		 "NOLOG_INPUT:LOG_OUTPUT:NOLOG_OUTPUT:MAIL:NOMAIL:INTERCEPT:NOINTERCEPT:SETENV:"
		 "NOSETENV:PASSWD:NOPASSWD:/a, /b" } },
	  "bob !</a> !</b>" },
	{ { { S, "bob ALL = sha224:01 /a, sha384:02 /b, sha512:03 /c, /d" } },
	  "bob </a> </b> </c> </d>" },
	{ { { S, "bob ALL = A\nCmnd_Alias A = B, /a\nCmnd_Alias B = C, /b\nCmd_Alias C = /c" } },
	  "bob </c> </b> </a>" },
	{ { { S, "A ALL = /a\nUser_Alias A = B, bob\nUser_Alias B = eve" } }, "eve,bob </a>" },
	{ { { S, "Defaultsx ALL = /a\nDefaults use_pty" } }, "Defaultsx </a>" },
	{ { { S, "User_Alias A : B = dan\nA,B ALL = /a" } }, "A,dan </a>" },
	{ { { S, "Runas_Alias R = a\nHost_Alias H = b\nDefaults use_pty\n" } }, "" },
	{ { { S, "@include\t\"/x y\"" }, { "/x y", "eve ALL=/b" } }, "eve </b>" },
	{ { { S, "@include \"/x" }, { "/x", "eve ALL=/b" } }, "" },
	{ { { S, "@include x" }, { "/etc/x", "eve ALL=/b" } }, "eve </b>" },
	{ { { S, "@include /d/x" }, { "/d/x", "@include y" }, { "/d/y", "eve ALL=/b" } },
	  "eve </b>" },
	{ { { S, "#includedir /d # local" }, { "/d/x", "eve ALL=/b" } }, "eve </b>" },
	{ { { S, "@include \"/x y\" # local" }, { "/x y", "eve ALL=/b" } }, "eve </b>" },
	{ { { S, "@include /x\\ y" }, { "/x y", "eve ALL=/b" } }, "eve </b>" },
	{ { { S, "bob ALL = CWD=\"/a b\" NOPASSWD: /a\neve ALL = TIMEOUT = 5 NOPASSWD: /a" } },
	  "bob !</a>; eve !</a>" },
	{ { { S, "bob ALL = NOPASSWD: sha224 : d791 /a, /b" } }, "bob !</a> !</b>" },
	{ { { S, "@include /x\"" }, { "/x", "eve ALL=/b" }, { "/x\"", "bob ALL=/b" } },
	  "bob </b>" },
	{ { { S, "#includes /x\n#includedirs /d\n#includedir\t/d" },
	    { "/x", "eve ALL=/b" },
	    { "/d/y", "bob ALL=/b" } },
	  "bob </b>" },
	{ { { S, "Cmnd_Alias C = C, C, C, C\nbob ALL = C" } },
	  "there are more than 20000 users and commands" },
	{ { { S, "User_Alias C = C, C, C, C\nC ALL = /a" } },
	  "there are more than 20000 users and commands" },
};

START_TEST(sudo_rules)
{
	struct conf_tree tree = { .files = sudoers[_i].files };
	struct conf_source source = conftree_source(&tree);
	json_t *read = sudoers_read(&source);
	AUTO_FREE char *got = rules_text(read);
	json_decref(read);
	ck_assert_str_eq(got, sudoers[_i].wanted);
}
END_TEST

static const struct {
	const char *line, *key, *wanted;
} defaults[] = {
	{ "Defaults use_pty", "default/use_pty", "true" },
	{ "Defaults env_reset, !use_pty", "default/use_pty", "false" },
	{ "Defaults timestamp_timeout = -1", "default/timestamp_timeout", "-1" },
	{ "Defaults logfile=\"/var/log/a, b\"", "default/logfile", "\"/var/log/a, b\"" },
	{ "Defaults env_keep += \"A B\"", "default/env_keep", "\"A B\"" },
	{ "Defaults:bob !authenticate", "scoped/authenticate", "false :bob" },
	{ "Defaults:bob, eve !authenticate", "scoped/authenticate", "false :bob, eve" },
	{ "Defaults!/bin/a !use_pty", "scoped/use_pty", "false !/bin/a" },
	{ "Defaults use_pty\nDefaults !use_pty", "default/use_pty", "false" },
	{ "Defaults\t!\tuse_pty", "default/use_pty", "false" },
	{ "Defaults ! use_pty", "default/use_pty", "false" },
	{ "Defaults env_keep -= X", "default/env_keep", "X" },
	{ "Defaults env_keep\t=\tX", "default/env_keep", "X" },
	{ "Defaults env_keep = X", "default/env_keep", "X" },
	{ "Defaults@web !use_pty", "scoped/use_pty", "false @web" },
	{ "Defaults>root !use_pty", "scoped/use_pty", "false >root" },
	{ "Defaults:bob ,\teve ,dan !use_pty", "scoped/use_pty", "false :bob ,\teve ,dan" },
	{ "Defaults:bob\t!use_pty", "scoped/use_pty", "false :bob" },
	{ "Defaultsx use_pty", "default/use_pty", NULL },
	{ "DefaultsDefaults use_pty", "default/use_pty", NULL },
};

START_TEST(sudo_defaults)
{
	const struct conf_file files[] = { { S, defaults[_i].line }, { 0 } };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *read = sudoers_read(&source);
	json_t *list = json_object_get(json_object_get(read, "settings"), defaults[_i].key);
	const char *value = json_string_value(json_object_get(json_array_get(list, 0), "value"));
	ck_assert_pstr_eq(value, defaults[_i].wanted);
	json_decref(read);
}
END_TEST

static const struct {
	const char *line;
	bool asks;
} asking[] = {
	{ "bob ALL=(ALL:ALL) ALL", true },
	{ "bob ALL = ( ALL : ALL ) PASSWD: ALL", true },
	{ "bob ALL=(ALL:ALL) NOPASSWD: /a, PASSWD: ALL", true },
	{ "bob ALL=(ALL:ALL) /a, ALL", true },
	{ "bob ALL=(ALL:ALL) NOPASSWD: ALL", false },
	{ "bob ALL=(ALL) ALL", false }, /* -g GROUP stays as it was */
	{ "bob ALL=ALL", false },
	{ "bob ALL=(root:ALL) ALL", false },
	{ "bob ALL=(ALL:adm) ALL", false },
	{ "bob web1=(ALL:ALL) ALL", false },
	{ "bob ALL=(ALL:ALL) /a", false },
	{ "bob ALL=(ALL:ALL) ALL : h2 = ALL", true },
	{ "bob h2=(root) /a : ALL=(ALL:ALL) ALL", false },
	{ "bob\tALL\t=\t( ALL\t:\tALL )\tALL", true },
	{ "bob, eve ALL=(ALL:ALL) ALL", true },
	{ "bob ALL, h2=(ALL:ALL) ALL", false },
	{ "bob h2, ALL=(ALL:ALL) ALL", false },
	{ "bob ALL=(ALL:ALL) /a, (root) ALL", false },
	{ "bob ALL=(:ALL) ALL", false },
	{ "bob ALL=(ALL:ALL) NOTAFTER=20200101000000Z ALL", false },
	{ "bob ALL=(ALL:ALL) sha224:d791 ALL", false },
};

START_TEST(sudo_asks)
{
	const struct conf_file files[] = { { S, asking[_i].line }, { 0 } };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *read = sudoers_read(&source);
	json_t *rule = json_array_get(json_object_get(read, "rules"), 0);
	ck_assert_msg(json_is_true(json_object_get(rule, "asks-for-all")) == asking[_i].asks, "%s",
		      asking[_i].line);
	json_decref(read);
}
END_TEST

/* --- shell files ------------------------------------------------------------------------------ */

static const struct {
	const char *text, *wanted;
} shells[] = {
	{ "umask 027", "umask=027" },
	{ "umask u=rwx,g=rx,o=", "umask=027" },
	{ "umask -S u=rwx,g=rx,o=rx", "umask=022" },
	{ "umask o=,g=rx,u=rwx", "umask=027" },
	{ "umask a=rx", "umask=222" },
	{ "umask a=rwx,go=w", "umask=055" },
	{ "umask g-w", "umask=g-w" },
	{ "umask =rx", "umask==rx" },
	{ "umask u=rwx", "umask=u=rwx" },
	{ "umask u=rwxt,g=rx,o=", "umask=u=rwxt,g=rx,o=" },
	{ "umask u=rwx,g-w,o=", "umask=u=rwx,g-w,o=" },
	{ "\tumask\t022\t# x", "umask=022" },
	{ "umask 022;umask 027", "umask=022 umask=027" },
	{ "umask 022&&umask 027", "umask=022 if/umask=027" },
	{ "umask 022||umask 027", "umask=022 if/umask=027" },
	{ "umask 022|a", "umask=022" },
	{ "(umask 022)", "if/umask=022" },
	{ "umask $x; umask 022", "umask=$x umask=022" },
	{ "umask $(cat /x; cat /y); umask 022", "umask=$(cat /x; cat /y umask=022" },
	{ "x=$(a '\"' \"b)'\" $(c) (d) `e)`); umask 022", "umask=022" },
	{ "x=$(a '\numask 022\n' (\n)\numask 077)\numask 027", "if/umask=077 umask=027" },
	{ "umask # 022", "" },
	{ "umask 022 #; umask 027", "umask=022" },
	{ "umask \"022\" x", "umask=022" },
	{ "echo \"a; umask 022\"", "" },
	{ "echo 'a; umask 022'", "" },
	{ "echo 'a\"; umask 022'; umask 027", "umask=027" },
	/* a backslash takes a quote its meaning, but not within single quotes */
	{ "echo don\\'t; umask 022", "umask=022" },
	{ "echo \"a\\\"; umask 022\"; umask 027", "umask=027" },
	{ "echo '\\'; umask 022", "umask=022" },
	{ "echo \"\\\\\"; umask 022", "umask=022" },
	{ "echo a\\;umask 022", "" },
	/* a text of several lines is no program */
	{ "echo \"a\numask 022\nb\"; umask 027", "umask=027" },
	{ "echo 'a\numask 022\nb' umask 077\numask 027", "umask=027" },
	{ "echo \"a\nb\\\"; umask 022\n\"; umask 027", "umask=027" },
	{ "x=`a\numask 022\n`\numask 027", "umask=027" },
	{ "x=$(a\numask 022\n)\numask 027", "if/umask=022 umask=027" },
	{ "echo 'a\n<<EOF'\numask 027", "umask=027" },
	{ "echo 'a\nb'; cat <<EOF\numask 022\nEOF\numask 027", "umask=027" },
	{ "a && echo \"\n\" && umask 022; umask 027", "if/umask=022 umask=027" },
	{ "umask 022\necho \"a\numask 027", "/etc/profile:3: a quote (\") has no end" },
	{ "umask", "" },
	{ "umask $x", "umask=$x" },
	{ "umask `cat /x`", "umask=$cat /x" },
	{ "# umask 022", "" },
	{ "echo umask 022", "" },
	{ "if true; then umask 022; fi; umask 027", "if/umask=022 umask=027" },
	{ "if true\nthen\n\tumask 022\nelse umask 002\nfi", "if/umask=022 if/umask=002" },
	{ "[ a = b ] && umask 022\numask 027", "if/umask=022 umask=027" },
	{ "a ||\numask 022", "if/umask=022" },
	{ "f() {\n umask 022\n}\numask 077", "if/umask=022 umask=077" },
	{ "case $TERM in\nx*) TMOUT=0;;\nesac\nTMOUT=900", "if/TMOUT=0 TMOUT=900" },
	{ "( umask 022 )", "if/umask=022" },
	{ "( umask 022 ); umask 027", "if/umask=022 umask=027" },
	{ "( a | b; umask 022 )", "if/umask=022" },
	{ "a && b; umask 022", "umask=022" },
	{ "for i in a; do umask 022; done; umask 027", "if/umask=022 umask=027" },
	{ "while a; do umask 022; done; umask 027", "if/umask=022 umask=027" },
	{ "until a; do umask 022; done; umask 027", "if/umask=022 umask=027" },
	{ "select i in a; do umask 022; done; umask 027", "if/umask=022 umask=027" },
	{ "{ umask 022; }; umask 027", "if/umask=022 umask=027" },
	{ "if a; then b; elif umask 022; then c; fi", "if/umask=022" },
	{ "function f {\n umask 022\n}\numask 077", "if/umask=022 umask=077" },
	{ "! umask 022", "umask=022" },
	{ "time umask 022", "umask=022" },
	{ "}\numask 022", "umask=022" },
	{ "X=1 umask 022", "umask=022" },
	{ "umask=022", "" },
	{ "typeset -r TMOUT=900", "TMOUT=900 readonly/TMOUT=" },
	{ "local TMOUT=900", "TMOUT=900" },
	{ "export X=1 TMOUT", "export/TMOUT=" },
	{ "cat <<EOF\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<-EOF\n\tumask 027\n\tEOF\numask 022", "umask=022" },
	{ "cat << EOF\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<\tEOF\t>/x\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<'EOF'\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<\"EOF\" | a\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<\\EOF\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<EOF; a\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<EOF|a\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<EOF&\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<EOF>/x\numask 027\nEOF\numask 022", "umask=022" },
	{ "cat <<<EOF\numask 022", "umask=022" },
	{ "TMOUT=900; readonly TMOUT; export TMOUT", "TMOUT=900 readonly/TMOUT= export/TMOUT=" },
	{ "readonly TMOUT=900", "TMOUT=900 readonly/TMOUT=" },
	{ "declare -xr TMOUT=900", "TMOUT=900 export/TMOUT= readonly/TMOUT=" },
	{ "export PATH=\"/a:/b\" X=1", "PATH=/a:/b export/PATH=" },
	{ "PATH=/x ls", "PATH=/x" },
	{ "MYTMOUT=1", "" },
	{ "umask 0\\\n27", "umask=0" },
	{ "# old: \\\numask 022 # and \\\numask 002", "umask=022 umask=002" },
	{ "echo 'a # b' \\\numask 022", "" },
	/* no here-document: what stands behind it must not be passed over */
	{ "umask 027\nx=$((1<<2))\numask 022", "/etc/profile:3: a here-document has no end (2)))" },
};

static char *settings_text(json_t *read)
{
	struct text text = { 0 };
	json_t *settings = json_object_get(read, "settings"), *list, *one;
	const char *key;
	size_t i;
	if (fact_is_unread(settings))
		text_add(&text, fact_reason(settings));
	json_object_foreach(settings, key, list)
	{
		json_array_foreach(list, i, one)
			text_printf(&text, "%s%s=%s", text.len ? " " : "", key,
				    json_string_value(json_object_get(one, "value")));
	}
	return text_take(&text);
}

/* What a file leaves open does not reach into the next one. */
START_TEST(shell_folder)
{
	static const char *const dirs[] = { "/d", NULL };
	static const struct conf_file files[] = {
		{ "/d/1.sh", "if a\nthen umask 022" },
		{ "/d/2.sh", "umask 027" },
		{ "/d/3.csh", "umask 077" },
		{ 0 },
	};
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *read = shell_scan(&source, NULL, dirs);
	AUTO_FREE char *got = settings_text(read);
	json_decref(read);
	ck_assert_str_eq(got, "if/umask=022 umask=027");
}
END_TEST

START_TEST(a_shell_file)
{
	static const char *const first[] = { "/etc/profile", NULL };
	const struct conf_file files[] = { { "/etc/profile", shells[_i].text }, { 0 } };
	struct conf_tree tree = { .files = files };
	struct conf_source source = conftree_source(&tree);
	json_t *read = shell_scan(&source, first, NULL);
	AUTO_FREE char *got = settings_text(read);
	json_decref(read);
	ck_assert_str_eq(got, shells[_i].wanted);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("logins", &suite);

	tcase_add_loop_test(tc, a_stack, 0, ARRAY_SIZE(stacks));
	tcase_add_loop_test(tc, pam_line, 0, ARRAY_SIZE(entries));
	tcase_add_loop_test(tc, pam_services, 0, 2);
	tcase_add_test(tc, pam_nul);
	tcase_add_loop_test(tc, sudo_rules, 0, ARRAY_SIZE(sudoers));
	tcase_add_loop_test(tc, sudo_defaults, 0, ARRAY_SIZE(defaults));
	tcase_add_loop_test(tc, sudo_asks, 0, ARRAY_SIZE(asking));
	tcase_add_test(tc, shell_folder);
	tcase_add_loop_test(tc, a_shell_file, 0, ARRAY_SIZE(shells));
	return harness_run(suite);
}
