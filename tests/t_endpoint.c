/* SPDX-License-Identifier: Apache-2.0 */
/* t_endpoint.c: which engine is asked: options, environment, contexts, sockets. */
#include <errno.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "endpoint.h"
#include "harness.h"

static char *top; /* a folder of this test's own */
static char *home, *other_home, *run_user, *socket_path;

static void make_dirs(const char *path)
{
	AUTO_FREE char *p = xstrdup(path);
	for (char *slash = strchr(p + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(p, 0700);
		*slash = '/';
	}
}

static void put(const char *text, const char *format, ...) SW_PRINTF(2, 3);
static void put(const char *text, const char *format, ...)
{
	char name[1024];
	va_list ap;
	va_start(ap, format);
	vsnprintf(name, sizeof(name), format, ap);
	va_end(ap);
	make_dirs(name);
	FILE *f = fopen(name, "w");
	ck_assert_msg(f != NULL, "%s", name);
	fputs(text, f);
	fclose(f);
}

static void put_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	make_dirs(path);
	ck_assert_uint_lt(strlen(path), sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	close(fd);
}

#define HASH(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define H1      HASH("a0")
#define H2      HASH("b1")
#define H3      HASH("c2")

static void put_context(const char *where, const char *hash, const char *name, const char *endpoint)
{
	AUTO_FREE char *text = xasprintf(
		"{\"Name\":\"%s\",\"Metadata\":{},\"Endpoints\":{\"docker\":%s}}", name, endpoint);
	put(text, "%s/.docker/contexts/meta/%s/meta.json", where, hash);
}

static void setup(void)
{
	char pattern[] = "/tmp/t_endpoint.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(pattern));
	top = xstrdup(pattern);
	home = xasprintf("%s/home", top);
	other_home = xasprintf("%s/bob", top);
	run_user = xasprintf("%s/run", top);
	socket_path = xasprintf("%s/docker.sock", top);
	put_context(home, H1, "prod", "{\"Host\":\"tcp://prod:2376\",\"SkipTLSVerify\":false}");
	put("x", "%s/.docker/contexts/tls/" H1 "/docker/ca.pem", home);
	put("x", "%s/.docker/contexts/tls/" H1 "/docker/cert.pem", home);
	put_context(home, H2, "far", "{\"Host\":\"ssh://far\"}");
	put_context(other_home, H3, "bobs", "{\"Host\":\"unix:///bob.sock\"}");
}

static void remove_all(const char *path)
{
	static const char *const files[] = {
		"docker.sock",
		"run/1000/docker.sock",
		"home/.docker/config.json",
		"bob/.docker/config.json",
		"home/.docker/contexts/tls/" H1 "/docker/ca.pem",
		"home/.docker/contexts/tls/" H1 "/docker/cert.pem",
		"home/.docker/contexts/meta/" H1 "/meta.json",
		"home/.docker/contexts/meta/" H2 "/meta.json",
		"bob/.docker/contexts/meta/" H3 "/meta.json",
		"home/.docker/cert.pem",
		"home/.docker/contexts/tls/" H1 "/docker",
		"home/.docker/contexts/tls/" H1,
		"home/.docker/contexts/tls",
		"home/.docker/contexts/meta/" H1,
		"home/.docker/contexts/meta/" H2,
		"bob/.docker/contexts/meta/" H3,
		"home/.docker/contexts/meta",
		"bob/.docker/contexts/meta",
		"home/.docker/contexts",
		"bob/.docker/contexts",
		"home/.docker",
		"bob/.docker",
		"run/1000",
		"xdg/docker.sock",
		"xdg",
		"home",
		"bob",
		"run",
		"moved/config.json",
		"moved",
	};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		AUTO_FREE char *p = xasprintf("%s/%s", path, files[i]);
		remove(p);
	}
	ck_assert_int_eq(rmdir(path), 0);
}

static void teardown(void)
{
	remove_all(top);
	free(top);
	free(home);
	free(other_home);
	free(run_user);
	free(socket_path);
}

static struct endpoint_input input(void)
{
	static struct endpoint_user users[2];
	users[0] = (struct endpoint_user){ .uid = getuid(), .home = home };
	users[1] = (struct endpoint_user){ .uid = 1000, .home = other_home };
	return (struct endpoint_input){
		.users = users, .n_users = 2, .default_socket = socket_path, .run_user = run_user
	};
}

