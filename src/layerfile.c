/* SPDX-License-Identifier: Apache-2.0 */
/* layerfile.c: see layerfile.h. */
#include "layerfile.h"

#include "facts.h"
#include "record.h"

enum {
	LINE_MAX_LEN = 4096, /* of a longer line only the beginning is looked at */
	NAMES_MAX = 20000,   /* accounts or packages */
};

struct form {
	const char *path; /* ends with a slash: every file in that folder */
	const char *part;
	void (*line)(struct layerfile *f, char *line); /* NULL: not understood */
	void (*end)(struct layerfile *f);
};

struct layerfile {
	const struct form *form;
	char *path, *why;
	json_t *found;
	char line[LINE_MAX_LEN + 1];
	size_t n_line;
	char *package; /* dpkg: of the paragraph at hand */
	bool is_installed;
};

static void add_name(struct layerfile *f, const char *name)
{
	if (json_array_size(f->found) >= NAMES_MAX)
		layerfile_fail(f, "it names too many packages");
	else
		json_array_append_new(f->found, json_string(name));
}

/* --- passwd(5) ------------------------------------------------------------------------------- */

/* The next field of a line; "" where it has none. */
static const char *next_field(char **line)
{
	return *line ? strsep(line, ":") : "";
}

/*
 * As engines look a user up: blanks around a line are none of it, the first line of a name counts,
 * and what is no number is 0 (moby/sys/user).
 */
static void passwd_line(struct layerfile *f, char *line)
{
	size_t n;
	line += strspn(line, " \t\v\f\r");
	for (n = strlen(line); n > 0 && strchr(" \t\v\f\r", line[n - 1]); n--)
		line[n - 1] = '\0';
	if (n == 0)
		return;
	const char *name = next_field(&line);
	next_field(&line); /* the password */
	int64_t uid = 0;
	if (!parse_int(next_field(&line), &uid))
		uid = 0;
	if (json_object_get(f->found, name))
		return;
	if (json_object_size(f->found) >= NAMES_MAX)
		layerfile_fail(f, "it names too many accounts");
	else
		json_object_set_new(f->found, name, json_integer(uid));
}

/* --- package databases ----------------------------------------------------------------------- */

static void end_paragraph(struct layerfile *f)
{
	if (f->package && f->is_installed)
		add_name(f, f->package);
	free(f->package);
	f->package = NULL;
	f->is_installed = false;
}

/* dpkg-query(1): "Status: install ok installed"; removed packages stay as "deinstall ok
 * config-files". */
static void dpkg_line(struct layerfile *f, char *line)
{
	if (!*line)
		end_paragraph(f);
	else if (starts_with(line, "Package: "))
		free(f->package), f->package = xstrdup(line + strlen("Package: "));
	else if (starts_with(line, "Status: "))
		f->is_installed =
			!ends_with(line, " config-files") && !ends_with(line, " not-installed");
}

/* A file for each package, which is there or not: no state. */
static void dpkg_single_line(struct layerfile *f, char *line)
{
	dpkg_line(f, line);
	f->is_installed = true;
}

static void apk_line(struct layerfile *f, char *line)
{
	if (starts_with(line, "P:"))
		add_name(f, line + 2);
}

static const struct form forms[] = {
	{ "etc/passwd", "users", passwd_line, NULL },
	{ "var/lib/dpkg/status", "dpkg", dpkg_line, end_paragraph },
	{ "var/lib/dpkg/status.d/", "dpkg", dpkg_single_line, end_paragraph },
	{ "lib/apk/db/installed", "apk", apk_line, NULL },
	{ "usr/lib/apk/db/installed", "apk", apk_line, NULL },
	{ "var/lib/rpm/Packages", "rpm", NULL, NULL },
	{ "var/lib/rpm/Packages.db", "rpm", NULL, NULL },
	{ "var/lib/rpm/rpmdb.sqlite", "rpm", NULL, NULL },
	{ "usr/lib/sysimage/rpm/Packages.db", "rpm", NULL, NULL },
	{ "usr/lib/sysimage/rpm/rpmdb.sqlite", "rpm", NULL, NULL },
};

/* --- public ---------------------------------------------------------------------------------- */

static const struct form *find_form(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		const char *wanted = forms[i].path;
		/* Beside each file of a package lies one with its checksums. */
		bool is_match = ends_with(wanted, "/")
					? starts_with(path, wanted) && !ends_with(path, ".md5sums")
					: streq(path, wanted);
		if (is_match)
			return &forms[i];
	}
	return NULL;
}

struct layerfile *layerfile_new(const char *path)
{
	const struct form *form = find_form(path);
	if (!form)
		return NULL;
	struct layerfile *f = xalloc(sizeof(*f));
	f->form = form;
	f->path = xstrdup(path);
	f->found = streq(form->part, "users") ? json_object() : json_array();
	if (!form->line)
		layerfile_fail(f, "databases of rpm are not understood");
	return f;
}

void layerfile_free(struct layerfile *f)
{
	if (!f)
		return;
	json_decref(f->found);
	free(f->package);
	free(f->path);
	free(f->why);
	free(f);
}

const char *layerfile_path(const struct layerfile *f)
{
	return f->path;
}

const char *layerfile_part(const struct layerfile *f)
{
	return f->form->part;
}

void layerfile_fail(struct layerfile *f, const char *why)
{
	if (!f->why)
		f->why = xstrdup(why);
}

static void end_line(struct layerfile *f)
{
	/* A NUL ends the line for all that looks at it. */
	f->line[f->n_line] = '\0';
	utf8_mend(f->line, f->n_line);
	f->form->line(f, f->line);
	f->n_line = 0;
}

void layerfile_feed(struct layerfile *f, const char *data, size_t n)
{
	for (size_t i = 0; i < n && !f->why; i++) {
		if (data[i] == '\n')
			end_line(f);
		else if (f->n_line < LINE_MAX_LEN)
			f->line[f->n_line++] = data[i];
	}
}

json_t *layerfile_end(struct layerfile *f)
{
	if (!f->why && f->n_line > 0)
		end_line(f);
	if (!f->why && f->form->end)
		f->form->end(f);
	if (f->why)
		return fact_unread("%s: %s", f->path, f->why);
	return json_incref(f->found);
}
