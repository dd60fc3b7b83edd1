/* SPDX-License-Identifier: Apache-2.0 */
/* host_ssh_access.c: who gets to sshd, through which sockets and keys. */
#include <string.h>
#include <strings.h>

#include "host_common.h"
#include "host_file.h"
#include "host_ssh.h"

#define SSHD "@host/sshd"

/* --- forwarding ------------------------------------------------------------------------------ */

static const struct {
	const char *keyword, *name, *fallback;
} channels[] = {
	{ "allowtcpforwarding", "AllowTcpForwarding", "yes" },
	{ "allowagentforwarding", "AllowAgentForwarding", "yes" },
	{ "allowstreamlocalforwarding", "AllowStreamLocalForwarding", "yes" },
	{ "x11forwarding", "X11Forwarding", "no" },
	{ "permittunnel", "PermitTunnel", "no" },
};

static void judge_forwarding(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	bool is_off = strcasecmp(ssh_value(e, s, r->keywords[0], "no", NULL), "yes") == 0;
	const char *version = is_off ? ssh_version(e) : "";

	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		const char *where = "";
		const char *value =
			ssh_value(e, s, channels[i].keyword, channels[i].fallback, &where);
		bool was_missed =
			strstr(channels[i].name, "Agent") || strstr(channels[i].name, "X11");
		if (strcasecmp(value, "no") == 0)
			continue;
		if (!is_off)
			sw_fail(e, "%s%s is %s%s (%s)", ssh_prefix(e), channels[i].name, value,
				ssh_for(e, s), where);
		else if (was_missed && sw_version_compare(version, "10.0") < 0)
			sw_warn(e,
				"%s%s is %s%s (%s), and DisableForwarding left that on before "
				"OpenSSH 10.0 (CVE-2025-32728): has the package the fix?",
				ssh_prefix(e), channels[i].name, value, ssh_for(e, s), where);
	}
}

/* --- who may come ---------------------------------------------------------------------------- */

/* "*", "?*" */
static bool is_any(const char *s, size_t n)
{
	return n > 0 && strspn(s, "*?") >= n && memchr(s, '*', n);
}

static bool names_everybody(const char *s)
{
	size_t n;

	for (; *s; s += n + strspn(s + n, " ")) {
		n = strcspn(s, " ");
		const char *at = memchr(s, '@', n);
		size_t user = at ? (size_t)(at - s) : n;
		if (is_any(s, user) && (!at || is_any(at + 1, n - user - 1)))
			return true;
	}
	return false;
}

/* Does it keep some out? All lines of the keyword count, those of a Match in place of others. */
static bool keeps_out(struct sw_eval *e, const struct ssh_scope *s, const char *keyword)
{
	const char *where = "", *value = ssh_value(e, s, keyword, "", &where);
	const char *own = s->settings ? sw_at(e, "%s/%s", s->settings, keyword) : NULL;
	const char *list = own && sw_has(e, own) ? own : sw_at(e, SSHD "/settings/%s", keyword);

	if (!*value)
		return false;
	if (strncmp(keyword, "allow", 5) == 0) {
		bool lets_all = names_everybody(value);
		for (size_t i = 0, lines = sw_count(e, list); i < lines && !lets_all; i++)
			lets_all =
				names_everybody(sw_str(e, sw_at(e, "%s/%zu/value", list, i), ""));
		if (lets_all)
			return false;
	}
	if (!s->settings)
		sw_pass(e, "%s%s %s (%s)", ssh_prefix(e), keyword, value, where);
	return true;
}

static void judge_access(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	for (const char *const *keyword = r->keywords; *keyword; keyword++)
		if (keeps_out(e, s, *keyword))
			return;
	sw_fail(e, "%severy account may log in%s: neither AllowUsers nor AllowGroups names some",
		ssh_prefix(e), ssh_for(e, s));
}

