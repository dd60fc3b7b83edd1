/* SPDX-License-Identifier: Apache-2.0 */
/* t_kernel.c: command lines, boot loaders' files, build configurations, lists of modules and of
 * security modules, and gzip. */
#include "bootentries.h"
#include "cmdline.h"
#include "cpuinfo.h"
#include "facts.h"
#include "harness.h"
#include "inflate.h"
#include "kconfig.h"
#include "lsmfacts.h"
#include "modulefacts.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

/* value must be what the JSON text says; takes value. */
static void is_json(json_t *value, const char *text)
{
	AUTO_JSON json_t *got = value;
	AUTO_JSON json_t *wanted = json_loads(text, JSON_DECODE_ANY, NULL);
	AUTO_FREE char *shown = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
	ck_assert_ptr_nonnull(wanted);
	ck_assert_msg(json_equal(got, wanted), "%s, not %s", shown, text);
}

START_TEST(command_lines)
{
	static const struct {
		const char *line, *options;
	} cases[] = {
		{ "", "{}" },
		{ "quiet ro\n", "{\"quiet\":[\"\"],\"ro\":[\"\"]}" },
		{ "audit=1 audit=0", "{\"audit\":[\"0\",\"1\"]}" },
		{ "slub-nomerge=x-y", "{\"slub_nomerge\":[\"x-y\"]}" },
		{ "a=\"b c\" d", "{\"a\":[\"b c\"],\"d\":[\"\"]}" },
		{ "\"a=b c\" d", "{\"a\":[\"b c\"],\"d\":[\"\"]}" },
		{ "ro -- single audit=0", "{\"ro\":[\"\"]}" },
		{ "ro --single", "{\"ro\":[\"\"],\"__single\":[\"\"]}" },
		{ "a=\"open", "{\"a\":[\"open\"]}" },
	};
	is_json(cmdline_options(cases[_i].line), cases[_i].options);
}
END_TEST

/* --- boot loaders
 * --------------------------------------------------------------------------------- */

static const char debian[] =
	"if [ -s $prefix/grubenv ]; then\n  load_env\nfi\n"
	"if [ \"${next_entry}\" ] ; then\n   set default=\"${next_entry}\"\nelse\n"
	"   set default=\"0\"\nfi\n"
	"set superusers=\"admin\"\npassword_pbkdf2 admin grub.pbkdf2.sha512.10000.AA\n"
	"menuentry 'Debian' --class debian $menuentry_id_option 'gnulinux-simple' {\n"
	"\techo 'x { y'\n"
	"\tlinux\t/boot/vmlinuz-6.1.0-18-amd64 root=UUID=0a ro \\\n\t\tquiet audit=1\n}\n"
	"submenu 'Advanced' $menuentry_id_option 'advanced' {\n"
	"\tmenuentry 'Debian, with 6.1.0-18 (recovery mode)' --class x {\n"
	"\t\tlinux\t/boot/vmlinuz-6.1.0-18-amd64 root=UUID=0a ro single\n\t}\n}\n"
	"menuentry 'Memory test' {\n\tlinux16 /boot/memtest86+.bin\n}\n"
	"# linux /boot/vmlinuz-1 commented=1\n";

static json_t *entry(const struct boot *b, size_t i, const char *member)
{
	return json_object_get(json_array_get(b->entries, i), member);
}

START_TEST(grub)
{
	struct boot b CLEANUP(boot_done);
	boot_begin(&b);
	AUTO_FREE char *text = xstrdup(debian);
	boot_grub(&b, "/boot/grub/grub.cfg", text);
	boot_find_default(&b);
	ck_assert_uint_eq(json_array_size(b.entries), 2);
	is_json(json_incref(entry(&b, 0, "options")),
		"{\"root\":[\"UUID=0a\"],\"ro\":[\"\"],\"quiet\":[\"\"],\"audit\":[\"1\"]}");
	is_json(json_incref(entry(&b, 0, "release")), "\"6.1.0-18-amd64\"");
	is_json(json_incref(entry(&b, 0, "id")), "\"gnulinux-simple\"");
	is_json(json_incref(entry(&b, 0, "default")), "true");
	is_json(json_incref(entry(&b, 0, "rescue")), "false");
	is_json(json_incref(entry(&b, 1, "rescue")), "true");
	is_json(json_incref(entry(&b, 1, "default")), "false");
	ck_assert(b.has_superusers && b.has_password && !b.is_plain);
}
END_TEST

