/* SPDX-License-Identifier: Apache-2.0 */
/* expr_eval.c: what compiled expressions answer and need, through seaworthy/check.h; see expr.h. */
#include <fnmatch.h>

#include "expr_tree.h"

/* Facts read in one evaluation: an each in an each over a hostile record must end. */
enum { STEPS_MAX = 10000 };

struct walk {
	struct sw_eval *e;
	size_t steps;
	const char *note; /* of what decided against it, or left it open */
};

static const char unsaid[] = ", and the rule does not say what that means";

static enum expr_answer answer(bool yes)
{
	return yes ? EXPR_YES : EXPR_NO;
}

static enum expr_answer open_because(struct walk *w, const char *note)
{
	w->note = note;
	return EXPR_OPEN;
}

/* Joins a path that is relative to an element to that element's own path. */
static const char *full_path(struct walk *w, const char *at, const char *path)
{
	if (!*at || *path == '@')
		return path;
	return *path ? sw_at(w->e, "%s/%s", at, path) : at;
}

/* --- one fact ------------------------------------------------------------------------------- */

static struct literal read_fact(struct walk *w, const struct expr *x, const char *path)
{
	struct literal v = { .type = x->type };
	if (x->op == OP_MODE_AT_MOST)
		v.number = sw_mode(w->e, path, 07777);
	else if (x->type == VALUE_BOOL)
		v.number = sw_bool(w->e, path, false);
	else if (x->type == VALUE_INT)
		v.number = sw_int(w->e, path, 0);
	else
		v.text = sw_str(w->e, path, "");

	if (x->op == OP_MODE_AT_MOST)
		v.text = sw_at(w->e, "%04o", (unsigned)v.number);
	else if (x->type == VALUE_BOOL)
		v.text = v.number ? "true" : "false";
	else if (x->type == VALUE_INT)
		v.text = sw_at(w->e, "%lld", (long long)v.number);
	return v;
}

static bool same(const struct literal *a, const struct literal *b)
{
	return a->type == VALUE_TEXT ? strcmp(a->text, b->text) == 0 : a->number == b->number;
}

static bool is_one_of(const struct expr *x, const struct literal *v)
{
	for (size_t i = 0; i < x->n_values; i++)
		if (same(&x->values[i], v))
			return true;
	return false;
}

static bool holds(const struct expr *x, const struct literal *v)
{
	const struct literal *wanted = &x->values[0];
	switch (x->op) {
	case OP_EQUALS:
	case OP_IN: return is_one_of(x, v);
	case OP_CONTAINS: break; /* asked of the list itself: contains() */
	case OP_STARTS_WITH: return starts_with(v->text, wanted->text);
	case OP_ENDS_WITH: return ends_with(v->text, wanted->text);
	case OP_MATCHES: return fnmatch(wanted->text, v->text, 0) == 0;
	case OP_LESS: return v->number < wanted->number;
	case OP_LESS_EQUAL: return v->number <= wanted->number;
	case OP_GREATER: return v->number > wanted->number;
	case OP_GREATER_EQUAL: return v->number >= wanted->number;
	case OP_VERSION_AT_LEAST: return sw_version_compare(v->text, wanted->text) >= 0;
	case OP_MODE_AT_MOST: return (v->number & ~wanted->number) == 0;
	}
	return false;
}

static enum expr_answer absent(struct walk *w, const char *path, bool negated)
{
	if (negated)
		return open_because(w, sw_at(w->e, "%s is not there%s", path, unsaid));
	w->note = sw_at(w->e, "%s is not there", path);
	return EXPR_NO;
}

static enum expr_answer contains(struct walk *w, const struct expr *x, const char *path,
				 bool negated)
{
	bool yes = sw_contains(w->e, path, x->values[0].text) != negated;
	if (!yes)
		w->note = sw_at(w->e, "%s %s %s", path, negated ? "holds" : "does not hold",
				x->values[0].text);
	return answer(yes);
}

static enum expr_answer compare(struct walk *w, const struct expr *x, const char *path,
				bool negated)
{
	struct literal v = x->absent;
	/* sw_has() marks an unread fact; an absent one it only notes as evidence. */
	bool known = sw_is_known(w->e, path) || sw_has(w->e, path);
	if (!known && !x->has_default)
		return absent(w, path, negated);
	if (x->op == OP_CONTAINS)
		return contains(w, x, path, negated);
	if (known)
		v = read_fact(w, x, path);
	if (x->op == OP_VERSION_AT_LEAST && !(*v.text >= '0' && *v.text <= '9'))
		return open_because(w,
				    sw_at(w->e, "%s is '%s', which is no version", path, v.text));
	bool yes = holds(x, &v) != negated;
	if (!yes)
		w->note = sw_at(w->e, "%s is %s%s (wanted: %s%s)", path, known ? "" : "absent, so ",
				*v.text ? v.text : "empty", negated ? "not " : "", x->text);
	return answer(yes);
}

