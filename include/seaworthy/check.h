/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seaworthy/check.h: all that the author of a check or of a plugin sees.
 *
 * A check is one const row and one pure function of one argument. The function reads facts of one
 * subject and says a verdict; it keeps no state, allocates and frees nothing, and touches nothing
 * outside. Everything it is handed (strings, paths) lives until the report is written.
 *
 * Facts are JSON in the Docker API's own spelling. A path is a JSON Pointer (RFC 6901) without the
 * leading slash, below the subject: "HostConfig/Privileged", "NetworkSettings/Ports/80~1tcp".
 * A path that begins with "@" starts at the top: "@engine/info/Driver", "@host/os/id".
 *
 * A fact is in one of three states:
 *   known   it was read;
 *   absent  the object that would hold it was read and it is not there, or it is null;
 *   unread  it could not be read, has the wrong type, or the object that would hold it is itself
 *           absent or unread.
 *
 * Reads are sticky, as ferror(3) is: a read of an unread or wrongly typed fact marks the
 * evaluation, and a marked evaluation ends as SW_UNKNOWN with that fact as the reason, whatever the
 * function returns. Only a failure that was said before the first such read stands. So read in the
 * order that decides, and never guess: the default is used for absent facts only.
 *
 * Every read becomes evidence of the finding.
 */
#ifndef SEAWORTHY_CHECK_H
#define SEAWORTHY_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SW_ABI 1

/* Worst first: of several the least stands. */
enum sw_verdict {
	SW_FAIL,    /* decided: violated */
	SW_UNKNOWN, /* could not be told, with the reason */
	SW_WARN,    /* evidence gathered, a person must decide */
	SW_PASS,    /* decided: met */
	SW_SKIP,    /* does not apply here, with the reason */
};
#define SW_VERDICTS 5

enum sw_severity {
	SW_LOW = 1,  /* hygiene */
	SW_MEDIUM,   /* loss of isolation or of traceability */
	SW_HIGH,     /* one step from a takeover of the host */
	SW_CRITICAL, /* a container or the network takes over the host */
};

enum sw_kind {
	SW_HOST = 1,
	SW_ENGINE,
	SW_IMAGE,
	SW_CONTAINER,
	SW_NETWORK,
	SW_VOLUME,
	SW_SWARM,
	SW_SERVICE,
};

/* sw_check.flags */
#define SW_WHOLE    (1u << 0) /* looks at other subjects too (@index): judged when all are known */
#define SW_RUNNING  (1u << 1) /* its population is the running containers only */
#define SW_SERVICES (1u << 8) /* of containers: a swarm service's specification decides it too */
#define SW_LAST     (1u << 9) /* judged when all others are: @run/host-rules is known then */
#define SW_INDEX_KERNEL                                                                            \
	(1u << 10) /* with SW_WHOLE: reads "Kernel" of other containers (@index) too */

/* sw_check.needs: dear facts that are fetched only when a selected rule says so */
#define SW_NEEDS_KERNEL                                                                            \
	(1u << 0) /* container: "Kernel", what /proc/<pid> says of its first process */
#define SW_NEEDS_PROCESSES (1u << 1) /* container: "Kernel/Processes" */
#define SW_NEEDS_EXECS     (1u << 2) /* container: "Execs" */
#define SW_NEEDS_IMAGES    (1u << 3) /* @engine/images */
#define SW_NEEDS_VOLUMES   (1u << 4) /* @engine/volumes */
#define SW_NEEDS_WALK      (1u << 5) /* @host/walk, what a walk of all files found */
#define SW_NEEDS_LAYERS    (1u << 6) /* image: "Layers"; container: "ImageUsers" */
#define SW_NEEDS_PLUGINS   (1u << 8) /* @engine/plugins */
#define SW_NEEDS_SOURCES   (1u << 7) /* container: "Sources", what the bind sources really are */
#define SW_NEEDS_MOUNTS                                                                            \
	(1u << 9) /* container: "Kernel/Mounts", its mount table; with SW_NEEDS_KERNEL */
