/* SPDX-License-Identifier: Apache-2.0 */
/* redact.c: see redact.h. Walks a record and replaces what redact_text.c finds in its strings. */
#include "redact.h"

#include "redact_private.h"
#include "text.h"

/* --- one text ------------------------------------------------------------------------------- */

static void add_marker(struct text *t, const char *kind)
{
	text_add(t, REDACTED);
	text_add(t, kind);
	text_add(t, REDACTED_END);
}

/* Appends s with its secrets replaced, of which the first is known. */
static void replace(struct text *t, const char *s, size_t n, struct secret found)
{
	size_t done = 0;
	do {
		text_add_n(t, s + done, found.start - done);
		add_marker(t, found.kind);
		done = found.end;
	} while (secret_next(s, n, done, &found));
	text_add_n(t, s + done, n - done);
}

const char *redact_classify(const char *text, size_t n)
{
	struct secret found;
	return secret_next(text, n, 0, &found) ? found.kind : NULL;
}

char *redact_text(const char *s)
{
	AUTO_TEXT struct text t = { 0 };
	struct secret found;
	size_t n = strlen(s);
	if (!secret_next(s, n, 0, &found))
		return xstrdup(s);
	replace(&t, s, n, found);
	return text_take(&t);
}

/* --- a record ------------------------------------------------------------------------------- */

static void set_string(json_t *value, const struct text *t)
{
	/* Only whole characters were taken out, but what came in may have been anything. */
	if (json_string_setn(value, t->s, t->len) < 0)
		json_string_set(value, REDACTED "text that is no UTF-8" REDACTED_END);
}

static void redact_string(json_t *value)
{
	const char *s = json_string_value(value);
	size_t n = json_string_length(value);
	struct secret found;
	if (!secret_next(s, n, 0, &found))
		return;
	AUTO_TEXT struct text t = { 0 };
	replace(&t, s, n, found);
	set_string(value, &t);
}

/* A string whose name says that all of it is a secret of this kind. */
static void redact_whole(json_t *value, const char *kind)
{
	const char *s = json_string_value(value);
	size_t n = json_string_length(value);
	if (!may_be_secret(s, n) || (redacted_len(s, n) && redacted_len(s, n) == n))
		return;
	const char *form = secret_form_in(s, n);
	AUTO_TEXT struct text t = { 0 };
	add_marker(&t, form ? form : kind);
	set_string(value, &t);
}

/* The kind of secret that follows a flag such as --password in a list of arguments, or NULL. */
static const char *flag_kind(const json_t *value)
{
	const char *s = json_string_value(value);
	size_t n = json_string_length(value);
	if (!s || n < 3 || s[0] != '-' || memchr(s, '=', n) || memchr(s, ' ', n))
		return NULL;
	return secret_name(s, n);
}

/* What is behind the first at bytes of a string, an argument of its own. */
static void redact_from(json_t *value, size_t at)
{
	const char *s = json_string_value(value);
	size_t n = json_string_length(value);
	if (at >= n || !may_be_secret(s + at, n - at) || redacted_len(s + at, n - at))
		return;
	AUTO_TEXT struct text t = { 0 };
	text_add_n(&t, s, at);
	add_marker(&t, "password");
	set_string(value, &t);
}

/* The options of one command, argument by argument. */
struct arguments {
	const json_t *command;     /* that has an option for a password */
	struct secret_value value; /* of the option before, if is_next */
	bool is_next;
};

static void redact_option(struct arguments *a, json_t *v)
{
	const char *s = json_string_value(v), *command = json_string_value(a->command);
	size_t n = s ? json_string_length(v) : 0;
	bool is_value = a->is_next;
	a->is_next = false;
	if (!s || n == 0) {
		return;
	} else if (is_value) {
		redact_from(v, a->value.has_user ? secret_behind_user(s, n) : 0);
	} else if (*s != '-') {
		a->command = secret_command(s, n) ? v : a->command;
	} else if (command &&
		   secret_option(command, json_string_length(a->command), s, n, &a->value)) {
		size_t at = a->value.at;
		a->is_next = at == 0;
		if (at && a->value.has_user)
			at += secret_behind_user(s + at, n - at);
		redact_from(v, at ? at : n);
	}
}

static void redact_array(json_t *array)
{
	struct arguments arguments = { 0 };
	const char *kind = NULL;
	size_t i;
	json_t *v;
	json_array_foreach(array, i, v)
	{
		const char *s = json_string_value(v);
		if (kind && s && !starts_with(s, "--"))
			redact_whole(v, kind);
		else
			redact_json(v);
		kind = s ? flag_kind(v) : NULL;
		redact_option(&arguments, v);
	}
}

/* Names that mislead: members of the API that name a secret the engine keeps, and names made by us.
 */
static bool is_misleading(const char *name)
{
	static const char *const names[] = { "SecretID", "SecretName" };
	if (redacted_len(name, strlen(name)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(name, names[i]))
			return true;
	return false;
}

/* A secret may stand in the name of a label, too. */
static void rename_members(json_t *object)
{
	json_t *renamed = json_object();
	const char *name;
	json_t *v;
	size_t twins = 1;
	json_object_foreach(object, name, v)
	{
		AUTO_FREE char *clean_name = redact_text(name);
		/* Two that become the same are both kept; the count goes on, lest thousands take
		 * forever. */
		while (json_object_get(renamed, clean_name)) {
			AUTO_FREE char *taken = TAKE(clean_name);
			clean_name = xasprintf("%s #%zu", taken, ++twins);
		}
		json_object_set(renamed, clean_name, v);
	}
	json_object_clear(object);
	json_object_update(object, renamed);
	json_decref(renamed);
}

static void redact_object(json_t *object)
{
	bool rename = false;
	const char *name;
	json_t *v;
	json_object_foreach(object, name, v)
	{
		struct secret found;
		size_t n = strlen(name);
		rename = rename || secret_next(name, n, 0, &found);
		const char *kind = json_string_length(v) > 0 ? secret_name(name, n) : NULL;
		if (kind && !is_misleading(name))
			redact_whole(v, kind);
		else
			redact_json(v);
	}
	if (rename)
		rename_members(object);
}

void redact_settings(json_t *settings)
{
	const char *name;
	json_t *list, *v;
	size_t i;
	redact_json(settings);
	json_object_foreach(settings, name, list)
	{
		const char *kind = secret_name(name, strlen(name));
		json_array_foreach(list, i, v)
		{
			json_t *value = json_is_object(v) ? json_object_get(v, "value") : v;
			if (kind && json_string_length(value) > 0)
				redact_whole(value, kind);
		}
	}
}

void redact_json(json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING: redact_string(value); break;
	case JSON_ARRAY: redact_array(value); break;
	case JSON_OBJECT: redact_object(value); break;
	default: break;
	}
}
