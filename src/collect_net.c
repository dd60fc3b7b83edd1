/* SPDX-License-Identifier: Apache-2.0 */
/* collect_net.c: host/net: interfaces, IPv6, the resolver, and rules of libwrap. */
#include "collector.h"
#include "confdir.h"
#include "record.h"

enum { INTERFACES_MAX = 5000 };

char *not_the_hosts_network(struct collector *c)
{
	struct fact self = facts_find(c->world, "host/namespaces/net/self");
	struct fact init = facts_find(c->world, "host/namespaces/net/init");
	if (!c->o->live)
		return xstrdup(NEEDS_RUNNING);
	if (self.state != FACT_KNOWN || init.state != FACT_KNOWN)
		return xasprintf("the host's network namespace is not known: %s",
				 init.reason   ? init.reason
				 : self.reason ? self.reason
					       : "");
	if (json_equal(self.value, init.value))
		return NULL;
	return xstrdup("this process is in another network namespace than the host");
}

/* A number of a file of the kernel; null when it is not there. */
static json_t *kernel_number(struct collector *c, const char *path, int base)
{
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, path, NULL, &why);
	char *end;
	if (!text)
		return *why ? fact_unread("/%s: %s", path, why) : json_null();
	long long n = strtoll(text, &end, base);
	if (end == text || (*end && *end != '\n'))
		return fact_unread("/%s: is no number", path);
	return json_integer(n);
}

struct interfaces {
	struct collector *c;
	json_t *all;
};

static void add_interface(char type, const char *name, void *context)
{
	struct interfaces *i = context;
	AUTO_FREE char *flags = xasprintf("sys/class/net/%s/flags", name);
	AUTO_FREE char *port = xasprintf("sys/class/net/%s/brport", name);
	if (type != 'l' || json_object_size(i->all) >= INTERFACES_MAX)
		return;
	AUTO_FREE char *copy = xstrdup(name);
	utf8_mend(copy, strlen(copy));
	json_t *st = stat_path(i->c, FETCH_BASE_PROC, port);
	json_t *is_port =
		fact_is_unread(st) ? json_incref(st) : json_incref(json_object_get(st, "exists"));
	json_object_set_new(i->all, copy,
			    json_pack("{so so}", "flags", kernel_number(i->c, flags, 0),
				      "bridge-port", is_port));
	json_decref(st);
}

static json_t *interfaces_fact(struct collector *c)
{
	struct interfaces i = { c, json_object() };
	AUTO_FREE char *why = NULL;
	if (list_folder(c, FETCH_BASE_PROC, "sys/class/net", add_interface, &i, &why) &&
	    json_object_size(i.all) < INTERFACES_MAX)
		return i.all;
	json_decref(i.all);
	return fact_unread("/sys/class/net: %s",
			   why ? *why ? why : "is not there" : "there are too many");
}

static json_t *ipv6_fact(struct collector *c)
{
	return json_pack("{so so so}", "module",
			 kernel_number(c, "sys/module/ipv6/parameters/disable", 10), "all",
			 kernel_number(c, "proc/sys/net/ipv6/conf/all/disable_ipv6", 10), "default",
			 kernel_number(c, "proc/sys/net/ipv6/conf/default/disable_ipv6", 10));
}

static void resolv_line(struct conf *c, char *line)
{
	size_t n = strcspn(line, " \t");
	char *value = line + n;
	if (*value)
		*value++ = '\0';
	if (streq(line, "nameserver") || streq(line, "options") || streq(line, "search"))
		conf_set(c, line, conf_cut_blanks(value));
}

static void wrapper_line(struct conf *c, char *line)
{
	char *colon = strchr(line, ':');
	if (!colon)
		return;
	*colon = '\0';
	conf_set(c, conf_cut_blanks(line), conf_cut_blanks(colon + 1));
}

static const char *const resolv[] = { "/etc/resolv.conf", NULL };
static const char *const allow[] = { "/etc/hosts.allow", NULL };
static const char *const deny[] = { "/etc/hosts.deny", NULL };
static const char *const resolved[] = { "/etc/systemd/resolved.conf", "/run/systemd/resolved.conf",
					"/usr/local/lib/systemd/resolved.conf",
					"/usr/lib/systemd/resolved.conf", NULL };
static const char *const resolved_dirs[] = { "/etc/systemd/resolved.conf.d",
					     "/run/systemd/resolved.conf.d",
					     "/usr/local/lib/systemd/resolved.conf.d",
					     "/usr/lib/systemd/resolved.conf.d", NULL };

static const struct {
	const char *name;
	struct conf_spec spec;
} files[] = {
	{ "resolv", { .first = resolv, .comments = "#;", .merge = CONF_ALL, .line = resolv_line } },
	{ "resolved",
	  { .first = resolved,
	    .dirs = resolved_dirs,
	    .suffix = ".conf",
	    .comments = "#;",
	    .line = conf_line_ini } },
	{ "hosts-allow",
	  { .first = allow,
	    .comments = "#",
	    .flags = CONF_CONTINUES,
	    .merge = CONF_ALL,
	    .line = wrapper_line } },
	{ "hosts-deny",
	  { .first = deny,
	    .comments = "#",
	    .flags = CONF_CONTINUES,
	    .merge = CONF_ALL,
	    .line = wrapper_line } },
};

void collect_net(struct collector *c)
{
	struct conf_source source = collector_source(c);
	AUTO_FREE char *why = not_the_hosts_network(c);
	json_t *all = json_pack("{so so so}", "resolv-stat",
				stat_path(c, FETCH_BASE_ROOT, "/etc/resolv.conf"), "interfaces",
				why ? fact_unread("%s", why) : interfaces_fact(c), "ipv6",
				why ? fact_unread("%s", why) : ipv6_fact(c));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		json_object_set_new(all, files[i].name, conf_read(&files[i].spec, &source));
	collect_host_section(c, "net", all);
}
