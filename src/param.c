/* SPDX-License-Identifier: Apache-2.0 */
/* param.c: see param.h. */
#include "param.h"

#include <errno.h>
#include <strings.h>

#include "yaml_schema.h"

enum { LIST_MAX = 4096 };

static const char *const type_names[] = {
	[SW_BOOL] = "true or false",
	[SW_INT] = "an integer",
	[SW_STRING] = "text",
	[SW_LIST] = "a list",
};

static int wrong(const struct sw_param *p, const char *text, struct err *err)
{
	return err_set(err, -EINVAL, "%s takes %s, not '%s'", p->name, type_names[p->type], text);
}

static int bool_from_text(const struct sw_param *p, const char *text, json_t **ret, struct err *err)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = {
		{ "true", true },   { "yes", true }, { "1", true },
		{ "false", false }, { "no", false }, { "0", false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasecmp(text, words[i].text) == 0) {
			*ret = json_boolean(words[i].value);
			return 0;
		}
	}
	return wrong(p, text, err);
}

/* Appends s without the blanks around it; an empty element is more likely a slip than a wish. */
static int list_add(const struct sw_param *p, json_t *list, const char *s, size_t n,
		    struct err *err)
{
	static const char blanks[] = " \t\r\n";
	while (n > 0 && strchr(blanks, *s)) {
		s++;
		n--;
	}
	while (n > 0 && strchr(blanks, s[n - 1]))
		n--;
	if (n == 0)
		return err_set(err, -EINVAL, "%s: a list with an empty element", p->name);
	if (json_array_size(list) >= LIST_MAX)
		return err_set(err, -E2BIG, "%s: more than %d elements", p->name, LIST_MAX);
	if (json_array_append_new(list, json_stringn(s, n)) < 0)
		return err_set(err, -EINVAL, "%s: an element that is no valid UTF-8", p->name);
	return 0;
}

static int list_from_text(const struct sw_param *p, const char *text, json_t **ret, struct err *err)
{
	json_t *list = json_array();
	int r = 0;
	if (text[strspn(text, " \t\r\n")] != '\0') {
		for (const char *s = text; r == 0; s++) {
			size_t n = strcspn(s, ",");
			r = list_add(p, list, s, n, err);
			s += n;
			if (!*s)
				break;
		}
	}
	if (r < 0) {
		json_decref(list);
		return r;
	}
	*ret = list;
	return 0;
}

int param_from_text(const struct sw_param *p, const char *text, json_t **ret, struct err *err)
{
	int64_t number;
	json_t *v = NULL;

	switch (p->type) {
	case SW_BOOL: return bool_from_text(p, text, ret, err);
	case SW_INT:
		if (!parse_int(text, &number))
			return wrong(p, text, err);
		v = json_integer(number);
		break;
	case SW_LIST: return list_from_text(p, text, ret, err);
	case SW_STRING: v = json_string(text); break;
	}
	if (!v)
		return err_set(err, -EINVAL, "%s: a value that is no valid UTF-8", p->name);
	*ret = v;
	return 0;
}

static int list_from_json(const struct sw_param *p, const json_t *value, json_t **ret,
			  struct err *err)
{
	json_t *list = json_array();
	size_t i;
	json_t *element;
	int r = 0;
	json_array_foreach(value, i, element)
	{
		AUTO_FREE char *text = doc_scalar_text(element);
		if (!text)
			r = err_set(err, -EINVAL, "%s: element %zu is no text", p->name, i + 1);
		else
			r = list_add(p, list, text, strlen(text), err);
		if (r < 0) {
			json_decref(list);
			return r;
		}
	}
	*ret = list;
	return 0;
}

int param_from_json(const struct sw_param *p, const json_t *value, json_t **ret, struct err *err)
{
	if (p->type == SW_LIST && json_is_array(value))
		return list_from_json(p, value, ret, err);
	AUTO_FREE char *text = doc_scalar_text(value);
	if (!text)
		return err_set(err, -EINVAL, "%s takes %s", p->name, type_names[p->type]);
	return param_from_text(p, text, ret, err);
}

const struct sw_param *param_find(const struct sw_check *row, const char *name)
{
	for (const struct sw_param *p = row->params; p && p->name; p++)
		if (streq(p->name, name))
			return p;
	return NULL;
}

json_t *param_fallbacks(const struct sw_check *row)
{
	json_t *object = json_object();
	for (const struct sw_param *p = row->params; p && p->name; p++) {
		json_t *v = NULL;
		if (p->fallback && param_from_text(p, p->fallback, &v, NULL) == 0)
			json_object_set_new(object, p->name, v);
	}
	return object;
}
