/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_verify.c: verify: are profiles, tailoring, snapshots and reports what they should be? */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "commands.h"
#include "err.h"
#include "eval.h"
#include "record.h"
#include "report_load.h"
#include "rules.h"
#include "run.h"
#include "text.h"
#include "yaml_doc.h"

enum { SOUND = 0, FAULTY = 1, TROUBLE = 2, DOUBTFUL = 3, YAML_MAX = 1 << 20 };

/* One file, and what became of it. */
struct lint {
	const char *file;
	int fd;
	struct options o; /* the caller's, with this file in them */
	const char *profiles[2], *tailoring[2];
	char *path; /* owned */
	struct rules rules;
	const char *kind;
};

static int say(const struct lint *l, const char *text, int status)
{
	AUTO_FREE char *line = clean_for_log(text);
	AUTO_FREE char *name = clean_for_log(l->file);
	bool is_named = strstr(text, l->file); /* errors of parsers name the file themselves */
	printf("%s%s%s\n", is_named ? "" : name, is_named ? "" : ": ", line);
	fflush(stdout); /* the reader ends without */
	return status;
}

static int fault(const struct lint *l, struct err *err)
{
	int status = say(l, err->text, FAULTY);
	err_done(err);
	return status;
}

static void praise(const struct lint *l)
{
	AUTO_FREE char *name = clean(l->file);
	printf("%s: %s, sound\n", name, l->kind);
	fflush(stdout);
}

/* --- profiles and tailoring ----------------------------------------------------------------- */

static int prepare_rules(struct run *run, void *context)
{
	struct lint *l = context;
	struct err err = { 0 };
	(void)run;
	return rules_resolve(&l->rules, &l->o, &err) < 0 ? fault(l, &err) : SOUND;
}

static int lint_rules(struct run *run, void *context)
{
	struct lint *l = context;
	struct report found = { .arena = arena_new(), .now = l->o.now };
	const struct warnings *w = &found.warnings;
	(void)run;
	found.profiles = l->rules.profiles;
	found.n_profiles = l->rules.n_profiles;
	tailorings_tell(&l->rules.tailoring, &found);
	waivers_lint(&l->rules.tailoring.waivers, &found);
	for (size_t i = 0; i < w->n; i++) {
		AUTO_FREE char *text = xasprintf("%s: %s", w->v[i].place, w->v[i].text);
		say(l, text, DOUBTFUL);
	}
	if (w->n == 0)
		praise(l);
	int status = w->n ? DOUBTFUL : SOUND;
	free(found.warnings.v);
	arena_free(found.arena);
	return status;
}

/* Is it a tailoring? Else it is taken for a profile, whose errors tell more. */
static int is_tailoring(const struct lint *l, bool *ret, struct err *err)
{
	AUTO_FREE char *data = NULL;
	struct yaml *y = NULL;
	size_t n;
	int r = read_all(l->fd, YAML_MAX, &data, &n);
	if (r < 0)
		return err_set(err, r, "%s", r == -EFBIG ? "larger than 1 MiB" : strerror(-r));
	r = doc_parse(l->file, data, n, &y, err);
	if (r == 0) {
		const json_t *root = doc_root(y);
		*ret = json_object_get(root, "tailoring") ||
		       (json_object_get(root, "waivers") && !json_object_get(root, "id"));
	}
	doc_free(y);
	return r;
}

static int verify_rules(struct lint *l)
{
	struct err err = { 0 };
	bool is_it = false;
	if (is_tailoring(l, &is_it, &err) < 0)
		return fault(l, &err);
	l->kind = is_it ? "tailoring" : "profile";
	l->path = strchr(l->file, '/') ? xstrdup(l->file) : xasprintf("./%s", l->file);
	l->profiles[0] = l->path;
	l->tailoring[0] = l->path;
	l->o.is_alone = true;
	if (is_it)
		l->o.tailoring = (struct strings){ l->tailoring, 1 };
	else
		l->o.profiles = (struct strings){ l->profiles, 1 };
	if (is_it && l->o.profiles.n == 0) {
		l->o.profiles.v = (const char **)(uintptr_t)profile_builtin_names();
		while (l->o.profiles.v[l->o.profiles.n])
			l->o.profiles.n++;
	}
	int status = SOUND;
	if (rules_open(&l->rules, &l->o, &err) < 0)
		status = fault(l, &err);
	else
		status = run_alone(&l->o, &(struct run_work){ .prepare = prepare_rules,
							      .work = lint_rules,
							      .context = l });
	rules_done(&l->rules);
	return status;
}

