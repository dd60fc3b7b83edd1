/* SPDX-License-Identifier: Apache-2.0 */
/* evidence_files.c: opens the folder that --evidence names; reads nothing of it. */
#include "evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* A FIFO must not keep us waiting, nor a link lead to what the user did not put there. */
static struct evidence_file open_one(int folder, const char *name)
{
	struct evidence_file f = { .name = xstrdup(name) };
	struct stat st;
	f.fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (f.fd < 0) {
		f.error = errno;
	} else if (fstat(f.fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(f.fd);
		f.fd = -1;
		f.error = EINVAL;
	}
	return f;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct evidence_file *)a)->name,
		      ((const struct evidence_file *)b)->name);
}

int evidence_open(const char *folder, struct evidence_files *ret, struct err *err)
{
	struct evidence_files e = { 0 };
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int code = -errno;
		if (fd >= 0)
			close(fd);
		return err_set(err, code, "--evidence %s: %s", folder, strerror(-code));
	}
	for (struct dirent *d; (d = readdir(dir));) {
		if (!ends_with(d->d_name, ".json"))
			continue;
		if (e.n == EVIDENCE_FILES_MAX) {
			e.n_left++;
			continue;
		}
		e.files = xrealloc(e.files, (e.n + 1) * sizeof(*e.files));
		e.files[e.n++] = open_one(fd, d->d_name);
	}
	closedir(dir);
	if (e.n > 0)
		qsort(e.files, e.n, sizeof(*e.files), by_name);
	*ret = e;
	return 0;
}

void evidence_done(struct evidence_files *e)
{
	for (size_t i = 0; i < e->n; i++) {
		close_p(&e->files[i].fd);
		free(e->files[i].name);
	}
	free(e->files);
	*e = (struct evidence_files){ 0 };
}
