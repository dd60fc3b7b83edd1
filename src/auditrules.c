/* SPDX-License-Identifier: Apache-2.0 */
/* auditrules.c: the normal form of an audit rule: names of its parts, and what accesses it takes
 * in. */
#include "auditrules.h"

#include <errno.h>

#include "audit.h"
#include "facts.h"
#include "text.h"

/* Values of AUDIT_ARCH_*: linux/audit.h, with those that older headers lack. */
static const struct auditarch machines[] = {
	{ "x86_64", " x86_64 i386 i486 i586 i686 ", 0xc000003e, 0x40000003 },
	{ "aarch64", " aarch64 arm armv7l ", 0xc00000b7, 0x40000028 },
	{ "ppc64le", " ppc64le ", 0xc0000015, 0 },
	{ "ppc64", " ppc64 ppc ", 0x80000015, 0x00000014 },
	{ "s390x", " s390x s390 ", 0x80000016, 0x00000016 },
	{ "riscv64", " riscv64 ", 0xc00000f3, 0 },
	{ "loongarch64", " loongarch64 ", 0xc0000102, 0 },
	{ "i386", " i386 i486 i586 i686 ", 0, 0x40000003 },
	{ "i486", " i386 i486 i586 i686 ", 0, 0x40000003 },
	{ "i586", " i386 i486 i586 i686 ", 0, 0x40000003 },
	{ "i686", " i386 i486 i586 i686 ", 0, 0x40000003 },
	{ "armv6l", " arm armv6l ", 0, 0x40000028 },
	{ "armv7l", " arm armv7l ", 0, 0x40000028 },
	{ "armv8l", " arm armv7l armv8l ", 0, 0x40000028 },
};

static const struct {
	uint32_t number;
	const char *name;
} fields[] = {
	{ 0, "pid" },           { 1, "uid" },
	{ 2, "euid" },          { 3, "suid" },
	{ 4, "fsuid" },         { 5, "gid" },
	{ 6, "egid" },          { 7, "sgid" },
	{ 8, "fsgid" },         { 9, "auid" },
	{ 9, "loginuid" },      { 10, "pers" },
	{ 11, "arch" },         { 12, "msgtype" },
	{ 13, "subj_user" },    { 14, "subj_role" },
	{ 15, "subj_type" },    { 16, "subj_sen" },
	{ 17, "subj_clr" },     { 18, "ppid" },
	{ 19, "obj_user" },     { 20, "obj_role" },
	{ 21, "obj_type" },     { 22, "obj_lev_low" },
	{ 23, "obj_lev_high" }, { 24, "loginuid_set" },
	{ 25, "sessionid" },    { 26, "fstype" },
	{ 100, "devmajor" },    { 101, "devminor" },
	{ 102, "inode" },       { 103, "exit" },
	{ 104, "success" },     { 105, "path" },
	{ 106, "perm" },        { 107, "dir" },
	{ 108, "filetype" },    { 109, "obj_uid" },
	{ 110, "obj_gid" },     { 111, "field_compare" },
	{ 112, "exe" },         { 113, "saddr_fam" },
	{ 200, "a0" },          { 201, "a1" },
	{ 202, "a2" },          { 203, "a3" },
	{ 210, "key" },
};

static const char *const lists[] = {
	[AUDIT_FILTER_USER] = "user",     [AUDIT_FILTER_TASK] = "task",
	[AUDIT_FILTER_ENTRY] = "entry",   [AUDIT_FILTER_WATCH] = "watch",
	[AUDIT_FILTER_EXIT] = "exit",     [AUDIT_FILTER_EXCLUDE] = "exclude",
	[AUDIT_FILTER_FS] = "filesystem", [7] = "io_uring",
};

/*
 * The system calls of each kind of access (include/asm-generic/audit_*.h of the kernel), without
 * those that do not touch a file by name or descriptor, or came later than the oldest auditctl that
 * writes such lists: a rule that leaves these out is no worse than the same rule by perm=.
 */
