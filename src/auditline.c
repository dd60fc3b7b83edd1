/* SPDX-License-Identifier: Apache-2.0 */
/* auditline.c: understands one line of a file of audit rules as auditctl does (auditctl(8),
 * audit.rules(7)). */
#include <stdarg.h>

#include "audit.h"
#include "auditline.h"

void auditline_done(struct auditline *l)
{
	auditrule_done(&l->rule);
	free(l->why);
	json_decref(l->settings);
}

static void refuse(struct auditline *l, const char *format, ...) SW_PRINTF(2, 3);
static void refuse(struct auditline *l, const char *format, ...)
{
	va_list ap;
	if (l->why)
		return;
	va_start(ap, format);
	if (vasprintf(&l->why, format, ap) < 0)
		abort(); /* a line without a complaint is a good one */
	va_end(ap);
}

/* --- options -------------------------------------------------------------------------------------
 */

static bool take_action(struct auditline *l, const char *word)
{
	if (streq(word, "always"))
		l->rule.action = AUDIT_ALWAYS;
	else if (streq(word, "never"))
		l->rule.action = AUDIT_NEVER;
	else
		return false;
	return true;
}

/* "always,exit" or "exit,always". */
static void list_and_action(struct auditline *l, char *value)
{
	char *second = strchr(value, ',');
	if (!second) {
		refuse(l, "'%s' is no list and action", value);
		return;
	}
	*second++ = '\0';
	const char *list = take_action(l, value) ? second : take_action(l, second) ? value : "";
	uint32_t number = auditlist_number(list);
	if (number == UINT32_MAX || number == AUDIT_FILTER_ENTRY || number == AUDIT_FILTER_WATCH)
		refuse(l, "'%s,%s' is no list and action", value, second);
	l->rule.list = number;
	l->what = LINE_ADD;
}

static void opt_append(struct auditline *l, char *value)
{
	list_and_action(l, value);
}

static void opt_prepend(struct auditline *l, char *value)
{
	list_and_action(l, value);
	l->rule.is_first = true;
}

static void opt_delete(struct auditline *l, char *value)
{
	list_and_action(l, value);
	l->what = LINE_DELETE;
}

static void opt_watch(struct auditline *l, char *value)
{
	l->rule.list = AUDIT_FILTER_EXIT;
	l->rule.action = AUDIT_ALWAYS;
	l->what = LINE_ADD;
	l->is_watch = true;
	if (*value != '/')
		refuse(l, "'%s' is not an absolute path", value);
	else
		auditrule_set_watch(&l->rule, WATCH_EITHER, value);
}

static void opt_unwatch(struct auditline *l, char *value)
{
	opt_watch(l, value);
	l->what = LINE_DELETE;
}

static void opt_perm(struct auditline *l, char *value)
{
	if (!auditperm_parse(value, &l->rule.perm))
		refuse(l, "'%s' are no permissions", value);
}

/* auditctl joins several keys with the byte 1. */
static void opt_key(struct auditline *l, char *value)
{
	char *both = l->rule.key ? xasprintf("%s\001%s", l->rule.key, value) : xstrdup(value);
	free(l->rule.key);
	l->rule.key = both;
}

static void set_call(struct auditline *l, uint32_t arch, const char *name)
{
	int64_t number;
	if (!parse_int(name, &number))
		number = audit_syscall_number(name, arch);
	if (number < 0 || number >= AUDIT_BITMASK_SIZE * 32)
		refuse(l, "'%s' is no system call of this machine", name);
	else
		l->rule.mask[number / 32] |= UINT32_C(1) << (number % 32);
}

static void opt_syscalls(struct auditline *l, char *value)
{
	const struct auditarch *m = l->machine;
	uint32_t arch = l->rule.arch ? l->rule.arch : !m ? 0 : m->b64 ? m->b64 : m->b32;
	char *name;
	if (!l->has_syscalls)
		l->rule.all_syscalls = false;
	l->has_syscalls = true;
	while ((name = strsep(&value, ","))) {
		if (streq(name, "all"))
			l->rule.all_syscalls = true;
		else
			set_call(l, arch, name);
	}
}

static size_t find_op(const char *s, const char **ret_op)
{
	static const char *const ops[] = { "!=", ">=", "<=", "&=", "=", ">", "<", "&" };
	size_t n = strcspn(s, "!<>&=");
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (starts_with(s + n, ops[i])) {
			*ret_op = ops[i];
			return n;
		}
	*ret_op = NULL;
	return 0;
}

static void take_arch(struct auditline *l, const char *op, const char *value)
{
	const struct auditarch *m = l->machine;
	AUTO_FREE char *word = xasprintf(" %s ", value);
	bool is_32 = streq(value, "b32");
	if (!m) {
		refuse(l, "what arch=%s means here is not known", value);
	} else if (streq(op, "=") && (is_32 || streq(value, "b64"))) {
		l->rule.arch = is_32 ? m->b32 : m->b64;
		if (!l->rule.arch)
			refuse(l, "this machine has no arch=%s", value);
	} else if (streq(op, "=") && strstr(m->names, word)) {
		bool is_64 = streq(value, m->machine) && m->b64;
		l->rule.arch = is_64 ? m->b64 : m->b32;
	} else {
		auditrule_add_field(&l->rule, AUDIT_ARCH, op, value);
	}
}