START_TEST(grub_variables)
{
	static const struct {
		const char *env, *config, *options; /* NULL: unread */
	} cases[] = {
		{ "kernelopts=root=/dev/a audit=1\n", "linux /vmlinuz-5 $kernelopts x\n",
		  "{\"root\":[\"/dev/a\"],\"audit\":[\"1\"],\"x\":[\"\"]}" },
		{ "", "linux /vmlinuz-5 ${not_set} x\n", "{\"x\":[\"\"]}" },
		{ "", "set k=\"a b\"\nlinux /vmlinuz-5 $k\n", "{\"a\":[\"\"],\"b\":[\"\"]}" },
		{ "", "set k=a\nset k=b\nlinux /vmlinuz-5 $k\n", NULL },
		{ "k=c\n", "set k=a\nset k=b\nlinux /vmlinuz-5 $k\n", "{\"c\":[\"\"]}" },
		{ "", "linux /vmlinuz-5 'a=$k'\n", "{\"a\":[\"$k\"]}" },
		{ "", "multiboot2 /xen.gz\nmodule2 /vmlinuz-5 a=b\n", "{\"a\":[\"b\"]}" },
		{ "", "menuentry x { linux /vmlinuz-5 a; initrd /i; }\n", "{\"a\":[\"\"]}" },
		{ "", "if true; then linux /vmlinuz-5 a='b;c'; fi\n", "{\"a\":[\"b;c\"]}" },
		{ "", "if true; then set k=a; fi\nlinux /vmlinuz-5 ${k}\n", "{\"a\":[\"\"]}" },
		{ "", "# a path \\\nlinux /vmlinuz-5 a\n", "{\"a\":[\"\"]}" },
		{ "", "linux /vmlinuz-5 a # b; linux /vmlinuz-6 c\n", "{\"a\":[\"\"]}" },
		{ "", "module2\t/vmlinuz-5\ta\n", "{\"a\":[\"\"]}" },
	};
	struct boot b CLEANUP(boot_done);
	AUTO_FREE char *env = xstrdup(cases[_i].env), *text = xstrdup(cases[_i].config);
	boot_begin(&b);
	boot_grubenv(&b, env);
	boot_grub(&b, "grub.cfg", text);
	ck_assert_uint_eq(json_array_size(b.entries), 1);
	if (cases[_i].options)
		is_json(json_incref(entry(&b, 0, "options")), cases[_i].options);
	else
		ck_assert(fact_is_unread(entry(&b, 0, "options")));
}
END_TEST

/* Each grub.cfg with a menu has to name superusers. */
START_TEST(grub_superusers)
{
	static const char with[] = "set superusers=root\nmenuentry a {\n}\n",
			  without[] = "menuentry a {\n}\n", users[] = "set superusers=root\n",
			  stub[] = "configfile /boot/grub/grub.cfg\n",
			  bls[] = "insmod blscfg\nblscfg\n";
	static const struct {
		const char *file[2], *text[2], *open;
	} cases[] = {
		{ { "/a/grub.cfg" }, { with }, NULL },
		{ { "/a/grub.cfg" }, { without }, "/a/grub.cfg" },
		{ { "/a/grub.cfg" }, { bls }, "/a/grub.cfg" },
		{ { "/a/grub.cfg", "/b/grub.cfg" }, { with, stub }, NULL },
		{ { "/a/grub.cfg", "/b/grub.cfg" }, { with, without }, "/b/grub.cfg" },
		{ { "/a/grub.cfg", "/a/custom.cfg" }, { with, without }, NULL },
		{ { "/a/grub.cfg", "/a/custom.cfg" }, { without, users }, NULL },
		{ { "/a/grub.cfg", "/b/custom.cfg" }, { without, users }, "/a/grub.cfg" },
	};
	struct boot b CLEANUP(boot_done);
	boot_begin(&b);
	for (size_t i = 0; i < 2 && cases[_i].file[i]; i++) {
		AUTO_FREE char *text = xstrdup(cases[_i].text[i]);
		boot_grub(&b, cases[_i].file[i], text);
	}
	ck_assert_str_eq(b.open ? b.open : "", cases[_i].open ? cases[_i].open : "");
}
END_TEST

