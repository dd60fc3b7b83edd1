/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: who owns the engine's files, and what their modes and ACLs allow; the rows are in
 * files_rows.c. */
#include "files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

typedef void judge_fn(struct sw_eval *e, const struct file_item *item, const char *path,
		      const char *at);

/* Is there something of the right type at the facts "at"? Else says why nothing can be judged. */
static bool is_there(struct sw_eval *e, const struct file_item *item, const char *path,
		     const char *at)
{
	const char *exists = sw_at(e, "%s/exists", at);

	if (!sw_has(e, exists)) {
		sw_unknown(e, "it was not told whether %s exists", path);
		return false;
	}
	if (!sw_bool(e, exists, false)) {
		sw_skip(e, "%s is not there", path);
		return false;
	}
	const char *type = sw_str(e, sw_at(e, "%s/type", at), "");
	if (strcmp(type, item->type) == 0)
		return true;
	if (item->flags & FILE_IS_UNIT && strcmp(type, "char") == 0)
		sw_skip(e, "%s is masked", path);
	else
		sw_unknown(e, "%s is a %s, not a %s", path, *type ? type : "thing of no known type",
			   item->type);
	return false;
}

static size_t judge_one(struct sw_eval *e, const struct file_item *item, const char *path,
			const char *at, judge_fn *judge)
{
	if (!is_there(e, item, path, at))
		return 0;
	judge(e, item, path, at);
	return 1;
}

static size_t judge_path(struct sw_eval *e, const struct file_item *item, const char *role,
			 judge_fn *judge)
{
	const char *path = sw_str(e, role, "");

	if (*path == '\0') {
		sw_skip(e, "%s", item->none);
		return 0;
	}
	return judge_one(e, item, path, sw_at(e, "files/%s", sw_esc(e, path)), judge);
}

static size_t judge_list(struct sw_eval *e, const struct file_item *item, judge_fn *judge)
{
	size_t n = engine_count(e, item->role), judged = 0;

	if (n == 0)
		sw_skip(e, "%s", item->none);
	for (size_t i = 0; i < n; i++)
		judged += judge_path(e, item, sw_at(e, "%s/%zu", item->role, i), judge);
	return judged;
}

/* The collector stops at as many files as engine_count() looks at: a full list may have been cut.
 */
static size_t judge_tree(struct sw_eval *e, const struct file_item *item, judge_fn *judge)
{
	size_t n = engine_count(e, item->role), judged = 0;

	if (n == 0)
		sw_skip(e, "%s", item->none);
	if (n >= ENGINE_LIST_MAX)
		sw_unknown(e, "there are %d files or more; not all were looked at",
			   ENGINE_LIST_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_key(e, item->role, i);
		judged += judge_one(e, item, path, sw_at(e, "%s/%s", item->role, sw_esc(e, path)),
				    judge);
	}
	return judged;
}

static enum sw_verdict judge_all(struct sw_eval *e, judge_fn *judge)
{
	const struct file_item *item = sw_arg(e);
	size_t judged;

	if (item->podman && engine_lacks(e, item->podman))
		return SW_SKIP;
	if (item->flags & FILE_IS_TREE)
		judged = judge_tree(e, item, judge);
	else if (item->flags & FILE_IS_LIST)
		judged = judge_list(e, item, judge);
	else
		judged = judge_path(e, item, item->role, judge);
	return judged ? SW_PASS : sw_said(e);
}

static int64_t known_int(struct sw_eval *e, const char *path)
{
	if (!sw_has(e, path))
		sw_unknown(e, "%s was not told", path);
	return sw_int(e, path, -1);
}

/* With the path that this host has it at. */
static void say_remedy(struct sw_eval *e, const char *command, const char *path)
{
	sw_remedy(e, sw_is_plain_path(path) ? "%s %s" : "%s 'PATH', where PATH is %s", command,
		  path);
}

static void judge_socket_owner(struct sw_eval *e, const char *path, int64_t uid, int64_t gid)
{
	const char *group = sw_str(e, "paths/socket-group", "docker");
	bool is_strict = sw_param_bool(e, "strict");

	if (uid == 0 && gid == 0 && !is_strict) {
		sw_pass(e, "%s belongs to root:root, which is stricter than root:%s", path, group);
		return;
	}
	if (uid == 0 && gid == sw_int(e, "paths/socket-gid", -1))
		return;
	sw_fail(e, "%s belongs to uid %" PRId64 ", gid %" PRId64 ", not root:%s", path, uid, gid,
		group);
	if (sw_is_plain_path(sw_at(e, "/%s", group)))
		say_remedy(e, sw_at(e, "chown root:%s", group), path);
}

/* The primary group of a user; -1, said as unknown, when the host's users do not tell. */
static int64_t primary_group(struct sw_eval *e, int64_t uid)
{
	size_t n = engine_count(e, "@host/users");

	for (size_t i = 0; i < n; i++) {
		const char *user =
			sw_at(e, "@host/users/%s", sw_esc(e, sw_key(e, "@host/users", i)));
		if (sw_int(e, sw_at(e, "%s/uid", user), -1) == uid)
			return sw_int(e, sw_at(e, "%s/gid", user), -1);
	}
	return -1;
}

/* What a rootless engine uses belongs to the user who runs it, its socket perhaps to a group that
 * only its own user namespace has. */
static bool belongs_to_rootless_engine(struct sw_eval *e, const struct file_item *item, int64_t uid,
				       int64_t gid)
{
	if (uid < 0 || gid < 0 || !engine_option(e, "rootless"))
		return false;
	if (uid != 0 && uid != sw_int(e, "process/Uid/1", -1))
		return false;
	if (gid == 0 || gid == primary_group(e, sw_int(e, "process/Uid/1", -1)))
		return true;
	return item->flags & FILE_HAS_GROUP && gid == sw_int(e, "paths/socket-gid", -1);
}

