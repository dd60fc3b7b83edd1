/* SPDX-License-Identifier: Apache-2.0 */
/* bootentries.c: see bootentries.h. */
#include "bootgrub.h"

#include "cmdline.h"
#include "confdir.h"
#include "facts.h"
#include "record.h"
#include "text.h"

static const char blanks[] = " \t\r";

void boot_begin(struct boot *b)
{
	*b = (struct boot){ .entries = json_array(),
			    .environment = json_object(),
			    .variables = json_object(),
			    .defaults = json_array() };
}

void boot_done(struct boot *b)
{
	json_decref(b->entries);
	json_decref(b->environment);
	json_decref(b->variables);
	json_decref(b->defaults);
	free(b->open);
}

json_t *boot_text(const char *s)
{
	AUTO_FREE char *copy = xstrdup(s);
	utf8_mend(copy, strlen(copy));
	return json_string(copy);
}

/* --- entries --------------------------------------------------------------------------------- */

char *boot_release(const char *kernel)
{
	static const char *const starts[] = { "vmlinuz-", "vmlinux-", "bzImage-",
					      "kernel-",  "Image-",   "linux-" };
	const char *name = strrchr(kernel, '/');
	name = name ? name + 1 : kernel;
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (starts_with(name, starts[i]) && name[strlen(starts[i])])
			return xstrdup(name + strlen(starts[i]));
	if (!streq(name, "linux") && !streq(name, "vmlinuz"))
		return NULL;
	/* /MACHINE-ID/RELEASE/linux */
	const char *end = name - 1, *start = end;
	while (start > kernel && start[-1] != '/')
		start--;
	if (name == kernel || start == end || *start < '0' || *start > '9')
		return NULL;
	return xstrndup(start, (size_t)(end - start));
}

static bool is_for_rescue(const char *title, const char *kernel)
{
	return strcasestr(title, "rescue") || strcasestr(title, "recovery") ||
	       strcasestr(kernel, "-rescue-");
}

void boot_add_entry(struct boot *b, const struct boot_item *e, json_t *options)
{
	if (json_array_size(b->entries) >= BOOT_ENTRIES_MAX) {
		json_decref(options);
		return;
	}
	AUTO_FREE char *guess = e->release ? xstrdup(e->release) : boot_release(e->kernel);
	json_array_append_new(
		b->entries,
		json_pack("{ss so sI so so so so sb sn so}", "loader", e->loader, "file",
			  boot_text(e->file), "line", (json_int_t)e->line, "id", boot_text(e->id),
			  "title", boot_text(e->title), "kernel", boot_text(e->kernel), "release",
			  guess ? boot_text(guess) : json_null(), "rescue",
			  is_for_rescue(e->title, e->kernel), "default", "options", options));
}

void boot_plain(struct boot *b, const char *loader, const char *file, const char *text)
{
	const struct boot_item e = {
		.loader = loader, .file = file, .id = "", .title = "", .kernel = "", .line = 1
	};
	boot_add_entry(b, &e, cmdline_options(text));
}

void boot_unseen(struct boot *b, const char *loader, const char *file, const char *why)
{
	const struct boot_item e = {
		.loader = loader, .file = file, .id = "", .title = "", .kernel = "", .line = 0
	};
	boot_add_entry(b, &e, fact_unread("%s: %s", file, why));
}

/* --- others ----------------------------------------------------------------------------------- */

/* "key value", blanks between; *line is the key then. NULL: no such line. */
static char *key_value(char *line)
{
	line = conf_cut_blanks(line);
	char *value = line + strcspn(line, blanks);
	if (*line == '#' || *line == '\0')
		return NULL;
	if (*value)
		*value++ = '\0';
	return value + strspn(value, blanks);
}