/* --- snapshots ------------------------------------------------------------------------------ */

static bool is_record_kind(const char *kind)
{
	static const char *const kinds[] = { "snapshot", "host", "engine", "population", "end" };
	enum sw_kind subject;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (streq(kind, kinds[i]))
			return true;
	return kind_of(kind, &subject);
}

static int check_record(const struct record *r, size_t n, bool has_end, struct err *err)
{
	int code = record_check_place(r, n, has_end, err);
	if (code < 0)
		return code;
	if (!is_record_kind(r->kind))
		return err_set(err, -EINVAL, "record %zu: there is no kind '%s'", n + 1, r->kind);
	return 0;
}

static int lint_snapshot(struct run *run, void *context)
{
	struct lint *l = context;
	struct err err = { 0 };
	struct record_reader *reader = record_reader_new(l->fd, l->file);
	struct record record;
	bool has_end = false;
	size_t count = 0;
	int n;
	(void)run;
	while ((n = record_read(reader, &record, &err)) > 0) {
		n = check_record(&record, count++, has_end, &err);
		has_end |= streq(record.kind, "end");
		record_done(&record);
		if (n < 0)
			break;
	}
	if (n == 0 && !has_end)
		n = err_set(&err, -EINVAL, "%s", count ? "cut off: there is no end" : "is empty");
	record_reader_free(reader);
	int status = n < 0 ? fault(l, &err) : SOUND;
	if (status == SOUND)
		praise(l);
	return status;
}

/* --- reports -------------------------------------------------------------------------------- */

static int lint_report(struct run *run, void *context)
{
	struct lint *l = context;
	struct report *report CLEANUP(report_unload_p) = NULL;
	struct err err = { 0 };
	(void)run;
	int code = report_load_fd(l->file, l->fd, &report, &err);
	int status = code < 0 ? fault(l, &err) : SOUND;
	if (status == SOUND)
		praise(l);
	return status;
}

/* --- files ---------------------------------------------------------------------------------- */

/* JSON begins with a brace; a snapshot's first line is a whole object. */
static const char *kind_of_file(int fd)
{
	char head[512];
	ssize_t n = pread(fd, head, sizeof(head) - 1, 0);
	head[n > 0 ? n : 0] = '\0';
	if (head[strspn(head, " \t\r\n")] != '{')
		return NULL;
	head[strcspn(head, "\n")] = '\0';
	return strstr(head, "\"bytes\"") ? "snapshot" : "report";
}

static int verify_file(const struct options *o, const char *file)
{
	struct lint l = { .file = file, .o = *o };
	AUTO_CLOSE int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		struct err err = { 0 };
		err_set(&err, -EINVAL, "%s: %s", file,
			fd < 0 ? strerror(errno) : "is no regular file");
		return err_complain(&err);
	}
	l.fd = fd;
	l.kind = kind_of_file(fd);
	int status = !l.kind ? verify_rules(&l)
			     : run_alone(o, &(struct run_work){ .work = streq(l.kind, "snapshot")
										? lint_snapshot
										: lint_report,
								.context = &l });
	free(l.path);
	return status;
}

int cmd_verify(const struct options *o)
{
	/* Of several files the worst is told: own trouble, a fault, a doubt. */
	static const int ranks[] = { [SOUND] = 0, [DOUBTFUL] = 1, [FAULTY] = 2, [TROUBLE] = 3 };
	int worst = SOUND;
	if (o->rest.n == 0) {
		err_print("seaworthy", "verify what? name files");
		return TROUBLE;
	}
	for (size_t i = 0; i < o->rest.n; i++) {
		int status = verify_file(o, o->rest.v[i]);
		if (status < SOUND || status > DOUBTFUL)
			status = TROUBLE;
		if (ranks[status] > ranks[worst])
			worst = status;
	}
	return worst;
}
