/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.c: runs a program and says what it took.
 *
 *	measure COMMAND…      wall and CPU time in microseconds, exit status
 *	measure -t COMMAND…   processes, threads, programs executed, HTTP requests, system calls,
 *peak resident, proportional and anonymous KiB of all processes together, exit status
 *
 * Peaks are read when a process is stopped at its end by ptrace(2): sampling /proc would miss them.
 *The sum of the peaks is an upper bound of the peak of the sum. Pages that processes share count
 *once in the proportional size, which is that of all processes alive when the first one ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRACEES = 256 };

struct totals {
	unsigned long processes, threads, executed, requests, calls, resident, proportional,
		anonymous;
	pid_t alive[TRACEES];
	size_t n_alive;
	bool has_ended; /* one process has */
};

static void fail(const char *what)
{
	fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Does not return. Its output is not what is measured. */
static void become(char **argv, bool traced)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		fail("/dev/null");
	if (traced && (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 || raise(SIGSTOP) != 0))
		fail("ptrace");
	execvp(argv[0], argv);
	fprintf(stderr, "measure: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* --- time ------------------------------------------------------------------------------------ */

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static int64_t in_us(struct timeval t)
{
	return t.tv_sec * INT64_C(1000000) + t.tv_usec;
}

static int time_it(char **argv)
{
	struct rusage use; /* also of what the program waited for */
	int status;
	int64_t start = now_us();
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0)
		become(argv, false);
	while (wait4(pid, &status, 0, &use) < 0) {
		if (errno != EINTR)
			fail("wait4");
	}
	printf("%lld %lld %d\n", (long long)(now_us() - start),
	       (long long)(in_us(use.ru_utime) + in_us(use.ru_stime)), status_of(status));
	return 0;
}

/* --- memory and counts ----------------------------------------------------------------------- */

/* A line "Name:  123 kB" of a file below /proc/<pid>; 0 when it is not there. */
static unsigned long kib_of(pid_t pid, const char *file, const char *name)
{
	char path[64], line[256];
	unsigned long kib = 0;
	size_t n = strlen(name);
	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			kib = strtoul(line + n + 1, NULL, 10);
	}
	if (f)
		fclose(f);
	return kib;
}

static void add_alive(struct totals *t, pid_t pid)
{
	for (size_t i = 0; i < t->n_alive; i++) {
		if (t->alive[i] == pid)
			return;
	}
	if (t->n_alive < TRACEES)
		t->alive[t->n_alive++] = pid;
}

static void at_end(struct totals *t, pid_t pid)
{
	for (size_t i = 0; i < t->n_alive && !t->has_ended; i++) {
		t->proportional += kib_of(t->alive[i], "smaps_rollup", "Pss");
		t->anonymous += kib_of(t->alive[i], "smaps_rollup", "Anonymous");
	}
	t->has_ended = true;
	/* A thread's memory is its process's. */
	if (kib_of(pid, "status", "Tgid") == (unsigned long)pid)
		t->resident += kib_of(pid, "status", "VmHWM");
}

/* libcurl writes a request by one send(3). */
static bool is_request(pid_t pid, const struct __ptrace_syscall_info *s)
{
	char text[5] = "";
	struct iovec here = { text, 4 };
	struct iovec there = { (void *)(uintptr_t)s->entry.args[1], 4 };
	if (s->entry.nr != SYS_sendto || s->entry.args[2] < 4 ||
	    process_vm_readv(pid, &here, 1, &there, 1, 0) != 4)
		return false;
	return strcmp(text, "GET ") == 0 || strcmp(text, "HEAD") == 0;
}

static void at_call(struct totals *t, pid_t pid)
{
	struct __ptrace_syscall_info s;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(s), &s) <= 0)
		return;
	if (s.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	t->calls++;
	t->requests += is_request(pid, &s);
}

/* What a stop means; the signal to pass on. */
static int at_stop(struct totals *t, pid_t pid, int status)
{
	int signal = WSTOPSIG(status);
	switch (status >> 16) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK: t->processes++; return 0;
	case PTRACE_EVENT_CLONE: t->threads++; return 0;
	case PTRACE_EVENT_EXEC: t->executed++; return 0;
	case PTRACE_EVENT_EXIT: at_end(t, pid); return 0;
	}
	if (signal == (SIGTRAP | 0x80)) {
		at_call(t, pid);
		return 0;
	}
	/* A new tracee starts with a stop of its own. */
	return signal == SIGSTOP || signal == SIGTRAP ? 0 : signal;
}

static int trace_it(char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT |
			     PTRACE_O_EXITKILL;
	struct totals t = { .processes = 1 };
	int status, result = 0;
	pid_t first = fork(), pid;
	if (first < 0)
		fail("fork");
	if (first == 0)
		become(argv, true);
	if (waitpid(first, &status, 0) < 0 ||
	    ptrace(PTRACE_SETOPTIONS, first, NULL, (void *)options) < 0)
		fail("ptrace");
	add_alive(&t, first);
	ptrace(PTRACE_SYSCALL, first, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (!WIFSTOPPED(status)) {
			result = pid == first ? status_of(status) : result;
			for (size_t i = 0; i < t.n_alive; i++) {
				if (t.alive[i] == pid)
					t.alive[i] = t.alive[--t.n_alive];
			}
			continue;
		}
		add_alive(&t, pid);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)at_stop(&t, pid, status));
	}
	printf("%lu %lu %lu %lu %lu %lu %lu %lu %d\n", t.processes, t.threads, t.executed,
	       t.requests, t.calls, t.resident, t.proportional, t.anonymous, result);
	return 0;
}

int main(int argc, char **argv)
{
	bool traced = argc > 1 && strcmp(argv[1], "-t") == 0;
	if (argc < (traced ? 3 : 2)) {
		fprintf(stderr, "usage: measure [-t] COMMAND [ARGUMENT]...\n");
		return 2;
	}
	return traced ? trace_it(argv + 2) : time_it(argv + 1);
}
