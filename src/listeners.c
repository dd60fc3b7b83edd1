/* SPDX-License-Identifier: Apache-2.0 */
/* listeners.c: where dockerd listens: -H and "hosts", what systemd passes in, and its real sockets.
 */
#include "listeners.h"

#include <arpa/inet.h>
#include <ctype.h>

#include "facts.h"

/* --- one address -------------------------------------------------------------------------------
 */

/* "host:port", "[v6]:port", "host" or ":port" in two; false when it is none of them. */
static bool split_address(const char *address, char **ret_host, char **ret_port)
{
	const char *host = address, *end, *port = "";
	if (*address == '[') {
		host = address + 1;
		end = strchr(host, ']');
		if (!end || (end[1] && end[1] != ':'))
			return false;
		if (end[1])
			port = end + 2;
	} else {
		end = host + strcspn(host, ":");
		if (*end)
			port = end + 1;
	}
	size_t digits = strspn(port, "0123456789");
	if (port[digits] || digits > 5)
		return false;
	*ret_host = xstrndup(host, (size_t)(end - host));
	*ret_port = xstrdup(port);
	return true;
}

static char *complete_tcp(const char *address)
{
	AUTO_FREE char *host = NULL;
	AUTO_FREE char *port = NULL;
	AUTO_FREE char *bare = xstrndup(address, strcspn(address, "/?#"));
	if (!split_address(bare, &host, &port))
		return NULL;
	const char *h = *host ? host : "localhost", *p = *port ? port : "2375";
	return strchr(h, ':') ? xasprintf("tcp://[%s]:%s", h, p) : xasprintf("tcp://%s:%s", h, p);
}

static char *default_host(const struct view *v, bool tls)
{
	if (tls)
		return xstrdup("tcp://localhost:2376");
	if (v->rootless == 0)
		return xstrdup("unix:///var/run/docker.sock");
	const char *dir = v->rootless == 1 ? view_environ(v, "XDG_RUNTIME_DIR") : NULL;
	return dir && *dir == '/' ? xasprintf("unix://%s/docker.sock", dir) : NULL;
}

char *host_complete(const struct view *v, const char *host, bool tls)
{
	while (isspace((unsigned char)*host))
		host++;
	size_t n = strlen(host);
	while (n > 0 && isspace((unsigned char)host[n - 1]))
		n--;
	AUTO_FREE char *text = xstrndup(host, n);
	if (!*text)
		return default_host(v, tls);
	if (starts_with(text, "unix://"))
		return xstrdup(text[7] ? text : "unix:///var/run/docker.sock");
	if (starts_with(text, "fd://"))
		return xstrdup(text);
	if (starts_with(text, "tcp://"))
		return complete_tcp(text + 6);
	return strstr(text, "://") ? NULL : complete_tcp(text);
}

char *host_from_stream(const char *stream)
{
	AUTO_FREE char *host = NULL;
	AUTO_FREE char *port = NULL;
	/* %t is /run for the system's manager; other specifiers need more of systemd than we know.
	 */
	if (starts_with(stream, "%t/"))
		return strchr(stream + 1, '%') ? NULL : xasprintf("unix:///run%s", stream + 2);
	if (!*stream || strchr(stream, '%'))
		return NULL;
	if (*stream == '/' || *stream == '@')
		return xasprintf("unix://%s", stream);
	if (starts_with(stream, "vsock:"))
		return xasprintf("vsock://%s", stream + 6);
	if (!stream[strspn(stream, "0123456789")])
		return xasprintf("tcp://[::]:%s", stream);
	if (!split_address(stream, &host, &port) || !*host || !*port)
		return NULL;
	return xasprintf("tcp://%s", stream);
}

static bool is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (streq(host, "localhost"))
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &v6) != 1)
		return false;
	return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

static bool is_wildcard(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return v4.s_addr == INADDR_ANY;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6);
}

static bool is_numeric(const char *host)
{
	unsigned char buf[sizeof(struct in6_addr)];
	return inet_pton(AF_INET, host, buf) == 1 || inet_pton(AF_INET6, host, buf) == 1;
}

/* --- the list of listeners ---------------------------------------------------------------------
 */

