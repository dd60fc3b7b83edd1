/* SPDX-License-Identifier: Apache-2.0 */
/* collect_sshd.c: the ssh server: its configuration, keys, sockets and the one that runs. */
#include "collector.h"
#include "confdir.h"
#include "procparse.h"
#include "record.h"
#include "redact.h"
#include "sshdconf.h"
#include "text.h"

enum { PIDS_MAX = 65536, PIDS_A_QUESTION = 128, FILES_MAX = 200 };

static const char *const programs[] = { "/usr/sbin/sshd", "/usr/lib/ssh/sshd",
					"/usr/local/sbin/sshd", "/usr/bin/sshd" };

/* --- the one that runs ----------------------------------------------------------------------- */

struct listener {
	struct collector *c;
	int64_t *pids;
	size_t n;
	json_t *options; /* of the first listener */
	char *file;      /* that its -f names */
	char *why;       /* why it cannot be told whether one runs */
};

static void add_pid(char type, const char *name, void *context)
{
	struct listener *l = context;
	int64_t pid;
	if (type == 'd' && parse_int(name, &pid) && l->n < PIDS_MAX)
		l->pids[l->n++] = pid;
}

static char *part_text(const struct answer *a, const char *name)
{
	int error;
	return proc_text(a->data, a->len, name, &error);
}

/* A process in a container has other namespaces than the host. */
static bool is_of_host(struct collector *c, const struct answer *a)
{
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		bool matters = streq(namespace_names[i], "pid") || streq(namespace_names[i], "mnt");
		AUTO_FREE char *name = xasprintf("ns/%s", namespace_names[i]);
		AUTO_FREE char *id = matters ? part_text(a, name) : NULL;
		if (id && c->host_ns[i] && !streq(id, c->host_ns[i]))
			return false;
	}
	return true;
}

static void look_at_process(struct listener *l, const char *pid)
{
	struct answer a;
	struct part cmdline;
	ask_now(l->c->asker, FETCH_PROC, PROC_ENGINE, pid, &a);
	AUTO_FREE char *why = answer_trouble(&a);
	if (!why && is_of_host(l->c, &a) && proc_part(a.data, a.len, "cmdline", &cmdline)) {
		char *file = NULL;
		if (cmdline.error && !l->why)
			l->why = xasprintf("/proc/%s/cmdline: %s", pid, errno_name(cmdline.error));
		json_t *options =
			cmdline.error ? NULL : sshdconf_arguments(cmdline.data, cmdline.len, &file);
		if (options && !l->options) {
			l->options = options;
			l->file = file;
		} else {
			json_decref(options);
			free(file);
		}
	}
	answer_done(&a);
}

/* Per process: pid, comm, exe, each with its NUL. */
static void look_for_sshd(struct listener *l, const char *data, size_t n)
{
	const char *p = data, *end = data + n;
	while (p < end) {
		const char *pid = p, *comm = pid + strlen(pid) + 1;
		const char *exe = comm < end ? comm + strlen(comm) + 1 : end;
		if (exe >= end)
			return;
		if (ends_with(exe, "/sshd") || ends_with(exe, "/sshd (deleted)") ||
		    (*exe == '\0' && streq(comm, "sshd")))
			look_at_process(l, pid);
		p = exe + strlen(exe) + 1;
	}
}

static void look_among(struct listener *l, size_t from)
{
	char arg[FETCH_ARG_MAX];
	size_t used = 0;
	for (size_t i = from; i < l->n && i < from + PIDS_A_QUESTION; i++)
		used += (size_t)snprintf(arg + used, sizeof(arg) - used, "%lld ",
					 (long long)l->pids[i]);
	arg[used - 1] = '\0';
	struct answer a;
	ask_now(l->c->asker, FETCH_PROC_EXES, 0, arg, &a);
	AUTO_FREE char *why = answer_trouble(&a);
	if (!why)
		look_for_sshd(l, a.data, a.len);
	else if (!l->why)
		l->why = xasprintf("/proc: %s", why);
	answer_done(&a);
}

