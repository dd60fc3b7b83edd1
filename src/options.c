/* SPDX-License-Identifier: Apache-2.0 */
/* options.c: see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <time.h>

#include "eval.h"
#include "fix_print.h"
#include "text.h"
#include "timestamp.h"

enum { MODE_ALL = CMD_AUDIT | CMD_COLLECT | CMD_DOCTOR };

enum option_key {
	KEY_PROFILE = 'p',
	KEY_OUTPUT = 'o',
	KEY_HOST = 'H',
	KEY_VERBOSE = 'v',
	KEY_QUIET = 'q',
	KEY_HELP = 'h',
	KEY_ROOT = 256,
	KEY_SNAPSHOT,
	KEY_CONTEXT,
	KEY_TIMEOUT,
	KEY_ONLY,
	KEY_SKIP,
	KEY_LEVEL,
	KEY_SUBJECT,
	KEY_SET,
	KEY_NOW,
	KEY_SHOW,
	KEY_COLOR,
	KEY_FAIL_ON,
	KEY_PLUGIN,
	KEY_ASCII,
	KEY_MISSING,
	KEY_VERSION,
	KEY_LAYERS,
	KEY_WITH,
	KEY_EVIDENCE,
	KEY_TAILORING,
	KEY_BASELINE,
	KEY_SORT,
	KEY_PRINT,
	KEY_DAEMON_JSON,
};

struct option_row {
	int key;
	const char *name, *arg, *help;
	unsigned commands;
};

static const struct option_row rows[] = {
	{ KEY_PROFILE, "profile", "PROFILE",
	  "judge by this profile: a name or a file (repeatable; "
	  "default cis-docker-1.8.0 and docker-host)",
	  CMD_AUDIT | CMD_COLLECT | CMD_LIST | CMD_EXPLAIN | CMD_VERIFY },
	{ KEY_OUTPUT, "output", "FORMAT[=FILE]",
	  "write a report in this format (repeatable; default text on standard output)",
	  CMD_AUDIT | CMD_RENDER | CMD_DIFF },
	{ KEY_OUTPUT, "output", "FILE", "write the records here (default standard output)",
	  CMD_COLLECT },
	{ KEY_OUTPUT, "output", "FORMAT", "text or json", CMD_LIST },
	{ KEY_ROOT, "root", "DIR", "audit the tree below DIR, which is not running", MODE_ALL },
	{ KEY_SNAPSHOT, "snapshot", "FILE", "judge records that collect wrote; - is standard input",
	  CMD_AUDIT },
	{ KEY_HOST, "host", "URL", "the engine to ask: unix://PATH or tcp://HOST:PORT", MODE_ALL },
	{ KEY_CONTEXT, "context", "NAME", "the engine of this docker context", MODE_ALL },
	{ KEY_LAYERS, "layers", NULL,
	  "look into the layers of images, which the engine must export for that", CMD_AUDIT },
	{ KEY_WITH, "with", "LIST",
	  "also what is dear: walk, of all files, and layers, of the images (comma-separated)",
	  CMD_COLLECT },
	{ KEY_EVIDENCE, "evidence", "DIR",
	  "take the *.json in DIR as reports of Trivy, Grype or CycloneDX on images",
	  CMD_AUDIT | CMD_COLLECT },
	{ KEY_TIMEOUT, "timeout", "SECONDS",
	  "wait this long for one reply of the engine (default 10)", MODE_ALL },
	{ KEY_ONLY, "only", "PATTERN",
	  "only rules whose number, check or group matches (repeatable)", CMD_AUDIT },
	{ KEY_SKIP, "skip", "PATTERN",
	  "without rules whose number, check or group matches (repeatable)", CMD_AUDIT },
	{ KEY_LEVEL, "level", "1|2", "only rules up to this level", CMD_AUDIT },
	{ KEY_SUBJECT, "subject", "PATTERN",
	  "only containers whose name, image or id matches (repeatable)", CMD_AUDIT },
	{ KEY_SET, "set", "NAME=VALUE",
	  "set a parameter of the rules (repeatable; explain lists them)", CMD_AUDIT },
	{ KEY_TAILORING, "tailoring", "FILE",
	  "change, add and waive rules as FILE says (repeatable)",
	  CMD_AUDIT | CMD_COLLECT | CMD_LIST | CMD_EXPLAIN },
	{ KEY_BASELINE, "baseline", "REPORT",
	  "only what is new or worse than in this JSON report makes exit status 1 or 3",
	  CMD_AUDIT },
	{ KEY_PLUGIN, "plugin", "FILE", "load more checks from a shared object (repeatable)",
	  CMD_AUDIT | CMD_LIST | CMD_EXPLAIN | CMD_VERIFY },
	{ KEY_NOW, "now", "DATE", "the date to judge by, YYYY-MM-DD (default today)",
	  CMD_AUDIT | CMD_VERIFY },
	{ KEY_SHOW, "show", "LIST", "verdicts that text lists in full (default fail,unknown,warn)",
	  CMD_AUDIT | CMD_RENDER },
	{ KEY_SORT, "sort", "BY",
	  "order of the text within a group: verdict, severity, subject or ref (default verdict)",
	  CMD_AUDIT | CMD_RENDER },
	{ KEY_COLOR, "color", "WHEN", "auto, always or never", CMD_AUDIT | CMD_RENDER | CMD_DIFF },
	{ KEY_ASCII, "ascii", NULL, "text in ASCII only", CMD_AUDIT | CMD_RENDER | CMD_DIFF },
	{ KEY_VERBOSE, "verbose", NULL, "list every subject of a finding",
	  CMD_AUDIT | CMD_RENDER | CMD_DIFF },
	{ KEY_QUIET, "quiet", NULL, "text prints only failures and the last line",
	  CMD_AUDIT | CMD_RENDER },
	{ KEY_FAIL_ON, "fail-on", "SEVERITY",
	  "warn, low, medium, high, critical or never: what makes exit status 1 (default low)",
	  CMD_AUDIT | CMD_DIFF },
	{ KEY_MISSING, "missing", NULL,
	  "with rules: how many recommendations of the benchmark have no rule", CMD_LIST },
	{ KEY_PRINT, "print", "WHAT",
	  "sh, ansible, daemon.json, audit.rules or sysctl.conf (default sh)", CMD_FIX },
	{ KEY_DAEMON_JSON, "daemon-json", "FILE",
	  "the engine's configuration file in force, to be merged with; - is standard input",
	  CMD_FIX },
	{ KEY_HELP, "help", NULL, "print this", ~0u },
};

static void add_string(struct strings *list, const char *s)
{
	list->v = xrealloc(list->v, (list->n + 2) * sizeof(*list->v));
	list->v[list->n++] = s;
	list->v[list->n] = NULL;
}

static bool is_short(int key)
{
	return key < 256;
}

/* The tables that getopt_long(3) wants, of the options that belong to the command. */
static void fill_getopt(unsigned command, char *shorts, struct option *longs)
{
	*shorts++ = ':';
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].commands & command))
			continue;
		*longs++ = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    rows[i].key };
		if (!is_short(rows[i].key))
			continue;
		*shorts++ = (char)rows[i].key;
		if (rows[i].arg)
			*shorts++ = ':';
	}
	*shorts = '\0';
	*longs = (struct option){ 0 };
}

