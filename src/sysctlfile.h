/* SPDX-License-Identifier: Apache-2.0 */
/* sysctlfile.h: what files and the kernel's command line set in /proc/sys. Pure: reads nothing. */
#ifndef SW_SYSCTLFILE_H
#define SW_SYSCTLFILE_H

#include "confdir.h"

/*
 * A name as the path below /proc/sys that it means (malloc'ed): "net.ipv4.conf.eth0/100.rp_filter"
 * is "net/ipv4/conf/eth0.100/rp_filter". The first separator tells which of the two it is.
 */
char *sysctl_path(const char *name);
enum { SYSCTL_PATTERNS_MAX = 500 };
/* For struct conf_spec, whose context is a size_t of 0. "-name" alone keeps patterns from name: its
 * value is null. */
void sysctl_line(struct conf *c, char *line);

/*
 * Takes the patterns out of the settings that conf_read() gave: a list of {"pattern","value",
 * "file","line"}, the last first. NULL where the settings are unread.
 */
json_t *sysctl_take_patterns(json_t *settings);
/*
 * Adds to the settings of a key what the patterns say of it: behind what names the key itself,
 * which counts whatever the order. Nothing where they are unread.
 */
void sysctl_apply_patterns(json_t *settings, const json_t *patterns, const char *key);

/*
 * By key, what the command line sets before any file does: {"value","parameter"}. sysctl.KEY=VALUE
 * (since Linux 5.8) and those older parameters that set one of the keys.
 */
json_t *sysctl_boot(const char *cmdline);

/* Ends with NULL: all that is read of a running kernel by default. */
extern const char *const sysctl_keys[];
/* Ends with NULL: of each interface, below net/ipv4/conf and net/ipv6/conf. */
extern const char *const sysctl_ipv4_keys[];
extern const char *const sysctl_ipv6_keys[];

/* The namespace whose value it is, as in namespace_names; NULL: all share one. */
const char *sysctl_namespace(const char *key);
/* Is its value a secret that goes into no record? */
bool sysctl_is_secret(const char *key);

/* The interfaces that a default route of /proc/net/ipv6_route goes out of that the kernel made of
 * a router's advertisement. Unread where that is no such text. */
json_t *sysctl_ra_routes(char *text);

#endif
