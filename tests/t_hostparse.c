/* SPDX-License-Identifier: Apache-2.0 */
/* t_hostparse.c: units by their links, processes, and lists of packages, from text. */
#include "facts.h"
#include "harness.h"
#include "packages.h"
#include "processes.h"
#include "unitlinks.h"
#include "units.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* --- units -------------------------------------------------------------------------------------
 */

static void links_free_p(struct unit_links **u)
{
	unit_links_free(*u);
}
#define AUTO_LINKS CLEANUP(links_free_p)

static bool pulls(const struct unit_links *u, const char *who, const char *what)
{
	return json_object_get(json_object_get(u->pulls, who), what) != NULL;
}

START_TEST(links_enable_and_pull)
{
	AUTO_LINKS struct unit_links *u = unit_links_new();

	ck_assert(unit_links_entry(u, "/etc/systemd/system", 'd', "multi-user.target.wants"));
	ck_assert(!unit_links_entry(u, "/etc/systemd/system", 'd', "cron.service.d"));
	ck_assert(!unit_links_entry(u, "/usr/lib/systemd/system", 'f', "cron.service"));
	ck_assert(!unit_links_entry(u, "/lib/systemd/system", 'f', "cron.service"));
	ck_assert(!unit_links_entry(u, "/lib/systemd/system", 'f', "README"));
	unit_links_pulled(u, "/etc/systemd/system", "multi-user.target.wants", "cron.service");
	unit_links_pulled(u, "/usr/lib/systemd/system", "sysinit.target.wants", "x.service");
	unit_links_pulled(u, "/etc/systemd/system", "multi-user.target.wants", "no unit");

	json_t *file = json_object_get(u->files, "cron.service");
	ck_assert_str_eq(json_string_value(json_object_get(file, "path")),
			 "/usr/lib/systemd/system/cron.service");
	ck_assert_uint_eq(json_object_size(u->files), 1);
	ck_assert(pulls(u, "multi-user.target", "cron.service"));
	ck_assert(pulls(u, "sysinit.target", "x.service"));
	ck_assert_uint_eq(json_array_size(json_object_get(u->links, "cron.service")), 1);
	ck_assert_ptr_null(json_object_get(u->links, "x.service")); /* the distribution's own */
	ck_assert_ptr_nonnull(json_object_get(u->drop_ins, "cron.service"));
}
END_TEST

START_TEST(links_lead_somewhere)
{
	AUTO_LINKS struct unit_links *u = unit_links_new();

	unit_links_entry(u, "/etc/systemd/system", 'l', "sshd.service");
	unit_links_entry(u, "/etc/systemd/system", 'l', "cups.service");
	unit_links_entry(u, "/etc/systemd/system", 'l', "gone.service");
	unit_links_resolved(u, "sshd.service", "/usr/lib/systemd/system/ssh.service", false);
	unit_links_resolved(u, "cups.service", "/dev/null", true);
	unit_links_resolved(u, "gone.service", NULL, false);

	ck_assert_str_eq(unit_links_canonical(u, "sshd.service"), "ssh.service");
	ck_assert_str_eq(unit_links_canonical(u, "other.service"), "other.service");
	ck_assert_uint_eq(json_array_size(json_object_get(u->links, "ssh.service")), 1);
	ck_assert(
		json_is_true(json_object_get(json_object_get(u->files, "cups.service"), "masked")));
	ck_assert_ptr_null(json_object_get(u->files, "gone.service"));
}
END_TEST

static void says(struct unit_links *u, const char *name, const char *text)
{
	AUTO_JSON json_t *settings = json_object();
	unit_merge(settings, text, strlen(text));
	unit_links_says(u, name, "/x", settings);
}

