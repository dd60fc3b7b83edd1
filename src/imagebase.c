/* SPDX-License-Identifier: Apache-2.0 */
/* imagebase.c: see imagebase.h. Keeps two keyed hashes of each image, not the image. */
#include "imagebase.h"

#include "siphash.h"

struct known {
	char *id;
	size_t n_layers, n_history;
	uint64_t layers, history;
};

struct imagebases {
	struct siphash_key key;
	struct known *known;
	size_t n, cap;
};

struct imagebases *imagebases_new(void)
{
	struct imagebases *b = xalloc(sizeof(*b));
	siphash_key_init(&b->key);
	return b;
}

void imagebases_free(struct imagebases *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		free(b->known[i].id);
	free(b->known);
	free(b);
}

static uint64_t chain(const struct imagebases *b, uint64_t before, const char *text)
{
	uint64_t parts[2] = { before, siphash(&b->key, text, strlen(text)) };
	return siphash(&b->key, parts, sizeof(parts));
}

static uint64_t chain_layer(const struct imagebases *b, uint64_t before, const json_t *layers,
			    size_t i)
{
	const char *id = json_string_value(json_array_get(layers, i));
	return chain(b, before, id ? id : "");
}

/* The engine tells the newest first; i counts from the oldest. */
static uint64_t chain_line(const struct imagebases *b, uint64_t before, const json_t *history,
			   size_t i)
{
	const json_t *line = json_array_get(history, json_array_size(history) - 1 - i);
	const char *command = json_string_value(json_object_get(line, "CreatedBy"));
	AUTO_FREE char *text = xasprintf(
		"%lld %s", (long long)json_integer_value(json_object_get(line, "Created")),
		command ? command : "");
	return chain(b, before, text);
}

static const json_t *layers_of(const json_t *inspect)
{
	return json_object_get(json_object_get(inspect, "RootFS"), "Layers");
}

void imagebases_add(struct imagebases *b, const char *id, const json_t *inspect,
		    const json_t *history)
{
	const json_t *layers = layers_of(inspect);
	struct known k = { .n_layers = json_array_size(layers),
			   .n_history = json_array_size(history) };
	if (k.n_layers == 0 || k.n_history == 0)
		return;
	for (size_t i = 0; i < k.n_layers; i++)
		k.layers = chain_layer(b, k.layers, layers, i);
	for (size_t i = 0; i < k.n_history; i++)
		k.history = chain_line(b, k.history, history, i);
	k.id = xstrdup(id);
	if (b->n == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 32;
		b->known = xrealloc(b->known, b->cap * sizeof(*b->known));
	}
	b->known[b->n++] = k;
}

json_t *imagebases_find(const struct imagebases *b, const char *id, const json_t *inspect,
			const json_t *history)
{
	const json_t *layers = layers_of(inspect);
	size_t n_layers = json_array_size(layers), n_history = json_array_size(history);
	AUTO_FREE uint64_t *by_layer = xalloc((n_layers + 1) * sizeof(*by_layer));
	AUTO_FREE uint64_t *by_line = xalloc((n_history + 1) * sizeof(*by_line));
	const struct known *best = NULL;
	for (size_t i = 0; i < n_layers; i++)
		by_layer[i + 1] = chain_layer(b, by_layer[i], layers, i);
	for (size_t i = 0; i < n_history; i++)
		by_line[i + 1] = chain_line(b, by_line[i], history, i);
	for (size_t i = 0; i < b->n; i++) {
		const struct known *k = &b->known[i];
		if (k->n_layers > n_layers || k->n_history >= n_history || streq(k->id, id) ||
		    k->layers != by_layer[k->n_layers] || k->history != by_line[k->n_history])
			continue;
		if (!best || k->n_history > best->n_history)
			best = k;
	}
	return best ? json_pack("{ss sI sI}", "Id", best->id, "Layers", (json_int_t)best->n_layers,
				"History", (json_int_t)best->n_history)
		    : NULL;
}
