/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl.c: see host_sysctl.h. */
#include "host_sysctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char files[] = "@host/sysctl-files";

const char *sysctl_name(struct sw_eval *e, const char *key)
{
	char name[128];
	size_t n = 0;
	for (; key[n] && n + 1 < sizeof(name); n++)
		name[n] = key[n] == '/' ? '.' : key[n] == '.' ? '/' : key[n];
	name[n] = '\0';
	return sw_at(e, "%s", name);
}

bool sysctl_parse(const char *text, int64_t *ret)
{
	char *end;
	errno = 0;
	int64_t value = strtoll(text, &end, 0);
	if (end == text || errno != 0 || end[strspn(end, " \t")] != '\0')
		return false;
	*ret = value;
	return true;
}

bool sysctl_number(struct sw_eval *e, const char *key, const char *text, const char *where,
		   int64_t *ret)
{
	if (sysctl_parse(text, ret))
		return true;
	sw_unknown(e, "%s is '%s' by %s, which is no number", sysctl_name(e, key), text, where);
	return false;
}

const char *sysctl_value(struct sw_eval *e, const char *key)
{
	return sw_str(e, sw_at(e, "@host/sysctl/values/%s", sw_esc(e, key)), NULL);
}

/* The command line sets what no file does. It is known of a running host only. */
static struct sysctl_set set_at_boot(struct sw_eval *e, const char *key)
{
	struct sysctl_set set = { NULL, NULL };
	const char *path = sw_at(e, "%s/boot/%s", files, sw_esc(e, key));
	if (!host_is_running(e) || !sw_has(e, path))
		return set;
	set.value = sw_str(e, sw_at(e, "%s/value", path), NULL);
	set.where = sw_at(e, "the kernel's parameter %s",
			  sw_str(e, sw_at(e, "%s/parameter", path), ""));
	return set;
}

struct sysctl_set sysctl_set(struct sw_eval *e, const char *key)
{
	struct sysctl_set set = { NULL, NULL };
	const char *path = sw_at(e, "%s/settings/%s", files, sw_esc(e, key));
	if (sw_has(e, path))
		set.value = sw_str(e, sw_at(e, "%s/0/value", path), NULL);
	if (!set.value)
		return set_at_boot(e, key);
	set.where = sw_at(e, "%s:%" PRId64, sw_str(e, sw_at(e, "%s/0/file", path), ""),
			  sw_int(e, sw_at(e, "%s/0/line", path), 0));
	return set;
}

struct sysctl_set sysctl_set_if_known(struct sw_eval *e, const char *key)
{
	struct sysctl_set none = { NULL, NULL };
	bool is_known = sw_is_known(e, sw_at(e, "%s/settings", files)) &&
			sw_is_known(e, sw_at(e, "%s/boot", files)) &&
			sw_is_known(e, "@host/kernel");
	return is_known ? sysctl_set(e, key) : none;
}

enum sw_verdict sysctl_after_start(struct sw_eval *e, const char *name, const char *now,
				   enum sysctl_next next, struct sysctl_set set, const char *left)
{
	switch (next) {
	case NEXT_GOOD: return sw_pass(e, "%s is %s, as %s sets it", name, now, set.where);
	case NEXT_BAD:
		return sw_fail(e, "%s is %s now, but %s sets it to %s at the next start", name, now,
			       set.where, set.value);
	case NEXT_LEFT_GOOD:
		return sw_pass(e, "%s is %s; no file sets it, and the kernel's default is %s", name,
			       now, left);
	case NEXT_LEFT_BAD:
		return sw_warn(e,
			       "%s is %s now, but no file sets it, and the kernel's default is %s: "
			       "lost at the next start",
			       name, now, left);
	case NEXT_LEFT_OPEN:
		return sw_warn(e, "%s is %s now, and no file sets it: it lasts only if %s", name,
			       now, left);
	case NEXT_UNTOLD: break;
	}
	return SW_UNKNOWN;
}

enum sw_verdict sysctl_configured(struct sw_eval *e, const char *name, enum sysctl_next next,
				  struct sysctl_set set, const char *left)
{
	switch (next) {
	case NEXT_GOOD:
		return sw_pass(e, "configured: %s sets %s to %s", set.where, name, set.value);
	case NEXT_BAD:
		return sw_fail(e, "configured: %s sets %s to %s", set.where, name, set.value);
	case NEXT_LEFT_GOOD:
		return sw_pass(e, "configured: no file sets %s, and the kernel's default is %s",
			       name, left);
	case NEXT_LEFT_BAD:
		return sw_fail(e, "configured: no file sets %s, and the kernel's default is %s",
			       name, left);
	case NEXT_LEFT_OPEN:
		return sw_unknown(e, "no file sets %s, and whether %s: needs a running system",
				  name, left);
	case NEXT_UNTOLD: break;
	}
	return SW_UNKNOWN;
}

static bool accepts(const struct sysctl_rule *rule, int64_t value)
{
	return rule->accepts ? rule->accepts(value) : value >= rule->low && value <= rule->high;
}

