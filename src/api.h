/* SPDX-License-Identifier: Apache-2.0 */
/* api.h: what may be asked of the engine: a closed table of paths and what their id may be. */
#ifndef SW_API_H
#define SW_API_H

#include "fetch.h"

struct api_get {
	const char *path; /* with one %s where there is an id */
	int id_kind;      /* api.c's */
	bool plain;       /* takes no version */
	bool headers;     /* wanted, in front of the body */
	bool stream;      /* has no end that could be waited for: only silence is timed */
	bool list; /* grows with the engine: a larger cap, and sent only when all of it is known */
};

/* NULL when there is no such endpoint. */
const struct api_get *api_get(unsigned endpoint);

/* "1.45" and such. */
bool api_is_version(const char *s);
/* base, version ("/v1.45" or "") and path, malloc'ed; NULL when id is none for this endpoint. */
char *api_url(const char *base, const char *version, const struct api_get *g, const char *id);

/* "http://docker", "https://10.0.0.1:2376", malloc'ed; NULL when there is no engine that can be
 * asked. */
char *api_base(const struct endpoint *e);

/*
 * The answer to FETCH_PEER, malloc'ed: who listens at the unix socket, as a fresh connection to it
 * tells (SO_PEERCRED in unix(7)). seconds: how long to wait for one. 0 or negative errno:
 * -ENOTCONN there is no engine to ask, -EOPNOTSUPP it is asked by TCP.
 */
int api_peer(const struct endpoint *e, unsigned seconds, char **ret);

#endif
