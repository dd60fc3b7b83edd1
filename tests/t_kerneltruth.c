/* SPDX-License-Identifier: Apache-2.0 */
/* t_kerneltruth.c: names of capabilities, and a container's mount table as a fact. */
#include <stdio.h>

#include <seaworthy/check.h>

#include "harness.h"
#include "kernelfacts.h"

static const struct {
	const char *name;
	int bit;
} names[] = {
	{ "CHOWN", 0 },        { "SYS_ADMIN", 21 },
	{ "sys_admin", 21 },   { "CAP_SYS_ADMIN", 21 },
	{ "cap_net_raw", 13 }, { "AUDIT_READ", 37 },
	{ "ALL", -1 },         { "", -1 },
	{ "21", -1 },          { "CAP_21", -1 },
	{ "CAP_", -1 },        { " CHOWN", -1 },
	{ "CHOWN ", -1 },      { "CAP_CAP_CHOWN", -1 },
};

START_TEST(test_bit_of_name)
{
	ck_assert_int_eq(sw_capability_bit(names[_i].name), names[_i].bit);
}
END_TEST

START_TEST(test_long_name)
{
	char name[1000];

	memset(name, 'A', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(sw_capability_bit(name), -1);
}
END_TEST

#define ID "8aae03660224d7e9e5c25bca0ae1ea49229856980f6514ef0fa7cb28fb57a591"

static void add_part(FILE *f, const char *name, int error, const char *text)
{
	fprintf(f, "%s%c%d%c%zu%c%s", name, 0, error, 0, strlen(text), 0, text);
}

static json_t *facts(const char *mountinfo, int error)
{
	static char *none[7];
	char *answer = NULL;
	size_t n;
	AUTO_FREE char *cgroup = NULL;
	FILE *f = open_memstream(&answer, &n);

	ck_assert_ptr_nonnull(f);
	add_part(f, "cgroup", 0, "0::/docker/" ID "\n");
	if (mountinfo)
		add_part(f, "mountinfo", error, mountinfo);
	fclose(f);
	json_t *kernel = kernel_facts(answer, n, ID, 1, none, none, &cgroup);
	free(answer);
	return kernel;
}

static const char *place(json_t *kernel, const char *point, const char *member)
{
	json_t *mount = json_object_get(json_object_get(kernel, "Mounts"), point);

	return json_string_value(json_object_get(mount, member));
}

static bool is_writable(json_t *kernel, const char *point)
{
	json_t *mount = json_object_get(json_object_get(kernel, "Mounts"), point);

	return json_is_true(json_object_get(mount, "writable"));
}

START_TEST(test_mounts_by_place)
{
	json_t *kernel = facts("1 0 0:50 / / ro,relatime - overlay overlay rw,lowerdir=/a\n"
			       "2 1 254:0 /a /x rw - ext4 /dev/vda rw\n"
			       "3 1 254:0 /b /x ro - ext4 /dev/vda rw\n"
			       "4 1 254:0 /c /y rw,noatime - ext4 /dev/vda ro,discard\n"
			       "5 1 254:0 /d /a\\040b rw,errors=remount-ro - ext4 /dev/vda rw\n",
			       0);

	ck_assert_str_eq(place(kernel, "/", "type"), "overlay");
	ck_assert(!is_writable(kernel, "/"));
	ck_assert_str_eq(place(kernel, "/x", "root"), "/b");
	ck_assert(!is_writable(kernel, "/x"));
	ck_assert(!is_writable(kernel, "/y"));
	ck_assert_str_eq(place(kernel, "/a b", "dev"), "254:0");
	ck_assert(is_writable(kernel, "/a b"));
	json_decref(kernel);
}
END_TEST

START_TEST(test_mounts_unread)
{
	json_t *kernel = facts("", 13), *none = facts(NULL, 0);

	ck_assert_ptr_nonnull(json_object_get(json_object_get(kernel, "Mounts"), "$unread"));
	ck_assert_ptr_null(json_object_get(none, "Mounts"));
	json_decref(kernel);
	json_decref(none);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *t = harness_group("kernel truth", &suite);

	tcase_add_loop_test(t, test_bit_of_name, 0, (int)ARRAY_SIZE(names));
	tcase_add_test(t, test_long_name);
	tcase_add_test(t, test_mounts_by_place);
	tcase_add_test(t, test_mounts_unread);
	return harness_run(suite);
}
