/* SPDX-License-Identifier: Apache-2.0 */
/* software.c: fuzzes lists of installed packages, of a host and in the layers of an image. */
#include "fuzz.h"
#include "layerfile.h"
#include "packages.h"
#include "record.h"

static const char *const paths[] = {
	"etc/passwd",           "var/lib/dpkg/status",
	"lib/apk/db/installed", "var/lib/dpkg/status.d/base",
	"var/lib/rpm/Packages",
};

static void parse_list(const uint8_t *data, size_t n, bool (*parse)(char *, json_t *))
{
	AUTO_FREE char *text = fuzz_text(data, n);
	json_t *packages = json_object();

	utf8_mend(text, n);
	parse(text, packages);
	fuzz_fact(packages);
}

static void parse_pacman(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	json_t *packages = json_object();

	utf8_mend(text, n);
	packages_pacman(text, packages);
	fuzz_fact(packages);
}

static json_t *feed(const char *path, const uint8_t *data, size_t n, size_t step)
{
	struct layerfile *f = layerfile_new(path);

	FUZZ_CHECK(f, "%s is of no interest", path);
	for (size_t i = 0; i < n; i += step) {
		size_t len = n - i < step ? n - i : step;
		AUTO_FREE char *piece = fuzz_text(data + i, len);

		layerfile_feed(f, piece, len);
	}
	json_t *said = layerfile_end(f);
	layerfile_free(f);
	return said;
}

/* The same wherever the stream is cut. */
static void parse_layer(const char *path, const uint8_t *data, size_t n)
{
	AUTO_JSON json_t *whole = feed(path, data, n, n + 1);
	AUTO_JSON json_t *pieces = feed(path, data, n, 1 + n % 7);

	FUZZ_CHECK(whole && pieces && json_equal(whole, pieces), "depends on where it is cut");
	fuzz_fact(json_incref(whole));
}

FUZZ(software)
{
	unsigned which = fuzz_pick(&data, &n, 3 + ARRAY_SIZE(paths));

	switch (which) {
	case 0: parse_list(data, n, packages_dpkg); break;
	case 1: parse_list(data, n, packages_apk); break;
	case 2: parse_pacman(data, n); break;
	default: parse_layer(paths[which - 3], data, n);
	}
	return 0;
}
