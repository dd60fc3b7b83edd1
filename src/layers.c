/* SPDX-License-Identifier: Apache-2.0 */
/* layers.c: see layers.h; the one file that knows libarchive. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "layers.h"

#include "facts.h"

#ifndef HAVE_LIBARCHIVE

json_t *layers_read(layers_next_fn *next, void *context, size_t n_layers)
{
	(void)next, (void)context, (void)n_layers;
	return fact_unread("this seaworthy was built without libarchive");
}

int layers_load(struct err *err)
{
	(void)err;
	return 0;
}

#else

#include <stdarg.h>

#include "archive_library.h"
#include "layerfile.h"
#include "layertree.h"
#include "record.h"
#include "text.h"

enum { MANIFEST_MAX = 1 << 20, MEMBERS_MAX = 20000 };

/* Of all layers, unpacked: an archive that swells beyond it is none of an image that could run. */
#define UNPACKED_MAX (INT64_C(32) << 30)

struct walk {
	layers_next_fn *next;
	void *context;
	struct layertree *tree;
	struct archive *outer;
	char *why;      /* nothing can be said of the image */
	char *manifest; /* manifest.json */
	size_t n_manifest, n_members;
	int64_t unpacked; /* bytes of the layers before this one */
};

/* A layer on its way: the content of a member of the outer archive. */
struct inner {
	struct walk *walk;
	struct archive *archive;
	int64_t expected; /* offset of the next piece */
	const char *why;  /* why reading the member was stopped */
};

static void fail_walk(struct walk *w, const char *format, ...) SW_PRINTF(2, 3);
static void fail_walk(struct walk *w, const char *format, ...)
{
	va_list ap;
	if (w->why)
		return;
	va_start(ap, format);
	if (vasprintf(&w->why, format, ap) < 0)
		w->why = xstrdup("out of memory");
	va_end(ap);
	utf8_mend(w->why, strlen(w->why));
}

/* libarchive quotes from what it reads. */
static char *error_of(struct archive *a)
{
	const char *text = archive_error_string(a);
	return clean(text ? text : "no reason given");
}

static void close_archive(struct archive **a)
{
	if (*a)
		archive_read_free(*a);
}
#define AUTO_ARCHIVE CLEANUP(close_archive)

/*
 * Only what images are made of, and only where libarchive can do it itself: for a compression it
 * was built without it would start a program.
 */
static struct archive *new_reader(bool may_be_compressed)
{
	int (*const filters[])(struct archive *) = {
		archive_read_support_filter_gzip,
		archive_read_support_filter_zstd,
	};
	struct archive *a = archive_read_new();
	if (!a)
		return NULL;
	archive_read_support_format_tar(a);
	archive_read_support_format_empty(a);
	for (size_t i = 0; i < ARRAY_SIZE(filters) && may_be_compressed; i++) {
		AUTO_ARCHIVE struct archive *probe = archive_read_new();
		if (probe && filters[i](probe) == ARCHIVE_OK)
			filters[i](a);
	}
	return a;
}

static const char *name_of(struct archive_entry *e)
{
	const char *name = archive_entry_pathname(e);
	return name ? name : archive_entry_pathname_utf8(e);
}

static const char *link_of(struct archive_entry *e)
{
	const char *name = archive_entry_hardlink(e);
	return name ? name : archive_entry_hardlink_utf8(e);
}

/* --- a layer -----------------------------------------------------------------------------------
 */

static la_ssize_t read_member(struct archive *a, void *context, const void **ret)
{
	struct inner *in = context;
	size_t n = 0;
	la_int64_t at = 0;
	if (in->walk->unpacked + archive_filter_bytes(a, 0) > UNPACKED_MAX) {
		in->why = "the image is too large";
		return -1;
	}
	int r = archive_read_data_block(in->walk->outer, ret, &n, &at);
	if (r == ARCHIVE_EOF)
		return 0;
	if (r < ARCHIVE_WARN)
		in->why = "the export is cut off in it";
	else if (at != in->expected) /* a file with holes can claim any size */
		in->why = "it is stored with holes";
	if (in->why)
		return -1;
	in->expected += (int64_t)n;
	return (la_ssize_t)n;
}

