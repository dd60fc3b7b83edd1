/* SPDX-License-Identifier: Apache-2.0 */
/* t_report.c: every sink on one hostile report: golden bytes, well-formed, and nothing raw gets
 * through. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/wait.h>

#include "harness.h"
#include "report_sample.h"
#include "text.h"

/* UPDATE_GOLDEN=1 rewrites the files, for a person to read the difference. */
static const struct golden {
	const char *file, *sink;
	struct report_options options;
} goldens[] = {
	{ "report.text", "text", { .width = 100 } },
	{ "report.72.text", "text", { .width = 72 } },
	{ "report.color.text", "text", { .width = 100, .color = true } },
	{ "report.verbose.text", "text", { .width = 100, .verbose = true } },
	{ "report.quiet.text", "text", { .width = 100, .quiet = true } },
	{ "report.ascii.text", "text", { .width = 100, .ascii = true } },
	{ "report.show.text", "text", { .width = 100, .show = 1u << SW_PASS | 1u << SW_SKIP } },
	{ "report.json", "json", { .width = 100 } },
	{ "report.junit.xml", "junit", { .width = 100 } },
	{ "report.junit-ant.xml", "junit:ant", { .width = 100 } },
	{ "report.xccdf.xml", "xccdf", { 0 } },
	{ "report.arf.xml", "arf", { 0 } },
	{ "report.hdf.json", "hdf", { 0 } },
	{ "report.md", "markdown", { 0 } },
	{ "report.verbose.md", "markdown", { .verbose = true } },
	{ "report.html", "html", { 0 } },
	{ "report.csv", "csv", { 0 } },
	{ "report.ndjson", "ndjson", { 0 } },
	{ "report.sarif", "sarif", { 0 } },
	{ "report.all.sarif", "sarif:all", { 0 } },
	{ "report.tap", "tap", { 0 } },
	{ "report.prom", "prometheus", { 0 } },
	{ "report.gitlab.json", "gitlab", { 0 } },
	{ "report.github", "github", { 0 } },
	{ "report.nagios", "nagios", { 0 } },
	{ "report.docker-bench.json", "docker-bench", { 0 } },
};

static char *run(const struct report *r, const char *sink, const struct report_options *o)
{
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);
	ck_assert_int_eq(sink_find(sink)->write(r, o, f), 0);
	fclose(f);
	ck_assert_uint_eq(strlen(out), n);
	return out;
}

static char *golden_path(const char *file)
{
	const char *srcdir = getenv("srcdir");
	return xasprintf("%s/tests/golden/%s", srcdir ? srcdir : ".", file);
}

static char *slurp(const char *path)
{
	char *s = NULL;
	size_t n = 0;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, 16 << 20, &s, &n) < 0)
		return NULL;
	return s;
}

START_TEST(matches_golden)
{
	const struct golden *g = &goldens[_i];
	struct report *r = sample_new();
	AUTO_FREE char *out = run(r, g->sink, &g->options);
	AUTO_FREE char *again = run(r, g->sink, &g->options);
	AUTO_FREE char *path = golden_path(g->file);

	ck_assert_str_eq(out, again);
	if (getenv("UPDATE_GOLDEN")) {
		AUTO_FILE FILE *f = fopen(path, "we");
		ck_assert_ptr_nonnull(f);
		ck_assert_int_ge(fputs(out, f), 0);
	}
	AUTO_FREE char *wanted = slurp(path);
	ck_assert_msg(wanted != NULL, "no %s", path);
	ck_assert_msg(streq(out, wanted), "%s differs; UPDATE_GOLDEN=1 rewrites it", path);
	sample_free(r);
}
END_TEST

