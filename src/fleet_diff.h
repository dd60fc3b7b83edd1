/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_diff.h: the reports of many hosts of two times, host by host. */
#ifndef SW_FLEET_DIFF_H
#define SW_FLEET_DIFF_H

#include "fleet.h"
#include "inputs.h"

/* One host in both, or in one of them; NULL in the other. */
struct host_pair {
	const struct fleet_host *then, *now;
};

struct fleet_diff {
	const struct inputs *then_inputs, *now_inputs; /* seekable, a report each */
	const char *fail_on;
	struct fleet *then, *now;
	struct host_pair *pairs; /* in the order of now, the worst first; then what is gone */
	size_t n_pairs, n_new, n_gone;
	int exit_status; /* once it was written: 1 a host has a new failure; 3; 0 */
};

/* Reads all reports once and finds each host's like. Free with fleet_diff_done(). */
int fleet_diff_make(struct fleet_diff *d, struct err *err);
void fleet_diff_done(struct fleet_diff *d);
/* Reads them again, the two of one host at a time. */
int fleet_diff_write(struct fleet_diff *d, const char *format, const struct report_options *o,
		     FILE *out, struct err *err);

#endif
