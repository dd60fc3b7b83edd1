/* SPDX-License-Identifier: Apache-2.0 */
/* curl_handle.c: see curl_handle.h. */
#include "curl_handle.h"

#include <errno.h>
#include <sys/socket.h>

enum { CONNECT_SECONDS = 10 };

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *a)
{
	(void)context, (void)purpose;
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static CURLcode set_tls(CURL *c, const struct endpoint *e)
{
	CURLcode bad = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, e->tls_verify ? 1L : 0L);
	bad |= curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, e->tls_verify ? 2L : 0L);
	bad |= curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (e->ca) {
		bad |= curl_easy_setopt(c, CURLOPT_CAINFO, e->ca);
		/* Else the system's authorities would vouch for an engine too. */
		bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (e->cert)
		bad |= curl_easy_setopt(c, CURLOPT_SSLCERT, e->cert);
	if (e->key)
		bad |= curl_easy_setopt(c, CURLOPT_SSLKEY, e->key);
	return bad;
}

CURLcode curl_handle_set(CURL *c, const struct endpoint *e)
{
	CURLcode bad = curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
	/* Also keeps libcurl from looking for a proxy in the environment. */
	bad |= curl_easy_setopt(c, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	bad |= curl_easy_setopt(c, CURLOPT_USERAGENT, "seaworthy");
	if (e->is_unix)
		bad |= curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, e->socket);
	return e->tls ? bad | set_tls(c, e) : bad;
}

/* What a failed transfer is called as an errno, where libcurl kept none. */
static const struct {
	CURLcode code;
	int error;
} errors[] = {
	{ CURLE_COULDNT_CONNECT, ECONNREFUSED },    { CURLE_COULDNT_RESOLVE_HOST, EHOSTUNREACH },
	{ CURLE_OPERATION_TIMEDOUT, ETIMEDOUT },    { CURLE_GOT_NOTHING, ECONNRESET },
	{ CURLE_PARTIAL_FILE, ECONNRESET },         { CURLE_RECV_ERROR, ECONNRESET },
	{ CURLE_SEND_ERROR, ECONNRESET },           { CURLE_WEIRD_SERVER_REPLY, EPROTO },
	{ CURLE_UNSUPPORTED_PROTOCOL, EPROTO },     { CURLE_SSL_CONNECT_ERROR, EPROTO },
	{ CURLE_PEER_FAILED_VERIFICATION, EPROTO }, { CURLE_SSL_CERTPROBLEM, EPROTO },
	{ CURLE_SSL_CACERT_BADFILE, EPROTO },       { CURLE_OUT_OF_MEMORY, ENOMEM },
};

int curl_handle_error(CURL *c, CURLcode code)
{
	long os = 0;
	if (code == CURLE_COULDNT_CONNECT &&
	    curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &os) == CURLE_OK && os > 0)
		return (int)os;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (errors[i].code == code)
			return errors[i].error;
	}
	return EIO;
}
