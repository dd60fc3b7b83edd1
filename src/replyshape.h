/* SPDX-License-Identifier: Apache-2.0 */
/* replyshape.h: lists and objects of an engine's replies are what its API says they are. Pure. */
#ifndef SW_REPLYSHAPE_H
#define SW_REPLYSHAPE_H

#include <jansson.h>

/*
 * Makes unread, with the reason, what is of another type in the body of a record: a list that is an
 * object has no elements that anybody would look at, and so nothing to fail on. Single values are
 * not looked at: whoever reads one names its type. null is what Go makes of an empty list or
 * object, and stays.
 */
void reply_shape(const char *kind, const char *id, json_t *body);

#endif
