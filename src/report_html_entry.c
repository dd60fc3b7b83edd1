/* SPDX-License-Identifier: Apache-2.0 */
/* report_html_entry.c: one rule in the HTML report. */
#include "eval.h"
#include "json_memory.h"
#include "report_html.h"

enum change_since html_change(const struct result *res)
{
	enum change_since worst = res->known ? CHANGE_KNOWN : CHANGE_NONE;
	for (size_t i = 0; i < res->n_findings; i++) {
		enum change_since c = res->findings[i].change;
		if (c != CHANGE_NONE && (worst == CHANGE_NONE || c < worst))
			worst = c;
	}
	return worst;
}

static bool is_waived_in_part(const struct result *res)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].waiver && res->findings[i].verdict <= SW_WARN)
			return true;
	return false;
}

static void write_marks(const struct html *h, const struct result *res, enum outcome o)
{
	const char *change = change_name(html_change(res));

	fputs(" <span class=\"marks\">", h->out);
	if (change)
		html_printf(h, "<span class=\"mark\">%s</span> ", change);
	if (o != OUTCOME_WAIVED && is_waived_in_part(res))
		fputs("<span class=\"mark\">waived in part</span> ", h->out);
	if (res->rule->why)
		fputs("<span class=\"mark\">deviates</span>", h->out);
	fputs("</span>", h->out);
}

static void write_summary(const struct html *h, const struct result *res, enum outcome o)
{
	const struct rule *rule = res->rule;
	const char *severity = severity_name(rule->check->severity);

	fputs("<summary>", h->out);
	html_tag(h, o);
	html_printf(h, " <span class=\"severity %s\">%s</span> <h4><span class=\"ref\">", severity,
		    severity);
	html_name(h, rule->ref);
	fputs("</span> ", h->out);
	html_name(h, rule->title);
	fputs("</h4>", h->out);
	write_marks(h, res, o);
	if (res->reason && *res->reason) {
		fputs(" <span class=\"reason\">", h->out);
		html_name(h, res->reason);
		fputs("</span>", h->out);
	}
	fputs("</summary>\n", h->out);
}

static void write_text_item(const struct html *h, const char *label, const char *raw)
{
	if (!raw || !*raw)
		return;
	html_item(h, label);
	html_name(h, raw);
	html_item_end(h);
}

static void write_fix(const struct html *h, const struct result *res)
{
	const char *remedy = result_remedy(res);
	if (!remedy || !*remedy)
		return;
	html_item(h, "fix");
	html_block(h, remedy);
	html_item_end(h);
}

static void write_params(const struct html *h, const struct rule *rule)
{
	const char *name;
	json_t *value;
	if (json_object_size(rule->params) == 0)
		return;
	html_item(h, "parameters");
	json_object_foreach(rule->params, name, value)
	{
		AUTO_FREE char *text = json_dumped(value, JSON_COMPACT | JSON_ENCODE_ANY);
		AUTO_FREE char *said = xasprintf("%s = %s", name, text ? text : "?");
		html_code(h, said);
		putc(' ', h->out);
	}
	html_item_end(h);
}

/* Where the rule is from, for whoever looks it up. */
static void write_rule(const struct html *h, const struct result *res)
{
	const struct rule *rule = res->rule;
	const struct section *s = &h->sections[html_section(h, res)];

	html_item(h, "rule");
	fputs("<a href=\"#", h->out);
	html_anchor(h, res);
	fputs("\">", h->out);
	html_name(h, rule->ref);
	fputs("</a> of ", h->out);
	html_code(h, rule->profile->id);
	fputs(", ", h->out);
	html_name(h, *s->title ? s->title : s->group);
	if (rule->level > 0)
		html_printf(h, ", level %d", rule->level);
	if (rule->assessment) {
		fputs(", ", h->out);
		html_name(h, rule->assessment);
	}
	fputs(", check ", h->out);
	html_code(h, rule->check->id);
	html_item_end(h);
}

void html_entry(const struct html *h, const struct result *res, struct html_entry how)
{
	const struct sw_check *check = res->rule->check;
	enum outcome o = result_outcome(h->report, res);
	const char *change = change_name(html_change(res));

	html_printf(h, "<details class=\"rule%s\" id=\"", how.is_quiet ? " quiet" : "");
	html_anchor(h, res);
	html_printf(h, "\" data-v=\"%s\" data-s=\"%s\" data-g=\"%zu\" data-c=\"%s\"%s>\n",
		    html_part(o), severity_name(check->severity), html_section(h, res),
		    change ? change : "", how.is_open ? " open" : "");
	write_summary(h, res, o);
	fputs("<dl>\n", h->out);
	html_found(h, res);
	write_text_item(h, "wanted", check->wanted);
	if (o < OUTCOME_PASS)
		write_fix(h, res);
	write_text_item(h, "why", check->why);
	write_text_item(h, "deviates", res->rule->why);
	write_params(h, res->rule);
	html_facts(h, res);
	write_rule(h, res);
	fputs("</dl>\n</details>\n", h->out);
}
