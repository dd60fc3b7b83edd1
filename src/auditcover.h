/* SPDX-License-Identifier: Apache-2.0 */
/* auditcover.h: which audit rules have to do with each of the engine's files. */
#ifndef SW_AUDITCOVER_H
#define SW_AUDITCOVER_H

#include <jansson.h>

/*
 * From host/audit, host/audit-files, engine/paths and engine/files adds
 *
 * engine/watching: {path: {"loaded": LIST, "rules.d": LIST, "audit.rules": LIST}}, for each of
 *   engine/paths that a rule may watch. A LIST is unread or
 *   {"rules": […], "cut": are there more than were kept}; the rules are those that decide what is
 *   recorded of this path, in the order they are tried:
 *
 *     { "at": "same",        where the rule looks, seen from the path; or one of those below
 *       "rest": "overlay2",  of "below": the path from here to there
 *       "narrowed": bool,    it looks at part of the accesses only
 *       "rule": {…} }        as in auditrules.h
 *
 *   "above" is of rules that reach below their folder; "below" is of never rules only; "any" is a
 *   rule of the exit list without a path, and of the other lists a rule that takes events away.
 */
void auditcover_derive(json_t *world);

/* The same lists of what the rules have to do with a path whose links are resolved. */
json_t *auditcover_of(json_t *world, const char *target);

#endif
