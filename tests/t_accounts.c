/* SPDX-License-Identifier: Apache-2.0 */
/* t_accounts.c: lines of account files and of authorized_keys, as the C library and sshd take them.
 */
#include "accounts.h"
#include "facts.h"
#include "harness.h"
#include "sshkeys.h"

static char *dump(json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(v);
	return text;
}

static const struct {
	const char *field, *wanted;
} passwords[] = {
	{ "", "{\"kind\":\"empty\",\"locked\":false}" },
	{ "x", "{\"kind\":\"shadow\",\"locked\":false}" },
	{ "*", "{\"kind\":\"none\",\"locked\":true}" },
	{ "!", "{\"kind\":\"none\",\"locked\":true}" },
	{ "!!", "{\"kind\":\"none\",\"locked\":true}" },
	{ "!*", "{\"kind\":\"none\",\"locked\":true}" },
	{ "*LK*", "{\"kind\":\"none\",\"locked\":true}" },
	{ "$y$j9T$salt$hash", "{\"kind\":\"yescrypt\",\"locked\":false}" },
	{ "!$y$j9T$salt$hash", "{\"kind\":\"yescrypt\",\"locked\":true}" },
	{ "$gy$j9T$salt$hash", "{\"kind\":\"gost-yescrypt\",\"locked\":false}" },
	{ "$7$CU..../....salt$hash", "{\"kind\":\"scrypt\",\"locked\":false}" },
	{ "$2b$12$hash", "{\"kind\":\"bcrypt\",\"locked\":false}" },
	{ "$6$salt$hash", "{\"kind\":\"sha512\",\"locked\":false}" },
	{ "$6$rounds=1000$salt$hash", "{\"kind\":\"sha512\",\"locked\":false,\"rounds\":1000}" },
	{ "$6$rounds=many$salt$hash", "{\"kind\":\"sha512\",\"locked\":false}" },
	{ "$5$salt$hash", "{\"kind\":\"sha256\",\"locked\":false}" },
	{ "$1$salt$hash", "{\"kind\":\"md5\",\"locked\":false}" },
	{ "$3$$hash", "{\"kind\":\"nt\",\"locked\":false}" },
	{ "$new$hash", "{\"kind\":\"unknown\",\"locked\":false}" },
	{ "ab0123456789.", "{\"kind\":\"des\",\"locked\":false}" },
	{ "ab0123456789./0123456789", "{\"kind\":\"des\",\"locked\":false}" },
	{ "_J9..salt0123456789.", "{\"kind\":\"bsdi\",\"locked\":false}" },
	{ "plain", "{\"kind\":\"none\",\"locked\":true}" },
};

START_TEST(a_password)
{
	AUTO_FREE char *got = dump(accounts_password(passwords[_i].field));
	ck_assert_str_eq(got, passwords[_i].wanted);
}
END_TEST

#define FILE_OF(entries, malformed, compat)                                                        \
	"{\"compat\":[" compat "],\"entries\":[" entries "],\"malformed\":[" malformed "]}"
#define USER(line, name, uid, home, shell)                                                         \
	"{\"gid\":0,\"home\":\"" home "\",\"line\":" line ",\"name\":\"" name                      \
	"\",\"password\":{\"kind\":\"shadow\",\"locked\":false},\"shell\":\"" shell                \
	"\",\"uid\":" uid "}"

static const struct {
	json_t *(*parse)(char *text);
	const char *text, *wanted;
} files[] = {
	{ accounts_passwd, "root:x:0:0:root:/root:/bin/sh\n",
	  FILE_OF(USER("1", "root", "0", "/root", "/bin/sh"), "", "") },
	/* the C library takes it, so it is an account */
	{ accounts_passwd, "toor:x:0:0", FILE_OF(USER("1", "toor", "0", "", ""), "", "") },
	{ accounts_passwd,
	  "\n # a comment\n  a:x:0:0:::", FILE_OF(USER("3", "a", "0", "", ""), "", "") },
	{ accounts_passwd,
	  "a:x:0\n:x:0:0:::\na:x:+0:0:::\na:x:-1:0:::\na:x: 0:0:::\na:x:9999999999:0::",
	  FILE_OF("", "1,2,3,4,5,6", "") },
	{ accounts_passwd, "+@net::::::\n-bob\n+\n", FILE_OF("", "", "1,2,3") },
	{ accounts_group, "g:x:5:a,b,,c\nh:x:6\ni:x",
	  FILE_OF("{\"gid\":5,\"line\":1,\"members\":[\"a\",\"b\",\"c\"],\"name\":\"g\"},{\"gid\":"
		  "6,\"line\":2,\"members\":[],\"name\":\"h\"}",
		  "3", "") },
	{ accounts_shadow, "a:*:20000:0:99999:7:::\nb:*:x:0:1:::\nc:*:1\nd:!:::::::",
	  FILE_OF("{\"changed\":20000,\"line\":1,\"max\":99999,\"min\":0,\"name\":\"a\","
		  "\"password\":{\"kind\":\"none\",\"locked\":true},\"warn\":7},{\"line\":4,"
		  "\"name\":\"d\",\"password\":{\"kind\":\"none\",\"locked\":true}}",
		  "2,3", "") },
	{ accounts_subid, "a:100000:65536\nb:1\nc:x:1",
	  FILE_OF("{\"count\":65536,\"first\":100000,\"line\":1,\"name\":\"a\"}", "2,3", "") },
};

