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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "engine_wrong.h"

#define HISTORY "[{\"CreatedBy\":\"CMD [\\\"sh\\\"]\",\"Size\":0}]"
#define RUN     "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

enum { MANY = 1000, CROWD = 100000 };

static int n_wrong;
static char **wrong; /* "ENDPOINT=FAULT" */
static const char *data_root;
static int *inspects; /* how often each container was asked for: of all connections */

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

static char *info(void)
{
	json_t *v = load("info.json");
	json_object_set_new(v, "DockerRootDir", json_string(data_root));
	return text_of(v);
}

/* A running container whose first process that is, with two commands run in it. */
static void run_as(json_t *v, const char *pid)
{
	json_object_set_new(
		v, "State",
		json_pack("{sb sI}", "Running", 1, "Pid", (json_int_t)strtoll(pid, NULL, 10)));
	json_object_set_new(v, "ExecIDs", json_pack("[ss]", RUN, RUN));
}

/*
 * What inspect says of a container depends on how often it was asked:
 *   pid:N      it runs, and its first process is N
 *   again:N:M  N at first, M when it is asked again
 *   gone:N     N at first, then there is no such container
 *   broken:N   N at first, then an error
 *   stopped:N  N at first, then it does not run
 */
static char *inspect(const char *id, const char *fault, int asked)
{
	json_t *v = load("inspect.json");
	const char *number = fault ? strchr(fault, ':') : NULL;
	const char *second = number ? strchr(number + 1, ':') : NULL;
	json_object_set_new(v, "Id", json_string(id));
	json_object_set_new(v, "Name", json_string(id[0] == 'a' ? "/web" : "/db"));
	if (number && (asked == 1 || !starts_with(fault, "stopped:")))
		run_as(v, asked > 1 && second ? second + 1 : number + 1);
	return text_of(v);
}

/* What else goes wrong the second time. */
static const char *fault_now(const char *fault, int asked)
{
	if (!fault || asked == 1)
		return fault;
	return starts_with(fault, "gone:") ? "404" : starts_with(fault, "broken:") ? "500" : fault;
}

/* Long enough that to read beyond its end is to fall, and short enough to be kept. */
static char *image(void)
{
	enum { PADDING = 900 << 10 };
	AUTO_FREE char *padding = xalloc(PADDING + 1);
	memset(padding, 'x', PADDING);
	padding[PADDING] = '\0';
	return text_of(
		json_pack("{s[s] s{} ss}", "RepoTags", "web:1", "Config", "Comment", padding));
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
	{ "image", "/images/sha256:" WEB "/json", .make = image },
	{ "image", "/images/sha256:" DB "/json", .make = image },
	{ "history", "/images/sha256:" WEB "/history", .body = HISTORY },
	{ "history", "/images/sha256:" DB "/history", .body = HISTORY },
	{ "containers", "/containers/json?all=1",
	  .body = "[{\"Id\":\"" WEB "\",\"Names\":[\"/web\"]},{\"Id\":\"" DB
		  "\",\"Names\":[\"/db\"]}]" },
	{ "exec", "/exec/" RUN "/json",
	  .body = "{\"ID\":\"" RUN "\",\"Running\":true,\"ProcessConfig\":{\"privileged\":false,"
		  "\"user\":\"1000\"}}" },
};

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
		bool is_db = path[12] == 'b';
		int asked = __atomic_add_fetch(&inspects[is_db], 1, __ATOMIC_SEQ_CST);
		const char *asked_for = fault_at(is_db ? "db" : "inspect");
		const char *fault = fault_now(asked_for, asked);
		AUTO_FREE char *id = xstrndup(path + 12, 64);
		AUTO_FREE char *body = inspect(id, fault, asked);
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
	inspects = mmap(NULL, 2 * sizeof(*inspects), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (inspects == MAP_FAILED)
		return 2;
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
