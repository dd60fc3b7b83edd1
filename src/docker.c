/* SPDX-License-Identifier: Apache-2.0 */
/* docker.c: see docker.h. */
#include "docker.h"

#include <errno.h>

#include "api.h"
#include "curl_handle.h"
#include "curl_poll.h"
#include "patience.h"

enum {
	SLOTS = 4,           /* connections: more bring nothing */
	COALESCE = 16 << 10, /* a frame of a reply that is no list */
	HEAD_MAX = 64 << 10, /* bytes of headers */
};

/* A question on its way, or waiting for a slot. */
struct request {
	uint32_t id;
	const struct api_get *get;
	char *url;
};

struct slot {
	struct docker *docker;
	CURL *easy; /* made when first needed */
	bool busy;
	struct request request;
	struct reply reply;
	uint64_t got; /* bytes of the body */
	size_t head;  /* bytes of the headers */
	int64_t start;
	int error; /* an errno of our own for stopping it */
	char curl_error[CURL_ERROR_SIZE];
};

struct docker {
	const struct endpoint *endpoint;
	struct patience patience;
	struct answers *to;
	char *base;    /* "http://docker", "https://10.0.0.1:2376"; NULL: no engine */
	char *version; /* "/v1.45" or "" */
	struct curl_poll poll;
	struct slot slots[SLOTS];
	struct request queue[FETCH_WINDOW];
	size_t queued, busy;
	int load_error; /* why libcurl is not there, negative errno; 0: it is, or was not needed */
};

static uint64_t size_max(const struct api_get *g)
{
	return g->stream ? FETCH_EXPORT_MAX : g->list ? FETCH_LIST_MAX : FETCH_REPLY_MAX;
}

/* --- what libcurl calls ---------------------------------------------------------------------- */

static size_t on_body(char *data, size_t size, size_t n, void *context)
{
	struct slot *s = context;
	n *= size;
	if (n > size_max(s->request.get) - s->got) {
		s->error = EFBIG;
		return 0;
	}
	s->got += n;
	reply_add(&s->reply, data, n);
	/* What keeps coming is neither late nor silent. */
	if (s->request.get->stream)
		s->start = patience_heard(&s->docker->patience);
	return n;
}

static size_t on_header(char *data, size_t size, size_t n, void *context)
{
	struct slot *s = context;
	n *= size;
	if (n > HEAD_MAX - s->head) {
		s->error = EFBIG;
		return 0;
	}
	s->head += n;
	if (s->request.get->headers)
		reply_add(&s->reply, data, n);
	return n;
}

/* --- setting up ------------------------------------------------------------------------------ */

void docker_load(const struct endpoint *e)
{
	CLEANUP(err_done) struct err err = { 0 };
	AUTO_FREE char *base = api_base(e);
	if (base)
		curl_load(&err);
}

struct docker *docker_new(const struct endpoint *e, unsigned timeout, struct answers *to)
{
	struct docker *d = xalloc(sizeof(*d));
	*d = (struct docker){ .endpoint = e, .to = to, .poll = { .due = -1 } };
	d->patience = (struct patience){ .to = to, .timeout = timeout };
	d->base = api_base(e);
	d->version = xstrdup("");
	for (size_t i = 0; i < SLOTS; i++)
		d->slots[i].docker = d;
	CLEANUP(err_done) struct err err = { 0 };
	d->load_error = d->base ? curl_load(&err) : 0;
	return d;
}

static void request_done(struct request *r)
{
	free(r->url);
	*r = (struct request){ 0 };
}

void docker_free(struct docker *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &d->slots[i];
		if (s->busy)
			curl_multi_remove_handle(d->poll.multi, s->easy);
		if (s->easy)
			curl_easy_cleanup(s->easy);
		request_done(&s->request);
		free(s->reply.buf);
	}
	for (size_t i = 0; i < d->queued; i++)
		request_done(&d->queue[i]);
	curl_poll_close(&d->poll);
	free(d->version);
	free(d->base);
	free(d);
}

/* What is the slot's own of a handle. */
static CURLcode set_slot(CURL *c, struct slot *s)
{
	CURLcode bad = curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	bad |= curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->curl_error);
	bad |= curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	return bad;
}

static int slot_open(struct slot *s)
{
	if (s->easy)
		return 0;
	CURL *c = curl_easy_init();
	if (!c)
		return -ENOMEM;
	if (curl_handle_set(c, s->docker->endpoint) || set_slot(c, s)) {
		curl_easy_cleanup(c);
		return -ENOTSUP;
	}
	s->easy = c;
	s->reply = (struct reply){ .to = s->docker->to, .buf = xrealloc(NULL, FETCH_FRAME_MAX) };
	return 0;
}