/* {"options":…} of the listener, null when none runs, or unread. */
static json_t *running_sshd(struct collector *c, char **ret_file)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE int64_t *pids = xalloc(PIDS_MAX * sizeof(*pids));
	struct listener l = { .c = c, .pids = pids };
	*ret_file = NULL;
	if (!c->o->live)
		return json_null();
	if (!list_folder(c, FETCH_BASE_PROC, "proc", add_pid, &l, &why))
		return fact_unread("/proc: %s", *why ? why : "is not there");
	if (l.n == PIDS_MAX)
		return fact_unread("/proc: there are more than %d processes", PIDS_MAX);
	for (size_t i = 0; i < l.n && !l.options; i += PIDS_A_QUESTION)
		look_among(&l, i);
	*ret_file = l.file;
	json_t *fact = json_null();
	if (l.options)
		fact = json_pack("{so ss?}", "options", l.options, "file", l.file);
	else if (l.why)
		fact = fact_unread("%s", l.why);
	free(l.why);
	return fact;
}

/* --- the one that would be started -------------------------------------------------------------
 */

/* The words of the unit's command, each with its NUL, as /proc has those of a process. */
static json_t *options_of(json_t *words, char **ret_file)
{
	AUTO_TEXT struct text line = { 0 };
	json_t *word;
	size_t i;
	json_array_foreach(words, i, word)
		text_add_n(&line, json_string_value(word), json_string_length(word) + 1);
	return sshdconf_arguments(text_str(&line), line.len, ret_file);
}

static json_t *started_by(struct collector *c, const json_t *unit, const char *name,
			  char **ret_file)
{
	const json_t *settings = json_object_get(unit, "settings");
	if (fact_is_unread(unit) || fact_is_unread(settings))
		return fact_unread("%s: %s", name,
				   fact_reason(fact_is_unread(unit) ? unit : settings));
	const json_t *service = json_object_get(settings, "Service");
	const char *line = collect_exec_start(service);
	json_t *words = line ? collect_words(c, service, line) : NULL;
	const char *program = json_string_value(json_array_get(words, 0));
	json_t *options =
		program && ends_with(program, "/sshd") ? options_of(words, ret_file) : NULL;
	json_decref(words);
	if (!options)
		return fact_unread("%s starts '%s': needs a running system", name,
				   line ? line : "nothing");
	return json_pack("{so ss? sb}", "options", options, "file", *ret_file, "configured", 1);
}

/* Of an sshd that does not run, or not yet: with the options of its unit; null: it has none. */
static json_t *configured_sshd(struct collector *c, char **ret_file)
{
	static const char *const units[] = { "ssh.service", "sshd.service", "ssh@.service",
					     "sshd@.service" };
	json_t *fact = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(units) && !fact; i++) {
		json_t *unit = collect_unit(c, units[i]);
		if (fact_is_unread(unit) || (json_is_string(json_object_get(unit, "path")) &&
					     !json_is_true(json_object_get(unit, "masked"))))
			fact = started_by(c, unit, units[i], ret_file);
		json_decref(unit);
	}
	return fact ? fact : json_null();
}

/* --- the program ------------------------------------------------------------------------------ */

/* Is it built with PAM? Since OpenSSH 9.8 a program beside it has what logins need. */
static json_t *pam_fact(struct collector *c, const char *text, size_t n)
{
	static const char *const sessions[] = { "/usr/lib/openssh/sshd-session",
						"/usr/libexec/openssh/sshd-session",
						"/usr/libexec/ssh/sshd-session",
						"/usr/lib/ssh/sshd-session" };
	static const char name[] = "/sshd-session";
	bool is_built = memmem(text, n, "libpam.so", 9) != NULL;
	bool is_elsewhere = !is_built && memmem(text, n, name, strlen(name));
	for (size_t i = 0; i < ARRAY_SIZE(sessions) && !is_built; i++) {
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *session = read_file(c, FETCH_BASE_ROOT, sessions[i], &n, &why);
		if (!session && *why)
			return fact_unread("%s: %s", sessions[i], why);
		is_built = session && memmem(session, n, "libpam.so", 9);
		is_elsewhere &= !session;
	}
	if (is_elsewhere)
		return fact_unread("the program sshd-session was not found");
	return json_boolean(is_built);
}

static json_t *program_fact(struct collector *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		AUTO_FREE char *why = NULL;
		size_t n;
		AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, programs[i], &n, &why);
		if (!text && *why)
			return fact_unread("%s: %s", programs[i], why);
		if (!text)
			continue;
		AUTO_FREE char *version = sshdconf_version(text, n);
		return json_pack("{ss ss? so}", "path", programs[i], "version", version, "pam",
				 pam_fact(c, text, n));
	}
	return json_null();
}

/* --- files that settings name ------------------------------------------------------------------
 */

static void look_at(struct collector *c, json_t *files, const char *path)
{
	if (*path == '/' && !json_object_get(files, path) && json_object_size(files) < FILES_MAX)
		json_object_set_new(files, path, stat_path(c, FETCH_BASE_ROOT, path));
}

