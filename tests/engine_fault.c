/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_fault.c: a small engine on a unix socket that answers from tests/faults/ and goes wrong
 * where it is told.
 *
 *   engine_fault SOCKET|tcp DATA-ROOT [ENDPOINT=FAULT]...
 *
 * DATA-ROOT is what it names as its data root; it keeps a file open there, as a real one does,
 * unless the folder does not exist, and so is found to be the local engine or not. The socket is
 * there when it has printed a line. It ends when standard input is closed.
 */
#include <fcntl.h>
#include <jansson.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "util.h"

#define WEB "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DB  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define RUN "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

enum { HUGE = 5 << 20, MANY = 1000, CROWD = 100000 };

static int n_wrong;
static char **wrong; /* "ENDPOINT=FAULT" */
static const char *data_root;

static bool say(int fd, const char *text)
{
	return write_full(fd, text, strlen(text)) == 0;
}

/* The fault asked for at this endpoint, or NULL. */
static const char *fault_at(const char *endpoint)
{
	size_t n = strlen(endpoint);
	for (int i = 0; i < n_wrong; i++)
		if (starts_with(wrong[i], endpoint) && wrong[i][n] == '=')
			return wrong[i] + n + 1;
	return NULL;
}

static json_t *load(const char *name)
{
	const char *srcdir = getenv("srcdir");
	json_error_t e;
	AUTO_FREE char *path = xasprintf("%s/tests/faults/%s", srcdir ? srcdir : ".", name);
	json_t *v = json_load_file(path, 0, &e);
	if (!v) {
		fprintf(stderr, "engine_fault: %s: %s\n", path, e.text);
		exit(2);
	}
	return v;
}

/* --- what it says when nothing is wrong ------------------------------------------------------ */

static char *text_of(json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT);
	json_decref(v);
	return text;
}

static char *info(void)
{
	json_t *v = load("info.json");
	json_object_set_new(v, "DockerRootDir", json_string(data_root));
	return text_of(v);
}

/* "pid:N" makes it a running container whose first process is N, with two commands run in it. */
static char *inspect(const char *id)
{
	json_t *v = load("inspect.json");
	const char *fault = fault_at("inspect");
	json_object_set_new(v, "Id", json_string(id));
	json_object_set_new(v, "Name", json_string(id[0] == 'a' ? "/web" : "/db"));
	if (fault && starts_with(fault, "pid:")) {
		json_object_set_new(v, "State",
				    json_pack("{sb sI}", "Running", 1, "Pid",
					      (json_int_t)strtoll(fault + 4, NULL, 10)));
		json_object_set_new(v, "ExecIDs", json_pack("[ss]", RUN, RUN));
	}
	return text_of(v);
}

static const struct endpoint_row {
	const char *name, *path; /* the path ends there, behind the version */
	const char *body;
	char *(*make)(void);
} endpoints[] = {
	{ "ping", "/_ping", .body = "OK" },
	{ "info", "/info", .make = info },
	{ "version", "/version",
	  .body = "{\"Version\":\"20.10.24\",\"ApiVersion\":\"1.41\",\"Components\":[{\"Name\":"
		  "\"Engine\"}]}" },
	{ "networks", "/networks",
	  .body = "[{\"Name\":\"bridge\",\"Id\":\"1\",\"Driver\":\"bridge\",\"Options\":"
		  "{\"com.docker.network.bridge.enable_icc\":\"false\"}}]" },
	{ "volumes", "/volumes", .body = "{\"Volumes\":[],\"Warnings\":null}" },
	{ "plugins", "/plugins", .body = "[]" },
	{ "images", "/images/json", .body = "[]" },
	{ "containers", "/containers/json?all=1",
	  .body = "[{\"Id\":\"" WEB "\"},{\"Id\":\"" DB "\"}]" },
	{ "exec", "/exec/" RUN "/json",
	  .body = "{\"ID\":\"" RUN "\",\"Running\":true,\"ProcessConfig\":{\"privileged\":false,"
		  "\"user\":\"1000\"}}" },
};

