/* SPDX-License-Identifier: Apache-2.0 */
/* collect_firewall.c: host/firewall: the packet filter in force, and what boots load. */
#include <errno.h>
#include <linux/netfilter.h>
#include <sys/socket.h>

#include "collector.h"
#include "nftfate.h"
#include "record.h"

/* --- what is in force ------------------------------------------------------------------------ */

static const char *const legacy_lists[] = { "proc/1/net/ip_tables_names",
					    "proc/1/net/ip6_tables_names" };

/* Tables of the old iptables, which only its own program can read; unread, or their names. */
static json_t *legacy_fact(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, path, NULL, &why);
	json_t *names = json_array();
	if (!text && *why) {
		json_decref(names);
		return fact_unread("/%s: %s", path, why);
	}
	for (char *line = text; line && *line && json_array_size(names) < 100;) {
		size_t n = strcspn(line, "\n");
		AUTO_FREE char *name = xstrndup(line, n);
		utf8_mend(name, n);
		json_array_append_new(names, json_string(name));
		line += n + (line[n] == '\n');
	}
	return names;
}

static bool has_legacy(const json_t *legacy)
{
	return fact_is_unread(legacy) || json_array_size(legacy) > 0;
}

static json_t *legacy_unread(const json_t *legacy)
{
	return fact_is_unread(legacy)
		       ? fact_unread("%s", fact_reason(legacy))
		       : fact_unread("tables of the old iptables are loaded, which only "
				     "iptables-legacy can read");
}

/* What the old iptables does cannot be read: only a drop elsewhere stands. */
static void mind_legacy(json_t *hook, const json_t *legacy)
{
	const char *now = json_string_value(json_object_get(hook, "default"));
	const char *const members[] = { "default", "loopback", "established", "ports" };
	bool is_denied = now && streq(now, "deny");
	for (size_t i = is_denied ? 1 : 0; has_legacy(legacy) && i < ARRAY_SIZE(members); i++)
		json_object_set_new(hook, members[i], legacy_unread(legacy));
}

static json_t *docker_of(const struct nft_rules *r, int family, const json_t *legacy)
{
	return has_legacy(legacy) ? legacy_unread(legacy) : nft_docker_fact(r, family);
}

static json_t *docker_fact(const struct nft_rules *r, const json_t *legacy)
{
	return json_pack("{so so}", "ip", docker_of(r, AF_INET, json_object_get(legacy, "ip")),
			 "ip6", docker_of(r, AF_INET6, json_object_get(legacy, "ip6")));
}

struct switches {
	struct collector *c;
	bool is_on;
	char *why;
};

