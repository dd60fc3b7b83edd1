/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.c: fuzzes account files, SSH keys, certificates and what else is short. */
#include "accounts.h"
#include "base64.h"
#include "certdates.h"
#include "fuzz.h"
#include "record.h"
#include "sshkeys.h"
#include "timestamp.h"

static void parse_lines(char *text, json_t *(*parse)(char *), const char *member)
{
	json_t *fact = parse(text), *entries = json_object_get(fact, "entries");

	if (entries && member)
		fuzz_fact(accounts_shared(entries, member));
	fuzz_fact(fact);
}

static void parse_passwd(char *text, size_t n)
{
	(void)n;
	parse_lines(text, accounts_passwd, "uid");
}

static void parse_shadow(char *text, size_t n)
{
	(void)n;
	parse_lines(text, accounts_shadow, NULL);
}

static void parse_group(char *text, size_t n)
{
	(void)n;
	parse_lines(text, accounts_group, "gid");
}

static void parse_gshadow(char *text, size_t n)
{
	(void)n;
	parse_lines(text, accounts_gshadow, "name");
}

static void parse_subid(char *text, size_t n)
{
	(void)n;
	parse_lines(text, accounts_subid, "first");
}

static void parse_password(char *text, size_t n)
{
	(void)n;
	fuzz_fact(accounts_password(text));
}

static void parse_keys(char *text, size_t n)
{
	(void)n;
	fuzz_fact(sshkeys_parse(text));
}

static void parse_certificates(char *text, size_t n)
{
	fuzz_fact(cert_dates(text, n));
}

static void decode(char *text, size_t n)
{
	size_t len = 0;
	AUTO_FREE char *bytes = base64_decode(text, n, &len);

	FUZZ_CHECK(!bytes || (len <= n && !bytes[len]), "%zu bytes of %zu characters", len, n);
}

static void parse_time(char *text, size_t n)
{
	int64_t when;

	(void)n;
	timestamp_parse(text, &when);
	date_is_valid(text);
}

FUZZ(accounts)
{
	static void (*const parsers[])(char *, size_t) = {
		parse_passwd,   parse_shadow, parse_group,        parse_gshadow, parse_subid,
		parse_password, parse_keys,   parse_certificates, decode,        parse_time,
	};
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));
	AUTO_FREE char *text = fuzz_text(data, n);

	utf8_mend(text, n);
	parsers[which](text, n);
	return 0;
}
