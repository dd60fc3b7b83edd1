/* SPDX-License-Identifier: Apache-2.0 */
/* host_accounts.h: what several checks of accounts ask alike; private to checks/. */
#ifndef SW_CHECKS_HOST_ACCOUNTS_H
#define SW_CHECKS_HOST_ACCOUNTS_H

#include <string.h>

#include <seaworthy/check.h>

#define ACCOUNTS "@host/accounts/"

/*
 * How many entries @host/accounts/FILE has ("passwd", "shadow", "group" …). Lines that could not be
 * understood are said as unknown. What is not there has none; then is_there is false.
 */
size_t accounts_count(struct sw_eval *e, const char *file, bool *is_there);
/* The same; a file that is not there is said as unknown. */
size_t accounts_of(struct sw_eval *e, const char *file);
/* The same without a word about it: after one of the above. */
size_t accounts_again(struct sw_eval *e, const char *file);
/* The path of entry i. */
const char *account_at(struct sw_eval *e, const char *file, size_t i);
/* Members of the entry at a path; those that are always there. */
const char *account_text(struct sw_eval *e, const char *at, const char *member);
int64_t account_number(struct sw_eval *e, const char *at, const char *member);

/* Does a shell of this name let nobody in: nologin, false? */
bool shell_refuses(const char *shell);
/* The kind of password is one that can be typed: a hash that is not locked. */
bool password_works(struct sw_eval *e, const char *password);

/* The setting in force of KEY in a section that is layered configuration, or NULL. ret_from (may be
 * NULL): "/etc/login.defs:12". */
const char *setting_of(struct sw_eval *e, const char *section, const char *key,
		       const char **ret_from);
/* As a number; false when it is none, or not set: ret_text tells (NULL: not set). */
bool setting_number(struct sw_eval *e, const char *section, const char *key, int64_t *ret,
		    const char **ret_text, const char **ret_from);
bool text_number(const char *text, int64_t *ret);

/* The first uid of people: UID_MIN of login.defs, 1000 when not set. */
int64_t first_uid(struct sw_eval *e);

#endif
