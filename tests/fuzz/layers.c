/* SPDX-License-Identifier: Apache-2.0 */
/* layers.c: fuzzes the archive that an engine exports an image as: tar in tar, and its manifest. */
#include "layers.h"

#include "fuzz.h"

struct pieces {
	const uint8_t *data;
	size_t n, step;
	char *piece;
};

static size_t next_piece(void *context, const char **ret)
{
	struct pieces *p = context;
	size_t n = p->n < p->step ? p->n : p->step;

	free(p->piece);
	p->piece = fuzz_text(p->data, n);
	p->data += n;
	p->n -= n;
	*ret = p->piece;
	return n;
}

FUZZ(layers)
{
	static bool is_loaded;
	CLEANUP(err_done) struct err err = { 0 };
	struct pieces p = { .data = data, .n = n, .step = 700 };

	if (!is_loaded && layers_load(&err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
	is_loaded = true;
	fuzz_fact(layers_read(next_piece, &p, n > 0 ? data[n - 1] % 4 : 0));
	free(p.piece);
	return 0;
}
