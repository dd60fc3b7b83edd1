/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_paths.c: every path that a check reads is one that some recorded engine or host has. A path
 * with a letter wrong is absent everywhere, and an absent fact has a default: that would be a false
 * pass.
 */
#include <dirent.h>
#include <fnmatch.h>

#include "derive.h"
#include "eval.h"
#include "facts.h"
#include "harness.h"
#include "index.h"
#include "snapshot_set.h"
#include "text.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON  CLEANUP(json_decref_p)
#define AUTO_ARENA CLEANUP(arena_free_p)

/* Paths below which names are anybody's: each name there stands for all. */
static const char *const free_names[] = {
	"container/Config/Labels",
	"container/Config/Volumes",
	"container/Config/ExposedPorts",
	"container/HostConfig/PortBindings",
	"container/HostConfig/Tmpfs",
	"container/NetworkSettings/Networks",
	"container/NetworkSettings/Ports",
	"container/Sources",
	"engine/certs",
	"engine/files",
	"engine/images/list",
	"engine/images/refs",
	"engine/networks",
	"engine/nodes",
	"engine/plugins",
	"engine/services",
	"engine/volumes",
	"engine/watching",
	"engine/info/RegistryConfig/IndexConfigs",
	"engine/info/Runtimes",
	"engine/effective/default-ulimits/value",
	"host/auditd/conf/settings",
	"host/auditd/files",
	"host/auditd/starting/programs",
	"host/auditd/watching",
	"host/boot/configured",
	"host/boot/entries/N/options",
	"host/boot/files",
	"host/boot/kernels",
	"host/boot/running/options",
	"host/clients",
	"host/cpu/vulnerabilities",
	"host/fstab/points",
	"host/leftovers/files",
	"host/accounts/group/shared-ids",
	"host/accounts/group/shared-names",
	"host/accounts/homes",
	"host/accounts/homes/*/authorized-keys",
	"host/accounts/homes/*/authorized-keys/*/folders",
	"host/accounts/homes/*/dot-files",
	"host/accounts/passwd/shared-ids",
	"host/accounts/passwd/shared-names",
	"host/accounts/paths",
	"host/accounts/shells/settings",
	"host/pam/modules",
	"host/accounts/banners/issue",
	"host/accounts/banners/issue-net",
	"host/accounts/banners/motd",
	"host/accounts/display-managers",
	"host/sudo/programs",
	"host/groups",
	"host/integrity/aide/databases",
	"host/integrity/audit-tools",
	"host/integrity/programs",
	"host/integrity/schedule/timers",
	"host/services/openrc",
	"host/services/overrides",
	"host/services/programs",
	"host/services/sysv",
	"host/services/units",
	"host/processes/programs",
	"host/processes/units",
	"host/net/interfaces",
	"host/packages/asked",
	"host/packages/programs",
	"host/kconfig/kernels",
	"host/lsm/apparmor/configured",
	"host/lsm/selinux/container",
	"host/lsm/selinux/types",
	"host/modules/binfmt/configured/settings",
	"host/modules/binfmt/live",
	"host/modules/kernels",
	"host/modules/loaded",
	"host/modules/owners",
	"host/sshd/matches/N/settings",
	"host/sshd/named",
	"host/sshd/running/options",
	"host/sshd/settings",
	"host/walk/capabilities/files",
	"host/walk/left_out",
	"host/walk/set_id/files",
	"host/walk/unowned/groups",
	"host/walk/unowned/users",
	"host/walk/world_writable/files",
	"host/stat/audit-conf/files",
	"host/stat/audit-logs/logs/files",
	"host/stat/loaded/files",
	"host/stat/logs/files",
	"host/stat/paths",
	"host/stat/preloaded",
	"host/stat/sudoers/files",
	"host/stat/units/files",
	"host/coredump/limits/settings",
	"host/coredump/manager/settings",
	"host/coredump/systemd/settings",
	"host/sysctl-files/boot",
	"host/sysctl-files/conf/settings",
	"host/sysctl-files/modes",
	"host/sysctl-files/settings",
	"host/sysctl-files/touched",
	"host/sysctl-files/ufw/settings",
	"host/users",
	"index/container",
};

