/* SPDX-License-Identifier: Apache-2.0 */
/* t_fetch.c: the fetcher refuses what is not on its list, and survives an engine that misbehaves.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "fake_engine.h"
#include "fetch.h"
#include "harness.h"

enum { TIMEOUT = 1, BODY_MAX = FETCH_REPLY_MAX + (1 << 20) };

static char folder[] = "/tmp/t_fetch.XXXXXX";
static char live_socket[64], deaf_socket[64], shut_socket[64];
static pid_t engine;
static unsigned needs;       /* of the fetchers that are started */
static const char *write_to; /* where they answer instead of to us */

/* The fetcher under test and the ends of the reader. */
struct fetcher {
	pid_t pid;
	int questions, answers;
	uint32_t last_id;
};

struct got {
	int error;
	unsigned http;
	char *data;
	size_t len;
};

static void got_done(struct got *g)
{
	free(g->data);
}
#define AUTO_GOT CLEANUP(got_done)

static void bind_only(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
}

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
	snprintf(live_socket, sizeof(live_socket), "%s/live", folder);
	snprintf(deaf_socket, sizeof(deaf_socket), "%s/deaf", folder);
	snprintf(shut_socket, sizeof(shut_socket), "%s/shut", folder);
	engine = fake_engine_start(live_socket);
	ck_assert_int_gt(engine, 0);
	bind_only(deaf_socket);
	bind_only(shut_socket);
	ck_assert_int_eq(chmod(deaf_socket, 0666), 0);
	ck_assert_int_eq(chmod(shut_socket, 0), 0);
}

static void tear_down(void)
{
	kill(engine, SIGKILL);
	waitpid(engine, NULL, 0);
	unlink(live_socket);
	unlink(deaf_socket);
	unlink(shut_socket);
	rmdir(folder);
}

/* What the fetcher set its alarm to, in order; shared with it. It needs none that rings. */
static struct {
	unsigned n, seconds[64];
} * alarms;

unsigned alarm(unsigned seconds)
{
	if (alarms && alarms->n < ARRAY_SIZE(alarms->seconds))
		alarms->seconds[alarms->n++] = seconds;
	return 0;
}

/* Nobody else's uid is needed, only one that modes apply to. */
static void give_up_root(void)
{
	if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
		_exit(9);
}

static struct fetcher start(const char *socket_path, bool live, bool as_nobody)
{
	struct fetcher f = { 0 };
	int pair[2], ends[2];
	char path[64];
	snprintf(path, sizeof(path), "%s", socket_path);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	f.pid = fork();
	if (f.pid == 0) {
		char url[] = "unix://";
		struct endpoint e = { .url = url, .is_unix = true, .socket = path };
		struct fetch_options o = {
			.endpoint = &e,
			.live = live,
			.timeout = TIMEOUT,
			.needs = needs,
			.root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
		};
		close(pair[0]);
		close(ends[0]);
		if (as_nobody)
			give_up_root();
		_exit(fetch_main(&o, pair[1], write_to ? open(write_to, O_WRONLY) : ends[1]));
	}
	close(pair[1]);
	close(ends[1]);
	f.questions = pair[0];
	f.answers = ends[0];
	return f;
}

