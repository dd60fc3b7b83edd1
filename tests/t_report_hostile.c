/* SPDX-License-Identifier: Apache-2.0 */
/* t_report_hostile.c: every text of a report as hostile as it gets, in every format: well-formed,
 * and nothing in it is a command, a formula, markup or an end of what it stands in. */
#include <jansson.h>

#include "facts.h"
#include "harness.h"
#include "report_common.h"
#include "report_sample.h"

/* ck_assert() writes to the one that runs the tests, which is too much for each character. */
#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg("%s", #condition);                                            \
	} while (0)

static const char *const texts[] = {
	"\x1b]0;owned\x07\x1b[2J\x9b"
	"31m",
	"]]><!--<script>alert(1)</script>--><?x?>&lt;&#27;\"'",
	"</script></style></title><img src=x onerror=alert(1)>",
	"\n::error::owned\r\n##vso[task.complete]\n::add-mask::x",
	"::error title=owned::x",
	"=cmd|' /C calc'!A0",
	"@SUM(1,1)",
	"\t=1+1",
	"a\nb\r\nc\vd\fe\xc2\x85"
	"f\u2028g\u2029h",
	"\u202eevil\u2066\u2067\u2069\u200b\ufeff",
	"\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80",
	"\nok 99 - all is well\n1..0 # SKIP\nBail out!\n",
	"# TODO # SKIP \\# x",
	"\"} 0\nseaworthy_exit_status 0\n",
	"| fail=0;;;0 | x",
	"`` ``` ~~~ </pre> [x](javascript:x) @root #1 <b>",
	"%0A::error::x%00%25",
	"${IFS}$(id)`id`{{7*7}}",
	"\\x00\\n\\u{0}\\\\",
	"",
	" ",
};

/* --- the report ------------------------------------------------------------------------------ */

/* Copies of what the sample has const, with every text replaced. */
struct copies {
	struct report *r;
	const char *said, *value; /* as it is, and as facts_text() has a string */
	struct sw_check checks[32];
	struct rule rules[32];
	struct group groups[8];
	struct missing left_out[2];
	struct subject subjects[512];
	struct evidence evidence[512];
	struct waiver waiver;
	struct warning warnings[2];
	struct unread_section unread[2];
	struct selection selection;
	const char *list[3];
	size_t n_subjects;
};

static void spoil_profile(struct copies *c, struct profile *p)
{
	p->title = p->version = p->source = c->said;
	/* Parts of identifiers stay apart, or rules would be one. */
	p->id = arena_printf(c->r->arena, "%s%s", p->id, c->said);
	for (size_t i = 0; i < p->n_groups; i++) {
		struct group *g = &c->groups[i];
		g->id = arena_printf(c->r->arena, "%s%s", p->groups[i].id, c->said);
		g->title = c->said;
	}
	p->groups = c->groups;
	p->left_out = c->left_out;
	p->n_left_out = ARRAY_SIZE(c->left_out);
}

static const struct rule *spoil_rule(struct copies *c, size_t at, const struct rule *old)
{
	struct rule *rule = &c->rules[at];
	struct sw_check *check = &c->checks[at];

	*rule = *old;
	*check = *old->check;
	check->id = arena_printf(c->r->arena, "%s%s", old->check->id, c->said);
	check->title = check->why = check->wanted = check->remedy = c->said;
	rule->ref = arena_printf(c->r->arena, "%s%s", old->ref, c->said);
	rule->group = arena_printf(c->r->arena, "%s%s", old->group, c->said);
	rule->title = rule->assessment = rule->why = c->said;
	rule->check = check;
	return rule;
}

static void spoil_finding(struct copies *c, struct finding *f)
{
	struct subject *s = &c->subjects[c->n_subjects];
	struct evidence *e = &c->evidence[c->n_subjects++];

	*s = *f->subject;
	s->name = s->id = s->image = s->image_id = c->said;
	*e = (struct evidence){ c->said, c->said, c->value };
	f->subject = s;
	f->evidence = e;
	f->n_evidence = 1;
	f->reason = c->said;
	if (f->waiver)
		f->waiver = &c->waiver;
}

static void spoil_target(struct target *t, const char *said)
{
	t->hostname = t->os_id = t->os_version = t->os_name = t->kernel = t->arch = said;
	t->engine_name = t->engine_version = t->engine_api = t->endpoint = t->endpoint_why = said;
}

