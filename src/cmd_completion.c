/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_completion.c: completion: what lets a shell complete our command line, from its own tables.
 */
#include <errno.h>

#include "commands.h"
#include "text.h"

/* --- what may be the value of an option or the argument of a command ------------------------- */

/* Ids come from the program itself when they are asked for: profiles and plugins bring their own.
 */
enum source {
	NOTHING,
	WORDS,
	FILES,
	FOLDERS,
	PROFILES, /* or a file */
	FORMATS,
	RULES, /* numbers and checks */
};

static const struct {
	const char *name; /* an option or a command */
	const char *arg;  /* of the option, where several are called so; NULL: any */
	enum source source;
	const char *words;
} values[] = {
	{ "profile", NULL, PROFILES, NULL },
	{ "output", "FORMAT[=FILE]", FORMATS, NULL },
	{ "output", "FILE", FILES, NULL },
	{ "output", "FORMAT", WORDS, "text json" },
	{ "root", NULL, FOLDERS, NULL },
	{ "evidence", NULL, FOLDERS, NULL },
	{ "snapshot", NULL, FILES, NULL },
	{ "tailoring", NULL, FILES, NULL },
	{ "baseline", NULL, FILES, NULL },
	{ "plugin", NULL, FILES, NULL },
	{ "daemon-json", NULL, FILES, NULL },
	{ "only", NULL, RULES, NULL },
	{ "skip", NULL, RULES, NULL },
	{ "level", NULL, WORDS, "1 2" },
	{ "with", NULL, WORDS, "layers walk layers,walk" },
	{ "show", NULL, WORDS, "fail unknown warn pass skip all" },
	{ "sort", NULL, WORDS, "verdict severity subject ref" },
	{ "color", NULL, WORDS, "auto always never" },
	{ "fail-on", NULL, WORDS, "warn low medium high critical never" },
	{ "print", NULL, WORDS, "sh ansible daemon.json audit.rules sysctl.conf" },
	{ "list", "", WORDS, "checks profiles rules formats" },
	{ "completion", "", WORDS, "bash zsh fish" },
	{ "explain", "", RULES, NULL },
	{ "render", "", FILES, NULL },
	{ "diff", "", FILES, NULL },
	{ "fix", "", FILES, NULL },
	{ "verify", "", FILES, NULL },
};

struct value {
	enum source source;
	const char *words;
};

/* arg "": the argument of a command. */
static struct value value_of(const char *name, const char *arg)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		bool is_it = values[i].arg ? streq(values[i].arg, arg) : *arg != '\0';
		if (!is_it || !streq(values[i].name, name))
			continue;
		return (struct value){ values[i].source, values[i].words };
	}
	return (struct value){ NOTHING, NULL };
}

/* The argument of our own shell function that prints the words. */
static const char *const asked[] = {
	[PROFILES] = "profiles",
	[FORMATS] = "formats",
	[RULES] = "rules",
};

/* Numbers and checks of the rules, and what else list prints first in its lines. */
static void print_asking(void)
{
	fputs("_seaworthy_ids()\n"
	      "{\n"
	      "\tcase $1 in\n"
	      "\trules) command seaworthy list rules 2>/dev/null | awk '{ print $1; print $4 }' "
	      ";;\n"
	      "\t*) command seaworthy list \"$1\" 2>/dev/null | awk '{ print $1 }' ;;\n"
	      "\tesac\n"
	      "}\n\n",
	      stdout);
}

static bool belongs(const struct option_info *o, const struct command *c)
{
	return (o->commands & (unsigned)c->bit) != 0;
}

/* --- bash ----------------------------------------------------------------------------------- */

static void bash_values(struct value v)
{
	switch (v.source) {
	case NOTHING: fputs(":", stdout); break;
	case WORDS: printf("COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", v.words); break;
	case FILES: fputs("COMPREPLY=($(compgen -f -- \"$cur\"))", stdout); break;
	case FOLDERS: fputs("COMPREPLY=($(compgen -d -- \"$cur\"))", stdout); break;
	default:
		printf("COMPREPLY=($(compgen -W \"$(_seaworthy_ids %s)\" -- \"$cur\"))",
		       asked[v.source]);
		if (v.source == PROFILES)
			fputs(" COMPREPLY+=($(compgen -f -- \"$cur\"))", stdout);
	}
	fputs(" ;;\n", stdout);
}

