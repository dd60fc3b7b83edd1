/* SPDX-License-Identifier: Apache-2.0 */
/* derive.c: answers once what every check would otherwise ask again: settings in force, and paths.
 */
#include "derive.h"

#include "auditcover.h"
#include "audithost.h"
#include "auditstarts.h"
#include "derive_aliases.h"
#include "derive_paths.h"
#include "effective.h"
#include "facts.h"

/* Absent where the engine does not tell. */
static void add_product(const struct view *v, json_t *engine)
{
	if (v->is_podman)
		json_object_set_new(engine, "product", json_string("Podman"));
	else
		json_object_del(engine, "product");
}

void derive_world(json_t *world)
{
	json_t *engine = json_object_get(world, "engine");
	struct view v;

	audithost_derive(world);
	auditstarts_derive(world);
	if (!json_is_object(engine) || fact_is_unread(engine))
		return;

	view_init(&v, world);
	json_t *effective = effective_settings(&v);
	add_product(&v, engine);
	json_object_set_new(engine, "paths", derive_paths(&v, effective));
	json_object_set_new(engine, "aliases",
			    derive_aliases(world, json_object_get(engine, "paths")));
	json_object_set_new(engine, "effective", effective);
	json_object_set_new(engine, "config-errors",
			    v.errors ? json_incref(v.errors) : fact_unread("%s", v.file_unread));
	json_object_set_new(engine, "config-ignored",
			    v.errors ? json_incref(v.ignored) : fact_unread("%s", v.file_unread));
	auditcover_derive(world);
	view_done(&v);
}
