/* SPDX-License-Identifier: Apache-2.0 */
/* podmanpaths.h: which of the paths that matter of an engine a Podman has, and where. */
#ifndef SW_PODMANPATHS_H
#define SW_PODMANPATHS_H

#include "effective.h"

/* One of engine/paths: a path, a list, null or an unread value. New reference. */
json_t *podman_path(const struct view *v, const char *name);

#endif