static void bash_names(const struct option_info *o, char between)
{
	if (o->letter)
		printf("-%c%c", o->letter, between);
	printf("--%s", o->name);
}

static void bash_options(const struct command *c)
{
	struct option_info o;
	printf("\t%s)\n\t\toptions='", c->name);
	for (size_t i = 0; options_info(i, &o); i++) {
		if (belongs(&o, c)) {
			bash_names(&o, ' ');
			putchar(' ');
		}
	}
	fputs("'\n\t\tcase $prev in\n", stdout);
	for (size_t i = 0; options_info(i, &o); i++) {
		if (!belongs(&o, c) || !o.arg)
			continue;
		fputs("\t\t", stdout);
		bash_names(&o, '|');
		fputs(") ", stdout);
		bash_values(value_of(o.name, o.arg));
	}
	fputs("\t\t*) is_value= ;;\n\t\tesac\n\t\t[ -n \"$is_value\" ] || case $cur in\n\t\t-*) "
	      "COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n\t\t*) ",
	      stdout);
	bash_values(value_of(c->name, ""));
	fputs("\t\tesac ;;\n", stdout);
}

static void write_bash(void)
{
	fputs("# bash completion of seaworthy: made by `seaworthy completion bash`.\n"
	      "# shellcheck shell=bash disable=SC2207,SC2016\n",
	      stdout);
	print_asking();
	fputs("_seaworthy()\n{\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} options is_value=yes\n"
	      "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W '",
	      stdout);
	for (const struct command *c = commands; c->name; c++)
		printf("%s ", c->name);
	fputs("--help --version' -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n",
	      stdout);
	for (const struct command *c = commands; c->name; c++)
		bash_options(c);
	fputs("\tesac\n}\n\ncomplete -o filenames -o bashdefault -F _seaworthy seaworthy\n",
	      stdout);
}

/* --- zsh ------------------------------------------------------------------------------------ */

/* Within a quoted specification of _arguments. */
static void zsh_text(const char *s)
{
	for (; *s; s++) {
		if (strchr(":[]\\", *s))
			putchar('\\');
		fputs(*s == '\'' ? "'\\''" : (char[]){ *s, '\0' }, stdout);
	}
}

static void zsh_values(struct value v)
{
	switch (v.source) {
	case NOTHING: fputs(" ", stdout); break;
	case WORDS: printf("(%s)", v.words); break;
	case FILES: fputs("_files", stdout); break;
	case FOLDERS: fputs("_files -/", stdout); break;
	default:
		printf("{ compadd -- ${(f)\"$(_seaworthy_ids %s)\"}%s }", asked[v.source],
		       v.source == PROFILES ? "; _files" : "");
	}
}

static void zsh_option(const struct option_info *o)
{
	char letter[3] = { '-', o->letter, '\0' };
	for (int is_long = !o->letter; is_long < 2; is_long++) {
		printf(" \\\n\t\t\t'*%s%s[", is_long ? "--" : "", is_long ? o->name : letter);
		zsh_text(o->help);
		putchar(']');
		if (o->arg) {
			putchar(':');
			zsh_text(o->arg);
			putchar(':');
			zsh_values(value_of(o->name, o->arg));
		}
		putchar('\'');
	}
}

static void zsh_command(const struct command *c)
{
	struct option_info o;
	printf("\t%s)\n\t\t_arguments -s -S", c->name);
	for (size_t i = 0; options_info(i, &o); i++)
		if (belongs(&o, c))
			zsh_option(&o);
	struct value value = value_of(c->name, "");
	if (value.source != NOTHING) {
		fputs(" \\\n\t\t\t'*: :", stdout);
		zsh_values(value);
		putchar('\'');
	}
	fputs(" ;;\n", stdout);
}