static void judge_banner(struct sw_eval *e, const struct ssh_rule *r, const struct ssh_scope *s)
{
	const char *where = "", *path = ssh_value(e, s, r->keywords[0], "none", &where);

	if (strcasecmp(path, "none") == 0) {
		sw_fail(e, "%sBanner is none%s (%s)", ssh_prefix(e), ssh_for(e, s), where);
		return;
	}
	const char *exists = sw_at(e, SSHD "/named/%s/exists", sw_esc(e, path));
	if (!sw_has(e, exists))
		sw_unknown(e, "%sit was not told whether %s is there", ssh_prefix(e), path);
	else if (!sw_bool(e, exists, false))
		sw_fail(e, "%sBanner is %s%s, which is not there (%s)", ssh_prefix(e), path,
			ssh_for(e, s), where);
	else if (!s->settings)
		sw_pass(e, "%s%s (%s)", ssh_prefix(e), path, where);
}

/* --- the system's policy, and sockets ----------------------------------------------------------
 */

static enum sw_verdict policy_is_followed(struct sw_eval *e)
{
	if (!sw_has(e, "@host/crypto-policy"))
		return sw_unknown(e, "the system's policy was not told");
	if (!sw_has(e, "@host/crypto-policy/name"))
		return sw_skip(e, "this system has no policy of cryptography");
	if (sw_has(e, "@host/crypto-policy/sshd-override"))
		return sw_fail(e,
			       "CRYPTO_POLICY= in /etc/sysconfig/sshd puts \"%s\" in the place "
			       "of the policy %s",
			       sw_str(e, "@host/crypto-policy/sshd-override", ""),
			       sw_str(e, "@host/crypto-policy/name", ""));
	return sw_pass(e, "policy %s", sw_str(e, "@host/crypto-policy/name", ""));
}

static const char *all_values(struct sw_eval *e, const char *keyword)
{
	const char *list = sw_at(e, SSHD "/settings/%s", keyword), *all = "";
	size_t n = sw_count(e, list);

	for (size_t i = 0; i < n && i < 50; i++)
		all = sw_at(e, "%s%s%s", all, *all ? ", " : "",
			    sw_str(e, sw_at(e, "%s/%zu/value", list, i), ""));
	return all;
}

/* The socket unit in force, or NULL. */
static const char *socket_in_force(struct sw_eval *e)
{
	static const char *const units[] = { "ssh.socket", "sshd.socket" };

	if (!sw_has(e, SSHD "/sockets"))
		sw_unknown(e, "socket units were not told");
	for (size_t i = 0; i < 2; i++) {
		const char *unit = sw_at(e, SSHD "/sockets/%s", units[i]);
		if (sw_has(e, sw_at(e, "%s/path", unit)) &&
		    !sw_bool(e, sw_at(e, "%s/masked", unit), false) &&
		    sw_bool(e, sw_at(e, "%s/wanted", unit), false))
			return unit;
	}
	return NULL;
}

static enum sw_verdict listeners_are_known(struct sw_eval *e)
{
	if (!ssh_is_there(e))
		return sw_said(e);
	const char *ports = all_values(e, "port"), *addresses = all_values(e, "listenaddress");
	const char *unit = socket_in_force(e);

	if (!unit)
		return sw_pass(e, "%ssshd listens on %s, port %s", ssh_prefix(e),
			       *addresses ? addresses : "all addresses", *ports ? ports : "22");
	const char *listens = sw_at(e, "%s/listens", unit), *all = "";
	size_t n = sw_count(e, listens);
	for (size_t i = 0; i < n && i < 50; i++)
		all = sw_at(e, "%s%s%s", all, i ? ", " : "",
			    sw_str(e, sw_at(e, "%s/%zu", listens, i), ""));
	if (*ports || *addresses)
		return sw_warn(e,
			       "%sa socket unit listens on %s; Port (%s) and ListenAddress (%s) "
			       "of sshd_config count only where a generator copies them there: "
			       "look with systemctl cat ssh.socket",
			       ssh_prefix(e), all, *ports ? ports : "not set",
			       *addresses ? addresses : "not set");
	return sw_pass(e, "%sa socket unit listens on %s", ssh_prefix(e), all);
}

