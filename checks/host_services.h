/* SPDX-License-Identifier: Apache-2.0 */
/* host_services.h: is something started, and does it run; private to checks/. */
#ifndef SW_CHECKS_HOST_SERVICES_H
#define SW_CHECKS_HOST_SERVICES_H

#include "host_common.h"

#define SERVICES  "@host/services/"
#define PROCESSES "@host/processes/"
#define LISTENING "@host/listening/sockets"

struct service {
	/* Names of units without their ending, and of scripts; one with an ending is that unit
	 * alone. Ends with NULL. */
	const char *const *names;
	/* Of files that run, by which it is also told when a unit of another name starts it. */
	const char *const *programs;
	bool other_units;  /* a program that others start for themselves is none of ours */
	bool by_inetd;     /* one of those that a super-server starts when somebody calls */
	bool is_program;   /* the program itself should not be there */
	unsigned port;     /* where the kernel itself listens for it; 0: nowhere */
	const char *title; /* for reasons: "the print server" */
};

/* How it is started at boot, NULL: not at all. Reads that mark end as unknown. */
const char *service_enabled(struct sw_eval *e, const struct service *s);
/* What of it runs, NULL: nothing, or the host does not run. */
const char *service_running(struct sw_eval *e, const struct service *s);
/* A socket on its port that no process was found to hold: the kernel itself serves, or its holder
 * could not be looked at. NULL: none. */
const char *service_port_unowned(struct sw_eval *e, const struct service *s);
/* "tcp port 25 on 0.0.0.0 by /usr/sbin/exim4 (exim4.service)" of an entry of host/listening. */
const char *socket_text(struct sw_eval *e, const char *at);
/* Is it held by a container, or by a proxy that passes on to one? */
bool socket_is_containers(struct sw_eval *e, const char *at);
/* Where one of its programs is, NULL: nowhere. */
const char *service_installed(struct sw_eval *e, const struct service *s);

#endif
