/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_sysctl.c: kernel settings as they are, and as files will set them at the next start.
 *
 *   host/sysctl: {"values":{"net/ipv4/ip_forward":"1", …; null: the kernel has no such},
 *     "interfaces":{"ipv4":{"all":{"rp_filter":"1",…},"default":{…},"each":[{"name":"eth0",…}]},
 *       "ipv6":…; null: without that protocol},
 *     "ra-routes":[interfaces with a default route from a router advertisement],
 *     "crash-kernel":"1" of a kernel loaded for kdump, "lockdown":"[none] integrity …"}
 *   host/sysctl-files: see collect_sysctl_files.c
 */
#include "collector.h"
#include "record.h"
#include "redact.h"
#include "sysctlfile.h"

enum { INTERFACES_MAX = 4096, PERSISTED_MAX = 2000 };

/* --- values --------------------------------------------------------------------------------- */

/*
 * Numbers that the kernel gives to the first namespaces and to no other: PROC_*_INIT_INO of
 * include/linux/proc_ns.h; that of the network since 6.18, but never to another one.
 */
static bool is_initial(const char *id)
{
	static const char *const initial[] = { "net:[4026531833]", "user:[4026531837]",
					       "uts:[4026531838]", "ipc:[4026531839]" };
	for (size_t i = 0; id && i < ARRAY_SIZE(initial); i++)
		if (streq(id, initial[i]))
			return true;
	return false;
}

/* Why the values of a namespace are not the host's; NULL when they are. Malloc'ed. */
static char *elsewhere(struct collector *c, const char *namespace)
{
	static const char *const names[][2] = {
		{ "net", "network" },
		{ "user", "user" },
		{ "ipc", "IPC" },
		{ "uts", "UTS" },
	};
	const char *named = namespace;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(names[i][0], namespace))
			named = names[i][1];
	AUTO_FREE char *self_path = xasprintf("host/namespaces/%s/self", namespace);

	AUTO_FREE char *init_path = xasprintf("host/namespaces/%s/init", namespace);
	struct fact self = facts_find(c->world, self_path), init = facts_find(c->world, init_path);
	if (self.state == FACT_KNOWN && is_initial(json_string_value(self.value)))
		return NULL;
	if (self.state != FACT_KNOWN || init.state != FACT_KNOWN)
		return xasprintf("whether this process is in the host's %s namespace: %s", named,
				 init.state == FACT_UNREAD   ? init.reason
				 : self.state == FACT_UNREAD ? self.reason
							     : "is not told");
	if (json_equal(self.value, init.value))
		return NULL;
	return xasprintf("this process is in another %s namespace than the host", named);
}

/* One value that was asked for, on its way into an object. */
struct wish {
	json_t *into;
	char *key;
	size_t *n_open;
};

static void take_value(struct answer *answer, void *context)
{
	struct wish *w = context;
	AUTO_FREE char *why = answer_trouble(answer);
	json_t *fact;
	if (!why) {
		utf8_mend(answer->data, answer->len);
		fact = json_string(conf_cut_blanks(answer->data));
	} else {
		fact = starts_with(why, "ENOENT") || starts_with(why, "ENOTDIR")
			       ? json_null()
			       : fact_unread("%s", why);
	}
	json_object_set_new(w->into, w->key, fact ? fact : fact_unread("is no text"));
	--*w->n_open;
	free(w->key);
	free(w);
}

static void wish(struct collector *c, json_t *into, const char *key, const char *path, size_t *n)
{
	struct wish *w = xalloc(sizeof(*w));
	*w = (struct wish){ into, xstrdup(key), n };
	++*n;
	ask(c->asker, FETCH_READ, FETCH_BASE_PROC, path, take_value, w);
}

static void wish_key(struct collector *c, json_t *values, const char *key, size_t *n)
{
	const char *namespace = sysctl_namespace(key);
	AUTO_FREE char *why = namespace ? elsewhere(c, namespace) : NULL;
	AUTO_FREE char *path = xasprintf("proc/sys/%s", key);
	if (json_object_get(values, key))
		return;
	if (sysctl_is_secret(key))
		json_object_set_new(values, key, fact_unread("is a secret"));
	else if (why)
		json_object_set_new(values, key, fact_unread("%s", why));
	else
		wish(c, values, key, path, n);
}

static void wait_for_all(struct collector *c, const size_t *n_open)
{
	while (*n_open > 0)
		asker_turn(c->asker);
}

