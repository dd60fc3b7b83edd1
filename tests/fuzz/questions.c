/* SPDX-License-Identifier: Apache-2.0 */
/* questions.c: fuzzes the fetcher's end of the socket: what a reader that was taken over may ask.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "api.h"
#include "fetch.h"
#include "fuzz.h"
#include "kernelpaths.h"

enum { SOCKET_BYTES = 60000, SEEN = 256 };

/* A small tree to ask about, made once. */
static int root_folder(void)
{
	static int root = -1;
	char path[] = "/tmp/sw-fuzz-XXXXXX";

	if (root >= 0)
		return root;
	if (!mkdtemp(path) || (root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	mkdirat(root, "etc", 0755);
	int fd = openat(root, "etc/passwd", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	write_full(fd, "root:x:0:0:::\n", 14);
	close(fd);
	if (symlinkat("../../../../../../etc/passwd", root, "etc/up") < 0 ||
	    symlinkat("loop", root, "etc/loop") < 0)
		perror(path);
	/* Whoever holds the descriptor still sees the files of a tree that was moved; removing it
	 * is for the end. */
	return root;
}

static void remove_tree(void)
{
	int root = root_folder();
	AUTO_FREE char *link = fuzz_file_path(root);
	AUTO_FREE char *path = realpath(link, NULL);

	unlinkat(root, "etc/passwd", 0);
	unlinkat(root, "etc/up", 0);
	unlinkat(root, "etc/loop", 0);
	unlinkat(root, "etc", AT_REMOVEDIR);
	if (path)
		rmdir(path);
}

/* Each line "OP SUB ARGUMENT" is a question. */
static char *questions_of(const uint8_t *data, size_t n, size_t *ret_len)
{
	AUTO_FREE char *copy = fuzz_text(data, n);
	char *bytes = NULL, *text = copy;
	FILE *f = open_memstream(&bytes, ret_len);
	uint32_t id = 0;

	for (char *line; (line = strsep(&text, "\n"));) {
		unsigned op, sub;
		int used = 0;

		if (sscanf(line, "%u %u %n", &op, &sub, &used) < 2)
			continue;
		struct fetch_question q = { ++id, (uint16_t)op, (uint16_t)sub,
					    (uint32_t)strlen(line + used) };
		fwrite(&q, sizeof(q), 1, f);
		fputs(line + used, f);
	}
	fclose(f);
	return bytes;
}

/* Ids of the questions that came whole, in their order. */
static size_t whole_questions(const char *bytes, size_t n, uint32_t *ids, size_t max)
{
	size_t seen = 0;
	struct fetch_question q;

	for (size_t at = 0; n - at >= sizeof(q) && seen < max;) {
		memcpy(&q, bytes + at, sizeof(q));
		at += sizeof(q);
		if (q.len <= FETCH_ARG_MAX && n - at < q.len)
			break;
		ids[seen++] = q.id;
		at = n - at < q.len ? n : at + q.len;
	}
	return seen;
}

/* Each of them has exactly one last frame, in their order, and there are no others. */
static void check_answers(const char *bytes, size_t n, const uint32_t *ids, size_t wanted)
{
	size_t ended = 0;
	struct fetch_frame f;

	for (size_t at = 0; at < n; at += f.len) {
		FUZZ_CHECK(n - at >= sizeof(f), "half a frame");
		memcpy(&f, bytes + at, sizeof(f));
		at += sizeof(f);
		FUZZ_CHECK(f.len <= FETCH_FRAME_MAX && f.len <= n - at, "%u bytes", f.len);
		FUZZ_CHECK(ended < SEEN && (ended >= wanted || f.id == ids[ended]),
			   "answers %u in place of %u", f.id, ended < wanted ? ids[ended] : 0);
		ended += (f.flags & FRAME_LAST) != 0;
	}
	FUZZ_CHECK(ended == wanted || wanted == SEEN, "%zu answers to %zu questions", ended,
		   wanted);
}

static void serve(const char *bytes, size_t n)
{
	static struct endpoint nowhere;
	const struct fetch_options o = { .endpoint = &nowhere,
					 .root_fd = root_folder(),
					 .timeout = 1 };
	AUTO_CLOSE int answers = fuzz_file("", 0);
	AUTO_FREE char *said = NULL;
	uint32_t ids[SEEN];
	size_t len;
	int ends[2];

	n = n < SOCKET_BYTES ? n : SOCKET_BYTES;
	size_t wanted = whole_questions(bytes, n, ids, SEEN);

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0 ||
	    write_full(ends[0], bytes, n) < 0) {
		perror("socketpair");
		exit(EXIT_FAILURE);
	}
	close(ends[0]);
	FUZZ_CHECK(fetch_main(&o, ends[1], answers) == 0, "the fetcher failed");
	close(ends[1]);
	lseek(answers, 0, SEEK_SET);
	FUZZ_CHECK(read_all(answers, 64 << 20, &said, &len) == 0, "too many answers");
	check_answers(said, len, ids, wanted);
}

/* What may be asked of the engine and of the kernel's own files is a closed list. */
static void look_up(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);

	for (unsigned i = 0; i < GET_ENDPOINTS; i++) {
		const struct api_get *g = api_get(i);
		AUTO_FREE char *url = api_url("http://docker", "/v1.45", g, text);

		FUZZ_CHECK(!url || !strstr(g->path, "%s") || !strpbrk(text, "/.?#% \t\r\n"), "%s",
			   url);
	}
	if (kernelpath_is_listed(text))
		FUZZ_CHECK(!strstr(text, "/../") && text[strspn(text, "/")] != '.', "%s", text);
	api_is_version(text);
}

FUZZ(questions)
{
	static bool is_begun;
	size_t len;

	if (!is_begun)
		atexit(remove_tree);
	is_begun = true;
	switch (fuzz_pick(&data, &n, 3)) {
	case 0: {
		AUTO_FREE char *bytes = questions_of(data, n, &len);

		serve(bytes, len);
		break;
	}
	case 1: {
		AUTO_FREE char *bytes = fuzz_text(data, n);

		serve(bytes, n);
		break;
	}
	default: look_up(data, n);
	}
	return 0;
}
