/* SPDX-License-Identifier: Apache-2.0 */
/* host_repos.h: what is asked alike of host/updates; private to checks/. */
#ifndef SW_CHECKS_HOST_REPOS_H
#define SW_CHECKS_HOST_REPOS_H

#include "host_common.h"

#define UPDATES "@host/updates/"

enum { UPDATES_LISTED_MAX = 300 };

/* The value in force, NULL when it is not set. Of apt's own the name is in lower case. */
const char *updates_setting(struct sw_eval *e, const char *file, const char *name);
const char *updates_apt(struct sw_eval *e, const char *name);
/* As apt, dnf and zypp read it. */
bool updates_is_yes(const char *value);
bool updates_is_no(const char *value);

/* How many sources there are in list ("apt"); says unknown when there are too many to look at. */
size_t updates_repos(struct sw_eval *e, const char *list);
const char *updates_repo(struct sw_eval *e, const char *list, size_t i, const char *member);
/* Is it used? Of all forms. */
bool updates_repo_is_on(struct sw_eval *e, const char *list, size_t i);

#endif
