/* SPDX-License-Identifier: Apache-2.0 */
/* curl_library.h: libcurl's functions by pointers, for the fetcher alone: see library.h. */
#ifndef SW_CURL_LIBRARY_H
#define SW_CURL_LIBRARY_H

#include <curl/curl.h>

#include "library.h"

#ifdef HAVE_DLOPEN

#define CURL_FUNCTIONS(X)                                                                          \
	X(curl_easy_cleanup)                                                                       \
	X(curl_easy_getinfo)                                                                       \
	X(curl_easy_init)                                                                          \
	X(curl_easy_setopt)                                                                        \
	X(curl_easy_strerror)                                                                      \
	X(curl_global_cleanup)                                                                     \
	X(curl_global_init)                                                                        \
	X(curl_multi_add_handle)                                                                   \
	X(curl_multi_cleanup)                                                                      \
	X(curl_multi_info_read)                                                                    \
	X(curl_multi_init)                                                                         \
	X(curl_multi_remove_handle)                                                                \
	X(curl_multi_setopt)                                                                       \
	X(curl_multi_socket_action)

extern struct library_table {
	CURL_FUNCTIONS(LIBRARY_MEMBER)
} curl_table;

/* Macros that check types; a build without dlopen keeps them. */
#undef curl_easy_getinfo
#undef curl_easy_setopt
#undef curl_multi_setopt
#define curl_easy_cleanup        curl_table.p_curl_easy_cleanup
#define curl_easy_getinfo        curl_table.p_curl_easy_getinfo
#define curl_easy_init           curl_table.p_curl_easy_init
#define curl_easy_setopt         curl_table.p_curl_easy_setopt
#define curl_easy_strerror       curl_table.p_curl_easy_strerror
#define curl_global_cleanup      curl_table.p_curl_global_cleanup
#define curl_global_init         curl_table.p_curl_global_init
#define curl_multi_add_handle    curl_table.p_curl_multi_add_handle
#define curl_multi_cleanup       curl_table.p_curl_multi_cleanup
#define curl_multi_info_read     curl_table.p_curl_multi_info_read
#define curl_multi_init          curl_table.p_curl_multi_init
#define curl_multi_remove_handle curl_table.p_curl_multi_remove_handle
#define curl_multi_setopt        curl_table.p_curl_multi_setopt
#define curl_multi_socket_action curl_table.p_curl_multi_socket_action

#endif

/* Loads libcurl, where it is not linked; < 0: a negative errno and why. */
int curl_load(struct err *err);

#endif
