/* SPDX-License-Identifier: Apache-2.0 */
/* collect_lsm.c: security modules: which run, AppArmor's profiles, SELinux's policy, and what
 * labels processes have. */
#include <errno.h>
#include <strings.h>

#include "collect_boot.h"
#include "confdir.h"
#include "lsmfacts.h"
#include "procparse.h"
#include "record.h"

enum { FILES_MAX = 4000, PROCESSES_MAX = 8192 };

/* NULL when it is not there (*ret_why is "") or cannot be read. */
static char *kernel_text(struct collector *c, const char *path, char **ret_why)
{
	size_t n;
	char *text = read_file(c, FETCH_BASE_PROC, path, &n, ret_why);
	for (size_t i = 0; text && i < n; i++)
		if (text[i] == '\0')
			text[i] = '?';
	return text;
}

/* By the file, or, where that is not mounted, by the kernel's own answer; *ret_landlock from it. */
static json_t *module_list(struct collector *c, int64_t *ret_landlock)
{
	static const char path[] = "sys/kernel/security/lsm";
	AUTO_FREE char *why = NULL;
	struct answer answer;
	AUTO_FREE char *text = kernel_text(c, path, &why);
	ask_now(c->asker, FETCH_LSM, 0, "", &answer);
	AUTO_FREE char *trouble = answer_trouble(&answer);
	json_t *told = trouble ? NULL : lsm_told_fact(answer.data, ret_landlock);
	answer_done(&answer);
	if (!text) {
		if (told)
			return told;
		return fact_unread("/%s: %s", path,
				   *why ? why : "is not there, and this kernel cannot be asked");
	}
	json_decref(told);
	return lsm_list_fact(text);
}

/* null: it is not there. */
static json_t *lockdown(struct collector *c)
{
	static const char path[] = "sys/kernel/security/lockdown";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = kernel_text(c, path, &why);
	if (text)
		return lsm_bracketed_fact(text);
	return *why ? fact_unread("/%s: %s", path, why) : json_null();
}

/* --- AppArmor ----------------------------------------------------------------------------------
 */

struct reading {
	struct collector *c;
	json_t *into;
	const char *folder;
	char *why; /* what was missed */
};

/* What a profile is attached to, by its name: its folder tells. */
static void add_attachment(char type, const char *name, void *context)
{
	struct reading *r = context;
	AUTO_FREE char *own = xasprintf("%s/%s/name", r->folder, name);
	AUTO_FREE char *attach = xasprintf("%s/%s/attach", r->folder, name);
	AUTO_FREE char *why = NULL, *attach_why = NULL;
	if (type != 'd' || json_object_size(r->into) >= FILES_MAX)
		return;
	AUTO_FREE char *profile = kernel_text(r->c, own, &why);
	AUTO_FREE char *to = kernel_text(r->c, attach, &attach_why);
	if (!profile || !to)
		return;
	profile[strcspn(profile, "\n")] = '\0';
	to[strcspn(to, "\n")] = '\0';
	utf8_mend(profile, strlen(profile));
	utf8_mend(to, strlen(to));
	json_object_set_new(r->into, profile, json_string(to));
}

/* Adds "attach" to each profile, null where there is none. */
static void add_attachments(struct collector *c, json_t *profiles)
{
	static const char folder[] = "sys/kernel/security/apparmor/policy/profiles";
	AUTO_FREE char *why = NULL;
	struct reading r = { c, json_object(), folder, NULL };
	json_t *one, *unread = NULL;
	size_t i;
	if (!list_folder(c, FETCH_BASE_PROC, folder, add_attachment, &r, &why) && *why)
		unread = fact_unread("/%s: %s", folder, why);
	else if (json_object_size(r.into) >= FILES_MAX)
		unread = fact_unread("/%s: there are more than %d", folder, FILES_MAX);
	json_array_foreach(profiles, i, one)
	{
		json_t *name = json_object_get(one, "name");
		json_t *to = json_object_get(r.into, json_string_value(name));
		bool is_path = *json_string_value(name) == '/';
		const char *text = json_string_value(to);
		/* Without an own attachment the file repeats the name. */
		if (text && *text != '/')
			to = NULL;
		json_object_set(one, "attach",
				to        ? to
				: is_path ? name
				: unread  ? unread
					  : json_null());
	}
	json_decref(unread);
	json_decref(r.into);
}

