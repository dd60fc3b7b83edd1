/* SPDX-License-Identifier: Apache-2.0 */
/* collect_modules.c: which modules are loaded, built, and kept away; handlers of formats. */
#include "collect_boot.h"
#include "modulefacts.h"
#include "record.h"

enum { HANDLERS_MAX = 200 };

/* The text of a list, without NUL bytes; NULL when it is not there. */
static char *list_text(struct collector *c, unsigned base, const char *path, char **ret_trouble)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	char *text = read_file(c, base, path, &n, &why);
	if (!text && *why && !*ret_trouble)
		*ret_trouble = xasprintf("%s%s: %s", *path == '/' ? "" : "/", path, why);
	for (size_t i = 0; text && i < n; i++)
		if (text[i] == '\0')
			text[i] = '\n';
	return text;
}

/* Without its files, what the configuration says was built in is all there is. */
static json_t *from_config(struct collector *c, const char *release)
{
	json_t *all = json_object_get(json_object_get(c->world, "host"), "kconfig");
	json_t *config = json_object_get(json_object_get(all, "kernels"), release);
	if (!config || fact_is_unread(config))
		return fact_unread("/lib/modules/%s/modules.dep: is not there, nor is the "
				   "kernel's configuration",
				   release);
	return json_pack("{ss so s[]}", "from", "configuration", "modules",
			 modules_of_config(config), "fs");
}

static json_t *of_kernel(struct collector *c, const char *release)
{
	AUTO_FREE char *dep_path = xasprintf("/lib/modules/%s/modules.dep", release);
	AUTO_FREE char *builtin_path = xasprintf("/lib/modules/%s/modules.builtin", release);
	AUTO_FREE char *trouble = NULL;
	AUTO_FREE char *dep = list_text(c, FETCH_BASE_ROOT, dep_path, &trouble);
	AUTO_FREE char *builtin = list_text(c, FETCH_BASE_ROOT, builtin_path, &trouble);
	json_t *fs;
	if (trouble)
		return fact_unread("%s", trouble);
	if (!dep)
		return from_config(c, release);
	if (!builtin)
		return fact_unread("%s: is not there", builtin_path);
	json_t *modules = modules_of_lists(dep, builtin, &fs);
	return json_pack("{ss so so}", "from", dep_path, "modules", modules, "fs", fs);
}

/* The file is not there in a kernel that cannot load modules. */
static json_t *loaded(struct collector *c)
{
	AUTO_FREE char *trouble = NULL;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *text = list_text(c, FETCH_BASE_PROC, "proc/modules", &trouble);
	if (trouble)
		return fact_unread("%s", trouble);
	return text ? modules_loaded(text) : json_object();
}

static json_t *filesystems(struct collector *c)
{
	AUTO_FREE char *trouble = NULL;
	if (!c->o->live)
		return fact_unread(NEEDS_RUNNING);
	AUTO_FREE char *text = list_text(c, FETCH_BASE_PROC, "proc/filesystems", &trouble);
	return text ? filesystems_known(text)
		    : fact_unread("%s", trouble ? trouble : "/proc/filesystems: is not there");
}

/* --- who may change them ------------------------------------------------------------------------
 */

struct looked_at {
	struct collector *c;
	json_t *files;
	const char *folder;
};

static void look_at(struct looked_at *l, const char *path)
{
	json_t *st = stat_path(l->c, FETCH_BASE_ROOT, path);
	const char *where = json_string_value(json_object_get(st, "path"));
	AUTO_FREE char *key = xstrdup(where ? where : path);
	bool is_mask = streq(key, "/dev/null");
	/* One that is reached by several ways is named once. */
	if (!is_mask && (fact_is_unread(st) || json_is_true(json_object_get(st, "exists"))))
		json_object_set(l->files, key, st);
	json_decref(st);
}

static void look_at_entry(char type, const char *name, void *context)
{
	struct looked_at *l = context;
	AUTO_FREE char *path = xasprintf("%s/%s", l->folder, name);
	(void)type;
	if (json_object_size(l->files) < CONF_FILES_MAX)
		look_at(l, path);
	else
		json_object_set_new(
			l->files, l->folder,
			fact_unread("%s: more than %d files", l->folder, CONF_FILES_MAX));
}

static json_t *owners(struct collector *c)
{
	static const char *const folders[] = {
		"/etc/modprobe.d",     "/run/modprobe.d",        "/usr/local/lib/modprobe.d",
		"/usr/lib/modprobe.d", "/lib/modprobe.d",        "/etc/modules-load.d",
		"/run/modules-load.d", "/usr/lib/modules-load.d"
	};
	static const char *const parts[] = { "",       "/kernel", "/modules.dep", "/modules.alias",
					     "/extra", "/updates" };
	struct looked_at l = { c, json_object(), NULL };
	json_t *value;
	const char *release;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		AUTO_FREE char *why = NULL;
		l.folder = folders[i];
		look_at(&l, folders[i]);
		if (!list_folder(c, FETCH_BASE_ROOT, folders[i], look_at_entry, &l, &why) && *why)
			json_object_set_new(l.files, folders[i],
					    fact_unread("%s: %s", folders[i], why));
	}
	look_at(&l, "/etc/modules");
	look_at(&l, "/lib/modules");
	json_object_foreach(boot_kernels(c), release, value)
	{
		for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
			AUTO_FREE char *path = xasprintf("/lib/modules/%s%s", release, parts[i]);
			look_at(&l, path);
		}
	}
	return l.files;
}

