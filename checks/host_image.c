/* SPDX-License-Identifier: Apache-2.0 */
/* host_image.c: what the build of an image leaves that all hosts made of it would share. */
#include <string.h>

#include "host_accounts.h"
#include "host_common.h"
#include "tables.h"

#define LEFT "@host/leftovers/"

enum { NAMED_MAX = 8 };

static bool is_image(struct sw_eval *e)
{
	if (!host_is_running(e))
		return true;
	sw_skip(e, "the host runs: these are its own by now");
	return false;
}

struct leftover {
	const char *group, *what;
	bool is_doubtful; /* a person must decide */
};

static enum sw_verdict nothing_is_left(struct sw_eval *e)
{
	const struct leftover *l = sw_arg(e);
	const char *list = sw_at(e, LEFT "found/%s", l->group), *names = "";
	size_t n;

	if (!is_image(e))
		return SW_SKIP;
	if (!sw_has(e, list))
		return sw_unknown(e, "it was not looked for");
	n = sw_count(e, list);
	for (size_t i = 0; i < n && i < NAMED_MAX; i++)
		names = sw_at(e, "%s%s%s", names, i ? ", " : "",
			      sw_str(e, sw_at(e, "%s/%zu", list, i), ""));
	if (n == 0)
		return sw_pass(e, "%s: none", l->what);
	if (l->is_doubtful)
		return sw_warn(e, "%s: %s%s", l->what, names, n > NAMED_MAX ? ", …" : "");
	return sw_fail(e, "%s: %s%s", l->what, names, n > NAMED_MAX ? ", …" : "");
}

static enum sw_verdict has_no_machine_id(struct sw_eval *e)
{
	static const char *const files[][2] = { { "machine-id", "/etc/machine-id" },
						{ "dbus-machine-id", "/var/lib/dbus/machine-id" } };

	if (!is_image(e))
		return SW_SKIP;
	for (size_t i = 0; i < 2; i++) {
		const char *state = sw_str(e, sw_at(e, LEFT "%s", files[i][0]), "");
		if (*state == '\0')
			sw_unknown(e, "%s was not looked at", files[i][1]);
		else if (strcmp(state, "set") == 0)
			sw_fail(e, "%s has an id, which all hosts of the image will have",
				files[i][1]);
	}
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "/etc/machine-id is %s", sw_str(e, LEFT "machine-id", ""));
	return sw_said(e);
}

static enum sw_verdict has_no_hostname(struct sw_eval *e)
{
	const char *name;

	if (!is_image(e))
		return SW_SKIP;
	name = sw_str(e, LEFT "hostname", NULL);
	if (!name)
		return sw_unknown(e, "/etc/hostname was not looked at");
	if (*name == '\0' || strncmp(name, "localhost", 9) == 0)
		return sw_pass(e, "none of its own");
	return sw_warn(e, "every host of the image is called '%s' until something names it", name);
}

static enum sw_verdict has_no_password(struct sw_eval *e)
{
	size_t n;

	if (!is_image(e))
		return SW_SKIP;
	n = accounts_of(e, "shadow");
	for (size_t i = 0; i < n; i++) {
		const char *at = account_at(e, "shadow", i);
		const char *kind = account_text(e, sw_at(e, "%s/password", at), "kind");
		if (strcmp(kind, "none") == 0 ||
		    sw_bool(e, sw_at(e, "%s/password/locked", at), false))
			continue;
		sw_fail(e, "%s has %s, the same on each host of the image",
			account_text(e, at, "name"),
			strcmp(kind, "empty") == 0 ? "an empty password" : "a password");
	}
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "no account has a password that opens it");
	return sw_said(e);
}

static void judge_keys(struct sw_eval *e, const char *user)
{
	const char *files = sw_at(e, ACCOUNTS "homes/%s/authorized-keys", sw_esc(e, user));

	for (size_t i = 0, n = sw_count(e, files); i < n; i++) {
		const char *file = sw_key(e, files, i);
		const char *keys = sw_at(e, "%s/%s/keys", files, sw_esc(e, file));
		size_t n_keys = sw_count(e, keys);
		if (n_keys > 0)
			sw_fail(e, "%s: %zu keys open %s on each host of the image", file, n_keys,
				user);
	}
}

static enum sw_verdict has_no_authorized_keys(struct sw_eval *e)
{
	size_t n;

	if (!is_image(e))
		return SW_SKIP;
	n = sw_count(e, ACCOUNTS "homes");
	for (size_t i = 0; i < n; i++)
		judge_keys(e, sw_key(e, ACCOUNTS "homes", i));
	if (!sw_has(e, ACCOUNTS "homes"))
		sw_unknown(e, "homes were not looked into");
	if (sw_said(e) == SW_PASS)
		sw_pass(e, "no key opens an account");
	return sw_said(e);
}

static enum sw_verdict resolver_is_not_left(struct sw_eval *e)
{
	const char *path;
	size_t n;

	if (!is_image(e))
		return SW_SKIP;
	if (!sw_bool(e, "@host/net/resolv-stat/exists", false))
		return sw_pass(e, "there is none, or a link to one that is made at boot");
	path = sw_str(e, "@host/net/resolv-stat/path", "");
	if (strcmp(path, "/etc/resolv.conf") != 0)
		return sw_pass(e, "a link to %s", path);
	n = sw_count(e, "@host/net/resolv/settings/nameserver");
	if (n == 0)
		return sw_pass(e, "a file that names no server");
	return sw_fail(e, "a file of the build, with the nameserver %s",
		       sw_str(e, "@host/net/resolv/settings/nameserver/0/value", ""));
}

