/* SPDX-License-Identifier: Apache-2.0 */
/* swarm_cluster.c: a swarm as a whole: its managers, their lock, its certificates. */
#include "swarm.h"
#include "tables.h"

#include <inttypes.h>

static size_t count_unreachable(struct sw_eval *e)
{
	size_t n = engine_count(e, "nodes"), unreachable = 0;

	for (size_t i = 0; i < n; i++) {
		const char *node = sw_at(e, "nodes/%s", sw_esc(e, sw_key(e, "nodes", i)));
		const char *status = sw_at(e, "%s/ManagerStatus", node);

		if (sw_has(e, status) &&
		    strcmp(sw_str(e, sw_at(e, "%s/Reachability", status), ""), "reachable") != 0)
			unreachable++;
	}
	return unreachable;
}

static enum sw_verdict managers_are_odd_and_few(struct sw_eval *e)
{
	int64_t n, most = sw_param_int(e, "max_managers");
	size_t unreachable;

	if (!swarm_is_manager(e, "how many managers there are"))
		return sw_said(e);
	n = sw_int(e, "info/Swarm/Managers", 0);
	if (n <= 0)
		return sw_unknown(e, "the engine does not tell how many managers there are");
	if (n % 2 == 0)
		return sw_fail(e,
			       "%" PRId64 " managers, an even number: it survives no more losses "
			       "than %" PRId64 " would",
			       n, n - 1);
	if (n > most)
		return sw_fail(e, "%" PRId64 " managers, more than %" PRId64, n, most);
	unreachable = count_unreachable(e);
	if (unreachable > 0)
		return sw_warn(e, "%zu of %" PRId64 " managers cannot be reached", unreachable, n);
	return sw_pass(e, "%" PRId64 " manager%s", n, n == 1 ? "" : "s");
}

/* That a manager waits for its key proves the lock; 1, 0, or UNTOLD, said. */
static int is_autolocked(struct sw_eval *e)
{
	switch (swarm_part(e)) {
	case SWARM_LOCKED: return 1;
	case SWARM_MANAGER:
		return engine_says(e, "info/Swarm/Cluster/Spec/EncryptionConfig/AutoLockManagers");
	case SWARM_WORKER:
		sw_unknown(e, "this node is a worker: whether managers are locked is told by "
			      "a manager only");
		return UNTOLD;
	case SWARM_NONE:
	case SWARM_UNSURE: break;
	}
	return UNTOLD;
}

static enum sw_verdict managers_are_locked(struct sw_eval *e)
{
	int on = is_autolocked(e);

	if (on == UNTOLD)
		return sw_said(e);
	if (!on)
		return sw_fail(e, "autolock is off: the keys of the swarm lie readable on disk");
	return SW_PASS;
}

/* Nothing in a swarm tells when its key was changed, so only an operator's word can. */
static enum sw_verdict key_was_rotated(struct sw_eval *e)
{
	const char *date = sw_param_str(e, "autolock_key_rotated");
	int64_t now, then, days, most = sw_param_int(e, "max_autolock_key_days");
	int on = is_autolocked(e);

	if (on == UNTOLD)
		return sw_said(e);
	if (!on)
		return sw_skip(e, "autolock is off: there is no key to rotate");
	if (!sw_param_is_set(e, "autolock_key_rotated"))
		return sw_warn(e, "when the key was last rotated is recorded nowhere in a swarm");
	if (!time_of(date, &then))
		return sw_unknown(e, "autolock_key_rotated is no date: '%s'", date);
	if (!time_of_engine(e, &now))
		return sw_said(e);
	days = (now - then) / SECONDS_OF_DAY;
	if (then > now)
		return sw_unknown(e, "autolock_key_rotated is in the future: %s", date);
	if (days > most)
		return sw_fail(e, "rotated %" PRId64 " days ago (%s), more than %" PRId64, days,
			       date, most);
	return sw_pass(e, "attested by the operator: rotated on %s", date);
}

