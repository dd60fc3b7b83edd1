/* SPDX-License-Identifier: Apache-2.0 */
/* collect_sudo.c: who may become root, and the programs that let them. */
#include "collector.h"
#include "redact.h"
#include "sudoers.h"

static void add_programs(struct collector *c, json_t *section)
{
	static const char *const paths[] = {
		"/usr/bin/sudo", "/usr/local/bin/sudo", "/usr/bin/sudo-rs",
		"/usr/bin/doas", "/usr/sbin/doas",      "/usr/bin/run0",
	};
	json_t *programs = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(programs, paths[i], stat_path(c, FETCH_BASE_ROOT, paths[i]));
	json_object_set_new(section, "programs", programs);
}

void collect_sudo(struct collector *c)
{
	struct conf_source source = collector_source(c);
	json_t *section = sudoers_read(&source);
	redact_json(section); /* arguments of commands */
	add_programs(c, section);
	collect_host_section(c, "sudo", section);
}
