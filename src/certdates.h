/* SPDX-License-Identifier: Apache-2.0 */
/* certdates.h: from when until when certificates are valid, out of PEM text. Pure; verifies
 * nothing. */
#ifndef SW_CERTDATES_H
#define SW_CERTDATES_H

#include <jansson.h>

#include "util.h"

/*
 * [{"NotBefore":"2026-11-22T06:59:00Z","NotAfter":"…"}] in the order of the text (RFC 7468), of
 * which other parts are skipped; an unread value when there is no certificate, or one of them is
 * not understood. New reference.
 */
json_t *cert_dates(const char *pem, size_t n);

#endif
