/* SPDX-License-Identifier: Apache-2.0 */
/* fix_ansible.c: fixes as an Ansible playbook of one play, a task for each. */
#include "fix_print.h"

/* Within double quotes of YAML; of clean text only these two need more. */
static void put_quoted(FILE *out, const char *s)
{
	putc('"', out);
	for (; *s; s++)
		fprintf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	putc('"', out);
}

/* Ansible takes names, too, for templates. */
static void put_name(FILE *out, const struct fix *fix)
{
	const struct rule *rule = fix->result->rule;
	AUTO_FREE char *raw = xasprintf("%s %s: %s", rule->profile->id, rule->ref, rule->title);
	AUTO_FREE char *name = clean(raw);
	for (char *s = name; *s; s++)
		if (*s == '{' || *s == '}')
			*s = *s == '{' ? '(' : ')';
	fprintf(out, "    - name: ");
	put_quoted(out, name);
	putc('\n', out);
}

static bool is_template(const char *s)
{
	return strstr(s, "{{") || strstr(s, "{%") || strstr(s, "{#");
}

static void begin_task(FILE *out, const struct fix *fix)
{
	fprintf(out, "\n");
	fix_comment_about(out, "    #", fix);
	put_name(out, fix);
}

/* --- files ---------------------------------------------------------------------------------- */

static void print_owner(FILE *out, const char *owner)
{
	const char *colon = strchr(owner, ':');
	if (colon != owner)
		fprintf(out, "        owner: %.*s\n", (int)strcspn(owner, ":"), owner);
	if (colon)
		fprintf(out, "        group: %s\n", colon + 1);
}

static void print_file(const struct fix *fix, FILE *out)
{
	if (is_template(fix->path)) {
		AUTO_FREE char *text = xasprintf("%s: Ansible would take this path for a template; "
						 "see --print sh",
						 fix->path);
		fix_comment(out, "    #", text);
		return;
	}
	if (fix->drops_acl) {
		begin_task(out, fix);
		fprintf(out, "      ansible.builtin.command:\n        argv: [setfacl, -b, --, ");
		put_quoted(out, fix->path);
		fprintf(out, "]\n");
	}
	if (!fix->owner && !fix->mode)
		return;
	begin_task(out, fix);
	fprintf(out, "      ansible.builtin.file:\n        path: ");
	put_quoted(out, fix->path);
	putc('\n', out);
	if (fix->owner)
		print_owner(out, fix->owner);
	if (fix->mode)
		fprintf(out, "        mode: \"%s\"\n", fix->mode);
}

/* --- lines ---------------------------------------------------------------------------------- */

static void print_place(const struct fix_file *file, FILE *out)
{
	fprintf(out,
		"\n    - name: the folder of %s\n"
		"      ansible.builtin.file:\n"
		"        path: %.*s\n"
		"        state: directory\n",
		file->path, (int)(strrchr(file->path, '/') - file->path), file->path);
	if (!file->header)
		return;
	fprintf(out,
		"\n    - name: the first line of %s\n"
		"      ansible.builtin.lineinfile:\n"
		"        path: %s\n"
		"        line: \"%s\"\n"
		"        insertbefore: BOF\n"
		"        create: true\n"
		"        mode: \"0644\"\n",
		file->path, file->path, file->header);
}

static void print_line(const struct fix *fix, FILE *out)
{
	const struct fix_file *file = &fix_files[fix->row->place];
	begin_task(out, fix);
	fprintf(out,
		"      ansible.builtin.lineinfile:\n        path: %s\n        line: ", file->path);
	put_quoted(out, fix->line);
	fprintf(out, "\n        create: true\n        mode: \"%s\"\n      notify: %s\n",
		fix->row->place == PLACE_AUDIT ? "0640" : "0644", file->then);
}

static void print_lines(const struct fixes *f, FILE *out)
{
	for (enum fix_place place = 0; place < PLACES; place++) {
		if (fix_count_lines(f, place) > 0)
			print_place(&fix_files[place], out);
		for (size_t i = 0; i < f->n; i++)
			if (f->all[i].line && f->all[i].row->place == place)
				print_line(&f->all[i], out);
	}
}

/* --- daemon.json ---------------------------------------------------------------------------- */

