/* SPDX-License-Identifier: Apache-2.0 */
/* collect_presence.c: whether anything of an engine is on this host, asked when none answers. */
#include <errno.h>

#include "collector.h"

enum { PIDS_MAX = 65536, PIDS_A_QUESTION = 128 };

static const char *const program_names[] = { "dockerd", "docker-daemon", "podman",
					     "containerd-dind" };

struct pids {
	int64_t pids[PIDS_MAX];
	size_t n;
};

static void add_pid(char type, const char *name, void *context)
{
	struct pids *all = context;
	int64_t pid;
	if (type == 'd' && parse_int(name, &pid) && all->n < PIDS_MAX)
		all->pids[all->n++] = pid;
}

/* Is one of the processes in this answer called like an engine? */
static const char *engine_among(const char *data, size_t n)
{
	const char *p = data, *end = data + n;
	while (p < end) {
		const char *pid = p;
		const char *comm = pid + strlen(pid) + 1;
		if (comm >= end)
			break;
		const char *exe = comm + strlen(comm) + 1;
		if (exe >= end)
			break;
		const char *base = strrchr(exe, '/');
		for (size_t i = 0; i < ARRAY_SIZE(program_names); i++)
			if (streq(comm, program_names[i]) ||
			    (base && streq(base + 1, program_names[i])))
				return program_names[i];
		p = exe + strlen(exe) + 1;
	}
	return NULL;
}

/* A name proves nothing of an engine, but no such name anywhere is good evidence that there is
 * none. */
static json_t *process_called_engine(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct pids *all = xalloc(sizeof(*all));
	json_t *found = NULL;
	if (!list_folder(c, FETCH_BASE_PROC, "proc", add_pid, all, &why))
		found = fact_unread("/proc: %s", *why ? why : "is not there");
	else if (all->n == PIDS_MAX)
		found = fact_unread("/proc: more than %d processes", PIDS_MAX);
	for (size_t i = 0; i < all->n && !found; i += PIDS_A_QUESTION) {
		char arg[FETCH_ARG_MAX];
		size_t used = 0;
		for (size_t j = i; j < all->n && j < i + PIDS_A_QUESTION; j++)
			used += (size_t)snprintf(arg + used, sizeof(arg) - used, "%lld ",
						 (long long)all->pids[j]);
		arg[used - 1] = '\0';
		struct answer answer;
		ask_now(c->asker, FETCH_PROC_EXES, 0, arg, &answer);
		AUTO_FREE char *no = answer_trouble(&answer);
		const char *name = no ? NULL : engine_among(answer.data, answer.len);
		if (name || no)
			found = name ? json_string(name) : fact_unread("/proc: %s", no);
		answer_done(&answer);
	}
	free(all);
	return found ? found : json_null();
}

void collect_presence(struct collector *c)
{
	static const char *const sockets[] = { "/run/docker.sock", "/var/run/docker.sock",
					       "/run/podman/podman.sock" };
	static const char *const binaries[] = { "/usr/bin/dockerd",       "/usr/sbin/dockerd",
						"/usr/local/bin/dockerd", "/usr/local/sbin/dockerd",
						"/opt/bin/dockerd",       "/snap/bin/docker" };
	static const char *const units[] = { "/etc/systemd/system/docker.service",
					     "/run/systemd/system/docker.service",
					     "/usr/lib/systemd/system/docker.service",
					     "/lib/systemd/system/docker.service",
					     "/etc/systemd/system/snap.docker.dockerd.service",
					     "/etc/init.d/docker" };
	collect_engine_section(
		c, "present",
		json_pack("{so so so so}", "socket",
			  collect_first_of(c, sockets, ARRAY_SIZE(sockets)), "binary",
			  collect_first_of(c, binaries, ARRAY_SIZE(binaries)), "unit",
			  collect_first_of(c, units, ARRAY_SIZE(units)), "process",
			  c->o->live ? process_called_engine(c) : json_null()));
}