static enum layer_type type_of(struct archive_entry *e)
{
	if (link_of(e))
		return LAYER_LINK;
	switch (archive_entry_filetype(e)) {
	case AE_IFREG: return LAYER_FILE;
	case AE_IFDIR: return LAYER_DIR;
	default: return LAYER_OTHER;
	}
}

static void read_content(struct archive *a, struct layerfile *f)
{
	const void *data;
	size_t n;
	la_int64_t at, expected = 0;
	int r;
	while ((r = archive_read_data_block(a, &data, &n, &at)) >= ARCHIVE_WARN &&
	       r != ARCHIVE_EOF) {
		if (at != expected) {
			layerfile_fail(f, "is stored with holes");
			return;
		}
		layerfile_feed(f, data, n);
		expected += (int64_t)n;
	}
	if (r != ARCHIVE_EOF)
		layerfile_fail(f, "is cut off");
}

static const char *take_entry(struct archive *a, struct archive_entry *e, struct layer *l)
{
	struct layerfile *file;
	const char *name = name_of(e);
	struct layer_entry entry = {
		.path = name,
		.type = type_of(e),
		.target = link_of(e),
		.mode = (unsigned)archive_entry_mode(e),
		.uid = (uint32_t)archive_entry_uid(e),
		.gid = (uint32_t)archive_entry_gid(e),
	};
	if (!name)
		return "a name in it cannot be read";
	const char *why = layer_take(l, &entry, &file);
	if (!why && file)
		read_content(a, file);
	return why;
}

static void walk_entries(struct inner *in, struct layer *l)
{
	struct archive *a = in->archive;
	struct archive_entry *e;
	const char *why = NULL;
	int r = ARCHIVE_OK;
	while (!why && (r = archive_read_next_header(a, &e)) != ARCHIVE_EOF && r >= ARCHIVE_WARN)
		why = take_entry(a, e, l);
	/* What is wrong with an entry was found in a layer, and with it the image is lost. */
	if (why || in->why)
		fail_walk(in->walk, "%s", why ? why : in->why);
	if (!why && r == ARCHIVE_EOF)
		return;
	AUTO_FREE char *error = error_of(a);
	layer_fail(l, error);
}

/* What is no layer fails here, too, and is of no interest until the manifest names it. */
static void walk_layer(struct walk *w, const char *name)
{
	struct layer *l = layertree_add(w->tree, name);
	AUTO_ARCHIVE struct archive *a = new_reader(true);
	struct inner in = { .walk = w, .archive = a };
	if (!l || !a) {
		fail_walk(w, "the engine's export holds too many layers");
		return;
	}
	if (archive_read_open(a, &in, NULL, read_member, NULL) == ARCHIVE_OK) {
		walk_entries(&in, l);
	} else {
		AUTO_FREE char *error = error_of(a);
		layer_fail(l, error);
	}
	w->unpacked += archive_filter_bytes(a, 0);
}

/* --- the export --------------------------------------------------------------------------------
 */

static la_ssize_t read_export(struct archive *a, void *context, const void **ret)
{
	struct walk *w = context;
	const char *piece;
	size_t n = w->next(w->context, &piece);
	(void)a;
	*ret = piece;
	return (la_ssize_t)n;
}

static void read_manifest(struct walk *w)
{
	const void *data;
	size_t n;
	la_int64_t at;
	AUTO_TEXT struct text t = { 0 };
	int r;
	while ((r = archive_read_data_block(w->outer, &data, &n, &at)) >= ARCHIVE_WARN &&
	       r != ARCHIVE_EOF) {
		if (n > MANIFEST_MAX - t.len || (size_t)at != t.len) {
			fail_walk(w, "the manifest in the engine's export is too large");
			return;
		}
		text_add_n(&t, data, n);
	}
	if (r != ARCHIVE_EOF || w->manifest)
		fail_walk(w, "the manifest in the engine's export cannot be read");
	w->n_manifest = t.len;
	if (!w->manifest)
		w->manifest = text_take(&t);
}

