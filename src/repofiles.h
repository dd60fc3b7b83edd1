/* SPDX-License-Identifier: Apache-2.0 */
/* repofiles.h: where package managers take packages from. */
#ifndef SW_REPOFILES_H
#define SW_REPOFILES_H

#include "confdir.h"

/*
 * Each as conf_read() has it, all in the list "repos", the address (without names and passwords)
 * or the id as "value":
 *
 *   apt    "form": "list" or "deb822", "enabled", "trusted", "insecure" (booleans, of the options
 *          that say so), "signed-by": a path, "embedded", or null
 *   rpm    of each section: "enabled", "gpgcheck", "pkg_gpgcheck", "baseurl", "mirrorlist",
 *          "metalink" as text, when they are there
 *   apk    the address alone
 */
json_t *repos_apt(const struct conf_source *source, bool is_deb822);
/* main: alternatives of a file that may hold some beside its own section, or NULL; flags of
 * conf_spec. */
json_t *repos_rpm(const struct conf_source *source, const char *const *main,
		  const char *const *dirs, unsigned flags);
json_t *repos_apk(const struct conf_source *source);

/* An address without what stands before "@" in its host, and without its query; malloc'ed. */
char *repo_address(const char *text);

#endif