/* The kernel's of all keys that rules ask for and that files set. */
static json_t *values_of(struct collector *c, json_t *settings)
{
	json_t *values = json_object(), *list;
	const char *key;
	size_t n_open = 0, n = 0;
	for (size_t i = 0; sysctl_keys[i]; i++)
		wish_key(c, values, sysctl_keys[i], &n_open);
	wait_for_all(c, &n_open);
	json_object_foreach(settings, key, list)
	{
		if (n++ >= PERSISTED_MAX)
			break;
		if (json_is_array(list))
			wish_key(c, values, key, &n_open);
	}
	wait_for_all(c, &n_open);
	return values;
}

/* --- interfaces ----------------------------------------------------------------------------- */

/* "all" and "default" by their names, all others in a list. */
static void add_interface(char type, const char *name, void *context)
{
	json_t *interfaces = context, *each = json_object_get(interfaces, "each");
	if (type != 'd')
		return;
	if (streq(name, "all") || streq(name, "default"))
		json_object_set_new(interfaces, name, json_object());
	else if (json_array_size(each) <= INTERFACES_MAX)
		json_array_append_new(each, json_pack("{ss}", "name", name));
}

struct protocol {
	const char *dir;
	const char *const *keys;
};

static void wish_interface(struct collector *c, const struct protocol *p, json_t *values,
			   const char *name, size_t *n_open)
{
	for (size_t i = 0; values && p->keys[i]; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s/%s", p->dir, name, p->keys[i]);
		wish(c, values, p->keys[i], path, n_open);
	}
}

static json_t *interfaces_of(struct collector *c, const struct protocol *p)
{
	json_t *interfaces = json_pack("{s[]}", "each"), *one;
	json_t *each = json_object_get(interfaces, "each");
	AUTO_FREE char *why = NULL;
	size_t i, n_open = 0;
	bool is_listed = list_folder(c, FETCH_BASE_PROC, p->dir, add_interface, interfaces, &why);
	if (is_listed && json_array_size(each) <= INTERFACES_MAX) {
		wish_interface(c, p, json_object_get(interfaces, "all"), "all", &n_open);
		wish_interface(c, p, json_object_get(interfaces, "default"), "default", &n_open);
		json_array_foreach(each, i, one) wish_interface(
			c, p, one, json_string_value(json_object_get(one, "name")), &n_open);
		wait_for_all(c, &n_open);
		return interfaces;
	}
	json_decref(interfaces);
	if (is_listed)
		return fact_unread("there are more than %d interfaces", INTERFACES_MAX);
	return *why ? fact_unread("/%s: %s", p->dir, why) : json_null();
}

static json_t *ra_routes(struct collector *c)
{
	static const char path[] = "proc/1/net/ipv6_route";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, path, NULL, &why);
	if (text)
		return sysctl_ra_routes(text);
	return *why ? fact_unread("/%s: %s", path, why) : json_array();
}

static json_t *line_of(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, path, NULL, &why);
	if (text)
		return json_string(conf_cut_blanks(text));
	return *why ? fact_unread("/%s: %s", path, why) : json_null();
}

/* The one sysctl that is a command line. */
static void redact_command(json_t *values)
{
	json_t *command = json_object_get(values, "kernel/core_pattern");
	if (command)
		redact_json(command);
}

static json_t *running(struct collector *c, json_t *settings)
{
	static const struct protocol ipv4 = { "proc/sys/net/ipv4/conf", sysctl_ipv4_keys };
	static const struct protocol ipv6 = { "proc/sys/net/ipv6/conf", sysctl_ipv6_keys };
	AUTO_FREE char *why = elsewhere(c, "net");
	json_t *values = values_of(c, settings);
	redact_command(values);
	json_t *interfaces = why ? fact_unread("%s", why)
				 : json_pack("{so so}", "ipv4", interfaces_of(c, &ipv4), "ipv6",
					     interfaces_of(c, &ipv6));
	return json_pack("{so so so so so so}", "values", values, "interfaces", interfaces,
			 "ra-routes", why ? fact_unread("%s", why) : ra_routes(c), "crash-kernel",
			 line_of(c, "sys/kernel/kexec_crash_loaded"), "lockdown",
			 line_of(c, "sys/kernel/security/lockdown"), "userfaultfd",
			 stat_path(c, FETCH_BASE_ROOT, "/dev/userfaultfd"));
}

void collect_sysctl(struct collector *c)
{
	json_t *files = collect_sysctl_files(c);
	json_t *settings = json_object_get(files, "settings");
	redact_command(settings);
	collect_host_section(c, "sysctl",
			     c->o->live ? running(c, fact_is_unread(settings) ? NULL : settings)
					: fact_unread(NEEDS_RUNNING));
	collect_host_section(c, "sysctl-files", files);
	collect_coredump(c);
	collect_kernels(c);
}