static enum expr_answer exists(struct walk *w, const struct expr *x, const char *path, bool negated)
{
	bool wanted = x->wanted != negated;
	bool yes = sw_has(w->e, path) == wanted;
	if (!yes)
		w->note = sw_at(w->e, "%s is %sthere", path, wanted ? "not " : "");
	return answer(yes);
}

/* --- several -------------------------------------------------------------------------------- */

static enum expr_answer walk(struct walk *w, const struct expr *x, const char *at, bool negated);

/* Adds one answer to those before it; true when the rest cannot change the sum. */
static bool add(struct walk *w, bool conjunction, enum expr_answer a, enum expr_answer *sum,
		const char **note)
{
	const char *new = w->note;
	if (conjunction ? a < *sum : a > *sum) {
		*sum = a;
		*note = new;
	} else if (!conjunction && a == *sum && a == EXPR_NO && *note && new &&*note != new) {
		*note = sw_at(w->e, "%s; %s", *note, new);
	}
	return *sum == (conjunction ? EXPR_NO : EXPR_YES);
}

static enum expr_answer several(struct walk *w, const struct expr *x, const char *at, bool negated)
{
	/* not all(a, b) is any(not a, not b). */
	bool conjunction = (x->form == EXPR_ALL) != negated;
	enum expr_answer sum = answer(conjunction);
	const char *note = NULL;
	for (size_t i = 0; i < x->n; i++) {
		w->note = NULL;
		enum expr_answer a = walk(w, x->children[i], at, negated);
		if (i == 0 && !conjunction) {
			sum = a;
			note = w->note;
		}
		if (add(w, conjunction, a, &sum, &note))
			break;
	}
	w->note = note;
	return sum;
}

/* Array or object? sw_key() is "" for every element of an array, and for a member so named. */
static bool is_object(struct walk *w, const char *path, size_t n)
{
	for (size_t i = 0; i < n && i < 2; i++)
		if (*sw_key(w->e, path, i))
			return true;
	return false;
}

/* The path of element i, or NULL when none can be told: a member without a name, which no path
 * reaches. */
static const char *element_path(struct walk *w, const char *path, bool object, size_t n, size_t i)
{
	const char *place = sw_at(w->e, "%s/%zu", path, i);
	if (!object)
		return n > 1 || sw_is_known(w->e, place) ? place : NULL;
	const char *name = sw_key(w->e, path, i);
	return *name ? sw_at(w->e, "%s/%s", path, sw_esc(w->e, name)) : NULL;
}

static enum expr_answer each(struct walk *w, const struct expr *x, const char *path, bool negated)
{
	bool known = sw_is_known(w->e, path) || sw_has(w->e, path);
	if (!known && !x->has_default)
		return open_because(w, sw_at(w->e, "%s is not there%s", path, unsaid));
	size_t n = known ? sw_count(w->e, path) : 0;
	bool object = is_object(w, path, n);
	enum expr_answer sum = answer(!negated);
	const char *note = negated ? sw_at(w->e, "%s: all meet it", path) : NULL;
	for (size_t i = 0; i < n; i++) {
		const char *at = element_path(w, path, object, n, i);
		w->note = NULL;
		enum expr_answer a =
			at ? walk(w, x->children[0], at, negated)
			   : open_because(w, sw_at(w->e, "%s has a member without a name", path));
		if (add(w, !negated, a, &sum, &note) || w->steps > STEPS_MAX)
			break;
	}
	w->note = note;
	return sum;
}

static enum expr_answer walk(struct walk *w, const struct expr *x, const char *at, bool negated)
{
	if (++w->steps > STEPS_MAX)
		return open_because(w, "there are too many elements to look at");
	const char *path = x->path ? full_path(w, at, x->path) : NULL;
	switch (x->form) {
	case EXPR_ALL:
	case EXPR_ANY: return several(w, x, at, negated);
	case EXPR_NOT: return walk(w, x->children[0], at, !negated);
	case EXPR_EACH: return each(w, x, path, negated);
	case EXPR_EXISTS: return exists(w, x, path, negated);
	case EXPR_COMPARE: return compare(w, x, path, negated);
	}
	return open_because(w, "an unknown expression");
}

enum expr_answer expr_eval(const struct expr *x, struct sw_eval *e, const char **ret_note)
{
	struct walk w = { .e = e };
	enum expr_answer a = walk(&w, x, "", false);
	*ret_note = w.note;
	return a;
}

/* --- what must be fetched for it ------------------------------------------------------------ */

