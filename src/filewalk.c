/* SPDX-License-Identifier: Apache-2.0 */
/* filewalk.c: see filewalk.h. */
#include "filewalk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/stat.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include "fstypes.h"
#include "text.h"
#include "walkowners.h"

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000 /* since Linux 5.8 */
#endif

enum { ENTRIES_BYTES = 64 << 10, WAKE_MS = 200, CAPS_MAX = 64 };

/* As the kernel gives it: linux_dirent64 of getdents(2). */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* A folder. It lives, with its descriptor, until all folders in it are done. */
struct folder {
	struct folder *parent, *next;
	int fd;
	unsigned depth, refs;
	uint64_t dev;
	char name[];
};

struct kind {
	char letter;
	uint64_t n;
};

struct walker {
	const struct walk_pruned *pruned;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t more, changed;
	struct folder *first;
	size_t n_pending, n_active, n_done_threads;
	uint64_t entries;
	struct text told; /* for the reply; the main thread takes it */
	struct kind kinds[4];
	struct walk_pruned roots; /* mounts that were entered */
	char stop[64];            /* why the rest is left out */
	bool ended;
};

struct worker {
	struct walker *w;
	pthread_t thread;
	struct walk_owners *owners;
	char *buf;  /* ENTRIES_BYTES */
	char *path; /* PATH_MAX, for what is told */
	bool has_cwd;
	const struct folder *cwd;
	struct folder *found; /* folders in the one at hand */
	size_t n_found;
};

bool walk_prune(struct walk_pruned *p, uint64_t dev, uint64_t ino)
{
	if (p->n == WALK_PRUNED_MAX)
		return false;
	p->list[p->n].dev = dev;
	p->list[p->n++].ino = ino;
	return true;
}

static bool is_in(const struct walk_pruned *p, uint64_t dev, uint64_t ino)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].ino == ino && p->list[i].dev == dev)
			return true;
	return false;
}

/* --- telling --------------------------------------------------------------------------------- */

/* Written from its end; what does not fit loses its beginning. */
static const char *path_of(struct worker *k, const struct folder *f, const char *name)
{
	char *p = k->path + PATH_MAX - 1;
	*p = '\0';
	for (; f; name = f->name, f = f->parent) {
		size_t n = name ? strlen(name) : 0;
		if (n == 0)
			continue;
		if ((size_t)(p - k->path) < n + 1)
			return p;
		p -= n;
		memcpy(p, name, n);
		*--p = '/';
	}
	return *p ? p : "/";
}

static void stop(struct walker *w, const char *why)
{
	pthread_mutex_lock(&w->lock);
	if (!*w->stop)
		snprintf(w->stop, sizeof(w->stop), "%s", why);
	pthread_mutex_unlock(&w->lock);
}

/* Is there room for one more of its kind? Counts it. */
static bool counts(struct walker *w, char letter)
{
	for (size_t i = 0; i < ARRAY_SIZE(w->kinds); i++) {
		if (!w->kinds[i].letter)
			w->kinds[i].letter = letter;
		if (w->kinds[i].letter == letter)
			return w->kinds[i].n++ < WALK_HITS_MAX;
	}
	return false;
}

__attribute__((format(printf, 4, 5))) static void tell(struct worker *k, const struct folder *f,
						       const char *name, const char *format, ...)
{
	struct walker *w = k->w;
	const char *path = path_of(k, f, name);
	char head[160];
	va_list ap;
	va_start(ap, format);
	vsnprintf(head, sizeof(head), format, ap);
	va_end(ap);
	pthread_mutex_lock(&w->lock);
	if (head[0] == 'm' || head[0] == 'p' || counts(w, head[0])) {
		text_add(&w->told, head);
		text_add_n(&w->told, path, strlen(path) + 1);
	}
	pthread_mutex_unlock(&w->lock);
}

/* --- files ----------------------------------------------------------------------------------- */

/* A thread of its own working folder spares the kernel a walk through /proc for each file. */
static ssize_t capability_of(struct worker *k, const struct folder *f, const char *name, void *buf)
{
	char link[NAME_MAX + 64];
	if (k->has_cwd && k->cwd != f)
		k->cwd = fchdir(f->fd) == 0 ? f : NULL;
	if (k->has_cwd && k->cwd == f)
		return lgetxattr(name, "security.capability", buf, CAPS_MAX);
	snprintf(link, sizeof(link), "/proc/self/fd/%d/%s", f->fd, name);
	return lgetxattr(link, "security.capability", buf, CAPS_MAX);
}