/* "a/layer.tar" and "../b/layer.tar" make "b/layer.tar": older engines export equal layers once. */
static void take_alias(struct walk *w, const char *name, const char *target)
{
	const char *slash = strrchr(name, '/');
	size_t folder = slash ? (size_t)(slash - name) : 0;
	while (target && starts_with(target, "../")) {
		target += 3;
		while (folder > 0 && name[folder - 1] != '/')
			folder--;
		folder -= folder > 0;
	}
	if (!target)
		return;
	AUTO_FREE char *path =
		xasprintf("%.*s%s%s", (int)folder, name, folder > 0 ? "/" : "", target);
	if (!layertree_alias(w->tree, name, path))
		fail_walk(w, "the engine's export holds too many layers");
}

/* Members that describe; the others may be layers. */
static bool is_description(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;
	return ends_with(base, ".json") || streq(base, "json") || streq(base, "VERSION") ||
	       streq(base, "repositories") || streq(base, "oci-layout");
}

static void take_member(struct walk *w, struct archive_entry *e)
{
	const char *name = name_of(e);
	if (++w->n_members > MEMBERS_MAX || !name) {
		fail_walk(w, "the engine's export holds %s",
			  name ? "too many files" : "a name that cannot be read");
		return;
	}
	if (starts_with(name, "./"))
		name += 2;
	if (archive_entry_filetype(e) == AE_IFLNK)
		take_alias(w, name, archive_entry_symlink(e));
	else if (link_of(e))
		take_alias(w, name, link_of(e));
	else if (archive_entry_filetype(e) != AE_IFREG)
		return;
	else if (streq(name, "manifest.json"))
		read_manifest(w);
	else if (!is_description(name))
		walk_layer(w, name);
}

static void walk_export(struct walk *w)
{
	struct archive_entry *e;
	int r = archive_read_open(w->outer, w, NULL, read_export, NULL);
	if (r == ARCHIVE_OK)
		while (!w->why && (r = archive_read_next_header(w->outer, &e)) != ARCHIVE_EOF &&
		       r >= ARCHIVE_WARN)
			take_member(w, e);
	if (r >= ARCHIVE_WARN || w->why)
		return;
	AUTO_FREE char *error = error_of(w->outer);
	fail_walk(w, "the engine's export: %s", error);
}

/* --- the manifest ------------------------------------------------------------------------------
 */

static json_t *compose(struct walk *w, json_t *layers, size_t n_layers)
{
	size_t n = json_array_size(layers);
	if (n != n_layers)
		return fact_unread("the engine's export has %zu layers, the image %zu", n,
				   n_layers);
	AUTO_FREE const char **names = xalloc((n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++) {
		names[i] = json_string_value(json_array_get(layers, i));
		if (!names[i])
			return fact_unread(
				"the manifest in the engine's export names no file for a layer");
	}
	return layertree_compose(w->tree, names, n);
}

static json_t *conclude(struct walk *w, size_t n_layers)
{
	CLEANUP(err_done) struct err err = { 0 };
	if (w->why)
		return fact_unread("%s", w->why);
	if (!w->manifest)
		return fact_unread("the engine's export has no manifest");
	json_t *manifest = json_parse_hostile(w->manifest, w->n_manifest, &err), *result;
	json_t *image = json_array_get(manifest, 0);
	if (!manifest)
		result = fact_unread("the manifest in the engine's export: %s", err.text);
	else if (json_array_size(manifest) != 1)
		result = fact_unread("the engine's export describes %zu images",
				     json_array_size(manifest));
	else
		result = compose(w, json_object_get(image, "Layers"), n_layers);
	json_decref(manifest);
	return result;
}

int layers_load(struct err *err)
{
	return archive_load(err);
}

json_t *layers_read(layers_next_fn *next, void *context, size_t n_layers)
{
	struct walk w = { .next = next, .context = context, .outer = new_reader(false) };
	json_t *result;
	if (w.outer) {
		w.tree = layertree_new();
		walk_export(&w);
	} else {
		fail_walk(&w, "libarchive could not be set up");
	}
	result = conclude(&w, n_layers);
	close_archive(&w.outer);
	layertree_free(w.tree);
	free(w.manifest);
	free(w.why);
	return result;
}

#endif
