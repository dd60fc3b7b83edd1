/* SPDX-License-Identifier: Apache-2.0 */
/* frame.c: see frame.h. */
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>

/* Moves the vector on by what was written. */
static void advance(struct iovec *v, size_t put)
{
	for (size_t i = 0; i < 2; i++) {
		size_t n = put < v[i].iov_len ? put : v[i].iov_len;
		if (n == 0)
			continue;
		v[i].iov_base = (char *)v[i].iov_base + n;
		v[i].iov_len -= n;
		put -= n;
	}
}

static void wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	poll(&p, 1, -1);
}

static void write_both(struct answers *a, struct iovec *v)
{
	while (v[0].iov_len + v[1].iov_len > 0) {
		ssize_t put = writev(a->fd, v, 2);
		if (put >= 0) {
			advance(v, (size_t)put);
		} else if (errno == EAGAIN) {
			wait_writable(a->fd);
		} else if (errno != EINTR) {
			a->gone = true;
			return;
		}
	}
}

/* While the reader is slow, no alarm runs. */
static void write_out(struct answers *a, struct iovec *v)
{
	unsigned left = a->guarded ? alarm(0) : 0;
	int64_t start = monotonic_ns();
	write_both(a, v);
	a->stalled += monotonic_ns() - start;
	if (left)
		alarm(left);
}

void answers_flush(struct answers *a)
{
	struct iovec v[2] = { { .iov_base = a->kept, .iov_len = a->n_kept } };
	a->n_kept = 0;
	if (v[0].iov_len > 0 && !a->gone)
		write_out(a, v);
}

static void keep(struct answers *a, const void *data, size_t n)
{
	if (n > 0)
		memcpy(a->kept + a->n_kept, data, n);
	a->n_kept += n;
}

/* In the order of their coming: what does not fit goes after what is kept, alone. */
static void frame_send(struct answers *a, struct fetch_frame head, const void *data)
{
	struct iovec v[2] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)(uintptr_t)data, .iov_len = head.len },
	};
	size_t n = sizeof(head) + head.len;
	if (a->gone)
		return;
	if (a->kept && n > ANSWERS_MAX - a->n_kept)
		answers_flush(a);
	if (a->kept && n <= ANSWERS_MAX / 4) {
		keep(a, &head, sizeof(head));
		keep(a, data, head.len);
		return;
	}
	answers_flush(a);
	if (!a->gone)
		write_out(a, v);
}

static void send_part(struct reply *r, const void *data, size_t n)
{
	struct fetch_frame head = { .id = r->id, .len = (uint32_t)n };
	frame_send(r->to, head, data);
}

void reply_add(struct reply *r, const void *data, size_t n)
{
	const char *p = data;
	if (r->len + n > r->cap && r->len > 0) {
		send_part(r, r->buf, r->len);
		r->len = 0;
	}
	while (n > r->cap) {
		size_t part = n < FETCH_FRAME_MAX ? n : FETCH_FRAME_MAX;
		send_part(r, p, part);
		p += part;
		n -= part;
	}
	if (n > 0)
		memcpy(r->buf + r->len, p, n);
	r->len += n;
}

void reply_flush(struct reply *r)
{
	if (r->len > 0)
		send_part(r, r->buf, r->len);
	r->len = 0;
	answers_flush(r->to);
}

void reply_add_text(struct reply *r, const char *text)
{
	reply_add(r, text, strlen(text) + 1);
}

void reply_end(struct reply *r, int error, unsigned http, const char *why)
{
	const char *data = r->buf;
	size_t n = r->len;
	if (error) {
		data = why;
		n = why ? strnlen(why, FETCH_FRAME_MAX) : 0;
	}
	struct fetch_frame head = {
		.id = r->id,
		.flags = FRAME_LAST,
		.error = error,
		.http = http,
		.len = (uint32_t)n,
	};
	frame_send(r->to, head, data);
	r->len = 0;
}