static json_t *loaded_profiles(struct collector *c)
{
	static const char path[] = "sys/kernel/security/apparmor/profiles";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = kernel_text(c, path, &why);
	if (!text)
		return fact_unread("/%s: %s", path, *why ? why : "is not there");
	json_t *profiles = apparmor_profiles_fact(text);
	if (json_is_array(profiles))
		add_attachments(c, profiles);
	return profiles;
}

static bool is_in(struct collector *c, const char *folder, const char *name)
{
	AUTO_FREE char *path = xasprintf("/etc/apparmor.d/%s/%s", folder, name);
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	bool is_there = json_is_true(json_object_get(st, "exists"));
	json_decref(st);
	return is_there;
}

static void add_profile_file(char type, const char *name, void *context)
{
	struct reading *r = context;
	AUTO_FREE char *path = xasprintf("/etc/apparmor.d/%s", name), *why = NULL;
	if (type == 'd' || *name == '.' || strstr(name, ".dpkg-") || strstr(name, ".rpm") ||
	    ends_with(name, "~"))
		return;
	if (json_object_size(r->into) >= FILES_MAX) {
		if (!r->why)
			r->why = xasprintf("there are more than %d profiles", FILES_MAX);
		return;
	}
	AUTO_FREE char *text = read_file(r->c, FETCH_BASE_ROOT, path, NULL, &why);
	json_t *mode;
	if (!text)
		mode = fact_unread("%s: %s", path, *why ? why : "went away");
	else if (is_in(r->c, "disable", name))
		mode = json_string("disabled");
	else if (is_in(r->c, "force-complain", name))
		mode = json_string("complain");
	else
		mode = json_string(apparmor_file_mode(text));
	json_object_set_new(r->into, name, mode);
}

/* By the name of the file; null without AppArmor's folder. */
static json_t *configured_profiles(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct reading r = { c, json_object(), NULL, NULL };
	bool is_there =
		list_folder(c, FETCH_BASE_ROOT, "/etc/apparmor.d", add_profile_file, &r, &why);
	AUTO_FREE char *missed = r.why ? r.why : xstrdup(is_there ? "" : why);
	if (is_there && !*missed)
		return r.into;
	json_decref(r.into);
	return *missed ? fact_unread("/etc/apparmor.d: %s", missed) : json_null();
}

/* A masked unit is not started by its links, which stay; takes starter. */
static json_t *starter_in_force(struct collector *c, json_t *starter)
{
	json_t *unit = collect_service(c, "apparmor.service");
	json_t *masked = json_object_get(unit, "masked"), *fact = starter;
	json_t *path = json_object_get(unit, "path"), *wanted = json_object_get(unit, "wanted");
	bool is_unit =
		strstr(json_is_string(starter) ? json_string_value(starter) : "", ".service");
	if (is_unit && (json_is_true(masked) || fact_is_unread(masked)))
		fact = json_is_true(masked) ? json_null() : json_incref(masked);
	else if (json_is_null(starter) && json_is_true(wanted) && json_is_string(path) &&
		 !json_is_true(masked))
		fact = json_incref(path);
	if (fact != starter)
		json_decref(starter);
	json_decref(unit);
	return fact;
}

static json_t *apparmor(struct collector *c)
{
	static const char *const parsers[] = { "/sbin/apparmor_parser", "/usr/sbin/apparmor_parser",
					       "/usr/bin/apparmor_parser" };
	static const char *const starters[] = {
		"/etc/systemd/system/sysinit.target.wants/apparmor.service",
		"/etc/systemd/system/multi-user.target.wants/apparmor.service",
		"/usr/lib/systemd/system/sysinit.target.wants/apparmor.service",
		"/usr/lib/systemd/system/multi-user.target.wants/apparmor.service",
		"/etc/runlevels/boot/apparmor",
		"/etc/rcS.d/S01apparmor"
	};
	json_t *profiles = c->o->live ? loaded_profiles(c) : fact_unread(NEEDS_RUNNING);
	json_t *starter = collect_first_of(c, starters, ARRAY_SIZE(starters));
	return json_pack("{so so so so so}", "enabled",
			 kernel_line(c, "sys/module/apparmor/parameters/enabled"), "profiles",
			 profiles, "configured", configured_profiles(c), "parser",
			 collect_first_of(c, parsers, ARRAY_SIZE(parsers)), "starter",
			 starter_in_force(c, starter));
}