static int stop(struct fetcher *f)
{
	int status;
	close(f->questions);
	close(f->answers);
	waitpid(f->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static uint32_t send_n(struct fetcher *f, unsigned op, unsigned sub, const char *arg, size_t n)
{
	struct fetch_question q = {
		.id = ++f->last_id,
		.op = (uint16_t)op,
		.sub = (uint16_t)sub,
		.len = (uint32_t)n,
	};
	ck_assert_int_eq(write_full(f->questions, &q, sizeof(q)), 0);
	ck_assert_int_eq(write_full(f->questions, arg, n), 0);
	return q.id;
}

static uint32_t send_text(struct fetcher *f, unsigned op, unsigned sub, const char *arg)
{
	return send_n(f, op, sub, arg, strlen(arg));
}

/* The next whole answer, which must be to question id; 0: to any. */
static struct got receive(struct fetcher *f, uint32_t id)
{
	struct got g = { .data = xalloc(BODY_MAX) };
	for (struct fetch_frame h = { 0 }; !(h.flags & FRAME_LAST);) {
		ck_assert_int_eq(read_full(f->answers, &h, sizeof(h)), 0);
		id = id ? id : h.id;
		ck_assert_uint_eq(h.id, id);
		ck_assert_uint_le(h.len, FETCH_FRAME_MAX);
		ck_assert_uint_lt(g.len + h.len, BODY_MAX);
		if (h.error)
			g.len = 0;
		ck_assert_int_eq(read_full(f->answers, g.data + g.len, h.len), 0);
		g.len += h.len;
		g.error = h.error;
		g.http = h.http;
	}
	g.data[g.len] = '\0';
	return g;
}

static struct got ask(struct fetcher *f, unsigned op, unsigned sub, const char *arg)
{
	return receive(f, send_text(f, op, sub, arg));
}

/* An id that makes the fake engine do so. */
static const char *id_of(enum fake_fault fault)
{
	static char id[65];
	memset(id, 'a', 64);
	id[0] = (char)fault;
	return id;
}

#define HEX63 "123456789012345678901234567890123456789012345678901234567890abc"

static const struct {
	unsigned op, sub;
	const char *arg;
	int error;
} refused[] = {
	{ 0, 0, "", EBADRQC },
	{ FETCH_PRIVILEGE + 1, 0, "", EBADRQC },
	{ 65535, 0, "", EBADRQC },
	{ FETCH_GET, GET_ENDPOINTS, "", EBADRQC },
	{ FETCH_GET, GET_INFO, "x", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, "", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, HEX63, EBADRQC },
	{ FETCH_GET, GET_CONTAINER, HEX63 "dd", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, HEX63 "D", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, HEX63 "d/start?", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, HEX63 "/", EBADRQC },
	{ FETCH_GET, GET_CONTAINER, "sha256:" HEX63 "d", EBADRQC },
	{ FETCH_GET, GET_IMAGE, HEX63 "d", EBADRQC },
	{ FETCH_GET, GET_HISTORY, "sha256:../../info", EBADRQC },
	{ FETCH_API, 0, "1", EBADRQC },
	{ FETCH_API, 0, "1.", EBADRQC },
	{ FETCH_API, 0, ".1", EBADRQC },
	{ FETCH_API, 0, "1.41/..", EBADRQC },
	{ FETCH_API, 0, "12345.1", EBADRQC },
	{ FETCH_API, 1, "1.41", EBADRQC },
	{ FETCH_STAT, FETCH_BASE_PROC + 1, "/", EBADRQC },
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/pass\nwd", EBADRQC },
	{ FETCH_READ, FETCH_BASE_ROOT, "/etc/pass\x7fwd", EBADRQC },
	{ FETCH_READ, FETCH_BASE_ROOT, "/proc/self/status", EXDEV },
	{ FETCH_READ, FETCH_BASE_ROOT, "/proc/self/root/etc/passwd", ELOOP },
	{ FETCH_STAT, FETCH_BASE_ENGINE, "/", ENOTCONN },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/1/environ", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/kmsg", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/sys/../kcore", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "sys/../etc/passwd", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/1/ns/../environ", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/1/ns/net/x", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "etc/passwd", EBADRQC },
	{ FETCH_READ, FETCH_BASE_PROC, "", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "0", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "-1", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "self", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "1/../2", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "1 2", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "12345678901", EBADRQC },
	{ FETCH_PROC, PROC_CONTAINER, "999999999", ESRCH },
	{ FETCH_PROC, PROC_CONTAINED + 1, "1", EBADRQC },
	{ FETCH_PROC_FDS, 0, "999999999", ESRCH },
	{ FETCH_PROC_EXES, 0, "", EBADRQC },
	{ FETCH_PROC_EXES, 0, "1  2", EBADRQC },
	{ FETCH_PROC_EXES, 0, "1 x", EBADRQC },
	{ FETCH_PROC_NET, 0, "1", EBADRQC },
	{ FETCH_PROC_NET, 0, "1 raw", EBADRQC },
	{ FETCH_PROC_NET, 0, "1 ../mem", EBADRQC },
	{ FETCH_CGROUP_PIDS, 0, "", EBADRQC },
	{ FETCH_CGROUP_PIDS, 0, "docker", EBADRQC },
	{ FETCH_CGROUP_PIDS, 0, "/..", EXDEV },
	{ FETCH_CGROUP_PIDS, 0, "/../docker", EXDEV },
	{ FETCH_CGROUP_PIDS, 0, "/docker/../..", EBADRQC },
	{ FETCH_CGROUP_PIDS, 0, "/no/such/group", ENOENT },
	{ FETCH_ENGINE_ROOT, 0, "999999999", ESRCH },
};

/* Each refusal leaves the fetcher able to answer the next question. */
START_TEST(test_refused)
{
	struct fetcher f = start(live_socket, true, false);
	AUTO_GOT struct got g = ask(&f, refused[_i].op, refused[_i].sub, refused[_i].arg);
	ck_assert_msg(g.error == refused[_i].error, "%s", strerror(g.error));
	AUTO_GOT struct got next = ask(&f, FETCH_READ, FETCH_BASE_PROC, "/proc/sys/kernel/ostype");
	ck_assert_str_eq(next.data, "Linux\n");
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_hostile_lengths)
{
	struct fetcher f = start(live_socket, true, false);
	AUTO_FREE char *large = xalloc(100000);
	AUTO_GOT struct got a = receive(&f, send_n(&f, FETCH_STAT, 0, large, 100000));
	ck_assert_int_eq(a.error, EBADRQC);
	AUTO_GOT struct got b = receive(&f, send_n(&f, FETCH_STAT, 0, "/etc\0/passwd", 12));
	ck_assert_int_eq(b.error, EBADRQC);
	memset(large, '/', FETCH_ARG_MAX);
	AUTO_GOT struct got c = receive(&f, send_n(&f, FETCH_LIST, 0, large, FETCH_ARG_MAX));
	ck_assert_int_eq(c.error, ENAMETOOLONG);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

static const struct {
	unsigned op, sub;
	const char *arg;
} live_only[] = {
	{ FETCH_GET, GET_INFO, "" },
	{ FETCH_PEER, 0, "" },
	{ FETCH_STAT, FETCH_BASE_ENGINE, "/" },
	{ FETCH_READ, FETCH_BASE_PROC, "proc/cmdline" },
	{ FETCH_LIST, FETCH_BASE_PROC, "proc" },
	{ FETCH_LINK, 0, "/proc/self/exe" },
	{ FETCH_PROC, PROC_CONTAINER, "1" },
	{ FETCH_PROC_FDS, 0, "1" },
	{ FETCH_PROC_EXES, 0, "1" },
	{ FETCH_PROC_NET, 0, "1 unix" },
	{ FETCH_CGROUP_PIDS, 0, "/" },
	{ FETCH_ENGINE_ROOT, 0, "1" },
	{ FETCH_STAT, FETCH_BASE_ROOT, "/proc/1" },
};

START_TEST(test_not_live)
{
	struct fetcher f = start(live_socket, false, false);
	AUTO_GOT struct got g = ask(&f, live_only[_i].op, live_only[_i].sub, live_only[_i].arg);
	ck_assert_int_eq(g.error, EXDEV);
	AUTO_GOT struct got root = ask(&f, FETCH_STAT, FETCH_BASE_ROOT, "/");
	ck_assert_int_eq(root.error, 0);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

/* The bytes of a part of a FETCH_PROC answer; ret_error is -1 when there is no such part. */
static const char *part_of(const struct got *g, const char *name, int *ret_error)
{
	const char *p = g->data, *end = g->data + g->len;
	*ret_error = -1;
	while (p < end) {
		const char *error = p + strlen(p) + 1;
		const char *length = error + strlen(error) + 1;
		const char *data = length + strlen(length) + 1;
		if (streq(p, name)) {
			*ret_error = (int)strtol(error, NULL, 10);
			return data;
		}
		p = data + strtoul(length, NULL, 10);
	}
	return NULL;
}

/* What an answer to FETCH_PROC_FDS says of the protocol of a descriptor of ours; NULL when nothing.
 */
static const char *protocol_of(const struct got *g, int fd)
{
	char path[32], link[256];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	ck_assert_int_gt(n, 0);
	link[n] = '\0';
	for (const char *p = g->data, *protocol; p < g->data + g->len;
	     p = protocol + strlen(protocol) + 1) {
		protocol = p + strlen(p) + 1;
		if (streq(p, link))
			return protocol;
	}
	return NULL;
}

/* What is taken for a process that has no TCP socket is not asked for its addresses. */
START_TEST(test_protocols)
{
	static const struct {
		int family, type;
		const char *is;
	} rows[] = {
		{ AF_INET, SOCK_STREAM, "TCP" },
		{ AF_INET6, SOCK_STREAM, "TCPv6" },
		{ AF_INET, SOCK_DGRAM, "UDP" },
		{ AF_UNIX, SOCK_DGRAM, "UNIX" },
	};
	char pid[16];
	int fds[ARRAY_SIZE(rows)], file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		fds[i] = socket(rows[i].family, rows[i].type | SOCK_CLOEXEC, 0);
	struct fetcher f = start(live_socket, true, false);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	AUTO_GOT struct got g = ask(&f, FETCH_PROC_FDS, 0, pid);
	ck_assert_int_eq(g.error, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *protocol = fds[i] < 0 ? NULL : protocol_of(&g, fds[i]);
		/* Without IPv6 there is no such socket, and not every kernel tells. */
		if (fds[i] >= 0 && *protocol)
			ck_assert(starts_with(protocol, rows[i].is));
		if (fds[i] >= 0)
			close(fds[i]);
	}
	ck_assert_str_eq(protocol_of(&g, file), "");
	close(file);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_process)
{
	char pid[16], link[256];
	int error;
	struct fetcher f = start(live_socket, true, false);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	AUTO_GOT struct got g = ask(&f, FETCH_PROC, PROC_ENGINE, pid);
	ck_assert_int_eq(g.error, 0);
	ck_assert(starts_with(part_of(&g, "status", &error), "Name:"));
	ssize_t n = readlink("/proc/self/ns/net", link, sizeof(link));
	const char *ns = part_of(&g, "ns/net", &error);
	ck_assert_int_eq(error, 0);
	ck_assert_mem_eq(ns, link, n);
	part_of(&g, "cmdline", &error);
	ck_assert_int_eq(error, 0);
	AUTO_GOT struct got few = ask(&f, FETCH_PROC, PROC_CONTAINER, pid);
	part_of(&few, "environ", &error);
	ck_assert_int_eq(error, -1);
	AUTO_GOT struct got fds = ask(&f, FETCH_PROC_FDS, 0, pid);
	ck_assert_ptr_nonnull(memmem(fds.data, fds.len, "socket:[", 8));
	AUTO_FREE char *net_arg = xasprintf("%s unix", pid);
	AUTO_GOT struct got net = ask(&f, FETCH_PROC_NET, 0, net_arg);
	ck_assert_ptr_nonnull(strstr(net.data, live_socket));
	AUTO_FREE char *exe_arg = xasprintf("999999999 %s", pid);
	AUTO_GOT struct got exe = ask(&f, FETCH_PROC_EXES, 0, exe_arg);
	ck_assert_str_eq(exe.data, pid);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_files)
{
	struct fetch_stat st;
	struct stat root;
	AUTO_FREE char *self = xasprintf("%d", (int)getpid());
	AUTO_FREE char *child_of = xasprintf("%d ", (int)getppid());
	AUTO_FREE char *listener = xasprintf("%d ", (int)engine);
	struct fetcher f = start(live_socket, true, false);
	AUTO_GOT struct got g = ask(&f, FETCH_STAT, FETCH_BASE_ROOT, "/usr/../");
	memcpy(&st, g.data, sizeof(st));
	ck_assert_int_eq(stat("/", &root), 0);
	ck_assert_uint_eq(st.ino, root.st_ino);
	ck_assert_uint_eq(st.path_len, 1);
	ck_assert_uint_eq(g.len, sizeof(st) + 1 + st.acl_len);
	AUTO_GOT struct got none = ask(&f, FETCH_READ, FETCH_BASE_ROOT, "/not/there");
	ck_assert_int_eq(none.error, ENOENT);
	AUTO_GOT struct got list = ask(&f, FETCH_LIST, FETCH_BASE_ROOT, folder);
	ck_assert_uint_eq(list.len, 18);
	AUTO_GOT struct got engine_root = ask(&f, FETCH_ENGINE_ROOT, 0, self);
	ck_assert_uint_eq(engine_root.len, sizeof(st));
	AUTO_GOT struct got same = ask(&f, FETCH_STAT, FETCH_BASE_ENGINE, "/");
	memcpy(&st, same.data, sizeof(st));
	ck_assert_uint_eq(st.ino, root.st_ino);
	AUTO_GOT struct got ns = ask(&f, FETCH_READ, FETCH_BASE_PROC, "proc/self/ns/pid");
	ck_assert(starts_with(ns.data, "pid:["));
	AUTO_GOT struct got priv = ask(&f, FETCH_PRIVILEGE, 0, "");
	ck_assert(starts_with(priv.data, "uid "));
	ck_assert_ptr_nonnull(strstr(priv.data, "no_new_privs"));
	AUTO_GOT struct got peer = ask(&f, FETCH_PEER, 0, "");
	/* The peer is who called listen(2): our parent, before it forked the engine. */
	ck_assert(starts_with(peer.data, child_of) || starts_with(peer.data, listener));
	ck_assert_int_eq(stat(live_socket, &root), 0);
	AUTO_FREE char *inode = xasprintf(" %lu\n", (unsigned long)root.st_ino);
	ck_assert(ends_with(peer.data, inode));
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

/* The kernel shows it to CAP_SYS_ADMIN alone, which the fetcher has no more when it is asked. */
START_TEST(test_guarded_key)
{
	static const char path[] = "proc/sys/net/core/bpf_jit_harden";
	static const struct {
		unsigned needs;
		bool live, as_nobody, is_read;
	} cases[] = {
		{ SW_NEEDS_SYSCTL, true, false, true },
		{ 0, true, false, false },
		{ SW_NEEDS_SYSCTL, true, true, false },
		{ SW_NEEDS_SYSCTL, false, false, false },
	};
	char own[64] = "";
	AUTO_CLOSE int fd = open("/proc/sys/net/core/bpf_jit_harden", O_RDONLY | O_CLOEXEC);
	bool can = fd >= 0 && read(fd, own, sizeof(own) - 1) > 0;
	needs = cases[_i].needs;
	struct fetcher f = start(live_socket, cases[_i].live, cases[_i].as_nobody);
	AUTO_GOT struct got key = ask(&f, FETCH_READ, FETCH_BASE_PROC, path);
	AUTO_GOT struct got root = ask(&f, FETCH_READ, FETCH_BASE_ROOT, path);
	needs = 0;
	if (can && cases[_i].is_read)
		ck_assert_str_eq(key.data, own);
	else
		ck_assert_int_ne(key.error, 0);
	ck_assert_int_ne(root.error, 0);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

static const struct {
	enum fake_fault fault;
	int error;
	unsigned http;
	size_t len; /* 0: not looked at */
} faults[] = {
	{ FAKE_ECHO, 0, 200, 0 },
	{ FAKE_STALL, ETIMEDOUT, 0, sizeof("no answer within 1 s") - 1 },
	{ FAKE_SHORT, ECONNRESET, 200, 0 },
	{ FAKE_HUGE, EFBIG, 200, 0 },
	{ FAKE_CLOSE, ECONNRESET, 0, 0 },
	{ FAKE_HTML, EPROTO, 0, 0 },
	{ FAKE_REDIRECT, 0, 301, 4 },
	{ FAKE_HEADERS, EFBIG, 200, 0 },
	{ FAKE_PIECES, 0, 200, 24000 },
	{ FAKE_FULL, 0, 200, FETCH_REPLY_MAX },
	{ FAKE_ERROR, 0, 500, 4 },
	{ FAKE_DRIP, ETIMEDOUT, 0, 0 },
	{ FAKE_LIES, 0, 200, 2 },
	{ FAKE_GZIP, 0, 200, 3 },
	{ FAKE_NOTHING, 0, 204, 0 },
};

/* After each fault the next question is answered. */
START_TEST(test_faults)
{
	struct fetcher f = start(live_socket, true, false);
	AUTO_GOT struct got g = ask(&f, FETCH_GET, GET_CONTAINER, id_of(faults[_i].fault));
	ck_assert_msg(g.error == faults[_i].error, "%s: %s", strerror(g.error), g.data);
	ck_assert_uint_eq(g.http, faults[_i].http);
	if (faults[_i].len)
		ck_assert_uint_eq(g.len, faults[_i].len);
	AUTO_GOT struct got next = ask(&f, FETCH_GET, GET_INFO, "");
	ck_assert_str_eq(next.data, "GET /info HTTP/1.1");
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_version_and_ping)
{
	struct fetcher f = start(live_socket, true, false);
	AUTO_GOT struct got ping = ask(&f, FETCH_GET, GET_PING, "");
	ck_assert_ptr_nonnull(strstr(ping.data, "Api-Version: 1.41\r\n"));
	ck_assert_ptr_nonnull(strstr(ping.data, "\r\n\r\nGET /_ping HTTP/1.1"));
	AUTO_GOT struct got set = ask(&f, FETCH_API, 0, "1.41");
	ck_assert_int_eq(set.error, 0);
	AUTO_GOT struct got list = ask(&f, FETCH_GET, GET_CONTAINERS, "");
	ck_assert_str_eq(list.data, "GET /v1.41/containers/json?all=1 HTTP/1.1");
	AUTO_GOT struct got image = ask(&f, FETCH_GET, GET_HISTORY, "sha256:" HEX63 "d");
	ck_assert_str_eq(image.data, "GET /v1.41/images/sha256:" HEX63 "d/history HTTP/1.1");
	AUTO_GOT struct got version = ask(&f, FETCH_GET, GET_VERSION, "");
	ck_assert_str_eq(version.data, "GET /version HTTP/1.1");
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

/* Three in a row: everything else is given up at once, also what comes later. */
START_TEST(test_dead_engine)
{
	enum { MANY = 12 };
	static const char why[] = "the engine stopped answering";
	struct fetcher f = start(live_socket, true, false);
	for (int i = 0; i < MANY; i++)
		send_text(&f, FETCH_GET, GET_CONTAINER, id_of(FAKE_STALL));
	/* Those that were asked on a connection were waited for, in any order; the fourth is given
	 * up with the others when it was begun later. */
	int waited = 0;
	for (int i = 0; i < MANY; i++) {
		AUTO_GOT struct got g = receive(&f, 0);
		ck_assert_int_eq(g.error, ETIMEDOUT);
		waited += streq(g.data, "no answer within 1 s");
		ck_assert(streq(g.data, "no answer within 1 s") || streq(g.data, why));
	}
	ck_assert_int_ge(waited, 3);
	ck_assert_int_le(waited, 4);
	AUTO_GOT struct got later = ask(&f, FETCH_GET, GET_INFO, "");
	ck_assert_int_eq(later.error, ETIMEDOUT);
	ck_assert_str_eq(later.data, why);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_window)
{
	uint32_t stall[FETCH_WINDOW], over = 0;
	struct fetcher f = start(live_socket, true, false);
	for (size_t i = 0; i < FETCH_WINDOW; i++)
		stall[i] = send_text(&f, FETCH_GET, GET_CONTAINER, id_of(FAKE_STALL));
	over = send_text(&f, FETCH_GET, GET_INFO, "");
	AUTO_GOT struct got busy = receive(&f, over);
	ck_assert_int_eq(busy.error, EBUSY);
	AUTO_GOT struct got g = receive(&f, stall[0]);
	ck_assert_int_eq(g.error, ETIMEDOUT);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

/* A reader that takes its time is not the engine's fault. */
START_TEST(test_slow_reader)
{
	struct fetcher f = start(live_socket, true, false);
	uint32_t id = send_text(&f, FETCH_GET, GET_CONTAINER, id_of(FAKE_FULL));
	sleep(2 * TIMEOUT);
	AUTO_GOT struct got g = receive(&f, id);
	ck_assert_int_eq(g.error, 0);
	ck_assert_uint_eq(g.len, FETCH_REPLY_MAX);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_unreachable)
{
	static const struct {
		const char *path;
		int error;
	} cases[] = {
		{ "/nowhere/docker.sock", ENOENT },
		{ deaf_socket, ECONNREFUSED },
		{ shut_socket, EACCES },
	};
	struct fetcher f = start(cases[_i].path, true, true);
	AUTO_GOT struct got g = ask(&f, FETCH_GET, GET_PING, "");
	ck_assert_int_eq(g.error, cases[_i].error);
	AUTO_GOT struct got p = ask(&f, FETCH_PEER, 0, "");
	ck_assert_int_eq(p.error, cases[_i].error);
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

START_TEST(test_end_of_reader)
{
	struct fetcher f = start(live_socket, true, false);
	if (_i == 1)
		send_text(&f, FETCH_GET, GET_CONTAINER, id_of(FAKE_STALL));
	if (_i == 2) {
		send_text(&f, FETCH_GET, GET_CONTAINER, id_of(FAKE_FULL));
		usleep(200000);
	}
	ck_assert_int_eq(stop(&f), 0);
}
END_TEST

/* A question that hangs ends the fetcher; no question, and no reader that takes its time, does. */
/* Nobody has gone: nothing but the failed write tells that it answers for nothing. */
START_TEST(test_full)
{
	write_to = "/dev/full";
	struct fetcher f = start(live_socket, true, false);
	int status;
	write_to = NULL;
	send_text(&f, FETCH_PRIVILEGE, 0, "");
	ck_assert_int_eq(waitpid(f.pid, &status, 0), f.pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(f.questions);
	close(f.answers);
}
END_TEST

START_TEST(test_alarm)
{
	enum { MANY = 20 };
	alarms = mmap(NULL, sizeof(*alarms), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	ck_assert_ptr_ne(alarms, MAP_FAILED);
	struct fetcher f = start(live_socket, true, false);
	for (uint32_t i = 0; i < MANY; i++)
		send_text(&f, FETCH_READ, FETCH_BASE_PROC, "/proc/sys/kernel/ostype");
	for (uint32_t i = 1; i <= MANY; i++) {
		AUTO_GOT struct got g = receive(&f, i);
		ck_assert_str_eq(g.data, "Linux\n");
	}
	AUTO_GOT struct got ping = ask(&f, FETCH_GET, GET_PING, "");
	ck_assert_uint_eq(ping.http, 200);
	ck_assert_int_eq(stop(&f), 0);
	ck_assert_uint_ge(alarms->n, 2);
	ck_assert_uint_le(alarms->n, 2 * MANY);
	for (unsigned i = 0; i < alarms->n; i++)
		ck_assert_int_eq(alarms->seconds[i] > 0, i % 2 == 0);
	ck_assert_uint_ge(alarms->seconds[0], 30);
	ck_assert_uint_eq(alarms->n % 2, 0);
	munmap(alarms, sizeof(*alarms));
	alarms = NULL;
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("fetch");
	TCase *t = tcase_create("fetch");
	tcase_set_timeout(t, 30);
	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_alarm);
	tcase_add_loop_test(t, test_refused, 0, ARRAY_SIZE(refused));
	tcase_add_loop_test(t, test_not_live, 0, ARRAY_SIZE(live_only));
	tcase_add_loop_test(t, test_faults, 0, ARRAY_SIZE(faults));
	tcase_add_loop_test(t, test_unreachable, 0, 3);
	tcase_add_loop_test(t, test_end_of_reader, 0, 3);
	tcase_add_test(t, test_full);
	tcase_add_test(t, test_hostile_lengths);
	tcase_add_test(t, test_process);
	tcase_add_test(t, test_protocols);
	tcase_add_test(t, test_files);
	tcase_add_loop_test(t, test_guarded_key, 0, 4);
	tcase_add_test(t, test_version_and_ping);
	tcase_add_test(t, test_dead_engine);
	tcase_add_test(t, test_window);
	tcase_add_test(t, test_slow_reader);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	return harness_run(suite());
}
