/* SPDX-License-Identifier: Apache-2.0 */
/* container.h: what the checks of containers share: reading options, engine features and bind
 * sources. */
#ifndef SW_CHECKS_CONTAINER_H
#define SW_CHECKS_CONTAINER_H

#include "engine.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Does it run? Says unknown when the engine does not tell. */
bool container_is_running(struct sw_eval *e);

/* A swarm task by its label; a label proves nothing, so never let it lead to a pass. */
bool container_is_swarm_task(struct sw_eval *e);

/* A swarm service in the shape of a container: what it asks for, not what runs. */
bool container_is_service(struct sw_eval *e);
/*
 * The name of the service that a task belongs to, when that service is judged as well; NULL when it
 * belongs to none by its label, or, said or marked as unknown, when services were not told.
 */
const char *container_judged_service(struct sw_eval *e);

/* The last entry "key=value" or "key:value" of SecurityOpt: its value, "" for a bare key; or NULL.
 */
const char *container_option(struct sw_eval *e, const char *key);
/* Is any entry of SecurityOpt this key with this value? */
bool container_has_option(struct sw_eval *e, const char *key, const char *value);

/* The address that a port is published on when none was named and the container does not run; ""
 * for all. */
const char *container_default_address(struct sw_eval *e);

/* What /info lists after "name=<feature>": "" or ",profile=default"; NULL when it is not listed. */
const char *engine_feature(struct sw_eval *e, const char *feature);

/*
 * What user or user:group means to the engine: "", "0", "+0", "00" and ":gid" are all root; a name
 * other than root is looked up in the image.
 */
enum user_is { USER_ROOT, USER_OTHER, USER_NAMED };
enum user_is user_is(const char *user);

/* Without remapping a container stays in the engine's user namespace unless it makes one. */
bool made_user_namespace(struct sw_eval *e);

/*
 * With remapping the data root ends with the ids that root of containers becomes:
 * /var/lib/docker/165536.165536. -1: it does not.
 */
int64_t remapped_root(struct sw_eval *e);

/* "a" or "list, a": for a reason that names many. */
const char *listed(struct sw_eval *e, const char *list, const char *name);

/* The short form of an id, as docker ps prints it. */
const char *short_id(struct sw_eval *e, const char *id);

enum source_kind {
	SOURCE_NONE,    /* nothing of the host: a plain volume, tmpfs, an image */
	SOURCE_PATH,    /* a path of the host */
	SOURCE_FOREIGN, /* what is behind it is decided elsewhere: see what */
	SOURCE_UNKNOWN, /* already said or marked */
};

struct source {
	const char *path;   /* SOURCE_PATH: as the engine was told, absolute */
	const char *inside; /* where it is mounted */
	const char *what;   /* SOURCE_FOREIGN: a phrase for the reason */
	bool is_writable;
};

/* What mount i of the container brings in. */
enum source_kind source_of(struct sw_eval *e, size_t i, struct source *ret);
/*
 * Where the source really leads, links resolved, when it was looked at; else NULL, and the
 * evaluation is marked or has said unknown.
 */
const char *source_resolved(struct sw_eval *e, const struct source *s);

/*
 * Of which of the kind ("sockets", "folders") path, links resolved, is another name, because the
 * same is mounted twice: as touched() says of an alias and path. NULL: of none, or marked.
 */
typedef bool touch_fn(const char *alias, const char *path);
const char *source_alias_of(struct sw_eval *e, const char *kind, const char *path,
			    touch_fn *touches);

#endif
