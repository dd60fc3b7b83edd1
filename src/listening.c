/* SPDX-License-Identifier: Apache-2.0 */
/* listening.c: see listening.h. */
#include "listening.h"

#include "candidate.h"
#include "procparse.h"
#include "record.h"

enum { SOCKETS_MAX = 4096 };

struct socket_entry {
	unsigned long inode;
	json_t *entry;
};

struct listening {
	struct collector *c;
	struct socket_entry sockets[SOCKETS_MAX];
	size_t n_sockets, n_owned;
	const char *protocol; /* that is being read */
};

struct listening *listening_new(struct collector *c)
{
	struct listening *l = xalloc(sizeof(*l));
	l->c = c;
	return l;
}

void listening_free(struct listening *l)
{
	for (size_t i = 0; i < l->n_sockets; i++)
		json_decref(l->sockets[i].entry);
	free(l);
}

bool listening_is_open(const struct listening *l)
{
	return l->n_owned < l->n_sockets;
}

static void add_socket(unsigned long inode, const char *address, unsigned port, void *context)
{
	struct listening *l = context;
	if (l->n_sockets >= SOCKETS_MAX)
		return;
	bool is_loopback = starts_with(address, "127.") || streq(address, "::1") ||
			   starts_with(address, "::ffff:127.");
	json_t *entry = json_pack("{ss ss sI sb}", "protocol", l->protocol, "address", address,
				  "port", (json_int_t)port, "loopback", is_loopback);
	l->sockets[l->n_sockets++] = (struct socket_entry){ inode, entry };
}

/* The tables of init's network, which is the host's. */
char *listening_read(struct listening *l)
{
	static const char *const tables[] = { "tcp", "tcp6", "udp", "udp6" };
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		size_t n;
		AUTO_FREE char *why = NULL;
		AUTO_FREE char *text =
			ask_pid(l->c, FETCH_PROC_NET, 0, &n, &why, "1 %s", tables[i]);
		bool is_v6 = ends_with(tables[i], "6");
		l->protocol = tables[i];
		if (!text && is_v6 && starts_with(why, "ENOENT"))
			continue; /* a kernel without IPv6 */
		if (!text)
			return xasprintf("/proc/1/net/%s: %s", tables[i], why);
		if (i < 2)
			proc_tcp_listeners(text, is_v6, add_socket, l);
		else
			proc_udp_listeners(text, is_v6, add_socket, l);
		if (l->n_sockets == SOCKETS_MAX)
			return xasprintf("there are more than %d sockets", SOCKETS_MAX);
	}
	return NULL;
}

bool listening_own(struct listening *l, int64_t pid, const struct process *p, char **ret_why)
{
	size_t n;
	bool holds = false;
	if (l->n_sockets == 0)
		return false;
	AUTO_FREE char *links =
		ask_pid(l->c, FETCH_PROC_FDS, 0, &n, ret_why, "%lld", (long long)pid);
	if (!links)
		return false;
	const char *at = links, *end = links + n;
	while (at < end) {
		unsigned long inode = starts_with(at, "socket:[") ? strtoul(at + 8, NULL, 10) : 0;
		for (size_t i = 0; inode && i < l->n_sockets; i++) {
			json_t *entry = l->sockets[i].entry;
			if (l->sockets[i].inode != inode)
				continue;
			holds = true;
			if (json_object_get(entry, "program"))
				continue;
			json_object_set_new(entry, "program", json_string(p->exe));
			json_object_set_new(entry, "unit",
					    p->unit ? json_string(p->unit) : json_null());
			json_object_set_new(entry, "container",
					    p->container ? json_string(p->container) : json_null());
			l->n_owned++;
		}
		at += strlen(at) + 1; /* its protocol follows */
		if (at < end)
			at += strlen(at) + 1;
	}
	return holds;
}

json_t *listening_fact(struct listening *l, const char *why)
{
	json_t *list = json_array();
	for (size_t i = 0; i < l->n_sockets; i++) {
		json_t *entry = l->sockets[i].entry;
		if (!json_object_get(entry, "program"))
			json_object_set_new(entry, "program",
					    fact_unread("the process that holds it was not found"));
		json_array_append_new(list, entry);
	}
	l->n_sockets = 0;
	if (!why)
		return json_pack("{so}", "sockets", list);
	json_decref(list);
	return json_pack("{so}", "sockets", fact_unread("%s", why));
}