/* --- SELinux -----------------------------------------------------------------------------------
 */

/* libselinux takes the first line that has SELINUX= at its very start and a word that it knows, and
 * of other settings the last. */
static void selinux_line(struct conf *c, char *line)
{
	static const char key[] = "SELINUX=";
	static const char *const words[] = { "enforcing", "permissive", "disabled" };
	bool *is_set = conf_context(c), is_mode = starts_with(line, key);
	line = conf_cut_blanks(line);
	if (*line != '#' && !is_mode && starts_with(line, "SELINUXTYPE="))
		conf_line_equals(c, line);
	const char *value = is_mode ? conf_cut_blanks(line + strlen(key)) : "";
	for (size_t i = 0; i < ARRAY_SIZE(words) && !*is_set; i++) {
		if (strncasecmp(value, words[i], strlen(words[i])) != 0)
			continue;
		conf_set(c, "SELINUX", words[i]);
		*is_set = true;
	}
}

static json_t *selinux_config(struct collector *c)
{
	static const char *const first[] = { "/etc/selinux/config", NULL };
	bool is_set = false;
	const struct conf_spec spec = {
		.first = first, .flags = CONF_RAW_LINES, .line = selinux_line, .context = &is_set
	};
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static void note_policy(char type, const char *name, void *context)
{
	if (type != 'd' && starts_with(name, "policy."))
		*(bool *)context = true;
}

static void add_type(char type, const char *name, void *context)
{
	struct reading *r = context;
	AUTO_FREE char *folder = xasprintf("/etc/selinux/%s/policy", name), *why = NULL;
	bool has_policy = false;
	if (type != 'd' || json_object_size(r->into) >= 64)
		return;
	if (!list_folder(r->c, FETCH_BASE_ROOT, folder, note_policy, &has_policy, &why) && *why)
		json_object_set_new(r->into, name, fact_unread("%s: %s", folder, why));
	else
		json_object_set_new(r->into, name, json_boolean(has_policy));
}

/* The module of containers' types, in the store of the policy of this name. */
static void add_container_module(char type, const char *name, void *context)
{
	struct reading *r = context;
	AUTO_FREE char *path = xasprintf("%s/%s/container", r->folder, name);
	if (type != 'd')
		return;
	json_t *st = stat_path(r->c, FETCH_BASE_ROOT, path);
	if (fact_is_unread(st))
		json_object_set_new(r->into, path, json_incref(st));
	else if (json_is_true(json_object_get(st, "exists")))
		json_object_set_new(r->into, path, json_true());
	json_decref(st);
}

static void add_policy_store(char type, const char *name, void *context)
{
	static const char *const formats[] = { "/var/lib/selinux/", "/etc/selinux/" };
	struct reading *outer = context;
	if (type != 'd')
		return;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		AUTO_FREE char *folder = xasprintf("%s%s/active/modules", formats[i], name);
		AUTO_FREE char *why = NULL;
		struct reading r = { outer->c, outer->into, folder, NULL };
		if (!list_folder(r.c, FETCH_BASE_ROOT, folder, add_container_module, &r, &why) &&
		    *why)
			json_object_set_new(r.into, folder, fact_unread("%s: %s", folder, why));
	}
}

static json_t *container_policies(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct reading r = { c, json_object(), NULL, NULL };
	if (!list_folder(c, FETCH_BASE_ROOT, "/etc/selinux", add_policy_store, &r, &why) && *why)
		json_object_set_new(r.into, "/etc/selinux", fact_unread("/etc/selinux: %s", why));
	return r.into;
}

static json_t *policy_types(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct reading r = { c, json_object(), NULL, NULL };
	if (list_folder(c, FETCH_BASE_ROOT, "/etc/selinux", add_type, &r, &why) || !*why)
		return r.into;
	json_decref(r.into);
	return fact_unread("/etc/selinux: %s", why);
}

static json_t *selinux(struct collector *c)
{
	static const char *const troubleshoot[] = { "/usr/sbin/sedispatch", "/usr/bin/sealert" };
	static const char *const translators[] = { "/usr/sbin/mcstransd", "/sbin/mcstransd" };
	return json_pack("{so so so so so so}", "enforce", kernel_line(c, "sys/fs/selinux/enforce"),
			 "config", selinux_config(c), "types", policy_types(c), "container",
			 container_policies(c), "troubleshoot",
			 collect_first_of(c, troubleshoot, ARRAY_SIZE(troubleshoot)), "mcstrans",
			 collect_first_of(c, translators, ARRAY_SIZE(translators)));
}

