/* SPDX-License-Identifier: Apache-2.0 */
/* redact.h: secrets are classified and replaced when a record is made, so nothing later can leak
 * them. */
#ifndef SW_REDACT_H
#define SW_REDACT_H

#include <jansson.h>

#include "util.h"

/* "aws key", "password", "url credentials", … or NULL: what kind of secret the text holds. */
const char *redact_classify(const char *text, size_t n);

/* Replaces secrets in place in every string of a record (env lists, labels, commands, log options,
 * URLs with credentials). */
void redact_json(json_t *value);
/* The same for settings of a file, {NAME: [{"value": …}]} or {NAME: [text]}, whose names tell, too.
 */
void redact_settings(json_t *settings);
/* One text, malloc'ed: secrets become «redacted: KIND». */
char *redact_text(const char *s);

#endif
