/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot_set.c: see snapshot_set.h. */
#include "snapshot_set.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>

enum { SNAPSHOT_MAX = 4 << 20 };

/* Outside of a test libcheck takes no failures. */
#define NEED(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, __VA_ARGS__);                                              \
			fputc('\n', stderr);                                                       \
			exit(EXIT_FAILURE);                                                        \
		}                                                                                  \
	} while (0)

char *snapshot_test_path(const char *format, ...)
{
	const char *srcdir = getenv("srcdir"); /* automake tells tests where the sources are */
	char *rest = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&rest, format, ap) < 0)
		rest = NULL;
	va_end(ap);
	char *path = xasprintf("%s/tests/%s", srcdir ? srcdir : ".", rest ? rest : "");
	free(rest);
	return path;
}

/* A reader of bytes: record_reader_new() takes files only. */
static struct record_reader *reader_of(const char *data, size_t n)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC);

	NEED(fd >= 0 && write_full(fd, data, n) == 0 && lseek(fd, 0, SEEK_SET) == 0,
	     "no memory file");
	return record_reader_new(fd, "snapshot");
}

/* The length of the record that begins at data: its header line, its body and a newline. */
static size_t record_length(const char *data)
{
	const char *header_end = strchr(data, '\n');
	const char *body_end = header_end ? strchr(header_end + 1, '\n') : NULL;

	NEED(body_end, "a record is not two lines");
	return (size_t)(body_end - data) + 1;
}

static void read_records(struct snapshot *s)
{
	struct record_reader *reader = reader_of(s->data, s->len);
	struct record record;
	struct err err = { 0 };
	size_t at = 0;
	int code;

	while ((code = record_read(reader, &record, &err)) > 0) {
		s->records = xrealloc(s->records, (s->n + 1) * sizeof(*s->records));
		s->ends = xrealloc(s->ends, (s->n + 1) * sizeof(*s->ends));
		at += record_length(s->data + at);
		s->records[s->n] = record;
		s->ends[s->n++] = at;
	}
	NEED(code == 0, "%s: %s", s->name, err.text);
	NEED(at == s->len, "%s: %zu of %zu bytes are records", s->name, at, s->len);
	record_reader_free(reader);
}

int snapshot_count(const char *data, size_t n)
{
	struct record_reader *reader = reader_of(data, n);
	struct record record;
	struct err err = { 0 };
	int code, count = 0;

	while ((code = record_read(reader, &record, &err)) > 0) {
		record_done(&record);
		count++;
	}
	NEED(code == 0 || err.text, "an error without a text");
	err_done(&err);
	record_reader_free(reader);
	return code < 0 ? code : count;
}

static void load(struct snapshot *s, const char *folder, const char *file)
{
	AUTO_FREE char *path = xasprintf("%s/%s", folder, file);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	NEED(fd >= 0, "%s cannot be opened", path);
	NEED(read_all(fd, SNAPSHOT_MAX, &s->data, &s->len) == 0, "%s cannot be read", path);
	s->name = xstrndup(file, strlen(file) - strlen(".snap"));
	read_records(s);
}

static int is_snapshot(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".snap");
}

struct snapshot_set snapshot_set_load(const char *name)
{
	AUTO_FREE char *folder = snapshot_test_path("%s", name);
	struct snapshot_set set = { .n = 0 };
	struct dirent **entries;
	int n = scandir(folder, &entries, is_snapshot, alphasort);

	NEED(n > 0, "no snapshots in %s", folder);
	set.all = xalloc((size_t)n * sizeof(*set.all));
	for (; set.n < (size_t)n; set.n++) {
		load(&set.all[set.n], folder, entries[set.n]->d_name);
		free(entries[set.n]);
	}
	free(entries);
	return set;
}

void snapshot_set_done(struct snapshot_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		struct snapshot *s = &set->all[i];

		for (size_t k = 0; k < s->n; k++)
			record_done(&s->records[k]);
		free(s->records);
		free(s->ends);
		free(s->data);
		free(s->name);
	}
	free(set->all);
	*set = (struct snapshot_set){ 0 };
}

void snapshot_rules_load(struct snapshot_rules *r)
{
	struct err err = { 0 };

	r->registry = registry_new();
	r->selection = (struct selection){ 0 };
	if (profile_load("cis-docker-1.8.0", &r->profile, &err) < 0 ||
	    profile_resolve(r->profile, r->registry, &err) < 0 ||
	    profiles_select(&r->profile, 1, &r->selection, &err) < 0)
		NEED(false, "%s", err.text);
}

void snapshot_rules_done(struct snapshot_rules *r)
{
	profile_free(r->profile);
	registry_free(r->registry);
}

struct judge *snapshot_judge(struct snapshot_rules *r, const struct snapshot *s, size_t n,
			     size_t at, json_t *body, struct report **ret)
{
	struct judge_options o = {
		.profiles = &r->profile,
		.n_profiles = 1,
		.profiles_named = true,
		.selection = &r->selection,
		.fail_on = "low",
		.now = "2026-01-01",
		.is_snapshot = true,
	};
	struct judge *j = judge_new(&o);

	for (size_t i = 0; i < n; i++)
		judge_record(j, s->records[i].kind, s->records[i].id,
			     body && i == at ? body : s->records[i].body);
	*ret = judge_finish(j, 0);
	return j;
}
