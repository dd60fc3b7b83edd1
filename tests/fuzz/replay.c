/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c: runs inputs through the fuzz targets, without a fuzzer:
 *
 *	replay                   all seeds and regressions of all targets, as `make check` does
 *	replay TARGET FILE...    files, or all in folders, of one target
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "fuzz.h"

static const struct target {
	const char *name;
	int (*run)(const uint8_t *data, size_t n);
} targets[] = {
#define ROW(name) { #name, run_##name },
	FUZZ_TARGETS(ROW)
};

enum { INPUT_MAX = 16 << 20 };

static size_t run_path(const struct target *t, const char *path);

static size_t run_folder(const struct target *t, const char *path)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort);
	size_t count = 0;

	for (int i = 0; i < n; i++) {
		AUTO_FREE char *below = xasprintf("%s/%s", path, entries[i]->d_name);

		if (*entries[i]->d_name != '.')
			count += run_path(t, below);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return count;
}

/* How many inputs there were. */
static size_t run_path(const struct target *t, const char *path)
{
	struct stat st;
	char *data;
	size_t n;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return run_folder(t, path);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, INPUT_MAX, &data, &n) < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	/* Whoever reads the log of a test that ended in the middle wants to know. */
	fprintf(stderr, "%s: %s\n", t->name, path);
	uint8_t *exact = xalloc(n ? n : 1);
	memcpy(exact, data, n);
	free(data);
	t->run(exact, n);
	free(exact);
	return 1;
}

static int run_all(void)
{
	const char *srcdir = getenv("srcdir");
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		size_t own = 0;

		for (int k = 0; k < 2; k++) {
			AUTO_FREE char *path =
				xasprintf("%s/tests/fuzz/%s/%s", srcdir ? srcdir : ".",
					  k ? "regressions" : "seeds", targets[i].name);
			own += run_folder(&targets[i], path);
		}
		if (own == 0) {
			fprintf(stderr, "%s has no seeds\n", targets[i].name);
			return EXIT_FAILURE;
		}
		count += own;
	}
	printf("%zu inputs\n", count);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		return run_all();
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		if (!streq(targets[i].name, argv[1]))
			continue;
		for (int k = 2; k < argc; k++)
			run_path(&targets[i], argv[k]);
		return EXIT_SUCCESS;
	}
	fprintf(stderr, "usage: replay [TARGET FILE...]\n");
	return EXIT_FAILURE;
}