static int bad_option(const char *word, unsigned command, struct err *err)
{
	const char *names[ARRAY_SIZE(rows)];
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].commands & command)
			names[n++] = rows[i].name;
	AUTO_FREE char *typed = xstrndup(word, strcspn(word, "="));
	const char *near = starts_with(typed, "--") ? nearest(typed + 2, names, n) : NULL;
	return err_set(err, -EINVAL, "no option '%s' here%s%s%s", typed,
		       near ? "; did you mean --" : "", near ? near : "",
		       near ? "?" : "; see --help");
}

static int set_with(struct options *o, const char *list, struct err *err)
{
	AUTO_FREE char *copy = xstrdup(list);
	char *rest = copy, *word;
	while ((word = strsep(&rest, ","))) {
		if (streq(word, "layers"))
			o->layers = true;
		else if (streq(word, "walk"))
			o->walk = true;
		else
			return err_set(err, -EINVAL,
				       "--with %s: walk and layers can be asked for, not '%s'",
				       list, word);
	}
	return 0;
}

static int add_output(struct options *o, enum command_bit command, const char *arg, struct err *err)
{
	struct output out = { .sink = NULL, .target = arg };
	if (command == CMD_LIST && !streq(arg, "text") && !streq(arg, "json"))
		return err_set(err, -EINVAL, "-o: list prints text or json, not '%s'", arg);
	if (command == CMD_COLLECT && arg[strcspn(arg, "=")] == '=') {
		AUTO_FREE char *format = xstrndup(arg, strcspn(arg, "="));
		if (sink_find(format))
			return err_set(err, -EINVAL,
				       "-o %s: collect writes records, not reports; -o FILE, then: "
				       "seaworthy audit --snapshot FILE -o %s",
				       arg, arg);
	}
	if (command & (CMD_AUDIT | CMD_RENDER | CMD_DIFF)) {
		AUTO_FREE char *format = xstrndup(arg, strcspn(arg, "="));
		out.sink = sink_find(format);
		out.target = arg[strlen(format)] == '=' ? arg + strlen(format) + 1 : NULL;
		if (!out.sink) {
			const char *names[32];
			size_t n = 0;
			for (const struct sink *const *s = sinks; *s && n < 32; s++)
				names[n++] = (*s)->name;
			const char *near = nearest(format, names, n);
			return err_set(
				err, -EINVAL,
				"-o: no format '%s'%s%s; 'seaworthy list formats' lists them",
				format, near ? ", did you mean " : "", near ? near : "");
		}
		if (out.target && !*out.target)
			return err_set(err, -EINVAL, "-o %s: a file name must follow the '='", arg);
		for (size_t i = 0; i < o->n_outputs && !out.target; i++)
			if (!o->outputs[i].target)
				return err_set(err, -EINVAL,
					       "-o: two reports on standard output; give one of "
					       "them a file: -o %s=FILE",
					       format);
	}
	o->outputs = xrealloc(o->outputs, (o->n_outputs + 1) * sizeof(*o->outputs));
	o->outputs[o->n_outputs++] = out;
	return 0;
}

