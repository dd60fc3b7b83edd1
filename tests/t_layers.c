/* SPDX-License-Identifier: Apache-2.0 */
/* t_layers.c: archives of images, sound and hostile, against what is said of their layers. */
#include <sys/resource.h>

#ifdef HAVE_CONFIG_H
#include "json_memory.h"
#include "config.h"
#endif

#include "facts.h"
#include "harness.h"
#include "layers.h"
#include "layertree.h"
#include "record.h"
#include "tarmaker.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* Of the address sanitizer, which counts as resident; gcc and clang tell of it in their own ways.
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW_MEMORY
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW_MEMORY
#endif

enum { LAYERS = 4 };

/* An image of up to LAYERS layers, and how its export is written. */
struct image {
	struct text layers[LAYERS];
	size_t n;
	bool is_old; /* docker save of old engines: ID/layer.tar, the manifest last */
	bool compressed;
	const char *manifest; /* in place of the right one */
	struct text export;
};

static void image_done(struct image *k)
{
	for (size_t i = 0; i < LAYERS; i++)
		text_done(&k->layers[i]);
	text_done(&k->export);
}
#define AUTO_IMAGE CLEANUP(image_done)

static char *layer_name(const struct image *k, size_t i)
{
	return xasprintf(k->is_old ? "%064zu/layer.tar" : "blobs/sha256/%064zu", 9 - i);
}

static void add_layer(struct image *k, size_t i)
{
	AUTO_FREE char *name = layer_name(k, i);
	AUTO_TEXT struct text packed = { 0 };
	const struct text *layer = &k->layers[i];

	if (k->compressed) {
		gzip(&packed, text_str(layer), layer->len);
		layer = &packed;
	}
	tar_data(&k->export, '0', name, 0644, text_str(layer), layer->len);
}

static void add_manifest(struct image *k)
{
	AUTO_TEXT struct text m = { 0 };

	text_add(&m, "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[");
	for (size_t i = 0; i < k->n; i++) {
		AUTO_FREE char *name = layer_name(k, i);
		text_printf(&m, "%s\"%s\"", i ? "," : "", name);
	}
	text_add(&m, "]}]");
	tar_file(&k->export, "manifest.json", 0644, k->manifest ? k->manifest : text_str(&m));
}

/* Layers are not in the order of the image, and other files are between them. */
static void make_export(struct image *k)
{
	tar_header(&k->export, '5', "blobs/", "", 0755, 0);
	if (!k->is_old) {
		tar_file(&k->export, "blobs/sha256/0123", 0644, "{\"config\": true}");
		add_manifest(k);
	}
	for (size_t i = k->n; i-- > 0;)
		add_layer(k, i);
	tar_file(&k->export, "oci-layout", 0644, "{}");
	if (k->is_old)
		add_manifest(k);
	tar_end(&k->export);
}

/* Hands it over in pieces of odd lengths. */
struct pieces {
	const char *data;
	size_t n, at, step;
};

static size_t next_piece(void *context, const char **ret)
{
	struct pieces *p = context;
	size_t n = p->n - p->at < p->step ? p->n - p->at : p->step;

	*ret = p->data + p->at;
	p->at += n;
	return n;
}

static json_t *read_export(const struct text *export, size_t n_layers)
{
	struct pieces p = { text_str(export), export->len, 0, 5003 };

	return layers_read(next_piece, &p, n_layers);
}

static json_t *read_image(struct image *k)
{
	for (size_t i = 0; i < k->n; i++)
		tar_end(&k->layers[i]);
	make_export(k);
	return read_export(&k->export, k->n);
}

/* Paths of the files with setuid, and "Users" and "Packages" where asked for, as one line. */
static char *setuid_of(json_t *said)
{
	AUTO_TEXT struct text t = { 0 };
	size_t i;
	json_t *v;

	if (fact_is_unread(said))
		return xasprintf("unread: %s", fact_reason(said));
	json_array_foreach(json_object_get(said, "Setuid"), i, v) text_printf(
		&t, "%s%s %s", i ? ", " : "", json_string_value(json_object_get(v, "path")),
		json_string_value(json_object_get(v, "mode")));
	return text_take(&t);
}