/* --- files ----------------------------------------------------------------------------------- */

/* RHEL lets its ssh-keysign read keys through a group of its own; only then may the group read. */
static bool is_of_ssh_keys(struct sw_eval *e, const char *facts)
{
	return sw_has(e, "@host/groups/ssh_keys") &&
	       sw_int(e, sw_at(e, "%s/gid", facts), -1) ==
		       sw_int(e, "@host/groups/ssh_keys/gid", -2);
}

/* False: it is not there. */
static bool judge_named(struct sw_eval *e, const struct host_file_rule *rule, const char *path)
{
	const char *facts = sw_at(e, SSHD "/named/%s", sw_esc(e, path));

	if (!sw_has(e, sw_at(e, "%s/exists", facts)))
		sw_unknown(e, "it was not told whether %s is there", path);
	if (!sw_bool(e, sw_at(e, "%s/exists", facts), false))
		return false;
	static const char *const groups[] = { "ssh_keys", NULL };
	static const struct host_file_rule shared = { .mode = 0640, .groups = groups };
	bool is_shared = rule->mode == 0600 && strstr(path, "_key") && is_of_ssh_keys(e, facts);
	host_file_judge(e, is_shared ? &shared : rule, path, facts);
	return true;
}

static enum sw_verdict configuration_is_private(struct sw_eval *e)
{
	static const struct host_file_rule own = { .mode = 0600 }, vendors = { .mode = 0644 };
	size_t n = sw_count(e, SSHD "/files");

	if (!ssh_is_there(e))
		return sw_said(e);
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_str(e, sw_at(e, SSHD "/files/%zu/path", i), "");
		if (strcmp(sw_str(e, sw_at(e, SSHD "/files/%zu/state", i), ""), "read") != 0)
			continue;
		bool is_vendors = sw_is_below(path, "/usr");
		/* What is the same on all hosts of a distribution is no secret. */
		bool is_public = is_vendors || sw_is_below(path, "/etc/crypto-policies");
		judge_named(e, is_public ? &vendors : &own, path);
		if (is_vendors && !strstr(path, ".d/"))
			sw_warn(e,
				"%s is the vendor's file: is there no /etc/ssh/sshd_config on "
				"purpose?",
				path);
	}
	return sw_said(e);
}

enum { HOST_KEYS_MAX = 100 };

/* HostKey lines say which; without any, those of the usual names that are there. */
static enum sw_verdict judge_keys(struct sw_eval *e, const struct host_file_rule *rule,
				  const char *suffix)
{
	static const char *const usual[] = { "/etc/ssh/ssh_host_rsa_key",
					     "/etc/ssh/ssh_host_ecdsa_key",
					     "/etc/ssh/ssh_host_ed25519_key" };
	size_t n = sw_count(e, SSHD "/settings/hostkey"), judged = 0;

	if (!ssh_is_there(e))
		return sw_said(e);
	if (n > HOST_KEYS_MAX)
		sw_unknown(e, "there are more than %d lines of HostKey", HOST_KEYS_MAX);
	for (size_t i = 0; i < n && i < HOST_KEYS_MAX; i++) {
		const char *path = sw_str(e, sw_at(e, SSHD "/settings/hostkey/%zu/value", i), "");
		judged += judge_named(e, rule, sw_at(e, "%s%s", path, suffix));
	}
	for (size_t i = 0; i < 3 && n == 0; i++)
		judged += judge_named(e, rule, sw_at(e, "%s%s", usual[i], suffix));
	if (judged == 0)
		return sw_skip(e, "there are no host keys yet");
	return sw_said(e);
}

static enum sw_verdict private_keys_are_private(struct sw_eval *e)
{
	static const struct host_file_rule mine = { .mode = 0600 };

