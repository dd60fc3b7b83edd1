/* SPDX-License-Identifier: Apache-2.0 */
/* daemon_storage.c: storage drivers that nobody maintains any more. */
#include <string.h>
#include <strings.h>

#include "engine.h"

static enum sw_verdict driver_is_not(struct sw_eval *e)
{
	const char *obsolete = sw_arg(e);
	const char *driver = engine_text(e, "info/Driver");

	if (strcmp(driver, obsolete) == 0)
		return sw_fail(e, "the storage driver is %s", driver);
	return sw_pass(e, "the storage driver is %s%s", driver,
		       engine_setting_drift(e, "storage-driver"));
}

static enum sw_verdict base_size_is_untouched(struct sw_eval *e)
{
	const char *driver = engine_text(e, "info/Driver");

	if (*driver == '\0')
		return SW_UNKNOWN;
	if (strcmp(driver, "devicemapper") != 0)
		return sw_skip(e, "the storage driver is %s, not devicemapper", driver);

	const char *options = engine_setting(e, "storage-opts");
	size_t n = engine_count(e, options);
	for (size_t i = 0; i < n; i++) {
		const char *option = sw_str(e, sw_at(e, "%s/%zu", options, i), "");
		/* The driver lowers the names of its options before it looks at them. */
		if (strncasecmp(option, "dm.basesize", strlen("dm.basesize")) == 0)
			sw_fail(e, "%s (%s)", option, engine_setting_origin(e, "storage-opts"));
	}
	return sw_said(e);
}

const struct sw_check sw_daemon_storage_checks[] = {
	{
		.id = "daemon.aufs",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The aufs storage driver is not used",
		.why = "aufs never was part of the kernel and gets no fixes; Docker dropped it in "
		       "24.0.",
		.wanted = "any other driver",
		.remedy = "Save what you need (docker save, docker volume), set "
			  "\"storage-driver\": \"overlay2\" in /etc/docker/daemon.json, then: "
			  "systemctl restart docker",
		.fn = driver_is_not,
		.arg = "aufs",
	},
	{
		.id = "daemon.devicemapper",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The devicemapper storage driver is not used",
		.why = "It gets no fixes, is fragile when its pool runs full, and Docker dropped "
		       "it in 25.0.",
		.wanted = "any other driver",
		.remedy = "Save what you need (docker save, docker volume), set "
			  "\"storage-driver\": \"overlay2\" in /etc/docker/daemon.json, then: "
			  "systemctl restart docker",
		.fn = driver_is_not,
		.arg = "devicemapper",
	},
	{
		.id = "daemon.base-size",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The base size of devicemapper containers is the default",
		.why = "A larger base lets every container fill the pool and so stop all others.",
		.wanted = "no dm.basesize",
		.remedy = "Remove dm.basesize from \"storage-opts\" in /etc/docker/daemon.json, "
			  "then: systemctl restart docker",
		.fn = base_size_is_untouched,
	},
	{ 0 },
};
