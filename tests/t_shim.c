/* SPDX-License-Identifier: Apache-2.0 */
/* t_shim.c: whose a process is, by the shim that is its parent, where no control group says it. */
#include <stdio.h>

#include "harness.h"
#include "kernelfacts.h"
#include "procparse.h"

#define ID    "8aae03660224d7e9e5c25bca0ae1ea49229856980f6514ef0fa7cb28fb57a591"
#define OTHER "1111111111111111111111111111111111111111111111111111111111111111"

/* stat: parent and start are fields 4 and 22 of proc(5). */
#define STAT(name, parent, start)                                                                  \
	"812 (" name ") S " parent " 0 0 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 " start " 0 0"

/* Words of a command line, with a blank for the NUL between them. */
static const struct {
	const char *name, *exe, *words, *stat, *mnt, *user;
	bool is_it;
} shims[] = {
	{ "as containerd starts it", "/usr/bin/containerd-shim-runc-v2",
	  "/usr/bin/containerd-shim-runc-v2 -namespace moby -id " ID " -address /run/c.sock",
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", true },
	{ "two dashes", "/usr/bin/containerd-shim-runc-v2", "shim --id " ID,
	  STAT("containerd-shim", "1", "700"), "mnt:[2]", "user:[3]", true },
	{ "of another container", "/usr/bin/containerd-shim-runc-v2", "shim -id " OTHER,
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", false },
	{ "the id is another word's", "/usr/bin/containerd-shim-runc-v2", "shim -bundle " ID,
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", false },
	{ "no id after it", "/usr/bin/containerd-shim-runc-v2", "shim " ID " -id",
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", false },
	{ "a part of the id", "/usr/bin/containerd-shim-runc-v2", "shim -id " ID "0",
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", false },
	{ "another program", "/usr/bin/sh", "containerd-shim-runc-v2 -id " ID,
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[3]", false },
	{ "younger than its child: another one by now", "/usr/bin/containerd-shim-runc-v2",
	  "shim -id " ID, STAT("containerd-shim", "1", "701"), "mnt:[2]", "user:[3]", false },
	{ "in a container", "/usr/bin/containerd-shim-runc-v2", "shim -id " ID,
	  STAT("containerd-shim", "1", "500"), "mnt:[9]", "user:[3]", false },
	{ "in another user namespace", "/usr/bin/containerd-shim-runc-v2", "shim -id " ID,
	  STAT("containerd-shim", "1", "500"), "mnt:[2]", "user:[9]", false },
	{ "no start", "/usr/bin/containerd-shim-runc-v2", "shim -id " ID, "812 (x", "mnt:[2]",
	  "user:[3]", false },
};

static char *const engine_ns[7] = { "net:[1]",  "pid:[1]", "ipc:[1]",   "uts:[1]",
				    "user:[3]", "mnt:[2]", "cgroup:[1]" };

static void add_part(FILE *f, const char *name, const char *text, bool has_words)
{
	fprintf(f, "%s%c0%c%zu%c", name, 0, 0, strlen(text) + has_words, 0);
	for (const char *p = text; *p; p++)
		fputc(has_words && *p == ' ' ? '\0' : *p, f);
	if (has_words)
		fputc('\0', f);
}

static char *answer_of(size_t i, size_t *ret_len)
{
	char *answer = NULL;
	FILE *f = open_memstream(&answer, ret_len);

	ck_assert_ptr_nonnull(f);
	add_part(f, "stat", shims[i].stat, false);
	add_part(f, "cmdline", shims[i].words, true);
	add_part(f, "exe", shims[i].exe, false);
	add_part(f, "ns/mnt", shims[i].mnt, false);
	add_part(f, "ns/user", shims[i].user, false);
	fclose(f);
	return answer;
}

static char *child_of(size_t *ret_len)
{
	char *answer = NULL;
	FILE *f = open_memstream(&answer, ret_len);

	ck_assert_ptr_nonnull(f);
	add_part(f, "stat", STAT("sleep", "811", "700"), false);
	add_part(f, "status", "Uid:\t1000\t1000\t1000\t1000\nSeccomp:\t2\n", false);
	add_part(f, "cgroup", "0::/user.slice\n", false);
	fclose(f);
	return answer;
}

START_TEST(shim_of_the_container)
{
	size_t n, child_len;
	AUTO_FREE char *shim = answer_of((size_t)_i, &n);
	AUTO_FREE char *child = child_of(&child_len);

	ck_assert_msg(kernel_is_shim_of(shim, n, child, child_len, ID, engine_ns) ==
			      shims[_i].is_it,
		      "%s", shims[_i].name);
}
END_TEST

/* Any part that is missing proves nothing. */
START_TEST(shim_cut_off)
{
	size_t n, child_len;
	AUTO_FREE char *shim = answer_of(0, &n);
	AUTO_FREE char *child = child_of(&child_len);

	for (size_t i = 0; i < n; i++)
		ck_assert(!kernel_is_shim_of(shim, i, child, child_len, ID, engine_ns));
	ck_assert(!kernel_is_shim_of(shim, n, child, 0, ID, engine_ns));
}
END_TEST

START_TEST(shim_of_an_unknown_engine)
{
	static char *const unknown[7];
	size_t n, child_len;
	AUTO_FREE char *shim = answer_of(0, &n);
	AUTO_FREE char *child = child_of(&child_len);

	ck_assert(!kernel_is_shim_of(shim, n, child, child_len, ID, unknown));
}
END_TEST

START_TEST(facts_without_a_group)
{
	size_t n;
	AUTO_FREE char *child = child_of(&n);
	AUTO_FREE char *group = NULL;
	json_t *kernel = kernel_facts_ungrouped(child, n, 812, engine_ns, engine_ns);
	json_t *status = json_object_get(kernel, "Status");

	ck_assert_int_eq(json_integer_value(json_object_get(kernel, "Pid")), 812);
	ck_assert_int_eq(json_integer_value(json_object_get(status, "Seccomp")), 2);
	ck_assert(json_object_get(json_object_get(kernel, "Cgroup"), "$unread"));
	json_decref(kernel);
	ck_assert_ptr_null(kernel_facts(child, n, ID, 812, engine_ns, engine_ns, &group));
}
END_TEST

START_TEST(parents)
{
	static const struct {
		const char *stat;
		int64_t parent;
	} stats[] = {
		{ STAT("a) S 7 (b", "811", "700"), 811 },
		{ STAT("sleep", "0", "700"), 0 },
		{ "", 0 },
		{ "812 (sleep", 0 },
		{ "812 (sleep)", 0 },
		{ "812 (sleep) S", 0 },
		{ STAT("sleep", "99999999999", "700"), 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(stats); i++)
		ck_assert_int_eq(proc_parent(stats[i].stat), stats[i].parent);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("shim", &suite);

	tcase_add_loop_test(tc, shim_of_the_container, 0, ARRAY_SIZE(shims));
	tcase_add_test(tc, shim_cut_off);
	tcase_add_test(tc, shim_of_an_unknown_engine);
	tcase_add_test(tc, facts_without_a_group);
	tcase_add_test(tc, parents);
	return harness_run(suite);
}
