/* SPDX-License-Identifier: Apache-2.0 */
/* host_log.c: see host_log.h. */
#include "host_log.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool log_is_one_of(const char *value, const char *list)
{
	size_t n = strlen(value);

	while (*list) {
		size_t length = strcspn(list, "|");
		if (length == n && strncasecmp(list, value, n) == 0)
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

bool log_boots_start(struct sw_eval *e, const char *service)
{
	return !sw_bool(e, sw_at(e, "%s/masked", service), false) &&
	       sw_bool(e, sw_at(e, "%s/wanted", service), false);
}

bool log_uses_rsyslog(struct sw_eval *e)
{
	return sw_has(e, LOG_RSYSLOG "/program") &&
	       log_boots_start(e, LOG_SERVICE(LOG_RSYSLOG, "rsyslog.service"));
}

enum sw_verdict log_well(struct sw_eval *e)
{
	if (sw_said(e) == SW_PASS && !host_is_running(e))
		return sw_pass(e, "configured");
	return SW_PASS;
}

unsigned log_mode(struct sw_eval *e, const char *text)
{
	text += strspn(text, "~:");
	if (*text == '\0' || strcmp(text, "-") == 0)
		return 0;
	if (text[strspn(text, "01234567")] || strlen(text) > 5) {
		sw_unknown(e, "%s is no mode", text);
		return 0;
	}
	return (unsigned)strtoul(text, NULL, 8);
}