static const char *const calls_read[] = {
	"open",      "openat",    "openat2",   "readlink",   "readlinkat", "getxattr",
	"lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr", NULL,
};
static const char *const calls_write[] = {
	"open",      "openat",   "openat2",   "creat", "truncate", "ftruncate",
	"rename",    "renameat", "renameat2", "link",  "linkat",   "symlink",
	"symlinkat", "unlink",   "unlinkat",  "mkdir", "mkdirat",  "rmdir",
	"mknod",     "mknodat",  "fallocate", NULL,
};
static const char *const calls_exec[] = { "execve", "execveat", NULL };
static const char *const calls_attr[] = {
	"chmod",       "fchmod",       "fchmodat",     "chown",     "fchown",
	"lchown",      "fchownat",     "setxattr",     "lsetxattr", "fsetxattr",
	"removexattr", "lremovexattr", "fremovexattr", NULL,
};

static const struct {
	unsigned bit;
	char letter;
	const char *const *calls;
} kinds[] = {
	{ AUDIT_PERM_READ, 'r', calls_read },
	{ AUDIT_PERM_WRITE, 'w', calls_write },
	{ AUDIT_PERM_EXEC, 'x', calls_exec },
	{ AUDIT_PERM_ATTR, 'a', calls_attr },
};
enum { PERM_ALL = AUDIT_PERM_READ | AUDIT_PERM_WRITE | AUDIT_PERM_EXEC | AUDIT_PERM_ATTR };

/* AUDIT_COMPARE_*: the index is the kernel's number. */
static const struct {
	const char *left, *right;
} compares[] = {
	[1] = { "uid", "obj_uid" }, { "gid", "obj_gid" },   { "euid", "obj_uid" },
	{ "egid", "obj_gid" },      { "auid", "obj_uid" },  { "suid", "obj_uid" },
	{ "sgid", "obj_gid" },      { "fsuid", "obj_uid" }, { "fsgid", "obj_gid" },
	{ "uid", "auid" },          { "uid", "euid" },      { "uid", "fsuid" },
	{ "uid", "suid" },          { "auid", "fsuid" },    { "auid", "suid" },
	{ "auid", "euid" },         { "euid", "suid" },     { "euid", "fsuid" },
	{ "suid", "fsuid" },        { "gid", "egid" },      { "gid", "fsgid" },
	{ "gid", "sgid" },          { "egid", "fsgid" },    { "egid", "sgid" },
	{ "sgid", "fsgid" },
};

const struct auditarch *auditarch_find(const char *machine)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (streq(machines[i].machine, machine))
			return &machines[i];
	return NULL;
}

const char *auditfield_name(uint32_t field)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].number == field)
			return fields[i].name;
	return NULL;
}

uint32_t auditfield_number(const char *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strlen(fields[i].name) == n && memcmp(fields[i].name, name, n) == 0)
			return fields[i].number;
	return UINT32_MAX;
}

uint32_t auditlist_number(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (streq(lists[i], name))
			return (uint32_t)i;
	return UINT32_MAX;
}

bool auditperm_parse(const char *letters, unsigned *ret)
{
	unsigned bits = 0;
	for (; *letters; letters++) {
		size_t i = 0;
		while (i < ARRAY_SIZE(kinds) && kinds[i].letter != *letters)
			i++;
		if (i == ARRAY_SIZE(kinds))
			return false;
		bits |= kinds[i].bit;
	}
	*ret = bits;
	return bits != 0;
}

void auditrule_done(struct auditrule *r)
{
	free(r->path);
	free(r->key);
	json_decref(r->fields);
	*r = (struct auditrule){ 0 };
}

/* --- fields --------------------------------------------------------------------------------------
 */

/* Text of the outside as a value: never NULL. */
static json_t *text_value(const char *s)
{
	AUTO_TEXT struct text t = { 0 };
	json_t *value = json_string(s);
	if (value)
		return value;
	text_clean(&t, s, strlen(s));
	return json_string(text_str(&t));
}

