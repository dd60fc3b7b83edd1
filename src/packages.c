/* SPDX-License-Identifier: Apache-2.0 */
/* packages.c: see packages.h. */
#include "packages.h"

/* What a paragraph says of one package. */
struct package {
	const char *name, *version, *status;
};

static void add_package(json_t *packages, const struct package *p)
{
	if (p->name && *p->name && json_object_size(packages) < PACKAGES_MAX)
		json_object_set_new(packages, p->name, json_string(p->version ? p->version : ""));
}

/* "install ok installed": the third word is what it is. */
static bool is_installed(const char *status)
{
	const char *state = strrchr(status, ' ');
	return state && !streq(state, " not-installed") && !streq(state, " config-files");
}

static const char *after(const char *line, const char *key)
{
	size_t n = strlen(key);
	return strncmp(line, key, n) == 0 ? line + n + strspn(line + n, " \t") : NULL;
}

static bool end_dpkg(struct package *p, json_t *packages)
{
	bool is_good = !p->name || p->status;
	if (p->status && is_installed(p->status))
		add_package(packages, p);
	*p = (struct package){ 0 };
	return is_good;
}

bool packages_dpkg(char *text, json_t *packages)
{
	struct package p = { 0 };
	char *line;
	while ((line = strsep(&text, "\n"))) {
		const char *value;
		if ((value = after(line, "Package:")))
			p.name = value;
		else if ((value = after(line, "Version:")))
			p.version = value;
		else if ((value = after(line, "Status:")))
			p.status = value;
		else if (*line == '\0' && !end_dpkg(&p, packages))
			return false;
	}
	return end_dpkg(&p, packages);
}

bool packages_apk(char *text, json_t *packages)
{
	struct package p = { 0 };
	char *line;
	while ((line = strsep(&text, "\n"))) {
		if (*line && line[1] != ':')
			return false;
		if (*line == 'P')
			p.name = line + 2;
		else if (*line == 'V')
			p.version = line + 2;
		if (*line == '\0') {
			add_package(packages, &p);
			p = (struct package){ 0 };
		}
	}
	add_package(packages, &p);
	return true;
}

void packages_pacman(const char *entry, json_t *packages)
{
	AUTO_FREE char *name = xstrdup(entry);
	char *release = strrchr(name, '-'), *version;
	if (!release)
		/* cppcheck-suppress memleak ; AUTO_FREE */
		return;
	*release = '\0';
	version = strrchr(name, '-');
	if (!version)
		/* cppcheck-suppress memleak ; AUTO_FREE */
		return;
	*version = '\0';
	add_package(packages, &(struct package){ .name = name, .version = version + 1 });
}
