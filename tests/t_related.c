/* SPDX-License-Identifier: Apache-2.0 */
/* t_related.c: controls of other frameworks: the file is sound, and each line of it is found. */
#include <regex.h>
#include <string.h>

#include "harness.h"
#include "registry.h"
#include "related.h"
#include "util.h"

/* The place of a framework in its table, or that of the row that ends it. */
static size_t place_of(const char *id)
{
	size_t i = 0;
	while (frameworks[i].id && !streq(frameworks[i].id, id))
		i++;
	return i;
}

static void assert_control(const struct framework *f, const char *control)
{
	regex_t re;
	ck_assert_int_eq(regcomp(&re, f->controls, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(regexec(&re, control, 0, NULL, 0) == 0, "%s: %s", f->id, control);
	regfree(&re);
}

/* A line as it is found by its check, word for word what the file says. */
static void assert_found(const char *check, const char *framework, const char *controls)
{
	struct related r = { 0 };
	while (related_next(&r, check) && !streq(r.framework->id, framework))
		;
	ck_assert_msg(r.framework && streq(r.framework->id, framework), "%s: %s", check, framework);
	char all[RELATED_MAX * CONTROL_MAX] = "";
	size_t len = 0;
	for (unsigned i = 0; i < r.n; i++) {
		assert_control(r.framework, r.controls[i]);
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s", i ? " " : "",
					r.controls[i]);
	}
	ck_assert_str_eq(all, controls);
}

START_TEST(file_is_sound)
{
	struct registry *registry = registry_new();
	AUTO_FREE char *copy = xstrdup(related_text);
	AUTO_FREE char *last = xstrdup("");
	size_t last_place = 0, n = 0;
	char *next = copy, *line;
	while ((line = strsep(&next, "\n"))) {
		if (line[0] == '#' || line[0] == '\0')
			continue;
		const char *check = strsep(&line, "\t"), *framework = strsep(&line, "\t");
		ck_assert_msg(framework && line && !strchr(line, '\t'), "%s: three columns", check);
		ck_assert_msg(registry_find(registry, check) != NULL, "no check %s", check);
		size_t place = place_of(framework);
		ck_assert_msg(frameworks[place].id != NULL, "no framework %s", framework);
		int order = strcmp(last, check);
		ck_assert_msg(order < 0 || (order == 0 && last_place < place), "%s %s: not sorted",
			      check, framework);
		assert_found(check, framework, line);
		free(last);
		last = xstrdup(check);
		last_place = place;
		n++;
	}
	ck_assert_uint_gt(n, 100);
	registry_free(registry);
}
END_TEST

START_TEST(only_its_own_lines_are_found)
{
	/* The beginning of ids, an id with more behind it, none, and the comment's first word. */
	static const char *const none[] = {
		"container", "container.privileged.x", "container.privilege", "",
		"#",         "# nist-800-190"
	};
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		struct related r = { 0 };
		ck_assert_msg(!related_next(&r, none[i]), "'%s'", none[i]);
	}
}
END_TEST

START_TEST(search_ends)
{
	struct related r = { 0 };
	size_t n = 0;
	while (related_next(&r, "container.privileged"))
		ck_assert_uint_lt(n++, 6);
	ck_assert_uint_eq(n, 3);
	ck_assert(!related_next(&r, "container.privileged"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("related", &suite);
	tcase_add_test(t, file_is_sound);
	tcase_add_test(t, only_its_own_lines_are_found);
	tcase_add_test(t, search_ends);
	return harness_run(suite);
}
