/* SPDX-License-Identifier: Apache-2.0 */
/* replies.c: fuzzes replies of the engine: JSON, swarm services, images and what they came from. */
#include "fuzz.h"
#include "imagebase.h"
#include "index.h"
#include "record.h"
#include "redact.h"
#include "serviceshape.h"

static json_t *parse(const uint8_t **data, size_t *n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_part(data, n);

	return json_parse_hostile(text, strlen(text), &err);
}

static void count_network(const char *id, void *context)
{
	*(size_t *)context += strlen(id);
}

static void of_services(const uint8_t *data, size_t n)
{
	AUTO_JSON json_t *service = parse(&data, &n);
	AUTO_JSON json_t *networks = parse(&data, &n);
	size_t sum = 0;

	if (!service)
		return;
	fuzz_fact(service_shape(service, networks));
	fuzz_fact(service_summary(service));
	service_networks(service, count_network, &sum);
}

static void of_images(const uint8_t *data, size_t n)
{
	struct imagebases *b = imagebases_new();

	for (unsigned i = 0; n > 0 && i < 8; i++) {
		AUTO_JSON json_t *inspect = parse(&data, &n);
		AUTO_JSON json_t *history = parse(&data, &n);
		char id[16];

		snprintf(id, sizeof(id), "sha256:%u", i);
		json_t *base = imagebases_find(b, id, inspect, history);
		if (base)
			fuzz_fact(base);
		if (inspect && history)
			imagebases_add(b, id, inspect, history);
	}
	imagebases_free(b);
}

static void of_subjects(const uint8_t *data, size_t n)
{
	AUTO_JSON json_t *subject = parse(&data, &n);

	if (!subject)
		return;
	redact_json(subject);
	if (json_is_object(subject))
		fuzz_fact(index_entry(subject));
}

FUZZ(replies)
{
	static void (*const parsers[])(const uint8_t *, size_t) = { of_services, of_images,
								    of_subjects };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));

	parsers[which](data, n);
	return 0;
}