/* --- what it says when something is ---------------------------------------------------------- */

static void say_head(int fd, const char *status, long long length)
{
	dprintf(fd,
		"HTTP/1.1 %s\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 "
		"(linux)\r\n"
		"Content-Type: application/json\r\nContent-Length: %lld\r\n\r\n",
		status, length);
}

static bool answer_whole(int fd, const char *status, const char *body)
{
	say_head(fd, status, (long long)strlen(body));
	return say(fd, body);
}

static bool stall(int fd, const char *body)
{
	(void)fd, (void)body;
	pause();
	return false;
}

static bool stall_in_body(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) + 1);
	say(fd, body);
	pause();
	return false;
}

static bool close_at_once(int fd, const char *body)
{
	(void)fd, (void)body;
	return false;
}

static bool error_500(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "500 Internal Server Error", "{\"message\":\"out of order\"}");
}

static bool error_404(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "404 Not Found", "{\"message\":\"no such thing\"}");
}

static bool html(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "200 OK", "<html><body>Welcome to the proxy</body></html>");
}

static bool no_http(int fd, const char *body)
{
	(void)body;
	say(fd, "220 mail.example ESMTP\r\n");
	return false;
}

static bool promise_more(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) + 100);
	say(fd, body);
	return false;
}

/* The length cuts a valid list or object off in its middle. */
static bool promise_less(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) / 2);
	say(fd, body);
	return false;
}

static bool cut_chunk(int fd, const char *body)
{
	dprintf(fd,
		"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nTransfer-Encoding: "
		"chunked\r\n\r\n%zx\r\n%s\r\nff\r\n{",
		strlen(body), body);
	return false;
}

/* Valid all over, but for its size. */
static bool huge(int fd, const char *body)
{
	size_t n = strlen(body);
	char blank[4096];
	memset(blank, ' ', sizeof(blank));
	say_head(fd, "200 OK", HUGE + (long long)n);
	for (size_t sent = 0; sent < HUGE; sent += sizeof(blank))
		if (write_full(fd, blank, sizeof(blank)) < 0)
			return false;
	return say(fd, body);
}

static bool redirect(int fd, const char *body)
{
	(void)body;
	return say(fd, "HTTP/1.1 301 Moved Permanently\r\nApi-Version: 1.41\r\nLocation: "
		       "/info\r\nContent-Length: 2\r\n\r\n{}");
}

/* An answer, but not of this kind of server. */
static bool nameless(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
	return true;
}

static bool bad_version(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nApi-Version: ../../x\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(body), body);
	return true;
}

static bool deep(int fd, const char *body)
{
	enum { DEPTH = 1 << 20 };
	AUTO_FREE char *nest = xalloc(DEPTH + 1);
	(void)body;
	memset(nest, '[', DEPTH);
	return answer_whole(fd, "200 OK", nest);
}

