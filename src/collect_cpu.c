/* SPDX-License-Identifier: Apache-2.0 */
/* collect_cpu.c: what the kernel says of its processors. */
#include "collect_boot.h"
#include "cpuinfo.h"

static const char flaws[] = "sys/devices/system/cpu/vulnerabilities";

enum { FLAWS_MAX = 200 };

struct listed {
	struct collector *c;
	json_t *found;
	bool is_cut;
};

static void add_flaw(char type, const char *name, void *context)
{
	struct listed *l = context;
	AUTO_FREE char *path = xasprintf("%s/%s", flaws, name);
	l->is_cut |= json_object_size(l->found) >= FLAWS_MAX;
	if (type == 'd' || l->is_cut)
		return;
	json_t *text = kernel_line(l->c, path);
	json_object_set_new(l->found, name,
			    json_is_null(text) ? fact_unread("/%s: went away", path) : text);
}

static json_t *vulnerabilities(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct listed l = { c, json_object(), false };
	bool is_listed = list_folder(c, FETCH_BASE_PROC, flaws, add_flaw, &l, &why);
	if (is_listed && !l.is_cut)
		return l.found;
	json_decref(l.found);
	if (is_listed)
		return fact_unread("/%s: there are more than %d", flaws, FLAWS_MAX);
	return fact_unread("/%s: %s", flaws, *why ? why : "is not there");
}

static json_t *processors(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_PROC, "proc/cpuinfo", &n, &why);
	if (!text)
		return fact_unread("/proc/cpuinfo: %s", *why ? why : "is not there");
	return cpuinfo_fact(text, n);
}

void collect_cpu(struct collector *c)
{
	if (!c->o->live) {
		collect_host_section(c, "cpu", fact_unread(NEEDS_RUNNING));
		return;
	}
	json_t *smt = json_pack("{so so}", "control",
				kernel_line(c, "sys/devices/system/cpu/smt/control"), "active",
				kernel_line(c, "sys/devices/system/cpu/smt/active"));
	collect_host_section(c, "cpu",
			     json_pack("{so so so}", "vulnerabilities", vulnerabilities(c),
				       "processors", processors(c), "smt", smt));
}
