/* SPDX-License-Identifier: Apache-2.0 */
/* fix_sh.c: fixes as a POSIX shell script, a block for each. */
#include "fix_print.h"

static void quote(struct text *t, const char *s)
{
	if (sw_is_plain_path(s)) {
		text_add(t, s);
		return;
	}
	text_add_char(t, '\'');
	for (; *s; s++)
		text_add(t, *s == '\'' ? "'\\''" : (const char[]){ *s, '\0' });
	text_add_char(t, '\'');
}

static void print_file(const struct fix *fix, FILE *out)
{
	struct text path AUTO_TEXT = { 0 };
	quote(&path, fix->path);
	fprintf(out, "\n");
	fix_comment_about(out, "#", fix);
	if (fix->drops_acl)
		fprintf(out, "setfacl -b -- %s\n", text_str(&path));
	if (fix->owner)
		fprintf(out, "chown %s -- %s\n", fix->owner, text_str(&path));
	if (fix->mode)
		fprintf(out, "chmod %s -- %s\n", fix->mode, text_str(&path));
}

static void print_files(const struct fixes *f, FILE *out)
{
	if (fix_count_files(f) > 0)
		fprintf(out, "\n# --- files\n");
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].path)
			print_file(&f->all[i], out);
}

/* --- lines ---------------------------------------------------------------------------------- */

static const char put[] =
	"\n"
	"# put FILE LINE [FIRST]: adds a line to a file of ours, once.\n"
	"put()\n"
	"{\n"
	"	mkdir -p -- \"${1%/*}\"\n"
	"	[ -e \"$1\" ] || printf '%s' \"${3:+$3\n"
	"}\" >\"$1\"\n"
	"	grep -q -x -F -e \"$2\" -- \"$1\" || printf '%s\\n' \"$2\" >>\"$1\"\n"
	"}\n";

/* A rule that is there twice keeps all after it from being loaded; not all are to read them. */
static const char put_rule[] =
	"\n"
	"# put_rule FILE LINE: the same, unless another file of that folder has the line.\n"
	"put_rule()\n"
	"{\n"
	"	grep -q -s -x -F -e \"$2\" -- \"${1%/*}\"/*.rules || ( umask 027; put \"$1\" "
	"\"$2\" )\n"
	"}\n";

static const char load_rules[] =
	"\n"
	"# Rules that are locked are loaded at the next start only.\n"
	"case $(auditctl -s) in\n"
	"*'enabled 2'*) echo 'the audit rules are locked: restart the host' ;;\n"
	"*) augenrules --load ;;\n"
	"esac\n";

static void print_line(const struct fix *fix, FILE *out)
{
	enum fix_place place = fix->row->place;
	const struct fix_file *file = &fix_files[place];
	struct text line AUTO_TEXT = { 0 };
	quote(&line, fix->line);
	fprintf(out, "\n");
	fix_comment_about(out, "#", fix);
	fprintf(out, "put%s %s %s", place == PLACE_AUDIT ? "_rule" : "", file->path,
		text_str(&line));
	if (file->header)
		fprintf(out, " '%s'", file->header);
	fprintf(out, "\n");
}

static void print_lines(const struct fixes *f, FILE *out)
{
	for (enum fix_place place = 0; place < PLACES; place++) {
		if (fix_count_lines(f, place) == 0)
			continue;
		fprintf(out, "\n# --- %s\n", fix_files[place].path);
		for (size_t i = 0; i < f->n; i++)
			if (f->all[i].line && f->all[i].row->place == place)
				print_line(&f->all[i], out);
		if (place == PLACE_AUDIT)
			fputs(load_rules, out);
		else
			fprintf(out, "\n%s\n", fix_files[place].then);
	}
}

static void print_functions(const struct fixes *f, FILE *out)
{
	bool has_lines = false;
	for (enum fix_place place = 0; place < PLACES; place++)
		has_lines |= fix_count_lines(f, place) > 0;
	if (has_lines)
		fputs(put, out);
	if (fix_count_lines(f, PLACE_AUDIT) > 0)
		fputs(put_rule, out);
}