#define SW_NEEDS_CLIENTS (1u << 10) /* @host/clients, docker commands' config.json of the users */
#define SW_NEEDS_AUDIT   (1u << 12) /* @host/audit, @host/audit-files, @engine/watching */
#define SW_NEEDS_SWARM                                                                             \
	(1u << 16) /* @engine/services nodes secrets configs swarm-state swarm-sockets */

/* The host's own sections; seaworthy-snapshot(5) has their shapes. */
#define SW_NEEDS_SYSCTL     (1u << 17) /* @host/sysctl sysctl-files coredump kernels */
#define SW_NEEDS_BOOT       (1u << 18) /* @host/boot kconfig cpu */
#define SW_NEEDS_MODULES    (1u << 19) /* @host/modules modprobe lsm */
#define SW_NEEDS_HOST_FILES (1u << 20) /* @host/stat fstab */
#define SW_NEEDS_ACCOUNTS   (1u << 21) /* @host/accounts sudo pam */
#define SW_NEEDS_SSHD       (1u << 22) /* @host/sshd crypto-policy crypto-backends */
#define SW_NEEDS_SERVICES   (1u << 23) /* @host/services listening processes */
#define SW_NEEDS_LOGGING    (1u << 24) /* @host/journald rsyslog auditd integrity */
#define SW_NEEDS_FIREWALL   (1u << 25) /* @host/firewall */
#define SW_NEEDS_PACKAGES   (1u << 26) /* @host/packages updates */
#define SW_NEEDS_LEFTOVERS  (1u << 27) /* @host/leftovers, what the build of an image leaves */

struct sw_eval; /* one evaluation: opaque */

typedef enum sw_verdict sw_check_fn(struct sw_eval *e);

enum sw_type { SW_BOOL = 1, SW_INT, SW_STRING, SW_LIST };

/* A value that the operator may set by --set NAME=VALUE or in a profile. A list ends with {0}. */
struct sw_param {
	const char *name;
	enum sw_type type;
	const char *fallback; /* as text, as after --set; NULL: not set */
	const char *help;     /* one line */
};

/*
 * One check. Only ever grows at its end. All strings are plain UTF-8 without markup.
 */
struct sw_check {
	const char *id;    /* stable slug, "container.privileged" */
	enum sw_kind kind; /* what it is applied to */
	enum sw_severity severity;
	const char *title;  /* what is right, as a phrase: "Containers are not privileged" */
	const char *why;    /* one or two sentences: what goes wrong otherwise */
	const char *wanted; /* the value or state that passes, short: "false" */
	const char *remedy; /* what to type or to edit; may be pasted; may hold newlines */
	sw_check_fn *fn;
	const void *arg; /* see sw_arg(); rows that differ by a constant share a function */
	const struct sw_param *params; /* or NULL */
	unsigned flags;
	unsigned needs;
};

/* What a plugin exports under the name seaworthy_plugin. */
struct sw_plugin {
	uint32_t abi;      /* SW_ABI */
	uint32_t row_size; /* sizeof(struct sw_check) */
	const char *name;
	const struct sw_check *checks; /* ends with a row whose id is NULL */
};

#define SW_PRINTF(f, a) __attribute__((format(printf, f, a)))