/* What no recorded snapshot has, and why that is no mistake: patterns of fnmatch(3). */
static const struct {
	const char *path, *why;
} exceptions[] = {
	{ "container/HostConfig/LogConfig/Config/max-size", "is there only when it was set" },
	{ "container/HostConfig/Sysctls", "is there only when some were set" },
	{ "container/HostConfig/RestartPolicy/Window",
	  "of services, which are judged as containers" },
	{ "engine/effective/*/drift", "was changed after the engine started: none recorded is" },
	{ "engine/effective/log-opts/value/max-size", "is there only when it was set" },
	{ "engine/info/Runtimes/*/options", "is there only for a runtime with options" },
	{ "engine/info/Runtimes/*/runtimeArgs", "is there only for a runtime with arguments" },
	{ "engine/networks/*/Options/com.docker.network.bridge.gateway_mode_ipv[46]",
	  "is there only when it was set" },
	{ "engine/networks/*/Options/com.docker.network.bridge.trusted_host_interfaces",
	  "is there only when it was set" },
	{ "engine/process/Environ/DOCKER_ALLOW_IPV6_ON_IPV4_INTERFACE",
	  "is there only when it was set" },
	{ "engine/process/Environ/DOCKER_INSECURE_NO_IPTABLES_RAW",
	  "is there only when it was set" },
	{ "engine/process/Environ/DOCKER_MIN_API_VERSION", "is there only when it was set" },
	{ "engine/process/Environ/DOCKER_RAMDISK", "is there only when it was set" },
	{ "engine/watching/*/loaded*", "rules of the kernel's audit: none recorded has them" },
	{ "host/sysctl/userfaultfd/*", "the recorded host has no such device" },
	{ "host/audit/*", "the kernel tells its audit to the first namespaces only" },
	{ "host/audit-files/*/rules/N*", "the recorded host has no audit rules" },
	{ "host/audit-files/*/settings/loginuid_immutable", "is there only when it was set" },
	{ "host/audit-files/*/settings/enabled", "is there only when it was set" },
	{ "host/firewall/runtime/input/*/ports/N/*", "the recorded host has no packet filter" },
	{ "host/firewall/configured/nftables/settings/input/N/family",
	  "the recorded hosts were not asked for it yet" },
	{ "host/updates/configured/*/settings/*", "is there only when it was set" },
	{ "host/updates/updaters/apt-daily.timer*",
	  "the recorded hosts were not asked for it yet" },
	{ "host/updates/repos/deb822/settings/repos", "the recorded host has no .sources" },
	{ "host/auditd/calls/loaded/*", "the kernel tells its audit to the first namespaces only" },
	{ "host/auditd/watching/*/loaded/*",
	  "the kernel tells its audit to the first namespaces only" },
	{ "host/auditd/starting/programs/*/loaded/*",
	  "the kernel tells its audit to the first namespaces only" },
	{ "host/auditd/starting/programs/*/mount",
	  "no mount of the recorded host takes rights away" },
	{ "host/integrity/aide/conf/settings/*", "the recorded hosts have no AIDE" },
	{ "host/integrity/schedule/*", "the recorded hosts have nothing to start" },
	{ "host/journald/conf/settings/*", "is there only when it was set" },
	{ "host/rsyslog/conf/settings/remote*", "is there only when it was set" },
	{ "host/rsyslog/conf/settings/input*", "is there only when it was set" },
	{ "host/auditd/sudo-logs/N", "is there only when it was set" },
	{ "host/services/ctrl-alt-del*", "the recorded hosts have systemd" },
	{ "host/pam/services/su-l", "is there only where su - has a service of its own" },
	{ "host/modules/kernels/*/modules/ieee802154_socket*",
	  "the recorded hosts were not asked for it yet" },
	{ "host/clients/*", "the recorded users have no docker configuration" },
	{ "host/fstab/entries/*", "the recorded host has an empty fstab" },
	{ "host/fstab/points/*", "the recorded host has an empty fstab" },
	{ "host/sshd/running/*", "the recorded host runs no sshd" },
	{ "host/walk/capabilities/files/*", "the recorded host has no file with capabilities" },
	{ "host/stat/audit-logs/logs/files/*", "the recorded host has not audited anything yet" },
	{ "host/accounts/*shell/settings/*umask", "is there only when it was set" },
	{ "host/accounts/*shell/settings/*TMOUT", "is there only when it was set" },
	{ "host/accounts/*shell/settings/*PATH", "is there only when it was set" },
	{ "host/accounts/authorized-keys-files/settings/*", "is there only when it was set" },
	{ "host/accounts/environment/settings/PATH", "is there only when it was set" },
	{ "host/accounts/homes/*/authorized-keys/*/*",
	  "the recorded hosts let nobody in by a key" },
	{ "host/accounts/libuser/settings/defaults~1crypt_style", "of the family of RHEL" },
	{ "host/accounts/passwd/shared-*/*", "no recorded host has an account twice" },
	{ "host/accounts/shadow/entries/N/inactive", "is there only when it was set" },
	{ "host/accounts/shadow/entries/N/password/rounds", "is there only when it was set" },
	{ "host/accounts/useradd/settings/INACTIVE", "is there only when it was set" },
	{ "host/sudo/settings/*", "is there only when it was set" },
	{ "host/pam/pwquality/settings/*", "is there only when it was set" },
	{ "host/coredump/*/settings/*", "is there only when it was set" },
	{ "host/coredump/handler/*", "is there only when kernel.core_pattern names a program" },
	{ "host/kernels/*/N", "the recorded hosts have a kernel from outside" },
	{ "host/sysctl/values/net~1ipv[46]~1conf~1*", "is there only when a file sets it" },
	{ "host/sysctl-files/*/optional", "is there only when it was set" },
	{ "host/sysctl-files/touched/*", "is there only when an interface was set" },
	{ "host/services/openrc/*", "of OpenRC" },
	{ "host/services/sysv/*", "the recorded hosts have units for all their scripts" },
	{ "host/services/overrides/*", "the recorded hosts change no unit" },
	{ "host/leftovers/files/*/path", "the recorded hosts have none of these files" },
	{ "host/processes/contained/N*", "the recorded hosts run no containers" },
	{ "host/processes/services/*", "nothing starts services on the recorded hosts" },
	{ "host/packages/apport/settings/*", "of Ubuntu" },
	{ "host/os/SUPPORT_END", "of Fedora and its like" },
	{ "host/processes/units/*", "nothing starts services on the recorded hosts" },
	{ "host/services/units/*/preset", "is there before the first boot only" },
	{ "host/listening/sockets/*", "nothing listens on the recorded hosts" },
	{ "host/time/*/settings/*", "is there only when it was set" },
	{ "host/boot/configured/*", "the recorded hosts have no boot loader" },
	{ "host/boot/entries/N/*", "the recorded hosts have no boot loader" },
	{ "host/boot/files/*", "the recorded hosts have no boot loader" },
	{ "host/boot/password/open", "the recorded hosts have no boot loader" },
	{ "host/boot/rescue/*/settings/Service/EnvironmentFile", "is there only when it was set" },
	{ "host/boot/rescue/debug-shell-unit*", "the recorded hosts were not asked for it yet" },
	{ "host/boot/secure-boot/se*", "the recorded host did not boot by EFI" },
	{ "host/boot/secure-boot/validation-off", "the recorded host did not boot by EFI" },
	{ "host/lsm/apparmor/profiles/N*", "the recorded kernel has no AppArmor" },
	{ "host/lsm/processes/N*", "the recorded kernel has neither AppArmor nor SELinux" },
	{ "host/modprobe/names/*/install", "is there only when it was set" },
	{ "host/modules/binfmt/*/N/*", "is there only when it was set" },
	{ "host/modules/binfmt/live/*", "is there only when it was set" },
	{ "host/modules/kernels/*/fs/N", "the recorded kernel has no modules" },
	{ "image/Base*", "is there with --layers only" },
	{ "image/Inspect/*Healthcheck", "the recorded images have none" },
	{ "image/Inspect/Identity", "of Docker 29" },
	{ "image/Layers*", "is there with --layers only" },
	{ "image/Scans*", "is there with --evidence only" },
	{ "run/host-rules*", "made of results: no fact" },
	{ "run/now", "the date to judge by: no fact" },
	{ "service/Config/Entrypoint", "is there only when it was set" },
	{ "service/Config/Env", "is there only when it was set" },
	{ "service/Config/Labels", "is there only when it was set" },
};