/* --- requests on their way ------------------------------------------------------------------- */

/* Frees the slot; its connection is closed unless the transfer came to its end. */
static void slot_release(struct slot *s)
{
	struct docker *d = s->docker;
	curl_multi_remove_handle(d->poll.multi, s->easy);
	request_done(&s->request);
	s->busy = false;
	d->busy--;
}

static int error_of(const struct slot *s, CURLcode code)
{
	return s->error ? s->error : curl_handle_error(s->easy, code);
}

/* libcurl's words name a port that a socket has not, and the milliseconds it took. */
static void refuse_connection(struct slot *s)
{
	const struct endpoint *e = s->docker->endpoint;
	int error = error_of(s, CURLE_COULDNT_CONNECT);
	AUTO_FREE char *why =
		xasprintf("%s: %s", e->is_unix ? e->socket : e->address, strerror(error));
	reply_end(&s->reply, error, 0, why);
}

static void slot_finish(struct slot *s, CURLcode code)
{
	struct docker *d = s->docker;
	long http = 0;
	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &http);
	if (code == CURLE_OK && http > 0)
		reply_end(&s->reply, 0, (unsigned)http, NULL);
	else if (code == CURLE_OK)
		reply_end(&s->reply, EPROTO, 0, "no HTTP status");
	else if (code == CURLE_COULDNT_CONNECT)
		refuse_connection(s);
	else
		reply_end(&s->reply, error_of(s, code), http > 0 ? (unsigned)http : 0,
			  s->error == EFBIG  ? "the reply is too large"
			  : s->curl_error[0] ? s->curl_error
					     : curl_easy_strerror(code));
	slot_release(s);
	patience_heard(&d->patience);
	/* The reader may have the next question to the engine for it. */
	answers_flush(d->to);
}

static void slot_time_out(struct slot *s)
{
	char why[64];
	struct docker *d = s->docker;
	snprintf(why, sizeof(why), "no answer within %u s",
		 patience_seconds(&d->patience, s->request.get));
	reply_end(&s->reply, ETIMEDOUT, 0, why);
	slot_release(s);
	patience_tried(&d->patience);
}

static void request_refuse(struct docker *d, struct request *r, int error, const char *why)
{
	struct reply reply = { .to = d->to, .id = r->id };
	reply_end(&reply, error, 0, why);
	request_done(r);
}

static void slot_start(struct slot *s, struct request *r)
{
	struct docker *d = s->docker;
	int bad = slot_open(s);
	if (!bad && curl_easy_setopt(s->easy, CURLOPT_URL, r->url) != CURLE_OK)
		bad = -ENOMEM;
	if (bad) {
		request_refuse(d, r, -bad, "libcurl could not be set up");
		return;
	}
	s->request = *r;
	*r = (struct request){ 0 };
	s->reply.id = s->request.id;
	s->reply.len = 0;
	s->reply.cap = s->request.get->list || s->request.get->stream ? FETCH_FRAME_MAX : COALESCE;
	s->got = s->head = 0;
	s->error = 0;
	s->curl_error[0] = '\0';
	s->start = patience_now(&d->patience);
	if (d->busy++ == 0)
		d->patience.silent_since = s->start;
	s->busy = true;
	if (curl_multi_add_handle(d->poll.multi, s->easy) != CURLM_OK) {
		s->error = EIO;
		slot_finish(s, CURLE_FAILED_INIT);
	}
}

static struct slot *free_slot(struct docker *d)
{
	for (size_t i = 0; i < SLOTS; i++) {
		if (!d->slots[i].busy)
			return &d->slots[i];
	}
	return NULL;
}

/* Questions leave the queue in the order they came. */
static void start_queued(struct docker *d)
{
	size_t i = 0;
	for (struct slot *s; i < d->queued && (s = free_slot(d)); i++)
		slot_start(s, &d->queue[i]);
	d->queued -= i;
	memmove(d->queue, d->queue + i, d->queued * sizeof(*d->queue));
}

static void take_finished(struct docker *d)
{
	CURLMsg *m;
	int left;
	while (d->poll.multi && (m = curl_multi_info_read(d->poll.multi, &left))) {
		char *s = NULL;
		CURLcode code = m->data.result;
		if (m->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &s) == CURLE_OK)
			slot_finish((struct slot *)(void *)s, code);
	}
}

