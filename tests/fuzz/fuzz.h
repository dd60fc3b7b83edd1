/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h: what the fuzz targets share: how one is declared, and how it takes its input. */
#ifndef SW_FUZZ_H
#define SW_FUZZ_H

#include <jansson.h>

#include "util.h"

/* Every target there is: a file of that name, and a folder of seeds. */
#define FUZZ_TARGETS(X)                                                                            \
	X(accounts)                                                                                \
	X(answers)                                                                                 \
	X(audit)                                                                                   \
	X(boot)                                                                                    \
	X(confdir)                                                                                 \
	X(context)                                                                                 \
	X(daemon)                                                                                  \
	X(evidence)                                                                                \
	X(fix)                                                                                     \
	X(host)                                                                                    \
	X(layers)                                                                                  \
	X(mounts)                                                                                  \
	X(nft)                                                                                     \
	X(proc)                                                                                    \
	X(questions)                                                                               \
	X(record)                                                                                  \
	X(replies)                                                                                 \
	X(report)                                                                                  \
	X(software)                                                                                \
	X(sshd)                                                                                    \
	X(text)                                                                                    \
	X(units)                                                                                   \
	X(verdicts)                                                                                \
	X(walk)                                                                                    \
	X(yaml)

/*
 * FUZZ(name) { … data, n … } is libFuzzer's entry point in a fuzzer, of which each is a program of
 * its own, and run_name() in tests/fuzz/replay, which has them all.
 */
#ifdef SW_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
#define FUZZ(name) int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
#else
#define FUZZ_PROTOTYPE(name) int run_##name(const uint8_t *data, size_t n);
FUZZ_TARGETS(FUZZ_PROTOTYPE)
#define FUZZ(name)           int run_##name(const uint8_t *data, size_t n)
#endif

/* Ends the program where what must hold does not. */
#define FUZZ_CHECK(condition, ...)                                                                 \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(__FILE__, __LINE__, #condition, __VA_ARGS__);                    \
	} while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *condition, const char *format, ...)
	SW_PRINTF(4, 5);

/* The bytes at p, malloc'ed, with a NUL after them and no byte more. */
char *fuzz_text(const void *p, size_t n);
/*
 * Which of count parsers the input is for: its first character, 'a' for the first. Moves *data and
 * *n behind it.
 */
unsigned fuzz_pick(const uint8_t **data, size_t *n, unsigned count);
/* The input up to the next blank line, or all that is left: malloc'ed; behind it *data and *n. */
char *fuzz_part(const uint8_t **data, size_t *n);
/* A file in memory with these bytes, read from its start; the path by which it can be opened. */
int fuzz_file(const void *p, size_t n);
char *fuzz_file_path(int fd);

/* A fact that a parser made: it is there, and is what its own text says. Takes the reference. */
void fuzz_fact(json_t *fact);

static inline void fuzz_json_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(fuzz_json_p)

/* A file of the tests, by its path below the folder tests: malloc'ed. Ends the program without it.
 */
char *fuzz_test_file(const char *path, size_t *ret_len);

#endif
