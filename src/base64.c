/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c: see base64.h. */
#include "base64.h"

static int digit_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char *base64_decode(const char *s, size_t n, size_t *ret_len)
{
	AUTO_FREE char *bytes = xalloc(n / 4 * 3 + 4);
	size_t len = 0, digits = 0, padding = 0;
	uint32_t bits = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = digit_of(s[i]);
		if (is_space(s[i]))
			continue;
		if (s[i] == '=' && ++padding <= 2)
			continue;
		if (digit < 0 || padding > 0)
			return NULL;
		bits = bits << 6 | (uint32_t)digit;
		if (++digits % 4 != 1)
			bytes[len++] = (char)(bits >> (6 - 2 * ((digits - 1) % 4)) & 0xff);
	}
	if (digits % 4 == 1 || (padding > 0 && (digits + padding) % 4 != 0))
		return NULL;
	*ret_len = len;
	return TAKE(bytes);
}
