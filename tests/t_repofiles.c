/* SPDX-License-Identifier: Apache-2.0 */
/* t_repofiles.c: apt.conf(5), sources.list(5), .repo files and apk's list, as their programs read
 * them. */
#include <ctype.h>

#include "aptconf.h"
#include "conftree.h"
#include "facts.h"
#include "harness.h"
#include "repofiles.h"
#include "text.h"

static void expect(json_t *conf, const char *path, const char *wanted, const char *text)
{
	struct fact f = facts_find(conf, path);
	AUTO_FREE char *got = f.state == FACT_KNOWN
				      ? json_dumps(f.value, JSON_ENCODE_ANY | JSON_COMPACT)
			      : f.state == FACT_UNREAD ? xstrdup("unread")
						       : xstrdup("absent");
	ck_assert_msg(streq(got, wanted), "%s\n%s: %s", text, path, got);
	json_decref(conf);
}

#define A       "/etc/apt/apt.conf.d/10a"
#define B       "/etc/apt/apt.conf.d/20b"
#define M       "/etc/apt/apt.conf"
#define ENABLE  "settings/apt::periodic::enable"
#define ORIGINS "settings/unattended-upgrade::allowed-origins"

/* apt-config dump of apt 2.6 says the same of each text, but for the depth of blocks. */
static const struct {
	struct conf_file files[4];
	const char *path, *wanted;
} apt[] = {
	{ { { A, "APT::Periodic::Enable \"1\";\n" } }, ENABLE "/0/value", "\"1\"" },
	{ { { A, "apt::PERIODIC { enable 0; };\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT { Periodic\n{\nEnable\n\"0\"\n;\n};};\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "// APT::Periodic::Enable \"1\";\n" } }, ENABLE, "absent" },
	{ { { A, "# APT::Periodic::Enable \"1\";\n" } }, ENABLE, "absent" },
	{ { { A, "/* APT::Periodic::Enable \"1\";\n*/\n" } }, ENABLE, "absent" },
	{ { { A, "/* a */ APT::Periodic::Enable /* b */ \"1\"; // c\n" } },
	  ENABLE "/0/value",
	  "\"1\"" },
	{ { { A, "Acquire::http::Proxy \"http://a//b\"; APT::Periodic::Enable \"1\";\n" } },
	  ENABLE "/0/value",
	  "\"1\"" },
	{ { { A, "APT::Periodic::Enable \"1\";\n" }, { B, "APT::Periodic::Enable \"0\";\n" } },
	  ENABLE "/1/value",
	  "\"0\"" },
	{ { { A, "APT::Periodic::Enable \"1\";\n" }, { M, "APT::Periodic::Enable \"0\";\n" } },
	  ENABLE "/1/value",
	  "\"0\"" },
	{ { { A, "APT::Periodic::Enable \"1\";\n#clear APT::Periodic;\n" } },
	  ENABLE "/1/value",
	  "absent" },
	{ { { A, "APT::Periodic::Enable \"1\";\n#clear APT::Periodic::Enable;\n" } },
	  ENABLE "/1/line",
	  "2" },
	{ { { "/etc/apt/apt.conf.d/x.dpkg-old", "APT::Periodic::Enable \"1\";\n" } },
	  ENABLE,
	  "absent" },
	{ { { "/etc/apt/apt.conf.d/x~", "APT::Periodic::Enable \"1\";\n" } }, ENABLE, "absent" },
	{ { { "/etc/apt/apt.conf.d/x.conf", "APT::Periodic::Enable \"1\";\n" } },
	  ENABLE "/0/value",
	  "\"1\"" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins {\n\"a:b\";\n\t\"c:d\";\n};\n" } },
	  ORIGINS "/1/value",
	  "\"c:d\"" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins:: \"a:b\";\n" } },
	  ORIGINS "/0/value",
	  "\"a:b\"" },
	{ { { A, "Unattended-Upgrade { Allowed-Origins { \"a b\"; }; };\n" } },
	  ORIGINS "/0/value",
	  "\"a b\"" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins { \"a\"; };\n"
		 "#clear Unattended-Upgrade::Allowed-Origins;\n" } },
	  ORIGINS "/1/value",
	  "absent" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins \"a\";\n" } }, ORIGINS, "absent" },
	{ { { A, "Acquire::http::Proxy \"http://name:secret@proxy\";\n" } }, "settings", "{}" },
	{ { { A, "APT::Periodic::Enable\t\"1\"\t;\n" } }, ENABLE "/0/value", "\"1\"" },
	{ { { A, "APT::Periodic::Enable \"0\";\n#\tx\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT::Periodic::Enable \"0\"; \t\r" } }, ENABLE "/0/value", "\"0\"" },
	/* lines that end as DOS's do */
	{ { { A, "APT::X 1;\r\nAPT::Periodic::Enable \"0\";\r\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT::Periodic::Enable\r\n\"0\"\r\n;\r\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT::Periodic::Enable \"1\"; # APT::Periodic::Enable \"0\";\n" } },
	  ENABLE "/1",
	  "absent" },
	{ { { A, "APT::X 1; # x \"\nAPT::Periodic::Enable 0;\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "/*/ APT::Periodic::Enable 1; /*/ APT::Periodic::Enable 2;\n" } },
	  ENABLE "/0/value",
	  "\"2\"" },
	{ { { A, "APT { X { }; }; APT::Periodic::Enable \"0\";\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT { X { };}; APT { Periodic { }; Periodic::Enable 0; };\n" } },
	  ENABLE "/0/value",
	  "\"0\"" },
	{ { { A, "APT::Periodic::Enable \"0\" { };\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "APT::Periodic { Enable \"0\" };\n" } }, ENABLE "/0/value", "\"0\"" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins { \"a\"; \"b\" };\n" } },
	  ORIGINS "/1/value",
	  "\"b\"" },
	{ { { A, "Unattended-Upgrade::Allowed-Origins { \"a\"; };\n#clear APT;\n" } },
	  ORIGINS "/1",
	  "absent" },
	{ { { A, "#include \"/inc\"; APT::Periodic::Enable 1;\n" },
	    { "/inc", "APT::Periodic::Enable 0;\n" } },
	  ENABLE "/0/value",
	  "\"0\"" },
	{ { { A, "#include \"/inc\"; APT::Periodic::Enable 1;\n" },
	    { "/inc", "APT::Periodic::Enable 0;\n" } },
	  ENABLE "/1/value",
	  "\"1\"" },
	{ { { A, "#include /d/;\n" }, { "/d/10x", "APT::Periodic::Enable 0;\n" } },
	  ENABLE "/0/value",
	  "\"0\"" },
	{ { { A, "#include /d/;\n" }, { "/d/x.bak", "APT::Periodic::Enable 0;\n" } },
	  "settings",
	  "{}" },
	/* apt takes it from the folder it is in, which we do not know */
	{ { { A, "#include \"x\";\n" } }, "settings", "unread" },
	/* What is broken may say anything. */
	{ { { A, "APT::Periodic {\n" } }, "settings", "{}" },
	{ { { A, "APT::Periodic::Enable \"1\"\n" } }, "settings", "unread" },
	{ { { A, "APT::Periodic::Enable \"1;\n" } }, "settings", "unread" },
	{ { { A, "/* APT\n" } }, "settings", "{}" },
	{ { { A, "};\nAPT::Periodic::Enable \"1\";\n" } }, ENABLE "/0/value", "\"1\"" },
	{ { { A, "APT::Periodic::Enable\"1\";\n" } }, ENABLE, "absent" },
	{ { { A, "a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{a{" } }, "settings", "unread" },
	{ { { A, "{{};;;}};\"\"{" } }, "settings", "unread" },
	/* apt refuses these, and does nothing then */
	{ { { A, "APT { #include /x; };\n" }, { "/x", "" } }, "settings", "unread" },
	{ { { A, "APT { #clear APT::X; };\n" } }, "settings", "unread" },
	{ { { A, "#include;\n" } }, "settings", "unread" },
	{ { { A, "#clear;\n" } }, "settings", "unread" },
	{ { { A, "#clear APT::X APT::Y;\n" } }, "settings", "unread" },
	{ { { A, "APT::Periodic::Enable 1 2;\n" } }, "settings", "unread" },
	{ { { A, "APT::X 1\nAPT::Periodic::Enable 0;\n" } }, "settings", "unread" },
	{ { { A, "APT::Periodic a b { };\n" } }, "settings", "unread" },
};

START_TEST(apt_conf)
{
	struct conf_tree t = { .files = apt[_i].files };
	struct conf_source s = conftree_source(&t);
	expect(aptconf_read(&s), apt[_i].path, apt[_i].wanted, apt[_i].files[0].text);
}
END_TEST

/* Each setting that is asked for; in a list only what is below its name. */
static const struct {
	const char *name;
	bool is_list;
} kept[] = {
	{ "APT::Get::AllowUnauthenticated", false },
	{ "Acquire::AllowInsecureRepositories", false },
	{ "Acquire::AllowWeakRepositories", false },
	{ "Acquire::AllowDowngradeToInsecureRepositories", false },
	{ "APT::Periodic::Enable", false },
	{ "APT::Periodic::Update-Package-Lists", false },
	{ "APT::Periodic::Unattended-Upgrade", false },
	{ "Unattended-Upgrade::Allowed-Origins", true },
	{ "Unattended-Upgrade::Origins-Pattern", true },
	{ "Unattended-Upgrade::Package-Blacklist", true },
};

START_TEST(apt_names)
{
	AUTO_FREE char *alone = xasprintf("%s \"a\";\n", kept[_i].name);
	AUTO_FREE char *element = xasprintf("%s { \"a\"; };\n", kept[_i].name);
	AUTO_FREE char *path = xasprintf("settings/%s/0/value", kept[_i].name);
	for (char *p = path; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	/* nothing is known below an object that is not there */
	AUTO_FREE char *none = xstrndup(path, strlen(path) - strlen("/0/value"));
	for (int is_element = 0; is_element < 2; is_element++) {
		const struct conf_file files[] = { { A, is_element ? element : alone }, { 0 } };
		struct conf_tree t = { .files = files };
		struct conf_source s = conftree_source(&t);
		bool is_kept = kept[_i].is_list == is_element;
		expect(aptconf_read(&s), is_kept ? path : none, is_kept ? "\"a\"" : "absent",
		       files[0].text);
	}
}
END_TEST

/* Neither a statement nor the depth of blocks is without a bound. */
START_TEST(apt_bounds)
{
	static const struct {
		size_t value, depth;
		bool is_read;
	} rows[] = { { 60000, 1, true }, { 70000, 1, false }, { 9, 20, true }, { 9, 21, false } };
	struct text text = { 0 };
	for (size_t i = 0; i < rows[_i].depth; i++)
		text_add(&text, "a{");
	for (size_t i = 0; i < rows[_i].value; i++)
		text_add_char(&text, 'v');
	text_add(&text, ";");
	for (size_t i = 0; i < rows[_i].depth; i++)
		text_add(&text, "};");
	const struct conf_file files[] = { { A, text_str(&text) }, { 0 } };
	struct conf_tree t = { .files = files };
	struct conf_source s = conftree_source(&t);
	expect(aptconf_read(&s), "settings", rows[_i].is_read ? "{}" : "unread", "bounds");
	text_done(&text);
}
END_TEST

enum form { LIST, DEB822, RPM, APK };

#define R "settings/repos/0/"

static const struct {
	enum form form;
	const char *text, *path, *wanted;
} repos[] = {
	{ LIST, "deb http://deb.debian.org/debian bookworm main\n", R "value",
	  "\"http://deb.debian.org/debian\"" },
	{ LIST, "deb http://x/ y main\n", R "enabled", "true" },
	{ LIST, "deb http://x/ y main\n", R "trusted", "false" },
	{ LIST, "deb http://x/ y main\n", R "signed-by", "absent" },
	{ LIST, "# deb http://x/ y main\n", "settings", "{}" },
	{ LIST, "deb [trusted=yes] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [ arch=amd64  trusted=YES ] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb\t[trusted=1]\thttp://x/\ty\n", R "trusted", "true" },
	{ LIST, "deb [trusted=no] http://x/ y main\n", R "trusted", "false" },
	{ LIST, "deb [trusted=maybe] http://x/ y main\n", "settings", "unread" },
	{ LIST, "deb [allow-insecure=yes] http://x/ y main\n", R "insecure", "true" },
	{ LIST, "deb [allow-weak=yes] http://x/ y main\n", R "insecure", "true" },
	{ LIST, "deb [signed-by=/a.gpg] http://x/ y main # [trusted=yes]\n", R "signed-by",
	  "\"/a.gpg\"" },
	{ LIST, "deb [signed-by=/a.gpg] http://x/ y main # [trusted=yes]\n", R "trusted", "false" },
	{ LIST, "deb https://name:secret@x/y z main\n", R "value", "\"https://x/y\"" },
	{ LIST, "deb https://x/y@z a main\n", R "value", "\"https://x/y@z\"" },
	{ LIST, "deb [trusted=yes http://x/ y main\n", "settings", "unread" },
	{ LIST, "deb-src http://x/ y main\n", R "value", "\"http://x/\"" },
	{ LIST, "deb http://x/ y main\n", R "form", "\"list\"" },
	{ LIST, "deb [trusted+=yes] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [trusted=with] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [trusted=true] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [trusted=on] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [trusted=enable] http://x/ y main\n", R "trusted", "true" },
	{ LIST, "deb [trusted=off] http://x/ y main\n", R "trusted", "false" },
	{ LIST, "deb [trusted=without] http://x/ y main\n", R "trusted", "false" },
	{ LIST, "deb [trusted=disable] http://x/ y main\n", R "trusted", "false" },
	{ LIST, "dep http://x/ y main\n", "settings", "unread" },
	{ LIST, "deb\n", "settings", "unread" },
	{ DEB822, "Types: deb\nURIs: http://x/\nSuites: y\n", R "value", "\"http://x/\"" },
	{ DEB822, "Types: deb\nuris: http://x/ http://z/\nTrusted: yes\n", "settings/repos/1/value",
	  "\"http://z/\"" },
	{ DEB822, "Types: deb\nURIs: http://x/ http://z/\nTrusted: yes\n",
	  "settings/repos/1/trusted", "true" },
	{ DEB822, "URIs: http://x/\nEnabled: no\n", R "enabled", "false" },
	{ DEB822, "URIs: http://x/\n\n\nURIs: http://z/\nEnabled: no\n", R "enabled", "true" },
	{ DEB822, "URIs: http://x/\n\n\nURIs: http://z/\nEnabled: no\n", "settings/repos/1/enabled",
	  "false" },
	{ DEB822, "URIs:\n http://x/\n http://z/\n", "settings/repos/1/value", "\"http://z/\"" },
	{ DEB822, "URIs: http://x/\n# Trusted: yes\nSigned-By: /a.gpg\n", R "signed-by",
	  "\"/a.gpg\"" },
	{ DEB822, "URIs: http://x/\n# Trusted: yes\n", R "trusted", "false" },
	{ DEB822, "URIs: http://x/\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n",
	  R "signed-by", "\"embedded\"" },
	{ DEB822, "Types: deb\n", "settings", "unread" },
	{ DEB822, "URIs http://x/\n", "settings", "unread" },
	{ RPM, "[a]\nbaseurl=https://a/\n\thttp://b/?c=d\n", R "baseurl",
	  "\"https://a/ http://b/\"" },
	{ RPM, "[a]\nbaseurl=https://a/?x=y, https://u:p@b/\n", R "baseurl",
	  "\"https://a/ https://b/\"" },
	{ RPM, "[a]\nbaseurl=https://a/\ngpgkey=https://k/\n  http://l/\n", R "baseurl",
	  "\"https://a/\"" },
	{ RPM, "[main]\ngpgcheck=0\n", "settings", "{}" },
	{ RPM, "[a]\nname=A\nbaseurl = https://x/$releasever\ngpgcheck=0\nenabled=1\n", R "value",
	  "\"a\"" },
	{ RPM, "[a]\ngpgcheck = 0\n", R "gpgcheck", "\"0\"" },
	{ RPM, "[a]\n[b]\ngpgcheck=0\n", R "gpgcheck", "absent" },
	{ RPM, "[a]\n[b]\ngpgcheck=0\n", "settings/repos/1/gpgcheck", "\"0\"" },
	{ RPM, "[a]\nbaseurl=https://name:secret@x/y?token=1\npassword=z\n", "settings/repos/0",
	  "{\"value\":\"a\",\"file\":\"/etc/x/a.repo\",\"line\":1,\"baseurl\":\"https://x/y\"}" },
	{ RPM, "[a]\npkg_gpgcheck=0\n", R "pkg_gpgcheck", "\"0\"" },
	{ RPM, "[a]\nrepo_gpgcheck=1\n", R "repo_gpgcheck", "\"1\"" },
	{ RPM, "[a]\nmetalink=http://x/\n", R "metalink", "\"http://x/\"" },
	{ RPM, "[a]\nmirrorlist=http://x/\n", R "mirrorlist", "\"http://x/\"" },
	{ RPM, "gpgcheck=0\n", "settings", "{}" },
	{ APK, "https://x/v3.20/main\n@edge http://y/edge\n", "settings/repos/1/value",
	  "\"http://y/edge\"" },
	{ APK, "#https://x/v3.20/main\n", "settings", "{}" },
	{ APK, "@edge\n", "settings", "{}" },
};

START_TEST(repo_files)
{
	static const char *const paths[] = { "/etc/apt/sources.list",
					     "/etc/apt/sources.list.d/a.sources", "/etc/x/a.repo",
					     "/etc/apk/repositories" };
	static const char *const dirs[] = { "/etc/x", NULL };
	const struct conf_file files[] = { { paths[repos[_i].form], repos[_i].text }, { 0 } };
	struct conf_tree t = { .files = files };
	struct conf_source s = conftree_source(&t);
	json_t *conf = repos[_i].form == RPM   ? repos_rpm(&s, NULL, dirs, CONF_NO_MASK)
		       : repos[_i].form == APK ? repos_apk(&s)
					       : repos_apt(&s, repos[_i].form == DEB822);
	expect(conf, repos[_i].path, repos[_i].wanted, repos[_i].text);
}
END_TEST

/* Any file cut anywhere: no crash, and a fact. */
START_TEST(cut_anywhere)
{
	for (size_t i = 0; i < ARRAY_SIZE(apt); i++) {
		const char *text = apt[i].files[0].text;
		for (size_t n = 0; n < strlen(text); n++) {
			AUTO_FREE char *part = xstrndup(text, n);
			const struct conf_file files[] = { { A, part }, { 0 } };
			struct conf_tree t = { .files = files };
			struct conf_source s = conftree_source(&t);
			json_t *conf = aptconf_read(&s);
			ck_assert(json_object_get(conf, "settings") != NULL);
			json_decref(conf);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tc = harness_group("repofiles", &suite);
	tcase_add_loop_test(tc, apt_conf, 0, ARRAY_SIZE(apt));
	tcase_add_loop_test(tc, apt_names, 0, ARRAY_SIZE(kept));
	tcase_add_loop_test(tc, apt_bounds, 0, 4);
	tcase_add_loop_test(tc, repo_files, 0, ARRAY_SIZE(repos));
	tcase_add_test(tc, cut_anywhere);
	return harness_run(suite);
}