/* Is path that fact or below it? A check of the host or the engine names its own without a top. */
static bool is_at(const char *path, const char *fact)
{
	const char *slash = *fact == '@' && *path != '@' ? strchr(fact, '/') : NULL;
	const char *wanted = slash ? slash + 1 : fact;
	size_t n = strlen(wanted);
	return strncmp(path, wanted, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

void expr_needs(const struct expr *x, unsigned *needs, unsigned *flags)
{
	static const struct {
		const char *prefix;
		unsigned needs, flags;
	} dear[] = {
		{ "Kernel", SW_NEEDS_KERNEL, 0 },
		{ "Kernel/Processes", SW_NEEDS_KERNEL | SW_NEEDS_PROCESSES, 0 },
		{ "Kernel/Mounts", SW_NEEDS_KERNEL | SW_NEEDS_MOUNTS, 0 },
		{ "Execs", SW_NEEDS_EXECS, 0 },
		{ "Sources", SW_NEEDS_SOURCES, 0 },
		{ "@engine/images", SW_NEEDS_IMAGES, 0 },
		{ "@engine/volumes", SW_NEEDS_VOLUMES, 0 },
		{ "@engine/plugins", SW_NEEDS_PLUGINS, 0 },
		{ "@engine/services", SW_NEEDS_SWARM, 0 },
		{ "@engine/nodes", SW_NEEDS_SWARM, 0 },
		{ "@engine/secrets", SW_NEEDS_SWARM, 0 },
		{ "@engine/configs", SW_NEEDS_SWARM, 0 },
		{ "@engine/swarm-state", SW_NEEDS_SWARM, 0 },
		{ "@engine/swarm-sockets", SW_NEEDS_SWARM, 0 },
		{ "@engine/host-files", SW_NEEDS_AUDIT, 0 },
		{ "@engine/watching", SW_NEEDS_AUDIT, 0 },
		{ "@host/clients", SW_NEEDS_CLIENTS, 0 },
		{ "@host/audit", SW_NEEDS_AUDIT, 0 },
		{ "@host/audit-files", SW_NEEDS_AUDIT, 0 },
		{ "@host/sysctl", SW_NEEDS_SYSCTL, 0 },
		{ "@host/sysctl-files", SW_NEEDS_SYSCTL, 0 },
		{ "@host/coredump", SW_NEEDS_SYSCTL, 0 },
		{ "@host/boot", SW_NEEDS_BOOT, 0 },
		{ "@host/kconfig", SW_NEEDS_BOOT, 0 },
		{ "@host/cpu", SW_NEEDS_BOOT, 0 },
		{ "@host/modules", SW_NEEDS_MODULES, 0 },
		{ "@host/modprobe", SW_NEEDS_MODULES, 0 },
		{ "@host/lsm", SW_NEEDS_MODULES, 0 },
		{ "@host/stat", SW_NEEDS_HOST_FILES, 0 },
		{ "@host/fstab", SW_NEEDS_HOST_FILES, 0 },
		{ "@host/accounts", SW_NEEDS_ACCOUNTS, 0 },
		{ "@host/sudo", SW_NEEDS_ACCOUNTS, 0 },
		{ "@host/pam", SW_NEEDS_ACCOUNTS, 0 },
		{ "@host/sshd", SW_NEEDS_SSHD, 0 },
		{ "@host/crypto-policy", SW_NEEDS_SSHD, 0 },
		{ "@host/crypto-backends", SW_NEEDS_SSHD, 0 },
		{ "@host/services", SW_NEEDS_SERVICES, 0 },
		{ "@host/listening", SW_NEEDS_SERVICES, 0 },
		{ "@host/processes", SW_NEEDS_SERVICES, 0 },
		{ "@host/time", SW_NEEDS_SERVICES, 0 },
		{ "@host/net", SW_NEEDS_SERVICES, 0 },
		{ "@host/journald", SW_NEEDS_LOGGING, 0 },
		{ "@host/rsyslog", SW_NEEDS_LOGGING, 0 },
		{ "@host/auditd", SW_NEEDS_LOGGING, 0 },
		{ "@host/integrity", SW_NEEDS_LOGGING, 0 },
		{ "@host/firewall", SW_NEEDS_FIREWALL, 0 },
		{ "@host/packages", SW_NEEDS_PACKAGES, 0 },
		{ "@host/updates", SW_NEEDS_PACKAGES, 0 },
		{ "@host/leftovers", SW_NEEDS_LEFTOVERS, 0 },
		{ "@host/walk", SW_NEEDS_WALK, 0 },
		{ "@index", 0, SW_WHOLE | SW_INDEX_KERNEL },
	};
	for (size_t i = 0; x->path && i < ARRAY_SIZE(dear); i++) {
		if (is_at(x->path, dear[i].prefix)) {
			*needs |= dear[i].needs;
			*flags |= dear[i].flags;
		}
	}
	for (size_t i = 0; i < x->n; i++)
		expr_needs(x->children[i], needs, flags);
}
