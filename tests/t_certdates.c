/* SPDX-License-Identifier: Apache-2.0 */
/* t_certdates.c: dates of certificates and base64, of real ones and of what was cut or bent. */
#include "base64.h"
#include "certdates.h"
#include "facts.h"
#include "harness.h"

/* The root certificate of a swarm that Docker 28.5.2 made. */
static const char body[] = "MIIBaTCCARCgAwIBAgIUBY5O3yBbgqajHTdc8xVPTfCGIaUwCgYIKoZIzj0EAwIw\n"
			   "EzERMA8GA1UEAxMIc3dhcm0tY2EwHhcNMjYxMTIyMDY1OTAwWhcNNDYxMTE3MDY1\n"
			   "OTAwWjATMREwDwYDVQQDEwhzd2FybS1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH\n"
			   "A0IABB+jQuvyADTsNjMSirQnGHx8EC2YgVZx1mW1kytDr7s/F0c8O9A4lyfEZm6z\n"
			   "ilPBIcEQOju6+QcKsp33pvk4+dKjQjBAMA4GA1UdDwEB/wQEAwIBBjAPBgNVHRMB\n"
			   "Af8EBTADAQH/MB0GA1UdDgQWBBRmyhWyW3KNpp7lWZpdo2bst9o88jAKBggqhkjO\n"
			   "PQQDAgNHADBEAiAxjG3c42ldPdPQkROiBiB1erlYEhKI5/vAGKRgki6QcQIgCPmI\n"
			   "E+tlNSrfIhMpIpCslKOjf/OsFbzEAVNfYHEQhPA=\n";

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
#define DATES "{\"NotBefore\": \"2026-11-22T06:59:00Z\", \"NotAfter\": \"2046-11-17T06:59:00Z\"}"

static char *dump(json_t *v)
{
	char *text = json_dumps(v, 0);
	json_decref(v);
	return text;
}

START_TEST(texts)
{
	static const struct {
		const char *before, *after, *wanted; /* around the body */
	} cases[] = {
		{ BEGIN, END, "[" DATES "]" },
		{ "a comment\n" BEGIN, END "more", "[" DATES "]" },
		{ "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n" BEGIN, END,
		  "[" DATES "]" },
		{ BEGIN, "", "not understood" },
		{ "", END, "holds no certificate" },
		{ BEGIN BEGIN, END, "not understood" },
		{ BEGIN "!", END, "not understood" },
		{ BEGIN END BEGIN, END, "not understood" },
		{ BEGIN, END BEGIN "AAAA" END, "not understood" },
	};
	AUTO_FREE char *pem = xasprintf("%s%s%s", cases[_i].before, body, cases[_i].after);
	AUTO_FREE char *got = dump(cert_dates(pem, strlen(pem)));

	ck_assert_msg(strstr(got, cases[_i].wanted) && (*got == '[') == (*cases[_i].wanted == '['),
		      "%d: %s", _i, got);
}
END_TEST

START_TEST(two_certificates)
{
	AUTO_FREE char *pem = xasprintf(BEGIN "%s" END BEGIN "%s" END, body, body);
	AUTO_FREE char *got = dump(cert_dates(pem, strlen(pem)));

	ck_assert_str_eq(got, "[" DATES ", " DATES "]");
}
END_TEST

