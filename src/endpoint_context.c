/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint_context.c: the contexts of the docker command: what config.json and contexts/ hold. */
#include "endpoint_context.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20, CONTEXTS_MAX = 1000 };

void context_done(struct context *c)
{
	free(c->host);
	free(c->folder);
	*c = (struct context){ 0 };
}

static bool is_set(const char *s)
{
	return s && *s;
}

char *context_config_dir(const struct endpoint_input *in, size_t i)
{
	if (i == 0 && is_set(in->docker_config))
		return xstrdup(in->docker_config);
	return is_set(in->users[i].home) ? xasprintf("%s/.docker", in->users[i].home) : NULL;
}

/* Another user could point us at an engine of theirs, so only files of the users who count do. */
static bool is_trusted(const struct endpoint_input *in, const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return false;
	for (size_t i = 0; i < in->n_users; i++) {
		if (st->st_uid == in->users[i].uid)
			return true;
	}
	return st->st_uid == 0;
}

/* 0 and the object, or a negative errno; -ENOENT without a text. */
static int read_json(const struct endpoint_input *in, const char *path, json_t **ret,
		     struct err *err)
{
	struct stat st;
	json_error_t where;
	AUTO_FREE char *text = NULL;
	size_t n = 0;
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return -ENOENT;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set(err, -errno,
			       "%s: %s: it may say which engine to ask; -H URL says so, too, and "
			       "DOCKER_CONFIG names another folder",
			       path, strerror(errno));
	if (!is_trusted(in, &st))
		/* cppcheck-suppress resourceLeak ; AUTO_CLOSE */
		return err_set(err, -EPERM, "%s: not a regular file of yours or of root", path);
	int r = read_all(fd, FILE_MAX, &text, &n);
	if (r < 0)
		return err_set(err, r, "%s: %s", path, strerror(-r));
	json_t *value = json_loadb(text, n, 0, &where);
	if (!json_is_object(value)) {
		json_decref(value);
		return err_set(err, -EINVAL, "%s:%d: not a JSON object", path,
			       where.line > 0 ? where.line : 1);
	}
	*ret = value;
	return 0;
}

int context_current(const struct endpoint_input *in, char **ret, struct err *err)
{
	for (size_t i = 0; i < in->n_users; i++) {
		AUTO_FREE char *dir = context_config_dir(in, i);
		AUTO_FREE char *path = dir ? xasprintf("%s/config.json", dir) : NULL;
		json_t *config = NULL;
		int r = path ? read_json(in, path, &config, err) : -ENOENT;
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		const char *name = json_string_value(json_object_get(config, "currentContext"));
		if (is_set(name))
			*ret = xstrdup(name);
		json_decref(config);
		if (*ret)
			return 0;
	}
	return 0;
}

/* --- contexts/meta/<hash of the name>/meta.json --------------------------------------------------
 */

struct search {
	const struct endpoint_input *in;
	const char *name;
	struct context *found;
	char *names[CONTEXTS_MAX]; /* all that were seen, for the nearest */
	size_t n_names;
};

static void take(struct search *s, const char *dir, const char *hash, json_t *meta)
{
	json_t *endpoint = json_object_get(json_object_get(meta, "Endpoints"), "docker");
	const char *host = json_string_value(json_object_get(endpoint, "Host"));
	s->found->host = xstrdup(host ? host : "");
	s->found->folder = xasprintf("%s/contexts/tls/%s/docker", dir, hash);
	s->found->skip_verify = json_is_true(json_object_get(endpoint, "SkipTLSVerify"));
}

/* 1 found, 0 not this one, or negative. A context that cannot be read is an error only if it may be
 * ours. */
static int look_at(struct search *s, const char *dir, const char *hash, struct err *err)
{
	AUTO_FREE char *path = xasprintf("%s/contexts/meta/%s/meta.json", dir, hash);
	json_t *meta = NULL;
	int r = read_json(s->in, path, &meta, err);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	const char *name = json_string_value(json_object_get(meta, "Name"));
	if (name && s->n_names < CONTEXTS_MAX)
		s->names[s->n_names++] = xstrdup(name);
	bool is_it = name && streq(name, s->name);
	if (is_it)
		take(s, dir, hash, meta);
	json_decref(meta);
	return is_it;
}

static bool is_hash(const char *name)
{
	return strlen(name) == 64 && strspn(name, "0123456789abcdef") == 64;
}

/* An unreadable entry is told only if no readable one is the one that was asked for. */
static int look_in(struct search *s, const char *dir, struct err *err)
{
	AUTO_FREE char *path = xasprintf("%s/contexts/meta", dir);
	struct err later = { 0 };
	int r = 0;
	size_t seen = 0;
	DIR *d = opendir(path);
	if (!d)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : err_set(err, -errno, "%s: %s", path, strerror(errno));
	for (struct dirent *e; r != 1 && seen < CONTEXTS_MAX && (e = readdir(d));) {
		if (!is_hash(e->d_name))
			continue;
		seen++;
		r = look_at(s, dir, e->d_name, later.text ? NULL : &later);
	}
	closedir(d);
	if (r != 1 && later.text)
		r = err_set(err, later.code, "%s", later.text);
	err_done(&later);
	return r;
}

static int not_found(const struct search *s, struct err *err)
{
	const char *near = nearest(s->name, (const char *const *)s->names, s->n_names);
	if (near)
		return err_set(err, -ENOENT, "there is no docker context '%s': did you mean '%s'?",
			       s->name, near);
	return err_set(err, -ENOENT, "there is no docker context '%s'", s->name);
}

int context_find(const struct endpoint_input *in, const char *name, struct context *ret,
		 struct err *err)
{
	struct search s = { .in = in, .name = name, .found = ret };
	int r = 0;
	for (size_t i = 0; i < in->n_users && r == 0; i++) {
		AUTO_FREE char *dir = context_config_dir(in, i);
		r = dir ? look_in(&s, dir, err) : 0;
	}
	if (r == 0)
		r = not_found(&s, err);
	for (size_t i = 0; i < s.n_names; i++)
		free(s.names[i]);
	return r < 0 ? r : 0;
}