static bool has_free_names(const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(free_names); i++) {
		if (streq(path, free_names[i]))
			return true;
	}
	return false;
}

/* One step further down, as a path that stands for all like it. */
static char *step_below(const char *path, const char *step, bool is_index)
{
	if (is_index)
		step = "N";
	else if (has_free_names(path))
		step = "*";
	return *path ? xasprintf("%s/%s", path, step) : xstrdup(step);
}

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

/* --- what is known ------------------------------------------------------------------------- */

static json_t *known; /* generalised paths, as members */

static void know_below(json_t *node, const char *path)
{
	size_t i;
	json_t *value;
	const char *key;

	json_object_set_new(known, path, json_true());
	json_array_foreach(node, i, value)
	{
		AUTO_FREE char *below = step_below(path, "", true);

		know_below(value, below);
	}
	json_object_foreach(node, key, value)
	{
		AUTO_ARENA struct arena *a = arena_new();
		AUTO_FREE char *below = step_below(path, facts_escape(a, key), false);

		know_below(value, below);
	}
}

/* --- what is read -------------------------------------------------------------------------- */

static json_t *unknown_reads; /* generalised path → the check */

/* A path that a check wrote, from the top. */
static char *from_top(const struct sw_check *check, const char *path)
{
	if (*path == '@')
		return xstrdup(path + 1);
	if (check->kind == SW_CONTAINER && check->flags & SW_WHOLE)
		return xasprintf("index/container/*/%s", path);
	return xasprintf("%s/%s", kind_name(check->kind), path);
}

