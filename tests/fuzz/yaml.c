/* SPDX-License-Identifier: Apache-2.0 */
/* yaml.c: fuzzes profiles, declared checks, tailoring and waivers. */
#include "eval.h"
#include "fuzz.h"
#include "profile.h"
#include "registry.h"
#include "tailoring.h"
#include "yaml_doc.h"

static void parse(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *text = fuzz_text(data, n);
	struct yaml *y = NULL;

	if (doc_parse("x.yaml", text, n, &y, &err) < 0) {
		FUZZ_CHECK(err.text, "an error without a text");
		return;
	}
	FUZZ_CHECK(doc_where(y, doc_root(y), NULL), "stands nowhere");
	fuzz_fact(json_incref(doc_root(y)));
	doc_free(y);
}

/* Checks that the file declares, on a container. */
static void judge(const struct registry *r)
{
	static json_t *base;
	CLEANUP(arena_free_p) struct arena *a = arena_new();
	struct eval_outcome outcome;
	size_t n;

	if (!base) {
		AUTO_FREE char *text = fuzz_test_file("cases/base/container.json", &n);
		base = json_loads(text, 0, NULL);
	}
	for (size_t i = 0; i < registry_count(r); i++) {
		const struct sw_check *check = registry_at(r, i);
		const struct eval_input in = { .check = check,
					       .subject = json_object_get(base, "subject"),
					       .world = json_object_get(base, "world"),
					       .arena = a };

		if (!streq(registry_origin(r, check->id), "built-in"))
			eval_run(&in, &outcome);
	}
}

static void load_profile(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_CLOSE int fd = fuzz_file(data, n);
	AUTO_FREE char *path = fuzz_file_path(fd);
	struct profile *p = NULL;
	int bad = profile_load(path, &p, &err);

	if (bad == 0) {
		struct registry *r = registry_new();

		bad = profile_resolve(p, r, &err);
		if (bad == 0)
			judge(r);
		profile_free(p);
		registry_free(r);
	}
	FUZZ_CHECK(bad == 0 || err.text, "an error without a text");
}

static void load_tailoring(const uint8_t *data, size_t n)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_CLOSE int fd = fuzz_file(data, n);
	AUTO_FREE char *path = fuzz_file_path(fd);
	const char *const names[] = { path, NULL };
	struct registry *r = registry_new();
	struct tailorings t;
	struct profile *p = NULL;
	int bad = tailorings_open(NULL, names, &t, &err);

	if (bad == 0)
		bad = profile_load("docker-extra", &p, &err);
	if (bad == 0)
		bad = tailorings_extend(&t, &p, 1, &err);
	if (bad == 0)
		bad = profile_resolve(p, r, &err);
	if (bad == 0)
		bad = tailorings_apply(&t, &p, 1, &err);
	FUZZ_CHECK(bad == 0 || err.text, "an error without a text");
	tailorings_done(&t);
	profile_free(p);
	registry_free(r);
}

FUZZ(yaml)
{
	static void (*const parsers[])(const uint8_t *, size_t) = { parse, load_profile,
								    load_tailoring };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));

	parsers[which](data, n);
	return 0;
}
