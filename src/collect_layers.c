/* SPDX-License-Identifier: Apache-2.0 */
/* collect_layers.c: what is in the layers of an image, from the engine's export of it. */
#include "collector.h"
#include "layers.h"

enum { REST_MAX = 1 << 20 };

static size_t next_piece(void *context, const char **ret)
{
	return stream_next(context, ret);
}

/* An archive ends before its stream does; whether that ended well is known at its end only. */
static void take_rest(struct stream *s)
{
	const char *piece;
	size_t n, all = 0;
	while (all < REST_MAX && (n = stream_next(s, &piece)) > 0)
		all += n;
}

json_t *collect_layers(struct collector *c, const char *id, const json_t *inspect)
{
	json_t *layers = json_object_get(json_object_get(inspect, "RootFS"), "Layers"), *found;
	if (!json_is_array(layers))
		return fact_unread("the engine does not tell the layers of the image");
	struct stream *s = stream_open(c->asker, GET_EXPORT, id);
	found = layers_read(next_piece, s, json_array_size(layers));
	if (!fact_is_unread(found))
		take_rest(s);
	AUTO_FREE char *why = stream_close(s);
	/* A reply that is an error, or was cut off, reads like a broken archive, or worse, like a
	 * whole one. */
	if (why) {
		json_decref(found);
		return fact_unread("GET /images/…/get: %s", why);
	}
	json_t *users = json_object_get(found, "Users");
	if (!c->image_users)
		c->image_users = json_object();
	json_object_set(c->image_users, id, users ? users : found);
	return found;
}
