/* SPDX-License-Identifier: Apache-2.0 */
/* tls.c: which TLS dockerd uses: tls, tlsverify and the three files depend on each other. */
#include "facts.h"
#include "listeners.h"

/* Before it, tls alone did not ask clients for a certificate. */
enum { VERIFIES_BY_DEFAULT = 20 };

static struct said said_of(const struct view *v, const char *key)
{
	return view_said(v, setting_by_key(key));
}

static void put(json_t *effective, const char *key, json_t *value, const struct said *said)
{
	if (fact_is_unread(value)) {
		json_object_set_new(effective, key, value);
		return;
	}
	json_t *member = effective_member(value, said->where);
	effective_add_said(member, said);
	json_object_set_new(effective, key, member);
}

/* tlsverify turns TLS on whatever its value; without it clients are verified when TLS is on. */
static void add_switches(const struct view *v, json_t *effective)
{
	struct said verify = said_of(v, "tlsverify"), tls = said_of(v, "tls");

	if (verify.state == SAID_SET) {
		json_t *on = effective_member(json_true(), verify.where);
		effective_add_said(on, &tls);
		json_object_set_new(effective, "tls", on);
		put(effective, "tlsverify", json_incref(verify.value), &verify);
	} else if (verify.state == SAID_UNKNOWN) {
		bool is_on = tls.state == SAID_SET && json_is_true(tls.value);
		put(effective, "tls", is_on ? json_true() : fact_unread("%s", verify.reason), &tls);
		put(effective, "tlsverify", fact_unread("%s", verify.reason), &verify);
	} else if (tls.state == SAID_SET) {
		put(effective, "tls", json_incref(tls.value), &tls);
		bool follows = v->major >= VERIFIES_BY_DEFAULT || json_is_false(tls.value);
		json_t *verified = json_incref(tls.value);
		if (!follows) {
			json_decref(verified);
			verified = v->major ? json_false()
					    : fact_unread("the version of the engine is not known");
		}
		tls.value = NULL;
		put(effective, "tlsverify", verified, &tls);
	}
}

/* Did the command line or the environment turn TLS on? Only then are the flags' paths used. 1, 0,
 * -1. */
static int is_on_by_flags(const struct view *v)
{
	if (json_object_get(v->flags.values, "tlsverify") ||
	    json_is_true(json_object_get(v->flags.values, "tls")))
		return 1;
	const char *verify = view_environ(v, "DOCKER_TLS_VERIFY");
	if (!verify)
		return -1;
	return *verify != '\0';
}

/* dockerd asks for the home of its user where HOME is not set, as in a service of systemd. */
static const char *home_of_user(const struct view *v)
{
	struct fact uid = facts_find(v->world, "engine/process/Uid/1");
	struct fact users = facts_find(v->world, "host/users");
	const char *name;
	json_t *user;
	if (!json_is_integer(uid.value))
		return NULL;
	json_object_foreach(users.value, name, user)
	{
		json_t *id = json_object_get(user, "uid");
		if (json_is_integer(id) && json_integer_value(id) == json_integer_value(uid.value))
			return json_string_value(json_object_get(user, "home"));
	}
	return json_integer_value(uid.value) == 0 ? "/root" : NULL;
}

static json_t *default_file(const struct view *v, const char *name)
{
	const char *dirs[] = { view_environ(v, "DOCKER_CERT_PATH"),
			       view_environ(v, "DOCKER_CONFIG") };
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		if (!dirs[i])
			return fact_unread("the environment of dockerd is not known");
		if (*dirs[i]) {
			AUTO_FREE char *path = xasprintf("%s/%s", dirs[i], name);
			return json_string(path);
		}
	}
	const char *home = view_environ(v, "HOME");
	if (!home || !*home)
		home = home_of_user(v);
	if (!home || !*home)
		return fact_unread("the home folder of dockerd's user is not known");
	AUTO_FREE char *path = xasprintf("%s/.docker/%s", home, name);
	return json_string(path);
}

static void add_file(const struct view *v, json_t *effective, const char *key, const char *name)
{
	struct said said = said_of(v, key);
	int by_flags = is_on_by_flags(v);

	if (said.state == SAID_UNKNOWN) {
		put(effective, key, fact_unread("%s", said.reason), &said);
	} else if (said.state == SAID_SET && (said.where == v->file_path || by_flags == 1)) {
		put(effective, key, json_incref(said.value), &said);
	} else if (by_flags < 0) {
		put(effective, key, fact_unread("the environment of dockerd is not known"), &said);
	} else if (by_flags == 1) {
		said.where = "default of dockerd";
		put(effective, key, default_file(v, name), &said);
	} else {
		said.where = said.state == SAID_SET
				     ? "the flag has no effect when TLS is turned on in the file"
				     : "default of dockerd when TLS is turned on in the file";
		put(effective, key, json_string(""), &said);
	}
}

static const struct {
	const char *key, *name;
} files[] = {
	{ "tlscacert", "ca.pem" },
	{ "tlscert", "cert.pem" },
	{ "tlskey", "key.pem" },
};

void tls_add(const struct view *v, json_t *effective)
{
	add_switches(v, effective);
	if (!json_is_true(json_object_get(json_object_get(effective, "tls"), "value")))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		add_file(v, effective, files[i].key, files[i].name);
}

json_t *tls_is_verified(const json_t *effective)
{
	static const char *const keys[] = { "tls", "tlsverify", "tlscacert" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		json_t *member = json_object_get(effective, keys[i]);
		json_t *value = json_object_get(member, "value");
		if (!value)
			return fact_unread("%s: %s", keys[i],
					   fact_reason(member) ? fact_reason(member) : "not known");
		/* Without a CA of its own dockerd would trust every CA that the system trusts. */
		if (json_is_false(value) || (json_is_string(value) && !*json_string_value(value)))
			return json_false();
	}
	return json_true();
}
