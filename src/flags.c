/* SPDX-License-Identifier: Apache-2.0 */
/* flags.c: the command line of dockerd, read as Go's pflag reads it. */
#include "flags.h"

#include <errno.h>
#include <stdarg.h>

#include "settings.h"

struct parser {
	const json_t *args;
	size_t next;
	struct flags *out;
};

bool flags_parse_bool(const char *s, bool *ret)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = {
		{ "1", true },    { "t", true },      { "T", true },      { "true", true },
		{ "TRUE", true }, { "True", true },   { "0", false },     { "f", false },
		{ "F", false },   { "false", false }, { "FALSE", false }, { "False", false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (streq(s, words[i].text)) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

static void refuse(struct parser *p, const char *format, ...) SW_PRINTF(2, 3);
static void refuse(struct parser *p, const char *format, ...)
{
	char *text = NULL;
	va_list ap;
	va_start(ap, format);
	int n = vasprintf(&text, format, ap);
	va_end(ap);
	/* jansson takes valid UTF-8 only, and "-%c" may have cut a character. */
	json_t *reason = n < 0 ? NULL : json_string(text);
	json_array_append_new(p->out->errors, reason ? reason : json_string("a flag is not ASCII"));
	free(text);
	p->out->is_unclear = true;
}

/* --- one function per type: adds the value of one flag to what earlier ones gave ------------- */

static json_t *from_bool(const char *value, json_t *before)
{
	bool b;
	(void)before;
	return flags_parse_bool(value, &b) ? json_boolean(b) : NULL;
}

static json_t *from_int(const char *value, json_t *before)
{
	char *end;
	(void)before;
	/* strtoll takes leading blanks, ParseInt does not. */
	if (!((*value >= '0' && *value <= '9') || *value == '-' || *value == '+'))
		return NULL;
	errno = 0;
	long long n = strtoll(value, &end, 0);
	return errno || end == value || *end ? NULL : json_integer(n);
}

static json_t *from_string(const char *value, json_t *before)
{
	(void)before;
	return json_string(value);
}

static json_t *from_bytes(const char *value, json_t *before)
{
	(void)before;
	return *value ? json_string(value) : NULL;
}

static json_t *from_list(const char *value, json_t *before)
{
	json_t *list = before ? json_incref(before) : json_array();
	json_array_append_new(list, json_string(value));
	return list;
}

static json_t *from_ips(const char *value, json_t *before)
{
	json_t *list = before ? json_incref(before) : json_array();
	for (;;) {
		size_t n = strcspn(value, ",");
		json_array_append_new(list, json_stringn(value, n));
		if (!value[n])
			return list;
		value += n + 1;
	}
}

/* "name=rest" put as member name; a value without "=" has the rest "". */
static json_t *with_member(json_t *before, const char *value, json_t *member)
{
	json_t *object = before ? json_incref(before) : json_object();
	AUTO_FREE char *name = xstrndup(value, strcspn(value, "="));
	json_object_set_new(object, name, member);
	return object;
}

static const char *after_equals(const char *value)
{
	const char *equals = strchr(value, '=');
	return equals ? equals + 1 : "";
}

static json_t *from_map(const char *value, json_t *before)
{
	return with_member(before, value, json_string(after_equals(value)));
}

static json_t *from_switches(const char *value, json_t *before)
{
	bool on = true;
	if (strchr(value, '=') && !flags_parse_bool(after_equals(value), &on))
		return NULL;
	return with_member(before, value, json_boolean(on));
}

static json_t *from_maps(const char *value, json_t *before)
{
	AUTO_FREE char *name = xstrndup(value, strcspn(value, "="));
	json_t *inner = from_map(after_equals(value), json_object_get(before, name));
	return with_member(before, value, inner);
}

static json_t *from_ulimits(const char *value, json_t *before)
{
	int64_t soft, hard;
	const char *limits = after_equals(value);
	const char *colon = strchr(limits, ':');
	AUTO_FREE char *name = xstrndup(value, strcspn(value, "="));
	AUTO_FREE char *first = xstrndup(limits, strcspn(limits, ":"));
	if (!parse_int(first, &soft) || (colon && !parse_int(colon + 1, &hard)))
		return NULL;
	if (!colon)
		hard = soft;
	return with_member(before, value,
			   json_pack("{s:s, s:I, s:I}", "Name", name, "Soft", (json_int_t)soft,
				     "Hard", (json_int_t)hard));
}

static json_t *from_runtimes(const char *value, json_t *before)
{
	return with_member(before, value, json_pack("{s:s}", "path", after_equals(value)));
}

static json_t *from_pools(const char *value, json_t *before)
{
	json_t *list = before ? json_incref(before) : json_array();
	json_t *pool = NULL;
	for (;;) {
		size_t n = strcspn(value, ",");
		AUTO_FREE char *field = xstrndup(value, n);
		json_t *more = from_map(field, pool);
		json_decref(pool);
		pool = more;
		if (!value[n])
			break;
		value += n + 1;
	}
	json_array_append_new(list, pool);
	return list;
}

static json_t *(*const readers[])(const char *value, json_t *before) = {
	[SETTING_BOOL] = from_bool,         [SETTING_INT] = from_int,
	[SETTING_STRING] = from_string,     [SETTING_BYTES] = from_bytes,
	[SETTING_LIST] = from_list,         [SETTING_IPS] = from_ips,
	[SETTING_MAP] = from_map,           [SETTING_SWITCHES] = from_switches,
	[SETTING_MAPS] = from_maps,         [SETTING_ULIMITS] = from_ulimits,
	[SETTING_RUNTIMES] = from_runtimes, [SETTING_POOLS] = from_pools,
	[SETTING_OBJECT] = from_map,
};

static void set(struct parser *p, const struct setting *s, const char *value)
{
	const char *key = s->key ? s->key : s->flag;
	json_t *v = readers[s->type](value, json_object_get(p->out->values, key));
	if (v)
		json_object_set_new(p->out->values, key, v);
	else
		refuse(p, "--%s wants %s, not '%s'", s->flag, setting_type_name(s), value);
}

/* --- flags ------------------------------------------------------------------------------------ */

static const char *take_next(struct parser *p)
{
	if (p->next >= json_array_size(p->args))
		return NULL;
	return json_string_value(json_array_get(p->args, p->next++));
}

static void set_from_next(struct parser *p, const struct setting *s)
{
	const char *value = take_next(p);
	if (value)
		set(p, s, value);
	else
		refuse(p, "--%s needs a value", s->flag);
}

static void parse_long(struct parser *p, const char *name)
{
	size_t n = strcspn(name, "=");
	const struct setting *s = setting_by_flag(name, n);
	if (!*name || *name == '-' || *name == '=') {
		refuse(p, "bad flag '--%s'", name);
		return;
	}
	if (!s) {
		/* With its value in the same word it takes no other word with it. */
		bool was_unclear = p->out->is_unclear;
		refuse(p, "unknown flag '--%.*s'", (int)(n < 100 ? n : 100), name);
		if (name[n] == '=')
			p->out->is_unclear = was_unclear;
		return;
	}
	if (name[n] == '=')
		set(p, s, name + n + 1);
	else if (s->type == SETTING_BOOL)
		set(p, s, "true");
	else
		set_from_next(p, s);
}

/* "-DH v", "-lv", "-l=v": letters until one takes the rest of the word or the next word. */
static void parse_letters(struct parser *p, const char *letters)
{
	for (; *letters; letters++) {
		const struct setting *s = setting_by_letter(*letters);
		if (!s) {
			refuse(p, "unknown flag '-%c'", *letters);
			return;
		}
		if (letters[1] == '=' && letters[2]) {
			set(p, s, letters + 2);
			return;
		}
		if (s->type == SETTING_BOOL) {
			set(p, s, "true");
			continue;
		}
		if (letters[1])
			set(p, s, letters + 1);
		else
			set_from_next(p, s);
		return;
	}
}

static void parse_word(struct parser *p, const char *word)
{
	if (word[0] != '-' || !word[1])
		refuse(p, "dockerd takes no arguments, but was given '%s'", word);
	else if (word[1] == '-')
		parse_long(p, word + 2);
	else
		parse_letters(p, word + 1);
}

void flags_parse(const json_t *args, struct flags *ret)
{
	struct parser p = { .args = args, .next = 1, .out = ret };
	*ret = (struct flags){ .values = json_object(), .errors = json_array() };
	if (!json_is_array(args) || json_array_size(args) == 0) {
		refuse(&p, "there is no command line");
		return;
	}
	while (p.next < json_array_size(args)) {
		const char *word = take_next(&p);
		if (!word) {
			refuse(&p, "an argument is no text");
			continue;
		}
		if (streq(word, "--")) {
			if (p.next < json_array_size(args))
				refuse(&p,
				       "dockerd takes no arguments, but was given some after '--'");
			return;
		}
		parse_word(&p, word);
	}
}

void flags_done(struct flags *f)
{
	json_decref(f->values);
	json_decref(f->errors);
	*f = (struct flags){ 0 };
}
