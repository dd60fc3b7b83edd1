/* SPDX-License-Identifier: Apache-2.0 */
/* t_fix.c: what mends which failure, what is never written, and that hostile text stays a comment.
 */
#include "harness.h"

#include <fnmatch.h>

#include "eval.h"
#include "fix_print.h"
#include "report_load.h"
#include "settings.h"

enum { EVIDENCE_MAX = 8 };

/* A report of one failed finding, and what is printed of it. */
struct sample {
	const char *name;
	const char *check, *kind, *reason;
	struct {
		const char *path, *value; /* JSON */
	} evidence[EVIDENCE_MAX];
	const char *target;  /* members to be laid over the target's engine: JSON */
	const char *params;  /* JSON */
	const char *subject; /* name */
	const char *given;   /* daemon.json */
	bool is_waived;
	const char *format; /* NULL: sh */
	const char *has[4];
	const char *lacks[4]; /* in what is no comment */
};

static json_t *evidence_of(const struct sample *s)
{
	json_t *all = json_array();
	for (size_t i = 0; i < EVIDENCE_MAX && s->evidence[i].path; i++)
		json_array_append_new(
			all, json_pack("{s:s, s:s, s:o}", "source", "x", "path",
				       s->evidence[i].path, "value",
				       json_loads(s->evidence[i].value, JSON_DECODE_ANY, NULL)));
	return all;
}

static json_t *target_of(const struct sample *s)
{
	json_t *engine = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:i, s:i}", "name",
				   "Docker", "version", "28.5.2", "api", "1.51", "endpoint",
				   "unix:///x", "endpoint_why", "", "rootless", 0, "local", 1,
				   "containers", 1, "running", 1, "images", 1);
	json_t *over = s->target ? json_loads(s->target, 0, NULL) : json_object();
	json_object_update(engine, over);
	json_decref(over);
	return json_pack("{s:s, s:s, s:{s:s, s:s, s:s}, s:s, s:s, s:o}", "kind", "live", "hostname",
			 "h", "os", "id", "debian", "version_id", "12", "name", "D", "kernel",
			 "6.1", "arch", "x86_64", "engine", engine);
}

static json_t *result_of(const struct sample *s)
{
	json_t *waiver = s->is_waived ? json_pack("{s:s, s:s, s:s}", "reason", "r", "owner", "o",
						  "until", "2030-01-01")
				      : json_null();
	json_t *subject = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:{}}", "kind", s->kind, "id",
				    "", "name", s->subject ? s->subject : "n", "image", "i",
				    "image_id", "", "running", 1, "labels");
	json_t *finding = json_pack("{s:o, s:s, s:s, s:o, s:s, s:o}", "subject", subject, "verdict",
				    "fail", "reason", s->reason, "evidence", evidence_of(s),
				    "fingerprint", "0123456789abcdef", "waiver", waiver);
	json_t *params = s->params ? json_loads(s->params, 0, NULL) : json_object();
	json_t *r = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s}",
			      "profile", "p", "ref", "1.1", "group", "1", "check", s->check, "kind",
			      s->kind, "title", "the title", "severity", "low", "verdict", "fail",
			      "waived", s->is_waived, "reason", s->reason, "wanted", "w", "why",
			      "y", "remedy", "the remedy");
	json_object_set_new(r, "level", json_null());
	json_object_set_new(r, "assessment", json_null());
	json_object_set_new(r, "params", params);
	json_object_set_new(r, "counts", json_object());
	json_object_set_new(r, "findings", json_pack("[o]", finding));
	return r;
}