static const char before_keys[] =
	"\n"
	"    - name: is there a daemon.json?\n"
	"      ansible.builtin.stat:\n"
	"        path: \"{{ daemon_json }}\"\n"
	"      register: daemon_json_stat\n"
	"\n"
	"    - name: read daemon.json\n"
	"      ansible.builtin.slurp:\n"
	"        src: \"{{ daemon_json }}\"\n"
	"      register: daemon_json_file\n"
	"      when: daemon_json_stat.stat.exists\n"
	"\n"
	"    - name: what daemon.json says\n"
	"      ansible.builtin.set_fact:\n"
	"        daemon_settings: '{{ (daemon_json_file.content | b64decode | from_json) "
	"if daemon_json_stat.stat.exists else {} }}'\n";

static const char after_keys[] =
	"\n"
	"    - name: write daemon.json\n"
	"      ansible.builtin.copy:\n"
	"        dest: \"{{ daemon_json }}\"\n"
	"        content: '{{ daemon_settings | to_nice_json }}'\n"
	"        mode: '{{ daemon_json_stat.stat.mode | default(\"0644\") }}'\n"
	"        backup: true\n";

static void print_key(const struct fix *fix, FILE *out)
{
	const struct fix_key *key = &fix->row->key;
	begin_task(out, fix);
	fprintf(out,
		"      ansible.builtin.set_fact:\n        daemon_settings: '{{ daemon_settings | ");
	if (key->value)
		fprintf(out, "combine({\"%s\": %s}, recursive=true) }}'\n", key->name, key->value);
	else
		fprintf(out,
			"dict2items | rejectattr(\"key\", \"equalto\", \"%s\") | items2dict }}'\n",
			key->name);
}

static const char *file_of_keys(const struct fixes *f)
{
	const char *path = fix_daemon_path(f);
	return path && !is_template(path) ? path : "/etc/docker/daemon.json";
}

static void print_keys(const struct fixes *f, FILE *out)
{
	if (fix_count_keys(f) == 0)
		return;
	fputs(before_keys, out);
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].row->key.name)
			print_key(&f->all[i], out);
	fputs(after_keys, out);
	if (fix_can_validate(f))
		fprintf(out, "        validate: dockerd --validate --config-file %%s\n");
	fprintf(out, "      notify: %s docker\n", fix_keys_reload(f) ? "reload" : "restart");
}

/* --- the play ------------------------------------------------------------------------------- */

static void print_handlers(const struct fixes *f, FILE *out)
{
	bool has_keys = fix_count_keys(f) > 0;
	size_t n = has_keys;
	for (enum fix_place place = 0; place < PLACES; place++)
		n += fix_count_lines(f, place) > 0;
	if (n > 0)
		fprintf(out, "\n  handlers:\n");
	for (enum fix_place place = 0; place < PLACES; place++)
		if (fix_count_lines(f, place) > 0)
			fprintf(out, "    - name: %s\n      ansible.builtin.command: %s\n",
				fix_files[place].then, fix_files[place].then);
	if (has_keys)
		fprintf(out,
			"    - name: %s docker\n"
			"      ansible.builtin.service:\n"
			"        name: docker\n"
			"        state: %sed\n"
			"      when: restart_engine | bool\n",
			fix_keys_reload(f) ? "reload" : "restart",
			fix_keys_reload(f) ? "reload" : "restart");
}

static void print_vars(const struct fixes *f, FILE *out)
{
	if (fix_count_keys(f) == 0)
		return;
	fprintf(out, "  vars:\n    daemon_json: ");
	put_quoted(out, file_of_keys(f));
	fprintf(out, "\n    # A restart stops containers, unless live-restore is on already.\n"
		     "    restart_engine: false\n");
}

void fix_print_ansible(const struct fixes *f, FILE *out, FILE *notes)
{
	(void)notes;
	fprintf(out, "---\n");
	fix_comment_head(
		out, "#", f,
		"Nothing was changed yet. Read each task, take out what is not wanted, then run "
		"this against that host, first with --check --diff.");
	fix_comment_sum(out, "#", f);
	fprintf(out, "- name: mend what seaworthy found\n"
		     "  hosts: all\n"
		     "  become: true\n"
		     "  gather_facts: false\n");
	print_vars(f, out);
	bool has_tasks = fix_count_keys(f) + fix_count_files(f) > 0;
	for (enum fix_place place = 0; place < PLACES; place++)
		has_tasks |= fix_count_lines(f, place) > 0;
	fprintf(out, "  tasks:%s\n", has_tasks ? "" : " []");
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].path)
			print_file(&f->all[i], out);
	print_lines(f, out);
	print_keys(f, out);
	print_handlers(f, out);
	fix_comment_rest(out, "#", f);
}
