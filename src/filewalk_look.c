/* SPDX-License-Identifier: Apache-2.0 */
/* filewalk_look.c: looks at the folders and files of a walk, and tells what matters. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include "filewalk_private.h"
#include "fstypes.h"
#include "statx.h"

enum { CAPS_MAX = 64 };

/* As the kernel gives it: linux_dirent64 of getdents(2). */
struct entry {
	uint64_t ino;
	int64_t off;
	uint16_t len;
	uint8_t type;
	char name[];
};

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

void walk_stop(struct walker *w, const char *why)
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
		walk_stop(w, "there are too many files");
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
		walk_stop(w, "there are too many mounts");
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

void walk_folder(struct worker *k, struct folder *f)
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
