/* SPDX-License-Identifier: Apache-2.0 */
/* host.c: fuzzes all collectors at once: a host and an engine out of a tree, as records. */
#include "derive.h"
#include "fuzz.h"
#include "machine.h"
#include "record.h"

struct records {
	json_t *world;
	char last[24];
};

/* Every record can be written, and read as the same. */
static void take_record(const char *kind, const char *id, json_t *body, void *context)
{
	struct records *r = context;

	FUZZ_CHECK(body, "%s %s has no body", kind, id);
	fuzz_fact(json_incref(body));
	FUZZ_CHECK(strlen(kind) < sizeof(r->last), "%s", kind);
	snprintf(r->last, sizeof(r->last), "%s", kind);
	if (json_object_get(r->world, kind))
		json_object_set(json_object_get(r->world, kind), id, body);
}

/* Up to the first "@@" line a word: "live" with an engine, else a tree as of --root. */
FUZZ(host)
{
	struct tree t;
	struct asker *asker;
	struct records r = { .world = json_pack("{s{} s{}}", "host", "engine") };
	struct endpoint engine = { .url = (char[]){ "unix:///run/docker.sock" },
				   .why = (char[]){ "default socket" },
				   .is_unix = true,
				   .socket = (char[]){ "/run/docker.sock" } };

	tree_init(&t, "/@live", data, n);
	bool live = tree_find(&t, "/@live", false) != NULL;
	struct machine *m = machine_start(&t, &asker);
	struct collect_options o = { .live = live,
				     .is_root_dir = !live,
				     .is_privileged = true,
				     .version = "0",
				     .endpoint = &engine,
				     .needs = ~SW_NEEDS_LAYERS,
				     .kinds = ~0u,
				     .record = take_record,
				     .context = &r };

	collect_all(asker, &o);
	FUZZ_CHECK(streq(r.last, "end"), "the last record is %s", r.last);
	machine_stop(m, asker);
	derive_world(r.world);
	fuzz_fact(r.world);
	tree_done(&t);
	return 0;
}
