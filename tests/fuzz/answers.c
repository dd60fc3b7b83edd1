/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c: fuzzes the reader's end of the pipe: frames, and how answers are put together. */
#include <fcntl.h>

#include "collect.h"
#include "fuzz.h"

enum { QUESTIONS = 6 };

struct count {
	size_t n;
};

static void take(struct answer *answer, void *context)
{
	AUTO_FREE char *why = answer_trouble(answer);
	(void)why;

	FUZZ_CHECK(answer->data && !answer->data[answer->len], "is not terminated");
	((struct count *)context)->n++;
}

/* Each line "ID FLAGS ERROR HTTP TEXT" is a frame. */
static int frames_of(const uint8_t *data, size_t n)
{
	AUTO_FREE char *copy = fuzz_text(data, n);
	char *bytes = NULL, *text = copy;
	size_t len = 0;
	FILE *f = open_memstream(&bytes, &len);

	for (char *line; (line = strsep(&text, "\n"));) {
		struct fetch_frame head = { 0 };
		int used = 0;

		if (sscanf(line, "%u %u %d %u %n", &head.id, &head.flags, &head.error, &head.http,
			   &used) < 4)
			continue;
		head.len = (uint32_t)strlen(line + used);
		fwrite(&head, sizeof(head), 1, f);
		fputs(line + used, f);
	}
	fclose(f);
	int fd = fuzz_file(bytes, len);
	free(bytes);
	return fd;
}

/* Every question is answered once, whatever comes. */
static void serve(int answers)
{
	AUTO_CLOSE int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct asker *a = asker_new(null, answers);
	struct count counts[QUESTIONS] = { 0 };
	struct answer now;
	const char *piece;

	ask_ahead(a, FETCH_READ, 0, "/etc/ahead");
	for (size_t i = 0; i < QUESTIONS; i++)
		ask(a, FETCH_READ, 0, i % 2 ? "/etc/passwd" : "/etc/ahead", take, &counts[i]);
	struct stream *s = stream_open(a, GET_EXPORT, "sha256:1");
	size_t n = stream_next(s, &piece);

	FUZZ_CHECK(n == 0 || piece[n] == '\0', "is not terminated");
	AUTO_FREE char *why = stream_close(s);
	(void)why;
	ask_now(a, FETCH_READ, 0, "/etc/now", &now);
	answer_done(&now);
	asker_drain(a);
	for (size_t i = 0; i < QUESTIONS; i++)
		FUZZ_CHECK(counts[i].n == 1, "question %zu was answered %zu times", i, counts[i].n);
	asker_free(a);
}

FUZZ(answers)
{
	unsigned which = fuzz_pick(&data, &n, 2);
	AUTO_CLOSE int answers = which ? fuzz_file(data, n) : frames_of(data, n);

	serve(answers);
	return 0;
}
