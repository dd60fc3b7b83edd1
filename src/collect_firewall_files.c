/* SPDX-License-Identifier: Apache-2.0 */
/* collect_firewall_files.c: what firewall managers are to load: their files, as far as is needed.
 */
#include "collector.h"
#include "confdir.h"
#include "nftconf.h"

/* KEY=value of shells: quotes are not part of it, nor is what follows. */
static void shell_line(struct conf *c, char *line)
{
	char *value = strchr(line, '=');
	if (!value)
		return;
	*value++ = '\0';
	char quote = *value;
	if (quote == '"' || quote == '\'') {
		value++;
		value[strcspn(value, (char[]){ quote, '\0' })] = '\0';
	} else {
		value[strcspn(value, " \t;#")] = '\0';
	}
	conf_set(c, conf_cut_blanks(line), value);
}

/* ":INPUT DROP [0:0]" and "-A INPUT ..." of iptables-save, within its table filter. */
static void saved_line(struct conf *c, char *line)
{
	struct nft_conf *state = conf_context(c);
	if (*line == '*') {
		conf_set_section(c, line + 1);
		return;
	}
	if (!streq(conf_section(c), "filter"))
		return;
	if (*line == '[') { /* "[12:3456] -A INPUT …", as iptables-save -c writes it */
		line += strcspn(line, "]");
		line += strspn(line, "] \t");
	}
	if ((starts_with(line, "-A INPUT ") || starts_with(line, "-I INPUT ")) && state->chain)
		json_object_set_new(state->chain, "rules", json_true());
	if (*line != ':')
		return;
	char *name = line + 1, *policy = name + strcspn(name, " \t");
	if (*policy)
		*policy++ = '\0';
	policy[strcspn(policy, " \t")] = '\0';
	json_t *entry = conf_set(c, name, policy);
	if (streq(name, "INPUT")) {
		json_decref(state->chain);
		state->chain = json_incref(entry);
	}
}

static const char *const ufw_conf[] = { "/etc/ufw/ufw.conf", NULL };
static const char *const ufw_defaults[] = { "/etc/default/ufw", NULL };
static const char *const firewalld_conf[] = { "/etc/firewalld/firewalld.conf", NULL };
static const char *const nft_conf[] = { "/etc/nftables.conf", "/etc/sysconfig/nftables.conf",
					"/etc/nftables.nft", NULL };
static const char *const saved4[] = { "/etc/iptables/rules.v4", "/etc/sysconfig/iptables",
				      "/etc/iptables/rules-save", "/etc/iptables/iptables.rules",
				      NULL };
static const char *const saved6[] = { "/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables",
				      "/etc/iptables/rules6-save", "/etc/iptables/ip6tables.rules",
				      NULL };

static const struct {
	const char *name;
	struct conf_spec spec;
} files[] = {
	{ "ufw", { .first = ufw_conf, .comments = "#", .line = shell_line } },
	{ "ufw-defaults", { .first = ufw_defaults, .comments = "#", .line = shell_line } },
	{ "firewalld", { .first = firewalld_conf, .comments = "#;", .line = conf_line_equals } },
	{ "nftables",
	  { .first = nft_conf,
	    .comments = "#",
	    .flags = CONF_CONTINUES | CONF_COMMENTS_END,
	    .merge = CONF_ALL,
	    .line = nft_conf_line } },
	{ "saved4", { .first = saved4, .comments = "#", .line = saved_line } },
	{ "saved6", { .first = saved6, .comments = "#", .line = saved_line } },
};

json_t *firewall_files_fact(struct collector *c)
{
	struct conf_source source = collector_source(c);
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct nft_conf state = { 0 };
		struct conf_spec spec = files[i].spec;
		spec.context = &state;
		json_object_set_new(all, files[i].name, conf_read(&spec, &source));
		nft_conf_done(&state);
	}
	return all;
}