static void look_at_capability(struct worker *k, const struct folder *f, const char *name,
			       const struct stat *st)
{
	unsigned char caps[CAPS_MAX];
	char hex[2 * CAPS_MAX + 1] = "";
	ssize_t n = capability_of(k, f, name, caps);
	if (n < 0 && errno != ENODATA && errno != EOPNOTSUPP && errno != ENOENT)
		tell(k, f, name, "e %d ", errno);
	for (ssize_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", caps[i]);
	if (n > 0)
		tell(k, f, name, "c %s %u %u ", hex, st->st_uid, st->st_gid);
}

static void note_owners(struct worker *k, const struct folder *f, const char *name, uint32_t uid,
			uint32_t gid)
{
	bool is_new = walk_owners_add(k->owners, 'u', uid);
	is_new |= walk_owners_add(k->owners, 'g', gid);
	if (is_new)
		walk_owners_name(k->owners, uid, gid, path_of(k, f, name));
}

static void look_at_file(struct worker *k, const struct folder *f, const char *name,
			 const struct stat *st)
{
	note_owners(k, f, name, st->st_uid, st->st_gid);
	if (st->st_mode & S_IWOTH)
		tell(k, f, name, "w %04o %u %u ", st->st_mode & 07777, st->st_uid, st->st_gid);
	if (st->st_mode & (S_ISUID | S_ISGID))
		tell(k, f, name, "s %04o %u %u ", st->st_mode & 07777, st->st_uid, st->st_gid);
	if (st->st_mode & 0111)
		look_at_capability(k, f, name, st);
}

/* --- folders --------------------------------------------------------------------------------- */

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

static void found_folder(struct worker *k, struct folder *parent, const char *name)
{
	size_t n = strlen(name);
	struct folder *f = xalloc(sizeof(*f) + n + 1);
	*f = (struct folder){ .parent = parent,
			      .next = k->found,
			      .fd = -1,
			      .depth = parent->depth + 1,
			      .refs = 1,
			      .dev = parent->dev };
	memcpy(f->name, name, n + 1);
	k->found = f;
	k->n_found++;
}

static bool is_dots(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static void look_at_entry(struct worker *k, struct folder *f, const struct entry *e)
{
	struct stat st;
	if (e->type == DT_DIR) {
		found_folder(k, f, e->name);
		return;
	}
	/* A link has no mode of its own; the rest holds no data. */
	if (e->type != DT_REG && e->type != DT_UNKNOWN)
		return;
	if (fstatat(f->fd, e->name, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) < 0) {
		if (errno != ENOENT)
			tell(k, f, e->name, "e %d ", errno);
		return;
	}
	if (S_ISDIR(st.st_mode))
		found_folder(k, f, e->name);
	else if (S_ISREG(st.st_mode))
		look_at_file(k, f, e->name, &st);
}

static void read_entries(struct worker *k, struct folder *f)
{
	struct walker *w = k->w;
	uint64_t seen = 0;
	long n;
	while ((n = syscall(SYS_getdents64, f->fd, k->buf, ENTRIES_BYTES)) > 0) {
		for (long at = 0; at < n;) {
			const struct entry *e = (const struct entry *)(const void *)(k->buf + at);
			at += e->len;
			if (is_dots(e->name))
				continue;
			look_at_entry(k, f, e);
			seen++;
		}
	}
	if (n < 0)
		tell(k, f, NULL, "e %d ", errno);
	pthread_mutex_lock(&w->lock);
	w->entries += seen;
	bool is_too_much = w->entries > WALK_ENTRIES_MAX;
	pthread_mutex_unlock(&w->lock);
	if (is_too_much)
		stop(w, "there are too many files");
}

/* Of another mount: may it be walked? */
static bool may_enter(struct worker *k, const struct folder *f, int parent, uint64_t dev,
		      uint64_t ino)
{
	struct walker *w = k->w;
	struct statfs s;
	/* An automount point is looked at, not set off. */
	AUTO_CLOSE int fd = openat(parent, f->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstatfs(fd, &s) < 0) {
		tell(k, f, NULL, "e %d ", errno);
		return false;
	}
	if (fs_class((uint32_t)s.f_type) != FS_LOCAL) {
		tell(k, f, NULL, "m %x ", (unsigned)s.f_type);
		return false;
	}
	pthread_mutex_lock(&w->lock);
	bool is_new = !is_in(&w->roots, dev, ino);
	bool has_room = !is_new || walk_prune(&w->roots, dev, ino);
	pthread_mutex_unlock(&w->lock);
	if (!has_room)
		stop(w, "there are too many mounts");
	return is_new && has_room;
}

static bool is_other_mount(const struct statx *x, const struct folder *f, uint64_t dev)
{
	/* A subvolume has a device of its own and is no mount. */
	if (x->stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)
		return x->stx_attributes & STATX_ATTR_MOUNT_ROOT;
	return dev != f->dev;
}

/* False: it is left out. */
static bool examine(struct worker *k, struct folder *f, int parent)
{
	struct statx x;
	if (statx(parent, f->name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &x) <
	    0) {
		/* A user's FUSE mount lets not even root look. */
		if (errno == EACCES)
			may_enter(k, f, parent, 0, 0);
		else if (errno != ENOENT)
			tell(k, f, NULL, "e %d ", errno);
		return false;
	}
	uint64_t dev = makedev(x.stx_dev_major, x.stx_dev_minor);
	if (!S_ISDIR(x.stx_mode))
		return false;
	if (is_in(k->w->pruned, dev, x.stx_ino)) {
		tell(k, f, NULL, "p ");
		return false;
	}
	if (is_other_mount(&x, f, dev) && !may_enter(k, f, parent, dev, x.stx_ino))
		return false;
	f->dev = dev;
	note_owners(k, f, NULL, x.stx_uid, x.stx_gid);
	if (x.stx_mode & S_IWOTH && !(x.stx_mode & S_ISVTX))
		tell(k, f, NULL, "w %04o %u %u ", x.stx_mode & 07777, x.stx_uid, x.stx_gid);
	return true;
}

static void walk_folder(struct worker *k, struct folder *f)
{
	if (f->fd < 0) {
		if (!examine(k, f, f->parent->fd))
			return;
		if (f->depth > WALK_DEPTH_MAX) {
			tell(k, f, NULL, "e %d ", ELOOP);
			return;
		}
		f->fd = openat(f->parent->fd, f->name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		if (f->fd < 0) {
			if (errno != ENOENT)
				tell(k, f, NULL, "e %d ", errno);
			return;
		}
	}
	read_entries(k, f);
}

/* --- threads --------------------------------------------------------------------------------- */

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
		stop(w, "too many folders wait to be walked");
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
		clock_gettime(CLOCK_REALTIME, &until);
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
			stop(w, "it took too long");
		if (reply->to->gone)
			stop(w, "nobody reads it");
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
	pthread_cond_init(&w->changed, NULL);
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