void boot_loader_entry(struct boot *b, const char *file, char *text, bool is_grub)
{
	struct text options AUTO_TEXT = { 0 };
	const char *name = strrchr(file, '/');
	AUTO_FREE char *id = xstrdup(name ? name + 1 : file);
	struct boot_item e = { .loader = is_grub ? "grub" : "systemd-boot",
			       .file = file,
			       .id = id,
			       .title = "",
			       .kernel = "",
			       .line = 1 };
	if (ends_with(id, ".conf"))
		id[strlen(id) - strlen(".conf")] = '\0';
	for (char *line; (line = strsep(&text, "\n"));) {
		char *key = line + strspn(line, blanks), *value = key_value(line);
		if (!value)
			continue;
		if (streq(key, "title"))
			e.title = value;
		else if (streq(key, "version"))
			e.release = value;
		else if (streq(key, "linux") || streq(key, "efi"))
			e.kernel = value;
		else if (streq(key, "options"))
			text_printf(&options, "%s ", value);
	}
	/* GRUB's blscfg has this for entries without any. */
	if (is_grub && !options.s)
		text_add(&options, "$default_kernelopts");
	if (!*e.kernel || streq(e.kernel, "/EFI/memtest86/memtest.efi"))
		return;
	AUTO_FREE char *told = boot_release(e.kernel);
	if (told)
		e.release = told;
	boot_add_entry(b, &e,
		       is_grub ? boot_grub_options(b, text_str(&options), file, 1)
			       : cmdline_options(text_str(&options)));
}

void boot_extlinux(struct boot *b, const char *file, char *text)
{
	struct boot_item e = {
		.loader = "extlinux", .file = file, .id = "", .title = "", .kernel = ""
	};
	const char *append = "";
	for (size_t at = 1;; at++) {
		char *line = strsep(&text, "\n");
		char *key = line ? line + strspn(line, blanks) : NULL;
		char *value = line ? key_value(line) : NULL;
		bool is_label = value && strcasecmp(key, "label") == 0;
		if ((is_label || !line) && *e.kernel)
			boot_add_entry(b, &e, cmdline_options(append));
		if (!line)
			return;
		if (is_label) {
			e.id = e.title = value;
			e.kernel = append = "";
			e.line = at;
		} else if (value && strcasecmp(key, "menu") == 0 &&
			   strncasecmp(value, "label", 5) == 0) {
			e.title = value + 5 + strspn(value + 5, blanks);
		} else if (value &&
			   (strcasecmp(key, "linux") == 0 || strcasecmp(key, "kernel") == 0)) {
			e.kernel = value;
		} else if (value && strcasecmp(key, "append") == 0) {
			append = value;
		} else if (value && strcasecmp(key, "default") == 0) {
			json_array_append_new(b->defaults, boot_text(value));
		}
	}
}

/* --- the default entry ------------------------------------------------------------------------ */

static bool is_named(const json_t *entry, const char *name)
{
	int64_t number;
	json_t *index = json_object_get(entry, "index");
	const char *id = json_string_value(json_object_get(entry, "id"));
	const char *title = json_string_value(json_object_get(entry, "title"));
	const char *last = strrchr(name, '>');
	if (last)
		name = last + 1;
	if (index && !last && parse_int(name, &number) && number == json_integer_value(index))
		return true;
	return (*id && streq(id, name)) || (*title && streq(title, name));
}

void boot_find_default(struct boot *b)
{
	size_t i, n_named = 0, named = 0;
	json_t *entry;
	/* One entry is the default, however it is named. */
	if (json_array_size(b->entries) == 1)
		json_array_clear(b->defaults);
	json_array_foreach(b->entries, i, entry)
	{
		const char *name = json_string_value(json_array_get(b->defaults, 0));
		bool is_it = json_array_size(b->entries) == 1 ||
			     (json_array_size(b->defaults) == 1 && is_named(entry, name));
		n_named += is_it;
		named = is_it ? i : named;
	}
	json_array_foreach(b->entries, i, entry)
	{
		if (n_named == 1)
			json_object_set_new(entry, "default", json_boolean(i == named));
		json_object_del(entry, "index");
	}
}
