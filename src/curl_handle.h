/* SPDX-License-Identifier: Apache-2.0 */
/* curl_handle.h: a handle of libcurl that sends nothing but GETs to one engine. */
#ifndef SW_CURL_HANDLE_H
#define SW_CURL_HANDLE_H

#include "curl_library.h"
#include "fetch.h"

/* GET only, no redirects, no proxy, TLS as the endpoint has it. CURLE_OK, or some other code. */
CURLcode curl_handle_set(CURL *c, const struct endpoint *e);
/* What a failed transfer is called as a (positive) errno. */
int curl_handle_error(CURL *c, CURLcode code);

#endif