static json_t *report_of(const struct sample *s)
{
	json_t *root = json_loads(
		"{\"seaworthy\": 1, \"tool\": {\"name\": \"seaworthy\", \"version\": \"1\", "
		"\"sandbox\": true}, \"started\": \"s\", \"finished\": \"f\", \"now\": "
		"\"2026-01-01\", \"complete\": true, \"exit\": 1, \"fail_on\": \"low\", "
		"\"selection\": {\"only\": [], \"skip\": [], \"level\": null, \"subject\": []}, "
		"\"tailoring\": [], \"warnings\": [], \"unread\": [], \"as_root\": true, "
		"\"missing_privilege\": null, \"sandbox_missing\": null, \"baseline\": null, "
		"\"summary\": {\"pass\": 0, \"fail\": 1, \"warn\": 0, \"skip\": 0, \"unknown\": 0, "
		"\"waived\": 0}, \"profiles\": [{\"id\": \"p\", \"title\": \"P\", \"version\": "
		"\"1\", \"source\": \"built-in\", \"rules\": {\"defined\": 1, \"selected\": 1, "
		"\"missing\": 0}, \"summary\": {\"pass\": 0, \"fail\": 1, \"warn\": 0, \"skip\": "
		"0, \"unknown\": 0, \"waived\": 0}, \"left_out\": [], \"groups\": []}]}",
		0, NULL);
	ck_assert_ptr_nonnull(root);
	json_object_set_new(root, "target", target_of(s));
	json_object_set_new(root, "results", json_pack("[o]", result_of(s)));
	return root;
}

/* What fix prints of it; both streams, or without comments. */
static char *printed(const struct sample *s, const char *format, json_t **ret_merged)
{
	json_t *root = report_of(s), *given = s->given ? json_loads(s->given, 0, NULL) : NULL;
	AUTO_FREE char *json = json_dumps(root, 0);
	struct report *report = NULL;
	struct fixes fixes;
	struct err err = { 0 };
	char *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	ck_assert_msg(report_load("x", json, strlen(json), &report, &err) == 0, "%s", err.text);
	fixes_make(&fixes, report, given);
	fix_format_find(format)->print(&fixes, f, f);
	if (ret_merged)
		*ret_merged = fix_daemon_merged(&fixes);
	fclose(f);
	fixes_done(&fixes);
	report_unload(report);
	json_decref(given);
	json_decref(root);
	return out;
}

/* Lines that a shell, YAML or auditctl would read. */
static char *without_comments(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	struct text t AUTO_TEXT = { 0 };
	char *rest = copy, *line;
	while ((line = strsep(&rest, "\n")))
		if (line[strspn(line, " ")] != '#')
			text_printf(&t, "%s\n", line);
	return text_take(&t);
}

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

static const struct sample samples[] = {
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
	const struct sample *s = &samples[_i];
	AUTO_FREE char *out = printed(s, s->format ? s->format : "sh", NULL);
	AUTO_FREE char *code = without_comments(out);
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
	const struct sample *s = &samples[_i];
	for (const struct fix_format *f = fix_formats; f->name; f++) {
		AUTO_FREE char *out = printed(s, f->name, NULL);
		ck_assert_msg(!strchr(out, '\x1b'), "%s: %s", s->name, f->name);
		ck_assert_msg(!strstr(out, "\nid\n"), "%s: %s", s->name, f->name);
	}
}
END_TEST

START_TEST(merges)
{
	static const struct sample s = {
		"x",
		"engine.log-growth",
		"engine",
		"json-file without max-size",
		{ FLAG("log-opts", "false") },
		.given = "{\"debug\": true, \"log-opts\": {\"labels\": \"a\", \"max-size\": "
			 "\"-1\"}}",
	};
	json_t *merged = NULL, *wanted;
	AUTO_FREE char *out = printed(&s, "daemon.json", &merged);
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
	static const struct sample s = {
		"x",
		"daemon.seccomp-profile",
		"engine",
		"containers may make every system call: the profile is unconfined",
		{ FLAG("seccomp-profile", "false") },
		.given = "{\"debug\": true, \"seccomp-profile\": \"unconfined\"}",
	};
	json_t *merged = NULL, *wanted = json_loads("{\"debug\": true}", 0, NULL);
	AUTO_FREE char *out = printed(&s, "daemon.json", &merged);
	ck_assert_msg(json_equal(merged, wanted), "%s", out);
	json_decref(merged);
	json_decref(wanted);
}
END_TEST

