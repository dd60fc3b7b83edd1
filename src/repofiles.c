/* SPDX-License-Identifier: Apache-2.0 */
/* repofiles.c: see repofiles.h. */
#include "repofiles.h"

#include "record.h"
#include "text.h"

enum { VALUE_MAX = 4096 };

char *repo_address(const char *text)
{
	const char *host = strstr(text, "://");
	size_t scheme = host ? (size_t)(host - text) + 3 : 0;
	const char *rest = text + scheme;
	size_t authority = strcspn(rest, "/?#");
	const char *at = scheme ? memrchr(rest, '@', authority) : NULL;
	if (at)
		rest = at + 1;
	return xasprintf("%.*s%.*s", (int)scheme, text, (int)strcspn(rest, "?#"), rest);
}

/* StringToBool() of apt: 1, 0; -1: neither. */
static int apt_bool(const char *text)
{
	static const char *const words[][6] = { { "no", "false", "without", "off", "disable", "0" },
						{ "yes", "true", "with", "on", "enable", "1" } };
	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 6; i++)
			if (strcasecmp(words[value][i], text) == 0)
				return value;
	return -1;
}

/* What an option or field says of an entry. */
static void apt_option(struct conf *c, json_t *entry, const char *name, const char *value)
{
	static const struct {
		const char *name, *member;
	} known[] = {
		{ "trusted", "trusted" },     { "allow-insecure", "insecure" },
		{ "allow-weak", "insecure" }, { "allow-downgrade-to-insecure", "insecure" },
		{ "enabled", "enabled" },
	};
	if (strcasecmp(name, "signed-by") == 0)
		json_object_set_new(entry, "signed-by",
				    json_string(strstr(value, "BEGIN PGP") ? "embedded" : value));
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcasecmp(name, known[i].name) != 0)
			continue;
		int is_it = apt_bool(value);
		if (is_it < 0)
			conf_refuse(c, "\"%s\" is neither yes nor no", known[i].name);
		else if (is_it || streq(known[i].member, "enabled"))
			json_object_set_new(entry, known[i].member, json_boolean(is_it));
	}
}

static json_t *apt_entry(struct conf *c, const char *uri, const char *form)
{
	AUTO_FREE char *address = repo_address(uri);
	json_t *entry = conf_set(c, "repos", address);
	if (entry)
		json_object_update_new(entry,
				       json_pack("{ss sb sb sb sn}", "form", form, "enabled", true,
						 "trusted", false, "insecure", false, "signed-by"));
	return entry;
}

/* --- deb [options] uri suite component... -------------------------------------------------------
 */

static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char *end = word + strcspn(word, " \t");
	if (*word == '\0')
		return NULL;
	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static void take_options(struct conf *c, json_t *entry, char *options)
{
	char *word;
	while ((word = next_word(&options))) {
		char *value = strchr(word, '=');
		if (!value)
			continue;
		*value = '\0';
		/* name+=value, name-=value */
		if (value > word && strchr("+-", value[-1]))
			value[-1] = '\0';
		apt_option(c, entry, word, value + 1);
	}
}

static void list_line(struct conf *c, char *line)
{
	char *options = NULL, *type, *uri;
	line[strcspn(line, "#")] = '\0';
	type = next_word(&line);
	if (!type)
		return;
	line += strspn(line, " \t");
	if (*line == '[') {
		char *end = strchr(line, ']');
		options = line + 1;
		if (!end) {
			conf_refuse(c, "an option has no end");
			return;
		}
		*end = '\0';
		line = end + 1;
	}
	uri = next_word(&line);
	if (!uri || (!streq(type, "deb") && !streq(type, "deb-src"))) {
		conf_refuse(c, "is no line of sources.list(5)");
		return;
	}
	json_t *entry = apt_entry(c, uri, "list");
	if (options && entry)
		take_options(c, entry, options);
}

/* --- deb822 -------------------------------------------------------------------------------------
 */

/* The fields of a stanza, by their names in lower case. */
struct stanza {
	json_t *fields;
	char *name; /* of the field that may go on */
};

static const char *field(const struct stanza *s, const char *name)
{
	const char *value = json_string_value(json_object_get(s->fields, name));
	return value ? value : "";
}

static void end_stanza(struct conf *c)
{
	static const char *const options[] = { "trusted",    "allow-insecure",
					       "allow-weak", "allow-downgrade-to-insecure",
					       "signed-by",  "enabled" };
	struct stanza *s = conf_context(c);
	AUTO_FREE char *uris = xstrdup(field(s, "uris"));
	char *at = uris, *uri;
	if (json_object_size(s->fields) > 0 && !*field(s, "uris"))
		conf_refuse(c, "a stanza has no URIs");
	while ((uri = next_word(&at))) {
		json_t *entry = apt_entry(c, uri, "deb822");
		for (size_t i = 0; entry && i < ARRAY_SIZE(options); i++)
			if (*field(s, options[i]))
				apt_option(c, entry, options[i], field(s, options[i]));
	}
	json_object_clear(s->fields);
	free(s->name);
	s->name = NULL;
}

static void add_to_field(struct conf *c, struct stanza *s, const char *text)
{
	AUTO_FREE char *value = xasprintf("%s %.*s", field(s, s->name), VALUE_MAX, text);
	utf8_mend(value, strlen(value));
	if (strlen(value) < VALUE_MAX)
		json_object_set_new(s->fields, s->name, json_string(conf_cut_blanks(value)));
	else if (!streq(s->name, "signed-by"))
		conf_refuse(c, "a field is longer than %d bytes", VALUE_MAX);
}

