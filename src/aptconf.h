/* SPDX-License-Identifier: Apache-2.0 */
/* aptconf.h: the language of apt.conf(5), of which a few settings are kept. */
#ifndef SW_APTCONF_H
#define SW_APTCONF_H

#include "confdir.h"

/*
 * Settings by their names in lower case, as apt compares them; all assignments in file order, so
 * the last is in force. Of lists each element is one. A value of null stands where it was cleared.
 * Others are not kept: they hold passwords of proxies.
 */
json_t *aptconf_read(const struct conf_source *source);

#endif
