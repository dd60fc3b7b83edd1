/* SPDX-License-Identifier: Apache-2.0 */
/* collect_kconfig.c: how each kernel was built. */
#include "collect_boot.h"
#include "inflate.h"
#include "kconfig.h"

enum { CONFIG_MAX = 4 << 20 };

/* Takes text. */
static json_t *understand(char *text, size_t n, const char *path)
{
	json_t *fact = kconfig_fact(text, n);
	free(text);
	if (fact_is_unread(fact)) {
		json_t *told = fact_unread("%s: %s", path, fact_reason(fact));
		json_decref(fact);
		return told;
	}
	json_object_set_new(fact, "file", json_string(path));
	return fact;
}

/* NULL: it is not there. */
static json_t *from_itself(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n, length;
	AUTO_FREE char *data = read_file(c, FETCH_BASE_PROC, "proc/config.gz", &n, &why);
	if (!data)
		return *why ? fact_unread("/proc/config.gz: %s", why) : NULL;
	char *text = inflate_gzip((const unsigned char *)data, n, CONFIG_MAX, &length);
	return text ? understand(text, length, "/proc/config.gz")
		    : fact_unread("/proc/config.gz: could not be unpacked");
}

static json_t *from_file(struct collector *c, const char *release)
{
	static const char *const formats[] = { "/boot/config-%s", "/usr/lib/modules/%s/config",
					       "/lib/modules/%s/config",
					       "/usr/lib/kernel/config-%s" };
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		AUTO_FREE char *why = NULL;
		const char *percent = strchr(formats[i], '%');
		AUTO_FREE char *path = xasprintf("%.*s%s%s", (int)(percent - formats[i]),
						 formats[i], release, percent + 2);
		size_t n;
		char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
		if (text)
			return understand(text, n, path);
		if (*why)
			return fact_unread("%s: %s", path, why);
	}
	return fact_unread("the configuration of Linux %s was not found", release);
}

/* What the running kernel's text mentions; for rules that ask for values of that one. */
static json_t *options_of(const char *running, const json_t *all)
{
	const json_t *config = running ? json_object_get(all, running) : NULL;
	json_t *options = json_object(), *value;
	const char *name;
	if (!config || fact_is_unread(config)) {
		json_decref(options);
		return fact_unread("%s", config ? fact_reason(config) : NEEDS_RUNNING);
	}
	json_object_foreach(json_object_get(config, "settings"), name, value)
	{
		const char *text = json_string_value(value);
		if (!text || *text)
			json_object_set(options, name, value);
	}
	return options;
}

void collect_kconfig(struct collector *c)
{
	json_t *kernel = json_object_get(json_object_get(c->world, "host"), "kernel");
	const char *running = json_string_value(json_object_get(kernel, "release"));
	json_t *all = json_object(), *value;
	const char *release;
	json_object_foreach(boot_kernels(c), release, value)
	{
		json_t *fact =
			c->o->live && running && streq(running, release) ? from_itself(c) : NULL;
		json_object_set_new(all, release, fact ? fact : from_file(c, release));
	}
	json_t *options = options_of(running, all);
	collect_host_section(c, "kconfig",
			     json_pack("{so so}", "options", options, "kernels", all));
}