/* Certificates are dated back by an hour and last that much longer than the policy says. */
enum { BACK_DATED = 3600 };

static enum sw_verdict worker_certificate(struct sw_eval *e, int64_t most)
{
	int64_t from, until;

	if (!time_of(sw_str(e, "swarm-state/NodeCert/0/NotBefore", ""), &from) ||
	    !time_of(sw_str(e, "swarm-state/NodeCert/0/NotAfter", ""), &until))
		return sw_unknown(e, "the certificate of this node was not understood");
	if ((until - from - BACK_DATED - 1) / SECONDS_OF_DAY >= most)
		return sw_fail(e,
			       "the certificate of this node is valid for %" PRId64
			       " days, more than %" PRId64,
			       (until - from) / SECONDS_OF_DAY, most);
	return sw_unknown(e,
			  "this node is a worker: its own certificate is valid for %" PRId64
			  " days, but what the swarm demands is told by a manager only",
			  (until - from) / SECONDS_OF_DAY);
}

static const char *span(struct sw_eval *e, int64_t seconds)
{
	if (seconds >= SECONDS_OF_DAY)
		return sw_at(e, "%" PRId64 " day%s", seconds / SECONDS_OF_DAY,
			     seconds / SECONDS_OF_DAY == 1 ? "" : "s");
	return sw_at(e, "%" PRId64 " hours", seconds / 3600);
}

static enum sw_verdict node_certificates_expire(struct sw_eval *e)
{
	static const char expiry[] = "info/Swarm/Cluster/Spec/CAConfig/NodeCertExpiry";
	int64_t seconds, most = sw_param_int(e, "max_node_cert_days");
	enum swarm_part part = swarm_part(e);

	if (part == SWARM_WORKER)
		return worker_certificate(e, most);
	if (part == SWARM_LOCKED)
		return sw_unknown(e, "this manager is locked: it does not tell the policy");
	if (part != SWARM_MANAGER)
		return sw_said(e);
	if (!sw_has(e, expiry))
		return sw_warn(e, "the swarm names no time after which certificates expire: "
				  "docker swarm update --cert-expiry");
	seconds = sw_int(e, expiry, 0) / 1000000000;
	if (seconds <= 0)
		return sw_unknown(e, "certificates that expire after %" PRId64 " s", seconds);
	if ((seconds - 1) / SECONDS_OF_DAY >= most)
		return sw_fail(e, "certificates are valid for %s, more than %" PRId64 " days",
			       span(e, seconds), most);
	return sw_pass(e, "certificates are valid for %s", span(e, seconds));
}

/* While a new root is brought in there are several; the oldest counts. */
static bool age_of_root(struct sw_eval *e, int64_t now, int64_t *ret_days)
{
	size_t n = engine_count(e, "swarm-state/RootCA");
	int64_t from, until;

	*ret_days = 0;
	for (size_t i = 0; i < n; i++) {
		const char *one = sw_at(e, "swarm-state/RootCA/%zu", i);

		if (!time_of(sw_str(e, sw_at(e, "%s/NotBefore", one), ""), &from) ||
		    !time_of(sw_str(e, sw_at(e, "%s/NotAfter", one), ""), &until)) {
			sw_unknown(e, "the root certificate was not understood");
			return false;
		}
		if (until < now)
			sw_fail(e, "a root certificate has expired");
		if (from > now)
			sw_unknown(e, "by the engine's clock a root certificate is not valid yet");
		if ((now - from) / SECONDS_OF_DAY > *ret_days)
			*ret_days = (now - from) / SECONDS_OF_DAY;
	}
	if (n == 0)
		sw_unknown(e, "no root certificate was seen");
	return n > 0;
}

static enum sw_verdict root_ca_is_rotated(struct sw_eval *e)
{
	int64_t now, days, most = sw_param_int(e, "max_ca_days");
	enum swarm_part part = swarm_part(e);