static void add_switch(char type, const char *name, void *context)
{
	struct switches *s = context;
	AUTO_FREE char *path = xasprintf("proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	AUTO_FREE char *why = NULL;
	(void)type;
	if (s->is_on || s->why || streq(name, "lo") || streq(name, "all"))
		return;
	AUTO_FREE char *text = read_file(s->c, FETCH_BASE_PROC, path, NULL, &why);
	if (!text && *why)
		s->why = xasprintf("/%s: %s", path, why);
	s->is_on = text && !streq(text, "1\n");
}

/* Is IPv6 on, on any interface but lo or one that is yet to come? */
static json_t *ipv6_fact(struct collector *c)
{
	static const char path[] = "proc/sys/net/ipv6/conf";
	struct switches s = { .c = c };
	AUTO_FREE char *why = NULL;
	bool is_there = list_folder(c, FETCH_BASE_PROC, path, add_switch, &s, &why);
	AUTO_FREE char *trouble = is_there || !*why ? TAKE(s.why) : xasprintf("/%s: %s", path, why);
	free(s.why);
	return trouble && !s.is_on ? fact_unread("%s", trouble) : json_boolean(s.is_on);
}

static json_t *hook_fact(const struct nft_rules *r, unsigned hook, const json_t *legacy)
{
	json_t *v4 = nft_hook_fact(r, hook, AF_INET), *v6 = nft_hook_fact(r, hook, AF_INET6);
	mind_legacy(v4, json_object_get(legacy, "ip"));
	mind_legacy(v6, json_object_get(legacy, "ip6"));
	return json_pack("{so so}", "ip", v4, "ip6", v6);
}

static json_t *runtime_of(struct collector *c, const struct answer *answer)
{
	struct nft_rules r = { 0 };
	const char *why = NULL;
	AUTO_FREE char *trouble = answer_trouble(answer);
	if (answer->error && answer->error != ENOENT)
		return fact_unread("%s", trouble);
	if (!answer->error && nft_rules_parse(&r, answer->data, answer->len, &why) < 0) {
		nft_rules_done(&r);
		return fact_unread("%s", why);
	}
	json_t *legacy = json_pack("{so so}", "ip", legacy_fact(c, legacy_lists[0]), "ip6",
				   legacy_fact(c, legacy_lists[1]));
	json_t *all = json_pack("{so so so so so sI sI sb}", "ipv6", ipv6_fact(c), "legacy", legacy,
				"input", hook_fact(&r, NF_INET_LOCAL_IN, legacy), "forward",
				hook_fact(&r, NF_INET_FORWARD, legacy), "docker",
				docker_fact(&r, legacy), "tables", (json_int_t)r.n_tables, "rules",
				(json_int_t)r.n_rules, "dormant", r.is_dormant);
	nft_rules_done(&r);
	return all;
}

static json_t *runtime_fact(struct collector *c, const char *not_ours)
{
	struct answer answer;
	if (not_ours)
		return fact_unread("%s", not_ours);
	ask_now(c->asker, FETCH_NFT, 0, "", &answer);
	json_t *fact = runtime_of(c, &answer);
	answer_done(&answer);
	return fact;
}

/* --- who loads it ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *unit, *programs[3];
} managers[] = {
	{ "ufw", "ufw.service", { "/usr/sbin/ufw", "/usr/bin/ufw" } },
	{ "firewalld", "firewalld.service", { "/usr/sbin/firewalld", "/usr/bin/firewalld" } },
	{ "nftables", "nftables.service", { "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft" } },
	{ "netfilter-persistent",
	  "netfilter-persistent.service",
	  { "/usr/sbin/netfilter-persistent" } },
	{ "iptables",
	  "iptables.service",
	  { "/usr/sbin/iptables", "/sbin/iptables", "/usr/bin/iptables" } },
	{ "ip6tables",
	  "ip6tables.service",
	  { "/usr/sbin/ip6tables", "/sbin/ip6tables", "/usr/bin/ip6tables" } },
};

/* The first that is there, or null. */
static json_t *program_fact(struct collector *c, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n && paths[i]; i++) {
		json_t *st = stat_path(c, FETCH_BASE_ROOT, paths[i]);
		if (fact_is_unread(st))
			return st;
		bool is_there = json_is_true(json_object_get(st, "exists"));
		json_decref(st);
		if (is_there)
			return json_string(paths[i]);
	}
	return json_null();
}

static json_t *managers_fact(struct collector *c)
{
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(managers); i++)
		json_object_set_new(all, managers[i].name,
				    json_pack("{so so}", "program",
					      program_fact(c, managers[i].programs,
							   ARRAY_SIZE(managers[i].programs)),
					      "service", collect_service(c, managers[i].unit)));
	return all;
}

/* --- radios ---------------------------------------------------------------------------------- */

struct radios {
	struct collector *c;
	json_t *found;
	bool is_bad;
};

static void add_radio(char type, const char *name, void *context)
{
	static const char *const marks[] = { "wireless", "phy80211" };
	struct radios *r = context;
	bool is_one = false;
	(void)type;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		AUTO_FREE char *path = xasprintf("sys/class/net/%s/%s", name, marks[i]);
		json_t *st = stat_path(r->c, FETCH_BASE_PROC, path);
		r->is_bad |= fact_is_unread(st);
		is_one |= json_is_true(json_object_get(st, "exists"));
		json_decref(st);
	}
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	if (is_one && json_array_size(r->found) < 100)
		json_array_append_new(r->found, json_string(copy));
}

static json_t *radios_fact(struct collector *c, const char *not_ours)
{
	struct radios r = { c, json_array(), false };
	AUTO_FREE char *why = NULL;
	if (!not_ours && list_folder(c, FETCH_BASE_PROC, "sys/class/net", add_radio, &r, &why) &&
	    !r.is_bad)
		return r.found;
	json_decref(r.found);
	return fact_unread("%s", not_ours      ? not_ours
				 : why && *why ? why
					       : "/sys/class/net could not be read");
}

void collect_firewall(struct collector *c)
{
	AUTO_FREE char *not_ours = not_the_hosts_network(c);
	collect_host_section(c, "firewall",
			     json_pack("{so so so so}", "managers", managers_fact(c), "configured",
				       firewall_files_fact(c), "runtime", runtime_fact(c, not_ours),
				       "wireless", radios_fact(c, not_ours)));
}
