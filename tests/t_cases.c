/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_cases.c: runs the verdict cases of tests/cases, one file per check, and proves two things of
 * every check: that its cases know a good, a bad and an undecided outcome, and that none of its
 * passes survives when one of the facts it read is unread.
 */
#include <dirent.h>

#include "derive.h"
#include "eval.h"
#include "facts.h"
#include "harness.h"
#include "index.h"
#include "registry.h"
#include "text.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON  CLEANUP(json_decref_p)
#define AUTO_ARENA CLEANUP(arena_free_p)

/* One line per broken case, all of them told at once. */
static struct text trouble;

static void complain(const char *check, const char *name, const char *format, ...) SW_PRINTF(3, 4);
static void complain(const char *check, const char *name, const char *format, ...)
{
	char *what = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&what, format, ap) < 0)
		what = NULL;
	va_end(ap);
	text_printf(&trouble, "\n%s: %s: %s", check, name, what ? what : "");
	free(what);
}

static char *data_path(const char *name)
{
	const char *srcdir = getenv("srcdir"); /* automake tells tests where the sources are */

	return xasprintf("%s/tests/cases/%s", srcdir ? srcdir : ".", name);
}

static json_t *load(const char *name)
{
	AUTO_FREE char *path = data_path(name);
	json_error_t error;
	json_t *value = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!value)
		ck_abort_msg("%s:%d: %s", path, error.line, error.text);
	return value;
}

/* --- pointers ------------------------------------------------------------------------------ */

/* One step of a JSON Pointer, unescaped; malloc'ed. *path moves past it and its slash. */
static char *next_step(const char **path)
{
	size_t n = strcspn(*path, "/"), k = 0;
	char *step = xstrndup(*path, n);

	for (size_t i = 0; i < n; i++, k++) {
		step[k] = step[i];
		if (step[i] == '~' && i + 1 < n)
			step[k] = step[++i] == '1' ? '/' : '~';
	}
	step[k] = '\0';
	*path += n + ((*path)[n] == '/');
	return step;
}

static json_t *member(json_t *parent, const char *step)
{
	int64_t i;

	if (json_is_array(parent))
		return parse_int(step, &i) ? json_array_get(parent, (size_t)i) : NULL;
	return json_object_get(parent, step);
}

static bool put(json_t *parent, const char *step, json_t *value)
{
	int64_t i;

	if (json_is_object(parent))
		return json_object_set(parent, step, value) == 0;
	if (!json_is_array(parent) || !parse_int(step, &i))
		return false;
	if ((size_t)i == json_array_size(parent))
		return json_array_append(parent, value) == 0;
	return json_array_set(parent, (size_t)i, value) == 0;
}

/* What is not there anyway is taken away as well. */
static bool take_away(json_t *parent, const char *step)
{
	int64_t i;

	if (json_is_object(parent))
		json_object_del(parent, step);
	else if (json_is_array(parent) && parse_int(step, &i))
		json_array_remove(parent, (size_t)i);
	return member(parent, step) == NULL || json_is_array(parent);
}

/* Sets or deletes what path names below root; missing objects on the way are made. */
static bool apply(json_t *root, const char *path, json_t *value)
{
	AUTO_FREE char *step = next_step(&path);

	while (*path) {
		json_t *below = member(root, step);

		if (!json_is_object(below) && !json_is_array(below)) {
			AUTO_JSON json_t *made = json_object();

			if (!put(root, step, made))
				return false;
			below = made;
		}
		root = below;
		free(step);
		step = next_step(&path);
	}
	if (json_object_get(value, "$delete"))
		return take_away(root, step);
	return put(root, step, value);
}

/*
 * What is too much to be written down: {"$repeat": N, "of": VALUE} is a list of that many, and with
 * "as": "/etc/%.conf" an object, whose names have a number for the "%".
 */
static json_t *repeated(json_t *value)
{
	json_int_t n = json_integer_value(json_object_get(value, "$repeat"));
	json_t *of = json_object_get(value, "of");
	const char *as = json_string_value(json_object_get(value, "as"));
	json_t *made = as ? json_object() : json_array();

	for (json_int_t i = 0; i < n; i++) {
		if (!as) {
			json_array_append(made, of);
			continue;
		}
		int before = (int)strcspn(as, "%");
		AUTO_FREE char *name = xasprintf("%.*s%" JSON_INTEGER_FORMAT "%s", before, as, i,
						 as + before + (as[before] == '%'));
		json_object_set(made, name, of);
	}
	return made;
}