/* --- daemon.json ---------------------------------------------------------------------------- */

static const char before_keys[] =
	"command -v jq >/dev/null || { echo 'daemon.json: this needs jq' >&2; exit 1; }\n"
	"work=$(mktemp -d)\n"
	"trap 'rm -rf \"$work\"' EXIT\n"
	"if [ -s \"$daemon_json\" ]; then cat -- \"$daemon_json\"; else echo '{}'; fi "
	">\"$work/now.json\"\n"
	"\n"
	"# edit FILTER: the next change, in a copy.\n"
	"edit()\n"
	"{\n"
	"	jq \"$1\" \"$work/now.json\" >\"$work/next.json\"\n"
	"	mv -- \"$work/next.json\" \"$work/now.json\"\n"
	"}\n";

/* Docker 23 has it; whether this dockerd is the one that runs is not known here. */
static const char validate[] = "\n"
			       "if dockerd --help 2>&1 | grep -q -e --validate; then\n"
			       "	dockerd --validate --config-file \"$work/now.json\"\n"
			       "fi\n";

/* Copied first, for its owner and mode: it may hold the password of a proxy. */
static const char after_keys[] = "mkdir -p -- \"${daemon_json%/*}\"\n"
				 "if [ -e \"$daemon_json\" ]; then\n"
				 "	cp -p -- \"$daemon_json\" \"$daemon_json.before\"\n"
				 "	cp -p -- \"$daemon_json\" \"$daemon_json.new\"\n"
				 "fi\n"
				 "cat -- \"$work/now.json\" >\"$daemon_json.new\"\n"
				 "mv -- \"$daemon_json.new\" \"$daemon_json\"\n";

static void print_key(const struct fix *fix, FILE *out)
{
	const struct fix_key *key = &fix->row->key;
	fprintf(out, "\n");
	fix_comment_about(out, "#", fix);
	if (!key->value)
		fprintf(out, "edit 'del(.[\"%s\"])'\n", key->name);
	else
		fprintf(out, "edit '.[\"%s\"] %s %s'\n", key->name, *key->value == '{' ? "+=" : "=",
			key->value);
}

static void print_keys(const struct fixes *f, FILE *out)
{
	const char *path = fix_daemon_path(f);
	struct text quoted AUTO_TEXT = { 0 };
	if (fix_count_keys(f) == 0)
		return;
	quote(&quoted, path ? path : "/etc/docker/daemon.json");
	fprintf(out, "\n# --- daemon.json\n\ndaemon_json=%s\n", text_str(&quoted));
	if (path)
		fprintf(out, "[ ! -L \"$daemon_json\" ] || daemon_json=$(readlink -f -- "
			     "\"$daemon_json\")\n");
	else
		fix_comment(out, "#",
			    "The report does not tell where it is; this is the usual place.");
	fputs(before_keys, out);
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].row->key.name)
			print_key(&f->all[i], out);
	fputs(validate, out);
	fputs(after_keys, out);
	fprintf(out, "echo 'Now%s: systemctl %s%s docker'\n",
		fix_keys_reload(f) ? "" : ", when the containers may stop",
		f->report->target.rootless == 1 ? "--user " : "",
		fix_keys_reload(f) ? "reload" : "restart");
}

void fix_print_sh(const struct fixes *f, FILE *out, FILE *notes)
{
	(void)notes;
	fprintf(out, "#!/bin/sh\n");
	fix_comment_head(out, "#", f,
			 f->report->target.rootless == 1
				 ? "Nothing was changed yet. Read each block, take out what is not "
				   "wanted, then "
				   "run this on that host: as root, the part on daemon.json as the "
				   "user of the "
				   "rootless engine."
				 : "Nothing was changed yet. Read each block, take out what is not "
				   "wanted, then "
				   "run this on that host as root.");
	fix_comment_sum(out, "#", f);
	fprintf(out, "set -eu\numask 022\n");
	print_functions(f, out);
	print_files(f, out);
	print_lines(f, out);
	print_keys(f, out);
	fix_comment_rest(out, "#", f);
}