/* Colours and a table's line ends are ours; nothing else that is not printable is left. */
static void assert_harmless(const char *s, bool has_color, bool has_cr)
{
	for (size_t n = strlen(s); n > 0;) {
		uint32_t c = 0;
		size_t bytes = utf8_decode(s, n, &c);
		ck_assert_msg(bytes > 0, "no UTF-8: %.20s", s);
		if (c == 0x1b && has_color)
			ck_assert(s[1] == '[' && s[2] >= '0' && s[2] <= '9');
		else if (c == '\r' && has_cr)
			ck_assert_int_eq(s[1], '\n');
		else
			ck_assert_msg((c >= 0x20 || c == '\n') && (c < 0x7f || c > 0x9f), "%.20s",
				      s);
		s += bytes;
		n -= bytes;
	}
}

START_TEST(lets_nothing_raw_through)
{
	const struct golden *g = &goldens[_i];
	struct report *r = sample_new();
	AUTO_FREE char *out = run(r, g->sink, &g->options);

	assert_harmless(out, g->options.color, streq(g->sink, "csv"));
	/* Commands to the runner are what that format is; t_report_sinks looks at each. */
	for (size_t i = g->options.color; sample_forbidden[i]; i++)
		if (!streq(g->sink, "github") || !starts_with(sample_forbidden[i], "\n"))
			ck_assert_ptr_null(strstr(out, sample_forbidden[i]));
	if (streq(g->sink, "tap"))
		ck_assert_ptr_null(strcasestr(out, "##vso["));
	if (streq(g->sink, "text")) {
		ck_assert_ptr_null(strcasestr(out, "##vso["));
		/* Runners skip blanks before they look for a command. */
		for (const char *line = out; line; line = strchr(line, '\n')) {
			line += strspn(line, "\n ");
			ck_assert(!starts_with(line, "::"));
		}
	}
	if (g->options.ascii)
		for (const char *c = out; *c; c++)
			ck_assert_int_gt(*c, 0);
	if (strstr(g->file, ".xml")) {
		ck_assert_ptr_null(strstr(out, "]]>"));
		ck_assert_ptr_nonnull(strstr(out, "&lt;/failure&gt;"));
	}
	sample_free(r);
}
END_TEST

static size_t columns(const char *line, size_t n)
{
	AUTO_TEXT struct text t = { 0 };
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\x1b')
			i += strcspn(line + i, "m");
		else
			text_add_char(&t, line[i]);
	}
	return text_width(text_str(&t));
}

START_TEST(keeps_to_the_width)
{
	const struct golden *g = &goldens[_i];
	if (!streq(g->sink, "text"))
		return;
	struct report *r = sample_new();
	AUTO_FREE char *out = run(r, g->sink, &g->options);
	for (const char *line = out; *line;) {
		size_t n = strcspn(line, "\n");
		ck_assert_msg(columns(line, n) <= g->options.width, "%.*s", (int)n, line);
		line += n + (line[n] == '\n');
	}
	sample_free(r);
}
END_TEST

static int run_program(const char *const *argv, const char *input)
{
	int in[2];
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (dup2(in[0], 0) < 0 || dup2(null, 1) < 0)
			_exit(126);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(in[0]);
	write_full(in[1], input, strlen(input));
	close(in[1]);
	int status = -1;
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Another parser than ours must be able to read it. */
START_TEST(others_can_read_it)
{
	static const struct {
		const char *sink;
		const char *argv[5];
	} readers[] = {
		{ "json", { "python3", "-m", "json.tool", NULL } },
		{ "junit", { "xmllint", "--noout", "--nonet", "-", NULL } },
		{ "junit:ant", { "xmllint", "--noout", "--nonet", "-", NULL } },
		{ "xccdf", { "xmllint", "--noout", "--nonet", "-", NULL } },
		{ "arf", { "xmllint", "--noout", "--nonet", "-", NULL } },
		{ "hdf", { "python3", "-m", "json.tool", NULL } },
		{ "sarif", { "python3", "-m", "json.tool", NULL } },
		{ "sarif:all", { "python3", "-m", "json.tool", NULL } },
		{ "gitlab", { "python3", "-m", "json.tool", NULL } },
		{ "docker-bench", { "python3", "-m", "json.tool", NULL } },
		{ "ndjson", { "python3", "-m", "json.tool", "--json-lines", NULL } },
	};
	struct report *r = sample_new();
	const struct report_options o = { .width = 100 };
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		AUTO_FREE char *out = run(r, readers[i].sink, &o);
		int status = run_program(readers[i].argv, out);
		ck_assert_msg(status == 0 || status == 127, "%s: %d", readers[i].sink, status);
	}
	sample_free(r);
}
END_TEST