static void expect(struct image *k, const char *wanted)
{
	AUTO_JSON json_t *said = read_image(k);
	AUTO_FREE char *got = setuid_of(said);

	ck_assert_msg(starts_with(wanted, "unread") ? strstr(got, wanted) != NULL
						    : streq(got, wanted),
		      "wanted '%s', got '%s'", wanted, got);
}

/* --- the kinds of exports ----------------------------------------------------------------------
 */

START_TEST(what_layers_leave)
{
	AUTO_IMAGE struct image k = { .n = 3, .is_old = _i % 2, .compressed = _i / 2 };

	tar_header(&k.layers[0], '5', "bin/", "", 02755, 0);
	tar_file(&k.layers[0], "./bin/su", 04755, "a program");
	tar_link(&k.layers[0], '1', "bin/link", "bin/su");
	tar_file(&k.layers[0], "/bin/gone", 04755, "");
	tar_file(&k.layers[0], "old/gone", 02755, "");
	tar_file(&k.layers[0], "bin/mended", 06755, "");
	tar_header(&k.layers[0], '3', "dev/x", "", 04666, 0);
	tar_file(&k.layers[1], "bin/.wh.gone", 0, "");
	tar_file(&k.layers[1], "old/.wh..wh..opq", 0, "");
	tar_file(&k.layers[1], "bin/mended", 0755, "");
	tar_link(&k.layers[1], '1', "lower", "bin/su");
	tar_link(&k.layers[2], '2', "dev", "x");
	expect(&k, "/bin/su 4755, /bin/link 4755, /lower 4755");
}
END_TEST

/* --- contents ----------------------------------------------------------------------------------
 */