static void spoil(struct copies *c, const char *said)
{
	struct report *r = c->r = sample_new();
	c->said = said;
	AUTO_FREE char *cleaned = clean(said);
	json_t *value = json_string(cleaned);
	c->value = arena_intern(r->arena, facts_text(r->arena, value));
	json_decref(value);
	c->list[0] = c->list[1] = said;
	c->waiver = (struct waiver){ said, said, said };
	for (size_t i = 0; i < 2; i++) {
		c->left_out[i] = (struct missing){ said, said };
		c->warnings[i] = (struct warning){ said, said };
		c->unread[i] = (struct unread_section){ said, said };
	}
	c->selection = (struct selection){ .only = c->list, .skip = c->list };
	for (size_t i = 0; i < r->n_results; i++) {
		struct result *res = &r->results[i];
		res->rule = spoil_rule(c, i, res->rule);
		res->reason = res->remedy = said;
		for (size_t k = 0; k < res->n_findings; k++)
			spoil_finding(c, &res->findings[k]);
	}
	for (size_t i = 0; i < r->n_profiles; i++)
		spoil_profile(c, r->profiles[i]);
	spoil_target(&r->target, said);
	r->tool_version = r->started = r->finished = r->now = said;
	r->baseline = r->baseline_started = said;
	r->missing_privilege = r->sandbox_missing = said;
	r->tailoring = r->subject_patterns = c->list;
	r->selection = &c->selection;
	r->warnings.v = c->warnings;
	r->unread = c->unread;
	r->n_unread = 2;
}

static char *written(const struct report *r, const struct sink *sink)
{
	static const struct report_options options = { .width = 100, .show = ~0u };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_int_eq(sink->write(r, &options, f), 0);
	fclose(f);
	ck_assert_uint_eq(strlen(out), n);
	return out;
}

/* --- what must hold everywhere --------------------------------------------------------------- */

static void assert_harmless(const char *sink, const char *s)
{
	for (size_t n = strlen(s); n > 0;) {
		uint32_t c = 0;
		size_t bytes = utf8_decode(s, n, &c);
		bool is_end = c == '\n' || (c == '\r' && s[1] == '\n' && streq(sink, "csv"));
		bool is_hidden = c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0x200b ||
				 (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
		if (bytes == 0 || is_hidden || !(is_end || (c >= 0x20 && (c < 0x7f || c > 0x9f))))
			ck_abort_msg("%s: U+%04X", sink, (unsigned)c);
		s += bytes;
		n -= bytes;
	}
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void assert_json(const char *out)
{
	json_error_t e;
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, &e);
	ck_assert_msg(root != NULL, "line %d: %s", e.line, e.text);
	json_decref(root);
}

static void assert_json_lines(const char *out)
{
	for (const char *line = out; *line;) {
		size_t n = strcspn(line, "\n");
		AUTO_FREE char *one = xstrndup(line, n);
		assert_json(one);
		line += n + 1;
	}
}

/* --- XML ------------------------------------------------------------------------------------- */

/* A reference of ours; *s moves to its end. */
static void read_reference(const char **s)
{
	static const char *const known[] = { "&lt;", "&gt;", "&amp;", "&quot;", "&#13;" };
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!starts_with(*s, known[i]))
			continue;
		*s += strlen(known[i]) - 1;
		return;
	}
	ck_abort_msg("a reference: %.10s", *s);
}

/* name="value" …; *s moves to what ends the tag. */
static void read_attributes(const char **s)
{
	while (**s == ' ') {
		*s += 1 + strcspn(*s + 1, "= \"<>&");
		must(starts_with(*s, "=\""));
		for (*s += 2; **s != '"'; (*s)++) {
			must(**s && **s != '<');
			if (**s == '&')
				read_reference(s);
		}
		(*s)++;
	}
}

/* Elements that are closed in order, no comment, no instruction, no section; one root. */
static void assert_xml(const char *out)
{
	AUTO_TEXT struct text open = { 0 }; /* "/a/b" */
	size_t roots = 0;
	must(starts_with(out, "<?xml "));
	for (const char *s = strchr(out, '\n'); *s; s++) {
		must(open.len > 0 || strchr("<\n", *s));
		must(!starts_with(s, "]]>"));
		if (*s == '&')
			read_reference(&s);
		if (*s != '<')
			continue;
		bool is_end = *++s == '/';
		s += is_end;
		size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:-");
		must(n > 0);
		AUTO_FREE char *name = xasprintf("/%.*s", (int)n, s);
		s += n;
		read_attributes(&s);
		if (is_end) {
			must(ends_with(text_str(&open), name));
			open.len -= strlen(name);
			open.s[open.len] = '\0';
		} else if (*s == '/') {
			s++;
		} else {
			roots += open.len == 0;
			text_add(&open, name);
		}
		must(*s == '>');
	}
	ck_assert_uint_eq(open.len, 0);
	ck_assert_uint_eq(roots, 1);
}

