/* SPDX-License-Identifier: Apache-2.0 */
/* listeners.h: where dockerd listens, and with what TLS. */
#ifndef SW_LISTENERS_H
#define SW_LISTENERS_H

#include "effective.h"

/*
 * Replaces the members tls, tlsverify, tlscacert, tlscert and tlskey of effective, which depend on
 * each other. The three paths are "" where dockerd uses none.
 */
void tls_add(const struct view *v, json_t *effective);
/* Would a TCP listener demand a certificate of each client, from a CA of one's own? New reference.
 */
json_t *tls_is_verified(const json_t *effective);

/*
 * -H and "hosts" as dockerd completes it: "" becomes the default, "tcp://" gets a host and a port.
 * malloc'ed; NULL: it cannot be told, or dockerd refuses it.
 */
char *host_complete(const struct view *v, const char *host, bool tls);
/* A ListenStream= of systemd as a URL of the same kind: malloc'ed; NULL: not understood. */
char *host_from_stream(const char *stream);

/*
 * Replaces the member hosts. It gets two members more:
 *   "listeners": [{"url":"tcp://127.0.0.1:2376","from":"command line of dockerd (pid 812)",
 *                  "kind":"unix"|"tcp"|"other", "path": of unix, and of tcp and other:
 *                  "tls":bool, "verified":bool, "loopback":bool, "wildcard":bool}]
 *                or unread, with fd:// and nothing to tell what was passed in
 *   "unexplained": ["127.0.0.1:4000"] TCP sockets on which dockerd really listens and that no
 *                listener, metrics-addr, network-diagnostic-port or swarm explains (from Docker
 *                28 on published ports may be among them); unread when its sockets are not known
 */
void hosts_add(const struct view *v, json_t *effective);

#endif
