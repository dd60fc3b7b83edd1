/* SPDX-License-Identifier: Apache-2.0 */
/* main.c: the table of commands. */
#include <errno.h>

#include "commands.h"
#include "err.h"
#include "json_memory.h"
#include "record.h"
#include "run.h"

const struct command commands[] = {
	{ "audit", CMD_AUDIT, "[OPTION]...", "judge this host and its engine, a tree or a snapshot",
	  cmd_audit },
	{ "collect", CMD_COLLECT, "[OPTION]...",
	  "write the records of this host and its engine, to be judged later", cmd_collect },
	{ "render", CMD_RENDER, "REPORT.json|FOLDER|-... [OPTION]...",
	  "write a report that was saved as JSON in another format, or many as one", cmd_render },
	{ "diff", CMD_DIFF, "OLD.json NEW.json|OLD-FOLDER NEW-FOLDER [OPTION]...",
	  "what is new, fixed, still failing or newly unknown since an older report", cmd_diff },
	{ "list", CMD_LIST, "checks|profiles|rules|formats [OPTION]...", "list what there is",
	  cmd_list },
	{ "explain", CMD_EXPLAIN, "ID... [OPTION]...",
	  "what a rule or a check is about, how it is decided, how to mend it", cmd_explain },
	{ "fix", CMD_FIX, "REPORT.json|- [OPTION]...",
	  "print what would mend the failures of a saved report; nothing is changed", cmd_fix },
	{ "verify", CMD_VERIFY, "FILE... [OPTION]...",
	  "are profiles, tailoring, snapshots and reports sound?", cmd_verify },
	{ "doctor", CMD_DOCTOR, "[OPTION]...", "what this run can and cannot read, and why",
	  cmd_doctor },
	{ "completion", CMD_COMPLETION, "bash|zsh|fish",
	  "print what lets this shell complete commands, options and rules", cmd_completion },
	{ NULL, 0, NULL, NULL, NULL },
};
enum { COMMANDS = ARRAY_SIZE(commands) - 1 };

static void print_version(void)
{
#ifdef DISABLE_SANDBOX
	static const char sandbox[] = "without sandbox (built with --disable-sandbox)";
#elif defined HAVE_SECCOMP
	static const char sandbox[] = "with sandbox (Landlock, seccomp)";
#else
	static const char sandbox[] = "with sandbox (Landlock; built without libseccomp)";
#endif
	printf("seaworthy %s, %s, snapshot version %d, plugin ABI %d\n", PACKAGE_VERSION, sandbox,
	       SNAPSHOT_VERSION, SW_ABI);
}

static void print_usage(FILE *out)
{
	fputs("usage: seaworthy COMMAND [OPTION]...\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	fputs("\n'seaworthy COMMAND --help' lists the options of a command; 'seaworthy --version' "
	      "tells the version.\n"
	      "Exit status: 0 all well, 1 a rule failed, 2 seaworthy's own trouble, 3 something "
	      "could not be told.\n",
	      out);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (streq(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int unknown_command(const char *name)
{
	const char *names[COMMANDS];
	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	const char *near = nearest(name, names, COMMANDS);
	struct err err = { 0 };
	err_set(&err, -EINVAL, "no command '%s'%s%s; see seaworthy --help", name,
		near ? ", did you mean " : "", near ? near : "");
	return err_complain(&err);
}

static int run_command(const struct command *c, int argc, char **argv)
{
	struct options o;
	struct err err = { 0 };
	int status;
	if (options_parse(&o, c->bit, argc, argv, &err) < 0) {
		AUTO_FREE char *who = xasprintf("seaworthy %s", c->name);
		err_print(who, err.text);
		status = 2;
	} else if (o.help) {
		printf("usage: seaworthy %s %s\n\n", c->name, c->usage);
		options_print(stdout, c->bit);
		status = 0;
	} else {
		run_catch_signals();
		status = c->run(&o);
		run_pass_on_signal();
	}
	options_done(&o);
	err_done(&err);
	return status;
}

int main(int argc, char **argv)
{
	int status = 0;
	json_use_own_memory();
	if (argc < 2) {
		print_usage(stderr);
		return 2;
	}
	const struct command *c = find_command(argv[1]);
	if (c)
		status = run_command(c, argc - 1, argv + 1);
	else if (streq(argv[1], "--version") || streq(argv[1], "-V") || streq(argv[1], "version"))
		print_version();
	else if (streq(argv[1], "--help") || streq(argv[1], "-h") || streq(argv[1], "help"))
		print_usage(stdout);
	else
		return unknown_command(argv[1]);
	struct err err = { 0 };
	return err_flush_stdout(&err) < 0 ? err_complain(&err) : status;
}
