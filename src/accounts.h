/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.h: what the account files say, line by line; never a password's hash. */
#ifndef SW_ACCOUNTS_H
#define SW_ACCOUNTS_H

#include <jansson.h>

#include "util.h"

/*
 * Each gives {"entries": [{"line": 1, "name": "root", …}], "malformed": [7], "compat": [9]}: the
 * lines that were understood, the numbers of those that were not, and of those that begin with "+"
 * or "-", which ask NIS. Lines that the C library skips (empty ones, comments) are left out. More
 * than ACCOUNTS_MAX lines: unread. The text is changed.
 */
enum { ACCOUNTS_MAX = 5000 };

json_t *accounts_passwd(char *text);  /* uid gid home shell password */
json_t *accounts_shadow(char *text);  /* password changed min max warn inactive expires */
json_t *accounts_group(char *text);   /* gid members */
json_t *accounts_gshadow(char *text); /* members */
json_t *accounts_subid(char *text);   /* first count */

/* {"bob": 2}: how many entries have the same value of a member, of those that are not alone, by
 * that value as text, each a list of the names. */
json_t *accounts_shared(const json_t *entries, const char *member);

/*
 * What a password field is: {"kind": KIND, "locked": true, "rounds": N}. KIND is "empty", "none"
 * (no hash: nothing matches), "shadow" ("x"), or the scheme of the hash: yescrypt, gost-yescrypt,
 * scrypt, bcrypt, sha512, sha256, sha1, sunmd5, md5, nt, bsdi, des; "rounds" only where it is told.
 */
json_t *accounts_password(const char *field);

#endif
