/* SPDX-License-Identifier: Apache-2.0 */
/* curl_poll.c: see curl_poll.h. */
#include "curl_poll.h"

#include <errno.h>

#include "patience.h"

static short events_of(int what)
{
	return (short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0));
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
	struct curl_poll *p = context;
	size_t i = 0;
	(void)easy, (void)unused;
	while (i < p->n_sockets && p->sockets[i].fd != fd)
		i++;
	if (what == CURL_POLL_REMOVE) {
		if (i < p->n_sockets)
			p->sockets[i] = p->sockets[--p->n_sockets];
		return 0;
	}
	if (i == p->n_sockets) {
		p->sockets = xrealloc(p->sockets, (i + 1) * sizeof(*p->sockets));
		p->n_sockets++;
	}
	p->sockets[i] = (struct pollfd){ .fd = fd, .events = events_of(what) };
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *context)
{
	struct curl_poll *p = context;
	(void)multi;
	p->due = ms < 0 ? -1 : monotonic_ns() + ms * MS;
	return 0;
}

int curl_poll_open(struct curl_poll *p, bool has_tls, unsigned connections)
{
	if (p->multi)
		return 0;
	if (curl_global_init(has_tls ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING))
		return -ENOMEM;
	p->multi = curl_multi_init();
	if (!p->multi) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)connections);
	curl_multi_setopt(p->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)connections);
	return 0;
}

void curl_poll_close(struct curl_poll *p)
{
	if (p->multi) {
		curl_multi_cleanup(p->multi);
		curl_global_cleanup();
	}
	free(p->sockets);
	*p = (struct curl_poll){ .due = -1 };
}

void curl_poll_run(struct curl_poll *p)
{
	int running;
	if (p->due < 0 || p->due > monotonic_ns())
		return;
	p->due = -1;
	curl_multi_socket_action(p->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

void curl_poll_ready(struct curl_poll *p, const struct pollfd *ready)
{
	int running, what = 0;
	what |= ready->revents & POLLIN ? CURL_CSELECT_IN : 0;
	what |= ready->revents & POLLOUT ? CURL_CSELECT_OUT : 0;
	what |= ready->revents & (POLLERR | POLLHUP | POLLNVAL) ? CURL_CSELECT_ERR : 0;
	if (what)
		curl_multi_socket_action(p->multi, ready->fd, what, &running);
}
