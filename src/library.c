/* SPDX-License-Identifier: Apache-2.0 */
/* library.c: see library.h. */
#include "library.h"

#include <errno.h>

#ifdef HAVE_DLOPEN

#include <dlfcn.h>

int library_load(const char *soname, const struct library_function *functions, void *table,
		 struct err *err)
{
	/* Lazily: of libcurl's own libraries hardly a function is called. */
	void *library = dlopen(soname, RTLD_LAZY | RTLD_LOCAL);
	for (const struct library_function *f = functions; library && f->name; f++) {
		void *address = dlsym(library, f->name);
		if (!address)
			return err_set(err, -ELIBACC, "%s: %s", soname, dlerror());
		memcpy((char *)table + f->offset, &address, sizeof(address));
	}
	return library ? 0 : err_set(err, -ELIBACC, "%s", dlerror());
}

#endif
