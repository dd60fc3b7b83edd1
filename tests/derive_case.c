/* SPDX-License-Identifier: Apache-2.0 */
/* derive_case.c: see derive_case.h. */
#include "derive_case.h"

#include <check.h>

#include "derive.h"
#include "facts.h"

json_t *derive_case_base(const char *name)
{
	const char *srcdir = getenv("srcdir");
	AUTO_FREE char *path =
		xasprintf("%s/tests/cases/base/%s.json", srcdir ? srcdir : ".", name);
	json_error_t e;
	json_t *file = json_load_file(path, 0, &e);
	ck_assert_msg(file != NULL, "%s: %s", path, e.text);
	json_t *world = json_incref(json_object_get(file, "world"));
	json_decref(file);
	return world;
}

void derive_case_set(json_t *root, const char *path, json_t *value)
{
	json_t *node = root;
	AUTO_FREE char *copy = xstrdup(path);
	char *step = copy;
	for (char *slash; (slash = strchr(step, '/')); step = slash + 1) {
		*slash = '\0';
		json_t *next = json_object_get(node, step);
		if (!json_is_object(next)) {
			json_object_set_new(node, step, json_object());
			next = json_object_get(node, step);
		}
		node = next;
	}
	if (value)
		json_object_set_new(node, step, value);
	else
		json_object_del(node, step);
}

json_t *derive_case_parse(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
	ck_assert_msg(value != NULL, "%s", text);
	return value;
}

void derive_case_expect(const char *name, json_t *world, const char *path, const char *wanted)
{
	AUTO_FREE char *full = xasprintf("engine/%s", path);
	struct fact f = facts_find(world, full);
	char *got = f.value ? json_dumps(f.value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	if (*wanted == '?') {
		ck_assert_msg(f.state == FACT_UNREAD, "%s: %s is %s", name, path,
			      got ? got : "absent");
		ck_assert_msg(strstr(f.reason, wanted + 1) != NULL, "%s: %s: %s", name, path,
			      f.reason);
	} else if (streq(wanted, "-")) {
		ck_assert_msg(f.state == FACT_ABSENT, "%s: %s is %s", name, path,
			      got ? got : f.reason);
	} else {
		json_t *w = derive_case_parse(wanted);
		ck_assert_msg(f.state == FACT_KNOWN && json_equal(f.value, w),
			      "%s: %s is %s, not %s", name, path,
			      got        ? got
			      : f.reason ? f.reason
					 : "absent",
			      wanted);
		json_decref(w);
	}
	free(got);
}

void derive_case_run(const struct derive_case *c)
{
	json_t *world = derive_case_base(c->base);
	for (size_t i = 0; i < DERIVE_PAIRS && c->sets[i].path; i++) {
		const char *value = c->sets[i].value;
		derive_case_set(world, c->sets[i].path,
				streq(value, "-") ? NULL : derive_case_parse(value));
	}
	derive_world(world);
	for (size_t i = 0; i < DERIVE_PAIRS && c->wants[i].path; i++)
		derive_case_expect(c->name, world, c->wants[i].path, c->wants[i].value);
	/* Deriving again changes nothing. */
	json_t *once = json_deep_copy(world);
	derive_world(world);
	ck_assert_msg(json_equal(once, world), "%s: the second time differs", c->name);
	json_decref(once);
	json_decref(world);
}