static void end_all(struct docker *d)
{
	static const char why[] = "the engine stopped answering";
	for (size_t i = 0; i < SLOTS; i++) {
		if (d->slots[i].busy) {
			reply_end(&d->slots[i].reply, ETIMEDOUT, 0, why);
			slot_release(&d->slots[i]);
		}
	}
	for (size_t i = 0; i < d->queued; i++)
		request_refuse(d, &d->queue[i], ETIMEDOUT, why);
	d->queued = 0;
}

/* Ends what took too long; returns when, in engine time, to look again, or -1. */
static int64_t check_time(struct docker *d)
{
	int64_t now = patience_now(&d->patience), next = -1;
	bool is_streaming = false;
	for (size_t i = 0; i < SLOTS && d->busy > 0; i++) {
		struct slot *s = &d->slots[i];
		int64_t end = s->busy ? s->start + patience_with(&d->patience, s->request.get) : 0;
		is_streaming |= s->busy && s->request.get->stream;
		if (s->busy && now >= end)
			slot_time_out(s);
		else if (s->busy && (next < 0 || end < next))
			next = end;
	}
	if (d->busy > 0)
		patience_look(&d->patience, now, is_streaming);
	return next;
}

static int until(int64_t now, int64_t then)
{
	return then <= now ? 0 : (int)((then - now) / MS + 1);
}

/* --- public ---------------------------------------------------------------------------------- */

int docker_api(struct docker *d, const char *version)
{
	if (*version && !api_is_version(version))
		return -EBADRQC;
	free(d->version);
	d->version = *version ? xasprintf("/v%s", version) : xstrdup("");
	return 0;
}

int docker_get(struct docker *d, uint32_t id, unsigned endpoint, const char *arg)
{
	const struct api_get *g = api_get(endpoint);
	AUTO_FREE char *url = g ? api_url(d->base ? d->base : "", d->version, g, arg) : NULL;
	if (!url)
		return -EBADRQC;
	if (!d->base)
		return -ENOTCONN;
	if (d->busy + d->queued >= FETCH_WINDOW)
		return -EBUSY;
	int bad = d->load_error ? d->load_error : curl_poll_open(&d->poll, d->endpoint->tls, SLOTS);
	if (bad)
		return bad;
	d->queue[d->queued++] = (struct request){ .id = id, .get = g, .url = TAKE(url) };
	return 0;
}

int docker_cancel(struct docker *d, uint32_t id)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &d->slots[i];
		if (!s->busy || s->request.id != id)
			continue;
		reply_end(&s->reply, ECANCELED, 0, NULL);
		slot_release(s);
		return 0;
	}
	for (size_t i = 0; i < d->queued; i++) {
		if (d->queue[i].id != id)
			continue;
		request_refuse(d, &d->queue[i], ECANCELED, NULL);
		memmove(d->queue + i, d->queue + i + 1, (--d->queued - i) * sizeof(*d->queue));
		return 0;
	}
	return -ENOENT;
}

bool docker_is_busy(const struct docker *d)
{
	return d->busy + d->queued > 0;
}

int docker_turn(struct docker *d)
{
	int64_t next = -1;
	take_finished(d);
	while (docker_is_busy(d)) {
		if (!d->patience.is_over)
			next = check_time(d);
		if (d->patience.is_over) {
			end_all(d);
			break;
		}
		start_queued(d);
		curl_poll_run(&d->poll);
		/* A transfer that ended at once (no such socket) makes room for the next. */
		size_t before = d->busy;
		take_finished(d);
		if (d->busy == before)
			break;
	}
	if (!docker_is_busy(d))
		return -1;
	/* At least once a second, for what was started after the time was looked at. */
	int wait = 1000;
	int limit = next < 0 ? wait : until(patience_now(&d->patience), next);
	int due = d->poll.due < 0 ? wait : until(monotonic_ns(), d->poll.due);
	wait = limit < wait ? limit : wait;
	return due < wait ? due : wait;
}

size_t docker_sockets(const struct docker *d, struct pollfd *ret, size_t max)
{
	size_t n = d->poll.n_sockets < max ? d->poll.n_sockets : max;
	if (n > 0)
		memcpy(ret, d->poll.sockets, n * sizeof(*ret));
	return n;
}

void docker_ready(struct docker *d, const struct pollfd *p)
{
	curl_poll_ready(&d->poll, p);
}
