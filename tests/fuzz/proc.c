/* SPDX-License-Identifier: Apache-2.0 */
/* proc.c: fuzzes what /proc says of processes and sockets. */
#include "contained.h"
#include "cpuinfo.h"
#include "fuzz.h"
#include "kernelfacts.h"
#include "lsmfacts.h"
#include "processes.h"
#include "procparse.h"
#include "record.h"
#include "sysctlfile.h"

static const char id[] = "4f66ad9d0b2e4b4fb1a4a4e8c5d5b0a3f0b6a3f5b1c2d3e4f5a6b7c8d9e0f1a2";
static char *const no_namespaces[7] = { NULL };
static char pid_namespace[] = "pid:[4026531836]";
static char *const host_namespaces[7] = { NULL, pid_namespace };

/* An answer of FETCH_PROC out of "name\n…\n\n": each part ends with a blank line. */
static char *answer_of(const uint8_t *data, size_t n, size_t *ret_len)
{
	char *answer = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&answer, &len);

	for (unsigned i = 0; n > 0 && i < 32; i++) {
		AUTO_FREE char *part = fuzz_part(&data, &n);
		size_t name = strcspn(part, "\n");
		const char *body = part[name] ? part + name + 1 : part + name;

		part[name] = '\0';
		fprintf(f, "%s%c%d%c%zu%c%s", part, 0, *part == '!' ? 13 : 0, 0, strlen(body), 0,
			body);
	}
	fclose(f);
	*ret_len = len;
	return answer;
}

static void judge_answer(const char *answer, size_t n)
{
	char *group = NULL;
	struct process p = { 0 };
	json_t *facts = kernel_facts(answer, n, id, 42, no_namespaces, no_namespaces, &group);

	if (facts)
		fuzz_fact(facts);
	free(group);
	fuzz_fact(kernel_facts_ungrouped(answer, n, 42, no_namespaces, no_namespaces));
	kernel_is_shim_of(answer, n, answer, n, id, no_namespaces);
	if (process_parse(&p, answer, n, "pid:[4026531836]"))
		process_done(&p);
	struct contained *all = contained_new();
	contained_add(all, answer, n, "/bin/x", host_namespaces);
	contained_add(all, answer, n, "/bin/y", no_namespaces);
	fuzz_fact(contained_fact(all));
	contained_free(all);
}

static void of_parts(const uint8_t *data, size_t n)
{
	size_t len;
	AUTO_FREE char *answer = answer_of(data, n, &len);
	AUTO_FREE char *exact = fuzz_text(answer, len);

	judge_answer(exact, len);
}

static void of_bytes(const uint8_t *data, size_t n)
{
	AUTO_FREE char *exact = fuzz_text(data, n);
	json_t *list = json_array();

	judge_answer(exact, n);
	kernel_add_processes(list, exact, n);
	fuzz_fact(list);
	fuzz_fact(proc_strings(exact, n));
}

static void see_unix(unsigned long inode, const char *path, void *context)
{
	*(size_t *)context += inode + strlen(path);
}

static void see_tcp(unsigned long inode, const char *address, unsigned port, void *context)
{
	FUZZ_CHECK(port <= 65535, "port %u", port);
	*(size_t *)context += inode + strlen(address);
}

static void of_sockets(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	size_t sum = 0;

	proc_unix_listeners(text, see_unix, &sum);
	for (int v6 = 0; v6 < 2; v6++) {
		proc_tcp_listeners(text, v6, see_tcp, &sum);
		proc_udp_listeners(text, v6, see_tcp, &sum);
	}
}

static void of_cgroups(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	AUTO_FREE char *with_id = proc_cgroup_of(text, id);
	AUTO_FREE char *without = proc_cgroup_of(text, NULL);
	(void)without;
	AUTO_FREE char *unit = process_unit(text);
	(void)unit;
	AUTO_FREE char *container = process_container(text);
	(void)container;
	const char *lines = text;

	FUZZ_CHECK(!with_id || strstr(with_id, id), "%s does not name it", with_id);
	for (char *pids; (pids = kernel_next_pids(&lines)); free(pids))
		FUZZ_CHECK(strlen(pids) <= 4096, "too long a question");
}

static void of_text(const uint8_t *data, size_t n)
{
	AUTO_FREE char *text = fuzz_text(data, n);
	AUTO_FREE char *maps = fuzz_text(data, n);

	utf8_mend(text, n);
	fuzz_fact(proc_status(text));
	fuzz_fact(proc_id_map(text));
	proc_start_ticks(text);
	FUZZ_CHECK(proc_parent(text) >= 0, "a parent below 0");
	fuzz_fact(process_deleted_files(maps));
}

static void of_kernel(const uint8_t *data, size_t n)
{
	int64_t landlock;

	AUTO_FREE char *cpu = fuzz_text(data, n);
	AUTO_FREE char *told = fuzz_text(data, n);
	AUTO_FREE char *list = fuzz_text(data, n);
	AUTO_FREE char *bracketed = fuzz_text(data, n);
	AUTO_FREE char *profiles = fuzz_text(data, n);
	AUTO_FREE char *routes = fuzz_text(data, n);

	fuzz_fact(cpuinfo_fact(cpu, n));
	json_decref(lsm_told_fact(told, &landlock));
	fuzz_fact(lsm_list_fact(list));
	fuzz_fact(lsm_bracketed_fact(bracketed));
	fuzz_fact(apparmor_profiles_fact(profiles));
	utf8_mend(routes, n);
	FUZZ_CHECK(apparmor_file_mode(routes), "no mode");
	fuzz_fact(sysctl_ra_routes(routes));
}

FUZZ(proc)
{
	static void (*const parsers[])(const uint8_t *, size_t) = { of_parts,   of_bytes,
								    of_sockets, of_cgroups,
								    of_text,    of_kernel };
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(parsers));

	parsers[which](data, n);
	return 0;
}
