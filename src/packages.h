/* SPDX-License-Identifier: Apache-2.0 */
/* packages.h: names and versions of installed packages, from the text of a package manager's list.
 * Pure. */
#ifndef SW_PACKAGES_H
#define SW_PACKAGES_H

#include <jansson.h>

#include "util.h"

/*
 * Each adds {name: version} to packages; what was removed and left configuration behind is not
 * installed. False: the text is not of that form. It is changed.
 */
bool packages_dpkg(char *text, json_t *packages); /* /var/lib/dpkg/status */
bool packages_apk(char *text, json_t *packages);  /* /lib/apk/db/installed */
/* "name-1.2-3" of a folder of pacman's. */
void packages_pacman(const char *entry, json_t *packages);

enum { PACKAGES_MAX = 50000 };

#endif
