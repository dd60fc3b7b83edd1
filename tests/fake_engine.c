/* SPDX-License-Identifier: Apache-2.0 */
/* fake_engine.c: see fake_engine.h. */
#include "fake_engine.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fetch.h"

static bool say(int fd, const char *text)
{
	return write_full(fd, text, strlen(text)) == 0;
}

static void say_many(int fd, size_t n)
{
	char block[4096];
	memset(block, 'x', sizeof(block));
	while (n > 0) {
		size_t part = n < sizeof(block) ? n : sizeof(block);
		if (write_full(fd, block, part) < 0)
			return;
		n -= part;
	}
}

static void say_length(int fd, size_t n)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
}

static void say_for_ever(int fd, const char *start, const char *again, unsigned pause)
{
	if (!say(fd, start))
		return;
	while (say(fd, again))
		usleep(pause);
}

static void say_pieces(int fd)
{
	say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 3000; i++)
		say(fd, "8\r\n01234567\r\n");
	say(fd, "0\r\n\r\n");
}

static void echo(int fd, const char *line)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(line), line);
}

/* False when the connection is to be closed. */
static bool misbehave(int fd, char fault, const char *line)
{
	switch (fault) {
	case FAKE_STALL: pause(); return false;
	case FAKE_SHORT:
		say_length(fd, 100);
		say(fd, "{}");
		return false;
	case FAKE_HUGE:
	case FAKE_FULL:
		say_length(fd, FETCH_REPLY_MAX + (fault == FAKE_HUGE));
		say_many(fd, FETCH_REPLY_MAX + (fault == FAKE_HUGE));
		return true;
	case FAKE_CLOSE: return false;
	case FAKE_HTML: say(fd, "<html><body>not an engine</body></html>\n"); return false;
	case FAKE_REDIRECT:
		say(fd, "HTTP/1.1 301 Moved\r\nLocation: /info\r\nContent-Length: 4\r\n\r\nmove");
		return true;
	case FAKE_HEADERS:
		say_for_ever(fd, "HTTP/1.1 200 OK\r\n",
			     "X-More: 0123456789012345678901234567890\r\n", 0);
		return false;
	case FAKE_PIECES: say_pieces(fd); return true;
	case FAKE_ERROR: say(fd, "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"); return true;
	case FAKE_DRIP: say_for_ever(fd, "HTTP/1.1 200 OK\r\n\r\n", "x", 100000); return false;
	case FAKE_LIES:
		say(fd,
		    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\nmore");
		return true;
	case FAKE_GZIP:
		say(fd,
		    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw");
		return true;
	case FAKE_NOTHING: say(fd, "HTTP/1.1 204 No Content\r\n\r\n"); return true;
	default: echo(fd, line); return true;
	}
}

static bool serve_request(FILE *in, int fd)
{
	char line[1024], rest[1024];
	if (!fgets(line, sizeof(line), in))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	while (fgets(rest, sizeof(rest), in) && rest[0] != '\r') {
	}
	const char *id = strstr(line, "/containers/");
	return misbehave(fd, id ? id[12] : FAKE_ECHO, line);
}

static void serve(int fd)
{
	FILE *in = fdopen(dup(fd), "r");
	while (in && serve_request(in, fd)) {
	}
	_exit(0);
}

static void accept_for_ever(int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		if (fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd);
		}
		if (fd >= 0)
			close(fd);
	}
}

pid_t fake_engine_start(const char *socket_path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", socket_path);
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    listen(listener, 64) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		signal(SIGCHLD, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		accept_for_ever(listener);
	}
	close(listener);
	return pid;
}
