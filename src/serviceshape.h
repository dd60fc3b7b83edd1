/* SPDX-License-Identifier: Apache-2.0 */
/* serviceshape.h: a swarm service in the shape of a container, so that the same checks judge both.
 * Pure. */
#ifndef SW_SERVICESHAPE_H
#define SW_SERVICESHAPE_H

#include <jansson.h>

#include "util.h"

/*
 * What an element of GET /services asks of its containers, as GET /containers/{id}/json spells it.
 * State/Running is false: it is judged as a container is that was made and not started. What a
 * service cannot say is absent, so the engine's default holds. What differs from a container:
 *   Service  {"ID","Name","Labels","Mode":"Replicated","Secrets":[names],"Configs":[names]}
 *   HostConfig/RestartPolicy/Name  "no", "on-failure" or swarm's own "any"; Window beside it
 *   HostConfig/NetworkMode  "host", "none", "default" or the name of the first network; unread when
 *            it is none of the networks given
 *   Mounts   a volume that the service itself makes a bind mount is of type bind; the driver of one
 *            with other options is "local (nfs)" and such
 * networks: {id of a network: name}; those of the service need be in it. New reference. A service
 * that is not understood has all of that unread.
 */
json_t *service_shape(json_t *service, json_t *networks);

/* Calls for the id of every network that the service names. */
void service_networks(json_t *service, void (*each)(const char *id, void *context), void *context);

/* {"Name","Ports":[{"PublishMode","PublishedPort","TargetPort","Protocol"}]}: what @engine/services
 * keeps of it. */
json_t *service_summary(json_t *service);

#endif
