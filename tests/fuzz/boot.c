/* SPDX-License-Identifier: Apache-2.0 */
/* boot.c: fuzzes boot loaders' files, the kernel's command line, its configuration and modules. */
#include "bootentries.h"
#include "cmdline.h"
#include "fuzz.h"
#include "inflate.h"
#include "kconfig.h"
#include "modulefacts.h"
#include "record.h"
#include "sysctlfile.h"
#include "tree.h"

enum { CONFIG_MAX = 1 << 20 };

static const char file[] = "/boot/grub/grub.cfg";

static void read_one(char *env, char *text, size_t n, unsigned which)
{
	struct boot b;

	boot_begin(&b);
	if (*env)
		boot_grubenv(&b, env);
	switch (which) {
	case 0: boot_grub(&b, file, text); break;
	case 1: boot_loader_entry(&b, file, text, n % 2); break;
	case 2: boot_extlinux(&b, file, text); break;
	default: boot_plain(&b, "systemd-boot", file, text);
	}
	boot_find_default(&b);
	FUZZ_CHECK(json_array_size(b.entries) <= BOOT_ENTRIES_MAX + 1, "too many entries");
	fuzz_fact(json_incref(b.entries));
	fuzz_fact(json_incref(b.environment));
	fuzz_fact(json_incref(b.variables));
	boot_done(&b);
}

static void read_cmdline(const char *text)
{
	AUTO_FREE char *release = boot_release(text);
	(void)release;

	fuzz_fact(cmdline_options(text));
	fuzz_fact(sysctl_boot(text));
}

static void read_config(const uint8_t *data, size_t n)
{
	size_t len = 0;
	char *text = inflate_gzip(data, n, CONFIG_MAX, &len);

	if (!text) {
		text = fuzz_text(data, n);
		len = n;
	}
	FUZZ_CHECK(len <= CONFIG_MAX || len == n, "%zu bytes", len);
	json_t *config = kconfig_fact(text, len);

	fuzz_fact(modules_of_config(config));
	fuzz_fact(config);
	free(text);
}

static void read_modules(const uint8_t *data, size_t n)
{
	AUTO_FREE char *dep = fuzz_part(&data, &n);
	AUTO_FREE char *builtin = fuzz_part(&data, &n);
	AUTO_FREE char *loaded = fuzz_part(&data, &n);
	AUTO_FREE char *known = fuzz_part(&data, &n);
	json_t *fs = NULL;

	fuzz_fact(modules_of_lists(dep, builtin, &fs));
	json_decref(fs);
	fuzz_fact(modules_loaded(loaded));
	fuzz_fact(filesystems_known(known));
}

static void read_modprobe(const uint8_t *data, size_t n)
{
	struct tree t;

	tree_init(&t, "/etc/modprobe.d/x.conf", data, n);
	struct conf_source source = tree_source(&t);
	fuzz_fact(modprobe_read(&source));
	tree_done(&t);
}

FUZZ(boot)
{
	unsigned which = fuzz_pick(&data, &n, 8);

	if (which < 4) {
		AUTO_FREE char *env = fuzz_part(&data, &n);
		AUTO_FREE char *text = fuzz_text(data, n);

		utf8_mend(text, n);
		utf8_mend(env, strlen(env));
		read_one(env, text, n, which);
	} else if (which == 4) {
		AUTO_FREE char *text = fuzz_text(data, n);

		read_cmdline(text);
	} else if (which == 5) {
		read_config(data, n);
	} else if (which == 6) {
		read_modules(data, n);
	} else {
		read_modprobe(data, n);
	}
	return 0;
}
