/* SPDX-License-Identifier: Apache-2.0 */
/* host_log.h: what the checks of the journal and of rsyslog share. */
#ifndef SW_HOST_LOG_H
#define SW_HOST_LOG_H

#include "host_common.h"

#define LOG_JOURNALD               "@host/journald"
#define LOG_RSYSLOG                "@host/rsyslog"
#define LOG_SERVICE(section, unit) section "/services/" unit

enum { LOG_LISTED_MAX = 300 };

/* Is value, in any case, one of the words of list, which "|" parts? */
bool log_is_one_of(const char *value, const char *list);
/* Do boots start the service, whose fact is at this path? */
bool log_boots_start(struct sw_eval *e, const char *service);
/* Does rsyslog write this host's logs? */
bool log_uses_rsyslog(struct sw_eval *e);
/* "2755", "~2755", ":0640"; 0 for "-", which leaves it as it is. What is no mode is unknown. */
unsigned log_mode(struct sw_eval *e, const char *text);
/* Pass, and "configured" when that is all that can be seen. */
enum sw_verdict log_well(struct sw_eval *e);

#define LOG_ROW(id_, severity_, fn_, title_, why_, wanted_, remedy_)                               \
	{                                                                                          \
		.id = "host.log." id_, .kind = SW_HOST, .severity = severity_, .title = title_,    \
		.why = why_, .wanted = wanted_, .remedy = remedy_, .fn = fn_,                      \
		.params = host_role_params, .needs = SW_NEEDS_LOGGING                              \
	}

#endif