static void add_listener(json_t *list, const char *url, const char *from, const json_t *effective)
{
	json_t *l = json_pack("{s:s, s:s}", "url", url, "from", from);
	AUTO_FREE char *host = NULL;
	AUTO_FREE char *port = NULL;
	json_array_append_new(list, l);
	if (starts_with(url, "unix://")) {
		json_object_set_new(l, "kind", json_string("unix"));
		json_object_set_new(l, "path", json_string(url + 7));
		return;
	}
	bool is_tcp = starts_with(url, "tcp://") && split_address(url + 6, &host, &port);
	json_t *tls = json_object_get(effective, "tls"), *value = json_object_get(tls, "value");
	json_object_set_new(l, "kind", json_string(is_tcp ? "tcp" : "other"));
	json_object_set(l, "tls", value ? value : tls);
	json_object_set_new(l, "verified", tls_is_verified(effective));
	json_object_set_new(l, "loopback", json_boolean(is_tcp && is_loopback(host)));
	json_object_set_new(l, "wildcard", json_boolean(is_tcp && is_wildcard(host)));
}

/* The sockets of one kind that dockerd really listens on, or NULL. */
static json_t *real_sockets(const struct view *v, const char *kind)
{
	AUTO_FREE char *path = xasprintf("engine/process/Listens/%s", kind);
	struct fact f = facts_find(v->world, path);
	size_t i;
	json_t *element;
	if (v->elsewhere || f.state != FACT_KNOWN || !json_is_array(f.value))
		return NULL;
	json_array_foreach(f.value, i, element)
	{
		if (!json_is_string(element))
			return NULL;
	}
	return f.value;
}

/* dockerd has sockets for other purposes too; those of its API are named after docker. */
static bool is_api_socket(const struct view *v, const char *path)
{
	struct fact url = facts_find(v->world, "engine/endpoint/url");
	const char *asked = url.state == FACT_KNOWN ? json_string_value(url.value) : NULL;
	const char *name = strrchr(path, '/');
	if (asked && starts_with(asked, "unix://") && streq(asked + 7, path))
		return true;
	return name && starts_with(name + 1, "docker") && ends_with(name, ".sock");
}

static const char from_sockets[] = "sockets of dockerd";

/* Without knowing the configuration: enough when dockerd listens on no TCP port at all. */
static bool add_real(const struct view *v, json_t *list, const json_t *effective)
{
	json_t *tcp = real_sockets(v, "tcp"), *names = real_sockets(v, "unix"), *element;
	size_t i;
	if (!tcp || !names || json_array_size(tcp) > 0)
		return false;
	json_array_foreach(names, i, element)
	{
		if (!is_api_socket(v, json_string_value(element)))
			continue;
		AUTO_FREE char *url = xasprintf("unix://%s", json_string_value(element));
		add_listener(list, url, from_sockets, effective);
	}
	return true;
}

/* fd://: what the socket unit listens on. */
static bool add_streams(const struct view *v, json_t *list, const json_t *effective)
{
	struct fact f =
		facts_find(v->world, "host/units/docker.socket/settings/Socket/ListenStream");
	json_t *element;
	size_t i;
	/* A rootless engine's unit belongs to its user's manager, which is not asked. */
	if (v->rootless != 0 || f.state != FACT_KNOWN || json_array_size(f.value) == 0)
		return add_real(v, list, effective);
	json_array_foreach(f.value, i, element)
	{
		const char *stream = json_string_value(element);
		AUTO_FREE char *url = stream ? host_from_stream(stream) : NULL;
		if (!url)
			return add_real(v, list, effective);
		add_listener(list, url, "docker.socket", effective);
	}
	return true;
}

/* --- unexplained sockets ------------------------------------------------------------------------
 */

static bool same_port(const char *address, const char *other)
{
	AUTO_FREE char *a_host = NULL;
	AUTO_FREE char *a_port = NULL;
	AUTO_FREE char *b_host = NULL;
	AUTO_FREE char *b_port = NULL;
	if (!split_address(address, &a_host, &a_port) || !split_address(other, &b_host, &b_port) ||
	    !streq(a_port, b_port))
		return false;
	if (streq(a_host, b_host) || !is_numeric(b_host) || is_wildcard(b_host))
		return !(streq(b_host, "localhost") && !is_loopback(a_host));
	return false;
}

