/* SPDX-License-Identifier: Apache-2.0 */
/* eval.c: runs a check's function on one subject and tells what came of it; verdicts said. */
#include "eval_private.h"

#include <stdarg.h>

#include "facts.h"

static struct read *keep_reads(const struct sw_eval *e)
{
	if (e->n_reads == 0)
		return NULL;
	struct read *kept = arena_alloc(e->in->arena, e->n_reads * sizeof(*kept));
	memcpy(kept, e->reads->v, e->n_reads * sizeof(*kept));
	return kept;
}

static const char *keep_reason(struct sw_eval *e)
{
	if (e->n_said > REASONS_MAX)
		text_printf(&e->reasons, "; and %zu more", e->n_said - REASONS_MAX);
	return arena_intern(e->in->arena, text_str(&e->reasons));
}

static const char *shortened(const struct sw_eval *e, const char *reason)
{
	struct text t AUTO_TEXT = { 0 };
	if (strlen(reason) <= REASON_BYTES)
		return reason;
	text_add_short(&t, reason, REASON_BYTES);
	return arena_intern(e->in->arena, text_str(&t));
}

/* A verdict returned without a word: the last read tells what was found. */
static const char *reason_of_last_read(const struct sw_eval *e)
{
	if (e->n_reads == 0)
		return "decided without reading a fact";
	const struct read *r = &e->reads->v[e->n_reads - 1];
	return arena_printf(e->in->arena, "%s is %s", facts_path_text(e->in->arena, r->path),
			    r->value ? r->value : "not set");
}

/* What only the operator can decide is warned of; this tells how the decision is handed over. */
static const char *with_unset(const struct sw_eval *e, const char *reason)
{
	static const char *const values[] = {
		[SW_BOOL] = "true", [SW_INT] = "NUMBER", [SW_STRING] = "TEXT", [SW_LIST] = "LIST"
	};
	const struct sw_param *p = e->in->check->params;
	for (unsigned i = 0; i < 32 && e->unset >> i; i++)
		if (e->unset >> i & 1)
			reason = arena_printf(e->in->arena, "%s; --set %s=%s decides", reason,
					      p[i].name, values[p[i].type]);
	return reason;
}

static const char *keep_remedy(struct sw_eval *e, enum sw_verdict verdict)
{
	bool is_wanted = verdict == SW_FAIL || verdict == SW_WARN;
	return is_wanted && e->n_remedies > 0 ? arena_intern(e->in->arena, text_str(&e->remedies))
					      : NULL;
}

static void conclude(struct sw_eval *e, enum sw_verdict returned, struct eval_outcome *ret)
{
	enum sw_verdict verdict = returned;

	if ((unsigned)returned >= SW_VERDICTS)
		verdict = SW_UNKNOWN;
	if (e->said != SW_VERDICTS)
		verdict = verdict_worse(verdict, e->said);
	if (e->marked && !e->failed_before_mark)
		verdict = SW_UNKNOWN;
	else if (e->marked)
		verdict = SW_FAIL;

	ret->verdict = verdict;
	if (verdict == SW_UNKNOWN && e->marked)
		ret->reason = shortened(e, e->mark_reason);
	else if (verdict == e->said)
		ret->reason = keep_reason(e);
	else if (verdict == SW_PASS)
		ret->reason = "";
	else
		ret->reason = shortened(e, reason_of_last_read(e));
	if (verdict == SW_WARN)
		ret->reason = with_unset(e, ret->reason);
}

void eval_run(const struct eval_input *in, struct eval_outcome *ret)
{
	struct read_buffer own = { 0 };
	struct sw_eval e = { .in = in, .said = SW_VERDICTS, .reads = in->reads ? in->reads : &own };
	enum sw_verdict returned = in->check->fn(&e);

	conclude(&e, returned, ret);
	ret->remedy = keep_remedy(&e, ret->verdict);
	ret->unset = e.unset;
	ret->has_read_index = e.has_read_index;
	ret->reads = in->reads ? in->reads->v : keep_reads(&e);
	ret->n_reads = e.n_reads;
	free(own.v);
	text_done(&e.reasons);
	text_done(&e.remedies);
}

SW_PRINTF(3, 0)
static void say_va(struct sw_eval *e, enum sw_verdict verdict, const char *format, va_list ap)
{
	if (e->said != SW_VERDICTS && verdict > e->said)
		return;
	if (verdict != e->said) {
		text_clear(&e->reasons);
		e->n_said = 0;
		e->said = verdict;
	}
	if (verdict == SW_FAIL && !e->marked)
		e->failed_before_mark = true;
	if (e->n_said++ >= REASONS_MAX)
		return;
	char *reason = NULL;
	if (vasprintf(&reason, format, ap) < 0)
		return;
	if (e->reasons.len > 0)
		text_add(&e->reasons, "; ");
	text_add_short(&e->reasons, reason, REASON_BYTES);
	free(reason);
}

#define DEFINE_SAY(name, verdict)                                                                  \
	enum sw_verdict name(struct sw_eval *e, const char *format, ...)                           \
	{                                                                                          \
		va_list ap;                                                                        \
		va_start(ap, format);                                                              \
		say_va(e, verdict, format, ap);                                                    \
		va_end(ap);                                                                        \
		return verdict;                                                                    \
	}

DEFINE_SAY(sw_fail, SW_FAIL)
DEFINE_SAY(sw_unknown, SW_UNKNOWN)
DEFINE_SAY(sw_warn, SW_WARN)
DEFINE_SAY(sw_pass, SW_PASS)
DEFINE_SAY(sw_skip, SW_SKIP)

void sw_remedy(struct sw_eval *e, const char *format, ...)
{
	va_list ap;
	char *line = NULL;
	if (e->n_remedies++ >= REASONS_MAX)
		return;
	va_start(ap, format);
	if (vasprintf(&line, format, ap) < 0)
		line = NULL;
	va_end(ap);
	if (line && e->remedies.len > 0)
		text_add(&e->remedies, "\n");
	if (line)
		text_add(&e->remedies, line);
	free(line);
}

bool sw_is_plain_path(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+:@%,";
	return *path == '/' && path[strspn(path, plain)] == '\0';
}

enum sw_verdict sw_said(const struct sw_eval *e)
{
	return e->said == SW_VERDICTS ? SW_PASS : e->said;
}

const void *sw_arg(const struct sw_eval *e)
{
	return e->in->check->arg;
}