/* --- one case ------------------------------------------------------------------------------ */

struct prepared {
	const struct sw_check *check;
	const char *name;
	json_t *world, *subject; /* owned */
	json_t *params;          /* borrowed */
};

static void prepared_done(struct prepared *p)
{
	json_decref(p->world);
	json_decref(p->subject);
}
#define AUTO_PREPARED CLEANUP(prepared_done)

static const char *default_base(const struct sw_check *check)
{
	return check->kind == SW_CONTAINER ? "container"
	       : check->kind == SW_ENGINE  ? "engine"
					   : kind_name(check->kind);
}

static void apply_all(struct prepared *p, json_t *pointers)
{
	const char *pointer;
	json_t *value;

	json_object_foreach(pointers, pointer, value)
	{
		AUTO_JSON json_t *is =
			json_object_get(value, "$repeat") ? repeated(value) : json_incref(value);
		bool is_done = *pointer == '@' ? apply(p->world, pointer + 1, is)
					       : apply(p->subject, pointer, is);
		if (!is_done)
			complain(p->check->id, p->name, "cannot set %s", pointer);
	}
}

/* Rules over several subjects are handed what the index keeps, not the record. */
static void use_index(struct prepared *p)
{
	json_t *entry = index_entry(p->subject);
	const char *id = json_string_value(json_object_get(p->subject, "Id"));
	AUTO_FREE char *path = xasprintf("index/container/%s", id ? id : "none");

	apply(p->world, path, entry);
	json_decref(p->subject);
	p->subject = entry;
}

static struct prepared prepare(const struct sw_check *check, json_t *item)
{
	const char *base = json_string_value(json_object_get(item, "base"));
	AUTO_FREE char *name = xasprintf("base/%s.json", base ? base : default_base(check));
	AUTO_JSON json_t *loaded = load(name);
	struct prepared p = {
		.check = check,
		.name = json_string_value(json_object_get(item, "name")),
		.world = json_incref(json_object_get(loaded, "world")),
		.subject = json_incref(json_object_get(loaded, "subject")),
		.params = json_object_get(item, "params"),
	};

	if (!p.subject)
		p.subject = json_incref(json_object_get(p.world, kind_name(check->kind)));
	apply_all(&p, json_object_get(item, "set"));
	derive_world(p.world);
	apply_all(&p, json_object_get(item, "derived"));
	if (check->kind == SW_CONTAINER && (check->flags & SW_WHOLE))
		use_index(&p);
	return p;
}

static void evaluate(const struct prepared *p, struct arena *arena, const char *mask,
		     struct eval_outcome *ret)
{
	struct eval_input in = {
		.check = p->check,
		.subject = p->subject,
		.world = p->world,
		.params = p->params,
		.arena = arena,
		.mask = mask,
	};

	eval_run(&in, ret);
}

static bool lists(json_t *list, const char *s)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		if (json_is_string(item) && streq(json_string_value(item), s))
			return true;
	}
	return false;
}

/*
 * No pass may stand on a fact that was not seen. "instead" of a case names those facts in whose
 * place another one was read that proves the same: the check must then have read that other one.
 */
static void mask_each(const struct prepared *p, struct arena *arena,
		      const struct eval_outcome *seen, json_t *item)
{
	for (size_t i = 0; i < seen->n_reads; i++) {
		struct eval_outcome masked;
		const char *path = seen->reads[i].path;

		evaluate(p, arena, path, &masked);
		if (masked.verdict == SW_PASS && !lists(json_object_get(item, "instead"), path))
			complain(p->check->id, p->name, "passes without %s", path);
	}
	if (seen->n_reads == 0)
		complain(p->check->id, p->name, "passes without reading a fact");
}

/* What the operator has to decide is never decided without them, and a warning names the option. */
static void leave_out_each(struct prepared *p, struct arena *arena)
{
	json_t *all = p->params;

	for (const struct sw_param *q = p->check->params; q && q->name; q++) {
		AUTO_JSON json_t *others = json_copy(all);
		AUTO_FREE char *option = xasprintf("--set %s=", q->name);
		struct eval_outcome got;

		if (q->fallback || json_object_del(others, q->name) < 0)
			continue;
		p->params = others;
		evaluate(p, arena, NULL, &got);
		p->params = all;
		if (got.verdict == SW_PASS && got.unset >> (q - p->check->params) & 1)
			complain(p->check->id, p->name, "passes without %s", q->name);
		if (got.verdict == SW_WARN && !strstr(got.reason, option))
			complain(p->check->id, p->name, "warns without naming %s: %s", option,
				 got.reason);
	}
}

