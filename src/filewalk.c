/* SPDX-License-Identifier: Apache-2.0 */
/* filewalk.c: the threads of a walk, and the answer that they make; see filewalk.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "filewalk_private.h"

enum { WAKE_MS = 200 };

bool walk_prune(struct walk_pruned *p, uint64_t dev, uint64_t ino)
{
	if (p->n == WALK_PRUNED_MAX)
		return false;
	p->list[p->n].dev = dev;
	p->list[p->n++].ino = ino;
	return true;
}

static void release(struct walker *w, struct folder *f)
{
	while (f) {
		pthread_mutex_lock(&w->lock);
		bool is_last = --f->refs == 0;
		pthread_mutex_unlock(&w->lock);
		if (!is_last)
			return;
		struct folder *parent = f->parent;
		close_p(&f->fd);
		free(f);
		f = parent;
	}
}

static void queue_found(struct worker *k, struct folder *parent)
{
	struct walker *w = k->w;
	pthread_mutex_lock(&w->lock);
	while (k->found) {
		struct folder *f = k->found;
		k->found = f->next;
		f->next = w->first;
		w->first = f;
	}
	parent->refs += (unsigned)k->n_found;
	w->n_pending += k->n_found;
	bool is_too_much = w->n_pending > WALK_PENDING_MAX;
	if (k->n_found > 1)
		pthread_cond_broadcast(&w->more);
	else if (k->n_found)
		pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
	k->n_found = 0;
	if (is_too_much)
		walk_stop(w, "too many folders wait to be walked");
}

/* NULL: there is nothing left to do. */
static struct folder *next_folder(struct walker *w, bool was_active)
{
	pthread_mutex_lock(&w->lock);
	w->n_active -= was_active;
	while (!w->first && w->n_active > 0)
		pthread_cond_wait(&w->more, &w->lock);
	struct folder *f = w->first;
	if (f) {
		w->first = f->next;
		w->n_pending--;
		w->n_active++;
	} else {
		pthread_cond_broadcast(&w->more);
	}
	pthread_mutex_unlock(&w->lock);
	return f;
}

static bool is_stopped(struct walker *w)
{
	pthread_mutex_lock(&w->lock);
	bool is_it = *w->stop != '\0';
	pthread_mutex_unlock(&w->lock);
	return is_it;
}

static void *work(void *context)
{
	struct worker *k = context;
	struct folder *f = NULL;
	k->has_cwd = unshare(CLONE_FS) == 0;
	while ((f = next_folder(k->w, f != NULL))) {
		if (!is_stopped(k->w))
			walk_folder(k, f);
		queue_found(k, f);
		/* The memory may come again as another folder's. */
		k->cwd = NULL;
		release(k->w, f);
	}
	pthread_mutex_lock(&k->w->lock);
	k->w->n_done_threads++;
	pthread_cond_signal(&k->w->changed);
	pthread_mutex_unlock(&k->w->lock);
	return NULL;
}

/* More than there are processors, so that one works while another waits for the disk. */
static size_t thread_count(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	if (n < 1)
		n = 1;
	return n > WALK_THREADS_MAX ? WALK_THREADS_MAX : n < 2 ? 2 : (size_t)n;
}

static void raise_files(void)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static void tell_progress(struct reply *reply, uint64_t entries)
{
	char text[40];
	snprintf(text, sizeof(text), "n %llu", (unsigned long long)entries);
	reply_add_text(reply, text);
	reply_flush(reply);
}

/* Hands on what the threads tell, until all have ended. */
static void hand_on(struct walker *w, struct reply *reply, size_t n_threads)
{
	int64_t end = monotonic_ns() + WALK_SECONDS * INT64_C(1000000000);
	uint64_t last = UINT64_MAX;
	for (bool is_done = false; !is_done;) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += WAKE_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_mutex_lock(&w->lock);
		if (w->n_done_threads < n_threads)
			pthread_cond_timedwait(&w->changed, &w->lock, &until);
		is_done = w->n_done_threads == n_threads;
		struct text told = w->told;
		w->told = (struct text){ 0 };
		uint64_t entries = w->entries;
		pthread_mutex_unlock(&w->lock);
		if (entries != last)
			alarm(WALK_STALL);
		last = entries;
		reply_add(reply, text_str(&told), told.len);
		text_done(&told);
		tell_progress(reply, entries);
		if (monotonic_ns() > end)
			walk_stop(w, "it took too long");
		if (reply->to->gone)
			walk_stop(w, "nobody reads it");
	}
}

static void tell_sums(struct walker *w, struct reply *reply)
{
	char text[96];
	for (size_t i = 0; i < ARRAY_SIZE(w->kinds) && w->kinds[i].letter; i++) {
		snprintf(text, sizeof(text), "x %c %llu", w->kinds[i].letter,
			 (unsigned long long)w->kinds[i].n);
		reply_add_text(reply, text);
	}
	snprintf(text, sizeof(text), "t %s", w->stop);
	if (*w->stop)
		reply_add_text(reply, text);
}

static void tell_owner(char kind, uint32_t id, uint64_t count, const char *path, void *context)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "%c %u %llu ", kind, id, (unsigned long long)count);
	reply_add(context, head, (size_t)n);
	reply_add_text(context, path);
}

/* A clock of the day that is set back would make a wait as long. */
static void init_timed(pthread_cond_t *c)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(c, &attributes);
	pthread_condattr_destroy(&attributes);
}

int walk_files(const struct rootfs *root, const struct walk_pruned *pruned, struct reply *reply)
{
	struct worker workers[WALK_THREADS_MAX] = { 0 };
	AUTO_FREE struct walker *w = xalloc(sizeof(*w));
	struct stat st;
	size_t n = 0, wanted = thread_count();
	AUTO_CLOSE int fd = rootfs_open_dir(root, "/");
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	raise_files();
	w->pruned = pruned;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	init_timed(&w->changed);
	walk_prune(&w->roots, st.st_dev, st.st_ino);
	w->first = xalloc(sizeof(*w->first) + 1);
	*w->first = (struct folder){ .fd = take_fd(&fd), .refs = 1, .dev = st.st_dev };
	w->n_pending = 1;
	for (; n < wanted; n++) {
		workers[n] = (struct worker){ .w = w,
					      .owners = walk_owners_new(),
					      .buf = xalloc(ENTRIES_BYTES),
					      .path = xalloc(PATH_MAX) };
		if (pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0)
			break;
	}
	if (n > 0)
		hand_on(w, reply, n);
	bool has_overflow = false;
	for (size_t i = 0; i < wanted && workers[i].w; i++) {
		if (i < n)
			pthread_join(workers[i].thread, NULL);
		walk_owners_each(workers[i].owners, tell_owner, reply);
		has_overflow |= walk_owners_overflowed(workers[i].owners);
		walk_owners_free(workers[i].owners);
		free(workers[i].buf);
		free(workers[i].path);
	}
	if (has_overflow)
		reply_add_text(reply, "o");
	tell_sums(w, reply);
	if (n == 0)
		release(w, w->first);
	return n > 0 ? 0 : -EAGAIN;
}