START_TEST(fallback_options)
{
	struct boot b CLEANUP(boot_done);
	char config[] = "set default_kernelopts=\"ro init=/bin/sh\"\n",
	     conf[] = "title Fedora\nlinux /vmlinuz-6.8.5\n";
	boot_begin(&b);
	boot_grub(&b, "grub.cfg", config);
	boot_loader_entry(&b, "/boot/loader/entries/x.conf", conf, true);
	is_json(json_incref(entry(&b, 0, "options")), "{\"ro\":[\"\"],\"init\":[\"/bin/sh\"]}");
}
END_TEST

START_TEST(other_loaders)
{
	struct boot b CLEANUP(boot_done);
	char conf[] =
		"title Fedora\nversion 6.8.5\nlinux /vmlinuz-6.8.5\noptions a=1\noptions b $k\n";
	char env[] = "saved_entry=x\nk=c\n", config[] = "set default=\"${saved_entry}\"\n";
	char extlinux[] = "DEFAULT lts\nLABEL lts\n  MENU LABEL Alpine\n  LINUX vmlinuz-lts\n"
			  "  APPEND root=/dev/a quiet\n";
	boot_begin(&b);
	boot_grubenv(&b, env);
	boot_grub(&b, "grub.cfg", config);
	boot_loader_entry(&b, "/boot/loader/entries/x.conf", conf, true);
	boot_extlinux(&b, "/boot/extlinux.conf", extlinux);
	is_json(json_incref(entry(&b, 0, "options")), "{\"a\":[\"1\"],\"b\":[\"\"],\"c\":[\"\"]}");
	is_json(json_incref(entry(&b, 0, "release")), "\"6.8.5\"");
	is_json(json_incref(entry(&b, 1, "title")), "\"Alpine\"");
	is_json(json_incref(entry(&b, 1, "options")), "{\"root\":[\"/dev/a\"],\"quiet\":[\"\"]}");
}
END_TEST

START_TEST(releases)
{
	static const struct {
		const char *kernel, *release;
	} cases[] = {
		{ "/boot/vmlinuz-6.1.0-18-amd64", "6.1.0-18-amd64" },
		{ "/0123/6.8.5-arch1-1/linux", "6.8.5-arch1-1" },
		{ "/vmlinuz", NULL },
		{ "vmlinuz-", NULL },
		{ "linux", NULL },
		{ "/EFI/linux", NULL },
		{ "", NULL },
	};
	AUTO_FREE char *got = boot_release(cases[_i].kernel);
	ck_assert_pstr_eq(got, cases[_i].release);
}
END_TEST

/* --- the rest
 * --------------------------------------------------------------------------------------- */