START_TEST(a_file)
{
	AUTO_FREE char *text = xstrdup(files[_i].text);
	AUTO_FREE char *got = dump(files[_i].parse(text));
	ck_assert_str_eq(got, files[_i].wanted);
}
END_TEST

START_TEST(too_many_lines_are_unread)
{
	AUTO_FREE char *text = xalloc((ACCOUNTS_MAX + 1) * 8 + 1);
	for (size_t i = 0; i <= ACCOUNTS_MAX; i++)
		memcpy(text + 8 * i, "a:x:0:0\n", 8);
	json_t *file = accounts_passwd(text);
	ck_assert(fact_is_unread(file));
	json_decref(file);
}
END_TEST

START_TEST(shared_numbers)
{
	char text[] = "root:x:0:0\nbob:x:1000:0\ntoor:x:0:0\n";
	json_t *file = accounts_passwd(text);
	AUTO_FREE char *got = dump(accounts_shared(json_object_get(file, "entries"), "uid"));
	ck_assert_str_eq(got, "{\"0\":[\"root\",\"toor\"]}");
	json_decref(file);
}
END_TEST

/* An RSA key of 1024 bits whose modulus is 0x80 and zeros: made for this test. */
#define RSA_1024                                                                                   \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"         \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"         \
	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="

static const struct {
	const char *line, *wanted;
} keys[] = {
	{ "ssh-ed25519 AAAA me", "[{\"line\":1,\"options\":[],\"type\":\"ssh-ed25519\"}]" },
	{ "# no key\n\nssh-dss AAAA", "[{\"line\":3,\"options\":[],\"type\":\"ssh-dss\"}]" },
	{ "ssh-rsa " RSA_1024, "[{\"bits\":1024,\"line\":1,\"options\":[],\"type\":\"ssh-rsa\"}]" },
	{ "ssh-rsa !!", "[{\"bits\":0,\"line\":1,\"options\":[],\"type\":\"ssh-rsa\"}]" },
	{ "ssh-rsa AAAAB3Nz", "[{\"bits\":0,\"line\":1,\"options\":[],\"type\":\"ssh-rsa\"}]" },
	{ "from=\"a b,c\",no-pty,evil=\"secret\" ssh-ed25519 AAAA",
	  "[{\"line\":1,\"options\":[\"from\",\"no-pty\",\"other\"],\"type\":\"ssh-ed25519\"}]" },
	{ "command=\"echo \\\"ssh-dss AAAA\\\"\" ssh-ed25519 AAAA",
	  "[{\"line\":1,\"options\":[\"command\"],\"type\":\"ssh-ed25519\"}]" },
	{ "root:$6$secret:1:2", "[{\"line\":1,\"options\":[\"other\"],\"type\":\"none\"}]" },
	{ "no-pty future-key AAAA", "[{\"line\":1,\"options\":[\"no-pty\"],\"type\":\"other\"}]" },
};

START_TEST(a_key)
{
	AUTO_FREE char *text = xstrdup(keys[_i].line);
	AUTO_FREE char *got = dump(sshkeys_parse(text));
	ck_assert_str_eq(got, keys[_i].wanted);
	ck_assert(!strstr(got, "secret"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("accounts", &suite);

	tcase_add_loop_test(tc, a_password, 0, ARRAY_SIZE(passwords));
	tcase_add_loop_test(tc, a_file, 0, ARRAY_SIZE(files));
	tcase_add_test(tc, too_many_lines_are_unread);
	tcase_add_test(tc, shared_numbers);
	tcase_add_loop_test(tc, a_key, 0, ARRAY_SIZE(keys));
	return harness_run(suite);
}
