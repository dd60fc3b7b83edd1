/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint.h: which engine to ask, found as the docker command finds it. */
#ifndef SW_ENDPOINT_H
#define SW_ENDPOINT_H

#include "fetch.h"

/* A user whose files count: the one who runs this, and under sudo the one who called it. */
struct endpoint_user {
	uid_t uid;
	const char *home;        /* NULL: not known */
	const char *runtime_dir; /* $XDG_RUNTIME_DIR; NULL: /run/user/<uid> */
};

/* All strings borrowed; NULL and "" are the same. */
struct endpoint_input {
	const char *host;                                         /* -H */
	const char *context;                                      /* --context */
	const char *docker_host, *docker_context, *docker_config; /* environment */
	const char *docker_tls, *docker_tls_verify, *docker_cert_path;
	const struct endpoint_user *users; /* the first is the one who runs this */
	size_t n_users;
	const char *default_socket; /* NULL: /var/run/docker.sock */
	const char *run_user;       /* NULL: /run/user */
};

/*
 * Order: --context, -H, $DOCKER_HOST, $DOCKER_CONTEXT, currentContext of config.json, the default
 * socket, the socket of a rootless engine. ret->url is NULL when nothing is named and there is no
 * socket. endpoint_done() the result; on an error nothing is to be freed.
 */
int endpoint_resolve(const struct endpoint_input *in, struct endpoint *ret, struct err *err);

#endif
