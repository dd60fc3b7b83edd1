/* SPDX-License-Identifier: Apache-2.0 */
/* t_layertree.c: what the layers of an image leave of it, and the hash and the dates it leans on.
 */
#include "json_memory.h"
#include "facts.h"
#include "harness.h"
#include "layertree.h"
#include "record.h"
#include "siphash.h"
#include "text.h"
#include "timestamp.h"

/* --- what hides what ---------------------------------------------------------------------------
 */

struct entry {
	char type; /* of tar: 0 file, 1 hard link, 2 symbolic link, 5 folder; '\0' ends */
	const char *name, *target;
	unsigned mode;
};

static const struct {
	const char *what;
	struct entry layers[3][4];
	const char *wanted;
} trees[] = {
	{ "a plain file", { { { '0', "bin/su", "", 0755 } } }, "" },
	{ "setuid", { { { '0', "bin/su", "", 04755 } } }, "/bin/su 4755" },
	{ "setgid", { { { '0', "./usr/bin/write", "", 02755 } } }, "/usr/bin/write 2755" },
	{ "a folder with setgid is none", { { { '5', "var/mail/", "", 02775 } } }, "" },
	{ "a device with setuid is none",
	  { { { '3', "dev/x", "", 04666 }, { '6', "dev/f", "", 04666 } } },
	  "" },
	{ "absolute", { { { '0', "/bin/su", "", 04755 } } }, "/bin/su 4755" },
	{ "odd names are one",
	  { { { '0', "bin//./su", "", 04755 } }, { { '0', "./bin/su", "", 0755 } } },
	  "" },
	{ "leads out", { { { '0', "../bin/su", "", 04755 } } }, "unread: a name in it leads out" },
	{ "leads out in the middle",
	  { { { '0', "a/../../su", "", 0755 } } },
	  "unread: a name in it leads out" },
	{ "a link that leads out",
	  { { { '1', "su", "../../etc/x", 0 } } },
	  "unread: a name in it leads out" },
	{ "a name with two dots", { { { '0', "a/..b/c..", "", 04755 } } }, "/a/..b/c.. 4755" },
	{ "taken away",
	  { { { '0', "bin/su", "", 04755 } }, { { '0', "bin/.wh.su", "", 0 } } },
	  "" },
	{ "another is taken away",
	  { { { '0', "bin/su", "", 04755 } }, { { '0', "bin/.wh.sudo", "", 0 } } },
	  "/bin/su 4755" },
	{ "its folder is taken away",
	  { { { '0', "a/b/su", "", 04755 } }, { { '0', ".wh.a", "", 0 } } },
	  "" },
	{ "a whiteout does not reach its own layer",
	  { { { '0', "bin/.wh.su", "", 0 }, { '0', "bin/su", "", 04755 } } },
	  "/bin/su 4755" },
	{ "nor those above",
	  { { { '0', ".wh.bin", "", 0 } }, { { '0', "bin/su", "", 04755 } } },
	  "/bin/su 4755" },
	{ "opaque",
	  { { { '0', "a/b/su", "", 04755 } }, { { '0', "a/.wh..wh..opq", "", 0 } } },
	  "" },
	{ "opaque root", { { { '0', "su", "", 04755 } }, { { '0', ".wh..wh..opq", "", 0 } } }, "" },
	{ "opaque elsewhere",
	  { { { '0', "a/su", "", 04755 } }, { { '0', "b/.wh..wh..opq", "", 0 } } },
	  "/a/su 4755" },
	{ "opaque, and put back",
	  { { { '0', "a/su", "", 04755 } },
	    { { '0', "a/.wh..wh..opq", "", 0 }, { '0', "a/su", "", 02711 } } },
	  "/a/su 2711" },
	{ "files of old aufs are no whiteouts",
	  { { { '0', "su", "", 04755 } }, { { '0', ".wh..wh.su", "", 0 } } },
	  "/su 4755" },
	{ "mended above",
	  { { { '0', "bin/su", "", 04755 } }, { { '0', "bin/su", "", 0755 } } },
	  "" },
	{ "made worse above",
	  { { { '0', "bin/su", "", 0755 } }, { { '0', "bin/su", "", 04755 } } },
	  "/bin/su 4755" },
	{ "counted once",
	  { { { '0', "bin/su", "", 04755 } }, { { '0', "bin/su", "", 06755 } } },
	  "/bin/su 6755" },
	{ "replaced by a folder",
	  { { { '0', "bin/su", "", 04755 } }, { { '5', "bin/su/", "", 0755 } } },
	  "" },
	{ "folder stays",
	  { { { '0', "bin/su", "", 04755 } }, { { '5', "bin/", "", 0755 } } },
	  "/bin/su 4755" },
	{ "folder replaced by a link",
	  { { { '0', "bin/su", "", 04755 } }, { { '2', "bin", "usr/bin", 0 } } },
	  "" },
	{ "a folder whose name begins alike",
	  { { { '0', "bin/su", "", 04755 } }, { { '2', "bi", "x", 0 } } },
	  "/bin/su 4755" },
	{ "one of three",
	  { { { '0', "a", "", 04755 } }, { { '0', ".wh.a", "", 0 } }, { { '0', "a", "", 0644 } } },
	  "" },
	{ "hard link",
	  { { { '0', "bin/su", "", 04755 }, { '1', "x", "bin/su", 0 } } },
	  "/bin/su 4755, /x 4755" },
	{ "hard link to a hard link",
	  { { { '0', "bin/su", "", 04755 }, { '1', "x", "/bin/su", 0 }, { '1', "y", "./x", 0 } } },
	  "/bin/su 4755, /x 4755, /y 4755" },
	{ "hard link stays when its target goes",
	  { { { '0', "bin/su", "", 04755 }, { '1', "x", "bin/su", 0 } },
	    { { '0', "bin/.wh.su", "", 0 } } },
	  "/x 4755" },
	{ "hard link into a lower layer",
	  { { { '0', "bin/su", "", 04755 } },
	    { { '1', "x", "bin/su", 0 } },
	    { { '0', "bin/.wh.su", "", 0 } } },
	  "/x 4755" },
	{ "hard link to a hard link into a lower layer",
	  { { { '0', "su", "", 04755 } },
	    { { '1', "x", "su", 0 }, { '1', "y", "x", 0 } },
	    { { '1', "z", "y", 0 } } },
	  "/su 4755, /x 4755, /y 4755, /z 4755" },
	{ "hard link to a plain file", { { { '0', "a", "", 0755 }, { '1', "x", "a", 0 } } }, "" },
	{ "hard link to nothing", { { { '1', "x", "a", 0 } } }, "" },
};

