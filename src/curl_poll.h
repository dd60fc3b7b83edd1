/* SPDX-License-Identifier: Apache-2.0 */
/* curl_poll.h: libcurl's transfers, driven by the caller's poll(2). */
#ifndef SW_CURL_POLL_H
#define SW_CURL_POLL_H

#include <poll.h>

#include "curl_library.h"

struct curl_poll {
	CURLM *multi; /* NULL: not open */
	struct pollfd *sockets;
	size_t n_sockets;
	int64_t due; /* when libcurl wants to be called, or -1 */
};

/* TLS is initialised only where it is spoken: it costs more than all of a small audit. 0, also when
 * it is open, or a negative errno. */
int curl_poll_open(struct curl_poll *p, bool has_tls, unsigned connections);
void curl_poll_close(struct curl_poll *p);

/* Calls libcurl if that is due. */
void curl_poll_run(struct curl_poll *p);
/* Reports what poll(2) said of one of the sockets. */
void curl_poll_ready(struct curl_poll *p, const struct pollfd *ready);

#endif