/* Every value of the object is of another type than it should be. */
static bool wrong_types(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value;
	const char *name;
	void *next;
	json_object_foreach_safe(v, next, name, value) json_object_set_new(
		v, name, json_is_string(value) ? json_integer(7) : json_string("seven"));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* One level below: HostConfig, State and so on are objects with members of other types. */
static bool wrong_members(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value, *inner;
	const char *name, *member;
	void *next;
	json_object_foreach(v, name, value)
	{
		json_object_foreach_safe(value, next, member, inner)
			json_object_set_new(value, member, json_real(0.5));
		if (json_is_array(value))
			json_array_append_new(value, json_real(0.5));
	}
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* Each list becomes an object, and each object below the first a list. */
static json_t *other_shape(json_t *v)
{
	json_t *made = json_is_object(v) ? json_array() : json_object(), *inner;
	const char *name;
	size_t i;
	json_object_foreach(v, name, inner) json_array_append(made, inner);
	json_array_foreach(v, i, inner)
	{
		AUTO_FREE char *key = xasprintf("%zu", i);
		json_object_set(made, key, inner);
	}
	return made;
}

static bool other_shapes(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value;
	const char *name;
	json_object_foreach(v, name, value) if (json_is_array(value) || json_is_object(value))
		json_object_set_new(v, name, other_shape(value));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

static bool other_member_shapes(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value, *inner;
	const char *name, *member;
	json_object_foreach(v, name, value) json_object_foreach(
		value, member, inner) if (json_is_array(inner) || json_is_object(inner))
		json_object_set_new(value, member, other_shape(inner));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* Members that no engine has, among them some that we would make ourselves. */
static bool unknown_fields(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL);
	json_object_update_new(v, json_pack("{s{s{ss si}} s[] s{} s[sn] s{ss}}", "Kernel", "Status",
					    "CapEff", "0", "Seccomp", 2, "Execs", "Sources",
					    "Tomorrow", "x", "Zz", "a", "b"));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* Text that is JSON but for what replaces the first opening brace's inside. */
static bool with_member(int fd, const char *body, const char *member, size_t n)
{
	const char *brace = strchr(body, '{');
	size_t before = brace ? (size_t)(brace - body) + 1 : 0;
	say_head(fd, "200 OK", (long long)(strlen(body) + n));
	return write_full(fd, body, before) == 0 && write_full(fd, member, n) == 0 &&
	       say(fd, body + before);
}

/* Characters that no text may hold, and numbers that no integer can. */
static const struct {
	const char *name, *member;
	size_t n;
} members[] = {
#define MEMBER(name, text)                                                                         \
	{                                                                                          \
		name, text ",", sizeof(text)                                                       \
	}
	MEMBER("nul", "\"Zz\":\"a\\u0000b\""),
	MEMBER("rawnul", "\"Zz\":\"a\0b\""),
	MEMBER("nulname", "\"Privileged\\u0000\":true"),
	MEMBER("surrogate", "\"Zz\":\"\\ud800\""),
	MEMBER("badutf8", "\"Zz\":\"\xff\xfe\xc0\x80\""),
	MEMBER("bignumber", "\"Zz\":123456789012345678901234567890"),
	MEMBER("bigexponent", "\"Zz\":1e999"),
	MEMBER("comment", "/* \"Zz\": */\"Zz\":1"),
	MEMBER("nan", "\"Zz\":NaN"),
	MEMBER("badname", "\"\xff\":1"),
};

static bool odd_member(int fd, const char *body, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (streq(members[i].name, name))
			return with_member(fd, body, members[i].member, members[i].n);
	return answer_whole(fd, "200 OK", body);
}

/* Nobody asked for it, and unpacked it is a thousand times as long. */
static bool compressed(int fd, const char *body)
{
	static const char gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x33\x04\0\xb7\xef\xdc\x83\x01\0\0";
	(void)body;
	dprintf(fd,
		"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Encoding: gzip\r\n"
		"Content-Length: %zu\r\n\r\n",
		sizeof(gzip));
	return write_full(fd, gzip, sizeof(gzip)) == 0;
}

/* Within the limit of a reply, and many times that once it is understood. */
static bool zeros(int fd, const char *body)
{
	enum { N = 4000000 };
	AUTO_FREE char *text = xalloc(N + 1);
	(void)body;
	for (size_t i = 0; i < N; i++)
		text[i] = i % 2 ? ',' : '0';
	text[0] = '[';
	text[N - 1] = ']';
	return answer_whole(fd, "200 OK", text);
}

/* A byte a second, of a reply and of its head. */
static bool trickle(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body));
	for (; *body; body++) {
		if (write_full(fd, body, 1) < 0)
			return false;
		sleep(1);
	}
	return true;
}

static bool trickle_head(int fd, const char *body)
{
	(void)body;
	for (const char *c = "HTTP/1.1 200 OK\r\n"; *c && write_full(fd, c, 1) == 0; c++)
		sleep(1);
	return false;
}

static bool endless_head(int fd, const char *body)
{
	(void)body;
	say(fd, "HTTP/1.1 200 OK\r\n");
	while (say(fd, "X-More: and more, and more, and more, and more, and more, and more\r\n")) {
	}
	return false;
}

static bool endless_continue(int fd, const char *body)
{
	(void)body;
	while (say(fd, "HTTP/1.1 100 Continue\r\n\r\n")) {
	}
	return false;
}

static bool endless_body(int fd, const char *body)
{
	char blank[4096];
	(void)body;
	memset(blank, ' ', sizeof(blank));
	say_head(fd, "200 OK", 1LL << 30);
	while (write_full(fd, blank, sizeof(blank)) == 0) {
	}
	return false;
}

static bool odd_status(int fd, const char *body)
{
	return answer_whole(fd, "999 Whatever", body);
}

static bool no_content(int fd, const char *body)
{
	(void)body;
	return say(fd, "HTTP/1.1 204 No Content\r\nApi-Version: 1.41\r\n\r\n");
}

/* What one "FAULT" is. Those with a body answer that instead of theirs, whole. */
static const struct fault_row {
	const char *name;
	bool (*answer)(int fd, const char *body);
	const char *body;
} faults[] = {
	{ "stall", stall, NULL },
	{ "stallbody", stall_in_body, NULL },
	{ "close", close_at_once, NULL },
	{ "500", error_500, NULL },
	{ "404", error_404, NULL },
	{ "html", html, NULL },
	{ "nohttp", no_http, NULL },
	{ "longer", promise_more, NULL },
	{ "shorter", promise_less, NULL },
	{ "chunk", cut_chunk, NULL },
	{ "huge", huge, NULL },
	{ "redirect", redirect, NULL },
	{ "nameless", nameless, NULL },
	{ "badversion", bad_version, NULL },
	{ "deep", deep, NULL },
	{ "types", wrong_types, NULL },
	{ "members", wrong_members, NULL },
	{ "shapes", other_shapes, NULL },
	{ "membershapes", other_member_shapes, NULL },
	{ "unknown", unknown_fields, NULL },
	{ "gzip", compressed, NULL },
	{ "zeros", zeros, NULL },
	{ "trickle", trickle, NULL },
	{ "tricklehead", trickle_head, NULL },
	{ "endlesshead", endless_head, NULL },
	{ "endless100", endless_continue, NULL },
	{ "endlessbody", endless_body, NULL },
	{ "999", odd_status, NULL },
	{ "204", no_content, NULL },
	{ "empty", NULL, "" },
	{ "null", NULL, "null" },
	{ "object", NULL, "{}" },
	{ "list", NULL, "[]" },
	{ "text", NULL, "\"seven\"" },
	{ "twice", NULL, "{\"HostConfig\":{},\"HostConfig\":{\"Privileged\":true}}" },
	{ "unread", NULL, "{\"$unread\":\"says who\"}" },
	{ "nonames", NULL, "[{\"Name\":7,\"Id\":7}]" },
	{ "cut", NULL, "[{\"Id\":\"" WEB "\"},{\"Id\":\"" },
	{ "badids", NULL,
	  "[{\"Id\":\"" WEB "\"},{\"Id\":\"../../../etc/passwd\"},{\"Id\":7},{},7]" },
	{ "oddid", NULL,
	  "[{\"Id\":\"zzzzzzzzzzzzzzzz/../../zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"}]" },
	{ "one", NULL, "[{\"Id\":\"" WEB "\"}]" },
};

static bool go_wrong(int fd, const char *name, const char *body)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (streq(faults[i].name, name))
			return faults[i].answer ? faults[i].answer(fd, body)
						: answer_whole(fd, "200 OK", faults[i].body);
	return odd_member(fd, body, name);
}