static json_t *as_json(const struct report *r)
{
	const struct report_options o = { 0 };
	AUTO_FREE char *out = run(r, "json", &o);
	json_error_t error;
	json_t *root = json_loads(out, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(root != NULL, "line %d: %s", error.line, error.text);
	return root;
}

static json_t *at(json_t *value, const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	char *rest = copy;
	for (char *step; value && (step = strsep(&rest, "/")) != NULL;) {
		int64_t i;
		if (json_is_array(value) && parse_int(step, &i))
			value = json_array_get(value, (size_t)i);
		else
			value = json_object_get(value, step);
	}
	return value;
}

/* The contract other programs rely on. */
static const struct {
	const char *path, *wanted; /* compact JSON */
} contract[] = {
	{ "seaworthy", "1" },
	{ "tool", "{\"name\":\"seaworthy\",\"version\":\"0.1.0\",\"sandbox\":false}" },
	{ "started", "\"2026-11-22T04:00:00Z\"" },
	{ "finished", "\"2026-11-22T04:00:01Z\"" },
	{ "now", "\"2026-12-24\"" },
	{ "complete", "true" },
	{ "exit", "1" },
	{ "fail_on", "\"low\"" },
	{ "selection/only", "[\"[125].*\",\"H-*\"]" },
	{ "selection/level", "2" },
	{ "selection/subject", "[]" },
	{ "unread/0",
	  "{\"section\":\"host/audit\",\"reason\":\"EPERM: CAP_AUDIT_CONTROL is needed\"}" },
	{ "target/kind", "\"live\"" },
	{ "target/os/version_id", "\"12\"" },
	{ "target/engine/api", "\"1.47\"" },
	{ "target/engine/rootless", "false" },
	{ "target/engine/local", "null" },
	{ "profiles/0/id", "\"cis-docker-1.8.0\"" },
	{ "profiles/0/rules", "{\"defined\":118,\"selected\":16,\"missing\":102}" },
	{ "profiles/1/rules", "{\"defined\":3,\"selected\":3,\"missing\":0}" },
	{ "profiles/0/summary",
	  "{\"pass\":2,\"fail\":6,\"warn\":1,\"skip\":1,\"unknown\":5,\"waived\":1}" },
	{ "summary", "{\"pass\":3,\"fail\":8,\"warn\":1,\"skip\":1,\"unknown\":5,\"waived\":1}" },
	{ "results/0/params", "{\"strict\":true,\"allowed\":[\"a\"],\"none\":null}" },
	{ "results/0/findings/0/evidence/0/unread", "true" },
	{ "results/0/findings/0/evidence/0/value", "null" },
	{ "results/1/params", "{}" },
	{ "results/5/findings/0/evidence/0/value", "\"true\"" },
	{ "results/5/findings/0/evidence/1/value", "false" },
	{ "results/5/findings/0/evidence/2/value",
	  "{\"value\":1.5,\"list\":[1,null,{\"a\":[]}],\"empty\":{}}" },
	{ "results/5/remedy",
	  "\"set \\\"icc\\\": false in /etc/docker/daemon.json\\nsystemctl restart docker\"" },
	{ "results/7/findings/0/evidence/0/value/3", "\"\\\\x00\\\\u{202e}\xf0\x9f\x98\x80\"" },
	{ "results/8/assessment", "null" },
	{ "results/9/level", "null" },
	{ "results/11/profile", "\"cis-docker-1.8.0\"" },
	{ "results/11/ref", "\"5.5\"" },
	{ "results/11/group", "\"5\"" },
	{ "results/11/check", "\"container.privileged\"" },
	{ "results/11/severity", "\"critical\"" },
	{ "results/11/verdict", "\"fail\"" },
	{ "results/11/counts", "{\"fail\":10,\"pass\":2}" },
	{ "results/11/findings/4/subject/running", "false" },
	{ "results/11/findings/4/verdict", "\"pass\"" },
	{ "results/11/findings/0/subject/kind", "\"container\"" },
	{ "results/11/findings/0/subject/labels_cut", "true" },
	{ "results/11/findings/0/waiver", "null" },
	{ "results/15/waived", "true" },
	{ "results/16/findings/0/subject/labels", "{}" },
	{ "results/16/findings/0/subject/running", "null" },
};

START_TEST(json_keeps_the_contract)
{
	struct report *r = sample_new();
	json_t *root = as_json(r);
	json_t *value = at(root, contract[_i].path);
	ck_assert_msg(value != NULL, "no %s", contract[_i].path);
	AUTO_FREE char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	ck_assert_str_eq(text, contract[_i].wanted);
	json_decref(root);
	sample_free(r);
}
END_TEST

START_TEST(json_without_engine)
{
	struct report *r = sample_new();
	r->target.has_engine = false;
	r->target.no_engine = "no socket";
	r->complete = false;
	r->selection = NULL;
	json_t *root = as_json(r);
	ck_assert(json_is_null(at(root, "target/engine")));
	ck_assert(json_is_null(at(root, "selection/level")));
	ck_assert(json_is_false(at(root, "complete")));
	json_decref(root);
	sample_free(r);
}
END_TEST

/* Numbers in a suite's head must be those of its cases. */
START_TEST(junit_counts_agree)
{
	static const struct {
		const char *sink, *fail_on;
		size_t cases, failures, errors, skipped;
	} wanted[] = {
		{ "junit", "low", 19, 8, 5, 3 },
		{ "junit", "warn", 19, 9, 5, 2 },
		{ "junit:ant", "low", 16, 8, 5, 0 },
		{ "junit:ant", "warn", 17, 9, 5, 0 },
	};
	static const char *const words[] = { "<testcase ", "<failure ", "<error ", "<skipped " };
	struct report *r = sample_new();
	const struct report_options o = { 0 };

	r->fail_on = wanted[_i].fail_on;
	AUTO_FREE char *out = run(r, wanted[_i].sink, &o);
	const size_t expected[] = { wanted[_i].cases, wanted[_i].failures, wanted[_i].errors,
				    wanted[_i].skipped };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = 0;
		for (const char *s = out; (s = strstr(s, words[i])) != NULL; s++)
			n++;
		ck_assert_msg(n == expected[i], "%s%zu", words[i], n);
	}
	sample_free(r);
}
END_TEST

