/* SPDX-License-Identifier: Apache-2.0 */
/* t_filewalk.c: what a walk of a folder tells, and what is made of that. */
#include <fcntl.h>
#include <sys/stat.h>

#include "facts.h"
#include "filewalk.h"
#include "harness.h"
#include "walkparse.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static char top[] = "/tmp/t_filewalk.XXXXXX";

static void make(const char *name, mode_t mode)
{
	AUTO_FREE char *path = xasprintf("%s/%s", top, name);
	if (ends_with(name, "/")) {
		ck_assert_int_eq(mkdir(path, 0700), 0);
	} else {
		int fd = open(path, O_CREAT | O_WRONLY, 0600);
		ck_assert_int_ge(fd, 0);
		close(fd);
	}
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void link_to(const char *name, const char *target)
{
	AUTO_FREE char *path = xasprintf("%s/%s", top, name);
	ck_assert_int_eq(symlink(target, path), 0);
}

static void remove_all(const char *name)
{
	AUTO_FREE char *path = xasprintf("%s/%s", top, name);
	remove(path);
}

static const char *const names[] = { "a/b/c/open", "a/b/c/",        "a/b/set\nid", "a/b/plain",
				     "a/b/",       "a/sticky/x",    "a/sticky/",   "a/loose/",
				     "a/out",      "a/pruned/open", "a/pruned/",   "a/" };

static void make_tree(void)
{
	ck_assert_ptr_nonnull(mkdtemp(top));
	make("a/", 0755);
	make("a/b/", 0755);
	make("a/b/c/", 0755);
	make("a/b/c/open", 0666);
	make("a/b/set\nid", 04755);
	make("a/b/plain", 0644);
	make("a/sticky/", 01777);
	make("a/sticky/x", 0600);
	make("a/loose/", 0777);
	make("a/pruned/", 0755);
	make("a/pruned/open", 0666);
	link_to("a/out", "/");
}

static void remove_tree(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		remove_all(names[i]);
	rmdir(top);
}

/* The payloads of all frames in the pipe, handed over byte by byte: texts may be cut anywhere. */
static void take_frames(int fd, struct walk_report *r)
{
	struct fetch_frame f;
	char byte;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (read(fd, &f, sizeof(f)) == sizeof(f)) {
		for (uint32_t i = 0; i < f.len; i++) {
			ck_assert_int_eq(read(fd, &byte, 1), 1);
			walk_report_take(r, &byte, 1);
		}
	}
}

static json_t *walk(const json_t *users, const json_t *groups)
{
	int fds[2], root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct rootfs r;
	struct rootfs_stat s = { 0 };
	static struct walk_pruned pruned;
	static char buf[FETCH_FRAME_MAX];
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	struct answers answers = { .fd = fds[1] };
	struct reply reply = { .to = &answers, .id = 1, .buf = buf, .cap = sizeof(buf) };
	struct walk_report *report = walk_report_new();
	rootfs_init(&r, root, ROOTFS_DIR);
	ck_assert_int_eq(rootfs_stat(&r, "/a/pruned", &s), 0);
	ck_assert(walk_prune(&pruned, s.st.dev, s.st.ino));
	rootfs_stat_done(&s);
	ck_assert_int_eq(walk_files(&r, &pruned, &reply), 0);
	alarm(0);
	reply_end(&reply, 0, 0, NULL);
	take_frames(fds[0], report);
	json_t *record = walk_report_record(report, users, groups, NULL, NULL, NULL);
	walk_report_free(report);
	rootfs_done(&r);
	close(fds[0]);
	close(fds[1]);
	close(root);
	return record;
}

static json_t *file(json_t *record, const char *list, const char *path)
{
	json_t *files = json_object_get(json_object_get(record, list), "files");
	return json_object_get(files, path);
}

START_TEST(walk_finds_what_matters_and_no_more)
{
	AUTO_JSON json_t *nobody = json_object();
	AUTO_FREE char *uid = xasprintf("%u", (unsigned)geteuid());
	make_tree();
	AUTO_JSON json_t *record = walk(nobody, nobody);
	remove_tree();
	ck_assert(json_is_true(json_object_get(record, "complete")));
	ck_assert_int_eq(json_integer_value(json_object_get(record, "entries")), 11);
	json_t *writable = json_object_get(record, "world_writable");
	ck_assert_int_eq(json_integer_value(json_object_get(writable, "count")), 2);
	ck_assert_ptr_nonnull(file(record, "world_writable", "/a/b/c/open"));
	ck_assert_ptr_nonnull(file(record, "world_writable", "/a/loose"));
	ck_assert_int_eq(json_object_size(json_object_get(writable, "files")), 2);
	ck_assert_ptr_nonnull(file(record, "set_id", "/a/b/set\nid"));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(record, "pruned"), 0)),
			 "/a/pruned");
	json_t *users = json_object_get(json_object_get(record, "unowned"), "users");
	ck_assert_ptr_nonnull(json_object_get(users, uid));
}
END_TEST

