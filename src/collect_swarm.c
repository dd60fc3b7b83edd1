/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_swarm.c: what an engine that takes part in a swarm says of it, its state file, sockets
 * and certificates, and one record per service, in the shape of a container.
 */
#include <errno.h>

#include "certdates.h"
#include "collector.h"
#include "procparse.h"
#include "record.h"
#include "redact.h"
#include "serviceshape.h"

enum { LOOKUPS_MAX = 200, PORT_MANAGER = 2377, PORT_GOSSIP = 7946, PORT_DATA = 4789 };

static json_t *engine_section(const struct collector *c, const char *name)
{
	return json_object_get(json_object_get(c->world, "engine"), name);
}

static json_t *swarm_info(const struct collector *c)
{
	return json_object_get(engine_section(c, "info"), "Swarm");
}

static unsigned base_of(const struct collector *c)
{
	return c->own_root ? FETCH_BASE_ENGINE : FETCH_BASE_ROOT;
}

/* --- lists ---------------------------------------------------------------------------------- */

struct list {
	const char *section;
	enum fetch_endpoint endpoint;
	json_t *(*keep)(json_t *element); /* what of an element is recorded, a new reference */
	bool is_done;
	json_t *body; /* a list, or unread */
};

static void take_list(struct answer *answer, void *context)
{
	struct list *l = context;
	struct err err = { 0 };
	AUTO_FREE char *why = answer_trouble(answer);
	l->is_done = true;
	l->body =
		why ? fact_unread("%s", why) : json_parse_hostile(answer->data, answer->len, &err);
	if (!l->body)
		l->body = fact_unread("%s", err.text);
	else if (json_is_null(l->body))
		l->body = json_array();
	else if (!json_is_array(l->body) && !fact_is_unread(l->body)) {
		json_decref(l->body);
		l->body = fact_unread("no list came");
	}
	err_done(&err);
}

/* Nothing but the name: a configuration's content comes along in the list. */
static json_t *keep_name(json_t *element)
{
	json_t *name = json_object_get(json_object_get(element, "Spec"), "Name");
	return json_pack("{sO}", "Name", json_is_string(name) ? name : json_null());
}

static json_t *keep_node(json_t *element)
{
	json_t *spec = json_object_get(element, "Spec"),
	       *about = json_object_get(element, "Description");
	json_t *version = json_object_get(json_object_get(about, "Engine"), "EngineVersion");
	return json_pack("{s{sO? sO?} s{sO? s{sO?}} sO? sO?}", "Spec", "Role",
			 json_object_get(spec, "Role"), "Availability",
			 json_object_get(spec, "Availability"), "Description", "Hostname",
			 json_object_get(about, "Hostname"), "Engine", "EngineVersion", version,
			 "Status", json_object_get(element, "Status"), "ManagerStatus",
			 json_object_get(element, "ManagerStatus"));
}

static const char *id_of(const json_t *element)
{
	const char *id = json_string_value(json_object_get(element, "ID"));
	size_t n = id ? strlen(id) : 0;
	return n > 0 && n <= 64 && strspn(id, "0123456789abcdefghijklmnopqrstuvwxyz") == n ? id
											   : NULL;
}

/* By their ids. One without an id makes all of it unread: it could be the one that is looked for.
 */
static json_t *section_of(const struct list *l)
{
	json_t *all, *element;
	size_t i;
	if (!json_is_array(l->body))
		return json_incref(l->body);
	all = json_object();
	json_array_foreach(l->body, i, element)
	{
		const char *id = id_of(element);
		if (!id) {
			json_decref(all);
			return fact_unread("the list has an element without a usable id");
		}
		json_object_set_new(all, id, l->keep(element));
	}
	redact_json(all);
	return all;
}

/* --- services ------------------------------------------------------------------------------- */

struct networks {
	struct collector *c;
	json_t *names; /* by id */
	size_t asked;
};

/* Swarm's own host network is in no list: it is asked for by its id. */
static void learn_network(const char *id, void *context)
{
	struct networks *n = context;
	struct answer answer;
	if (json_object_get(n->names, id) || n->asked++ >= LOOKUPS_MAX)
		return;
	ask_now(n->c->asker, FETCH_GET, GET_NETWORK, id, &answer);
	AUTO_FREE char *why = answer_trouble(&answer);
	json_t *network = why ? NULL : json_parse_hostile(answer.data, answer.len, NULL);
	json_t *name = json_object_get(network, "Name"), *same = json_object_get(network, "Id");
	if (json_is_string(name) && json_is_string(same) && streq(json_string_value(same), id))
		json_object_set(n->names, id, name);
	json_decref(network);
	answer_done(&answer);
}