static int add_setting(struct options *o, const char *arg, struct err *err)
{
	const char *equals = strchr(arg, '=');
	if (!equals || equals == arg)
		return err_set(err, -EINVAL, "--set %s: NAME=VALUE is wanted", arg);
	o->settings = xrealloc(o->settings, (o->n_settings + 1) * sizeof(*o->settings));
	o->settings[o->n_settings++] =
		(struct setting){ xstrndup(arg, (size_t)(equals - arg)), equals + 1 };
	return 0;
}

static int set_number(const char *name, const char *arg, int64_t least, int64_t most, int64_t *ret,
		      struct err *err)
{
	if (parse_int(arg, ret) && *ret >= least && *ret <= most)
		return 0;
	return err_set(err, -EINVAL, "--%s %s: a number from %lld to %lld is wanted", name, arg,
		       (long long)least, (long long)most);
}

static int set_show(struct options *o, const char *list, struct err *err)
{
	AUTO_FREE char *copy = xstrdup(list);
	char *next = copy, *word;
	o->show_mask = 0;
	while ((word = strsep(&next, ","))) {
		enum sw_verdict v;
		if (streq(word, "all"))
			o->show_mask = ~0u;
		else if (verdict_of(word, &v))
			o->show_mask |= 1u << v;
		else
			return err_set(err, -EINVAL,
				       "--show %s: a list of fail, unknown, warn, pass, skip or "
				       "all is wanted",
				       list);
	}
	return 0;
}

static int set_word(const char **field, const char *name, const char *arg, const char *const *words,
		    struct err *err)
{
	for (size_t i = 0; words[i]; i++)
		if (streq(arg, words[i])) {
			*field = arg;
			return 0;
		}
	struct text list AUTO_TEXT = { 0 };
	for (size_t i = 0; words[i]; i++)
		text_printf(&list, "%s%s", i ? ", " : "", words[i]);
	return err_set(err, -EINVAL, "--%s %s: one of %s is wanted", name, arg, text_str(&list));
}

static int set_print(struct options *o, const char *arg, struct err *err)
{
	struct text list AUTO_TEXT = { 0 };
	o->print = fix_format_find(arg);
	for (const struct fix_format *f = fix_formats; f->name; f++)
		text_printf(&list, "%s%s", f == fix_formats ? "" : ", ", f->name);
	return o->print ? 0
			: err_set(err, -EINVAL, "--print %s: one of %s is wanted", arg,
				  text_str(&list));
}

static int take_option(struct options *o, enum command_bit command, int key, const char *arg,
		       struct err *err)
{
	static const char *const whens[] = { "auto", "always", "never", NULL };
	static const char *const severities[] = { "warn",     "low",   "medium", "high",
						  "critical", "never", NULL };
	static const char *const sorts[] = { "verdict", "severity", "subject", "ref", NULL };
	int64_t n;
	switch (key) {
	case KEY_PROFILE: add_string(&o->profiles, arg); return 0;
	case KEY_ONLY: add_string(&o->only, arg); return 0;
	case KEY_SKIP: add_string(&o->skip, arg); return 0;
	case KEY_SUBJECT: add_string(&o->subjects, arg); return 0;
	case KEY_PLUGIN: add_string(&o->plugins, arg); return 0;
	case KEY_DAEMON_JSON: o->daemon_json = arg; return 0;
	case KEY_PRINT: return set_print(o, arg, err);
	case KEY_BASELINE: o->baseline = arg; return 0;
	case KEY_TAILORING: add_string(&o->tailoring, arg); return 0;
	case KEY_OUTPUT: return add_output(o, command, arg, err);
	case KEY_SET: return add_setting(o, arg, err);
	case KEY_ROOT: o->root = arg; return 0;
	case KEY_SNAPSHOT: o->snapshot = arg; return 0;
	case KEY_HOST: o->host = arg; return 0;
	case KEY_CONTEXT: o->context = arg; return 0;
	case KEY_ASCII: o->ascii = true; return 0;
	case KEY_VERBOSE: o->verbose = true; return 0;
	case KEY_QUIET: o->quiet = true; return 0;
	case KEY_MISSING: o->missing = true; return 0;
	case KEY_LAYERS: o->layers = true; return 0;
	case KEY_WITH: return set_with(o, arg, err);
	case KEY_EVIDENCE: o->evidence = arg; return 0;
	case KEY_HELP: o->help = true; return 0;
	case KEY_SHOW: return set_show(o, arg, err);
	case KEY_COLOR: return set_word(&o->color, "color", arg, whens, err);
	case KEY_SORT: return set_word(&o->sort, "sort", arg, sorts, err);
	case KEY_FAIL_ON: return set_word(&o->fail_on, "fail-on", arg, severities, err);
	case KEY_NOW:
		if (!date_is_valid(arg))
			return err_set(err, -EINVAL, "--now %s: a date YYYY-MM-DD is wanted", arg);
		free(o->now);
		o->now = xstrdup(arg);
		return 0;
	case KEY_LEVEL:
		if (set_number("level", arg, 1, 2, &n, err) < 0)
			return -EINVAL;
		o->level = (int)n;
		return 0;
	case KEY_TIMEOUT:
		if (set_number("timeout", arg, 1, 3600, &n, err) < 0)
			return -EINVAL;
		o->timeout = (unsigned)n;
		return 0;
	default: return err_set(err, -EINVAL, "an option without a meaning");
	}
}

