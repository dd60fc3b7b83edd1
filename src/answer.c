/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c: what is wrong with an answer, in words. */
#include <errno.h>

#include "collect.h"

static const char *http_word(unsigned status)
{
	static const struct {
		unsigned status;
		const char *word;
	} words[] = {
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].status == status)
			return words[i].word;
	return "";
}

char *answer_trouble(const struct answer *answer)
{
	if (answer->error == EPIPE)
		return xstrdup("EPIPE: the fetcher ended before it answered");
	if (answer->error) {
		return xasprintf("%s: %s", errno_name(answer->error),
				 answer->len > 0 ? answer->data : strerror(answer->error));
	}
	if (answer->http && (answer->http < 200 || answer->http > 299)) {
		size_t n = strnlen(answer->data, answer->len < 200 ? answer->len : 200);
		while (n > 0 && (answer->data[n - 1] == '\n' || answer->data[n - 1] == '\r'))
			n--;
		return xasprintf("HTTP %u %s: %.*s", answer->http, http_word(answer->http), (int)n,
				 answer->data);
	}
	return NULL;
}

void answer_done(struct answer *answer)
{
	free(answer->data);
	*answer = (struct answer){ 0 };
}

void answer_copy(struct answer *to, const struct answer *from)
{
	*to = *from;
	to->data = xalloc(from->len + 1);
	memcpy(to->data, from->data, from->len);
}