static void learn_networks(struct networks *n, json_t *services)
{
	const char *name;
	json_t *v;
	size_t i;
	json_object_foreach(engine_section(n->c, "networks"), name, v)
	{
		const char *id = json_string_value(json_object_get(v, "Id"));
		if (id)
			json_object_set_new(n->names, id, json_string(name));
	}
	json_array_foreach(services, i, v) service_networks(v, learn_network, n);
}

static void add_sources(struct collector *c, json_t *shape)
{
	const char *reason = fact_reason(engine_section(c, "process"));
	json_t *sources = reason ? fact_unread("%s", reason) : json_object(), *mount;
	size_t i;
	json_object_set_new(shape, "Sources", sources);
	if (reason || !(c->o->needs & SW_NEEDS_SOURCES))
		return;
	json_array_foreach(json_object_get(shape, "Mounts"), i, mount)
	{
		const char *source = json_string_value(json_object_get(mount, "Source"));
		if (source && *source == '/' && !json_object_get(sources, source))
			json_object_set_new(sources, source, stat_path(c, base_of(c), source));
	}
}

static void record_services(struct collector *c, json_t *services)
{
	struct networks networks = { .c = c, .names = json_object() };
	size_t i, delivered = 0;
	json_t *service;
	const char *why = fact_reason(services);
	learn_networks(&networks, services);
	json_array_foreach(services, i, service)
	{
		const char *id = id_of(service);
		if (!id) {
			why = "the list names a service without a usable id";
			continue;
		}
		json_t *shape = service_shape(service, networks.names);
		add_sources(c, shape);
		redact_json(shape);
		c->o->record("service", id, shape, c->o->context);
		json_decref(shape);
		delivered++;
	}
	collect_population(c, "service", json_array_size(services), delivered, 0, why);
	json_decref(networks.names);
}

/* --- the state file and the certificates ----------------------------------------------------- */

/* A file below the swarm folder; unread when it is not to be had, as for every member of an active
 * swarm it is there. */
static json_t *swarm_file(struct collector *c, const char *name,
			  json_t *(*understand)(const char *text, size_t n))
{
	const char *root =
		json_string_value(json_object_get(engine_section(c, "info"), "DockerRootDir"));
	const char *reason = fact_reason(engine_section(c, "process"));
	if (reason || !root)
		return fact_unread("%s",
				   reason ? reason : "the engine does not say where its data are");
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *path = xasprintf("%s/swarm/%s", root, name);
	AUTO_FREE char *text = read_file(c, base_of(c), path, &n, &why);
	if (!text)
		return fact_unread("%s: %s", path, *why ? why : "ENOENT: is not there");
	return understand(text, n);
}

static json_t *understand_state(const char *text, size_t n)
{
	struct err err = { 0 };
	AUTO_FREE char *copy = xstrndup(text, n);
	json_t *state = json_parse_hostile(copy, strlen(copy), &err);
	if (!json_is_object(state)) {
		json_decref(state);
		state = fact_unread("%s", err.text ? err.text : "holds no object");
	}
	redact_json(state);
	err_done(&err);
	return state;
}

static json_t *swarm_state(struct collector *c)
{
	json_t *tls = json_object_get(json_object_get(swarm_info(c), "Cluster"), "TLSInfo");
	const char *root = json_string_value(json_object_get(tls, "TrustRoot"));
	return json_pack("{so so so}", "State",
			 swarm_file(c, "docker-state.json", understand_state), "RootCA",
			 root ? cert_dates(root, strlen(root))
			      : swarm_file(c, "certificates/swarm-root-ca.crt", cert_dates),
			 "NodeCert", swarm_file(c, "certificates/swarm-node.crt", cert_dates));
}

/* --- sockets -------------------------------------------------------------------------------- */

struct sockets {
	json_t *list;
	const char *protocol;
	unsigned wanted[4]; /* ports */
};

static void keep_socket(unsigned long inode, const char *address, unsigned port, void *context)
{
	struct sockets *s = context;
	(void)inode;
	for (size_t i = 0; i < ARRAY_SIZE(s->wanted); i++) {
		if (s->wanted[i] != port)
			continue;
		json_array_append_new(s->list,
				      json_pack("{ss ss sI}", "Protocol", s->protocol, "Address",
						address, "Port", (json_int_t)port));
		return;
	}
}

