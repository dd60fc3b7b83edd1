/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_clients.c: what the docker commands of this host's users keep in ~/.docker/config.json:
 * for which registries a password is in it, never the password.
 */
#include "collector.h"
#include "record.h"
#include "redact.h"

enum { USERS_MAX = 1000, LOGINS_MAX = 100 };

/*
 * A member without any of these is what a credential helper leaves behind. As Go reads them, names
 * are taken in either case, here and below.
 */
static bool has_password(json_t *login)
{
	static const char *const members[] = { "auth", "password", "identitytoken",
					       "registrytoken" };
	const char *name;
	json_t *value;
	json_object_foreach(login, name, value)
	{
		for (size_t i = 0; i < ARRAY_SIZE(members); i++)
			if (strcasecmp(name, members[i]) == 0 && json_string_length(value) > 0)
				return true;
	}
	return false;
}

static void add_logins(json_t *all, json_t *list)
{
	const char *registry;
	json_t *login;
	json_object_foreach(all, registry, login)
	{
		AUTO_FREE char *name = redact_text(registry);
		if (has_password(login) && json_array_size(list) < LOGINS_MAX)
			json_array_append_new(list, json_string(name));
	}
}

static json_t *logins(json_t *config)
{
	json_t *list = json_array(), *value;
	const char *name;
	json_object_foreach(config, name, value)
	{
		if (strcasecmp(name, "auths") != 0 || json_is_null(value))
			continue;
		if (!json_is_object(value)) {
			json_decref(list);
			return fact_unread("\"auths\" is no object");
		}
		add_logins(value, list);
	}
	return list;
}

/* A URL may have a user name before the host. */
static bool has_userinfo(const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;
	return host && memchr(host + 3, '@', strcspn(host + 3, "/"));
}

static bool is_with_password(json_t *proxies)
{
	json_t *proxy, *value;
	const char *endpoint, *name;
	json_object_foreach(proxies, endpoint, proxy)
	{
		json_object_foreach(proxy, name, value)
		{
			if (has_userinfo(json_string_value(value)))
				return true;
		}
	}
	return false;
}

static bool has_proxy_password(json_t *config)
{
	const char *name;
	json_t *value;
	json_object_foreach(config, name, value)
	{
		if (strcasecmp(name, "proxies") == 0 && is_with_password(value))
			return true;
	}
	return false;
}

static json_t *understand(char *text, size_t n, json_t *stat)
{
	struct err err = { 0 };
	json_t *config = json_parse_hostile(text, n, &err), *fact;
	if (json_is_object(config))
		fact = json_pack("{sO? sO? so sb}", "Mode", json_object_get(stat, "mode"), "Uid",
				 json_object_get(stat, "uid"), "Auths", logins(config),
				 "HasProxyPassword", has_proxy_password(config));
	else
		fact = fact_unread("%s", err.text ? err.text : "holds no object");
	err_done(&err);
	json_decref(config);
	return fact;
}

static void add_client(struct collector *c, json_t *clients, const char *home)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *path = xasprintf("%s/.docker/config.json", streq(home, "/") ? "" : home);
	if (*home != '/' || json_object_get(clients, path))
		return;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text && !*why)
		return;
	json_t *stat = stat_path(c, FETCH_BASE_ROOT, path);
	json_object_set_new(clients, path,
			    text ? understand(text, n, stat) : fact_unread("%s", why));
	json_decref(stat);
}

void collect_clients(struct collector *c)
{
	json_t *users = json_object_get(json_object_get(c->world, "host"), "users"), *user;
	json_t *clients = json_object();
	const char *reason = fact_reason(users), *name;
	if (json_object_size(users) > USERS_MAX)
		reason = "there are too many users";
	if (!json_is_object(users) && !reason)
		reason = "the users are not known";
	if (reason) {
		json_decref(clients);
		clients = fact_unread("%s", reason);
	} else {
		json_object_foreach(users, name, user)
		{
			const char *home = json_string_value(json_object_get(user, "home"));
			if (home)
				add_client(c, clients, home);
		}
	}
	collect_host_section(c, "clients", clients);
}