/* Paths and modes as one line, or why there are none. */
static char *setuid_of(json_t *said)
{
	AUTO_TEXT struct text t = { 0 };
	size_t i;
	json_t *v;

	if (fact_is_unread(said))
		return xasprintf("unread: %s", fact_reason(said));
	json_array_foreach(json_object_get(said, "Setuid"), i, v)
	{
		text_printf(&t, "%s%s %s", i ? ", " : "",
			    json_string_value(json_object_get(v, "path")),
			    json_string_value(json_object_get(v, "mode")));
	}
	return text_take(&t);
}

static void take(struct layer *l, const struct entry *e)
{
	static const enum layer_type types[] = {
		['0'] = LAYER_FILE,  ['1'] = LAYER_LINK, ['2'] = LAYER_OTHER,
		['3'] = LAYER_OTHER, ['5'] = LAYER_DIR,  ['6'] = LAYER_OTHER
	};
	struct layer_entry entry = { .path = e->name,
				     .type = types[(unsigned char)e->type],
				     .target = e->target,
				     .mode = e->mode };
	struct layerfile *file;
	const char *why = layer_take(l, &entry, &file);

	if (why)
		layer_fail(l, why);
}

/* Layers come in any order; that of their names decides. */
START_TEST(what_layers_leave)
{
	static const char *const names[] = { "a", "b", "c" };
	struct layertree *t = layertree_new();
	size_t n = 0;

	while (n < 3 && trees[_i].layers[n][0].type)
		n++;
	for (size_t l = n; l-- > 0;) {
		struct layer *layer = layertree_add(t, names[l]);
		for (size_t i = 0; i < 4 && trees[_i].layers[l][i].type; i++)
			take(layer, &trees[_i].layers[l][i]);
	}
	json_t *said = layertree_compose(t, names, n);
	AUTO_FREE char *got = setuid_of(said);
	json_decref(said);
	layertree_free(t);
	ck_assert_msg(starts_with(trees[_i].wanted, "unread")
			      ? strstr(got, trees[_i].wanted + 8) != NULL
			      : streq(got, trees[_i].wanted),
		      "%s: wanted '%s', got '%s'", trees[_i].what, trees[_i].wanted, got);
}
END_TEST

START_TEST(only_so_many_layers)
{
	struct layertree *t = layertree_new();

	for (int i = 0; i < LAYERS_MAX; i++)
		ck_assert(layertree_add(t, "x") && layertree_alias(t, "y", "x"));
	ck_assert(!layertree_add(t, "x") && !layertree_alias(t, "y", "x"));
	layertree_free(t);
}
END_TEST

/* --- what they lean on --------------------------------------------------------------------------
 */

/* The example of the paper: key and message 00 01 02 …, of 15 bytes. */
START_TEST(siphash_is_siphash)
{
	struct siphash_key key = { { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) } };
	unsigned char message[15];

	for (size_t i = 0; i < sizeof(message); i++)
		message[i] = (unsigned char)i;
	ck_assert_uint_eq(siphash(&key, message, sizeof(message)), UINT64_C(0xa129ca6149be45e5));
}
END_TEST

static const struct {
	const char *text;
	int64_t seconds; /* -1: it is none */
} moments[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-11-22T06:39:54.736470435Z", 1795329594 },
	{ "2026-11-22T07:39:54+01:00", 1795329594 },
	{ "2026-11-21T23:09:54.7-07:30", 1795329594 },
	{ "2024-02-29T12:00:00Z", 1709208000 },
	{ "2000-12-31T23:59:59Z", 978307199 },
	{ "0001-01-01T00:00:00Z", -62135596800 },
	{ "", -1 },
	{ "2026", -1 },
	{ "2026-13-01T00:00:00Z", -1 },
	{ "2026-00-01T00:00:00Z", -1 },
	{ "2026-01-01T24:00:00Z", -1 },
	{ "2026-01-01T00:00:00", -1 },
	{ "2026-01-01T00:00:00Zx", -1 },
	{ "2026-01-01 00:00", -1 },
	{ "26-01-01T00:00:00Z", -1 },
	{ "2026-01-01T00:00:00+1", -1 },
};

START_TEST(moments_are_read)
{
	int64_t got = -1;
	bool is_read = timestamp_parse(moments[_i].text, &got);

	ck_assert_int_eq(is_read, moments[_i].seconds != -1);
	ck_assert_int_eq(got, moments[_i].seconds);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("layertree", &suite);

	json_use_own_memory();
	tcase_add_loop_test(tcase, what_layers_leave, 0, ARRAY_SIZE(trees));
	tcase_add_test(tcase, only_so_many_layers);
	tcase_add_test(tcase, siphash_is_siphash);
	tcase_add_loop_test(tcase, moments_are_read, 0, ARRAY_SIZE(moments));
	return harness_run(suite);
}