/* The port of ListenAddr, which need not be the usual one. */
static unsigned listen_port(json_t *state)
{
	const char *address =
		json_string_value(json_object_get(json_object_get(state, "State"), "ListenAddr"));
	const char *colon = address ? strrchr(address, ':') : NULL;
	int64_t port;
	return colon && parse_int(colon + 1, &port) && port > 0 && port < 65536 ? (unsigned)port
										: PORT_MANAGER;
}

static unsigned data_port(json_t *state)
{
	json_int_t port = json_integer_value(
		json_object_get(json_object_get(state, "State"), "DataPathPort"));
	return port > 0 && port < 65536 ? (unsigned)port : PORT_DATA;
}

static json_t *swarm_sockets(struct collector *c, json_t *state)
{
	static const struct {
		const char *name, *protocol;
		bool is_v6;
	} tables[] = {
		{ "tcp", "tcp", false },
		{ "tcp6", "tcp", true },
		{ "udp", "udp", false },
		{ "udp6", "udp", true },
	};
	json_t *process = engine_section(c, "process");
	struct sockets s = { .list = json_array(),
			     .wanted = { PORT_MANAGER, PORT_GOSSIP, listen_port(state),
					 data_port(state) } };
	AUTO_FREE char *why = fact_reason(process) ? xstrdup(fact_reason(process)) : NULL;
	for (size_t i = 0; i < ARRAY_SIZE(tables) && !why; i++) {
		struct answer answer;
		AUTO_FREE char *arg = xasprintf(
			"%lld %s", (long long)json_integer_value(json_object_get(process, "Pid")),
			tables[i].name);
		ask_now(c->asker, FETCH_PROC_NET, 0, arg, &answer);
		s.protocol = tables[i].protocol;
		/* Without IPv6 the kernel has no such table. */
		if (answer.error != ENOENT || !tables[i].is_v6)
			why = answer_trouble(&answer);
		if (!why && !answer.error)
			(i < 2 ? proc_tcp_listeners
			       : proc_udp_listeners)(answer.data, tables[i].is_v6, keep_socket, &s);
		answer_done(&answer);
	}
	if (!why)
		return s.list;
	json_decref(s.list);
	return fact_unread("%s", why);
}

/* --- all of it ------------------------------------------------------------------------------ */

static void record_lists(struct collector *c, struct list *lists, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ask(c->asker, FETCH_GET, lists[i].endpoint, "", take_list, &lists[i]);
	for (size_t i = 0; i < n; i++) {
		collect_wait(c, &lists[i].is_done);
		collect_engine_section(c, lists[i].section, section_of(&lists[i]));
	}
}

/* Of an engine in no swarm: none, which is something else than not having looked. */
static void record_none(struct collector *c, const struct list *lists, size_t n)
{
	for (size_t i = 0; i < n; i++)
		collect_engine_section(c, lists[i].section, json_null());
}

/* Nothing is asked of an engine that is in no swarm; of one that does not say, its answers tell. */
void collect_swarm(struct collector *c)
{
	struct list lists[] = {
		{ .section = "services", .endpoint = GET_SERVICES, .keep = service_summary },
		{ .section = "nodes", .endpoint = GET_NODES, .keep = keep_node },
		{ .section = "secrets", .endpoint = GET_SECRETS, .keep = keep_name },
		{ .section = "configs", .endpoint = GET_CONFIGS, .keep = keep_name },
	};
	bool wants_all = c->o->needs & SW_NEEDS_SWARM,
	     wants_services = c->o->kinds & 1u << SW_SERVICE;
	const char *local = json_string_value(json_object_get(swarm_info(c), "LocalNodeState"));
	const char *why = fact_reason(engine_section(c, "info"));
	if (!wants_all && !wants_services)
		return;
	if (!c->engine_answers) {
		if (wants_services)
			collect_population(c, "service", 0, 0, 0,
					   why ? why : "the engine did not answer");
		return;
	}
	if (local && streq(local, "inactive")) {
		record_none(c, lists, wants_all ? ARRAY_SIZE(lists) : 1);
		return;
	}
	record_lists(c, lists, wants_all ? ARRAY_SIZE(lists) : 1);
	if (wants_all) {
		json_t *state = swarm_state(c);
		collect_engine_section(c, "swarm-state", state);
		collect_engine_section(c, "swarm-sockets", swarm_sockets(c, state));
	}
	if (wants_services)
		record_services(c, lists[0].body);
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		json_decref(lists[i].body);
}