static void judge_owner(struct sw_eval *e, const struct file_item *item, const char *path,
			const char *at)
{
	int64_t uid = known_int(e, sw_at(e, "%s/uid", at));
	int64_t gid = known_int(e, sw_at(e, "%s/gid", at));

	if (uid < 0 || gid < 0)
		return;
	bool is_root = uid == 0 && gid == 0;
	if (!is_root && item->flags & FILE_MOVES && belongs_to_rootless_engine(e, item, uid, gid))
		sw_pass(e, "%s belongs to uid %" PRId64 ", the user of this rootless engine", path,
			uid);
	else if (item->flags & FILE_HAS_GROUP)
		judge_socket_owner(e, path, uid, gid);
	else if (!is_root) {
		sw_fail(e, "%s belongs to uid %" PRId64 ", gid %" PRId64 ", not root:root", path,
			uid, gid);
		say_remedy(e, "chown root:root", path);
	}
}

/* "rw-" as bits; -1 when it is no such thing. */
static int permission_bits(const char *perm)
{
	static const char letters[] = "rwx";
	int bits = 0;

	if (strlen(perm) != 3)
		return -1;
	for (int i = 0; i < 3; i++) {
		if (perm[i] == letters[i])
			bits |= 4 >> i;
		else if (perm[i] != '-')
			return -1;
	}
	return bits;
}

/* None where it was not understood: that is unknown, and no failure. */
static int acl_bits(struct sw_eval *e, const char *entry)
{
	int bits = permission_bits(sw_str(e, sw_at(e, "%s/perm", entry), ""));

	if (bits < 0)
		sw_unknown(e, "%s/perm was not understood", entry);
	return bits < 0 ? 0 : bits;
}

static int acl_mask(struct sw_eval *e, const char *acl, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_at(e, "%s/%zu", acl, i);
		if (strcmp(sw_str(e, sw_at(e, "%s/tag", entry), ""), "mask") == 0)
			return acl_bits(e, entry);
	}
	return 7;
}

static bool is_shown_by_mode(const char *tag)
{
	static const char *const tags[] = { "user_obj", "group_obj", "mask", "other" };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strcmp(tag, tags[i]) == 0)
			return true;
	return false;
}

/*
 * A user or group named in an ACL is one of the "others" of the mode, so may have what those may
 * have. The mode itself cannot show it: its group bits are the mask of the ACL.
 */
void file_judge_acl(struct sw_eval *e, const char *path, const char *acl, unsigned allowed)
{
	if (!sw_has(e, acl)) {
		sw_unknown(e, "%s was not told", acl);
		return;
	}
	size_t n = engine_count(e, acl);
	int mask = acl_mask(e, acl, n);
	bool is_wider = false;
	for (size_t i = 0; i < n; i++) {
		const char *entry = sw_at(e, "%s/%zu", acl, i);
		const char *tag = sw_str(e, sw_at(e, "%s/tag", entry), "");
		if (is_shown_by_mode(tag))
			continue;
		if (strcmp(tag, "user") != 0 && strcmp(tag, "group") != 0)
			sw_unknown(e, "%s/tag was not understood", entry);
		int64_t id = known_int(e, sw_at(e, "%s/id", entry));
		unsigned bits = (unsigned)(acl_bits(e, entry) & mask);
		if (id != 0 && bits & ~allowed & 7)
			is_wider = sw_fail(e, "an ACL of %s gives %s %" PRId64 " %s", path, tag, id,
					   sw_str(e, sw_at(e, "%s/perm", entry), "")) == SW_FAIL;
	}
	if (is_wider)
		say_remedy(e, "setfacl -b", path);
}

/* A rootless engine makes its socket and folders sticky so that nobody cleans them away. */
static bool is_only_sticky(struct sw_eval *e, const struct file_item *item, unsigned mode)
{
	if ((mode & ~item->mode) != 01000)
		return false;
	return strcmp(item->type, "socket") == 0 ||
	       (strcmp(item->type, "dir") == 0 && engine_option(e, "rootless"));
}

static void judge_mode(struct sw_eval *e, const struct file_item *item, const char *path,
		       const char *at)
{
	const char *where = sw_at(e, "%s/mode", at);

	if (!sw_has(e, where)) {
		sw_unknown(e, "%s was not told", where);
		return;
	}
	unsigned mode = sw_mode(e, where, 07777);
	if (mode & ~item->mode && !is_only_sticky(e, item, mode)) {
		sw_fail(e, "%s has mode %04o, more than %04o", path, mode, item->mode);
		say_remedy(e, sw_at(e, "chmod %04o", mode & item->mode), path);
	} else if (item->flags & FILE_EXACT_IF_STRICT && sw_param_bool(e, "strict") &&
		   mode != item->mode) {
		sw_fail(e, "%s has mode %04o, not exactly %04o", path, mode, item->mode);
		say_remedy(e, sw_at(e, "chmod %04o", item->mode), path);
	} else if (item->flags & FILE_IS_TREE && mode & 0077 && strlen(path) > 4 &&
		   strcmp(path + strlen(path) - 4, ".key") == 0)
		sw_pass(e, "%s is a private key that others can read (mode %04o): better 0400",
			path, mode);
	file_judge_acl(e, path, sw_at(e, "%s/acl", at), item->mode);
}

enum sw_verdict file_owner_is_right(struct sw_eval *e)
{
	return judge_all(e, judge_owner);
}

enum sw_verdict file_mode_is_tight(struct sw_eval *e)
{
	return judge_all(e, judge_mode);
}
