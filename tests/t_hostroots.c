/* SPDX-License-Identifier: Apache-2.0 */
/* t_hostroots.c: the program on the small trees of tests/roots: hosts of other distributions. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "facts.h"
#include "harness.h"
#include "util.h"

#define REDACTED(kind) "\u00abredacted: " kind "\u00bb"

static const char *from_env(const char *name, const char *fallback)
{
	const char *value = getenv(name); /* automake tells tests where things are */
	return value ? value : fallback;
}

/* What "collect" writes of a tree; malloc'ed. */
static char *collected_of(const char *root, size_t *ret_len)
{
	AUTO_FREE char *program = xasprintf("%s/seaworthy", from_env("builddir", "."));
	char *text = NULL;
	int ends[2], status;
	ck_assert_int_eq(pipe(ends), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl(program, "seaworthy", "collect", "-p", "linux-server", "-p", "docker-host",
		      "--root", root, "-o", "-", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	ck_assert_int_eq(read_all(ends[0], 16 << 20, &text, ret_len), 0);
	close(ends[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s ended with %x", program,
		      (unsigned)status);
	return text;
}

static char *collected(const char *tree, size_t *ret_len)
{
	AUTO_FREE char *root = xasprintf("%s/tests/roots/%s", from_env("srcdir", "."), tree);
	return collected_of(root, ret_len);
}

/* The sections of the host. */
static json_t *host_of(const char *text, size_t n)
{
	json_t *host = json_object();
	while (n > 0) {
		const char *end = memchr(text, '\n', n);
		ck_assert_ptr_nonnull(end);
		json_t *header = json_loadb(text, (size_t)(end - text), 0, NULL);
		json_int_t bytes = json_integer_value(json_object_get(header, "bytes"));
		const char *kind = json_string_value(json_object_get(header, "kind"));
		ck_assert_ptr_nonnull(kind);
		if (streq(kind, "host"))
			json_object_set_new(
				host, json_string_value(json_object_get(header, "id")),
				json_loadb(end + 1, (size_t)bytes, JSON_DECODE_ANY, NULL));
		size_t whole = (size_t)(end - text) + 1 + (size_t)bytes + 1;
		json_decref(header);
		ck_assert_uint_le(whole, n);
		text += whole;
		n -= whole;
	}
	return host;
}

#define SETTINGS "sysctl-files/settings/"

/* wanted NULL: absent; "!": unread. */
static const struct {
	const char *tree, *path, *wanted;
} facts[] = {
	{ "sysctl-ubuntu", "sysctl-files/init", "systemd" },
	{ "sysctl-ubuntu", "sysctl-files/applier", "systemd-sysctl" },
	{ "sysctl-ubuntu", "sysctl-files/service/wanted-by",
	  "/usr/lib/systemd/system/sysinit.target.wants" },
	{ "sysctl-ubuntu", "sysctl-files/conf/linked-by", "/etc/sysctl.d/99-sysctl.conf" },
	{ "sysctl-ubuntu", SETTINGS "kernel~1kptr_restrict/0/file",
	  "/etc/sysctl.d/99-sysctl.conf" },
	{ "sysctl-ubuntu", SETTINGS "net~1ipv4~1conf~1all~1rp_filter/0/file",
	  "/etc/ufw/sysctl.conf" },
	{ "sysctl-ubuntu", SETTINGS "net~1ipv4~1conf~1all~1rp_filter/1/value", "2" },
	{ "sysctl-ubuntu", SETTINGS "net~1ipv4~1conf~1all~1accept_redirects/0/value", "0" },
	{ "sysctl-ubuntu", "sysctl", "!" },
	{ "sysctl-rhel", SETTINGS "kernel~1yama~1ptrace_scope", NULL },
	{ "sysctl-rhel", SETTINGS "kernel~1sysrq/0/file", "/etc/sysctl.d/9-late.conf" },
	{ "sysctl-rhel", SETTINGS "kernel~1sysrq/2/file", "/etc/sysctl.d/100-early.conf" },
	{ "sysctl-rhel", SETTINGS "net~1ipv4~1conf~1all~1rp_filter/0/value", NULL },
	{ "sysctl-rhel", SETTINGS "net~1ipv4~1conf~1all~1rp_filter/1/pattern",
	  "net/ipv4/conf/*/rp_filter" },
	{ "sysctl-rhel", SETTINGS "net~1ipv4~1conf~1default~1rp_filter/0/value", "2" },
	{ "sysctl-rhel", "sysctl-files/service/file",
	  "/etc/systemd/system/systemd-sysctl.service" },
	{ "sysctl-rhel", "sysctl-files/service/masked", "true" },
	{ "sysctl-rhel", "sysctl-files/files/4/path", "/etc/sysctl.d/60-odd.conf" },
	{ "sysctl-rhel", "sysctl-files/files/4/by", "/dev/null" },
	{ "sysctl-rhel", "units/docker.service/masked", "true" },
	{ "sysctl-rhel", "accounts/cron/masked/0", "crond.service" },
	{ "sysctl-rhel", "accounts/cron/masked/1", NULL },
	{ "sysctl-rhel", "lsm/apparmor/starter", NULL },
	{ "sysctl-rhel", "updates/configured/dnf/settings/gpgcheck/0/value", "0" },
	{ "sysctl-rhel", "updates/configured/dnf/settings/gpgcheck/1/value", "1" },
	{ "sysctl-rhel", "updates/configured/dnf/settings/gpgcheck/2", NULL },
	{ "sysctl-rhel", "updates/repos/dnf/settings/repos/0/value", "x" },
	{ "sysctl-rhel", "updates/repos/dnf/settings/repos/1", NULL },
	{ "sysctl-rhel", "updates/repos/dnf-overrides/settings/repos/0/value", "a*" },
	{ "sysctl-rhel", "updates/repos/dnf-overrides/settings/repos/0/pkg_gpgcheck", "0" },
	{ "sysctl-rhel", "updates/configured/zincati/settings/updates.enabled/0/value", "false" },
	{ "sysctl-rhel", "lsm/apparmor/configured/x", "complain" },
	{ "sysctl-alpine", "sysctl-files/init", "openrc" },
	{ "sysctl-alpine", "sysctl-files/applier", "busybox" },
	{ "sysctl-alpine", "sysctl-files/service/wanted-by", "/etc/runlevels/boot" },
	{ "sysctl-alpine", SETTINGS "kernel~1kptr_restrict/0/file", "/etc/sysctl.conf" },
	{ "sysctl-alpine", SETTINGS "kernel~1kptr_restrict/1/value", "2" },
	{ "sysctl-alpine", SETTINGS "net~1ipv4~1conf~1all~1rp_filter", NULL },
	{ "sysctl-debian13", "sysctl-files/conf/linked-by", NULL },
	{ "sysctl-debian13", SETTINGS "kernel~1kptr_restrict", NULL },
	{ "sysctl-debian13", "sysctl-files/conf/settings/kernel~1kptr_restrict/0/value", "2" },
	{ "sysctl-debian13", SETTINGS "kernel~1sysrq/0/value", "0x01b6" },
	{ "sysctl-debian13", "sysctl-files/service/wanted-by", NULL },
	{ "sysctl-debian13", "rsyslog/logrotate-cron", NULL },
	{ "sysctl-alpine", "rsyslog/logrotate-cron", "/etc/periodic/daily/logrotate" },
	{ "sysctl-debian13", "accounts/environment/settings/PATH/0/value", "/srv/a/b:/usr/bin" },
	{ "sysctl-debian13", "accounts/paths/~1srv~1a/exists", "false" },
	{ "sysctl-debian13", "accounts/paths/~1/exists", "true" },
	{ "sysctl-debian13", "accounts/login-defs/settings/ENCRYPT_METHOD/0/value", "SHA512" },
	{ "sysctl-debian13", "accounts/altfiles-group/entries/0/members/0", "eve" },
	{ "sysctl-debian13", "services/ctrl-alt-del/0",
	  "ca:12345:ctrlaltdel:/sbin/shutdown -r now" },
	{ "sysctl-debian13", "services/ctrl-alt-del/1", NULL },
	{ "sysctl-debian13", "lsm/selinux/config/settings/SELINUX/0/value", "permissive" },
	{ "sysctl-debian13", "lsm/selinux/config/settings/SELINUXTYPE/0/value", "targeted" },
	{ "sysctl-debian13", "pam/services/su-l/auth/0/module", "pam_rootok.so" },
	{ "sysctl-debian13", "boot/entries/1/file", "/boot/grub/custom.cfg" },
	{ "sysctl-debian13", "boot/entries/1/options/init/0", "/bin/sh" },
	{ "sysctl-debian13", "boot/password/open", NULL },
	{ "sysctl-debian13", "boot/password/user-cfg", "false" },
	{ "sysctl-debian13", "boot/editor", "yes" },
	{ "sysctl-debian13", "boot/rescue/debug-shell-unit/path", NULL },
	{ "sysctl-suse", SETTINGS "kernel~1sysrq/0/value", "0" },
	{ "sysctl-suse", SETTINGS "kernel~1sysrq/1", NULL },
	{ "sysctl-suse", SETTINGS "kernel~1kptr_restrict/0/value", "1" },
	{ "sysctl-suse", SETTINGS "kernel~1kptr_restrict/1/file",
	  "/boot/sysctl.conf-6.4.0-150600.23-default" },
	{ "sysctl-tuned", SETTINGS "kernel~1sysrq/0/value", "4" },
	{ "sysctl-tuned", SETTINGS "kernel~1randomize_va_space/0/value", "1" },
	{ "sysctl-tuned", SETTINGS "kernel~1sysrq/1/value", "1" },
	{ "sysctl-tuned", SETTINGS "kernel~1sysrq/2/value", "16" },
	{ "sysctl-tuned", SETTINGS "kernel~1kptr_restrict/0/file",
	  "/usr/lib/tuned/base/tuned.conf" },
	{ "sysctl-tuned", SETTINGS "kernel~1dmesg_restrict/0/value", "1" },
	{ "sysctl-tuned", SETTINGS "kernel~1dmesg_restrict/1/value", "0" },
	{ "sysctl-tuned", SETTINGS "kernel~1yama~1ptrace_scope/0/value", "1" },
	{ "sysctl-tuned", SETTINGS "kernel~1panic", NULL },
	{ "sysctl-tuned", SETTINGS "kernel~1pid_max/0/value", "!" },
	{ "sysctl-tuned", SETTINGS "vm~1swappiness/0/value", "10" },
	{ "sysctl-tuned", SETTINGS "fs~1suid_dumpable/0/file", "/etc/sysctl.conf" },
	{ "sysctl-broken", SETTINGS "kernel~1kptr_restrict", "!" },
	{ "sysctl-broken", "sysctl-files/init", NULL },
	{ "odd", "coredump/limits/settings/* hard/0/value", "unlimited" },
	{ "odd", "coredump/limits/settings/* hard/1/value", "0" },
	{ "odd", "coredump/limits/settings/* hard/2", NULL },
	{ "odd", "coredump/limits/settings/root hard/0/value", "unlimited" },
	{ "odd", "coredump/limits/settings/root soft/0/value", "unlimited" },
	{ "odd", "coredump/limits/settings/@docker soft/0/value", "5" },
	{ "odd", "clients/~1root~1.docker~1config.json/Auths/0", "registry.example.com" },
	{ "odd", "clients/~1root~1.docker~1config.json/Auths/1", NULL },
	{ "odd", "clients/~1root~1.docker~1config.json/HasProxyPassword", "true" },
	{ "odd", "clients/~1home~1eve~1.docker~1config.json/Auths/0", NULL },
	{ "odd", "clients/~1home~1eve~1.docker~1config.json/HasProxyPassword", "false" },
	{ "odd", "clients/~1home~1bob~1.docker~1config.json/Auths", "!" },
	{ "odd", "clients/~1home~1none~1.docker~1config.json", NULL },
	{ "odd", "packages/manager", "dpkg" },
	{ "odd", "packages/asked/ftp/installed", "true" },
	{ "odd", "packages/asked/telnet/installed", "true" },
	{ "odd", "packages/asked/rsh/installed", "false" },
	{ "odd", "updates/configured/apt/files/1/path", "/etc/apt/more.conf" },
	{ "odd", "updates/configured/apt/files/2/path", "/etc/apt/more.d/50more" },
	{ "odd", "updates/configured/apt/settings/acquire::allowinsecurerepositories/0/value",
	  "true" },
	{ "odd", "accounts/userdb/0/name", "eve" },
	{ "odd", "accounts/userdb/1", "!" },
	{ "odd", "accounts/userdb/2", NULL },
	{ "odd", "accounts/banners/issue/~1etc~1issue.d~1one.issue/tells/0", "\\S" },
	{ "odd", "accounts/banners/issue/~1etc~1issue.d~1one.issue/tells/1", "\\r" },
	{ "odd", "accounts/banners/issue/~1etc~1issue/tells/0", NULL },
	{ "odd", "services/mail/exim/settings/dc_local_interfaces/0/value", "127.0.0.1 ; ::1" },
	{ "odd", "firewall/configured/saved4/settings/INPUT/0/value", "DROP" },
	{ "odd", "firewall/configured/saved4/settings/INPUT/0/rules", "true" },
	{ "odd", "firewall/configured/saved4/settings/INPUT/1", NULL },
	{ "secrets", "firewall/configured/saved4/settings/INPUT/0/rules", "true" },
	{ "secrets", "firewall/configured/saved6/settings/INPUT/0/rules", "true" },
	{ "secrets", "accounts/environment/settings/DB_TOKEN/0/value", REDACTED("token") },
	{ "secrets", "accounts/environment/settings/HTTP_PROXY/0/value",
	  "http://bob:" REDACTED("url credentials") "@proxy.example.com:3128" },
	{ "secrets", "accounts/environment/settings/LANG/0/value", "C" },
	{ "secrets", "auditd/conf/settings/space_left_action/0/value",
	  "exec /usr/bin/tell --token " REDACTED("token") },
	{ "secrets", "auditd/conf/settings/num_logs/0/value", "5" },
	{ "secrets", "boot/entries/0/options/cifs.password/0", REDACTED("password") },
	{ "secrets", "boot/entries/0/options/audit/0", "1" },
	{ "secrets", "boot/configured/cifs.password/0", REDACTED("password") },
	{ "secrets", "journald/upload/settings/Upload~1URL/0/value",
	  "https://bob:" REDACTED("url credentials") "@logs.example.com" },
	{ "secrets", "sshd/settings/forcecommand/0/value",
	  "/usr/bin/mysql -uroot -p" REDACTED("password") },
	{ "secrets", SETTINGS "kernel~1core_pattern/0/value",
	  "|/usr/bin/send --password " REDACTED("password") " %p" },
	{ "secrets", "coredump/handler/path", "/usr/bin/send" },
	{ "odd", "firewall/configured/saved6/settings/INPUT/0/value", "ACCEPT" },
	{ "odd", "firewall/configured/saved6/settings/INPUT/0/rules", NULL },
	{ "odd", "net/hosts-allow/settings/ALL/0/value", "LOCAL" },
	{ "odd", "net/hosts-deny/settings/ALL/0/value", "ALL" },
	{ "odd", "modules/owners/~1etc~1modprobe.d~1elsewhere.conf", NULL },
	{ "odd", "modules/owners/~1home~1eve~1module.conf/exists", "true" },
	{ "odd", "modules/owners/~1dev~1null", NULL },
	{ "odd", "sshd/program/pam", "!" },
	{ "suse-16-ssh", "sshd/program/pam", "true" },
	{ "odd", "sshd/running/options/permitrootlogin/0/value", "yes" },
	{ "odd", "sshd/running/options/maxauthtries/0/value", "9" },
	{ "odd", "sshd/running/options/banner/0/value", "/etc/x" },
	{ "odd", "sshd/running/options/clientaliveinterval/0/value", "7" },
	{ "flatcar", "sshd/running/configured", "true" },
	{ "sysctl-rhel", "sshd/running", "!" },
	{ "suse-16-ssh", "sshd/running", NULL },
	{ "odd", "services/sysv/rpcbind/0", "/etc/rcS.d" },
	{ "odd", "accounts/cron/jobs", "1" },
	{ "sysctl-rhel", "auditd/service/wanted", "false" },
};

START_TEST(facts_of_trees)
{
	size_t n = 0;
	AUTO_FREE char *text = collected(facts[_i].tree, &n);
	json_t *host = host_of(text, n);
	struct fact f = facts_find(host, facts[_i].path);
	const char *value = json_string_value(f.value), *wanted = facts[_i].wanted;
	AUTO_FREE char *number = xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(f.value));
	if (json_is_integer(f.value))
		value = number;
	if (json_is_true(f.value))
		value = "true";
	else if (json_is_false(f.value))
		value = "false";
	bool is_good = !wanted              ? f.state == FACT_ABSENT
		       : streq(wanted, "!") ? f.state == FACT_UNREAD
					    : value && streq(value, wanted);
	ck_assert_msg(is_good, "%s: %s is %s, not %s", facts[_i].tree, facts[_i].path,
		      value                    ? value
		      : f.state == FACT_UNREAD ? f.reason
					       : "absent",
		      wanted ? wanted : "absent");
	json_decref(host);
}
END_TEST

/* Folders with more than is read of them. */
static const struct {
	const char *folder, *suffix, *text;
	size_t n;
	const char *path; /* unread then, and only then */
} crowds[] = {
	{ "etc/issue.d", ".issue", "Authorised use only.\n", 100,
	  "accounts/banners/issue/~1etc~1issue.d" },
	{ "etc/userdb", ".user", "{\"userName\":\"eve\",\"uid\":1000}\n", 1000,
	  "accounts/userdb/1000" },
};

static char *member_path(const char *folder, size_t crowd, size_t i)
{
	return xasprintf("%s/%zu%s", folder, i, crowds[crowd].suffix);
}

static void add_member(const char *folder, size_t crowd, size_t i)
{
	AUTO_FREE char *path = member_path(folder, crowd, i);
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(crowds[crowd].text, f);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(crowded_folders)
{
	char root[] = "/tmp/t_hostroots.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(root));
	AUTO_FREE char *etc = xasprintf("%s/etc", root);
	AUTO_FREE char *folder = xasprintf("%s/%s", root, crowds[_i].folder);
	ck_assert_int_eq(chmod(root, 0755) | mkdir(etc, 0755) | mkdir(folder, 0755), 0);
	for (size_t i = 0; i < crowds[_i].n; i++)
		add_member(folder, (size_t)_i, i);
	for (int is_full = 0; is_full < 2; is_full++) {
		size_t n = 0;
		AUTO_FREE char *text = collected_of(root, &n);
		json_t *host = host_of(text, n);
		struct fact f = facts_find(host, crowds[_i].path);
		ck_assert_int_eq(f.state, is_full ? FACT_UNREAD : FACT_ABSENT);
		if (is_full)
			ck_assert_ptr_nonnull(strstr(f.reason, "more than"));
		json_decref(host);
		add_member(folder, (size_t)_i, crowds[_i].n + (size_t)is_full);
	}
	for (size_t i = 0; i < crowds[_i].n + 2; i++) {
		AUTO_FREE char *path = member_path(folder, (size_t)_i, i);
		unlink(path);
	}
	ck_assert_int_eq(rmdir(folder) | rmdir(etc) | rmdir(root), 0);
}
END_TEST

/* Whatever section it may stand in. */
START_TEST(secrets_stay)
{
	size_t n;
	AUTO_FREE char *text = collected("secrets", &n);
	ck_assert_ptr_nonnull(memmem(text, n, "proxy.example.com", 17));
	ck_assert_ptr_null(memmem(text, n, "hunter2", 7));
}
END_TEST

int main(void)
{
	Suite *suite;
	if (!harness_has_links())
		return HARNESS_SKIP;
	TCase *t = harness_group("hostroots", &suite);
	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, facts_of_trees, 0, ARRAY_SIZE(facts));
	tcase_add_loop_test(t, crowded_folders, 0, ARRAY_SIZE(crowds));
	tcase_add_test(t, secrets_stay);
	return harness_run(suite);
}