static const struct {
	int status;
	const char *fail_on;
	bool complete, as_root;
	const char *wanted;
} last_lines[] = {
	{ 1, "low", true, false,
	  "FAIL  8 rules at or above low; 1 to review; 1 waived; 5 could not be told: "
	  "run as root, or see seaworthy doctor (exit 1)" },
	{ 1, "critical", true, true,
	  "FAIL  2 rules at or above critical, 6 below; 1 to review; 1 waived; "
	  "5 could not be told: see seaworthy doctor (exit 1)" },
	{ 3, "low", false, true,
	  "UNKNOWN  8 rules at or above low; 1 to review; 1 waived; the record is not "
	  "complete; 5 could not be told: see seaworthy doctor (exit 3)" },
	{ 0, "never", true, true,
	  "DONE  8 rules fail; 1 to review; 1 waived; 5 could not be told: see "
	  "seaworthy doctor (exit 0)" },
	{ 2, "low", true, true,
	  "TROUBLE  8 rules at or above low; 1 to review; 1 waived; 5 could not be "
	  "told: see seaworthy doctor (exit 2)" },
};

START_TEST(ends_with_the_verdict)
{
	struct report *r = sample_new();
	const struct report_options o = { .width = 140, .quiet = true };
	r->exit_status = last_lines[_i].status;
	r->fail_on = last_lines[_i].fail_on;
	r->complete = last_lines[_i].complete;
	r->as_root = last_lines[_i].as_root;
	AUTO_FREE char *out = run(r, "text", &o);
	AUTO_FREE char *wanted = xasprintf("\n%s\n", last_lines[_i].wanted);
	ck_assert_msg(ends_with(out, wanted), "%s", out);
	sample_free(r);
}
END_TEST

