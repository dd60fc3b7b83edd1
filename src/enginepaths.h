/* SPDX-License-Identifier: Apache-2.0 */
/* enginepaths.h: which programs and files of containerd and of the runtimes are in force. */
#ifndef SW_ENGINEPATHS_H
#define SW_ENGINEPATHS_H

#include "effective.h"

/* One of engine/programs: a path, null or an unread value. New reference. */
json_t *enginepath_program(const struct view *v, const char *name);
/* All programs that the configured runtimes are: a list, each once. */
json_t *enginepath_runtimes(const struct view *v);
/* containerd's own configuration; socket is where it listens, exec_root the engine's. */
json_t *enginepath_containerd_config(const struct view *v, const char *socket,
				     const char *exec_root);

#endif
