/* SPDX-License-Identifier: Apache-2.0 */
/* t_evidence.c: reports of scanners: what they say, which image they are about, and which are none.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "json_memory.h"
#include "evidence.h"
#include "facts.h"
#include "harness.h"
#include "imagebase.h"
#include "record.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* Of sixty-four digits each. */
#define A  "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B  "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C  "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define L1 "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define L2 "sha256:2222222222222222222222222222222222222222222222222222222222222222"

static const int64_t now = 1795392000; /* 2026-11-23 */

static json_t *parse(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	json_t *v = json_parse_hostile(copy, strlen(copy), NULL);

	ck_assert_ptr_nonnull(v);
	return v;
}

#define TRIVY(metadata, results)                                                                   \
	"{\"SchemaVersion\":2,\"CreatedAt\":\"2026-11-20T00:00:00.123+01:00\",\"ArtifactName\":"   \
	"\"x\","                                                                                   \
	"\"ArtifactType\":\"container_image\",\"Metadata\":" metadata ",\"Results\":" results "}"
#define GRYPE(target, matches)                                                                     \
	"{\"matches\":" matches ",\"source\":{\"type\":\"image\",\"target\":" target               \
	"},\"descriptor\":{"                                                                       \
	"\"name\":\"grype\",\"timestamp\":\"2026-11-20T00:00:00Z\"}}"