static bool can_be_unset(uint32_t field)
{
	return field == AUDIT_LOGINUID || field == AUDIT_SESSIONID || field == AUDIT_UID ||
	       field == AUDIT_OBJ_UID;
}

void auditrule_add_field(struct auditrule *r, uint32_t field, const char *op, const char *value)
{
	const char *name = auditfield_name(field);
	AUTO_FREE char *number = name ? NULL : xasprintf("%u", field);
	if (can_be_unset(field) && (streq(value, "-1") || streq(value, "4294967295")))
		value = "unset";
	if (!r->fields)
		r->fields = json_array();
	json_array_append_new(r->fields, json_pack("{ss ss so}", "field", name ? name : number,
						   "op", op, "value", text_value(value)));
}

static bool is_pair(size_t i, const char *a, const char *b)
{
	return compares[i].left && streq(compares[i].left, a) && streq(compares[i].right, b);
}

bool auditrule_add_compare_number(struct auditrule *r, const char *op, uint32_t number)
{
	if (number >= ARRAY_SIZE(compares) || !compares[number].left)
		return false;
	if (!r->fields)
		r->fields = json_array();
	json_array_append_new(r->fields,
			      json_pack("{ss ss ss sb}", "field", compares[number].left, "op", op,
					"value", compares[number].right, "compare", 1));
	return true;
}

bool auditrule_add_compare(struct auditrule *r, const char *left, const char *op, const char *right)
{
	for (uint32_t i = 1; i < ARRAY_SIZE(compares); i++)
		if (is_pair(i, left, right) || is_pair(i, right, left))
			return auditrule_add_compare_number(r, op, i);
	return false;
}

/* One slash between names, none at the end. */
static char *tidy_path(const char *path)
{
	char *tidy = xstrdup(path);
	size_t n = 0;
	for (const char *p = path; *p; p++)
		if (*p != '/' || n == 0 || tidy[n - 1] != '/')
			tidy[n++] = *p;
	while (n > 1 && tidy[n - 1] == '/')
		n--;
	tidy[n] = '\0';
	return tidy;
}

static bool is_text(const char *s)
{
	json_t *v = json_string(s);
	json_decref(v);
	return v != NULL;
}

void auditrule_set_watch(struct auditrule *r, int watch, const char *path)
{
	if (*path != '/' || r->path || !is_text(path)) {
		auditrule_add_field(r, watch == WATCH_DIR ? AUDIT_DIR : AUDIT_WATCH, "=", path);
		return;
	}
	r->path = tidy_path(path);
	r->watch = watch;
}

/* --- what it takes in ----------------------------------------------------------------------------
 */

static bool has_bit(const struct auditrule *r, int number)
{
	size_t word = (size_t)number / 32;
	return word < AUDIT_BITMASK_SIZE && (r->mask[word] >> (number % 32) & 1);
}

/* Of one kind's system calls on arch: are all in the rule, is any? None is known: not all are. */
static void look_at_calls(const struct auditrule *r, uint32_t arch, const char *const *calls,
			  bool *ret_all, bool *ret_any)
{
	size_t known = 0, in = 0;
	for (; *calls; calls++) {
		int number = audit_syscall_number(*calls, arch);
		if (number < 0)
			continue;
		known++;
		in += has_bit(r, number);
	}
	*ret_all = known > 0 && in == known;
	*ret_any = in > 0 || known == 0;
}

/* The architecture whose system calls the rule's numbers mean. */
static uint32_t auditarch_own(const struct auditrule *r, const struct auditarch *m)
{
	if (r->arch || !m)
		return r->arch;
	return m->b64 ? m->b64 : m->b32;
}

static void take_in(const struct auditrule *r, uint32_t arch, unsigned *ret_full,
		    unsigned *ret_some)
{
	unsigned perm = r->perm ? r->perm : PERM_ALL;
	*ret_full = *ret_some = perm;
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !r->all_syscalls; i++) {
		bool all, any;
		look_at_calls(r, arch, kinds[i].calls, &all, &any);
		if (!all)
			*ret_full &= ~kinds[i].bit;
		if (!any)
			*ret_some &= ~kinds[i].bit;
	}
}

