/* SPDX-License-Identifier: Apache-2.0 */
/* options_environment.c: what the environment has to say; the only file that asks it. */
#include <pwd.h>
#include <sys/ioctl.h>

#include "endpoint.h"
#include "options.h"

static size_t width_of(int fd)
{
	struct winsize w;
	int64_t columns;
	const char *env = getenv("COLUMNS");
	if (!isatty(fd))
		return 100;
	if (ioctl(fd, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
		w.ws_col = env && parse_int(env, &columns) && columns > 0 && columns < 1000
				   ? (unsigned short)columns
				   : 100;
	return w.ws_col < 72 ? 72 : w.ws_col > 140 ? 140 : w.ws_col;
}

/* See no-color.org; CLICOLOR_FORCE wins over everything but --color. */
static bool wants_color(const struct options *o, int fd)
{
	const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE"),
		   *term = getenv("TERM");
	if (!streq(o->color, "auto"))
		return streq(o->color, "always");
	if (force && *force && !streq(force, "0"))
		return true;
	return isatty(fd) && !(no && *no) && !(term && streq(term, "dumb"));
}

struct report_options options_look(const struct options *o, int fd)
{
	return (struct report_options){ .width = width_of(fd),
					.color = wants_color(o, fd),
					.ascii = o->ascii,
					.verbose = o->verbose,
					.quiet = o->quiet,
					.sort = o->sort,
					.show = o->show_mask };
}

/* The one who runs this and, under sudo, the one who called it. */
static size_t find_users(struct endpoint_user *users)
{
	const char *sudo = getenv("SUDO_UID");
	int64_t uid;
	size_t n = 0;
	users[n++] = (struct endpoint_user){ geteuid(), getenv("HOME"), getenv("XDG_RUNTIME_DIR") };
	if (sudo && parse_int(sudo, &uid) && uid > 0) {
		const struct passwd *pw = getpwuid((uid_t)uid);
		users[n++] = (struct endpoint_user){ (uid_t)uid, pw ? pw->pw_dir : NULL, NULL };
	}
	return n;
}

int options_endpoint(const struct options *o, struct endpoint *ret, struct err *err)
{
	struct endpoint_user users[2];
	struct endpoint_input in = {
		.host = o->host,
		.context = o->context,
		.docker_host = getenv("DOCKER_HOST"),
		.docker_context = getenv("DOCKER_CONTEXT"),
		.docker_config = getenv("DOCKER_CONFIG"),
		.docker_tls = getenv("DOCKER_TLS"),
		.docker_tls_verify = getenv("DOCKER_TLS_VERIFY"),
		.docker_cert_path = getenv("DOCKER_CERT_PATH"),
		.users = users,
		.n_users = find_users(users),
	};
	return endpoint_resolve(&in, ret, err);
}
