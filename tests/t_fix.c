/* SPDX-License-Identifier: Apache-2.0 */
/* t_fix.c: what mends which failure, what is never written, and that hostile text stays a comment.
 */
#include "fix_print.h"
#include "fix_sample.h"
#include "harness.h"

#define FLAG(key, value)                                                                           \
	{                                                                                          \
		"effective/" key "/on_command_line", value                                         \
	}
#define ICC "daemon.icc", "engine", "containers reach each other"
#define LIVE                                                                                       \
	.check = "daemon.live-restore", .kind = "engine",                                          \
	.reason = "containers stop when the engine stops"
#define REMAP                                                                                      \
	.check = "daemon.userns-remap", .kind = "engine",                                          \
	.reason = "root in a container is root on the host"

static const struct fix_sample samples[] = {
	{ "a key",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .has = { "edit '.[\"icc\"] = false'", "p 1.1 (daemon.icc): the title", "May break",
		   "systemctl restart docker" } },
	{ "a key that is a flag",
	  ICC,
	  { FLAG("icc", "true"), { "effective/iptables/value", "true" } },
	  .has = { "on the command line of dockerd", "Remedy: the remedy" },
	  .lacks = { "icc" } },
	{ "nobody knows the flags",
	  ICC,
	  { { "effective/iptables/value", "true" } },
	  .has = { "does not tell whether \"icc\"" },
	  .lacks = { "icc" } },
	{ "icc without iptables",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "false" } },
	  .has = { "which is off here" },
	  .lacks = { "icc" } },
	{ "icc, and nobody knows of iptables",
	  ICC,
	  { FLAG("icc", "false") },
	  .has = { "audit with daemon.iptables" },
	  .lacks = { "icc" } },
	{ "icc, and iptables is off at the next start",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .given = "{\"iptables\": false}",
	  .has = { "which is off here" },
	  .lacks = { "icc" } },
	{ "an engine elsewhere",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .target = "{\"local\": false}",
	  .has = { "on another host" },
	  .lacks = { "icc" } },
	{ "not Docker",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .target = "{\"name\": \"Podman\"}",
	  .has = { "is not Docker" },
	  .lacks = { "icc" } },
	{ "a waived failure",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .is_waived = true,
	  .lacks = { "icc", "daemon_json" } },
	{ "live-restore", LIVE,
	  .evidence = { FLAG("live-restore", "false"),
			{ "info/Swarm/LocalNodeState", "\"inactive\"" } },
	  .has = { "edit '.[\"live-restore\"] = true'", "systemctl reload docker" } },
	{ "live-restore in a swarm", LIVE,
	  .evidence = { FLAG("live-restore", "false"),
			{ "info/Swarm/LocalNodeState", "\"active\"" } },
	  .has = { "an engine in a swarm" }, .lacks = { "live-restore" } },
	{ "live-restore, swarm not told", LIVE, .evidence = { FLAG("live-restore", "false") },
	  .has = { "an engine in a swarm" }, .lacks = { "live-restore" } },
	{ "userns-remap", REMAP, .evidence = { FLAG("userns-remap", "false") },
	  .has = { "edit '.[\"userns-remap\"] = \"default\"'", "are not seen any more" } },
	{ "userns-remap with the image store", REMAP,
	  .evidence = { FLAG("userns-remap", "false"),
			{ "effective/features/value/containerd-snapshotter", "true" } },
	  .has = { "containerd-snapshotter does not start" }, .lacks = { "userns-remap" } },
	{ "the image store at the next start", REMAP, .evidence = { FLAG("userns-remap", "false") },
	  .given = "{\"features\": {\"containerd-snapshotter\": true}}",
	  .has = { "containerd-snapshotter does not start" }, .lacks = { "userns-remap" } },
	{ "a packet filter that may be missing",
	  "daemon.iptables",
	  "engine",
	  "iptables is off (x)",
	  { FLAG("iptables", "false") },
	  .has = { "which no report tells" },
	  .lacks = { "iptables" } },
	{ "an old engine",
	  "engine.ipv6-filter",
	  "engine",
	  "network x has IPv6",
	  { FLAG("ip6tables", "false") },
	  .target = "{\"version\": \"26.1.5\"}",
	  .has = { "Docker 26.1.5 does not take \"ip6tables\"" },
	  .lacks = { "ip6tables" } },
	{ "an engine older than all",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .target = "{\"version\": \"19.03.15\"}",
	  .has = { "does not take" },
	  .lacks = { "icc" } },
	{ "no dockerd --validate",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .target = "{\"version\": \"20.10.24\"}",
	  .format = "ansible",
	  .has = { "combine({\"icc\": false}" },
	  .lacks = { "validate" } },
	{ "one of two",
	  "engine.firewall-bypass",
	  "engine",
	  "ip-forward-no-drop is on (x): y",
	  { FLAG("ip-forward-no-drop", "false"), FLAG("allow-direct-routing", "false") },
	  .has = { "del(.[\"ip-forward-no-drop\"])" },
	  .lacks = { "allow-direct-routing" } },
	{ "limits of another's choice",
	  "daemon.default-ulimits",
	  "engine",
	  "no default ulimits are set",
	  { FLAG("default-ulimits", "false") },
	  .params = "{\"required_ulimits\": \"nproc\"}",
	  .has = { "for a person" },
	  .lacks = { "nofile" } },
	{ "options of another driver",
	  "engine.log-growth",
	  "engine",
	  "json-file without max-size",
	  { FLAG("log-opts", "false") },
	  .given = "{\"log-driver\": \"journald\"}",
	  .has = { "of the driver json-file" },
	  .lacks = { "max-size" } },
	{ "where daemon.json is",
	  ICC,
	  { FLAG("icc", "false"),
	    { "effective/iptables/value", "true" },
	    { "paths/config-file", "\"/srv/it's $(id)/daemon.json\"" } },
	  .has = { "daemon_json='/srv/it'\\''s $(id)/daemon.json'" } },
	{ "a path of daemon.json that does not show",
	  ICC,
	  { FLAG("icc", "false"),
	    { "effective/iptables/value", "true" },
	    { "paths/config-file", "\"/srv/a\\nid\"" } },
	  .has = { "daemon_json=/etc/docker/daemon.json" },
	  .lacks = { "/srv" } },

	{ "a rootless engine's daemon.json is anywhere",
	  ICC,
	  { FLAG("icc", "false"), { "effective/iptables/value", "true" } },
	  .target = "{\"rootless\": true}",
	  .has = { "does not tell where its daemon.json" },
	  .lacks = { "icc" } },
	{ "a mode",
	  "file.daemon-json.mode",
	  "engine",
	  "/etc/d has mode 0677, more than 0644",
	  { { "files/~1etc~1d/mode", "\"0677\"" } },
	  .has = { "chmod g-wx,o-wx -- /etc/d" },
	  .lacks = { "chown", "u-" } },
	{ "one of many that are not all named",
	  "file.registry-certs.mode",
	  "engine",
	  "/a/b has mode 0666, more than 0444; and 12 more",
	  { { "certs/~1a~1b/mode", "\"0666\"" } },
	  .has = { "-- /a/b", "# --- for a person", "may not name all" } },
	{ "a set-id and sticky mode",
	  "file.daemon-json.mode",
	  "engine",
	  "/etc/d has mode 7755, more than 0644",
	  { { "files/~1etc~1d/mode", "\"7755\"" } },
	  .has = { "chmod u-xs,g-xs,o-xt -- /etc/d" } },
	{ "one of a tree",
	  "file.registry-certs.mode",
	  "engine",
	  "/a/b has mode 0666, more than 0444",
	  { { "certs/~1b/mode", "\"0666\"" }, { "certs/~1a~1b/mode", "\"0666\"" } },
	  .has = { "-- /a/b" },
	  .lacks = { "-- /b" } },
	{ "a blank and a quote",
	  "file.registry-certs.mode",
	  "engine",
	  "/a b/'; id #/x has mode 0777, more than 0444",
	  { { "certs/~1a b~1'; id #~1x/mode", "\"0777\"" } },
	  .has = { "-- '/a b/'\\''; id #/x'" } },
	{ "a newline",
	  "file.registry-certs.mode",
	  "engine",
	  "/a\nid\n has mode 0777, more than 0444",
	  { { "certs/~1a\nid\n/mode", "\"0777\"" } },
	  .has = { "characters that do not show", "/a\\nid\\n" },
	  .lacks = { "id\n", "chmod" } },
	{ "an escape sequence",
	  "file.registry-certs.mode",
	  "engine",
	  "/a\x1b[2J has mode 0777, more",
	  { { "certs/~1a\x1b[2J/mode", "\"0777\"" } },
	  .has = { "do not show" },
	  .lacks = { "chmod", "\x1b" } },
	{ "out of the tree",
	  "file.registry-certs.mode",
	  "engine",
	  "/a/../b has mode 0777, more",
	  { { "certs/~1a~1..~1b/mode", "\"0777\"" } },
	  .has = { ".. in it" },
	  .lacks = { "chmod" } },
	{ "a broken pointer",
	  "file.registry-certs.mode",
	  "engine",
	  "/a~ has mode 0777, more",
	  { { "certs/~1a~/mode", "\"0777\"" },
	    { "mode", "\"0777\"" },
	    { "files/~", "true" },
	    { "/mode", "7" } },
	  .has = { "chmod u-wx,g-wx,o-wx -- '/a~'" } },
	{ "an ACL",
	  "file.daemon-json.mode",
	  "engine",
	  "an ACL of /etc/d gives user 7 rw-",
	  { { "files/~1etc~1d/mode", "\"0644\"" } },
	  .has = { "setfacl -b -- /etc/d" },
	  .lacks = { "chmod" } },
	{ "an owner",
	  "file.daemon-json.owner",
	  "engine",
	  "/etc/d belongs to uid 7, gid 0, not root:root",
	  { { "files/~1etc~1d/uid", "7" }, { "files/~1etc~1d/gid", "0" } },
	  .has = { "chown root:root -- /etc/d" } },
	{ "an owner of a rootless engine's",
	  "file.daemon-json.owner",
	  "engine",
	  "/etc/d belongs to uid 7, gid 0, not root:root",
	  { { "files/~1etc~1d/uid", "7" }, { "files/~1etc~1d/gid", "0" } },
	  .target = "{\"rootless\": true}",
	  .has = { "rootless" },
	  .lacks = { "chown" } },
	{ "the socket's group",
	  "file.api-socket.owner",
	  "engine",
	  "/run/s belongs to uid 0, gid 7, not root:ops",
	  { { "files/~1run~1s/uid", "0" }, { "paths/socket-group", "\"ops\"" } },
	  .has = { "chown root:ops -- /run/s" } },
	{ "a hostile group",
	  "file.api-socket.owner",
	  "engine",
	  "/run/s belongs to uid 0, gid 7, not root:x",
	  { { "files/~1run~1s/uid", "0" }, { "paths/socket-group", "\"x;id\"" } },
	  .lacks = { "chown", ";id" } },
	{ "a group of the host's file",
	  "host.file.passwd",
	  "host",
	  "/etc/passwd belongs to gid 7, not to group root; /etc/passwd has mode 0646, more than "
	  "0644",
	  { { "@host/stat/paths/~1etc~1passwd/uid", "0" },
	    { "@host/stat/paths/~1etc~1passwd/mode", "\"0646\"" } },
	  .has = { "chown :root -- /etc/passwd\nchmod o-w -- /etc/passwd" } },

	{ "a watch",
	  "audit.dockerd",
	  "engine",
	  "/usr/bin/dockerd: no audit rule covers it; wanted: -w /usr/bin/dockerd -p wa",
	  { { "files/~1usr~1bin~1dockerd/exists", "true" } },
	  .has = { "put_rule /etc/audit/rules.d/50-seaworthy.rules "
		   "'-w /usr/bin/dockerd -p wa -k docker'",
		   "augenrules --load" } },
	{ "a watch of a link",
	  "audit.dockerd",
	  "engine",
	  "/bin/d: no audit rule covers it; wanted: -w /usr/bin/d -p wa",
	  { { "files/~1bin~1d/exists", "true" }, { "files/~1bin~1d/path", "\"/usr/bin/d\"" } },
	  .has = { "-w /usr/bin/d -p wa" },
	  .lacks = { "-w /bin" } },
	{ "a watch that would come too late",
	  "audit.dockerd",
	  "engine",
	  "/d: a rule before takes its events away: x; wanted: -w /d -p wa",
	  { { "files/~1d/exists", "true" } },
	  .has = { "has to go first" },
	  .lacks = { "-w " } },
	{ "a watch of what no rule can name",
	  "audit.dockerd",
	  "engine",
	  "/a b: no audit rule covers it; wanted: -w /a b -p wa",
	  { { "files/~1a b/exists", "true" } },
	  .has = { "cannot be written" },
	  .lacks = { "-w " } },
	{ "audit is off",
	  "audit.dockerd",
	  "engine",
	  "audit is switched off: no rule is looked at",
	  { { "files/~1d/exists", "true" } },
	  .has = { "'-e 1'", "audit again" } },
	{ "rules of the row", "host.audit.rule.mounts", "host", "no rule",
	  .has = { "-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=unset -k mounts" } },
	{ "rules that depend on the host", "host.audit.rule.mac_policy", "host", "no rule",
	  .has = { "depends on the host" }, .lacks = { "-w " } },
	{ "a rules file", "host.audit.rule.mounts", "host", "no\n-D\nrule", .format = "audit.rules",
	  .has = { "\n-a always,exit -F arch=b32 -S mount" }, .lacks = { "-D", "put" } },

	{ "a kernel setting", "host.sysctl.kernel.kptr_restrict", "host",
	  "kernel.kptr_restrict is 0",
	  .has = { "put /etc/sysctl.d/99-zz-seaworthy.conf 'kernel.kptr_restrict = 1'",
		   "sysctl -p" } },
	{ "two of one rule", "host.sysctl.net.ipv4.send_redirects", "host", "x is 1",
	  .has = { "'net.ipv4.conf.all.send_redirects = 0'",
		   "'net.ipv4.conf.default.send_redirects = 0'" } },
	{ "a kernel without it", "host.sysctl.kernel.yama.ptrace_scope", "host",
	  "the kernel has no kernel.yama.ptrace_scope: x", .has = { "does not have it" },
	  .lacks = { "ptrace_scope" } },
	{ "forwarding", "host.sysctl.net.ipv4.ip_forward", "host", "x", .lacks = { "ip_forward" } },
	{ "a setting that runs a program", "host.sysctl.kernel.core_pattern", "host", "x",
	  .lacks = { "core_pattern" } },
	{ "the journal", "host.log.compress", "host", "x",
	  .has = { "put /etc/systemd/journald.conf.d/60-seaworthy.conf 'Compress=yes' "
		   "'[Journal]'" } },
	{ "the journal, as the host is", "host.log.forward", "host", "x", .lacks = { "Forward" } },
	{ "a variable",
	  "engine.environment",
	  "engine",
	  "DOCKER_RAMDISK=1 lets containers keep x",
	  { { "process/Environ/DOCKER_RAMDISK", "\"1\"" },
	    { "process/Environ/DOCKER_MIN_API_VERSION", "null" } },
	  .has = { "'UnsetEnvironment=DOCKER_RAMDISK' '[Service]'", "daemon-reload" },
	  .lacks = { "MIN_API" } },

	{ "a container", "container.read-only-root", "container", "x", .subject = "web\n$(id)",
	  .has = { "# container web\\n$(id) (image i)", "--read-only --tmpfs /tmp",
		   "Compose: read_only: true" },
	  .lacks = { "id", "read" } },
	{ "a check of a plugin", "site.check", "engine", "x", .has = { "Remedy: the remedy" } },
};