static bool is_explained(const struct view *v, const char *address, const json_t *listeners,
			 const json_t *effective)
{
	size_t i;
	json_t *l;
	json_array_foreach(listeners, i, l)
	{
		const char *url = json_string_value(json_object_get(l, "url"));
		if (starts_with(url, "tcp://") && same_port(address, url + 6))
			return true;
	}
	const char *metrics = json_string_value(
		json_object_get(json_object_get(effective, "metrics-addr"), "value"));
	if (metrics && *metrics && same_port(address, metrics))
		return true;
	AUTO_FREE char *diagnostic =
		xasprintf("127.0.0.1:%lld",
			  (long long)json_integer_value(json_object_get(
				  json_object_get(effective, "network-diagnostic-port"), "value")));
	if (same_port(address, diagnostic))
		return true;
	struct fact swarm = facts_find(v->world, "engine/info/Swarm/LocalNodeState");
	const char *state = swarm.state == FACT_KNOWN ? json_string_value(swarm.value) : NULL;
	return state && !streq(state, "inactive") &&
	       (ends_with(address, ":2377") || ends_with(address, ":7946"));
}

static json_t *unexplained(const struct view *v, const json_t *listeners, const json_t *effective)
{
	json_t *tcp = real_sockets(v, "tcp"), *list, *element;
	size_t i;
	if (!tcp)
		return fact_unread("the sockets of dockerd are not known");
	list = json_array();
	json_array_foreach(tcp, i, element)
	{
		if (!is_explained(v, json_string_value(element), listeners, effective))
			json_array_append(list, element);
	}
	return list;
}

/* --- hosts ---------------------------------------------------------------------------------------
 */

/* The configured hosts, completed. An unread value when one of them cannot be told. */
static json_t *complete_all(const struct view *v, const json_t *configured, const json_t *effective)
{
	json_t *tls = json_object_get(json_object_get(effective, "tls"), "value"),
	       *list = json_array(), *element;
	size_t i;
	json_array_foreach(configured, i, element)
	{
		const char *host = json_string_value(element);
		AUTO_FREE char *url = NULL;
		/* The empty host depends on TLS. */
		if (host && (tls || host[strspn(host, " \t\n\v\f\r")]))
			url = host_complete(v, host, json_is_true(tls));
		json_t *full = url ? json_string(url) : NULL;
		if (!full) {
			json_decref(list);
			return fact_unread("the host '%.100s' is not understood",
					   host ? host : "null");
		}
		json_array_append_new(list, full);
	}
	return list;
}

static void put_hosts(const struct view *v, json_t *effective, json_t *hosts,
		      const struct said *said)
{
	json_t *listeners = json_array(), *element;
	json_t *member = effective_member(hosts, said->where);
	bool is_known = true;
	size_t i;
	json_array_foreach(hosts, i, element)
	{
		const char *url = json_string_value(element);
		if (starts_with(url, "fd://"))
			is_known = add_streams(v, listeners, effective) && is_known;
		else
			add_listener(listeners, url, said->where, effective);
	}
	json_object_set_new(member, "unexplained", unexplained(v, listeners, effective));
	if (is_known) {
		json_object_set_new(member, "listeners", listeners);
	} else {
		json_decref(listeners);
		json_object_set_new(
			member, "listeners",
			fact_unread("fd:// is given, and what systemd passes in is not known"));
	}
	effective_add_said(member, said);
	json_object_set_new(effective, "hosts", member);
}

/* The configuration is not known, but the process may be: it listens on unix sockets only. */
static void put_real(const struct view *v, json_t *effective, const struct said *said)
{
	json_t *listeners = json_array(), *hosts = json_array(), *l;
	size_t i;
	if (!add_real(v, listeners, effective)) {
		json_decref(listeners);
		json_decref(hosts);
		json_object_set_new(effective, "hosts", fact_unread("%s", said->reason));
		return;
	}
	json_array_foreach(listeners, i, l) json_array_append(hosts, json_object_get(l, "url"));
	json_t *member = effective_member(hosts, from_sockets);
	json_object_set_new(member, "listeners", listeners);
	json_object_set_new(member, "unexplained", json_array());
	effective_add_said(member, said);
	json_object_set_new(effective, "hosts", member);
}

void hosts_add(const struct view *v, json_t *effective)
{
	struct said said = view_said(v, setting_by_key("hosts"));
	if (said.state == SAID_UNKNOWN) {
		put_real(v, effective, &said);
		return;
	}
	json_t *one = json_pack("[s]", "");
	json_t *hosts = complete_all(v, said.state == SAID_SET ? said.value : one, effective);
	json_decref(one);
	if (said.state == SAID_NOTHING)
		said.where = "default of dockerd";
	if (fact_is_unread(hosts))
		json_object_set_new(effective, "hosts", hosts);
	else
		put_hosts(v, effective, hosts, &said);
}
