/* SPDX-License-Identifier: Apache-2.0 */
/* modulefacts.h: which kernel modules there are, and what modprobe is told of them. Pure. */
#ifndef SW_MODULEFACTS_H
#define SW_MODULEFACTS_H

#include "confdir.h"

/* Modules that are looked for, and the symbol of the kernel's configuration that makes each. Names
 * have "_" for "-". A check that reads another name finds nothing and cannot pass. */
struct module_name {
	const char *name, *symbol;
};
extern const struct module_name module_names[];
extern const size_t module_names_n;

/*
 * By name {"state": "module", "file": PATH}, {"state": "builtin"} or {"state": "none"} for all
 * names, from the texts of modules.dep and modules.builtin, which are changed. "fs" of *ret_fs is
 * the list of all modules of file systems.
 */
json_t *modules_of_lists(char *dep, char *builtin, json_t **ret_fs);
/* The same from a kernel's configuration (as kconfig_fact() gives it), of a kernel without files of
 * modules: of what would be a module the state is "unseen". */
json_t *modules_of_config(const json_t *config);

/* Names in /proc/modules, as members. */
json_t *modules_loaded(char *text);
/* Names in /proc/filesystems, as a list. */
json_t *filesystems_known(char *text);

/*
 * What modprobe.d(5) says: {"files": …, "names": {NAME: {"install": {"value","file","line"},
 * "blacklist": the same}}} for all names, without what is not said. Of several install lines the
 * first is in force, and its name may be a pattern, as libkmod has it. Unread when a file is.
 */
json_t *modprobe_read(const struct conf_source *source);

#endif