/* --- labels of processes ------------------------------------------------------------------------
 */

static char *part_line(const struct answer *a, const char *name, int *ret_error)
{
	char *text = proc_text(a->data, a->len, name, ret_error);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

static bool is_of_host(struct collector *c, const struct answer *a)
{
	int error;
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		bool matters = streq(namespace_names[i], "pid") || streq(namespace_names[i], "mnt");
		AUTO_FREE char *name = xasprintf("ns/%s", namespace_names[i]);
		AUTO_FREE char *id = matters ? part_line(a, name, &error) : NULL;
		if (id && c->host_ns[i] && !streq(id, c->host_ns[i]))
			return false;
	}
	return true;
}

/* Without what the kernel runs itself, which has no program, and containers, judged as such. */
static void add_process(char type, const char *pid, void *context)
{
	struct reading *r = context;
	struct answer a;
	int64_t number;
	if (type != 'd' || !parse_int(pid, &number) || json_array_size(r->into) >= PROCESSES_MAX)
		return;
	ask_now(r->c->asker, FETCH_PROC, PROC_ENGINE, pid, &a);
	int exe_error = 0, error;
	AUTO_FREE char *why = answer_trouble(&a);
	AUTO_FREE char *exe = why ? NULL : part_line(&a, "exe", &exe_error);
	AUTO_FREE char *apparmor_label =
		why ? NULL : part_line(&a, "attr/apparmor/current", &error);
	AUTO_FREE char *label = why ? NULL : part_line(&a, "attr/current", &error);
	char *told = apparmor_label ? apparmor_label : label;
	bool has_program = exe ? *exe != '\0' : exe_error && exe_error != ENOENT;
	if (why && !r->why && a.error != ESRCH && a.error != ENOENT)
		r->why = xasprintf("/proc/%s: %s", pid, why);
	if (!why && has_program && is_of_host(r->c, &a)) {
		if (exe)
			utf8_mend(exe, strlen(exe));
		if (told)
			utf8_mend(told, strlen(told));
		json_array_append_new(
			r->into,
			json_pack("{sI so so}", "pid", (json_int_t)number, "exe",
				  exe ? json_string(exe)
				      : fact_unread("/proc/%s/exe: %s", pid, errno_name(exe_error)),
				  "label",
				  told ? json_string(told) : fact_unread("/proc/%s/attr", pid)));
	}
	answer_done(&a);
}

static bool has_word(const json_t *list, const char *word)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		if (streq(json_string_value(one), word))
			return true;
	}
	return false;
}

/* Only where labels mean something; null elsewhere. */
static json_t *labels(struct collector *c, const json_t *list)
{
	AUTO_FREE char *why = NULL;
	if (!has_word(list, "apparmor") && !has_word(list, "selinux"))
		return json_null();
	struct reading r = { c, json_array(), NULL, NULL };
	bool is_listed = list_folder(c, FETCH_BASE_PROC, "proc", add_process, &r, &why);
	AUTO_FREE char *missed = r.why;
	if (is_listed && !missed && json_array_size(r.into) < PROCESSES_MAX)
		return r.into;
	json_decref(r.into);
	return missed ? fact_unread("%s", missed)
		      : fact_unread("/proc: %s", why ? why : "there are too many processes");
}

void collect_lsm(struct collector *c)
{
	int64_t landlock = -1;
	bool live = c->o->live;
	json_t *list = live ? module_list(c, &landlock) : fact_unread(NEEDS_RUNNING);
	json_t *processes = live ? labels(c, list) : fact_unread(NEEDS_RUNNING);
	json_t *level = live ? lockdown(c) : fact_unread(NEEDS_RUNNING);
	json_t *version = !live          ? fact_unread(NEEDS_RUNNING)
			  : landlock < 0 ? fact_unread("Landlock: the kernel was not asked")
					 : json_integer((json_int_t)landlock);
	collect_host_section(c, "lsm",
			     json_pack("{so so so so so so}", "list", list, "landlock", version,
				       "lockdown", level, "apparmor", apparmor(c), "selinux",
				       selinux(c), "processes", processes));
}