static void write_zsh(void)
{
	fputs("#compdef seaworthy\n# zsh completion of seaworthy: made by `seaworthy completion "
	      "zsh`.\n",
	      stdout);
	print_asking();
	fputs("_seaworthy()\n{\n\tlocal -a all\n\tif (( CURRENT == 2 )); then\n\t\tall=(", stdout);
	for (const struct command *c = commands; c->name; c++) {
		printf("\n\t\t\t'%s:", c->name);
		zsh_text(c->help);
		putchar('\'');
	}
	fputs(")\n\t\t_describe command all\n\t\treturn\n\tfi\n\tshift words\n\t(( CURRENT-- ))\n"
	      "\tcase $words[1] in\n",
	      stdout);
	for (const struct command *c = commands; c->name; c++)
		zsh_command(c);
	fputs("\tesac\n}\n\n"
	      "if [ \"$funcstack[1]\" = _seaworthy ]; then\n\t_seaworthy \"$@\"\nelse\n"
	      "\tcompdef _seaworthy seaworthy\nfi\n",
	      stdout);
}

/* --- fish ----------------------------------------------------------------------------------- */

static void fish_text(const char *s)
{
	putchar('\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			putchar('\\');
		putchar(*s);
	}
	putchar('\'');
}

static void fish_values(struct value v)
{
	switch (v.source) {
	case NOTHING: break;
	case WORDS: printf(" -a '%s'", v.words); break;
	case FILES: fputs(" -F", stdout); break;
	case FOLDERS: fputs(" -a '(__fish_complete_directories)'", stdout); break;
	default:
		printf(" -a '(__seaworthy_ids %s)'%s", asked[v.source],
		       v.source == PROFILES ? " -F" : "");
	}
}

static void fish_command(const struct command *c)
{
	struct option_info o;
	for (size_t i = 0; options_info(i, &o); i++) {
		if (!belongs(&o, c))
			continue;
		printf("complete -c seaworthy -n '__fish_seen_subcommand_from %s' -l %s", c->name,
		       o.name);
		if (o.letter)
			printf(" -s %c", o.letter);
		if (o.arg) {
			struct value v = value_of(o.name, o.arg);
			bool is_file = v.source == FILES || v.source == PROFILES;
			fputs(is_file ? " -r" : " -x", stdout);
			fish_values(v);
		}
		fputs(" -d ", stdout);
		fish_text(o.help);
		putchar('\n');
	}
	struct value value = value_of(c->name, "");
	if (value.source == NOTHING)
		return;
	printf("complete -c seaworthy -n '__fish_seen_subcommand_from %s'", c->name);
	fish_values(value);
	putchar('\n');
}

static void write_fish(void)
{
	fputs("# fish completion of seaworthy: made by `seaworthy completion fish`.\n"
	      "function __seaworthy_ids\n"
	      "\tif test $argv[1] = rules\n"
	      "\t\tcommand seaworthy list rules 2>/dev/null | awk '{ print $1; print $4 }'\n"
	      "\telse\n"
	      "\t\tcommand seaworthy list $argv[1] 2>/dev/null | awk '{ print $1 }'\n"
	      "\tend\n"
	      "end\n\n"
	      "complete -c seaworthy -f\n",
	      stdout);
	for (const struct command *c = commands; c->name; c++) {
		printf("complete -c seaworthy -n __fish_use_subcommand -a %s -d ", c->name);
		fish_text(c->help);
		putchar('\n');
	}
	for (const struct command *c = commands; c->name; c++)
		fish_command(c);
}

/* --- the command ---------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*write)(void);
} shells[] = {
	{ "bash", write_bash },
	{ "zsh", write_zsh },
	{ "fish", write_fish },
};

int cmd_completion(const struct options *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(shells) && o->rest.n == 1; i++) {
		if (!streq(shells[i].name, o->rest.v[0]))
			continue;
		shells[i].write();
		return 0;
	}
	fputs("seaworthy: completion of which shell? bash, zsh or fish\n", stderr);
	return 2;
}
