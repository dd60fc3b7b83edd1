/* SPDX-License-Identifier: Apache-2.0 */
/* fix_plain.c: fixes as the contents of one file; the list of formats. */
#include "json_memory.h"
#include "fix_print.h"

#include "json_writer.h"

/* JSON has no comments: what there is to say goes beside it. */
static void note_keys(const struct fixes *f, FILE *notes)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct fix_key *key = &f->all[i].row->key;
		if (!key->name)
			continue;
		AUTO_FREE char *what = key->value ? xasprintf("\"%s\": %s", key->name, key->value)
						  : xasprintf("without \"%s\"%s", key->name,
							      f->given ? "" : ": take it out");
		fix_comment(notes, "seaworthy:", what);
		fix_comment_about(notes, "seaworthy:  ", &f->all[i]);
	}
	for (size_t i = 0; i < f->n_by_hand; i++) {
		const struct fix_by_hand *b = &f->by_hand[i];
		if (!b->why || b->result->rule->check->kind != SW_ENGINE)
			continue;
		AUTO_FREE char *text = xasprintf("%s: not done: %s", text_str(b->rules), b->why);
		fix_comment(notes, "seaworthy:", text);
	}
	if (!f->given)
		fix_comment(notes, "seaworthy:",
			    "this is only what is to be added; with --daemon-json FILE it is the "
			    "whole file");
}

void fix_print_daemon_json(const struct fixes *f, FILE *out, FILE *notes)
{
	json_t *merged = fix_daemon_merged(f);
	AUTO_FREE char *text = json_dumped(merged, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	note_keys(f, notes);
	fprintf(out, "%s\n", text ? text : "{}");
	json_decref(merged);
}

static void print_place(const struct fixes *f, enum fix_place place, FILE *out)
{
	fix_comment(out, "#", fix_files[place].path);
	fix_comment_head(out, "#", f, "Nothing was changed yet. Take out what is not wanted.");
	for (size_t i = 0; i < f->n; i++) {
		const struct fix *fix = &f->all[i];
		if (!fix->line || fix->row->place != place)
			continue;
		fprintf(out, "\n");
		fix_comment_about(out, "#", fix);
		fprintf(out, "%s\n", fix->line);
	}
}

void fix_print_audit_rules(const struct fixes *f, FILE *out, FILE *notes)
{
	(void)notes;
	print_place(f, PLACE_AUDIT, out);
}

void fix_print_sysctl_conf(const struct fixes *f, FILE *out, FILE *notes)
{
	(void)notes;
	print_place(f, PLACE_SYSCTL, out);
}

const struct fix_format fix_formats[] = {
	{ "sh", fix_print_sh },
	{ "ansible", fix_print_ansible },
	{ "daemon.json", fix_print_daemon_json },
	{ "audit.rules", fix_print_audit_rules },
	{ "sysctl.conf", fix_print_sysctl_conf },
	{ NULL, NULL },
};

const struct fix_format *fix_format_find(const char *name)
{
	for (const struct fix_format *f = fix_formats; f->name; f++)
		if (streq(f->name, name))
			return f;
	return NULL;
}