static void opt_field(struct auditline *l, char *value)
{
	const char *op;
	size_t n = find_op(value, &op);
	uint32_t field = op ? auditfield_number(value, n) : UINT32_MAX;
	if (field == UINT32_MAX) {
		refuse(l, "'%s' is no field", value);
		return;
	}
	char *right = value + n + strlen(op);
	bool is_equal = streq(op, "=");
	if (field == AUDIT_ARCH)
		take_arch(l, op, right);
	else if (field == AUDIT_PERM && is_equal)
		opt_perm(l, right);
	else if (field == AUDIT_FILTERKEY && is_equal)
		opt_key(l, right);
	else if ((field == AUDIT_WATCH || field == AUDIT_DIR) && is_equal)
		auditrule_set_watch(&l->rule, field == AUDIT_DIR ? WATCH_DIR : WATCH_PATH, right);
	else
		auditrule_add_field(&l->rule, field, op, right);
}

static void opt_compare(struct auditline *l, char *value)
{
	char *right = strchr(value, '=');
	bool is_not = right && right > value && right[-1] == '!';
	if (right) {
		right[is_not ? -1 : 0] = '\0';
		right++;
	}
	if (!right || !auditrule_add_compare(&l->rule, value, is_not ? "!=" : "=", right))
		refuse(l, "'%s' is no comparison", value);
}

static void set_number(struct auditline *l, const char *name, const char *value)
{
	int64_t n;
	if (!parse_int(value, &n))
		refuse(l, "'%s' is no number", value);
	else
		json_object_set_new(l->settings, name, json_integer(n));
}

static void opt_enabled(struct auditline *l, char *value)
{
	set_number(l, "enabled", value);
}

static void opt_failure(struct auditline *l, char *value)
{
	set_number(l, "failure", value);
}

static void opt_backlog(struct auditline *l, char *value)
{
	set_number(l, "backlog_limit", value);
}

static void opt_rate(struct auditline *l, char *value)
{
	set_number(l, "rate_limit", value);
}

static void opt_wait(struct auditline *l, char *value)
{
	set_number(l, "backlog_wait_time", value);
}

static void opt_loginuid(struct auditline *l, char *value)
{
	(void)value;
	json_object_set_new(l->settings, "loginuid_immutable", json_true());
}

static void opt_clear(struct auditline *l, char *value)
{
	(void)value;
	l->what = LINE_CLEAR;
}

/* Says nothing of which rules there are. */
static void opt_ignored(struct auditline *l, char *value)
{
	(void)l;
	(void)value;
}

static const struct {
	const char *name;
	bool has_value;
	void (*take)(struct auditline *l, char *value);
} options[] = {
	{ "-a", true, opt_append },
	{ "-A", true, opt_prepend },
	{ "-d", true, opt_delete },
	{ "-w", true, opt_watch },
	{ "-W", true, opt_unwatch },
	{ "-p", true, opt_perm },
	{ "-k", true, opt_key },
	{ "-S", true, opt_syscalls },
	{ "-F", true, opt_field },
	{ "-C", true, opt_compare },
	{ "-D", false, opt_clear },
	{ "-e", true, opt_enabled },
	{ "-f", true, opt_failure },
	{ "-b", true, opt_backlog },
	{ "-r", true, opt_rate },
	{ "-q", true, opt_ignored },
	{ "-m", true, opt_ignored },
	{ "-i", false, opt_ignored },
	{ "-c", false, opt_ignored },
	{ "-t", false, opt_ignored },
	{ "-s", false, opt_ignored },
	{ "-l", false, opt_ignored },
	{ "--backlog_wait_time", true, opt_wait },
	{ "--loginuid-immutable", false, opt_loginuid },
	{ "--reset-lost", false, opt_ignored },
	{ "--reset_backlog_wait_time_actual", false, opt_ignored },
};

/* --- one line ------------------------------------------------------------------------------------
 */

/* The next word, cut out of *rest: a blank behind a backslash belongs to it. NULL: no more. */
static char *next_word(char **rest)
{
	char *from = *rest + strspn(*rest, " "), *to = from, *word = from;
	if (!*from)
		return NULL;
	while (*from && *from != ' ') {
		if (*from == '\\' && from[1] == ' ')
			from++;
		*to++ = *from++;
	}
	*rest = *from ? from + 1 : from;
	*to = '\0';
	return word;
}

static void take_option(struct auditline *l, const char *word, char **rest)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (!streq(options[i].name, word))
			continue;
		char *value = options[i].has_value ? next_word(rest) : NULL;
		if (options[i].has_value && !value)
			refuse(l, "%s needs a value", word);
		else
			options[i].take(l, value);
		return;
	}
	refuse(l, "'%s' is not known", word);
}

/* What auditctl assumes, once all of the line is known. */
static void complete(struct auditline *l)
{
	struct auditrule *r = &l->rule;
	if (!l->has_syscalls && r->list == AUDIT_FILTER_EXIT)
		r->all_syscalls = true;
	if (l->is_watch && !r->perm)
		r->perm = AUDIT_PERM_READ | AUDIT_PERM_WRITE | AUDIT_PERM_EXEC | AUDIT_PERM_ATTR;
	if (l->what == LINE_CONTROL && (r->fields || r->path || l->has_syscalls))
		refuse(l, "a rule needs -a or -w");
}

void auditline_parse(struct auditline *l, char *text)
{
	char *word;
	l->settings = json_object();
	while (!l->why && (word = next_word(&text)))
		take_option(l, word, &text);
	if (!l->why)
		complete(l);
}
