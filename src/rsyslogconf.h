/* SPDX-License-Identifier: Apache-2.0 */
/* rsyslogconf.h: rsyslog's configuration, in its old syntax and in RainerScript. */
#ifndef SW_RSYSLOGCONF_H
#define SW_RSYSLOGCONF_H

#include "confdir.h"

/*
 * {"files","settings"} as of conf_read(), with all of each kind in the order of the files:
 *   "output":  a file that is written to; with "selector" ("" where a script decides) and the
 *              "mode" it is made with, "0644" when none was set before
 *   "remote":  another host; with "selector"
 *   "input":   "imtcp", "imudp", … ; with "address", "" for all of them
 *   "module":  one that is loaded
 * The value of each is its name or path.
 */
json_t *rsyslogconf_read(const struct conf_source *source);

#endif