/* A rule that names no arch is tried on the calls of both, whose numbers differ: what it means is
 * the machine's own, and what it may hit by chance counts where it takes events away. */
static void take_in_any(const struct auditrule *r, const struct auditarch *m, unsigned *ret_full,
			unsigned *ret_some)
{
	unsigned other_full, other_some = 0;
	take_in(r, auditarch_own(r, m), ret_full, ret_some);
	if (!r->arch && m && m->b64 && m->b32)
		take_in(r, m->b32, &other_full, &other_some);
	if (r->action == AUDIT_NEVER)
		*ret_some |= other_some;
}

static json_t *perm_text(unsigned bits)
{
	char text[5] = "";
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (bits & kinds[i].bit)
			text[n++] = kinds[i].letter;
	return json_stringn(text, n);
}

/* --- the normal form -----------------------------------------------------------------------------
 */

static json_t *number_text(uint32_t n)
{
	AUTO_FREE char *text = xasprintf("%u", n);
	return json_string(text);
}

static json_t *list_name(uint32_t list)
{
	return list < ARRAY_SIZE(lists) ? json_string(lists[list]) : number_text(list);
}

static json_t *action_name(uint32_t action)
{
	if (action == AUDIT_ALWAYS)
		return json_string("always");
	return action == AUDIT_NEVER ? json_string("never") : number_text(action);
}

static json_t *syscall_names(const struct auditrule *r, uint32_t arch)
{
	json_t *names = json_array();
	for (int i = 0; i < AUDIT_BITMASK_SIZE * 32; i++) {
		if (!has_bit(r, i))
			continue;
		const char *name = arch ? audit_syscall_name(i, arch) : NULL;
		json_array_append_new(names, name ? json_string(name) : number_text((uint32_t)i));
	}
	return names;
}

static void add_watch(json_t *rule, const struct auditrule *r)
{
	json_object_set_new(rule, "path", json_string(r->path));
	json_object_set_new(rule, "recursive",
			    r->watch == WATCH_EITHER ? json_null()
						     : json_boolean(r->watch == WATCH_DIR));
}

static const char *arch_name(const struct auditrule *r, const struct auditarch *m)
{
	if (m && r->arch == m->b64)
		return "b64";
	return m && r->arch == m->b32 ? "b32" : "other";
}

static json_t *key_text(const char *key)
{
	AUTO_FREE char *copy = xstrdup(key);
	for (char *p = copy; *p; p++)
		*p = *p == 1 ? ',' : *p;
	return text_value(copy);
}

/* NULL: of any. */
static const char *arch_said(const struct auditrule *r, const struct auditarch *m)
{
	if (r->arch)
		return arch_name(r, m);
	if (r->all_syscalls || r->action == AUDIT_NEVER || !m)
		return NULL;
	return m->b64 ? "b64" : "b32";
}

json_t *auditrule_json(const struct auditrule *r, const struct auditarch *m)
{
	json_t *rule =
		json_pack("{so so}", "list", list_name(r->list), "action", action_name(r->action));
	const char *arch = arch_said(r, m);
	unsigned full, some;

	if (r->path)
		add_watch(rule, r);
	if (arch)
		json_object_set_new(rule, "arch", json_string(arch));
	if (!r->all_syscalls && r->list == AUDIT_FILTER_EXIT)
		json_object_set_new(rule, "syscalls", syscall_names(r, auditarch_own(r, m)));
	if (r->perm)
		json_object_set_new(rule, "perm", perm_text(r->perm));
	if (r->key)
		json_object_set_new(rule, "key", key_text(r->key));
	if (json_array_size(r->fields) > 0)
		json_object_set(rule, "fields", r->fields);
	if (r->list != AUDIT_FILTER_EXIT)
		return rule;
	take_in_any(r, m, &full, &some);
	json_object_set_new(rule, "full", perm_text(full));
	if (some != full)
		json_object_set_new(rule, "some", perm_text(some));
	return rule;
}
