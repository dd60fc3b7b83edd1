/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h: points in time as the engine writes them; private to checks/. */
#ifndef SW_CHECKS_CLOCK_H
#define SW_CHECKS_CLOCK_H

#include "engine.h"

/* Seconds since 1970 of RFC 3339 text (fractions cut off), or of a plain date "2026-11-22". */
bool time_of(const char *text, int64_t *ret);
/* The engine's clock when it was asked; false, said as unknown or marked, when it does not tell. */
bool time_of_engine(struct sw_eval *e, int64_t *ret);

enum { SECONDS_OF_DAY = 86400 };

#endif