static void expect_part(json_t *said, const char *part, const char *wanted)
{
	AUTO_FREE char *got = json_dumped(json_object_get(said, part),
					  JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

	ck_assert_msg(got && streq(got, wanted), "%s: wanted %s, got %s", part, wanted,
		      got ? got : "nothing");
}

START_TEST(contents_are_understood)
{
	AUTO_IMAGE struct image k = { .n = 3, .is_old = _i };

	tar_file(&k.layers[0], "etc/passwd", 0644, "root:x:0:0::/:\nold:x:5:5::/:\n");
	tar_file(&k.layers[0], "var/lib/dpkg/status", 0644,
		 "Package: gone\nStatus: install ok installed\n");
	tar_file(&k.layers[1], "etc/passwd", 0644,
		 "root:x:0:0:root:/root:/bin/sh\ntoor:x:00:0::/:\nno line\nx:y\nbad:x:1z:1::/:\n"
		 "bad:x:8:8::/:\n \n\t spaced:x:0:0::/:\nspaced:x:9:9::/:\nroot:x:7:7::/:\n"
		 "last:x:1000:1000::/:\r");
	tar_file(&k.layers[1], "var/lib/dpkg/status", 0644,
		 "Package: sudo\nStatus: install ok installed\nDescription: x\n Package: no\n\n"
		 "Package: removed\nStatus: deinstall ok config-files\n\nStatus: install ok "
		 "installed\n\n"
		 "Package: held\nStatus: hold ok installed\n");
	tar_file(&k.layers[2], "var/lib/dpkg/status.d/base", 0644,
		 "Package: base-files\nVersion: 1\n");
	tar_file(&k.layers[2], "var/lib/dpkg/status.d/base.md5sums", 0644, "Package: not-this\n");
	tar_file(&k.layers[2], "lib/apk/db/installed", 0644,
		 "C:Q1\nP:musl\nV:1\n\nP:busybox\nV:2\n");
	AUTO_JSON json_t *said = read_image(&k);
	/* the engine takes what is no number for 0 */
	expect_part(said, "Users",
		    "{\"bad\":0,\"last\":1000,\"no line\":0,\"root\":0,\"spaced\":0,\"toor\":0,"
		    "\"x\":0}");
	expect_part(said, "Packages",
		    "{\"apk\":[\"musl\",\"busybox\"],\"dpkg\":[\"sudo\",\"held\",\"base-files\"]}");
}
END_TEST

START_TEST(contents_that_are_not_read_are_unread)
{
	AUTO_IMAGE struct image k = { .n = 2 };

	tar_file(&k.layers[0], "etc/passwd", 0644, "root:x:0:0::/:\n");
	tar_link(&k.layers[1], '2', "etc/passwd", "../run/passwd");
	tar_file(&k.layers[1], "var/lib/rpm/rpmdb.sqlite", 0644, "SQLite");
	AUTO_JSON json_t *said = read_image(&k);
	expect_part(said, "Users", "{\"$unread\":\"etc/passwd: is no plain file\"}");
	expect_part(said, "Packages",
		    "{\"rpm\":{\"$unread\":\"var/lib/rpm/rpmdb.sqlite: databases of rpm are not "
		    "understood\"}}");
}
END_TEST

START_TEST(no_accounts_are_no_accounts)
{
	AUTO_IMAGE struct image k = { .n = 2 };

	tar_file(&k.layers[0], "etc/passwd", 0644, "root:x:0:0::/:\n");
	tar_file(&k.layers[1], "etc/.wh.passwd", 0644, "");
	AUTO_JSON json_t *said = read_image(&k);
	expect_part(said, "Users", "null");
	expect_part(said, "Packages", "{}");
}
END_TEST

/* --- exports -----------------------------------------------------------------------------------
 */

static const struct {
	const char *manifest, *wanted;
} manifests[] = {
	{ "", "unread: the manifest" },
	{ "{", "unread: the manifest" },
	{ "[]", "unread: the engine's export describes 0 images" },
	{ "{}", "unread: the engine's export describes 0 images" },
	{ "[{},{}]", "unread: the engine's export describes 2 images" },
	{ "[{\"Layers\":[]}]", "unread: the engine's export has 0 layers, the image 1" },
	{ "[{\"Layers\":null}]", "unread: the engine's export has 0 layers, the image 1" },
	{ "[{\"Layers\":[1]}]", "unread: the manifest in the engine's export names no file" },
	{ "[{\"Layers\":[\"nothing\"]}]", "unread: layer 1 is missing" },
	{ "[{\"Layers\":[\"blobs/sha256/0123\"]}]", "unread: layer 1: " },
	{ "[7]", "unread: the engine's export has 0 layers, the image 1" },
};

START_TEST(manifests_that_do_not_fit)
{
	AUTO_IMAGE struct image k = { .n = 1, .manifest = manifests[_i].manifest };

	tar_file(&k.layers[0], "a", 0644, "");
	expect(&k, manifests[_i].wanted);
}
END_TEST

/* Every beginning of an export is unread: a cut may not lose a file. */
START_TEST(cut_exports_are_unread)
{
	AUTO_IMAGE struct image k = { .n = 2, .is_old = true, .compressed = _i };

	tar_file(&k.layers[0], "a", 0644, "");
	tar_file(&k.layers[1], "su", 04755, "x");
	tar_end(&k.layers[0]);
	tar_end(&k.layers[1]);
	make_export(&k);
	for (size_t n = 0; n + 3 * TAR_BLOCK < k.export.len; n += 100) {
		struct text cut = { .s = k.export.s, .len = n };
		AUTO_JSON json_t *said = read_export(&cut, k.n);
		ck_assert_msg(fact_is_unread(said), "%zu bytes of %zu", n, k.export.len);
	}
}
END_TEST

/* A layer whose last member claims more than there is, or that ends in the middle of one. */
START_TEST(sizes_that_lie)
{
	static const size_t claims[] = { 1600, 100000, 077777777777 };
	AUTO_IMAGE struct image k = { .n = 1 };

	tar_header(&k.layers[0], '0', "a", "", 0644, claims[_i]);
	tar_file(&k.layers[0], "su", 04755, "");
	expect(&k, "unread: layer 1: ");
}
END_TEST

START_TEST(layers_that_are_none)
{
	static const char *const data[] = { "no tar at all", "\x1f\x8b\x08 no gzip",
					    "\x28\xb5\x2f\xfd no zstd" };
	AUTO_IMAGE struct image k = { .n = 1 };

	text_add(&k.layers[0], data[_i]);
	while (k.layers[0].len < 3000)
		text_add(&k.layers[0], "no tar at all");
	make_export(&k);
	AUTO_JSON json_t *said = read_export(&k.export, 1);
	ck_assert(fact_is_unread(said));
}
END_TEST

START_TEST(replies_that_are_no_archive)
{
	static const char *const replies[] = { "", "{\"message\":\"no such image\"}", "\n\n\n" };
	struct text t = { .s = (char[64]){ "" }, .len = strlen(replies[_i]) };

	memcpy(t.s, replies[_i], t.len);
	AUTO_JSON json_t *said = read_export(&t, 1);
	ck_assert(fact_is_unread(said));
}
END_TEST

START_TEST(equal_layers_are_exported_once)
{
	AUTO_TEXT struct text layer = { 0 }, export = { 0 };

	tar_file(&layer, "su", 04755, "");
	tar_end(&layer);
	tar_link(&export, '2', "b/layer.tar", "../a/layer.tar");
	tar_data(&export, '0', "a/layer.tar", 0644, text_str(&layer), layer.len);
	tar_file(&export, "manifest.json", 0644,
		 "[{\"Layers\":[\"a/layer.tar\",\"b/layer.tar\"]}]");
	tar_end(&export);
	AUTO_JSON json_t *said = read_export(&export, 2);
	AUTO_FREE char *got = setuid_of(said);
	ck_assert_str_eq(got, "/su 4755");
}
END_TEST

START_TEST(aliases_that_lead_nowhere)
{
	static const char *const targets[] = { "b/layer.tar", "../../../../etc/passwd",
					       "../b/layer.tar", "/etc" };
	AUTO_TEXT struct text export = { 0 };

	tar_link(&export, '2', "b/layer.tar", targets[_i]);
	tar_file(&export, "manifest.json", 0644, "[{\"Layers\":[\"b/layer.tar\"]}]");
	tar_end(&export);
	AUTO_JSON json_t *said = read_export(&export, 1);
	ck_assert(fact_is_unread(said));
}
END_TEST

START_TEST(names_that_are_no_text)
{
	AUTO_IMAGE struct image k = { .n = 1 };

	tar_file(&k.layers[0], "caf\xe9\x1b[2J", 04755, "");
	AUTO_JSON json_t *said = read_image(&k);
	AUTO_FREE char *got = setuid_of(said);
	ck_assert_str_eq(got, "/caf?\x1b[2J 4755");
}
END_TEST

START_TEST(many_setuid_files_are_counted)
{
	AUTO_IMAGE struct image k = { .n = 1 };

	for (int i = 0; i < LAYERS_SETUID_MAX + 7; i++) {
		AUTO_FREE char *name = xasprintf("su%d", i);
		tar_file(&k.layers[0], name, 04755, "");
	}
	AUTO_JSON json_t *said = read_image(&k);
	ck_assert_int_eq(json_array_size(json_object_get(said, "Setuid")), LAYERS_SETUID_MAX);
	expect_part(said, "SetuidMore", "7");
}
END_TEST

START_TEST(too_deep_and_too_long)
{
	AUTO_IMAGE struct image k = { .n = 1 };
	AUTO_TEXT struct text name = { 0 };

	/* GNU's long name: a member whose content is the name of the next. */
	while (_i ? name.len < LAYERS_PATH_MAX : name.len < 2 * (LAYERS_DEPTH_MAX + 1))
		text_add(&name, _i ? "0123456789" : "a/");
	tar_data(&k.layers[0], 'L', "././@LongLink", 0, text_str(&name), name.len + 1);
	tar_file(&k.layers[0], "a", 04755, "");
	expect(&k, _i ? "unread: a name in it is too long" : "unread: a name in it is too deep");
}
END_TEST

/* --- a million entries, made as they are asked for ----------------------------------------------
 */

struct million {
	size_t left;
	struct text piece;
	bool has_begun, has_ended;
};

enum { MILLION = 1000000, AT_ONCE = 100 };

static size_t next_of_million(void *context, const char **ret)
{
	struct million *m = context;

	text_clear(&m->piece);
	if (!m->has_begun) {
		tar_file(&m->piece, "manifest.json", 0644, "[{\"Layers\":[\"l\"]}]");
		tar_header(&m->piece, '0', "l", "", 0644, (m->left + 2) * TAR_BLOCK);
		m->has_begun = true;
	}
	for (size_t i = 0; i < AT_ONCE && m->left > 0; i++, m->left--) {
		char name[32];
		snprintf(name, sizeof(name), "d/%zu", m->left);
		tar_header(&m->piece, '0', name, "", m->left == 1 ? 04755 : 0755, 0);
	}
	if (m->left == 0 && !m->has_ended) {
		tar_end(&m->piece);
		tar_end(&m->piece);
		m->has_ended = true;
	}
	*ret = text_str(&m->piece);
	return m->piece.len;
}

START_TEST(a_million_entries)
{
	static const struct {
		size_t n;
		const char *wanted;
	} cases[] = {
		{ MILLION - 1, "/d/1 4755" },
		{ MILLION, "/d/1 4755" },
		{ 2 * MILLION, "unread: the image holds too many files" },
	};
	struct million m = { .left = cases[_i].n };
	AUTO_JSON json_t *said = layers_read(next_of_million, &m, 1);
	AUTO_FREE char *got = setuid_of(said);

	text_done(&m.piece);
	ck_assert_str_eq(got, cases[_i].wanted);
#ifndef HAS_SHADOW_MEMORY
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	ck_assert_int_lt(usage.ru_maxrss, 48 * 1024);
#endif
}
END_TEST

static void add_archives(TCase *t)
{
	tcase_add_loop_test(t, what_layers_leave, 0, 4);
	tcase_add_loop_test(t, contents_are_understood, 0, 2);
	tcase_add_test(t, contents_that_are_not_read_are_unread);
	tcase_add_test(t, no_accounts_are_no_accounts);
	tcase_add_loop_test(t, manifests_that_do_not_fit, 0, ARRAY_SIZE(manifests));
	tcase_add_loop_test(t, cut_exports_are_unread, 0, 2);
	tcase_add_loop_test(t, sizes_that_lie, 0, 3);
	tcase_add_loop_test(t, layers_that_are_none, 0, 3);
	tcase_add_loop_test(t, replies_that_are_no_archive, 0, 3);
	tcase_add_test(t, equal_layers_are_exported_once);
	tcase_add_loop_test(t, aliases_that_lead_nowhere, 0, 4);
	tcase_add_test(t, names_that_are_no_text);
	tcase_add_test(t, many_setuid_files_are_counted);
	tcase_add_loop_test(t, too_deep_and_too_long, 0, 2);
	tcase_add_loop_test(t, a_million_entries, 0, 3);
}

#ifndef HAVE_LIBARCHIVE
START_TEST(without_libarchive_all_is_unread)
{
	AUTO_IMAGE struct image k = { .n = 1 };
	expect(&k, "unread: this seaworthy was built without libarchive");
}
END_TEST
#endif

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("layers", &suite);

	json_use_own_memory();
	if (layers_load(NULL) < 0)
		return EXIT_FAILURE;
	tcase_set_timeout(tcase, 120);
#ifdef HAVE_LIBARCHIVE
	add_archives(tcase);
#else
	(void)add_archives;
	tcase_add_test(tcase, without_libarchive_all_is_unread);
#endif
	return harness_run(suite);
}