	if (part == SWARM_NONE || part == SWARM_UNSURE || !time_of_engine(e, &now) ||
	    !age_of_root(e, now, &days))
		return sw_said(e);
	if (!sw_param_is_set(e, "max_ca_days"))
		sw_warn(e, "the root certificate is %" PRId64 " days old", days);
	else if (days > most)
		sw_fail(e, "the root certificate is %" PRId64 " days old, more than %" PRId64, days,
			most);
	if (part == SWARM_MANAGER && sw_bool(e, "info/Swarm/Cluster/RootRotationInProgress", false))
		sw_warn(e, "a rotation of the root certificate is under way: see that it ends");
	return sw_said(e) == SW_PASS
		       ? sw_pass(e, "the root certificate is %" PRId64 " days old", days)
		       : sw_said(e);
}

static const struct sw_param manager_params[] = {
	{ "max_managers", SW_INT, "7", "how many managers a swarm may have" },
	{ 0 },
};

static const struct sw_param key_params[] = {
	{ "autolock_key_rotated", SW_STRING, NULL,
	  "the day on which docker swarm unlock-key --rotate was last run: 2026-11-22" },
	{ "max_autolock_key_days", SW_INT, "365",
	  "how many days the key of locked managers may be used" },
	{ 0 },
};

static const struct sw_param node_cert_params[] = {
	{ "max_node_cert_days", SW_INT, "90", "how many days the certificate of a node may last" },
	{ 0 },
};

static const struct sw_param ca_params[] = {
	{ "max_ca_days", SW_INT, NULL, "how many days old a swarm's root certificate may be" },
	{ 0 },
};

const struct sw_check sw_swarm_cluster_checks[] = {
	{
		.id = "swarm.managers",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "A swarm has an odd number of managers and no more than it needs",
		.why = "Every manager holds the keys of the whole swarm; with an even number a "
		       "network split leaves none in charge.",
		.wanted = "an odd number, at most max_managers",
		.remedy = "docker node demote NODE   or   docker node promote NODE",
		.fn = managers_are_odd_and_few,
		.params = manager_params,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.autolock",
		.kind = SW_ENGINE,
		.severity = SW_MEDIUM,
		.title = "Managers are locked after a restart",
		.why = "Without the lock whoever has a manager's disk has the keys to the swarm's "
		       "log, and so its secrets.",
		.wanted = "autolock on",
		.remedy = "docker swarm update --autolock=true   and keep the key it prints apart "
			  "from the managers",
		.fn = managers_are_locked,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.autolock-key-rotated",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The key of locked managers is rotated",
		.why = "A key that was seen once, by somebody who left or in a log, opens every "
		       "manager until it is changed.",
		.wanted = "rotated within max_autolock_key_days, by the operator's word",
		.remedy = "docker swarm unlock-key --rotate, then declare the day:\n"
			  "--set autolock_key_rotated=YYYY-MM-DD",
		.fn = key_was_rotated,
		.params = key_params,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.node-certificates",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Certificates of nodes expire soon enough",
		.why = "Whoever copies a node's key can pose as that node until its certificate "
		       "expires.",
		.wanted = "at most max_node_cert_days",
		.remedy = "docker swarm update --cert-expiry 2160h",
		.fn = node_certificates_expire,
		.params = node_cert_params,
		.needs = SW_NEEDS_SWARM,
	},
	{
		.id = "swarm.ca-certificates",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "The root certificate of the swarm is rotated",
		.why = "It is made for twenty years; whoever got its key can make nodes of the "
		       "swarm as long as it is trusted.",
		.wanted = "no older than max_ca_days",
		.remedy = "docker swarm ca --rotate",
		.fn = root_ca_is_rotated,
		.params = ca_params,
		.needs = SW_NEEDS_SWARM,
	},
	{ 0 },
};
