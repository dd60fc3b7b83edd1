/* SPDX-License-Identifier: Apache-2.0 */
/* sshdconf.h: sshd_config(5) as layered configuration. Pure. */
#ifndef SW_SSHDCONF_H
#define SW_SSHDCONF_H

#include "confdir.h"

/*
 * What sshd would read that begins with the first of the files that is there:
 *
 *   { "files": […], "settings": {…},                             as conf_read() gives them
 *     "matches": [ { "criteria": "User root", "settings": {…} } ] }
 *
 * Keywords are in lower case and under their present name. Of "settings" the first is in force,
 * what a "Match all" sets before all others. When there are settings that cannot be known,
 * "matches" is unread too.
 */
json_t *sshdconf_read(const char *const *files, const struct conf_source *source);

/* "9.2p1" from the program's own bytes (malloc'ed), NULL when it does not tell. */
char *sshdconf_version(const char *program, size_t n);

/*
 * A listener's -o and -f options and such from its command line, which it shows as one string
 * "sshd: /usr/sbin/sshd -D -o A=b [listener] …" or as it was started, NUL-separated: settings like
 * those above, by keyword. *ret_file gets what follows -f (malloc'ed) or NULL. NULL: it is no
 * listener but the server of a session.
 */
json_t *sshdconf_arguments(const char *cmdline, size_t n, char **ret_file);

#endif