/* Those that were read, what HostKey and Banner name, and the keys there are by default. */
static void look_at_named(struct collector *c, json_t *files, const json_t *settings)
{
	static const char *const named[] = { "hostkey", "banner" };
	json_t *one;
	size_t i;
	for (size_t k = 0; k < ARRAY_SIZE(named); k++) {
		json_array_foreach(json_object_get(settings, named[k]), i, one)
		{
			const char *path = json_string_value(json_object_get(one, "value"));
			AUTO_FREE char *public = xasprintf("%s.pub", path);
			look_at(c, files, path);
			if (k == 0)
				look_at(c, files, public);
		}
	}
}

static json_t *named_files(struct collector *c, const json_t *config)
{
	static const char *const keys[] = { "/etc/ssh/ssh_host_rsa_key",
					    "/etc/ssh/ssh_host_ecdsa_key",
					    "/etc/ssh/ssh_host_ed25519_key" };
	json_t *files = json_object(), *one;
	size_t i;
	json_array_foreach(json_object_get(config, "files"), i, one)
	{
		if (streq(json_string_value(json_object_get(one, "state")), "read"))
			look_at(c, files, json_string_value(json_object_get(one, "path")));
	}
	look_at_named(c, files, json_object_get(config, "settings"));
	json_array_foreach(json_object_get(config, "matches"), i, one)
		look_at_named(c, files, json_object_get(one, "settings"));
	for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
		AUTO_FREE char *public = xasprintf("%s.pub", keys[k]);
		look_at(c, files, keys[k]);
		look_at(c, files, public);
	}
	return files;
}

/* --- sockets and the system's policy ------------------------------------------------------------
 */

static json_t *sockets(struct collector *c)
{
	static const char *const units[] = { "ssh.socket", "sshd.socket" };
	static const char *const by[] = { "sockets.target.wants", "ssh.service.requires",
					  "sshd.service.requires", NULL };
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		json_t *unit = collect_unit(c, units[i]);
		json_t *socket = json_object_get(json_object_get(unit, "settings"), "Socket");
		json_t *listens = json_object_get(socket, "ListenStream");
		json_object_set_new(
			all, units[i],
			json_pack("{sO? sO? so sO?}", "path", json_object_get(unit, "path"),
				  "masked", json_object_get(unit, "masked"), "wanted",
				  collect_is_linked(c, by, units[i]), "listens", listens));
		json_decref(unit);
	}
	return all;
}

/* CRYPTO_POLICY= in /etc/sysconfig/sshd: null when there is none. */
static json_t *policy_override(struct collector *c)
{
	static const char name[] = "CRYPTO_POLICY=";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, "/etc/sysconfig/sshd", &why);
	if (!text)
		return *why ? fact_unread("/etc/sysconfig/sshd: %s", why) : json_null();
	for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
		line += strspn(line, " \t");
		if (starts_with(line, name))
			return json_string(line + sizeof(name) - 1);
	}
	return json_null();
}

static void collect_policy(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_text(c, FETCH_BASE_ROOT, "/etc/crypto-policies/config", &why);
	json_t *name = json_null();
	if (text) {
		/* A name alone on a line; comments begin with "#". */
		for (char *rest = text, *line; (line = strsep(&rest, "\n"));) {
			line += strspn(line, " \t");
			line[strcspn(line, " \t\r#")] = '\0';
			if (*line && json_is_null(name))
				name = json_string(line);
		}
	} else if (*why) {
		name = fact_unread("/etc/crypto-policies/config: %s", why);
	}
	collect_host_section(
		c, "crypto-policy",
		json_pack("{so so}", "name", name, "sshd-override", policy_override(c)));
}

void collect_sshd(struct collector *c)
{
	AUTO_FREE char *file = NULL;
	json_t *running = running_sshd(c, &file);
	if (json_is_null(running))
		running = configured_sshd(c, &file);
	const char *const usual[] = { "/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config",
				      "/usr/share/openssh/sshd_config",
				      "/usr/share/ssh/sshd_config", NULL };
	const char *const given[] = { file, NULL };
	struct conf_source source = collector_source(c);
	json_t *config = sshdconf_read(file ? given : usual, &source);
	json_object_set_new(config, "program", program_fact(c));
	json_object_set_new(config, "running", running);
	json_object_set_new(config, "named", named_files(c, config));
	json_object_set_new(config, "sockets", sockets(c));
	redact_json(config); /* commands */
	collect_host_section(c, "sshd", config);
	collect_policy(c);
}