#define CYCLONEDX(component, vulnerabilities)                                                      \
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{\"timestamp\":"        \
	"\"2026-11-20T00:00:00+00:00\",\"component\":" component "}" vulnerabilities "}"

/* --- what they say -----------------------------------------------------------------------------
 */

static const struct {
	const char *text;
	const char *scanner; /* NULL: unread, and why */
	const char *why;
	int is_scanned, critical, high;
} reports[] = {
	{ TRIVY("{\"ImageID\":\"" A "\"}", "[{\"Class\":\"os-pkgs\",\"Vulnerabilities\":[{"
					   "\"Severity\":\"CRITICAL\"},{\"Severity\":\"HIGH\"},"
					   "{\"Severity\":\"LOW\"},{\"Severity\":null},{}]},{"
					   "\"Class\":\"lang-pkgs\",\"Vulnerabilities\":["
					   "{\"Severity\":\"HIGH\"}]}]"),
	  "Trivy", NULL, 1, 1, 2 },
	{ TRIVY("{\"ImageID\":\"" A "\"}", "[{\"Class\":\"os-pkgs\"}]"), "Trivy", NULL, 1, 0, 0 },
	{ TRIVY("{\"ImageID\":\"" A "\"}", "[{\"Class\":\"secret\"}]"), "Trivy", NULL, 0, 0, 0 },
	{ TRIVY("{\"ImageID\":\"" A "\"}", "[]"), "Trivy", NULL, 0, 0, 0 },
	{ TRIVY("{}", "[{\"Class\":\"os-pkgs\"}]"), NULL, "which image", 0, 0, 0 },
	{ TRIVY("null", "[]"), NULL, "which image", 0, 0, 0 },
	{ TRIVY("{\"ImageID\":\"sha256:short\"}", "[]"), NULL, "which image", 0, 0, 0 },
	{ TRIVY("{\"ImageID\":7,\"DiffIDs\":\"x\",\"RepoDigests\":[1,null,\"x\"]}", "[1,null]"),
	  NULL, "which image", 0, 0, 0 },
	{ "{\"SchemaVersion\":2,\"ArtifactType\":\"filesystem\",\"Results\":[],\"Metadata\":{"
	  "\"ImageID\":\"" A "\"}}",
	  NULL, "no image", 0, 0, 0 },
	{ GRYPE("{\"imageID\":\"" A "\"}",
		"[{\"vulnerability\":{\"severity\":\"Critical\"}},{\"vulnerability\":{"
		"\"severity\":\"High\"}},{\"vulnerability\":{\"severity\":\"Unknown\"}},{}]"),
	  "Grype", NULL, 1, 1, 1 },
	{ GRYPE("{\"imageID\":\"" A "\"}", "[]"), "Grype", NULL, 1, 0, 0 },
	{ GRYPE("\"/dir\"", "[]"), NULL, "which image", 0, 0, 0 },
	{ "{\"matches\":[],\"source\":{\"type\":\"directory\",\"target\":{\"imageID\":\"" A "\"}}}",
	  NULL, "no image", 0, 0, 0 },
	{ CYCLONEDX(
		  "{\"type\":\"container\",\"name\":\"x\",\"purl\":\"pkg:oci/x@sha256%3A"
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?arch=amd64\"}",
		  ",\"vulnerabilities\":[{\"ratings\":[{\"severity\":\"low\"},{\"severity\":"
		  "\"critical\"},{\"severity\":"
		  "\"high\"}]},{\"ratings\":[{\"severity\":\"high\"}]},{\"id\":\"x\"}]"),
	  "CycloneDX", NULL, 1, 1, 1 },
	/* Some makers give a score alone. */
	{ CYCLONEDX(
		  "{\"type\":\"container\",\"version\":\"" A "\"}",
		  ",\"vulnerabilities\":[{\"ratings\":[{\"score\":9.0,\"method\":\"CVSSv31\"}]},{"
		  "\"ratings\":[{\"score\":10,\"method\":\"CVSSv2\"}]},{\"ratings\":[{\"score\":7,"
		  "\"severity\":\"unknown\"}]},{\"ratings\":[{\"score\":6.9},{\"score\":\"9\"}]},{"
		  "\"ratings\":[{\"score\":9.8,\"severity\":\"low\"}]}]"),
	  "CycloneDX", NULL, 1, 1, 2 },
	{ CYCLONEDX("{\"type\":\"container\",\"version\":\"" A "\"}", ""), "CycloneDX", NULL, 0, 0,
	  0 },
	{ CYCLONEDX("{\"type\":\"container\",\"version\":\"" A "\"}", ",\"vulnerabilities\":[]"),
	  "CycloneDX", NULL, 0, 0, 0 },
	{ CYCLONEDX("{\"type\":\"application\",\"version\":\"" A "\"}", ""), NULL, "no image", 0, 0,
	  0 },
	{ CYCLONEDX("{\"type\":\"container\",\"name\":\"x\",\"version\":\"1.0\"}", ""), NULL,
	  "which image", 0, 0, 0 },
	{ "{}", NULL, "no report", 0, 0, 0 },
	{ "[]", NULL, "no report", 0, 0, 0 },
	{ "7", NULL, "no report", 0, 0, 0 },
	{ "{\"Results\":[]}", NULL, "no report", 0, 0, 0 },
	{ "{\"bomFormat\":\"SPDX\"}", NULL, "no report", 0, 0, 0 },
};

START_TEST(reports_are_understood)
{
	AUTO_JSON json_t *report = parse(reports[_i].text);
	AUTO_JSON json_t *u = evidence_understand(report, now);

	if (!reports[_i].scanner) {
		ck_assert_msg(fact_is_unread(u), "%s was taken", reports[_i].text);
		ck_assert_msg(strstr(fact_reason(u), reports[_i].why) != NULL, "%s",
			      fact_reason(u));
		return;
	}
	ck_assert_msg(!fact_is_unread(u), "%s", fact_reason(u));
	ck_assert_str_eq(json_string_value(json_object_get(u, "Scanner")), reports[_i].scanner);
	ck_assert_int_eq(json_is_true(json_object_get(u, "Scanned")), reports[_i].is_scanned);
	ck_assert_int_eq(json_integer_value(json_object_get(u, "Critical")), reports[_i].critical);
	ck_assert_int_eq(json_integer_value(json_object_get(u, "High")), reports[_i].high);
	ck_assert_int_eq(json_integer_value(json_object_get(u, "AgeDays")), 3);
}
END_TEST

static const struct {
	const char *created;
	int days; /* -1: unread */
} ages[] = {
	{ "\"2026-11-23T00:00:00Z\"", 0 },
	{ "\"2026-11-22T00:00:01Z\"", 0 },
	{ "\"2026-11-22T00:00:00Z\"", 1 },
	{ "\"2025-11-23T00:00:00Z\"", 365 },
	{ "\"2026-11-23T23:00:00Z\"", 0 },
	{ "\"2026-11-24T00:00:01Z\"", -1 },
	{ "\"9999-01-01T00:00:00Z\"", -1 },
	{ "\"yesterday\"", -1 },
	{ "null", -1 },
	{ "7", -1 },
};

START_TEST(age_is_that_of_the_report)
{
	AUTO_FREE char *text = xasprintf(
		"{\"SchemaVersion\":2,\"CreatedAt\":%s,\"ArtifactType\":\"container_image\","
		"\"Metadata\":{\"ImageID\":\"" A "\"},\"Results\":[]}",
		ages[_i].created);
	AUTO_JSON json_t *report = parse(text);
	AUTO_JSON json_t *u = evidence_understand(report, now);
	json_t *age = json_object_get(u, "AgeDays");

	ck_assert_msg(ages[_i].days < 0
			      ? fact_is_unread(age)
			      : json_integer_value(age) == ages[_i].days && json_is_integer(age),
		      "%s", ages[_i].created);
}
END_TEST

/* --- which image -------------------------------------------------------------------------------
 */

#define IMAGE(digests, layers)                                                                     \
	"{\"Id\":\"" A "\",\"RepoDigests\":" digests ",\"RootFS\":{\"Layers\":" layers "}}"

static const struct {
	const char *report, *inspect, *bound; /* bound NULL: it is about another one */
} bindings[] = {
	{ TRIVY("{\"ImageID\":\"" A "\"}", "[]"), IMAGE("[]", "[\"" L1 "\"]"), "image id" },
	{ TRIVY("{\"ImageID\":\"" B "\"}", "[]"), IMAGE("[]", "[\"" L1 "\"]"), NULL },
	{ TRIVY("{\"ImageID\":\"" A "\",\"DiffIDs\":[\"" L1 "\"]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\"]"), "image id" },
	/* An id that fits and layers that do not: it is made up, or of another architecture. */
	{ TRIVY("{\"ImageID\":\"" A "\",\"DiffIDs\":[\"" L2 "\"]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\"]"), NULL },
	{ TRIVY("{\"ImageID\":\"" B "\",\"DiffIDs\":[\"" L1 "\",\"" L2 "\"]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\",\"" L2 "\"]"), "layers" },
	{ TRIVY("{\"DiffIDs\":[\"" L2 "\",\"" L1 "\"]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\",\"" L2 "\"]"), NULL },
	{ TRIVY("{\"DiffIDs\":[\"" L1 "\"]}", "[]"), IMAGE("[]", "[\"" L1 "\",\"" L2 "\"]"), NULL },
	{ TRIVY("{\"DiffIDs\":[\"" L1 "\"]}", "[]"), IMAGE("[]", "[]"), NULL },
	{ TRIVY("{\"RepoDigests\":[\"x@" C "\"]}", "[]"),
	  IMAGE("[\"other@" C "\"]", "[\"" L1 "\"]"), "digest" },
	{ TRIVY("{\"RepoDigests\":[\"x@" C "\"],\"DiffIDs\":[\"" L2 "\"]}", "[]"),
	  IMAGE("[\"x@" C "\"]", "[\"" L1 "\"]"), NULL },
	{ TRIVY("{\"RepoDigests\":[\"x@" C "\"]}", "[]"), IMAGE("[\"x@" B "\"]", "[\"" L1 "\"]"),
	  NULL },
	{ GRYPE("{\"imageID\":\"" B "\",\"manifestDigest\":\"" A "\"}", "[]"), IMAGE("null", "[]"),
	  "digest" },
	{ GRYPE("{\"imageID\":\"" B "\",\"layers\":[{\"digest\":\"" L1 "\"}]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\"]"), "layers" },
	{ GRYPE("{\"imageID\":\"" A "\",\"layers\":[{\"digest\":null},{}]}", "[]"),
	  IMAGE("[]", "[\"" L1 "\"]"), NULL },
	{ CYCLONEDX("{\"type\":\"container\",\"properties\":[{\"name\":\"aquasecurity:trivy:"
		    "ImageID\",\"value\":\"" A
		    "\"},{\"name\":\"aquasecurity:trivy:DiffID\",\"value\":\"" L1 "\"}]}",
		    ""),
	  IMAGE("[]", "[\"" L1 "\"]"), "image id" },
	{ CYCLONEDX("{\"type\":\"container\",\"properties\":[{\"name\":\"aquasecurity:trivy:"
		    "DiffID\",\"value\":\"" L2 "\"}],\"version\":\"" A "\"}",
		    ""),
	  IMAGE("[]", "[\"" L1 "\"]"), NULL },
	{ CYCLONEDX("{\"type\":\"container\",\"bom-ref\":\"pkg:oci/x@" C "\"}", ""),
	  IMAGE("[\"x@" C "\"]", "[]"), "digest" },
	{ CYCLONEDX("{\"type\":\"container\",\"version\":\"" C "\"}", ""),
	  IMAGE("[\"x@" C "\"]", "[]"), "digest" },
	/* Inspect that could not be read. */
	{ TRIVY("{\"DiffIDs\":[\"" L1 "\"]}", "[]"), "{\"$unread\":\"x\"}", NULL },
};

START_TEST(reports_are_bound_to_their_image)
{
	AUTO_JSON json_t *report = parse(bindings[_i].report);
	AUTO_JSON json_t *inspect = parse(bindings[_i].inspect);
	AUTO_JSON json_t *u = evidence_understand(report, now);
	const char *bound = evidence_binds(u, A, inspect);

	ck_assert_msg(bindings[_i].bound ? bound && streq(bound, bindings[_i].bound) : !bound,
		      "%d: %s", _i, bound ? bound : "not bound");
}
END_TEST

/* --- the folder --------------------------------------------------------------------------------
 */

static void put_file(const char *folder, const char *name, const char *text)
{
	AUTO_FREE char *path = xasprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(a_folder_is_opened_with_care)
{
	char folder[] = "t_evidence.XXXXXX";
	struct evidence_files e;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	AUTO_FREE char *fifo = xasprintf("%s/b.json", folder),
		       *link = xasprintf("%s/c.json", folder);
	AUTO_FREE char *sub = xasprintf("%s/d.json", folder),
		       *command = xasprintf("%s/a.json", folder);
	AUTO_FREE char *other = xasprintf("%s/x.txt", folder);
	put_file(folder, "a.json", "{}");
	put_file(folder, "x.txt", "no");
	ck_assert(mkfifo(fifo, 0600) == 0 && symlink("a.json", link) == 0 && mkdir(sub, 0700) == 0);
	ck_assert_int_eq(evidence_open(folder, &e, NULL), 0);
	ck_assert_uint_eq(e.n, 4);
	ck_assert(streq(e.files[0].name, "a.json") && e.files[0].fd >= 0);
	for (size_t i = 1; i < e.n; i++)
		ck_assert_msg(e.files[i].fd < 0 && e.files[i].error != 0, "%s", e.files[i].name);
	evidence_done(&e);
	unlink(command), unlink(fifo), unlink(link), unlink(other), rmdir(sub), rmdir(folder);
}
END_TEST

START_TEST(no_folder_is_an_error)
{
	struct evidence_files e;
	struct err err = { 0 };

	ck_assert_int_lt(evidence_open("t_evidence.c/none", &e, &err), 0);
	ck_assert_msg(strstr(err.text, "--evidence") != NULL, "%s", err.text);
	err_done(&err);
}
END_TEST

START_TEST(only_so_many_files)
{
	char folder[] = "t_evidence.XXXXXX";
	struct evidence_files e;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	for (int i = 0; i < EVIDENCE_FILES_MAX + 3; i++) {
		AUTO_FREE char *name = xasprintf("%d.json", i);
		put_file(folder, name, "");
	}
	ck_assert_int_eq(evidence_open(folder, &e, NULL), 0);
	ck_assert_uint_eq(e.n, EVIDENCE_FILES_MAX);
	ck_assert_uint_eq(e.n_left, 3);
	evidence_done(&e);
	for (int i = 0; i < EVIDENCE_FILES_MAX + 3; i++) {
		AUTO_FREE char *path = xasprintf("%s/%d.json", folder, i);
		unlink(path);
	}
	rmdir(folder);
}
END_TEST

/* --- base images -------------------------------------------------------------------------------
 */

/* layers and history as letters, lowest first. */
static json_t *inspect_of(const char *layers)
{
	json_t *list = json_array();

	for (; *layers; layers++)
		json_array_append_new(list, json_stringn(layers, 1));
	return json_pack("{s{so}}", "RootFS", "Layers", list);
}

static json_t *history_of(const char *lines)
{
	json_t *list = json_array();

	for (size_t n = strlen(lines); n-- > 0;)
		json_array_append_new(list, json_pack("{si ss%}", "Created", 1, "CreatedBy",
						      lines + n, (size_t)1));
	return list;
}

static const struct {
	const char *layers, *history, *base; /* NULL: none */
	int n_layers, n_lines;
} children[] = {
	{ "abc", "xyz", "two", 2, 2 }, { "abcd", "xyzw", "three", 3, 3 },
	{ "ab", "xyz", "two", 2, 2 },  { "ab", "xy", NULL, 0, 0 },
	{ "ab", "xq", NULL, 0, 0 },    { "aqc", "xyz", NULL, 0, 0 },
	{ "bc", "yz", NULL, 0, 0 },    { "", "xyz", NULL, 0, 0 },
	{ "abc", "", NULL, 0, 0 },     { "abc", "xqz", NULL, 0, 0 },
};

START_TEST(bases_are_found)
{
	struct imagebases *all = imagebases_new();
	AUTO_JSON json_t *two = inspect_of("ab"), *two_lines = history_of("xy");
	AUTO_JSON json_t *three = inspect_of("abc"), *three_lines = history_of("xyz");
	AUTO_JSON json_t *empty = inspect_of(""), *no_lines = history_of("");
	AUTO_JSON json_t *child = inspect_of(children[_i].layers),
			 *lines = history_of(children[_i].history);

	imagebases_add(all, "empty", empty, no_lines);
	imagebases_add(all, "two", two, two_lines);
	if (strlen(children[_i].layers) > 3)
		imagebases_add(all, "three", three, three_lines);
	imagebases_add(all, "self", child, lines);
	AUTO_JSON json_t *base = imagebases_find(all, "self", child, lines);
	imagebases_free(all);
	ck_assert_int_eq(base != NULL, children[_i].base != NULL);
	if (!base)
		return;
	ck_assert_str_eq(json_string_value(json_object_get(base, "Id")), children[_i].base);
	ck_assert_int_eq(json_integer_value(json_object_get(base, "Layers")),
			 children[_i].n_layers);
	ck_assert_int_eq(json_integer_value(json_object_get(base, "History")),
			 children[_i].n_lines);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("evidence", &suite);

	json_use_own_memory();
	tcase_add_loop_test(tcase, reports_are_understood, 0, ARRAY_SIZE(reports));
	tcase_add_loop_test(tcase, age_is_that_of_the_report, 0, ARRAY_SIZE(ages));
	tcase_add_loop_test(tcase, reports_are_bound_to_their_image, 0, ARRAY_SIZE(bindings));
	tcase_add_test(tcase, a_folder_is_opened_with_care);
	tcase_add_test(tcase, no_folder_is_an_error);
	tcase_add_test(tcase, only_so_many_files);
	tcase_add_loop_test(tcase, bases_are_found, 0, ARRAY_SIZE(children));
	return harness_run(suite);
}