START_TEST(build_configurations)
{
	char text[] =
		"# Linux/x86 6.1.76 Kernel Configuration\nCONFIG_SECCOMP=y\nCONFIG_LSM=\"a,b\"\n"
		"# CONFIG_KEXEC is not set\nCONFIG_VETH=m\nCONFIG_NOBODY_ASKS=y\n";
	AUTO_JSON json_t *fact = kconfig_fact(text, strlen(text));
	json_t *s = json_object_get(fact, "settings");
	is_json(json_incref(json_object_get(fact, "version")), "\"6.1.76\"");
	is_json(json_incref(json_object_get(fact, "arch")), "\"x86\"");
	is_json(json_incref(json_object_get(s, "SECCOMP")), "\"y\"");
	is_json(json_incref(json_object_get(s, "LSM")), "\"a,b\"");
	is_json(json_incref(json_object_get(s, "KEXEC")), "\"n\"");
	is_json(json_incref(json_object_get(s, "VETH")), "\"m\"");
	/* So short a text is not whole. */
	ck_assert(fact_is_unread(json_object_get(s, "KFENCE")));
	ck_assert_ptr_null(json_object_get(s, "NOBODY_ASKS"));
	char empty[] = "";
	AUTO_JSON json_t *none = kconfig_fact(empty, 0);
	ck_assert(fact_is_unread(none));
}
END_TEST

START_TEST(whole_configurations)
{
	AUTO_FREE char *text = xalloc(20000);
	size_t n = 0;
	for (size_t i = 0; i < 300; i++)
		n += (size_t)snprintf(text + n, 20000 - n, "# CONFIG_SYMBOL_%zu is not set\n", i);
	n += (size_t)snprintf(text + n, 20000 - n, "CONFIG_KEYS=y\n");
	AUTO_JSON json_t *fact = kconfig_fact(text, n);
	is_json(json_incref(json_object_get(json_object_get(fact, "settings"), "KFENCE")), "\"\"");
}
END_TEST

START_TEST(module_lists)
{
	char dep[] = "kernel/drivers/usb/storage/usb-storage.ko.xz: kernel/x.ko\n"
		     "kernel/fs/cramfs/cramfs.ko:\nkernel/fs/nfs/nfs.ko.zst: kernel/y.ko\n";
	char builtin[] = "kernel/fs/squashfs/squashfs.ko\n";
	AUTO_JSON json_t *fs = NULL;
	AUTO_JSON json_t *all = modules_of_lists(dep, builtin, &fs);
	is_json(json_incref(fs), "[\"cramfs\",\"nfs\"]");
	is_json(json_incref(json_object_get(all, "usb_storage")),
		"{\"state\":\"module\",\"file\":\"kernel/drivers/usb/storage/usb-storage.ko.xz\"}");
	is_json(json_incref(json_object_get(all, "squashfs")), "{\"state\":\"builtin\"}");
	is_json(json_incref(json_object_get(all, "udf")), "{\"state\":\"none\"}");
	char loaded[] = "usb-storage 12 0 - Live 0x0\nveth 1 0 - Live 0x0\n";
	is_json(modules_loaded(loaded), "{\"usb_storage\":true,\"veth\":true}");
	char known[] = "nodev\tsysfs\n\text4\n";
	is_json(filesystems_known(known), "[\"sysfs\",\"ext4\"]");
}
END_TEST

START_TEST(security_modules)
{
	char list[] = "lockdown,capability,yama\n", told[] = "module 104\nmodule 999\nlandlock 7\n";
	char none[] = "modules-error 38\nlandlock-error 38\n", level[] = "none [integrity] x\n";
	char profiles[] = "/usr/bin/man (enforce)\na b//c (complain)\n", bad[] = "nothing\n";
	int64_t landlock;
	is_json(lsm_list_fact(list), "[\"lockdown\",\"capability\",\"yama\"]");
	is_json(lsm_told_fact(told, &landlock), "[\"apparmor\",\"module 999\"]");
	ck_assert_int_eq(landlock, 7);
	ck_assert_ptr_null(lsm_told_fact(none, &landlock));
	ck_assert_int_eq(landlock, 0);
	is_json(lsm_bracketed_fact(level), "\"integrity\"");
	is_json(apparmor_profiles_fact(profiles),
		"[{\"name\":\"/usr/bin/man\",\"mode\":\"enforce\"},"
		"{\"name\":\"a b//c\",\"mode\":\"complain\"}]");
	AUTO_JSON json_t *unread = apparmor_profiles_fact(bad);
	ck_assert(fact_is_unread(unread));
	ck_assert_str_eq(apparmor_file_mode("profile x flags=(attach_disconnected,complain) {"),
			 "complain");
	ck_assert_str_eq(apparmor_file_mode("# flags=(complain)\nprofile x {"), "enforce");
	ck_assert_str_eq(apparmor_file_mode("profile x /bin/x (complain) {"), "complain");
	ck_assert_str_eq(
		apparmor_file_mode("profile x flags = (attach_disconnected\n complain)\n{"),
		"complain");
	ck_assert_str_eq(apparmor_file_mode("profile x {\n dbus (complain) bus=system,\n}"),
			 "enforce");
}
END_TEST