/* --- what a host may be -------------------------------------------------------------------------
 */

static const struct {
	const char *host, *url, *address; /* url NULL: refused, with address in the reason */
} hosts[] = {
	{ "unix:///x/docker.sock", "unix:///x/docker.sock", NULL },
	{ "unix://", "unix:///var/run/docker.sock", NULL },
	{ "tcp://h", "tcp://h:2375", "h:2375" },
	{ "tcp://h:1", "tcp://h:1", "h:1" },
	{ "tcp://h:1/", "tcp://h:1", "h:1" },
	{ "tcp://[::1]:99", "tcp://[::1]:99", "[::1]:99" },
	{ "tcp://[::1]", "tcp://[::1]:2375", "[::1]:2375" },
	{ "http://h:1", "http://h:1", "h:1" },
	{ "https://h", "https://h:2376", "h:2376" },
	{ "h:1", "tcp://h:1", "h:1" },
	{ "h", "tcp://h:2375", "h:2375" },
	{ "ssh://u@h", NULL, "ssh HOST sudo seaworthy collect | seaworthy audit --snapshot -" },
	{ "npipe:////./pipe/x", NULL, "Windows" },
	{ "fd://", NULL, "systemd" },
	{ "ftp://h", NULL, "unix://" },
	{ "/run/docker.sock", NULL, "unix:///run/docker.sock" },
	{ "unix://relative", NULL, "absolute" },
	{ "tcp://", NULL, "HOST:PORT" },
	{ "tcp://:1", NULL, "HOST:PORT" },
	{ "tcp://h:0", NULL, "port" },
	{ "tcp://h:65536", NULL, "port" },
	{ "tcp://h:", NULL, "port" },
	{ "tcp://::1:1", NULL, "brackets" },
	{ "tcp://[::1:1", NULL, "HOST:PORT" },
	{ "tcp://u@h:1", NULL, "HOST:PORT" },
	{ "tcp://h:1/path", NULL, "path" },
	{ "tcp://h?x:1", NULL, "path" },
	{ "tcp://a b:1", NULL, "blank" },
	{ "tcp://a\r\nX:1", NULL, "blank" },
};

START_TEST(host)
{
	struct endpoint_input in = input();
	struct endpoint e = { 0 };
	struct err err = { 0 };
	in.host = hosts[_i].host;
	int r = endpoint_resolve(&in, &e, &err);
	if (!hosts[_i].url) {
		ck_assert_int_eq(r, -EINVAL);
		ck_assert_msg(strstr(err.text, hosts[_i].address) != NULL, "%s", err.text);
		err_done(&err);
		return;
	}
	ck_assert_msg(r == 0, "%s", err.text);
	ck_assert_str_eq(e.url, hosts[_i].url);
	ck_assert(e.named);
	ck_assert_str_eq(e.why, "-H");
	ck_assert_int_eq(e.is_unix, !hosts[_i].address);
	ck_assert_pstr_eq(e.address, hosts[_i].address);
	ck_assert_int_eq(e.tls, starts_with(hosts[_i].host, "https"));
	endpoint_done(&e);
}
END_TEST

/* --- who wins
 * ------------------------------------------------------------------------------------- */

static const struct {
	const char *option_host, *option_context, *host, *context, *config;
	const char *url, *why; /* url NULL: an error with why in it */
} orders[] = {
	{ NULL, NULL, NULL, NULL, NULL, "unix://@/docker.sock", "default socket" },
	{ "tcp://o", NULL, "tcp://e", "prod", "prod", "tcp://o:2375", "-H" },
	{ NULL, "prod", "tcp://e", "far", "far", "tcp://prod:2376", "context 'prod' (--context)" },
	{ "tcp://o", "prod", NULL, NULL, NULL, NULL, "--host" },
	/* the published table has these two the other way round */
	{ NULL, NULL, "tcp://e", "prod", NULL, "tcp://e:2375", "DOCKER_HOST" },
	{ NULL, NULL, NULL, "prod", "far", "tcp://prod:2376", "context 'prod' (DOCKER_CONTEXT)" },
	{ NULL, NULL, "", "", "prod", "tcp://prod:2376",
	  "context 'prod' (currentContext of config.json)" },
	{ NULL, "default", NULL, "prod", "prod", "unix://@/docker.sock", "default socket" },
	{ NULL, "default", "tcp://e", NULL, NULL, "tcp://e:2375", "DOCKER_HOST" },
	{ NULL, NULL, NULL, NULL, "default", "unix://@/docker.sock", "default socket" },
	{ NULL, "bobs", NULL, NULL, NULL, "unix:///bob.sock", "context 'bobs' (--context)" },
	{ NULL, "prdo", NULL, NULL, NULL, NULL, "did you mean 'prod'" },
	{ NULL, NULL, NULL, "zzzzzzzzzz", NULL, NULL, "no docker context 'zzzzzzzzzz'" },
	{ NULL, NULL, NULL, NULL, "gone", NULL, "currentContext" },
	{ NULL, "far", NULL, NULL, NULL, NULL, "context 'far'" },
};

