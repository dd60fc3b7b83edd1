/* SPDX-License-Identifier: Apache-2.0 */
/* curl_library.c: see curl_library.h. */
#include "curl_library.h"

#ifdef HAVE_DLOPEN
struct library_table curl_table;
#endif

int curl_load(struct err *err)
{
#ifdef HAVE_DLOPEN
	/*
	 * Libraries that libcurl brings along use GnuTLS, which else prepares itself, and looks for
	 * modules of p11-kit, as soon as it is loaded. Whoever really needs it calls its
	 * gnutls_global_init() (a libcurl that is built with it does).
	 */
	setenv("GNUTLS_NO_IMPLICIT_INIT", "1", 1);
	static const struct library_function functions[] = { CURL_FUNCTIONS(LIBRARY_ENTRY){ NULL,
											    0 } };
	return library_load(CURL_SONAME, functions, &curl_table, err);
#else
	(void)err;
	return 0;
#endif
}
