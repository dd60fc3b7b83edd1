/* SPDX-License-Identifier: Apache-2.0 */
/* audithost.h: which audit rules have to do with the files of the host that shall be watched. */
#ifndef SW_AUDITHOST_H
#define SW_AUDITHOST_H

#include <jansson.h>

/*
 * Adds host/auditd/watching: of each path of host/auditd/files the same as engine/watching has of
 * the engine's files; see auditcover.h. And host/auditd/calls, of the same three sets: the rules
 * that decide what is recorded of system calls as such, in the order they are tried, of which those
 * of other lists than exit come first.
 */
void audithost_derive(json_t *world);

#endif