START_TEST(order)
{
	struct endpoint_input in = input();
	struct endpoint e = { 0 };
	struct err err = { 0 };
	put_socket(socket_path);
	in.host = orders[_i].option_host;
	in.context = orders[_i].option_context;
	in.docker_host = orders[_i].host;
	in.docker_context = orders[_i].context;
	if (orders[_i].config) {
		AUTO_FREE char *config =
			xasprintf("{\"currentContext\":\"%s\"}", orders[_i].config);
		put(config, "%s/.docker/config.json", home);
	}
	int r = endpoint_resolve(&in, &e, &err);
	if (!orders[_i].url) {
		ck_assert_int_lt(r, 0);
		ck_assert_msg(strstr(err.text, orders[_i].why) != NULL, "%s", err.text);
		err_done(&err);
		return;
	}
	ck_assert_msg(r == 0, "%s", err.text);
	if (starts_with(orders[_i].url, "unix://@"))
		ck_assert_str_eq(e.socket, socket_path);
	else
		ck_assert_str_eq(e.url, orders[_i].url);
	ck_assert_str_eq(e.why, orders[_i].why);
	endpoint_done(&e);
}
END_TEST

static struct endpoint resolve(const struct endpoint_input *in)
{
	struct endpoint e = { 0 };
	struct err err = { 0 };
	int r = endpoint_resolve(in, &e, &err);
	ck_assert_msg(r == 0, "%s", err.text);
	return e;
}

static void refused(const struct endpoint_input *in, const char *reason)
{
	struct endpoint e = { 0 };
	struct err err = { 0 };
	ck_assert_int_lt(endpoint_resolve(in, &e, &err), 0);
	ck_assert_msg(strstr(err.text, reason) != NULL, "%s", err.text);
	ck_assert_ptr_null(e.url);
	err_done(&err);
}

START_TEST(nothing_there)
{
	struct endpoint_input in = input();
	struct endpoint e = resolve(&in);
	ck_assert_ptr_null(e.url);
	ck_assert(!e.named);
	ck_assert_ptr_nonnull(strstr(e.why, socket_path));
	endpoint_done(&e);
}
END_TEST

START_TEST(rootless)
{
	struct endpoint_input in = input();
	AUTO_FREE char *theirs = xasprintf("%s/1000/docker.sock", run_user);
	put_socket(theirs);
	struct endpoint e = resolve(&in);
	ck_assert_str_eq(e.socket, theirs);
	ck_assert_ptr_nonnull(strstr(e.why, "rootless"));
	ck_assert(!e.named);
	endpoint_done(&e);

	/* One's own comes first, and the default socket before both. */
	AUTO_FREE char *dir = xasprintf("%s/xdg", top);
	AUTO_FREE char *mine = xasprintf("%s/docker.sock", dir);
	put_socket(mine);
	struct endpoint_user users[2] = { in.users[0], in.users[1] };
	users[0].runtime_dir = dir;
	in.users = users;
	e = resolve(&in);
	ck_assert_str_eq(e.socket, mine);
	endpoint_done(&e);
	put_socket(socket_path);
	e = resolve(&in);
	ck_assert_str_eq(e.socket, socket_path);
	endpoint_done(&e);
}
END_TEST

