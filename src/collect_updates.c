/* SPDX-License-Identifier: Apache-2.0 */
/* collect_updates.c: host/updates: where packages come from, what is checked, and who updates. */
#include "aptconf.h"
#include "collector.h"
#include "confdir.h"
#include "repofiles.h"

/* Of [main] or [commands], which stand alone in these files: settings that are asked for alone,
 * others hold passwords. */
static void option_line(struct conf *c, char *line)
{
	static const char *const kept[] = {
		"gpgcheck",      "pkg_gpgcheck", "repo_gpgcheck",
		"exclude",       "excludepkgs",  "reposdir",
		"apply_updates", "upgrade_type", "AutomaticUpdatePolicy",
		"SERVER"
	};
	char *equals = strchr(line, '=');
	if (*line == '[') {
		line[strcspn(line, "]")] = '\0';
		conf_set_section(c, line + 1);
		return;
	}
	if (!equals)
		return;
	*equals = '\0';
	const char *name = conf_cut_blanks(line);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (streq(name, kept[i]))
			conf_set(c, name, conf_cut_blanks(equals + 1));
}

/* Beside [main] these hold repositories, whose settings are theirs. */
static void main_line(struct conf *c, char *line)
{
	if (*line == '[' || streq(conf_section(c), "main") || !*conf_section(c))
		option_line(c, line);
}

/* [updates] enabled = false, of TOML */
static void toml_line(struct conf *c, char *line)
{
	line[strcspn(line, "#")] = '\0';
	char *equals = strchr(line, '=');
	if (*line == '[') {
		line[strcspn(line, "]")] = '\0';
		conf_set_section(c, conf_cut_blanks(line + 1));
	}
	if (*line == '[' || !equals)
		return;
	*equals = '\0';
	AUTO_FREE char *name = xasprintf("%s%s%s", conf_section(c), *conf_section(c) ? "." : "",
					 conf_cut_blanks(line));
	if (streq(name, "updates.enabled"))
		conf_set(c, name, conf_cut_blanks(equals + 1));
}

static void word_line(struct conf *c, char *line)
{
	line[strcspn(line, " \t=")] = '\0';
	if (streq(line, "allow-untrusted"))
		conf_set(c, line, "");
}

static const char *const dnf_conf[] = { "/etc/dnf/dnf.conf", "/etc/yum.conf", NULL };
static const char *const dnf_dirs[] = { "/etc/dnf/libdnf5.conf.d", "/usr/share/dnf5/libdnf.conf.d",
					NULL };
static const char *const zypp_conf[] = { "/etc/zypp/zypp.conf", "/usr/etc/zypp/zypp.conf", NULL };
static const char *const zypp_dirs[] = { "/etc/zypp/zypp.conf.d", NULL };
static const char *const apk_conf[] = { "/etc/apk/config", NULL };
static const char *const automatic_conf[] = { "/etc/dnf/automatic.conf",
					      "/etc/dnf/dnf5-plugins/automatic.conf",
					      "/usr/share/dnf5/dnf5-plugins/automatic.conf",
					      "/etc/yum/yum-cron.conf", NULL };
static const char *const ostree_conf[] = { "/etc/rpm-ostreed.conf", NULL };
static const char *const flatcar_conf[] = { "/etc/flatcar/update.conf", NULL };

static const char *const zincati_dirs[] = { "/etc/zincati/config.d", "/run/zincati/config.d",
					    "/usr/lib/zincati/config.d", NULL };

static const struct {
	const char *name;
	struct conf_spec spec;
} files[] = {
	/* dnf5 reads its main file last (Base::load_config() of libdnf5). */
	{ "dnf",
	  { .last = dnf_conf,
	    .dirs = dnf_dirs,
	    .suffix = ".conf",
	    .comments = "#;",
	    .line = main_line } },
	{ "zypp",
	  { .first = zypp_conf,
	    .dirs = zypp_dirs,
	    .suffix = ".conf",
	    .comments = "#;",
	    .line = main_line } },
	{ "apk", { .first = apk_conf, .comments = "#", .line = word_line } },
	{ "dnf-automatic", { .first = automatic_conf, .comments = "#;", .line = option_line } },
	{ "rpm-ostree", { .first = ostree_conf, .comments = "#;", .line = option_line } },
	{ "update-engine", { .first = flatcar_conf, .comments = "#", .line = option_line } },
	{ "zincati",
	  { .dirs = zincati_dirs, .suffix = ".toml", .comments = "#", .line = toml_line } },
};

static const char *const rpm_dirs[] = { "/etc/yum.repos.d", "/etc/distro.repos.d",
					"/usr/share/dnf5/repos.d", NULL };
/* What "dnf5 config-manager setopt" writes: over what the repositories' own files say. */
static const char *const rpm_overrides[] = { "/etc/dnf/repos.override.d",
					     "/usr/share/dnf5/repos.override.d", NULL };
static const char *const zypp_repos[] = { "/etc/zypp/repos.d", NULL };

/* What installs updates by itself, and the program without which its unit does nothing. */
static const struct {
	const char *unit, *program;
} updaters[] = {
	{ "apt-daily.timer", NULL },
	{ "apt-daily-upgrade.timer", "/usr/bin/unattended-upgrade" },
	{ "dnf-automatic.timer", NULL },
	{ "dnf-automatic-install.timer", NULL },
	{ "dnf5-automatic.timer", NULL },
	{ "yum-cron.service", NULL },
	{ "rpm-ostreed-automatic.timer", NULL },
	{ "transactional-update.timer", NULL },
	{ "os-update.timer", NULL },
	{ "zincati.service", NULL },
	{ "update-engine.service", NULL },
};

static json_t *program_fact(struct collector *c, const char *path)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, path);
	json_t *is_there = json_incref(fact_is_unread(st) ? st : json_object_get(st, "exists"));
	json_decref(st);
	return is_there;
}

static json_t *updaters_fact(struct collector *c)
{
	json_t *all = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(updaters); i++) {
		json_t *one = collect_service(c, updaters[i].unit);
		if (updaters[i].program)
			json_object_set_new(one, "program", program_fact(c, updaters[i].program));
		json_object_set_new(all, updaters[i].unit, one);
	}
	return all;
}

/* Which package managers are here, by what they cannot do without. */
static const struct {
	const char *name, *path;
} managers[] = {
	{ "apt", "/etc/apt" }, { "dnf", "/etc/yum.repos.d" },    { "zypp", "/etc/zypp" },
	{ "apk", "/etc/apk" }, { "pacman", "/etc/pacman.conf" },
};

void collect_updates(struct collector *c)
{
	struct conf_source source = collector_source(c);
	json_t *present = json_object(), *configured = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(managers); i++)
		json_object_set_new(present, managers[i].name, program_fact(c, managers[i].path));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		json_object_set_new(configured, files[i].name, conf_read(&files[i].spec, &source));
	json_object_set_new(configured, "apt", aptconf_read(&source));
	collect_host_section(c, "updates",
			     json_pack("{so so s{so so so so so so} so}", "managers", present,
				       "configured", configured, "repos", "apt",
				       repos_apt(&source, false), "deb822",
				       repos_apt(&source, true), "dnf",
				       repos_rpm(&source, dnf_conf, rpm_dirs, CONF_NO_MASK),
				       "dnf-overrides", repos_rpm(&source, NULL, rpm_overrides, 0),
				       "zypp", repos_rpm(&source, NULL, zypp_repos, CONF_NO_MASK),
				       "apk", repos_apk(&source), "updaters", updaters_fact(c)));
}
