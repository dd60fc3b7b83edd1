/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confdir.h: layered configuration: main files, folders of fragments, includes, and which of
 * several settings counts. One engine for all of them; what differs is a const struct conf_spec.
 */
#ifndef SW_CONFDIR_H
#define SW_CONFDIR_H

#include <jansson.h>

#include "util.h"

/*
 * What conf_read() gives, a fact:
 *
 *   { "files":    [ {"path": "/etc/sysctl.d/99-x.conf", "state": "read"}, … ],
 *     "settings": { KEY: [ {"value": "1", "file": "/etc/sysctl.d/99-x.conf", "line": 3}, … ] } }
 *
 * files are in the order in which they count, also those that do not: state is "read", "masked"
 * (with "by": the file that hides it, or that it is a link to /dev/null), "missing" (included but
 * not there) or "unread" (with "why"). Of a setting the one in force is the first of the list and
 * its losers follow, the last to lose first; where all of them count they are in file order.
 * When a file could not be read, or a bound was met, "settings" is unread: what it would have said
 * is not known.
 */

enum {
	CONF_FILES_MAX = 2000,
	CONF_DEPTH_MAX = 16,        /* includes within includes */
	CONF_SETTINGS_MAX = 200000, /* assignments in all */
	CONF_BYTES_MAX = 32 << 20,  /* of text in all */
};

enum conf_merge {
	CONF_LAST, /* the last assignment is in force */
	CONF_FIRST,
	CONF_ALL,   /* all are, in order */
	CONF_RESET, /* all since the last empty one, as in lists of systemd */
};

/* struct conf_spec.flags */
#define CONF_NATURAL (1u << 0) /* fragments sort as numbers do: 9-x before 10-x */
#define CONF_NO_MASK (1u << 1) /* same names do not hide each other; folders in the order given */
#define CONF_NO_DOTS                                                                               \
	(1u << 2) /* fragments with a dot in their name or "~" at its end are not read */
#define CONF_CONTINUES (1u << 3) /* a backslash at the end of a line joins the next */
#define CONF_ONE_DIR   (1u << 4) /* only the first folder that exists is read */
#define CONF_RAW_LINES                                                                             \
	(1u << 5) /* line() sees empty lines and comments, and leading blanks, too                 \
		   */

#define CONF_APT_NAMES                                                                             \
	(1u << 6) /* fragments are called as apt wants: without a suffix "x" and "x.conf" only */
/* A backslash at the end of a comment joins nothing. Without comments that begin a line, "#" with
 * a digit behind it is none (sudoers). */
#define CONF_COMMENTS_END (1u << 7)

struct conf; /* one reading: opaque to line() but for the functions below */

/* Called with each line, cut and writable, without blanks around it. */
typedef void conf_line_fn(struct conf *c, char *line);

struct conf_spec {
	/* Lists end with NULL; NULL is an empty list. */
	const char *const
		*first; /* alternatives: the first that exists is read before the folders */
	const char *const *dirs; /* folders of fragments, the strongest first */
	const char *suffix;      /* of fragments, ".conf"; NULL: any */
	const char *const *last; /* alternatives: the first that exists is read after the folders */
	const char *comments;    /* characters that begin a comment at the start of a line, "#;" */
	unsigned flags;
	enum conf_merge merge;
	conf_line_fn *line;
	void (*begin)(struct conf *c); /* or NULL: called at the start of each file */
	void (*end)(struct conf *c);   /* or NULL: at the end of each that was read whole */
	void *context;                 /* conf_context() */
};

/*
 * For line(): notes key = value at the place that is being read. An empty value is one, NULL is
 * null. Returns the entry, to which members may be added; NULL when there are too many.
 */
json_t *conf_set(struct conf *c, const char *key, const char *value);
/* For line(): reads what the pattern (of glob(7), absolute, no "**") names, now, in byte order. */
void conf_include(struct conf *c, const char *pattern);
/* For line(): reads the fragments of a folder now, in byte order; skips as flags say. */
void conf_include_dir(struct conf *c, const char *dir, unsigned flags);
/* For line(): this file cannot be understood: "settings" becomes unread, naming file and line. */
void conf_refuse(struct conf *c, const char *format, ...) SW_PRINTF(2, 3);
void *conf_context(const struct conf *c);
/* For line(): the path of the file that is being read. */
const char *conf_file(const struct conf *c);
/* For line(): the section of an ini file, kept per file; "" at its start. */
const char *conf_section(const struct conf *c);
void conf_set_section(struct conf *c, const char *section);

/* Ready-made line functions. */
/* s without blanks around it, in place. */
char *conf_cut_blanks(char *s);
/* KEY = value or KEY=value; blanks around both are cut. Key as written. */
void conf_line_equals(struct conf *c, char *line);
/* [Section] and KEY=value of systemd: keys become "Section/KEY". */
void conf_line_ini(struct conf *c, char *line);
/* KEY value, any blanks between (login.defs). */
void conf_line_words(struct conf *c, char *line);

/* Where files come from: the audited root, or a tree in a test. */
struct conf_source {
	/* Malloc'ed, NUL-terminated; NULL with *ret_why malloc'ed: "" it is not there, CONF_NULL it
	 * is a device (a link to /dev/null), else why it cannot be read. */
	char *(*read)(void *context, const char *path, size_t *ret_len, char **ret_why);
	/* Entries of a folder, sorted by strcmp; false with *ret_why as above. */
	bool (*list)(void *context, const char *path,
		     void (*entry)(char type, const char *name, void *context), void *entry_context,
		     char **ret_why);
	/* The path without links, malloc'ed; NULL when it is not there. */
	char *(*resolve)(void *context, const char *path);
	void *context;
	/* Or NULL: these will be asked for soon, of folders resolve() and list(), of files read().
	 */
	void (*expect)(void *context, const char *path, bool is_folder);
};
#define CONF_NULL "is a device"

/* Never NULL; a new reference. */
json_t *conf_read(const struct conf_spec *spec, const struct conf_source *source);

struct conf_paths {
	char **list;
	size_t n;
};
void conf_paths_done(struct conf_paths *paths);
/* What the pattern names, in byte order; false with *ret_trouble (malloc'ed) when it is not whole.
 * A path without a pattern in it is named whether it is there or not. */
bool conf_glob(const struct conf_source *source, const char *pattern, struct conf_paths *ret,
	       char **ret_trouble);

struct collector;
/* The audited root as a source. */
struct conf_source collector_source(struct collector *c); /* collect_conf.c */

#endif