/* "many" lists MANY containers, "crowd" CROWD. */
static char *list_many(int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		char id[65];
		snprintf(id, sizeof(id), "%064x", i + 1);
		json_array_append_new(list, json_pack("{ss}", "Id", id));
	}
	return text_of(list);
}

/* --- the server ------------------------------------------------------------------------------ */

static bool serve_path(int fd, const char *path)
{
	if (starts_with(path, "/v1") && strchr(path + 1, '/'))
		path = strchr(path + 1, '/');
	bool is_inspect = starts_with(path, "/containers/") && ends_with(path, "/json");
	if (is_inspect && strlen(path) == strlen("/containers/" WEB "/json")) {
		const char *fault = path[12] == 'b' ? fault_at("db") : fault_at("inspect");
		AUTO_FREE char *id = xstrndup(path + 12, 64);
		if (fault && streq(fault, "404"))
			return error_404(fd, NULL);
		AUTO_FREE char *body = inspect(id);
		return fault ? go_wrong(fd, fault, body) : answer_whole(fd, "200 OK", body);
	}
	for (size_t i = 0; i < ARRAY_SIZE(endpoints); i++) {
		if (!streq(endpoints[i].path, path))
			continue;
		const char *fault = fault_at(endpoints[i].name);
		int n = !fault                  ? 0
			: streq(fault, "many")  ? MANY
			: streq(fault, "crowd") ? CROWD
						: 0;
		AUTO_FREE char *body = n > 0               ? list_many(n)
				       : endpoints[i].make ? endpoints[i].make()
							   : xstrdup(endpoints[i].body);
		return fault ? go_wrong(fd, fault, body) : answer_whole(fd, "200 OK", body);
	}
	return error_404(fd, NULL);
}

