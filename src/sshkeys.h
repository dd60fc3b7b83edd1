/* SPDX-License-Identifier: Apache-2.0 */
/* sshkeys.h: what keys an authorized_keys file lets in; never a key. */
#ifndef SW_SSHKEYS_H
#define SW_SSHKEYS_H

#include <jansson.h>

#include "util.h"

enum { SSHKEYS_MAX = 1000 };

/*
 * [{"line": 1, "type": "ssh-rsa", "bits": 2048, "options": ["from"]}]: bits of RSA only; a type
 * that is not known here is "other"; an option "other" too, values are left out. A line that cannot
 * be understood has type "none": sshd skips it. More than SSHKEYS_MAX: unread.
 */
json_t *sshkeys_parse(char *text);

#endif