/* --- parsing ---------------------------------------------------------------------------------- */

static json_t *record_of(const char *lines, size_t n, const char *subuid, const char *nsswitch)
{
	struct walk_report *r = walk_report_new();
	AUTO_FREE char *ids = subuid ? xstrdup(subuid) : NULL;
	AUTO_FREE char *sources = nsswitch ? xstrdup(nsswitch) : NULL;
	AUTO_JSON json_t *users = json_pack("{s{si}}", "bob", "uid", 1000);
	AUTO_JSON json_t *groups = json_pack("{s{si}}", "bob", "gid", 1000);
	walk_report_take(r, lines, n);
	json_t *record = walk_report_record(r, users, groups, ids, NULL, sources);
	walk_report_free(r);
	return record;
}

#define LINES(s) s, sizeof(s)

static const struct {
	const char *lines;
	size_t n;
	const char *path, *wanted; /* of a fact in the record, as compact JSON */
} reports[] = {
	{ LINES("n 12"), "entries", "12" },
	{ LINES("n 12"), "complete", "true" },
	{ LINES("t it took too long"), "complete", "false" },
	{ LINES("e 13 /x y"), "unreadable", "{\"/x y\":\"EACCES\"}" },
	{ LINES("e 13 /x"), "complete", "false" },
	{ LINES("m 9fa0 /proc"), "left_out",
	  "{\"/proc\":{\"class\":\"kernel\",\"type\":\"proc\"}}" },
	{ LINES("m 9fa0 /proc"), "complete", "true" },
	{ LINES("m 123 /x"), "complete", "false" },
	{ LINES("w 0666 1 2 /a b"), "world_writable/files",
	  "{\"/a b\":{\"gid\":2,\"mode\":\"0666\",\"uid\":1}}" },
	{ LINES("x w 9\0x s 3"), "world_writable/count", "9" },
	{ LINES("c 0100000200200000000000000000000000000000 0 0 /p"), "capabilities/files",
	  "{\"/p\":{\"effective\":true,\"inheritable\":0,\"permitted\":8192,\"rootid\":0}}" },
	{ LINES("c 000000030020000000000000000000000000000010270000 0 0 /p"), "capabilities/files",
	  "{\"/p\":{\"effective\":false,\"inheritable\":0,\"permitted\":8192,\"rootid\":10000}}" },
	{ LINES("c 0000000200000000000000004000000000000000 0 0 /p"), "capabilities/files",
	  "{\"/"
	  "p\":{\"effective\":false,\"inheritable\":0,\"permitted\":274877906944,\"rootid\":0}}" },
	{ LINES("c 01000002 0 0 /p"), "capabilities/files",
	  "{\"/p\":{\"$unread\":\"capabilities of version 2, 4 bytes\"}}" },
	{ LINES("u 1000 5 /a"), "unowned/users", "{}" },
	{ LINES("u 7 5 /a\0u 7 6 /b"), "unowned/users", "{\"7\":{\"count\":11,\"path\":\"/a\"}}" },
	{ LINES("u 100001 5 /a\0u 61184 1 /b"), "unowned/users", "{}" },
	{ LINES("u 165536 5 /a"), "unowned/users", "{\"165536\":{\"count\":5,\"path\":\"/a\"}}" },
	{ LINES("o"), "unowned", "{\"$unread\":\"files have too many different owners\"}" },
	{ LINES(""), "unowned/sources", "[\"sss\"]" },
	{ LINES("w\0s 1\0c\0u\0m\0e\0x\0\0?"), "complete", "true" },
};

START_TEST(report_is_understood)
{
	AUTO_JSON json_t *record =
		record_of(reports[_i].lines, reports[_i].n,
			  "bob:100000:65536\nbad\nodd:-9223372036854775808:165537\n",
			  "passwd: files systemd sss [NOTFOUND=return] # ldap\nhosts: dns\n");
	struct fact f = facts_find(record, reports[_i].path);
	AUTO_FREE char *got =
		json_dumps(f.value ? f.value : json_object_get(record, reports[_i].path),
			   JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	ck_assert_str_eq(got, reports[_i].wanted);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("filewalk", &suite);
	tcase_add_test(tc, walk_finds_what_matters_and_no_more);
	tcase_add_loop_test(tc, report_is_understood, 0, ARRAY_SIZE(reports));
	return harness_run(suite);
}