START_TEST(files_pull)
{
	AUTO_LINKS struct unit_links *u = unit_links_new();

	says(u, "a.service",
	     "[Unit]\nWants=b.service c.socket\nRequires=d.mount\nAfter=e.service\n");
	says(u, "f.socket", "[Socket]\nListenStream=1\n");
	says(u, "g.socket", "[Socket]\nService=other.service\n");
	says(u, "h.timer", "[Timer]\nUnit=first.service\nUnit=last.service\n");
	ck_assert(pulls(u, "a.service", "b.service") && pulls(u, "a.service", "c.socket"));
	ck_assert(pulls(u, "a.service", "d.mount"));
	ck_assert(!pulls(u, "a.service", "e.service"));
	ck_assert(pulls(u, "f.socket", "f.service"));
	ck_assert(pulls(u, "g.socket", "other.service") && !pulls(u, "g.socket", "g.service"));
	ck_assert(pulls(u, "h.timer", "last.service"));
}
END_TEST

START_TEST(templates_and_presets)
{
	AUTO_FREE char *template = unit_template("getty@tty1.service");
	AUTO_JSON json_t *rules = json_pack("[{ssss}{ssss}{ssss}]", "value", "ssh*.service", "verb",
					    "enable", "value", "cups.service", "verb", "ignore",
					    "value", "*", "verb", "disable");

	ck_assert_str_eq(template, "getty@.service");
	ck_assert_ptr_null(unit_template("getty@.service"));
	ck_assert_ptr_null(unit_template("cron.service"));
	ck_assert(preset_enables(rules, "sshd.service"));
	ck_assert(!preset_enables(rules, "cups.service"));
	ck_assert(!preset_enables(rules, "x.service"));
	ck_assert(preset_enables(NULL, "x.service"));
}
END_TEST

/* --- processes ---------------------------------------------------------------------------------
 */

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *cgroup, *unit, *container;
} groups[] = {
	{ "/system.slice/cron.service", "cron.service", NULL },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/x.service", "user@1000.service",
	  NULL },
	{ "/user.slice/user-1000.slice/session-3.scope", "session-3.scope", NULL },
	{ "/system.slice/docker-" ID ".scope", "docker-" ID ".scope", ID },
	{ "/docker/" ID, NULL, ID },
	{ "/docker/" ID "0", NULL, NULL },
	{ "/docker/0123", NULL, NULL },
	{ "/", NULL, NULL },
	{ "", NULL, NULL },
};

START_TEST(groups_name_units_and_containers)
{
	AUTO_FREE char *unit = process_unit(groups[_i].cgroup);
	AUTO_FREE char *container = process_container(groups[_i].cgroup);

	ck_assert_pstr_eq(unit, groups[_i].unit);
	ck_assert_pstr_eq(container, groups[_i].container);
}
END_TEST

/* As FETCH_PROC answers. */
static size_t add_part(char *to, const char *name, int error, const char *text)
{
	int n = snprintf(to, 512, "%s%c%d%c%zu%c%s", name, '\0', error, '\0', strlen(text), '\0',
			 text);
	ck_assert(n > 0 && n < 512);
	return (size_t)n;
}

START_TEST(processes_are_told)
{
	char answer[1024];
	size_t n = 0;
	struct process p = { 0 };

	n += add_part(
		answer + n, "status", 0,
		"Name:\tsshd\nTracerPid:\t7\nUid:\t0\t33\t0\t0\nCapBnd:\t00ff\nNoNewPrivs:\t1\n");
	n += add_part(answer + n, "cgroup", 0, "0::/system.slice/ssh.service\n");
	n += add_part(answer + n, "exe", 0, "/usr/sbin/sshd");
	n += add_part(answer + n, "ns/pid", 0, "pid:[2]");
	ck_assert(process_parse(&p, answer, n, "pid:[2]"));
	ck_assert_str_eq(p.exe, "/usr/sbin/sshd");
	ck_assert_str_eq(p.unit, "ssh.service");
	ck_assert_ptr_null(p.container);
	ck_assert_int_eq(p.uid, 33);
	ck_assert_int_eq(p.tracer, 7);
	ck_assert_int_eq(p.no_new_privs, 1);
	ck_assert_str_eq(p.bounding, "00ff");
	process_done(&p);
	ck_assert(process_parse(&p, answer, n, "pid:[1]"));
	ck_assert_str_eq(p.container, "another pid namespace");
	process_done(&p);
	ck_assert(!process_parse(&p, answer, 0, NULL));
	process_done(&p);
}
END_TEST

