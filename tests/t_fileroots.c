/* SPDX-License-Identifier: Apache-2.0 */
/* t_fileroots.c: the program audits small trees that are like systems of several distributions. */
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "harness.h"
#include "util.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static const struct {
	const char *root, *check, *verdict, *reason; /* reason: a part of it */
} wanted[] = {
	{ "rhel-9-ssh", "host.ssh.ciphers", "fail", "aes256-cbc (/etc/crypto-policies/" },
	{ "rhel-9-ssh", "host.ssh.macs", "pass", "opensshserver.config:2" },
	{ "rhel-9-ssh", "host.ssh.gssapi", "fail", "50-redhat.conf:4" },
	{ "rhel-9-ssh", "host.ssh.root_login", "fail", "for Match Group admins" },
	{ "rhel-9-ssh", "host.ssh.crypto_policy", "pass", "DEFAULT" },
	{ "rhel-9-ssh", "host.mount.tmp.separate", "pass", "/etc/systemd/system/tmp.mount" },
	{ "rhel-9-ssh", "host.mount.tmp.noexec", "fail", "without noexec" },
	{ "rhel-9-ssh", "host.mount.var.nosuid", "fail", "/etc/fstab:3" },
	{ "rhel-9-ssh", "host.mount.home.nosuid", "pass", "configured" },
	{ "rhel-9-ssh", "host.mount.dev_shm.nodev", "pass", "systemd itself" },
	{ "rhel-9-ssh", "host.mount.debugfs_tracefs", "skip", "running" },
	{ "ubuntu-24.04-ssh", "host.ssh.password_auth", "fail", "comes before" },
	{ "ubuntu-24.04-ssh", "host.ssh.root_login", "pass", "configured" },
	{ "ubuntu-24.04-ssh", "host.ssh.socket", "warn", "2222" },
	{ "ubuntu-24.04-ssh", "host.mount.removable.noexec", "fail", "/media/cd" },
	{ "ubuntu-24.04-ssh", "host.mount.removable.nodev", "pass", "" },
	{ "suse-16-ssh", "host.file.sshd_config", "fail", "" },
	{ "suse-16-ssh", "host.ssh.x11", "pass", "configured" },
	{ "suse-16-ssh", "host.ssh.forwarding", "pass", "configured" },
	{ "alpine-3-ssh", "host.ssh.use_pam", "skip", "without PAM" },
	{ "alpine-3-ssh", "host.ssh.ciphers", "fail", "3des-cbc" },
	{ "alpine-3-ssh", "host.mount.tmp.noexec", "pass", "/etc/fstab:1" },
	{ "alpine-3-ssh", "host.mount.dev_shm.nodev", "skip", "" },
	{ "flatcar-ssh", "host.ssh.root_login", "pass", "configured" },
	/* A weak key behind a NUL, where sshd reads on. */
	{ "nul-keys", "host.account.authorized_keys", "unknown", "holds a NUL byte" },
	{ "flatcar-ssh", "host.ssh.password_auth", "fail", "default" },
};

static json_t *report_of(const char *root, const char *check)
{
	extern char **environ;
	char file[] = "/tmp/t_fileroots.XXXXXX";
	const char *srcdir = getenv("srcdir"), *builddir = getenv("builddir");
	AUTO_FREE char *program = xasprintf("%s/seaworthy", builddir ? builddir : ".");
	AUTO_FREE char *tree = xasprintf("%s/tests/roots/%s", srcdir ? srcdir : ".", root);
	int fd = mkstemp(file), status = -1;
	AUTO_FREE char *output = xasprintf("json=%s", file);
	char *const argv[] = { program,  "audit",      "-p",     "linux-server",
			       "--root", tree,         "--only", (char *)(uintptr_t)check,
			       "--now",  "2026-11-22", "-o",     output,
			       NULL };
	pid_t pid;
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(posix_spawn(&pid, program, NULL, NULL, argv, environ), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != 2, "%s: status %d", check,
		      status);
	json_t *report = json_load_file(file, 0, NULL);
	unlink(file);
	return report;
}

START_TEST(verdict_is_the_one_wanted)
{
	AUTO_JSON json_t *report = report_of(wanted[_i].root, wanted[_i].check);
	json_t *result = json_array_get(json_object_get(report, "results"), 0);
	json_t *finding = json_array_get(json_object_get(result, "findings"), 0);
	const char *verdict = json_string_value(json_object_get(result, "verdict"));
	const char *reason =
		json_string_value(json_object_get(finding ? finding : result, "reason"));
	ck_assert_ptr_nonnull(verdict);
	ck_assert_msg(streq(verdict, wanted[_i].verdict) && reason &&
			      strstr(reason, wanted[_i].reason),
		      "%s of %s: wanted %s (%s), got %s: %s", wanted[_i].check, wanted[_i].root,
		      wanted[_i].verdict, wanted[_i].reason, verdict, reason ? reason : "");
}
END_TEST

int main(void)
{
	Suite *suite;
	if (!harness_has_links())
		return HARNESS_SKIP;
	TCase *tc = harness_group("fileroots", &suite);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, verdict_is_the_one_wanted, 0, ARRAY_SIZE(wanted));
	return harness_run(suite);
}