START_TEST(processors)
{
	char text[] =
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmicrocode\t: 0x1\nflags\t\t: nx smep "
		"smap\nprocessor\t: 1\nmicrocode\t: 0x2\nflags\t\t: nx smap\n";
	is_json(cpuinfo_fact(text, strlen(text)),
		"{\"count\":2,\"vendor\":\"GenuineIntel\",\"flags\":[\"nx\",\"smap\"],"
		"\"microcode\":[\"0x1\",\"0x2\"]}");
}
END_TEST

/* Made by gzip -9n, and as a block that is stored. */
static const struct {
	unsigned char bytes[32];
	size_t n;
	const char *text;
} gzipped[] = {
	{ { 0x1f, 0x8b, 8,    0, 0,    0,    0,    0,    2,    3, 0x4b, 0x4c, 0x4a,
	    0x4e, 0x44, 0x42, 0, 0xa3, 0x8c, 0x27, 0xd3, 0x0f, 0, 0,    0 },
	  25,
	  "abcabcabcabcabc" },
	{ { 0x1f, 0x8b, 8,    0,    0,    0,    0,    0,    0,    3,    1,    7, 0, 0xf8, 0xff,
	    0x73, 0x74, 0x6f, 0x72, 0x65, 0x64, 0x0a, 0xe2, 0x9c, 0x53, 0xa5, 7, 0, 0,    0 },
	  30,
	  "stored\n" },
};

/* What is wrong with it. */
START_TEST(gzip)
{
	const unsigned char *good = gzipped[_i].bytes;
	const char *wanted = gzipped[_i].text;
	unsigned char bytes[sizeof(gzipped[0].bytes)];
	size_t size = gzipped[_i].n, n = 0;
	AUTO_FREE char *text = inflate_gzip(good, size, 100, &n);
	ck_assert_pstr_eq(text, wanted);
	ck_assert_uint_eq(n, strlen(wanted));
	ck_assert_ptr_null(inflate_gzip(good, size, n - 1, &n));
	for (size_t i = 0; i < size; i++)
		ck_assert_ptr_null(inflate_gzip(good, i, 100, &n));
	/* No byte that is changed makes it fall over, or another text. */
	for (size_t i = 0; i < size; i++) {
		memcpy(bytes, good, size);
		bytes[i] ^= 0xff;
		AUTO_FREE char *other = inflate_gzip(bytes, size, 100, &n);
		ck_assert(!other || streq(other, wanted));
	}
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("kernel", &suite);

	tcase_add_loop_test(tcase, command_lines, 0, 9);
	tcase_add_test(tcase, grub);
	tcase_add_loop_test(tcase, grub_variables, 0, 13);
	tcase_add_loop_test(tcase, grub_superusers, 0, 8);
	tcase_add_test(tcase, fallback_options);
	tcase_add_test(tcase, other_loaders);
	tcase_add_loop_test(tcase, releases, 0, 7);
	tcase_add_test(tcase, build_configurations);
	tcase_add_test(tcase, whole_configurations);
	tcase_add_test(tcase, module_lists);
	tcase_add_test(tcase, security_modules);
	tcase_add_test(tcase, processors);
	tcase_add_loop_test(tcase, gzip, 0, ARRAY_SIZE(gzipped));
	return harness_run(suite);
}