/* An NCName: what a rule is called cannot leave it, nor make two rules one. */
static void assert_xccdf(const char *out)
{
	json_t *seen = json_object();
	assert_xml(out);
	for (const char *s = out; (s = strstr(s, "<Rule id=\"")) != NULL;) {
		s += strlen("<Rule id=\"");
		AUTO_FREE char *id = xstrndup(s, strcspn(s, "\""));
		must(strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789._-") == strlen(id));
		must(!json_object_get(seen, id));
		json_object_set_new(seen, id, json_true());
	}
	ck_assert_uint_gt(json_object_size(seen), 0);
	json_decref(seen);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Does every line begin with one of these? */
static void assert_lines(const char *out, const char *const *beginnings)
{
	for (const char *line = out; *line;) {
		bool is_ours = false;
		for (size_t i = 0; beginnings[i] && !is_ours; i++)
			is_ours = starts_with(line, beginnings[i]);
		must(is_ours);
		line += strcspn(line, "\n") + 1;
	}
}

static void assert_github(const char *out)
{
	static const char *const ours[] = { "::error title=", "::warning title=", "::notice title=",
					    NULL };
	assert_lines(out, ours);
	for (const char *line = out; *line; line += strcspn(line, "\n") + 1) {
		const char *title = strchr(line, '=') + 1;
		must(starts_with(title + strcspn(title, ":,\n"), "::"));
	}
}

static void assert_tap(const char *out)
{
	static const char *const ours[] = { "TAP version 13\n", "1..",     "# ", "ok ", "not ok ",
					    "  ---\n",          "  ...\n", "  ", NULL };
	assert_lines(out, ours);
	ck_assert_ptr_null(strcasestr(out, "##vso["));
	ck_assert_ptr_null(strstr(strstr(out, "\n1..") + 1, "\n1.."));
	ck_assert_ptr_null(strstr(out, "\nBail out!"));
}

static void assert_metrics(const char *out)
{
	static const char *const ours[] = { "# HELP seaworthy_", "# TYPE seaworthy_", "seaworthy_",
					    NULL };
	assert_lines(out, ours);
	ck_assert_ptr_null(strstr(out, "\nseaworthy_exit_status 0\n"));
}

/* One bar, in the first line. */
static void assert_nagios(const char *out)
{
	const char *bar = strchr(out, '|');
	must(starts_with(out, "SEAWORTHY ") && bar && bar < strchr(out, '\n'));
	ck_assert_ptr_null(strchr(bar + 1, '|'));
	ck_assert_ptr_null(strcasestr(out, "##vso["));
}

/* Cells in quotes, none of which a spreadsheet computes. */
static void assert_csv(const char *out)
{
	for (const char *c = out; *c; c++) {
		must(*c++ == '"');
		must(!*c || !strchr("=+-@\t\r", *c));
		for (; *c != '"' || c[1] == '"'; c++) {
			must(*c);
			c += *c == '"';
		}
		c++;
		must(*c == ',' || starts_with(c, "\r\n"));
		c += *c == '\r';
	}
}

/* Runners skip blanks before they look for a command. */
static void assert_text(const char *out)
{
	for (const char *line = out; line; line = strchr(line, '\n')) {
		line += strspn(line, "\n ");
		must(!starts_with(line, "::"));
	}
	ck_assert_ptr_null(strcasestr(out, "##vso["));
}

/* cmark-gfm looks at the rest in formats.sh: here, that no name begins a line. */
static void assert_markdown(const char *out)
{
	static const char *const ours[] = { "# seaworthy: ", "## ", "\n", "| ",
					    "|:---|",        "- ",  "  ", "**Not",
					    "Exit",          NULL };
	assert_lines(out, ours);
	ck_assert_ptr_null(strcasestr(out, "##vso["));
}

static void assert_html(const char *out)
{
	static const char *const bad[] = { "<script>alert", "<img", "<!--<script", "<?x",
					   "#1 <b>" };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!strstr(out, bad[i]), "%s", bad[i]);
}

static const struct {
	const char *sink;
	void (*look)(const char *out);
} looks[] = {
	{ "text", assert_text },
	{ "json", assert_json },
	{ "ndjson", assert_json_lines },
	{ "junit", assert_xml },
	{ "junit:ant", assert_xml },
	{ "xccdf", assert_xccdf },
	{ "arf", assert_xccdf },
	{ "hdf", assert_json },
	{ "markdown", assert_markdown },
	{ "html", assert_html },
	{ "csv", assert_csv },
	{ "sarif", assert_json },
	{ "sarif:all", assert_json },
	{ "tap", assert_tap },
	{ "prometheus", assert_metrics },
	{ "gitlab", assert_json },
	{ "github", assert_github },
	{ "nagios", assert_nagios },
	{ "docker-bench", assert_json },
};

START_TEST(stays_text)
{
	struct copies *c = xalloc(sizeof(*c));
	size_t n = 0;
	spoil(c, texts[_i]);
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		const struct sink *sink = sink_find(looks[i].sink);
		if (!sink)
			continue;
		AUTO_FREE char *out = written(c->r, sink);
		assert_harmless(sink->name, out);
		looks[i].look(out);
		n++;
	}
	for (size_t i = 0; sinks[i]; i++)
		n--;
	ck_assert_msg(n == 0, "a format is not looked at");
	sample_free(c->r);
	free(c);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report_hostile", &suite);

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, stays_text, 0, ARRAY_SIZE(texts));
	return harness_run(suite);
}
