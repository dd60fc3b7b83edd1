/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_check.c: says whether a JSON report is what a test wants.
 *
 *   report_check REPORT CONDITION...
 *
 *   exit=N complete=true|false engine=none|some      what the report says of itself
 *   CHECK=VERDICT[~TEXT]      every result whose check matches (fnmatch) has it, and TEXT in
 *                             its reason
 *   CHECK!VERDICT             no such result and none of its findings has it
 *   unread:SECTION[~TEXT]     the section is listed as unread, with TEXT in the reason
 *   subject:NAME=N            so many different containers of that name have findings
 *
 * A pattern that matches no result is a failure: a test that looks at nothing proves nothing.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <jansson.h>

#include "util.h"

static const char *text_at(json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

static bool complain(const char *condition, const char *format, ...) SW_PRINTF(2, 3);
static bool complain(const char *condition, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	printf("%s: ", condition);
	vprintf(format, ap);
	putchar('\n');
	va_end(ap);
	return false;
}

static bool check_verdict(json_t *report, const char *condition, const char *check,
			  const char *verdict, const char *text)
{
	json_t *result;
	size_t i, n = 0;
	json_array_foreach(json_object_get(report, "results"), i, result)
	{
		if (fnmatch(check, text_at(result, "check"), 0) != 0)
			continue;
		n++;
		if (!streq(text_at(result, "verdict"), verdict) ||
		    !strstr(text_at(result, "reason"), text))
			return complain(condition, "%s is %s: %s", text_at(result, "check"),
					text_at(result, "verdict"), text_at(result, "reason"));
	}
	return n > 0 || complain(condition, "no such result");
}

static bool check_never(json_t *report, const char *condition, const char *check,
			const char *verdict)
{
	json_t *result, *finding;
	size_t i, k, n = 0;
	json_array_foreach(json_object_get(report, "results"), i, result)
	{
		if (fnmatch(check, text_at(result, "check"), 0) != 0)
			continue;
		n++;
		if (streq(text_at(result, "verdict"), verdict))
			return complain(condition, "%s is: %s", text_at(result, "check"),
					text_at(result, "reason"));
		json_array_foreach(
			json_object_get(result, "findings"), k,
			finding) if (streq(text_at(finding, "verdict"),
					   verdict)) return complain(condition, "%s is, for %s: %s",
								     text_at(result, "check"),
								     text_at(json_object_get(
										     finding,
										     "subject"),
									     "name"),
								     text_at(finding, "reason"));
	}
	return n > 0 || complain(condition, "no such result");
}

static bool check_unread(json_t *report, const char *condition, const char *section,
			 const char *text)
{
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(report, "unread"), i, one)
	{
		if (!streq(text_at(one, "section"), section))
			continue;
		return strstr(text_at(one, "reason"), text) ||
		       complain(condition, "the reason is: %s", text_at(one, "reason"));
	}
	return complain(condition, "is not listed as unread");
}

static bool check_subjects(json_t *report, const char *condition, const char *name, long wanted)
{
	json_t *seen = json_object(), *result, *finding;
	size_t i, k;
	json_array_foreach(json_object_get(report, "results"), i, result)
		json_array_foreach(json_object_get(result, "findings"), k, finding)
	{
		json_t *subject = json_object_get(finding, "subject");
		if (streq(text_at(subject, "kind"), "container") &&
		    streq(text_at(subject, "name"), name))
			json_object_set_new(seen, text_at(subject, "id"), json_true());
	}
	size_t n = json_object_size(seen);
	json_decref(seen);
	return n == (size_t)wanted || complain(condition, "there are %zu", n);
}

static bool check_head(json_t *report, const char *condition, const char *name, const char *value)
{
	AUTO_FREE char *is = NULL;
	if (streq(name, "exit"))
		is = xasprintf("%lld",
			       (long long)json_integer_value(json_object_get(report, "exit")));
	else if (streq(name, "complete"))
		is = xstrdup(json_is_true(json_object_get(report, "complete")) ? "true" : "false");
	else
		is = xstrdup(
			json_is_null(json_object_get(json_object_get(report, "target"), "engine"))
				? "none"
				: "some");
	return streq(is, value) || complain(condition, "is %s", is);
}

static bool holds(json_t *report, const char *condition)
{
	AUTO_FREE char *left = xstrdup(condition);
	char *text = strchr(left, '~');
	if (text)
		*text++ = '\0';
	if (starts_with(left, "unread:"))
		return check_unread(report, condition, left + strlen("unread:"), text ? text : "");
	char *mark = strpbrk(left, "=!");
	if (!mark)
		return complain(condition, "is no condition");
	bool is_never = *mark == '!';
	*mark++ = '\0';
	if (starts_with(left, "subject:"))
		return check_subjects(report, condition, left + strlen("subject:"),
				      strtol(mark, NULL, 10));
	if (streq(left, "exit") || streq(left, "complete") || streq(left, "engine"))
		return check_head(report, condition, left, mark);
	if (is_never)
		return check_never(report, condition, left, mark);
	return check_verdict(report, condition, left, mark, text ? text : "");
}

int main(int argc, char **argv)
{
	json_error_t e;
	bool is_good = true;
	if (argc < 2) {
		fputs("usage: report_check REPORT CONDITION...\n", stderr);
		return 2;
	}
	json_t *report = json_load_file(argv[1], 0, &e);
	if (!report) {
		printf("%s: %s\n", argv[1], e.text);
		return 1;
	}
	for (int i = 2; i < argc; i++)
		is_good &= holds(report, argv[i]);
	json_decref(report);
	return is_good ? 0 : 1;
}