static char *generalised(const char *path)
{
	AUTO_FREE char *copy = xstrdup(path);
	char *next = copy, *step, *so_far = xstrdup("");

	while ((step = strsep(&next, "/"))) {
		char *longer = step_below(so_far, step, is_number(step) && !has_free_names(so_far));

		free(so_far);
		so_far = longer;
	}
	return so_far;
}

static void note_reads(const struct sw_check *check, const struct eval_outcome *o)
{
	for (size_t i = 0; i < o->n_reads; i++) {
		AUTO_FREE char *top = from_top(check, o->reads[i].path);
		AUTO_FREE char *path = generalised(top);

		if (!json_object_get(known, path))
			json_object_set_new(unknown_reads, path, json_string(check->id));
	}
}

struct world {
	json_t *facts;
	json_t *subjects[SW_SERVICE + 1]; /* lists */
};

static void evaluate_all(const struct registry *registry, struct world *w)
{
	size_t k;
	json_t *subject;

	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct sw_check *check = registry_at(registry, i);

		json_array_foreach(w->subjects[check->kind], k, subject)
		{
			AUTO_ARENA struct arena *arena = arena_new();
			bool is_whole = check->kind == SW_CONTAINER && check->flags & SW_WHOLE;
			AUTO_JSON json_t *facts =
				is_whole ? index_entry(subject) : json_incref(subject);
			struct eval_input in = {
				.check = check, .subject = facts, .world = w->facts, .arena = arena
			};
			struct eval_outcome outcome;

			eval_run(&in, &outcome);
			note_reads(check, &outcome);
		}
	}
}

/* --- the worlds ---------------------------------------------------------------------------- */

static void world_open(struct world *w, json_t *facts)
{
	*w = (struct world){ .facts = facts };
	for (size_t i = 0; i < ARRAY_SIZE(w->subjects); i++)
		w->subjects[i] = json_array();
	derive_world(facts);
	json_array_append(w->subjects[SW_HOST], json_object_get(facts, "host"));
	json_array_append(w->subjects[SW_ENGINE], json_object_get(facts, "engine"));
}

static void world_done(struct world *w)
{
	json_decref(w->facts);
	for (size_t i = 0; i < ARRAY_SIZE(w->subjects); i++)
		json_decref(w->subjects[i]);
}

static void add_subject(struct world *w, enum sw_kind kind, json_t *body)
{
	json_array_append(w->subjects[kind], body);
	if (kind != SW_CONTAINER)
		return;
	const char *id = json_string_value(json_object_get(body, "Id"));
	json_object_set_new(json_object_get(json_object_get(w->facts, "index"), "container"),
			    id ? id : "?", index_entry(body));
}

