/* SPDX-License-Identifier: Apache-2.0 */
/* sysctlfile.c: see sysctlfile.h. */
#include "sysctlfile.h"

#include <fnmatch.h>

#include "facts.h"

const char *const sysctl_keys[] = {
	"dev/tty/ldisc_autoload",
	"dev/tty/legacy_tiocsti",
	"fs/protected_fifos",
	"fs/protected_hardlinks",
	"fs/protected_regular",
	"fs/protected_symlinks",
	"fs/suid_dumpable",
	"kernel/apparmor_restrict_unprivileged_unconfined",
	"kernel/apparmor_restrict_unprivileged_userns",
	"kernel/core_pattern",
	"kernel/dmesg_restrict",
	"kernel/io_uring_disabled",
	"kernel/kexec_load_disabled",
	"kernel/kptr_restrict",
	"kernel/modules_disabled",
	"kernel/oops_limit",
	"kernel/panic",
	"kernel/panic_on_oops",
	"kernel/perf_event_paranoid",
	"kernel/randomize_va_space",
	"kernel/sysrq",
	"kernel/tainted",
	"kernel/unprivileged_bpf_disabled",
	"kernel/unprivileged_userns_clone",
	"kernel/warn_limit",
	"kernel/yama/ptrace_scope",
	"net/bridge/bridge-nf-call-ip6tables",
	"net/bridge/bridge-nf-call-iptables",
	"net/core/bpf_jit_harden",
	"net/ipv4/icmp_echo_ignore_broadcasts",
	"net/ipv4/icmp_ignore_bogus_error_responses",
	"net/ipv4/ip_forward",
	"net/ipv4/ip_unprivileged_port_start",
	"net/ipv4/tcp_rfc1337",
	"net/ipv4/tcp_syncookies",
	"net/netfilter/nf_conntrack_count",
	"net/netfilter/nf_conntrack_max",
	"user/max_user_namespaces",
	"vm/mmap_min_addr",
	"vm/mmap_rnd_bits",
	"vm/unprivileged_userfaultfd",
	NULL,
};

const char *const sysctl_ipv4_keys[] = {
	"accept_redirects", "accept_source_route",
	"forwarding",       "log_martians",
	"proxy_arp",        "route_localnet",
	"rp_filter",        "secure_redirects",
	"send_redirects",   NULL,
};

const char *const sysctl_ipv6_keys[] = {
	"accept_ra", "accept_redirects", "accept_source_route", "disable_ipv6", "forwarding", NULL,
};

