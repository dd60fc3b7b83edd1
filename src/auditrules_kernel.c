/* SPDX-License-Identifier: Apache-2.0 */
/* auditrules_kernel.c: reads one audit rule as the kernel lists it. */
#include <errno.h>

#include "auditrules.h"

/* The strings of a rule, one after the other; each field's value is the length of its own. */
struct strings {
	const char *at;
	size_t left;
};

static bool is_string_field(uint32_t field)
{
	switch (field) {
	case AUDIT_SUBJ_USER:
	case AUDIT_SUBJ_ROLE:
	case AUDIT_SUBJ_TYPE:
	case AUDIT_SUBJ_SEN:
	case AUDIT_SUBJ_CLR:
	case AUDIT_OBJ_USER:
	case AUDIT_OBJ_ROLE:
	case AUDIT_OBJ_TYPE:
	case AUDIT_OBJ_LEV_LOW:
	case AUDIT_OBJ_LEV_HIGH:
	case AUDIT_WATCH:
	case AUDIT_DIR:
	case AUDIT_FILTERKEY:
	case AUDIT_EXE: return true;
	default: return false;
	}
}

static const char *op_name(uint32_t flags)
{
	static const struct {
		uint32_t bits;
		const char *name;
	} ops[] = {
		{ AUDIT_EQUAL, "=" },
		{ AUDIT_NOT_EQUAL, "!=" },
		{ AUDIT_GREATER_THAN_OR_EQUAL, ">=" },
		{ AUDIT_LESS_THAN_OR_EQUAL, "<=" },
		{ AUDIT_GREATER_THAN, ">" },
		{ AUDIT_LESS_THAN, "<" },
		{ AUDIT_BIT_TEST, "&=" },
		{ AUDIT_BIT_MASK, "&" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if ((flags & AUDIT_OPERATORS) == ops[i].bits)
			return ops[i].name;
	return "?";
}

/* The exit code is signed, as auditctl writes it. */
static char *number_value(uint32_t field, uint32_t value)
{
	return field == AUDIT_EXIT ? xasprintf("%d", (int32_t)value) : xasprintf("%u", value);
}

static bool has_compare(struct auditrule *r, const char *op, uint32_t value)
{
	return value <= INT32_MAX && auditrule_add_compare_number(r, op, value);
}

static void take_number(struct auditrule *r, uint32_t field, const char *op, uint32_t value)
{
	AUTO_FREE char *text = number_value(field, value);
	bool is_equal = streq(op, "=");
	if (field == AUDIT_PERM && is_equal && value && !(value & ~15u) && !r->perm)
		r->perm = value;
	else if (field == AUDIT_ARCH && is_equal && !r->arch)
		r->arch = value;
	else if (field != AUDIT_FIELD_COMPARE || !has_compare(r, op, value))
		auditrule_add_field(r, field, op, text);
}

static void take_string(struct auditrule *r, uint32_t field, const char *op, const char *value)
{
	bool is_equal = streq(op, "=");
	if (field == AUDIT_FILTERKEY && !r->key)
		r->key = xstrdup(value);
	else if ((field == AUDIT_WATCH || field == AUDIT_DIR) && is_equal)
		auditrule_set_watch(r, field == AUDIT_DIR ? WATCH_DIR : WATCH_PATH, value);
	else
		auditrule_add_field(r, field, op, value);
}

static int take_field(struct auditrule *r, uint32_t field, uint32_t flags, uint32_t value,
		      struct strings *s, struct err *err)
{
	const char *op = op_name(flags);
	if (!is_string_field(field)) {
		take_number(r, field, op, value);
		return 0;
	}
	if (value > s->left)
		return err_set(err, -EBADMSG, "a text of %u bytes where %zu are left", value,
			       s->left);
	if (memchr(s->at, '\0', value))
		return err_set(err, -EBADMSG, "a text with a NUL in it");
	AUTO_FREE char *text = xstrndup(s->at, value);
	s->at += value;
	s->left -= value;
	take_string(r, field, op, text);
	return 0;
}

/* auditctl sets all words but the last for "all"; the last holds classes, not calls. */
static bool is_full(const uint32_t *mask)
{
	for (size_t i = 0; i + 1 < AUDIT_BITMASK_SIZE; i++)
		if (mask[i] != UINT32_MAX)
			return false;
	return true;
}

int auditrule_from_kernel(const void *data, size_t n, struct auditrule *ret, struct err *err)
{
	struct audit_rule_data d;
	*ret = (struct auditrule){ 0 };
	if (n < sizeof(d))
		return err_set(err, -EBADMSG, "a rule of %zu bytes is cut off", n);
	memcpy(&d, data, sizeof(d));
	if (d.field_count > AUDIT_MAX_FIELDS)
		return err_set(err, -EBADMSG, "a rule of %u fields", d.field_count);
	if (d.buflen > n - sizeof(d))
		return err_set(err, -EBADMSG, "a rule with %u bytes of text where %zu came",
			       d.buflen, n - sizeof(d));
	struct strings s = { (const char *)data + sizeof(d), d.buflen };
	ret->list = d.flags & ~(uint32_t)AUDIT_FILTER_PREPEND;
	ret->is_first = d.flags & AUDIT_FILTER_PREPEND;
	ret->action = d.action;
	memcpy(ret->mask, d.mask, sizeof(ret->mask));
	ret->all_syscalls = is_full(d.mask);
	for (uint32_t i = 0; i < d.field_count; i++) {
		int bad = take_field(ret, d.fields[i], d.fieldflags[i], d.values[i], &s, err);
		if (bad)
			return bad;
	}
	return 0;
}