static struct world world_of_snapshot(const struct snapshot *s)
{
	json_t *facts = json_pack("{s{} s{} s{s{}}}", "host", "engine", "index", "container");
	struct world w;
	enum sw_kind kind;

	for (size_t i = 0; i < s->n; i++) {
		const struct record *r = &s->records[i];

		if (streq(r->kind, "host") || streq(r->kind, "engine"))
			json_object_set(json_object_get(facts, r->kind), r->id, r->body);
	}
	world_open(&w, facts);
	for (size_t i = 0; i < s->n; i++) {
		const struct record *r = &s->records[i];

		if (kind_of(r->kind, &kind) && kind != SW_HOST && kind != SW_ENGINE)
			add_subject(&w, kind, r->body);
	}
	return w;
}

static struct world world_of_base(const char *file)
{
	AUTO_FREE char *path = snapshot_test_path("cases/base/%s", file);
	json_error_t error;
	AUTO_JSON json_t *base = json_load_file(path, 0, &error);
	struct world w;

	ck_assert_msg(base, "%s:%d: %s", path, error.line, error.text);
	world_open(&w, json_incref(json_object_get(base, "world")));
	if (json_object_get(base, "subject"))
		add_subject(&w, SW_CONTAINER, json_object_get(base, "subject"));
	return w;
}

static void know(const struct world *w)
{
	static const enum sw_kind kinds[] = {
		SW_CONTAINER, SW_IMAGE, SW_NETWORK, SW_VOLUME, SW_SWARM, SW_SERVICE,
	};
	size_t k;
	json_t *subject;

	know_below(w->facts, "");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		json_array_foreach(w->subjects[kinds[i]], k, subject)
			know_below(subject, kind_name(kinds[i]));
	}
}

static bool is_base(const char *name)
{
	return ends_with(name, ".json");
}

static void evaluate_bases(const struct registry *registry)
{
	AUTO_FREE char *folder = snapshot_test_path("cases/base");
	DIR *dir = opendir(folder);

	ck_assert_ptr_nonnull(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!is_base(entry->d_name))
			continue;
		struct world w = world_of_base(entry->d_name);
		evaluate_all(registry, &w);
		world_done(&w);
	}
	closedir(dir);
}

/* --- exceptions ---------------------------------------------------------------------------- */

static bool is_excepted(const char *path, bool *used)
{
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++) {
		if (fnmatch(exceptions[i].path, path, 0) == 0) {
			used[i] = true;
			return true;
		}
	}
	return false;
}

START_TEST(every_path_that_is_read_is_known)
{
	struct snapshot_set sets[] = { snapshot_set_load("snapshots"), snapshot_set_load("hosts") };
	struct registry *registry = registry_new();
	struct text trouble = { 0 };
	bool used[ARRAY_SIZE(exceptions)] = { false };
	const char *path;
	json_t *check;

	known = json_object();
	unknown_reads = json_object();
	size_t n = 0;
	struct world *worlds = xalloc((sets[0].n + sets[1].n) * sizeof(*worlds));
	for (size_t k = 0; k < ARRAY_SIZE(sets); k++) {
		for (size_t i = 0; i < sets[k].n; i++, n++) {
			worlds[n] = world_of_snapshot(&sets[k].all[i]);
			know(&worlds[n]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		evaluate_all(registry, &worlds[i]);
		world_done(&worlds[i]);
	}
	free(worlds);
	evaluate_bases(registry);

	json_object_foreach(unknown_reads, path, check)
	{
		if (!is_excepted(path, used))
			text_printf(&trouble, "\n%s: %s", json_string_value(check), path);
	}
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++) {
		if (!used[i])
			text_printf(&trouble, "\nthe exception %s (%s) is not needed",
				    exceptions[i].path, exceptions[i].why);
	}
	ck_assert_msg(trouble.len == 0, "%.3000s", text_str(&trouble));
	text_done(&trouble);
	json_decref(known);
	json_decref(unknown_reads);
	registry_free(registry);
	for (size_t k = 0; k < ARRAY_SIZE(sets); k++)
		snapshot_set_done(&sets[k]);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("paths", &suite);

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_path_that_is_read_is_known);
	return harness_run(suite);
}