static int check_together(const struct options *o, struct err *err)
{
	if (o->root && o->snapshot)
		return err_set(err, -EINVAL,
			       "--root and --snapshot: only one source can be judged");
	if (o->snapshot && (o->host || o->context))
		return err_set(
			err, -EINVAL,
			"--snapshot is judged without an engine: leave out -H and --context");
	if (o->snapshot && (o->layers || o->evidence))
		return err_set(err, -EINVAL,
			       "--snapshot has what collect was told: give %s to collect",
			       o->layers ? "--layers" : "--evidence");
	if (o->host && o->context)
		return err_set(err, -EINVAL, "-H and --context: only one engine can be asked");
	return 0;
}

static void set_defaults(struct options *o)
{
	char today[16];
	time_t now = time(NULL);
	struct tm tm;
	strftime(today, sizeof(today), "%Y-%m-%d", gmtime_r(&now, &tm));
	*o = (struct options){ .timeout = 10,
			       .fail_on = "low",
			       .color = "auto",
			       .now = xstrdup(today),
			       .show_mask = 1u << SW_FAIL | 1u << SW_UNKNOWN | 1u << SW_WARN };
}

int options_parse(struct options *o, enum command_bit command, int argc, char **argv,
		  struct err *err)
{
	char shorts[2 * ARRAY_SIZE(rows) + 2];
	struct option longs[ARRAY_SIZE(rows) + 1];
	int key;
	set_defaults(o);
	fill_getopt(command, shorts, longs);
	optind = 0; /* also resets what an earlier use left behind */
	opterr = 0;
	while ((key = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *word = argv[optind - 1];
		char one[3] = { '-', (char)optopt, '\0' };
		if (key == '?')
			return bad_option(optopt && is_short(optopt) ? one : word, command, err);
		if (key == ':')
			return err_set(err, -EINVAL, "option '%s' needs a value; see --help", word);
		if (take_option(o, command, key, optarg, err) < 0)
			return -EINVAL;
	}
	for (int i = optind; i < argc; i++)
		add_string(&o->rest, argv[i]);
	return check_together(o, err);
}

void options_done(struct options *o)
{
	struct strings *lists[] = { &o->profiles, &o->only, &o->skip,     &o->subjects,
				    &o->plugins,  &o->rest, &o->tailoring };
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		free(lists[i]->v);
	for (size_t i = 0; i < o->n_settings; i++)
		free(o->settings[i].name);
	free(o->settings);
	free(o->outputs);
	free(o->now);
}

bool options_info(size_t i, struct option_info *ret)
{
	if (i >= ARRAY_SIZE(rows))
		return false;
	*ret = (struct option_info){ is_short(rows[i].key) ? (char)rows[i].key : '\0', rows[i].name,
				     rows[i].arg, rows[i].help, rows[i].commands };
	return true;
}

void options_print(FILE *out, enum command_bit command)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].commands & command))
			continue;
		char left[48], dash[5] = "    ";
		if (is_short(rows[i].key))
			snprintf(dash, sizeof(dash), "-%c, ", rows[i].key);
		snprintf(left, sizeof(left), "%s--%s%s%s", dash, rows[i].name,
			 rows[i].arg ? " " : "", rows[i].arg ? rows[i].arg : "");
		fprintf(out, "  %-28s %s\n", left, rows[i].help);
	}
}