/* --- binfmt_misc --------------------------------------------------------------------------------
 */

/* "enabled", "interpreter /usr/bin/x", "flags: OCF" of a handler. */
static json_t *handler_fact(struct collector *c, char *text)
{
	json_t *fact = json_pack("{sb sn ss}", "enabled", 0, "interpreter", "flags", "");
	utf8_mend(text, strlen(text));
	for (char *line; (line = strsep(&text, "\n"));) {
		if (streq(line, "enabled")) {
			json_object_set_new(fact, "enabled", json_true());
		} else if (starts_with(line, "interpreter ")) {
			const char *path = line + strlen("interpreter ");
			json_object_set_new(fact, "interpreter", json_string(path));
			json_object_set_new(fact, "file", stat_path(c, FETCH_BASE_ROOT, path));
		} else if (starts_with(line, "flags: ")) {
			json_object_set_new(fact, "flags", json_string(line + strlen("flags: ")));
		}
	}
	return fact;
}

static const char handlers[] = "proc/sys/fs/binfmt_misc";

static void add_handler(char type, const char *name, void *context)
{
	struct looked_at *l = context;
	AUTO_FREE char *path = xasprintf("%s/%s", handlers, name), *trouble = NULL;
	if (type == 'd' || streq(name, "status") || streq(name, "register") ||
	    json_object_size(l->files) > HANDLERS_MAX)
		return;
	if (json_object_size(l->files) == HANDLERS_MAX) {
		json_object_set_new(
			l->files, name,
			fact_unread("/%s: more than %d handlers", handlers, HANDLERS_MAX));
		return;
	}
	AUTO_FREE char *text = list_text(l->c, FETCH_BASE_PROC, path, &trouble);
	json_object_set_new(l->files, name,
			    text ? handler_fact(l->c, text)
				 : fact_unread("%s", trouble ? trouble : "went away"));
}

/* :name:type:offset:magic:mask:interpreter:flags of binfmt.d(5); any character may be the ":". */
static void configured_line(struct conf *c, char *line)
{
	enum { NAME, TYPE, OFFSET, MAGIC, MASK, INTERPRETER, FLAGS, FIELDS };
	static char none[] = "";
	char *f[FIELDS], separator[] = { *line, '\0' }, *rest = line + 1;
	for (size_t i = 0; i < FIELDS; i++) {
		f[i] = strsep(&rest, separator);
		if (!f[i])
			f[i] = none;
	}
	json_t *one = *f[NAME] ? conf_set(c, f[NAME], f[INTERPRETER]) : NULL;
	if (one)
		json_object_set_new(one, "flags", json_string(f[FLAGS]));
}

static json_t *configured_handlers(struct collector *c)
{
	static const char *const dirs[] = { "/etc/binfmt.d", "/run/binfmt.d",
					    "/usr/local/lib/binfmt.d", "/usr/lib/binfmt.d", NULL };
	static const struct conf_spec spec = {
		.dirs = dirs, .suffix = ".conf", .comments = "#;", .line = configured_line
	};
	struct conf_source source = collector_source(c);
	json_t *fact = conf_read(&spec, &source), *one;
	const char *name;
	json_object_foreach(json_object_get(fact, "settings"), name, one)
	{
		json_t *first = json_array_get(one, 0);
		const char *path = json_string_value(json_object_get(first, "value"));
		if (first && path && *path)
			json_object_set_new(first, "stat", stat_path(c, FETCH_BASE_ROOT, path));
	}
	return fact;
}

static json_t *binfmt(struct collector *c)
{
	AUTO_FREE char *why = NULL;
	struct looked_at l = { c, json_object(), NULL };
	json_t *live = l.files;
	if (!c->o->live ||
	    (!list_folder(c, FETCH_BASE_PROC, handlers, add_handler, &l, &why) && *why)) {
		json_decref(l.files);
		live = c->o->live ? fact_unread("/%s: %s", handlers, why)
				  : fact_unread(NEEDS_RUNNING);
	}
	return json_pack("{so so}", "live", live, "configured", configured_handlers(c));
}

/* --- the sections --------------------------------------------------------------------------------
 */

void collect_modules(struct collector *c)
{
	json_t *kernels = json_object(), *value;
	struct conf_source source = collector_source(c);
	const char *release;
	json_object_foreach(boot_kernels(c), release, value)
		json_object_set_new(kernels, release, of_kernel(c, release));
	json_t *asset = kernel_line(c, "sys/class/dmi/id/chassis_asset_tag");
	collect_host_section(c, "modules",
			     json_pack("{so so so so so so}", "kernels", kernels, "loaded",
				       loaded(c), "filesystems", filesystems(c), "owners",
				       owners(c), "binfmt", binfmt(c), "asset-tag", asset));
	collect_host_section(c, "modprobe", modprobe_read(&source));
}