	return judge_keys(e, &mine, "");
}

static enum sw_verdict public_keys_are_not_writable(struct sw_eval *e)
{
	static const struct host_file_rule rule = { .mode = 0644 };

	return judge_keys(e, &rule, ".pub");
}

/* --- the table ------------------------------------------------------------------------------- */

const struct sw_check sw_host_ssh_access_checks[] = {
	SSH_ROW("host.ssh.forwarding", SW_LOW, "sshd forwards nothing",
		"Forwarding makes a login a way into the network, and -L docker.sock one to the "
		"engine; DOCKER_HOST=ssh:// does not need it",
		"DisableForwarding yes, or each kind off", "DisableForwarding yes", ssh_rule_holds,
		(&(const struct ssh_rule){
			.keywords =
				(const char *const[]){ "disableforwarding", "allowtcpforwarding",
						       "allowagentforwarding",
						       "allowstreamlocalforwarding",
						       "x11forwarding", "permittunnel", NULL },
			.judge = judge_forwarding })),
	SSH_ROW("host.ssh.allow_list", SW_MEDIUM, "Named users or groups may log in over ssh",
		"Accounts of services and forgotten ones are tried as well as people's",
		"AllowUsers, AllowGroups, DenyUsers or DenyGroups",
		"AllowGroups sshusers   (put yourself in that group first)", ssh_rule_holds,
		(&(const struct ssh_rule){
			.keywords = (const char *const[]){ "allowusers", "allowgroups", "denyusers",
							   "denygroups", NULL },
			.judge = judge_access })),
	SSH_ROW("host.ssh.banner", SW_LOW, "sshd shows a notice before the login",
		"Some laws ask for a notice that only those with leave may enter",
		"Banner PATH of a file that is there", "Banner /etc/issue.net", ssh_rule_holds,
		(&(const struct ssh_rule){ .keywords = (const char *const[]){ "banner", NULL },
					   .judge = judge_banner })),
	SSH_ROW("host.ssh.crypto_policy", SW_LOW,
		"sshd follows the system's policy of cryptography",
		"An old override leaves sshd behind when the policy is tightened",
		"no CRYPTO_POLICY= in /etc/sysconfig/sshd",
		"remove the line CRYPTO_POLICY= from /etc/sysconfig/sshd; systemctl restart sshd",
		policy_is_followed, NULL),
	SSH_ROW("host.ssh.socket", SW_LOW, "It is plain where sshd listens",
		"Under socket activation Port and ListenAddress of sshd_config may do nothing, so "
		"a "
		"server listens where nobody thinks",
		"Port and ListenAddress, or a socket unit, not both",
		"set ListenStream= in a drop-in of ssh.socket, or disable the socket unit",
		listeners_are_known, NULL),
	SSH_ROW("host.file.sshd_config", SW_MEDIUM, "sshd's configuration is private",
		"It tells who may come in how; who can write it lets himself in",
		"root:root, mode 0600 or less, included files too",
		"chown root:root /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf\n"
		"chmod 0600 /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf",
		configuration_is_private, NULL),
	SSH_ROW("host.file.ssh_host_priv", SW_HIGH, "sshd's private keys are private",
		"Who has them can pose as this host to everybody who trusts it",
		"root:root, mode 0600 or less (group ssh_keys: 0640)",
		"chown root:root /etc/ssh/ssh_host_*_key; chmod 0600 /etc/ssh/ssh_host_*_key",
		private_keys_are_private, NULL),
	SSH_ROW("host.file.ssh_host_pub", SW_LOW, "sshd's public keys are only root's to change",
		"They are copied to clients as what this host is to be known by",
		"root:root, mode 0644 or less",
		"chown root:root /etc/ssh/*.pub; chmod 0644 /etc/ssh/*.pub",
		public_keys_are_not_writable, NULL),
	{ 0 },
};