/* Commands of the one format, and of the other one what a person sees only. */
START_TEST(mends)
{
	const struct fix_sample *s = &samples[_i];
	AUTO_FREE char *out = fix_printed(s, s->format ? s->format : "sh", NULL);
	AUTO_FREE char *code = fix_code_of(out);
	/* Comments are wrapped. */
	AUTO_FREE char *flat = xstrdup(out);
	char *to = flat;
	for (const char *from = flat; *from; from++)
		if (!starts_with(from, "\n#     ") || starts_with(from, "\n#     docker run") ||
		    starts_with(from, "\n#     Compose"))
			*to++ = *from;
		else
			from += strlen("\n#    "), *to++ = ' ';
	*to = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(s->has) && s->has[i]; i++)
		ck_assert_msg(strstr(out, s->has[i]) || strstr(flat, s->has[i]),
			      "%s: lacks '%s':\n%s", s->name, s->has[i], out);
	for (size_t i = 0; i < ARRAY_SIZE(s->lacks) && s->lacks[i]; i++)
		ck_assert_msg(!strstr(code, s->lacks[i]), "%s: has '%s':\n%s", s->name, s->lacks[i],
			      out);
}
END_TEST

/* Whatever is in a report, each line of a script is a comment, ours, or quoted. */
START_TEST(is_harmless)
{
	const struct fix_sample *s = &samples[_i];
	for (const struct fix_format *f = fix_formats; f->name; f++) {
		AUTO_FREE char *out = fix_printed(s, f->name, NULL);
		ck_assert_msg(!strchr(out, '\x1b'), "%s: %s", s->name, f->name);
		ck_assert_msg(!strstr(out, "\nid\n"), "%s: %s", s->name, f->name);
	}
}
END_TEST

