/* SPDX-License-Identifier: Apache-2.0 */
/* guardedkeys.c: see guardedkeys.h. */
#include "guardedkeys.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

/*
 * Those whose handler asks for a capability of readers too, whatever mode and uid say:
 * CAP_SYS_ADMIN in net/core/sysctl_net_core.c, CAP_MAC_ADMIN in security/apparmor/lsm.c.
 */
static const char *const keys[GUARDED_KEYS] = {
	"proc/sys/kernel/apparmor_display_secid_mode",
	"proc/sys/kernel/apparmor_restrict_unprivileged_unconfined",
	"proc/sys/kernel/apparmor_restrict_unprivileged_userns",
	"proc/sys/kernel/unprivileged_userns_apparmor_policy",
	"proc/sys/net/core/bpf_jit_harden",
	"proc/sys/net/core/bpf_jit_kallsyms",
	"proc/sys/net/core/bpf_jit_limit",
};

static void read_key(const char *key, char *text)
{
	struct statfs s;
	AUTO_FREE char *path = xasprintf("/%s", key);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstatfs(fd, &s) < 0 || s.f_type != PROC_SUPER_MAGIC)
		return;
	ssize_t n = read(fd, text, GUARDED_BYTES - 1);
	/* A number is shorter; what fills it may go on. */
	text[n > 0 && n < GUARDED_BYTES - 1 ? n : 0] = '\0';
}

void guarded_read(struct guarded_keys *g)
{
	for (size_t i = 0; i < GUARDED_KEYS; i++)
		read_key(keys[i], g->text[i]);
}

const char *guarded_find(const struct guarded_keys *g, const char *path)
{
	path += strspn(path, "/");
	for (size_t i = 0; i < GUARDED_KEYS; i++)
		if (streq(path, keys[i]) && g->text[i][0])
			return g->text[i];
	return NULL;
}
