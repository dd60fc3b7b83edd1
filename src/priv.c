/* SPDX-License-Identifier: Apache-2.0 */
/* priv.c: see priv.h. */
#include "priv.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static void cap_free_p(cap_t *c)
{
	if (*c)
		cap_free(*c);
}
#define AUTO_CAP CLEANUP(cap_free_p)

static int no_new_privs(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, -errno, "no_new_privs: %s", strerror(errno));
	return 0;
}

/* CAP_SETPCAP is what this takes: without it the set stays, and no_new_privs makes it moot. */
static void drop_bounding(void)
{
	for (int c = 0; c < cap_max_bits(); c++)
		cap_drop_bound(c);
	cap_reset_ambient();
}

static bool has_permitted(cap_t caps, cap_value_t c)
{
	cap_flag_value_t v = CAP_CLEAR;
	return cap_get_flag(caps, c, CAP_PERMITTED, &v) == 0 && v == CAP_SET;
}

/* Connecting takes write permission, and uid 0 without CAP_DAC_OVERRIDE has what its class has. */
static bool socket_refuses_root(const struct endpoint *e)
{
	struct stat st;
	if (!e || !e->is_unix || !e->socket || stat(e->socket, &st) < 0)
		return false;
	if (st.st_uid == 0)
		return !(st.st_mode & S_IWUSR);
	return !(st.st_mode & (st.st_gid == getegid() ? S_IWGRP : S_IWOTH));
}

/* Which capabilities the questions of this run take. */
static size_t wanted(const struct fetch_options *o, cap_value_t *ret)
{
	size_t n = 0;
	ret[n++] = CAP_DAC_READ_SEARCH;
	if (o->live)
		ret[n++] = CAP_SYS_PTRACE; /* ns, exe, root and environ below /proc/<pid> */
	if (o->live && socket_refuses_root(o->endpoint))
		ret[n++] = CAP_DAC_OVERRIDE;
	if (o->live && o->needs & SW_NEEDS_AUDIT)
		ret[n++] = CAP_AUDIT_CONTROL; /* the kernel lists its rules to no one else */
	return n;
}

/* Keeps of the n capabilities those there are; the inheritable set is emptied. */
static int keep_caps(const cap_value_t *keep, size_t n, struct err *err)
{
	AUTO_CAP cap_t now = cap_get_proc();
	AUTO_CAP cap_t caps = cap_init();
	bool bad = !now || !caps;
	for (size_t i = 0; i < n && !bad; i++) {
		if (!has_permitted(now, keep[i]))
			continue;
		bad = cap_set_flag(caps, CAP_PERMITTED, 1, &keep[i], CAP_SET) < 0 ||
		      cap_set_flag(caps, CAP_EFFECTIVE, 1, &keep[i], CAP_SET) < 0;
	}
	if (bad || cap_set_proc(caps) < 0)
		return err_set(err, -errno, "capabilities: %s", strerror(errno));
	return 0;
}

int priv_fetcher(const struct fetch_options *o, struct err *err)
{
	cap_value_t keep[5];
	if (geteuid() == 0) {
		size_t n = wanted(o, keep);
		drop_bounding();
		int bad = keep_caps(keep, n, err);
		if (bad)
			return bad;
	}
	return no_new_privs(err);
}

static int become_nobody(struct err *err)
{
	if (setgroups(0, NULL) < 0 || setresgid(PRIV_NOBODY, PRIV_NOBODY, PRIV_NOBODY) < 0 ||
	    setresuid(PRIV_NOBODY, PRIV_NOBODY, PRIV_NOBODY) < 0)
		return err_set(err, -errno, "uid %d: %s", PRIV_NOBODY, strerror(errno));
	return 0;
}

static int check_nobody(struct err *err)
{
	uid_t u[3];
	gid_t g[3];
	if (getresuid(&u[0], &u[1], &u[2]) < 0 || getresgid(&g[0], &g[1], &g[2]) < 0)
		return err_set(err, -errno, "uid: %s", strerror(errno));
	for (int i = 0; i < 3; i++) {
		if (u[i] != PRIV_NOBODY || g[i] != PRIV_NOBODY)
			return err_set(err, -EPERM, "uid or gid is still not %d", PRIV_NOBODY);
	}
	if (getgroups(0, NULL) != 0)
		return err_set(err, -EPERM, "there are still supplementary groups");
	return 0;
}

static int check_no_caps(struct err *err)
{
	AUTO_CAP cap_t now = cap_get_proc();
	AUTO_CAP cap_t none = cap_init();
	if (!now || !none)
		return err_set(err, -errno, "capabilities: %s", strerror(errno));
	if (cap_compare(now, none) != 0)
		return err_set(err, -EPERM, "there are still capabilities");
	for (int c = 0; c < cap_max_bits(); c++) {
		if (cap_get_ambient(c) > 0)
			return err_set(err, -EPERM, "there are still ambient capabilities");
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set(err, -EPERM, "no_new_privs or dumpable did not take effect");
	return 0;
}

int priv_reader(struct err *err)
{
	bool root = geteuid() == 0 || getuid() == 0;
	drop_bounding();
	int bad = root ? become_nobody(err) : 0;
	if (!bad)
		bad = keep_caps(NULL, 0, err);
	if (!bad)
		bad = no_new_privs(err);
	if (!bad && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		bad = err_set(err, -errno, "dumpable: %s", strerror(errno));
	if (!bad && root)
		bad = check_nobody(err);
	return bad ? bad : check_no_caps(err);
}

static bool bounding_is_empty(void)
{
	for (int c = 0; c < cap_max_bits(); c++) {
		if (cap_get_bound(c) > 0)
			return false;
	}
	return true;
}

char *priv_describe(void)
{
	uint64_t set = 0;
	AUTO_CAP cap_t now = cap_get_proc();
	for (cap_value_t c = 0; now && c < 64 && c < cap_max_bits(); c++) {
		cap_flag_value_t v = CAP_CLEAR;
		if (cap_get_flag(now, c, CAP_EFFECTIVE, &v) == 0 && v == CAP_SET)
			set |= UINT64_C(1) << c;
	}
	return xasprintf("uid %u\ncaps %016" PRIx64 "\nlocks%s%s\n", (unsigned)geteuid(), set,
			 prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? " no_new_privs" : "",
			 bounding_is_empty() ? " bounding" : "");
}