START_TEST(deleted_code_is_found)
{
	char maps[] = "7f00-7f10 r-xp 00000000 fe:01 12   /usr/lib/libc.so.6 (deleted)\n"
		      "7f00-7f10 r--p 00000000 fe:01 12   /usr/lib/libm.so.6 (deleted)\n"
		      "7f00-7f10 r-xp 00000000 fe:01 12   /usr/lib/libc.so.6 (deleted)\n"
		      "7f00-7f10 r-xp 00000000 00:01 12   /memfd:jit (deleted)\n"
		      "7f00-7f10 r-xp 00000000 00:01 12   /dev/zero (deleted)\n"
		      "7f00-7f10 r-xp 00000000 00:01 12   /dev/shm/ffi1X (deleted)\n"
		      "7f00-7f10 r-xp 00000000 00:01 12   /dev/shm/x (deleted)\n"
		      "7f00-7f10 r-xp 00000000 fe:01 12   /usr/bin/cat\nx\n";
	AUTO_JSON json_t *files = process_deleted_files(maps);

	ck_assert_uint_eq(json_array_size(files), 2);
	ck_assert_str_eq(json_string_value(json_array_get(files, 0)), "/usr/lib/libc.so.6");
	ck_assert_str_eq(json_string_value(json_array_get(files, 1)), "/dev/shm/x");
}
END_TEST

/* --- packages ----------------------------------------------------------------------------------
 */

START_TEST(dpkg_lists_what_is_installed)
{
	char text[] = "Package: a\nStatus: install ok installed\nVersion: 1:2-3\n\n"
		      "Package: b\nStatus: deinstall ok config-files\nVersion: 1\n\n"
		      "Package: c\nStatus: install ok half-configured\nVersion: 2\n";
	char bad[] = "Package: a\nVersion: 1\n\n";
	AUTO_JSON json_t *all = json_object();
	AUTO_JSON json_t *none = json_object();

	ck_assert(packages_dpkg(text, all));
	ck_assert_str_eq(json_string_value(json_object_get(all, "a")), "1:2-3");
	ck_assert_ptr_null(json_object_get(all, "b"));
	ck_assert_ptr_nonnull(json_object_get(all, "c"));
	ck_assert(!packages_dpkg(bad, none));
}
END_TEST

START_TEST(apk_and_pacman_list)
{
	char text[] = "C:Q1x=\nP:busybox\nV:1.36.1-r2\nF:bin\nR:busybox\n\nP:musl\nV:1.2\n";
	char bad[] = "not a database\n";
	AUTO_JSON json_t *all = json_object();

	ck_assert(packages_apk(text, all));
	ck_assert_str_eq(json_string_value(json_object_get(all, "busybox")), "1.36.1-r2");
	ck_assert_str_eq(json_string_value(json_object_get(all, "musl")), "1.2");
	ck_assert(!packages_apk(bad, all));
	packages_pacman("linux-lts-6.6.1-1", all);
	ck_assert_str_eq(json_string_value(json_object_get(all, "linux-lts")), "6.6.1");
	packages_pacman("nothing", all);
	ck_assert_uint_eq(json_object_size(all), 3);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("hostparse", &suite);

	tcase_add_test(tcase, links_enable_and_pull);
	tcase_add_test(tcase, links_lead_somewhere);
	tcase_add_test(tcase, files_pull);
	tcase_add_test(tcase, templates_and_presets);
	tcase_add_loop_test(tcase, groups_name_units_and_containers, 0, ARRAY_SIZE(groups));
	tcase_add_test(tcase, processes_are_told);
	tcase_add_test(tcase, deleted_code_is_found);
	tcase_add_test(tcase, dpkg_lists_what_is_installed);
	tcase_add_test(tcase, apk_and_pacman_list);
	return harness_run(suite);
}