START_TEST(tls)
{
	struct endpoint_input in = input();
	in.context = "prod";
	struct endpoint e = resolve(&in);
	ck_assert(e.tls && e.tls_verify && e.ca && e.cert && !e.key);
	endpoint_done(&e);

	in.context = NULL;
	in.docker_host = "tcp://h";
	e = resolve(&in);
	ck_assert(!e.tls && !e.tls_verify && !e.ca);
	endpoint_done(&e);

	put("x", "%s/.docker/cert.pem", home);
	in.docker_tls = "0"; /* any text turns it on */
	e = resolve(&in);
	ck_assert(e.tls && !e.tls_verify && !e.ca && e.cert && !e.key);
	ck_assert_str_eq(e.url, "tcp://h:2376");
	endpoint_done(&e);

	in.docker_tls_verify = "1";
	e = resolve(&in);
	ck_assert(e.tls && e.tls_verify && e.ca);
	endpoint_done(&e);

	in.docker_cert_path = "/certs";
	e = resolve(&in);
	ck_assert_str_eq(e.ca, "/certs/ca.pem");
	ck_assert_ptr_null(e.cert);
	endpoint_done(&e);

	in.docker_host = "unix:///x";
	e = resolve(&in);
	ck_assert(!e.tls && !e.tls_verify);
	endpoint_done(&e);
}
END_TEST

START_TEST(moved_config)
{
	struct endpoint_input in = input();
	AUTO_FREE char *moved = xasprintf("%s/moved", top);
	put("{\"currentContext\":\"bobs\"}", "%s/config.json", moved);
	in.docker_config = moved;
	struct endpoint e = resolve(&in);
	ck_assert_str_eq(e.url, "unix:///bob.sock");
	endpoint_done(&e);
	in.context = "prod"; /* is in the folder that was moved away from */
	refused(&in, "no docker context 'prod'");
}
END_TEST

START_TEST(hostile_files)
{
	struct endpoint_input in = input();
	static const char *const broken[] = { "", "[]", "{\"currentContext\":", "\"x\"",
					      "{\"currentContext\":\"\xff\"}" };
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		put(broken[i], "%s/.docker/config.json", home);
		refused(&in, "config.json");
	}
	/* Of the wrong type it names nothing. */
	put("{\"currentContext\":7}", "%s/.docker/config.json", home);
	struct endpoint e = resolve(&in);
	ck_assert_ptr_null(e.url);
	endpoint_done(&e);

	AUTO_FREE char *big = xalloc((1 << 20) + 10);
	memset(big, ' ', (1 << 20) + 9);
	put(big, "%s/.docker/config.json", home);
	refused(&in, "config.json");

	/* A broken context is told, but not where another one is asked for and found. */
	put("{", "%s/.docker/contexts/meta/" H2 "/meta.json", home);
	in.context = "prod";
	e = resolve(&in);
	ck_assert_str_eq(e.url, "tcp://prod:2376");
	endpoint_done(&e);
	in.context = "far";
	refused(&in, "meta.json");
	put("{\"Name\":\"far\",\"Endpoints\":[]}", "%s/.docker/contexts/meta/" H2 "/meta.json",
	    home);
	e = resolve(&in);
	ck_assert_str_eq(e.url, "unix:///var/run/docker.sock");
	endpoint_done(&e);
}
END_TEST

/* A FIFO does not hang it, a folder does not crash it. */
START_TEST(no_regular_file)
{
	struct endpoint_input in = input();
	AUTO_FREE char *path = xasprintf("%s/.docker/config.json", home);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	refused(&in, "not a regular file");
	remove(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	refused(&in, "not a regular file");
	remove(path);
}
END_TEST

START_TEST(someone_elses_file)
{
	struct endpoint_input in = input();
	AUTO_FREE char *path = xasprintf("%s/.docker/config.json", home);
	put("{\"currentContext\":\"prod\"}", "%s/.docker/config.json", home);
	if (getuid() != 0)
		return; /* only root can give a file away */
	ck_assert_int_eq(chown(path, 4242, 4242), 0);
	refused(&in, "not a regular file of yours");
	ck_assert_int_eq(chown(path, 1000, 1000), 0);
	struct endpoint e = resolve(&in);
	ck_assert_str_eq(e.url, "tcp://prod:2376");
	endpoint_done(&e);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("endpoint", &suite);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, host, 0, ARRAY_SIZE(hosts));
	tcase_add_loop_test(tc, order, 0, ARRAY_SIZE(orders));
	tcase_add_test(tc, nothing_there);
	tcase_add_test(tc, rootless);
	tcase_add_test(tc, tls);
	tcase_add_test(tc, moved_config);
	tcase_add_test(tc, hostile_files);
	tcase_add_test(tc, no_regular_file);
	tcase_add_test(tc, someone_elses_file);
	return harness_run(suite);
}