static void serve(int fd)
{
	char line[1024], rest[1024], path[1024];
	FILE *in = fdopen(dup(fd), "r");
	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "GET %1023s HTTP/1.1", path) != 1)
			break;
		while (fgets(rest, sizeof(rest), in) && rest[0] != '\r') {
		}
		if (!serve_path(fd, path))
			break;
	}
	_exit(0);
}

static void serve_all(int listener)
{
	struct pollfd p[2] = { { .fd = listener, .events = POLLIN },
			       { .fd = STDIN_FILENO, .events = POLLIN } };
	pid_t parent = getpid();
	while (poll(p, 2, -1) >= 0 && !p[1].revents) {
		int fd = accept(listener, NULL, NULL);
		if (fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() == parent)
				serve(fd);
			_exit(1);
		}
		if (fd >= 0)
			close(fd);
	}
}

/* At the path, or for "tcp" at a free port of this host, which is printed. Negative when it cannot
 * be. */
static int listen_at(const char *where, unsigned *ret_port)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool is_tcp = streq(where, "tcp");
	socklen_t n = sizeof(in);
	int fd = socket(is_tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(local.sun_path, sizeof(local.sun_path), "%s", where);
	int bad = is_tcp ? bind(fd, (struct sockaddr *)&in, sizeof(in))
			 : bind(fd, (struct sockaddr *)&local, sizeof(local));
	if (bad < 0 || listen(fd, 64) < 0 ||
	    (is_tcp && getsockname(fd, (struct sockaddr *)&in, &n) < 0))
		return -1;
	*ret_port = is_tcp ? ntohs(in.sin_port) : 0;
	return fd;
}

/* A shell has a word to say of a child that dies of a signal. */
static void leave(int number)
{
	(void)number;
	_exit(0);
}

int main(int argc, char **argv)
{
	unsigned port;
	if (argc < 3) {
		fputs("usage: engine_fault SOCKET|tcp DATA-ROOT [ENDPOINT=FAULT]...\n", stderr);
		return 2;
	}
	data_root = argv[2];
	wrong = argv + 3;
	n_wrong = argc - 3;
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, leave);
	AUTO_FREE char *held = xasprintf("%s/held", data_root);
	AUTO_CLOSE int file __attribute__((unused)) =
		open(held, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	unlink(argv[1]);
	AUTO_CLOSE int listener = listen_at(argv[1], &port);
	if (listener < 0) {
		perror("engine_fault");
		return 2;
	}
	printf("listening %u\n", port);
	/* Whoever waits at the other end for the next engine must not find it open still. */
	if (!freopen("/dev/null", "w", stdout))
		return 2;
	serve_all(listener);
	unlink(argv[1]);
	return 0;
}