START_TEST(merges)
{
	static const struct fix_sample s = {
		"x",
		"engine.log-growth",
		"engine",
		"json-file without max-size",
		{ FLAG("log-opts", "false") },
		.given = "{\"debug\": true, \"log-opts\": {\"labels\": \"a\", \"max-size\": "
			 "\"-1\"}}",
	};
	json_t *merged = NULL, *wanted;
	AUTO_FREE char *out = fix_printed(&s, "daemon.json", &merged);
	wanted = json_loads("{\"debug\": true, \"log-opts\": {\"labels\": \"a\", \"max-size\": "
			    "\"10m\", \"max-file\": \"3\"}}",
			    0, NULL);
	ck_assert_msg(json_equal(merged, wanted), "%s", out);
	json_decref(merged);
	json_decref(wanted);
}
END_TEST

START_TEST(removes)
{
	static const struct fix_sample s = {
		"x",
		"daemon.seccomp-profile",
		"engine",
		"containers may make every system call: the profile is unconfined",
		{ FLAG("seccomp-profile", "false") },
		.given = "{\"debug\": true, \"seccomp-profile\": \"unconfined\"}",
	};
	json_t *merged = NULL, *wanted = json_loads("{\"debug\": true}", 0, NULL);
	AUTO_FREE char *out = fix_printed(&s, "daemon.json", &merged);
	ck_assert_msg(json_equal(merged, wanted), "%s", out);
	json_decref(merged);
	json_decref(wanted);
}
END_TEST

/* A template of Ansible's in a path, or in a title, is not one. */
START_TEST(is_no_template)
{
	struct fix_sample s = { "x", "file.registry-certs.mode", "engine",
				"/a{{ x }} has mode 0777, more",
				.evidence = { { "certs/~1a{{ x }}/mode", "\"0777\"" } } };
	AUTO_FREE char *out = fix_printed(&s, "ansible", NULL);
	AUTO_FREE char *code = fix_code_of(out);
	ck_assert_ptr_null(strstr(code, "{{"));
	ck_assert_ptr_nonnull(strstr(out, "for a template"));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("fix", &suite);

	tcase_set_timeout(group, 60);
	tcase_add_loop_test(group, mends, 0, ARRAY_SIZE(samples));
	tcase_add_loop_test(group, is_harmless, 0, ARRAY_SIZE(samples));
	tcase_add_test(group, merges);
	tcase_add_test(group, removes);
	tcase_add_test(group, is_no_template);
	return harness_run(suite);
}
