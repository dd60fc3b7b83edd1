/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_interfaces.h: network settings that each interface has, judged as the kernel combines an
 * interface's own with conf/all (include/linux/inetdevice.h, net/ipv6); private to checks/.
 */
#ifndef SW_CHECKS_HOST_INTERFACES_H
#define SW_CHECKS_HOST_INTERFACES_H

#include "host_sysctl.h"

enum { INTERFACES_MAX = 4096 };

enum combination {
	EITHER,   /* of IPv4: on where all or the interface's own is */
	BOTH,     /* on where both are */
	HIGHER,   /* the higher of the two */
	REDIRECT, /* both where the interface forwards, either where it does not */
	OWN,      /* of IPv6: the interface's own alone */
	LOWER,    /* of IPv6: the lower of the two */
};

struct interface_rule {
	const char *protocol, *name; /* "ipv4", "rp_filter" */
	enum combination combination;
	int64_t low, high;
	int64_t initial_all, initial_default; /* the kernel's own */
	int64_t also;                         /* accepted beside the range; 0: none */
	bool is_moot_on_container_side; /* engines set it there: accepted by roles with an engine */
};

/* "role" and "container_interfaces". */
extern const struct sw_param interface_params[];

/* Interfaces that are not right: those of the engine's and all others. */
struct offenders {
	size_t n, n_container;
	const char *names, *container_names; /* the first of them */
};

/* The judgement of a whole row. */
enum sw_verdict interfaces_judge(struct sw_eval *e, const struct interface_rule *rule);
/* False: it was said that it cannot be told. */
bool interfaces_find(struct sw_eval *e, const struct interface_rule *rule, struct offenders *found);
void offenders_add(struct sw_eval *e, struct offenders *found, const char *name);
/* "eth0, eth1 and 3 more" */
const char *offenders_text(struct sw_eval *e, const struct offenders *found);
/* What files make of it. */
enum sysctl_next interfaces_next(struct sw_eval *e, const struct interface_rule *rule,
				 struct sysctl_set *ret);
/* Verdicts by that alone: of a running host whose interfaces are right, and of a tree. */
enum sw_verdict interfaces_after_start(struct sw_eval *e, const struct interface_rule *rule);
enum sw_verdict interfaces_configured(struct sw_eval *e, const struct interface_rule *rule);
/* "; FILE:LINE sets it to 0", or "". */
const char *interfaces_drift(struct sw_eval *e, const struct interface_rule *rule);

const char *interfaces_path(struct sw_eval *e, const struct interface_rule *rule);
/* A value of one interface; marks or says unknown what is none. */
int64_t interfaces_value(struct sw_eval *e, const char *path, const char *name);

#endif
