/* SPDX-License-Identifier: Apache-2.0 */
/* host_lsm.h: what checks of security modules share; private to checks/. */
#ifndef SW_CHECKS_HOST_LSM_H
#define SW_CHECKS_HOST_LSM_H

#include <seaworthy/check.h>

/* Does the running kernel have this security module? Marks when that is not known. */
bool lsm_is_active(struct sw_eval *e, const char *name);

#endif
