/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint_context.h: the contexts of the docker command: what config.json and contexts/ hold. */
#ifndef SW_ENDPOINT_CONTEXT_H
#define SW_ENDPOINT_CONTEXT_H

#include "endpoint.h"

struct context {
	char *host;   /* "" when it names none */
	char *folder; /* with its ca.pem, cert.pem, key.pem; they need not be there */
	bool skip_verify;
};
void context_done(struct context *c);

/* The docker command's folder of user i, malloc'ed; NULL: there is none. */
char *context_config_dir(const struct endpoint_input *in, size_t i);

/* currentContext of the first config.json that names one: malloc'ed into *ret, NULL when none does.
 */
int context_current(const struct endpoint_input *in, char **ret, struct err *err);

/* -ENOENT names the nearest context. */
int context_find(const struct endpoint_input *in, const char *name, struct context *ret,
		 struct err *err);

#endif
