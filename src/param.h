/* SPDX-License-Identifier: Apache-2.0 */
/* param.h: the values of a check's parameters, typed as its row says. */
#ifndef SW_PARAM_H
#define SW_PARAM_H

#include <jansson.h>

#include "err.h"

/*
 * A parameter's value as a new reference: boolean, integer, string, or array of strings.
 * Errors name the parameter and what it takes: "strict takes true or false, not 'maybe'".
 */
int param_from_text(const struct sw_param *p, const char *text, json_t **ret, struct err *err);
/* From a profile: a scalar, or for a list also an array of scalars. */
int param_from_json(const struct sw_param *p, const json_t *value, json_t **ret, struct err *err);

/* The parameter of that name in a row, or NULL. */
const struct sw_param *param_find(const struct sw_check *row, const char *name);
/* All fallbacks of a row: a new object. The row was validated by registry_add(). */
json_t *param_fallbacks(const struct sw_check *row);

#endif
