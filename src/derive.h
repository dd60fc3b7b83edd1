/* SPDX-License-Identifier: Apache-2.0 */
/* derive.h: answers once what every check would otherwise ask again. Pure; run on load, never
 * stored. */
#ifndef SW_DERIVE_H
#define SW_DERIVE_H

#include <jansson.h>

#include "fetch.h"

/*
 * From world's sections engine/{info,version,process,daemon-json,networks} and host/units, adds
 *
 * engine/effective: one member per engine setting (named as in daemon.json: "icc", "log-level",
 *   "hosts", "tlsverify", "default-ulimits", …):
 *     { "value": …,           what is in force
 *       "origin": "command line of dockerd (pid 812)" | "/etc/docker/daemon.json" |
 *                 "GET /info" | "GET /networks" | "default of Docker 20.10.24",
 *       "configured": …,      what file or flags say, when they say anything,
 *       "configured_in": …,   and where
 *       "drift": "…" }        when what is in force is not what is configured; else missing
 *   or {"$unread": reason} as the whole member when it cannot be told.
 *
 * engine/paths: the files that are in force for this engine, each an absolute path or null:
 *     "dockerd", "data-root", "exec-root", "config-dir" ("/etc/docker"), "config-file",
 *     "certs-dir", "tlscacert", "tlscert", "tlskey" (null when TLS is off), "docker.service",
 *     "docker.socket", "defaults" ("/etc/default/docker"), "sysconfig" ("/etc/sysconfig/docker"),
 *     "containerd-socket", "seccomp-profile", and "api-sockets": [paths], "socket-group".
 *     "cdi-spec-dirs": [paths], [] where the engine knows none.
 *     "containerd-sockets": [paths] are all that "containerd-socket" may turn out to be once
 *     engine/files is there; files of both are wanted.
 *
 *     "run-containerd", "containerd-config" ("containerd-configs": all that it may turn out to be),
 *     and of engine/programs (collect_programs.c) "containerd", "containerd-shim",
 *     "containerd-shim-runc-v1", "containerd-shim-runc-v2" and "runtimes": [paths].
 *
 * engine/watching: see auditcover.h; only when host/audit is there.
 *
 * engine/config-errors: [ "text", … ]: why this engine would refuse daemon.json at its next start.
 * engine/config-ignored: [ "text", … ]: keys in it that are accepted and have no effect.
 *
 * effective/hosts has two members more, "listeners" and "unexplained": see listeners.h.
 */
void derive_world(json_t *world);

#endif