START_TEST(too_many_certificates)
{
	AUTO_FREE char *one = xasprintf(BEGIN "%s" END, body);
	size_t n = strlen(one);
	AUTO_FREE char *all = xalloc(101 * n + 1);
	for (size_t i = 0; i < 101; i++)
		memcpy(all + i * n, one, n);
	AUTO_FREE char *most = dump(cert_dates(all, 100 * n));
	AUTO_FREE char *more = dump(cert_dates(all, 101 * n));

	ck_assert(*most == '[');
	ck_assert(strstr(more, "$unread"));
}
END_TEST

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static char *encode(const char *bytes, size_t n)
{
	char *text = xalloc(n * 2 + 8), *p = text;
	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = 0;
		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (i + k < n ? (unsigned char)bytes[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			*p++ = i + k <= n ? base64_digits[v >> (18 - 6 * k) & 63] : '=';
	}
	return text;
}

static char *dates_of_bytes(const char *der, size_t n)
{
	AUTO_FREE char *text = encode(der, n);
	AUTO_FREE char *pem = xasprintf(BEGIN "%s\n" END, text);
	return dump(cert_dates(pem, strlen(pem)));
}

/* Cut anywhere it is not understood. The outer length says how long it is. */
START_TEST(cut_anywhere)
{
	size_t n;
	AUTO_FREE char *der = base64_decode(body, strlen(body), &n);

	ck_assert_ptr_nonnull(der);
	for (size_t i = 0; i < n; i++) {
		AUTO_FREE char *got = dates_of_bytes(der, i);
		ck_assert_msg(strstr(got, "$unread"), "%zu bytes: %s", i, got);
	}
	AUTO_FREE char *whole = dates_of_bytes(der, n);
	ck_assert_str_eq(whole, "[" DATES "]");
}
END_TEST

/* Any byte changed to anything never reads beyond the text, and gives dates or none. */
START_TEST(bent_anywhere)
{
	size_t n;
	AUTO_FREE char *der = base64_decode(body, strlen(body), &n);

	for (size_t i = 0; i < 96; i++) {
		char was = der[i];
		for (unsigned v = 0; v < 256; v++) {
			der[i] = (char)v;
			AUTO_FREE char *got = dates_of_bytes(der, n);
			ck_assert(strstr(got, "NotBefore") || strstr(got, "$unread"));
		}
		der[i] = was;
	}
}
END_TEST

START_TEST(years)
{
	/* 23 is the tag of UTCTime, 24 that of GeneralizedTime */
	static const struct {
		const char *time;
		unsigned tag;
		const char *wanted; /* NULL: none */
	} cases[] = {
		{ "491231235959Z", 23, "2049-12-31T23:59:59Z" },
		{ "500101000000Z", 23, "1950-01-01T00:00:00Z" },
		{ "20500101000000Z", 24, "2050-01-01T00:00:00Z" },
		{ "2611220659Z", 23, NULL },
		{ "261122065900+0100", 23, NULL },
		{ "2611220659 0Z", 23, NULL },
		{ "261122065900X", 23, NULL },
		{ "261122065900Z", 24, NULL },
		{ "20261122065900Z", 23, NULL },
		{ "261122065900Z", 22, NULL },
	};
	size_t n = strlen(cases[_i].time);
	char der[80] = { 0x30, 0, 0x30, 0, 2, 1, 1, 0x30, 0, 0x30, 0, 0x30, (char)(n * 2 + 4) };
	size_t at = 13;
	for (size_t k = 0; k < 2; k++) {
		der[at++] = (char)cases[_i].tag;
		der[at++] = (char)n;
		memcpy(der + at, cases[_i].time, n);
		at += n;
	}
	der[1] = (char)(at - 2);
	der[3] = (char)(at - 4);
	AUTO_FREE char *got = dates_of_bytes(der, at);
	ck_assert_msg(cases[_i].wanted ? strstr(got, cases[_i].wanted) != NULL
				       : strstr(got, "$unread") != NULL,
		      "%s: %s", cases[_i].time, got);
}
END_TEST

START_TEST(base64)
{
	static const struct {
		const char *text, *wanted; /* NULL: none */
	} cases[] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8=", "fo" },
		{ "Zm9v", "foo" },
		{ "Zg", "f" },
		{ "Zm8", "fo" },
		{ "Zm9v\nYg==", "foob" },
		{ " Z m 8 = ", "fo" },
		{ "Zm9vYmFy", "foobar" },
		{ "Z", NULL },
		{ "Zg=", NULL },
		{ "Zg===", NULL },
		{ "=", NULL },
		{ "Zg==Zg==", NULL },
		{ "Zm9v=", NULL },
		{ "Zm-_", NULL },
		{ "Zm9v!", NULL },
		{ "Zm\xc3\xb6", NULL },
	};
	size_t n = 99;
	AUTO_FREE char *got = base64_decode(cases[_i].text, strlen(cases[_i].text), &n);

	if (!cases[_i].wanted) {
		ck_assert_msg(!got, "'%s' was taken", cases[_i].text);
		return;
	}
	ck_assert_msg(got, "'%s' was not taken", cases[_i].text);
	ck_assert_str_eq(got, cases[_i].wanted);
	ck_assert_uint_eq(n, strlen(cases[_i].wanted));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("certdates", &suite);

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, texts, 0, 9);
	tcase_add_test(tcase, two_certificates);
	tcase_add_test(tcase, too_many_certificates);
	tcase_add_test(tcase, cut_anywhere);
	tcase_add_test(tcase, bent_anywhere);
	tcase_add_loop_test(tcase, years, 0, 10);
	tcase_add_loop_test(tcase, base64, 0, 18);
	return harness_run(suite);
}
