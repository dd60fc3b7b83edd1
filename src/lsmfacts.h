/* SPDX-License-Identifier: Apache-2.0 */
/* lsmfacts.h: texts about security modules, AppArmor's profiles and SELinux. Pure. */
#ifndef SW_LSMFACTS_H
#define SW_LSMFACTS_H

#include <jansson.h>

#include "util.h"

/* All change their text. */

/* "lockdown,capability,yama" as a list. */
json_t *lsm_list_fact(char *text);
/* What lsm_text() gives: the list, or NULL when the kernel cannot tell; *ret_landlock is the
 * version of Landlock, 0 for none. */
json_t *lsm_told_fact(char *text, int64_t *ret_landlock);
/* The word in brackets of "none [integrity] confidentiality"; "" when there is none. */
json_t *lsm_bracketed_fact(char *text);
/* Lines "name (mode)" as a list of {"name", "mode"}: names may have blanks. Unread when one is not
 * understood. */
json_t *apparmor_profiles_fact(char *text);
/* "enforce", "complain", "unconfined" or "kill" of a file of profiles: by the flags that it has for
 * any of them, the weakest. */
const char *apparmor_file_mode(const char *text);

#endif