#define LEFTOVER(...) (&(const struct leftover){ __VA_ARGS__ })

const struct sw_check sw_host_image_checks[] = {
	{
		.id = "host.image.machine_id",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The image has no machine-id",
		.why = "Hosts with the same id get the same address by DHCP, and their logs cannot "
		       "be told apart.",
		.wanted = "/etc/machine-id absent, empty or 'uninitialized'",
		.remedy = "truncate -s 0 etc/machine-id; rm -f var/lib/dbus/machine-id",
		.fn = has_no_machine_id,
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.ssh_host_keys",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "The image has no host keys of sshd",
		.why = "Whoever has the image has the keys by which each of its hosts proves who "
		       "it "
		       "is, and can stand in for any of them.",
		.wanted = "no /etc/ssh/ssh_host_*_key",
		.remedy = "rm -f etc/ssh/ssh_host_*; see that they are made at the first boot",
		.fn = nothing_is_left,
		.arg = LEFTOVER("host-keys", "keys of sshd", false),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.authorized_keys",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "The image lets nobody in by a key",
		.why = "A key that a builder (Packer, Vagrant, a person) left opens every host "
		       "made "
		       "of the image, and stays for as long as it does.",
		.wanted = "no authorized_keys",
		.remedy = "rm -f root/.ssh/authorized_keys home/*/.ssh/authorized_keys; let the "
			  "first boot bring them",
		.fn = has_no_authorized_keys,
		.needs = SW_NEEDS_LEFTOVERS | SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.image.default_password",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "The image has no password that all hosts share",
		.why = "One hash that is cracked, or one default that is known, opens the whole "
		       "fleet.",
		.wanted = "every account locked or without a hash",
		.remedy = "passwd -R TREE -l NAME; let the first boot set passwords",
		.fn = has_no_password,
		.needs = SW_NEEDS_LEFTOVERS | SW_NEEDS_ACCOUNTS,
	},
	{
		.id = "host.image.docker_state",
		.kind = SW_HOST,
		.severity = SW_HIGH,
		.title = "The image has no engine's identity, swarm keys or registry passwords",
		.why = "Two engines with one id confuse a swarm; keys of a swarm let anyone with "
		       "the image join it; config.json holds passwords. Images that were pulled "
		       "ahead are fine.",
		.wanted = "no engine-id, key.json, swarm, containers, tls and config.json",
		.remedy = "rm -rf var/lib/docker/{engine-id,swarm,containers,tls} "
			  "etc/docker/key.json root/.docker",
		.fn = nothing_is_left,
		.arg = LEFTOVER("docker", "state of an engine", false),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.random_seed",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The image has no random seed",
		.why = "Hosts that begin with the same seed may make the same keys before they "
		       "have "
		       "gathered randomness of their own.",
		.wanted = "no random-seed",
		.remedy = "rm -f var/lib/systemd/random-seed boot/loader/random-seed",
		.fn = nothing_is_left,
		.arg = LEFTOVER("seeds", "random seeds", false),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.cloud_init",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The image has no data of the instance it was made on",
		.why = "cloud-init takes the image for a machine that was set up already, and user "
		       "data often hold passwords.",
		.wanted = "no /var/lib/cloud/instance and the like",
		.remedy = "cloud-init clean --logs --seed, in the tree",
		.fn = nothing_is_left,
		.arg = LEFTOVER("cloud", "data of an instance", false),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.history_secrets",
		.kind = SW_HOST,
		.severity = SW_MEDIUM,
		.title = "The image has no shell history and no secrets of its build",
		.why = "Commands that were typed, tokens of package registries and private keys "
		       "travel with the image to all who get it.",
		.wanted = "no histories, .netrc, .aws, private keys and caches in homes",
		.remedy = "Remove the files that are named, and change the secrets that were in "
			  "them",
		.fn = nothing_is_left,
		.arg = LEFTOVER("history", "left in homes", false),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.hostname",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The image has no host name",
		.why = "Hosts of one name cannot be told apart in logs and certificates.",
		.wanted = "/etc/hostname absent, empty or localhost",
		.remedy = "rm -f etc/hostname",
		.fn = has_no_hostname,
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.logs",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The image has no logs of its build",
		.why = "They tell of the machine it was built on, and look like logs of each host.",
		.wanted = "no files with content below /var/log",
		.remedy = "find var/log -type f -delete",
		.fn = nothing_is_left,
		.arg = LEFTOVER("logs", "logs", true),
		.needs = SW_NEEDS_LEFTOVERS,
	},
	{
		.id = "host.image.resolv",
		.kind = SW_HOST,
		.severity = SW_LOW,
		.title = "The image has no resolv.conf of its build",
		.why = "Nameservers of the build are not there on the hosts; builds in a container "
		       "leave 127.0.0.11, which only containers have.",
		.wanted = "a link, or a file that names no server",
		.remedy = "ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf",
		.fn = resolver_is_not_left,
		.needs = SW_NEEDS_SERVICES,
	},
	{ 0 },
};
