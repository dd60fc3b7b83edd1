/* SPDX-License-Identifier: Apache-2.0 */
/* confdir.c: fuzzes layered configuration: sudo, PAM, rsyslog, sysctl, shells, tuned and others. */
#include "confdir.h"

#include "aideconf.h"
#include "fuzz.h"
#include "pamstack.h"
#include "rsyslogconf.h"
#include "shellscan.h"
#include "sudoers.h"
#include "sysctlfile.h"
#include "tree.h"
#include "tunedprofile.h"

static const char *const folders[] = { "/etc/x.d", "/run/x.d", "/usr/lib/x.d", NULL };
static const char *const first[] = { "/etc/x.conf", NULL };

static json_t *read_spec(const struct conf_source *s, struct conf_spec spec)
{
	spec.first = first;
	spec.dirs = folders;
	return conf_read(&spec, s);
}

static void read_equals(const struct conf_source *s)
{
	fuzz_fact(read_spec(s, (struct conf_spec){ .suffix = ".conf",
						   .comments = "#;",
						   .flags = CONF_NATURAL | CONF_CONTINUES,
						   .merge = CONF_LAST,
						   .line = conf_line_equals }));
}

static void read_words(const struct conf_source *s)
{
	fuzz_fact(read_spec(s, (struct conf_spec){ .comments = "#",
						   .flags = CONF_NO_MASK | CONF_NO_DOTS,
						   .merge = CONF_FIRST,
						   .line = conf_line_words }));
}

static void read_tuned(const struct conf_source *s)
{
	json_t *conf = read_spec(s, (struct conf_spec){ .suffix = ".conf",
							.comments = "#;",
							.merge = CONF_RESET,
							.line = conf_line_ini });
	json_t *ini = json_object_get(conf, "settings"), *settings = json_object();

	if (json_object_size(json_object_get(ini, "$unread")) == 0 && json_is_object(ini)) {
		fuzz_fact(tuned_includes(ini));
		AUTO_FREE char *why = tuned_add(settings, ini);
		(void)why;
		tuned_merge(settings, settings, ini, true);
	}
	fuzz_fact(settings);
	fuzz_fact(conf);
}

static void read_sysctl(const struct conf_source *s)
{
	size_t n = 0;
	json_t *conf = read_spec(s, (struct conf_spec){ .suffix = ".conf",
							.comments = "#;",
							.merge = CONF_LAST,
							.line = sysctl_line,
							.context = &n });
	json_t *settings = json_object_get(conf, "settings");
	json_t *patterns = sysctl_take_patterns(settings);

	sysctl_apply_patterns(settings, patterns, "net/ipv4/conf/all/rp_filter");
	json_decref(patterns);
	fuzz_fact(conf);
}

static void read_sudoers(const struct conf_source *s)
{
	fuzz_fact(sudoers_read(s));
}

static void read_pam(const struct conf_source *s)
{
	static const char *const types[] = { "auth", "account", "password", "session" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		fuzz_fact(pam_stack(s, "sshd", types[i]));
	fuzz_fact(pam_has_service(s, "sshd"));
}

static void read_rsyslog(const struct conf_source *s)
{
	fuzz_fact(rsyslogconf_read(s));
}

static void read_shells(const struct conf_source *s)
{
	static const char *const profiles[] = { "/etc/profile", NULL };

	fuzz_fact(shell_scan(s, profiles, folders));
}

static void read_aide(const struct conf_source *s)
{
	static const char *const paths[] = { "/usr/sbin", "/etc", NULL };
	struct aide_reading reading = { .source = s, .paths = paths };

	fuzz_fact(aide_read(&reading, first));
	aide_reading_done(&reading);
}

static void read_glob(const struct conf_source *s)
{
	size_t n = 0;
	char *why = NULL;
	AUTO_FREE char *pattern = s->read(s->context, "/pattern", &n, &why);

	free(why);
	if (!pattern)
		return;
	struct conf_paths paths = { .n = 0 };
	char *trouble = NULL;

	conf_glob(s, pattern, &paths, &trouble);
	conf_paths_done(&paths);
	free(trouble);
}

static const struct {
	const char *file; /* the input's first text is */
	void (*read)(const struct conf_source *s);
} readers[] = {
	{ "/etc/x.conf", read_equals },
	{ "/etc/x.conf", read_words },
	{ "/etc/x.conf", read_tuned },
	{ "/etc/x.conf", read_sysctl },
	{ "/etc/sudoers", read_sudoers },
	{ "/etc/pam.d/sshd", read_pam },
	{ "/etc/rsyslog.conf", read_rsyslog },
	{ "/etc/profile", read_shells },
	{ "/pattern", read_glob },
	{ "/etc/x.conf", read_aide },
};

FUZZ(confdir)
{
	unsigned which = fuzz_pick(&data, &n, ARRAY_SIZE(readers));
	struct tree t;

	tree_init(&t, readers[which].file, data, n);
	struct conf_source source = tree_source(&t);
	readers[which].read(&source);
	tree_done(&t);
	return 0;
}