/* "y", "n", or NULL: not known, or not mentioned. */
static const char *built_with(struct sw_eval *e, const char *release, const char *symbol)
{
	const char *at =
		sw_at(e, "@host/kconfig/kernels/%s/settings/%s", sw_esc(e, release), symbol);
	const char *value = sw_is_known(e, at) ? sw_str(e, at, "") : "";
	return *value ? value : NULL;
}

/* Of a tree any of its kernels may be the one that starts: NULL unless they agree. */
static const char *built_with_all(struct sw_eval *e, const char *symbol)
{
	static const char all[] = "@host/kconfig/kernels";
	const char *agreed = NULL;
	if (host_is_running(e))
		return sw_is_known(e, "@host/kernel/release")
			       ? built_with(e, sw_str(e, "@host/kernel/release", ""), symbol)
			       : NULL;
	for (size_t i = 0, n = sw_is_known(e, all) ? sw_count(e, all) : 0; i < n; i++) {
		const char *value = built_with(e, sw_key(e, all, i), symbol);
		if (!value || (agreed && strcmp(agreed, value) != 0))
			return NULL;
		agreed = value;
	}
	return agreed;
}

/* The kernel's own value; NULL: it depends on what is not known. */
static const char *initial_of(struct sw_eval *e, const struct sysctl_rule *rule)
{
	if (rule->initial)
		return rule->initial;
	if (rule->if_there && host_is_running(e))
		return rule->if_there;
	const char *built = rule->symbol ? built_with_all(e, rule->symbol) : NULL;
	if (!built || (strcmp(built, "y") != 0 && strcmp(built, "n") != 0))
		return NULL;
	return *built == 'y' ? rule->if_built : rule->if_not_built;
}

static enum sysctl_next next_of(struct sw_eval *e, const struct sysctl_rule *rule,
				struct sysctl_set set, const char **ret_left)
{
	int64_t value;
	if (set.value) {
		if (!sysctl_number(e, rule->key, set.value, set.where, &value))
			return NEXT_UNTOLD;
		return accepts(rule, value) ? NEXT_GOOD : NEXT_BAD;
	}
	const char *initial = initial_of(e, rule);
	*ret_left = initial ? (rule->own ? rule->own : initial) : rule->build;
	if (!initial || !sysctl_parse(initial, &value))
		return NEXT_LEFT_OPEN;
	return accepts(rule, value) ? NEXT_LEFT_GOOD : NEXT_LEFT_BAD;
}

static enum sw_verdict is_absent(struct sw_eval *e, const struct sysctl_rule *rule)
{
	const char *name = sysctl_name(e, rule->key), *meaning = rule->absence.meaning;
	switch (rule->absence.verdict) {
	case SW_PASS: return sw_pass(e, "the kernel has no %s: %s", name, meaning);
	case SW_FAIL: return sw_fail(e, "the kernel has no %s: %s", name, meaning);
	case SW_WARN: return sw_warn(e, "the kernel has no %s: %s", name, meaning);
	case SW_SKIP: return sw_skip(e, "the kernel has no %s: %s", name, meaning);
	case SW_UNKNOWN: break;
	}
	return sw_unknown(e, "the kernel shows no %s: %s", name, meaning);
}

static enum sw_verdict is_wrong_now(struct sw_eval *e, const struct sysctl_rule *rule,
				    const char *now)
{
	const char *name = sysctl_name(e, rule->key);
	struct sysctl_set set = sysctl_set_if_known(e, rule->key);
	int64_t value;
	if (set.value && sysctl_parse(set.value, &value) && accepts(rule, value))
		return sw_fail(e,
			       "%s is %s, though %s sets it to %s: not applied, or changed since",
			       name, now, set.where, set.value);
	return set.value ? sw_fail(e, "%s is %s, as %s sets it to %s", name, now, set.where,
				   set.value)
			 : sw_fail(e, "%s is %s", name, now);
}

enum sw_verdict sysctl_judge(struct sw_eval *e, const struct sysctl_rule *rule)
{
	const char *name = sysctl_name(e, rule->key);
	const char *left = rule->build;
	enum sysctl_next next;
	int64_t value;
	if (!host_is_running(e)) {
		struct sysctl_set set = sysctl_set(e, rule->key);
		next = next_of(e, rule, set, &left);
		return sysctl_configured(e, name, next, set, left);
	}
	const char *now = sysctl_value(e, rule->key);
	if (!now)
		return is_absent(e, rule);
	if (!sysctl_number(e, rule->key, now, "the kernel", &value))
		return SW_UNKNOWN;
	if (!accepts(rule, value))
		return is_wrong_now(e, rule, now);
	struct sysctl_set set = sysctl_set(e, rule->key);
	next = next_of(e, rule, set, &left);
	return sysctl_after_start(e, name, now, next, set, left);
}

enum sw_verdict sysctl_is_right(struct sw_eval *e)
{
	return sysctl_judge(e, sw_arg(e));
}
