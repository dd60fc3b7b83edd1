/* SPDX-License-Identifier: Apache-2.0 */
/* context.c: fuzzes the docker command's own files, which say which engine to ask. */
#include <fcntl.h>
#include <sys/stat.h>

#include "endpoint.h"
#include "fuzz.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const folders[] = { "contexts", "contexts/meta", ("contexts/meta/" HASH) };
static const char *const files[] = { "config.json", "contexts/meta/" HASH "/meta.json" };
static char folder[] = "/tmp/sw-fuzz-XXXXXX";

static void remove_folder(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", folder, files[i]);
		unlink(path);
	}
	for (size_t i = ARRAY_SIZE(folders); i > 0; i--) {
		AUTO_FREE char *path = xasprintf("%s/%s", folder, folders[i - 1]);
		rmdir(path);
	}
	rmdir(folder);
}

static void make_folder(void)
{
	static bool is_made;

	if (is_made)
		return;
	if (!mkdtemp(folder)) {
		perror(folder);
		exit(EXIT_FAILURE);
	}
	atexit(remove_folder);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", folder, folders[i]);
		mkdir(path, 0700);
	}
	is_made = true;
}

static void write_file(const char *name, const char *text)
{
	AUTO_FREE char *path = xasprintf("%s/%s", folder, name);
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	FUZZ_CHECK(fd >= 0 && write_full(fd, text, strlen(text)) == 0, "%s", path);
}

static void resolve(const char *host, const char *context)
{
	CLEANUP(err_done) struct err err = { 0 };
	const struct endpoint_user user = { .uid = getuid(), .home = folder };
	const struct endpoint_input in = { .host = host,
					   .context = context,
					   .docker_config = folder,
					   .users = &user,
					   .n_users = 1,
					   .default_socket = "/nowhere",
					   .run_user = "/nowhere" };
	struct endpoint e;

	if (endpoint_resolve(&in, &e, &err) < 0) {
		FUZZ_CHECK(err.text, "an error without a text");
		return;
	}
	FUZZ_CHECK(!e.url || e.is_unix == starts_with(e.url, "unix://"), "%s", e.url);
	FUZZ_CHECK(!e.url || (e.is_unix ? e.socket : e.address), "%s leads nowhere", e.url);
	endpoint_done(&e);
}

/* config.json, meta.json, and what was given with -H, each up to a blank line. */
FUZZ(context)
{
	AUTO_FREE char *config = fuzz_part(&data, &n);
	AUTO_FREE char *meta = fuzz_part(&data, &n);
	AUTO_FREE char *host = fuzz_part(&data, &n);

	make_folder();
	write_file(files[0], config);
	write_file(files[1], meta);
	host[strcspn(host, "\n")] = '\0';
	resolve(NULL, NULL);
	resolve(NULL, "prod");
	resolve(host, NULL);
	return 0;
}