static void run_case(const struct sw_check *check, json_t *item, unsigned *seen_verdicts)
{
	AUTO_ARENA struct arena *arena = arena_new();
	AUTO_PREPARED struct prepared p = prepare(check, item);
	const char *wanted = json_string_value(json_object_get(item, "verdict"));
	const char *reason = json_string_value(json_object_get(item, "reason"));
	const char *remedy = json_string_value(json_object_get(item, "remedy"));
	struct eval_outcome got;
	enum sw_verdict verdict;

	if (!p.name || !wanted || !verdict_of(wanted, &verdict)) {
		complain(check->id, p.name ? p.name : "?", "a case needs a name and a verdict");
		return;
	}
	evaluate(&p, arena, NULL, &got);
	*seen_verdicts |= 1u << verdict;
	if (got.verdict != verdict || (reason && !strstr(got.reason, reason)))
		complain(check->id, p.name, "wanted %s (%s), got %s: %s", wanted,
			 reason ? reason : "", verdict_name(got.verdict), got.reason);
	else if (remedy && (!got.remedy || !strstr(got.remedy, remedy)))
		complain(check->id, p.name, "wanted the remedy %s, got %s", remedy,
			 got.remedy ? got.remedy : "none of its own");
	else if (verdict == SW_PASS)
		mask_each(&p, arena, &got, item);
	if (verdict == SW_PASS)
		leave_out_each(&p, arena);
	if (got.verdict != SW_PASS && !*got.reason)
		complain(check->id, p.name, "%s without a reason", verdict_name(got.verdict));
}

/* --- all of them --------------------------------------------------------------------------- */

static void need_verdicts(const char *id, unsigned seen)
{
	if (!(seen & (1u << SW_PASS)))
		complain(id, "all cases", "none passes");
	if (!(seen & (1u << SW_FAIL | 1u << SW_WARN)))
		complain(id, "all cases", "none fails or warns");
	if (!(seen & (1u << SW_UNKNOWN)))
		complain(id, "all cases", "none is unknown");
}

static void run_check(const struct sw_check *check)
{
	AUTO_FREE char *name = xasprintf("%s.json", check->id);
	AUTO_FREE char *path = data_path(name);
	unsigned seen = 0;
	size_t i;
	json_t *item;

	if (access(path, R_OK) < 0) {
		complain(check->id, name, "there is no such file of cases");
		return;
	}
	AUTO_JSON json_t *file = load(name);
	const char *named = json_string_value(json_object_get(file, "check"));

	if (!named || !streq(named, check->id))
		complain(check->id, name, "is of the check '%s'", named ? named : "");
	json_t *base = json_object_get(file, "base");
	json_array_foreach(json_object_get(file, "cases"), i, item)
	{
		if (base && !json_object_get(item, "base"))
			json_object_set(item, "base", base);
		run_case(check, item, &seen);
	}
	need_verdicts(check->id, seen);
}

static struct registry *registry;

START_TEST(cases_of_a_check)
{
	text_clear(&trouble);
	run_check(registry_at(registry, (size_t)_i));
	ck_assert_msg(trouble.len == 0, "%s", text_str(&trouble));
}
END_TEST

/* A file of cases that no check has would never be run. */
START_TEST(every_file_has_its_check)
{
	text_clear(&trouble);
	AUTO_FREE char *path = data_path("");
	DIR *dir = opendir(path);

	ck_assert_ptr_nonnull(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		AUTO_FREE char *id = xstrndup(entry->d_name, strlen(entry->d_name));

		if (!ends_with(id, ".json"))
			continue;
		id[strlen(id) - strlen(".json")] = '\0';
		if (!registry_find(registry, id))
			complain(id, entry->d_name, "there is no such check");
	}
	closedir(dir);
	ck_assert_msg(trouble.len == 0, "%s", text_str(&trouble));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("cases", &suite);

	registry = registry_new();
	tcase_set_timeout(tcase, 300);
	tcase_add_loop_test(tcase, cases_of_a_check, 0, (int)registry_count(registry));
	tcase_add_test(tcase, every_file_has_its_check);
	int status = harness_run(suite);
	registry_free(registry);
	text_done(&trouble);
	return status;
}
