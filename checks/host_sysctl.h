/* SPDX-License-Identifier: Apache-2.0 */
/* host_sysctl.h: how a kernel setting is judged by what it is and by what sets it at the next
 * start; private to checks/. */
#ifndef SW_CHECKS_HOST_SYSCTL_H
#define SW_CHECKS_HOST_SYSCTL_H

#include "host_common.h"

/* What it means that the running kernel does not have the setting. */
struct sysctl_absence {
	enum sw_verdict verdict;
	const char *meaning;
};

/* A range of values that is right. The .arg of most rows. */
struct sysctl_rule {
	const char *key; /* below /proc/sys: "kernel/kptr_restrict" */
	int64_t low, high;
	/* What the kernel has where nothing sets it (Documentation/admin-guide/sysctl, of 6.x);
	 * NULL: that depends on how it was built, as "build" says. */
	const char *initial;
	const char *build;
	/* Where the build is known: the symbol that decides, and the values that it makes. */
	const char *symbol, *if_built, *if_not_built;
	const char *if_there; /* the kernel's own value wherever it has the setting at all */
	const char *own;      /* its own value in words, where that is no one number */
	struct sysctl_absence absence;
	bool (*accepts)(int64_t value); /* instead of the range, or NULL */
};

/* What files and the command line will make of a setting. */
enum sysctl_next {
	NEXT_GOOD,      /* set, and right */
	NEXT_BAD,       /* set, and not */
	NEXT_LEFT_GOOD, /* not set: the kernel's own value is right */
	NEXT_LEFT_BAD,  /* not set, and it is not */
	NEXT_LEFT_OPEN, /* not set, and it depends on the kernel's build */
	NEXT_UNTOLD,    /* was said as unknown, or marked */
};

struct sysctl_set {
	const char *value; /* NULL: nothing sets it */
	const char *where; /* "/etc/sysctl.d/x.conf:3", "the kernel's parameter panic=10" */
};

/* The judgement of a whole row. */
enum sw_verdict sysctl_is_right(struct sw_eval *e);
enum sw_verdict sysctl_judge(struct sw_eval *e, const struct sysctl_rule *rule);

/* What is in force by files, ufw and the command line. */
struct sysctl_set sysctl_set(struct sw_eval *e, const char *key);
/* The same, and never marks: for a failure that is known already. */
struct sysctl_set sysctl_set_if_known(struct sw_eval *e, const char *key);
/* The running kernel's value; NULL: it has none such, or that was marked. */
const char *sysctl_value(struct sw_eval *e, const char *key);
/* As a number; false was said as unknown. where: who says it. */
bool sysctl_number(struct sw_eval *e, const char *key, const char *text, const char *where,
		   int64_t *ret);
/* As the kernel reads it: 0x10, 010 and 16 are numbers. False: it is none. */
bool sysctl_parse(const char *text, int64_t *ret);
/* "kernel.kptr_restrict" of "kernel/kptr_restrict". */
const char *sysctl_name(struct sw_eval *e, const char *key);

/*
 * The verdict of a running host whose setting is right now, by what comes next. name and now:
 * "kernel.kptr_restrict", "1". left: the kernel's own value, or what it depends on.
 */
enum sw_verdict sysctl_after_start(struct sw_eval *e, const char *name, const char *now,
				   enum sysctl_next next, struct sysctl_set set, const char *left);
/* The verdict of a tree that is not booted. */
enum sw_verdict sysctl_configured(struct sw_eval *e, const char *name, enum sysctl_next next,
				  struct sysctl_set set, const char *left);

#define SYSCTL_REMEDY(line)                                                                        \
	"/etc/sysctl.d/60-hardening.conf: " line ", then: sysctl -p "                              \
	"/etc/sysctl.d/60-hardening.conf"

#endif
