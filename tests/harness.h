/* SPDX-License-Identifier: Apache-2.0 */
/* harness.h: what the main() of every test program does: one suite of one group of tests, run. */
#ifndef SW_TESTS_HARNESS_H
#define SW_TESTS_HARNESS_H

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs the suite and frees it; the status that main() returns. How much is told is up to
 * CK_VERBOSITY.
 */
static inline int harness_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* A suite with one group, to which tests are added. */
static inline TCase *harness_group(const char *name, Suite **ret_suite)
{
	TCase *group = tcase_create(name);

	*ret_suite = suite_create(name);
	suite_add_tcase(*ret_suite, group);
	return group;
}

/* What a test program returns that cannot run here. */
enum { HARNESS_SKIP = 77 };

/* Have the trees of tests/roots their links? A tarball has them followed, so its tests go without.
 */
static inline int harness_has_links(void)
{
	char path[PATH_MAX], target[8];
	const char *srcdir = getenv("srcdir");

	snprintf(path, sizeof(path), "%s/tests/roots/sysctl-ubuntu/etc/sysctl.d/99-sysctl.conf",
		 srcdir ? srcdir : ".");
	return readlink(path, target, sizeof(target)) > 0;
}

#endif
