/* SPDX-License-Identifier: Apache-2.0 */
/* known.c: questions whose answers are asked for ahead, and answers that are kept to be had again.
 */
#include <errno.h>

#include "asker.h"

enum {
	CHAINS = 512,
	KEPT_MAX = 32 << 10, /* bytes of one answer that is kept */
	STORE_MAX = 1 << 20, /* of all, with what each costs */
};

/* A question that was asked. */
struct entry {
	struct entry *next;
	struct known *known;
	enum fetch_op op;
	unsigned sub;
	bool has_come, stays; /* stays: is had more than once */
	bool is_guess;        /* nobody may ask for it, so it is not kept at any cost */
	struct answer answer;
	answer_fn *done; /* whoever asked for it before it came */
	void *context;
	char arg[];
};

struct known {
	struct asker *asker;
	struct entry *chains[CHAINS];
	size_t n, store;
	bool remembers;
};

static size_t cost(const struct entry *e)
{
	return sizeof(*e) + strlen(e->arg) + e->answer.len;
}

static void entry_free(struct entry *e)
{
	free(e->answer.data);
	free(e);
}

static struct known *known_of(struct asker *a)
{
	if (!a->known) {
		a->known = xalloc(sizeof(*a->known));
		a->known->asker = a;
	}
	return a->known;
}

void known_free(struct known *k)
{
	for (size_t i = 0; k && i < CHAINS; i++) {
		while (k->chains[i]) {
			struct entry *next = k->chains[i]->next;
			entry_free(k->chains[i]);
			k->chains[i] = next;
		}
	}
	free(k);
}

/* Who names files so that they all meet in one chain only makes us slow. */
static size_t chain_of(enum fetch_op op, unsigned sub, const char *arg)
{
	return (size_t)((quick_hash(arg, strlen(arg)) ^ (unsigned)op << 8 ^ sub) % CHAINS);
}

static struct entry **find(struct known *k, enum fetch_op op, unsigned sub, const char *arg)
{
	struct entry **p = &k->chains[chain_of(op, sub, arg)];
	while (*p && ((*p)->op != op || (*p)->sub != sub || !streq((*p)->arg, arg)))
		p = &(*p)->next;
	return p;
}

static struct entry *add(struct known *k, enum fetch_op op, unsigned sub, const char *arg)
{
	size_t n = strlen(arg);
	struct entry **at = &k->chains[chain_of(op, sub, arg)], *e = xalloc(sizeof(*e) + n + 1);
	*e = (struct entry){ .next = *at, .known = k, .op = op, .sub = sub };
	memcpy(e->arg, arg, n + 1);
	*at = e;
	k->n++;
	return e;
}

static void take_out(struct known *k, struct entry *e)
{
	struct entry **p = find(k, e->op, e->sub, e->arg);
	while (*p && *p != e)
		p = &(*p)->next;
	if (!*p)
		return;
	*p = e->next;
	k->n--;
}

static bool is_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	path += strspn(path, "/");
	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool may_stay(const struct known *k, enum fetch_op op, unsigned sub, const char *arg)
{
	return k->remembers && sub == FETCH_BASE_ROOT &&
	       (op == FETCH_STAT || op == FETCH_READ || op == FETCH_LIST || op == FETCH_LINK) &&
	       !is_below(arg, "proc") && !is_below(arg, "sys");
}

static void keep(struct answer *answer, void *context)
{
	struct entry *e = context;
	struct known *k = e->known;
	answer_fn *done = e->done;
	void *done_context = e->context;
	e->stays &= answer->len <= KEPT_MAX && k->store + cost(e) + answer->len <= STORE_MAX;
	if ((done || e->is_guess) && !e->stays) {
		take_out(k, e);
		entry_free(e);
	} else {
		answer_copy(&e->answer, answer);
		e->has_come = true;
		e->done = NULL;
		k->store += e->stays ? cost(e) : 0;
	}
	if (done)
		done(answer, done_context);
}

static bool is_nowhere(struct known *k, enum fetch_op op, const char *path)
{
	const struct entry *e = *find(k, op, FETCH_BASE_ROOT, path);
	return e && e->has_come && e->stays && e->answer.error == ENOENT;
}

/* Where a folder is not there, nothing is below it. */
static bool is_below_nothing(struct known *k, const char *path)
{
	AUTO_FREE char *above = xstrdup(path);
	for (char *slash; (slash = strrchr(above, '/')) && slash != above;) {
		*slash = '\0';
		if (is_nowhere(k, FETCH_LIST, above) || is_nowhere(k, FETCH_STAT, above))
			return true;
	}
	return false;
}

static void ask_for(struct known *k, struct entry *e)
{
	asker_ask(k->asker, e->op, e->sub, e->arg, keep, e);
}

void ask_ahead(struct asker *a, enum fetch_op op, unsigned sub, const char *arg)
{
	struct known *k = known_of(a);
	if (strlen(arg) > FETCH_ARG_MAX || a->is_gone || *find(k, op, sub, arg))
		return;
	struct entry *e = add(k, op, sub, arg);
	e->stays = may_stay(k, op, sub, arg);
	ask_for(k, e);
}

void ask_expected(struct asker *a, enum fetch_op op, const char *path)
{
	struct known *k = known_of(a);
	if (!may_stay(k, op, FETCH_BASE_ROOT, path) || strlen(path) > FETCH_ARG_MAX || a->is_gone ||
	    *find(k, op, FETCH_BASE_ROOT, path) || is_below_nothing(k, path))
		return;
	struct entry *e = add(k, op, FETCH_BASE_ROOT, path);
	e->stays = e->is_guess = true;
	ask_for(k, e);
}

/* What has come, for one who wants it: a copy of what stays, as he may change it. */
static void hand_out(struct known *k, struct entry *e, answer_fn *done, void *context)
{
	struct answer answer = e->answer;
	if (e->stays) {
		answer_copy(&answer, &e->answer);
	} else {
		take_out(k, e);
		free(e);
	}
	done(&answer, context);
	answer_done(&answer);
}

void ask(struct asker *a, enum fetch_op op, unsigned sub, const char *arg, answer_fn *done,
	 void *context)
{
	struct known *k = a->known;
	struct entry *e = k && k->n > 0 ? *find(k, op, sub, arg) : NULL;
	if (e && e->has_come) {
		hand_out(k, e, done, context);
	} else if (e && !e->done) {
		e->done = done;
		e->context = context;
	} else if (!e && k && may_stay(k, op, sub, arg) && strlen(arg) <= FETCH_ARG_MAX) {
		if (is_below_nothing(k, arg)) {
			done(&(struct answer){ .error = ENOENT, .data = (char[]){ "" } }, context);
			return;
		}
		e = add(k, op, sub, arg);
		e->stays = true;
		e->done = done;
		e->context = context;
		ask_for(k, e);
	} else {
		asker_ask(a, op, sub, arg, done, context);
	}
}

void asker_remember(struct asker *a)
{
	known_of(a)->remembers = true;
}

/* What is still to come is had once. */
void asker_forget(struct asker *a)
{
	struct known *k = known_of(a);
	k->remembers = false;
	k->store = 0;
	for (size_t i = 0; i < CHAINS; i++) {
		for (struct entry **p = &k->chains[i]; *p;) {
			struct entry *e = *p;
			bool goes = e->stays && e->has_come;
			e->stays = false;
			if (goes) {
				*p = e->next;
				k->n--;
				entry_free(e);
			} else {
				p = &e->next;
			}
		}
	}
}