const char *sysctl_namespace(const char *key)
{
	static const struct {
		const char *prefix, *namespace;
	} owned[] = {
		{ "net/", "net" },
		{ "user/max_", "user" },
		{ "fs/mqueue/", "ipc" },
		{ "kernel/shm", "ipc" },
		{ "kernel/msg", "ipc" },
		{ "kernel/sem", "ipc" },
		{ "kernel/hostname", "uts" },
		{ "kernel/domainname", "uts" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		if (starts_with(key, owned[i].prefix))
			return owned[i].namespace;
	return NULL;
}

bool sysctl_is_secret(const char *key)
{
	return ends_with(key, "/stable_secret") || ends_with(key, "/tcp_fastopen_key");
}

/* --- names ---------------------------------------------------------------------------------- */

/* Slashes at the ends and repeated ones mean nothing. */
static void simplify(char *s)
{
	char *to = s;
	for (const char *from = s; *from; from++)
		if (*from != '/' || (to > s && to[-1] != '/'))
			*to++ = *from;
	if (to > s && to[-1] == '/')
		to--;
	*to = '\0';
}

char *sysctl_path(const char *name)
{
	char *path = xstrdup(name);
	const char *first = strpbrk(path, "/.");
	if (first && *first == '.')
		for (char *p = path; *p; p++)
			*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	simplify(path);
	if (starts_with(path, "proc/sys/"))
		memmove(path, path + strlen("proc/sys/"), strlen(path + strlen("proc/sys/")) + 1);
	return path;
}

static bool is_pattern(const char *path)
{
	return strpbrk(path, "*?[") != NULL;
}

/* Of settings conf_read() keeps the order of each key's own only; of patterns that of all counts.
 */
static void note_pattern(struct conf *c, json_t *one)
{
	size_t *n = conf_context(c);
	if (++*n > SYSCTL_PATTERNS_MAX)
		conf_refuse(c, "there are more than %d patterns", SYSCTL_PATTERNS_MAX);
	json_object_set_new(one, "place", json_integer((json_int_t)*n));
}

void sysctl_line(struct conf *c, char *line)
{
	bool is_optional = *line == '-';
	char *equals = strchr(line, '=');
	if (!equals && !is_optional)
		return; /* no assignment: all that apply such files pass over it */
	if (equals)
		*equals = '\0';
	AUTO_FREE char *path = sysctl_path(conf_cut_blanks(line + is_optional));
	const char *value = equals ? conf_cut_blanks(equals + 1) : NULL;
	if (!*path)
		return;
	if (value && sysctl_is_secret(path))
		value = "«redacted: key»";
	json_t *one = conf_set(c, path, value);
	if (one && is_optional)
		json_object_set_new(one, "optional", json_true());
	if (one && is_pattern(path))
		note_pattern(c, one);
}

/* --- patterns ------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "place"));
	json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "place"));
	return x < y ? 1 : x > y ? -1 : 0;
}

json_t *sysctl_take_patterns(json_t *settings)
{
	json_t *found[SYSCTL_PATTERNS_MAX], *patterns, *list, *one;
	const char *key;
	void *next;
	size_t i, n = 0;
	if (fact_is_unread(settings))
		return NULL;
	json_object_foreach_safe(settings, next, key, list)
	{
		if (!is_pattern(key))
			continue;
		json_array_foreach(list, i, one)
		{
			json_object_set_new(one, "pattern", json_string(key));
			if (n < SYSCTL_PATTERNS_MAX)
				found[n++] = json_incref(one);
		}
		json_object_del(settings, key);
	}
	qsort(found, n, sizeof(*found), by_place);
	patterns = json_array();
	for (i = 0; i < n; i++) {
		json_object_del(found[i], "place");
		json_array_append_new(patterns, found[i]);
	}
	return patterns;
}

void sysctl_apply_patterns(json_t *settings, const json_t *patterns, const char *key)
{
	json_t *one, *list = json_object_get(settings, key);
	size_t i;
	if (!json_is_array(patterns) || fact_is_unread(settings))
		return;
	json_array_foreach(patterns, i, one)
	{
		const char *pattern = json_string_value(json_object_get(one, "pattern"));
		if (!pattern || fnmatch(pattern, key, FNM_PATHNAME | FNM_PERIOD) != 0)
			continue;
		if (!list) {
			list = json_array();
			json_object_set_new(settings, key, list);
		}
		json_array_append(list, one);
	}
}

/* --- the kernel's command line ---------------------------------------------------------------- */

/* Of Documentation/admin-guide/kernel-parameters.txt. value NULL: what the parameter says. */
static const struct {
	const char *parameter, *key, *value;
} boot_parameters[] = {
	{ "norandmaps", "kernel/randomize_va_space", "0" },
	{ "oops=panic", "kernel/panic_on_oops", "1" },
	{ "panic=", "kernel/panic", NULL },
	{ "sysrq_always_enabled", "kernel/sysrq", "1" },
};

static void set_boot(json_t *boot, const char *key, const char *value, const char *parameter)
{
	json_object_set_new(boot, key,
			    json_pack("{ss ss}", "value", value, "parameter", parameter));
}

static void take_parameter(json_t *boot, char *word)
{
	static const char prefix[] = "sysctl.";
	for (size_t i = 0; i < ARRAY_SIZE(boot_parameters); i++) {
		const char *name = boot_parameters[i].parameter, *value = boot_parameters[i].value;
		if (value ? streq(word, name) : starts_with(word, name))
			set_boot(boot, boot_parameters[i].key, value ? value : word + strlen(name),
				 word);
	}
	char *equals = strchr(word, '=');
	if (!starts_with(word, prefix) || !equals)
		return;
	AUTO_FREE char *name = xstrndup(word, (size_t)(equals - word));
	AUTO_FREE char *key = sysctl_path(name + strlen(prefix));
	if (sysctl_is_secret(key))
		set_boot(boot, key, "«redacted: key»", name);
	else if (*key)
		set_boot(boot, key, equals + 1, word);
}

/* The next word, in which quotes keep blanks; they are taken away. NULL at the end. */
static char *next_word(char **rest)
{
	char *p = *rest + strspn(*rest, " \t\n"), *word = p, *to = p;
	bool is_quoted = false;
	if (!*p)
		return NULL;
	for (; *p && (is_quoted || !strchr(" \t\n", *p)); p++) {
		if (*p == '"')
			is_quoted = !is_quoted;
		else
			*to++ = *p;
	}
	*rest = *p ? p + 1 : p;
	*to = '\0';
	return word;
}

json_t *sysctl_boot(const char *cmdline)
{
	AUTO_FREE char *copy = xstrdup(cmdline);
	json_t *boot = json_object();
	char *rest = copy, *word;
	/* What follows "--" is for the first process. */
	while ((word = next_word(&rest)) && !streq(word, "--"))
		take_parameter(boot, word);
	return boot;
}

/* --- routes --------------------------------------------------------------------------------- */

json_t *sysctl_ra_routes(char *text)
{
	enum { DESTINATION, LENGTH, FLAGS = 8, INTERFACE, FIELDS };
	const unsigned long from_advertisement =
		0x00040000; /* RTF_ADDRCONF of linux/ipv6_route.h */
	json_t *routes = json_array();
	char *line;
	while ((line = strsep(&text, "\n"))) {
		char *fields[FIELDS], *field;
		size_t n = 0;
		while (n < FIELDS && (field = strsep(&line, " ")))
			if (*field)
				fields[n++] = field;
		if (n == 0)
			continue;
		if (n < FIELDS) {
			json_decref(routes);
			return fact_unread("/proc/1/net/ipv6_route: a line has too few fields");
		}
		if (streq(fields[LENGTH], "00") &&
		    strspn(fields[DESTINATION], "0") == strlen(fields[DESTINATION]) &&
		    strtoul(fields[FLAGS], NULL, 16) & from_advertisement)
			json_array_append_new(routes, json_string(fields[INTERFACE]));
	}
	return routes;
}
