/* SPDX-License-Identifier: Apache-2.0 */
/* engine_wrong.h: in which ways an engine of the tests goes wrong with one answer. */
#ifndef SW_TEST_ENGINE_WRONG_H
#define SW_TEST_ENGINE_WRONG_H

#include <jansson.h>

#include "util.h"

#define WEB "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DB  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* As text, which is malloc'ed; the reference is taken. */
char *text_of(json_t *v);

/* All of these say if the connection is good for another question. */
bool answer_whole(int fd, const char *status, const char *body);
bool error_404(int fd, const char *body);
/* By the name of the fault; one that is none answers the body, whole. */
bool go_wrong(int fd, const char *name, const char *body);

#endif
