/* SPDX-License-Identifier: Apache-2.0 */
/* host_boot.h: what checks of boot command lines share; private to checks/. */
#ifndef SW_CHECKS_HOST_BOOT_H
#define SW_CHECKS_HOST_BOOT_H

#include <seaworthy/check.h>

/* A command line: the one that was booted with, or that of an entry of a boot loader. */
struct boot_place {
	const char *options; /* path of what cmdline_options() made of it */
	const char *name;    /* "the running kernel", "/boot/grub/grub.cfg:12" */
	const char *release; /* of its kernel, NULL when that is not known */
	bool is_running;
	bool is_default; /* entry; false when that is not known */
};

typedef void boot_fn(struct sw_eval *e, const struct boot_place *p);
/*
 * Judges the running kernel's command line and that of each entry but those for rescue, unless one
 * of them is the default. Where there are none says why nothing can be judged.
 */
enum sw_verdict boot_each(struct sw_eval *e, boot_fn *judge);

/* The value that counts, "" of a word alone; NULL when the option is not there. */
const char *boot_value(struct sw_eval *e, const struct boot_place *p, const char *name);
/* What must not be on a command line. */
struct boot_word {
	const char *name;
	const char *bad; /* values with "|" between them, "!…": any but these; NULL: any */
};
/* Fails for each of the words that is there; the list ends with one without a name. */
void boot_judge_banned(struct sw_eval *e, const struct boot_place *p,
		       const struct boot_word *words);
/* Is value one of "a|b|c", in any case? */
bool boot_is_one_of(const char *value, const char *list);
#define BOOT_TRUE  "1|y|yes|on|true"
#define BOOT_FALSE "0|n|no|off|false"

/* What is said in both places of an option that should not be there. */
#define BOOT_REMOVE                                                                                \
	"take it out of GRUB_CMDLINE_LINUX in /etc/default/grub and run update-grub, or:\n"        \
	"grubby --update-kernel=ALL --remove-args=OPTION, then reboot"

/*
 * A symbol of the configuration of the kernel of a place: "y", "m", "n", "" when the text does not
 * mention it. Not known: marks or says so, and gives "".
 */
const char *boot_symbol(struct sw_eval *e, const struct boot_place *p, const char *symbol);
/* Is it known how that kernel was built? Else says so. */
bool boot_knows_build(struct sw_eval *e, const struct boot_place *p);
/* Was that kernel built for x86? */
bool boot_is_x86(struct sw_eval *e, const struct boot_place *p);

/* The level of lockdown of the running kernel; "" when there is none, NULL when it is not known. */
const char *boot_lockdown(struct sw_eval *e);
/* Is it one that keeps root from changing the kernel? */
bool boot_is_locked(const char *level);

#endif
