/* SPDX-License-Identifier: Apache-2.0 */
/* fake_engine.h: an HTTP server on a unix socket that misbehaves in chosen ways. */
#ifndef SW_TEST_FAKE_ENGINE_H
#define SW_TEST_FAKE_ENGINE_H

#include <sys/types.h>

/*
 * What it does with GET …/containers/<id>/json follows from the first letter of the id; everything
 * else is answered with the request line as the body ("GET /v1.41/info HTTP/1.1").
 */
enum fake_fault {
	FAKE_ECHO = 'a',
	FAKE_STALL = 'b',    /* never answers */
	FAKE_SHORT = 'c',    /* closes before all of the promised body was sent */
	FAKE_HUGE = 'd',     /* one byte more than FETCH_REPLY_MAX */
	FAKE_CLOSE = 'e',    /* closes at once */
	FAKE_HTML = 'f',     /* no HTTP at all */
	FAKE_REDIRECT = '0', /* to itself, as FAKE_ECHO */
	FAKE_HEADERS = '1',  /* headers without end */
	FAKE_PIECES = '2',   /* a body in small chunks */
	FAKE_FULL = '3',     /* exactly FETCH_REPLY_MAX */
	FAKE_ERROR = '4',    /* status 500 with a message */
	FAKE_DRIP = '5',     /* a byte now and then, without end */
	FAKE_LIES = '6',     /* more body than promised */
	FAKE_GZIP = '7',     /* says it is compressed, though nobody asked */
	FAKE_NOTHING = '8',  /* 204 */
};

/* Starts it in a process of its own; ends with kill(2). */
pid_t fake_engine_start(const char *socket_path);

#endif
