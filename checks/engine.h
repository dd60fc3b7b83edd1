/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h: what several checks of an engine ask alike; private to checks/. */
#ifndef SW_CHECKS_ENGINE_H
#define SW_CHECKS_ENGINE_H

#include <string.h>

#include <seaworthy/check.h>

enum { ENGINE_LIST_MAX = 1000 };

/* sw_count(), but of at most ENGINE_LIST_MAX entries; says unknown when there are more. */
size_t engine_count(struct sw_eval *e, const char *path);

/*
 * What follows "name=NAME," in /info SecurityOptions: "profile=builtin" of seccomp, "" of userns.
 * NULL when the engine does not list it.
 */
const char *engine_option(struct sw_eval *e, const char *name);

/* Is it Podman, which answers for Docker but is configured by containers.conf? */
bool engine_is_podman(struct sw_eval *e);
#define NO_DOCKERD    "the engine is Podman, which has no dockerd"
#define NO_CONTAINERD "the engine is Podman, which has no containerd"
/* On Podman true, with the reason said as a skip: for what it does not have at all. */
bool engine_lacks(struct sw_eval *e, const char *reason);

/* A truth value that every engine sends: 1 or 0; UNTOLD, said as unknown, when it is missing. */
enum { UNTOLD = -1 };
int engine_says(struct sw_eval *e, const char *path);
/* A text that every engine sends and that is never empty; "", said as unknown, when it is missing.
 */
const char *engine_text(struct sw_eval *e, const char *path);

/*
 * The path of the value in force of a key of daemon.json. Says unknown, or marks, when what is in
 * force was not told: an absent value below a told setting does mean "not set".
 */
const char *engine_setting(struct sw_eval *e, const char *key);
/* A truth value that is in force: 1 or 0; UNTOLD, said as unknown, when there is none. */
int engine_setting_bool(struct sw_eval *e, const char *key);
/* Who set it: "command line of dockerd (pid 812)". Only after engine_setting(). */
const char *engine_setting_origin(struct sw_eval *e, const char *key);
/* "; what is configured but not in force" or "". Never marks for a setting that is unread. */
const char *engine_setting_drift(struct sw_eval *e, const char *key);

/*
 * Of a failure: evidence for who mends it, and judges nothing. The engine does not start with a key
 * that is both a flag and in daemon.json.
 */
void engine_note_flag(struct sw_eval *e, const char *key);

static inline bool begins_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

#endif
