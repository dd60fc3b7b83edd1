/* SPDX-License-Identifier: Apache-2.0 */
/* conftree.h: files in memory where conf_read() looks for them, and what it made of them. */
#ifndef SW_TESTS_CONFTREE_H
#define SW_TESTS_CONFTREE_H

#include "confdir.h"

/* text NULL: a folder. One that has files need not be told. Links and devices are told by text. */
struct conf_file {
	const char *path, *text;
};
#define CONF_DEVICE ((const char *)1) /* a link to /dev/null */
#define CONF_DENIED ((const char *)2)
#define CONF_LINK   "->" /* and where it leads: an absolute path of the list */

/* The files, which end with a path of NULL, and how many reads there were. Both are borrowed. */
struct conf_tree {
	const struct conf_file *files;
	size_t n_reads;
};
struct conf_source conftree_source(struct conf_tree *t);

/* What conf_read() gave; each fails the test if it is something else. */
/* "value@file:line ..." of one key; "" where it is absent. */
void conftree_settings_are(json_t *conf, const char *key, const char *wanted);
/* "/etc/x.conf /etc/y.conf:masked": the files in their order, with their state unless it is read.
 */
void conftree_files_are(json_t *conf, const char *wanted);
/* "settings" is unread, and why is in the reason. */
void conftree_is_unread(json_t *conf, const char *why);

#endif