/* A report of nothing: nothing may look as if it passed. */
START_TEST(says_when_nothing_was_decided)
{
	struct report *r = sample_new();
	const struct report_options o = { .width = 100 };
	struct report empty = *r;
	struct summary none[2] = { 0 };
	empty.n_results = 0;
	empty.summary = none[0];
	empty.profile_summaries = none;
	empty.exit_status = 3;
	AUTO_FREE char *out = run(&empty, "text", &o);
	ck_assert_ptr_nonnull(strstr(out, "no rule was decided"));
	ck_assert_ptr_nonnull(strstr(out, "no rule of cis-docker-1.8.0 was decided (exit 3)"));
	AUTO_FREE char *json = run(&empty, "json", &o);
	AUTO_FREE char *xml = run(&empty, "junit", &o);
	ck_assert_ptr_nonnull(strstr(json, "\"results\": []"));
	ck_assert_ptr_nonnull(strstr(xml, "<error message=\"no rule was judged\""));
	sample_free(r);
}
END_TEST

START_TEST(fingerprints_are_stable)
{
	char a[17], b[17];
	struct report *r = sample_new();
	struct result *res = &r->results[11];
	struct finding f = res->findings[8];
	struct subject s = *f.subject;
	f.subject = &s;
	s.image = "busybox:1";

	ck_assert_str_eq(finding_fingerprint(&f, res->rule, a), "22bb990e66e6590a");
	s.id = "another container of that name";
	f.reason = "another reason";
	ck_assert_str_eq(finding_fingerprint(&f, res->rule, b), a);
	s.image = "busybox:2";
	ck_assert_str_ne(finding_fingerprint(&f, res->rule, b), a);
	s.image = "busybox:1";
	s.kind = SW_SERVICE;
	ck_assert_str_ne(finding_fingerprint(&f, res->rule, b), a);
	s.kind = SW_CONTAINER;
	ck_assert_str_ne(finding_fingerprint(&f, r->results[10].rule, b), a);
	/* What one name loses the next may not gain. */
	s.name = "vanilla-appb";
	s.image = "usybox:1";
	ck_assert_str_ne(finding_fingerprint(&f, res->rule, b), a);
	sample_free(r);
}
END_TEST

START_TEST(sinks_are_listed)
{
	for (size_t i = 0; sinks[i]; i++) {
		ck_assert_ptr_eq(sink_find(sinks[i]->name), sinks[i]);
		ck_assert(sinks[i]->help && sinks[i]->write);
	}
	ck_assert_ptr_null(sink_find("nonsense"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("report", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, matches_golden, 0, ARRAY_SIZE(goldens));
	tcase_add_loop_test(tc, lets_nothing_raw_through, 0, ARRAY_SIZE(goldens));
	tcase_add_loop_test(tc, keeps_to_the_width, 0, ARRAY_SIZE(goldens));
	tcase_add_test(tc, others_can_read_it);
	tcase_add_loop_test(tc, json_keeps_the_contract, 0, ARRAY_SIZE(contract));
	tcase_add_test(tc, json_without_engine);
	tcase_add_loop_test(tc, junit_counts_agree, 0, 4);
	tcase_add_loop_test(tc, ends_with_the_verdict, 0, ARRAY_SIZE(last_lines));
	tcase_add_test(tc, says_when_nothing_was_decided);
	tcase_add_test(tc, fingerprints_are_stable);
	tcase_add_test(tc, sinks_are_listed);
	return harness_run(suite);
}