#ifdef __cplusplus
extern "C" {
#endif

/* --- reading facts ------------------------------------------------------------------------- */

/*
 * The value at path; fallback when it is absent. Unread or of another type: marks, returns
 * fallback.
 */
bool sw_bool(struct sw_eval *e, const char *path, bool fallback);
int64_t sw_int(struct sw_eval *e, const char *path, int64_t fallback);
const char *sw_str(struct sw_eval *e, const char *path, const char *fallback);
/* A file mode kept as octal text, "0644": the low 12 bits; fallback as above. */
unsigned sw_mode(struct sw_eval *e, const char *path, unsigned fallback);

/* Known and not null (true) or absent (false). Unread: marks, false. */
bool sw_has(struct sw_eval *e, const char *path);
/*
 * Known and not null. Never marks and is no evidence: for choosing between two sources of a fact.
 */
bool sw_is_known(struct sw_eval *e, const char *path);

/* Elements of an array or members of an object; 0 when absent. Unread or a scalar: marks, 0. */
size_t sw_count(struct sw_eval *e, const char *path);
/* The name of member i of the object at path, as it is (see sw_esc()); "" when there is none. */
const char *sw_key(struct sw_eval *e, const char *path, size_t i);
/* Is there a string equal to s in the array at path, or a member so named in the object? */
bool sw_contains(struct sw_eval *e, const char *path, const char *s);

/*
 * Builds a path (or any text) that lives as long as the report: sw_at(e, "Mounts/%zu/Source", i).
 */
const char *sw_at(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
/* A member name as one step of a path: "~" and "/" become "~0" and "~1". */
const char *sw_esc(struct sw_eval *e, const char *name);

/* --- parameters ---------------------------------------------------------------------------- */

/*
 * Of the row's parameters the one of that name, as the profile or --set has it, else its fallback.
 * They are evidence of nothing, and never mark.
 */
bool sw_param_is_set(struct sw_eval *e, const char *name);
/* When it is not set: false, 0 and NULL. */
bool sw_param_bool(struct sw_eval *e, const char *name);
int64_t sw_param_int(struct sw_eval *e, const char *name);
const char *sw_param_str(struct sw_eval *e, const char *name);
/* Does an element of the list match s? Elements are patterns of fnmatch(3). Not set: none does. */
bool sw_param_lists(struct sw_eval *e, const char *name, const char *s);

/* --- saying a verdict ---------------------------------------------------------------------- */

/*
 * Each notes a reason and returns its verdict: return sw_fail(e, "started with --privileged");
 * May be said several times, for several offenders: reasons of the worst verdict said are joined.
 * A verdict said stands even when the function returns a better one.
 */
enum sw_verdict sw_fail(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
enum sw_verdict sw_warn(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
enum sw_verdict sw_pass(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
enum sw_verdict sw_skip(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
enum sw_verdict sw_unknown(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);

/*
 * The worst verdict said so far, SW_PASS when none: return sw_said(e) ends a loop over offenders.
 */
enum sw_verdict sw_said(const struct sw_eval *e);

/*
 * A line that mends what was just failed or warned of, with the names of this host:
 * sw_remedy(e, "chmod 0644 %s", path). In the report such lines stand in place of the row's remedy
 * when every subject that is not in order has some, so say one for each offender, or none.
 */
void sw_remedy(struct sw_eval *e, const char *format, ...) SW_PRINTF(2, 3);
/* Is path one that a shell takes as it is, without quotes? */
bool sw_is_plain_path(const char *path);

/* --- the row ------------------------------------------------------------------------------- */

/* What sw_check.arg points to. */
const void *sw_arg(const struct sw_eval *e);

/* --- small helpers shared by many checks ---------------------------------------------------- */

/* The id or name of a namespace, capability or such compared without case and without "CAP_". */
bool sw_same_capability(const char *a, const char *b);
/*
 * The bit of a capability (linux/capability.h), written as the engine takes it: "SYS_ADMIN",
 * "cap_sys_admin"; -1: no such.
 */
int sw_capability_bit(const char *name);
/* "SYS_ADMIN, NET_RAW": the names in a set of such bits; "capability 41" for one without a name. */
const char *sw_capability_names(struct sw_eval *e, uint64_t set);
/* Is path equal to dir or below it? Both absolute and clean. */
bool sw_is_below(const char *path, const char *dir);
/* Compares dotted versions number by number ("20.10.24+dfsg1" and "23.0"): <0, 0, >0. */
int sw_version_compare(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