static void deb822_line(struct conf *c, char *line)
{
	struct stanza *s = conf_context(c);
	bool goes_on = *line == ' ' || *line == '\t';
	char *text = conf_cut_blanks(line), *colon = strchr(text, ':');
	if (*text == '\0')
		end_stanza(c);
	if (*text == '\0' || *line == '#')
		return;
	if (goes_on && s->name) {
		add_to_field(c, s, text);
		return;
	}
	if (goes_on || !colon) {
		conf_refuse(c, "is no field");
		return;
	}
	*colon = '\0';
	free(s->name);
	s->name = xstrdup(text);
	for (char *p = s->name; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
	json_object_set_new(s->fields, s->name, json_string(""));
	add_to_field(c, s, conf_cut_blanks(colon + 1));
}

json_t *repos_apt(const struct conf_source *source, bool is_deb822)
{
	static const char *const first[] = { "/etc/apt/sources.list", NULL };
	static const char *const dirs[] = { "/etc/apt/sources.list.d", NULL };
	struct stanza state = { json_object(), NULL };
	const struct conf_spec spec = {
		.first = is_deb822 ? NULL : first,
		.dirs = dirs,
		.suffix = is_deb822 ? ".sources" : ".list",
		.comments = "#",
		.flags = CONF_NO_MASK | CONF_APT_NAMES | (is_deb822 ? CONF_RAW_LINES : 0),
		.merge = CONF_ALL,
		.line = is_deb822 ? deb822_line : list_line,
		.end = is_deb822 ? end_stanza : NULL,
		.context = &state,
	};
	json_t *conf = conf_read(&spec, source);
	json_decref(state.fields);
	free(state.name);
	return conf;
}

/* --- sections of .repo files ---------------------------------------------------------------------
 */

struct section {
	json_t *entry;
	const char *address; /* the setting that a line of an address alone goes on with */
};

/* Each of several, with blanks or commas between them, behind what there is. */
static void add_addresses(json_t *entry, const char *name, const char *value)
{
	static const char between[] = " ,\t";
	const char *before = json_string_value(json_object_get(entry, name));
	struct text all AUTO_TEXT = { 0 };
	text_add(&all, before ? before : "");
	for (const char *at = value; (at += strspn(at, between), *at); at += strcspn(at, between)) {
		AUTO_FREE char *one = xstrndup(at, strcspn(at, between));
		AUTO_FREE char *address = repo_address(one);
		text_printf(&all, "%s%s", text_str(&all)[0] ? " " : "", address);
	}
	json_object_set_new(entry, name, json_string(text_str(&all)));
}

static const char *address_setting(const char *name)
{
	static const char *const addresses[] = { "baseurl", "mirrorlist", "metalink" };
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		if (streq(name, addresses[i]))
			return addresses[i];
	return NULL;
}

static void rpm_section(struct conf *c, struct section *s, char *line)
{
	line[strcspn(line, "]")] = '\0';
	json_decref(s->entry);
	s->address = NULL;
	/* dnf.conf may hold repositories as well. */
	s->entry = streq(line, "[main") ? NULL : json_incref(conf_set(c, "repos", line + 1));
}

static void rpm_line(struct conf *c, char *line)
{
	static const char *const kept[] = { "enabled", "gpgcheck", "pkg_gpgcheck",
					    "repo_gpgcheck" };
	struct section *s = conf_context(c);
	char *equals = strchr(line, '='), *scheme = strstr(line, "://");
	if (*line == '[') {
		rpm_section(c, s, line);
		return;
	}
	if (scheme && s->entry && s->address && (!equals || scheme < equals))
		add_addresses(s->entry, s->address, line);
	if (!equals || !s->entry || (scheme && scheme < equals))
		return;
	*equals = '\0';
	const char *name = conf_cut_blanks(line), *value = conf_cut_blanks(equals + 1);
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (streq(name, kept[i]))
			json_object_set_new(s->entry, name, json_string(value));
	s->address = address_setting(name);
	if (s->address) {
		json_object_del(s->entry, s->address);
		add_addresses(s->entry, s->address, value);
	}
}

static void rpm_begin(struct conf *c)
{
	struct section *s = conf_context(c);
	json_decref(s->entry);
	*s = (struct section){ 0 };
}

json_t *repos_rpm(const struct conf_source *source, const char *const *main,
		  const char *const *dirs, unsigned flags)
{
	struct section state = { 0 };
	const struct conf_spec spec = {
		.first = main,
		.dirs = dirs,
		.suffix = ".repo",
		.comments = "#;",
		.flags = flags,
		.merge = CONF_ALL,
		.line = rpm_line,
		.begin = rpm_begin,
		.context = &state,
	};
	json_t *conf = conf_read(&spec, source);
	json_decref(state.entry);
	return conf;
}

/* --- apk ----------------------------------------------------------------------------------------
 */

/* "@name address", or the address alone. */
static void apk_line(struct conf *c, char *line)
{
	char *word = next_word(&line);
	if (word && *word == '@')
		word = next_word(&line);
	if (!word)
		return;
	AUTO_FREE char *address = repo_address(word);
	conf_set(c, "repos", address);
}

json_t *repos_apk(const struct conf_source *source)
{
	static const char *const first[] = { "/etc/apk/repositories", NULL };
	static const char *const dirs[] = { "/etc/apk/repositories.d", NULL };
	const struct conf_spec spec = {
		.first = first,
		.dirs = dirs,
		.suffix = ".list",
		.comments = "#",
		.merge = CONF_ALL,
		.line = apk_line,
	};
	return conf_read(&spec, source);
}