/* A template of Ansible's in a path, or in a title, is not one. */
START_TEST(is_no_template)
{
	struct sample s = { "x", "file.registry-certs.mode", "engine",
			    "/a{{ x }} has mode 0777, more",
			    .evidence = { { "certs/~1a{{ x }}/mode", "\"0777\"" } } };
	AUTO_FREE char *out = printed(&s, "ansible", NULL);
	AUTO_FREE char *code = without_comments(out);
	ck_assert_ptr_null(strstr(code, "{{"));
	ck_assert_ptr_nonnull(strstr(out, "for a template"));
}
END_TEST

/* --- the table against the rest of the program -------------------------------------------------
 */

static size_t matching(struct registry *registry, const struct fix_row *row,
		       const struct sw_check **ret)
{
	size_t n = 0;
	for (size_t i = 0; i < registry_count(registry); i++)
		if (fnmatch(row->check, registry_at(registry, i)->id, 0) == 0 && n++ == 0)
			*ret = registry_at(registry, i);
	return n;
}

START_TEST(rows_are_sound)
{
	struct registry *registry = registry_new();
	for (const struct fix_row *row = fix_rows; row->check; row++) {
		const struct sw_check *check = NULL;
		ck_assert_msg(matching(registry, row, &check) > 0, "%s: no such check", row->check);
		ck_assert_msg(!row->make || row->breaks, "%s: what may it break?", row->check);
		if (row->run)
			ck_assert_msg(check->kind == SW_CONTAINER, "%s", row->check);
		if (row->make != fix_daemon_key)
			continue;
		const struct setting *setting = setting_by_key(row->key.name);
		ck_assert_msg(setting != NULL, "%s: no key %s", row->check, row->key.name);
		json_t *value = row->key.value ? json_loads(row->key.value, JSON_DECODE_ANY, NULL)
					       : json_null();
		ck_assert_msg(value && setting_type_fits(setting, value), "%s: %s", row->check,
			      row->key.value);
		ck_assert_msg(!row->key.value || !strchr(row->key.value, '\''), "%s", row->check);
		json_decref(value);
	}
	registry_free(registry);
}
END_TEST

/* A mode that a check's row does not tell would take nothing away. */
START_TEST(modes_are_told)
{
	struct registry *registry = registry_new();
	size_t n = 0;
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct sw_check *c = registry_at(registry, i);
		if (fnmatch("file.*.mode", c->id, 0) != 0 &&
		    fnmatch("host.file.cron_*ly", c->id, 0) != 0)
			continue;
		struct sample s = { .name = c->id,
				    .check = c->id,
				    .kind = kind_name(c->kind),
				    .reason = "/x has mode 7777, more",
				    .evidence = { { "files/~1x/mode", "\"7777\"" } } };
		AUTO_FREE char *out = printed(&s, "sh", NULL);
		ck_assert_msg(strstr(out, "\nchmod u-") != NULL, "%s:\n%s", c->id, out);
		n++;
	}
	ck_assert_int_ge(n, 14);
	registry_free(registry);
}
END_TEST

/* Remedies that a change is taken from; less of them means that their words have changed. */
START_TEST(remedies_are_understood)
{
	static const struct {
		const char *pattern, *wants;
		size_t least;
	} kinds[] = {
		{ "host.sysctl.*", "\nput /etc/sysctl.d", 37 },
		{ "host.audit.rule.*", "\nput_rule /etc/audit", 15 },
		{ "host.log.*", "\nput /etc/systemd/journald", 3 },
	};
	struct registry *registry = registry_new();
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		size_t n = 0;
		for (size_t i = 0; i < registry_count(registry); i++) {
			const struct sw_check *c = registry_at(registry, i);
			if (fnmatch(kinds[k].pattern, c->id, 0) != 0)
				continue;
			struct sample s = {
				.name = c->id, .check = c->id, .kind = "host", .reason = "x"
			};
			AUTO_FREE char *out = printed(&s, "sh", NULL);
			n += strstr(out, kinds[k].wants) != NULL;
		}
		ck_assert_msg(n >= kinds[k].least, "%s: %zu", kinds[k].pattern, n);
	}
	registry_free(registry);
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
	tcase_add_test(group, rows_are_sound);
	tcase_add_test(group, modes_are_told);
	tcase_add_test(group, remedies_are_understood);
	return harness_run(suite);
}
