/* SPDX-License-Identifier: Apache-2.0 */
/* grubdefault.c: /etc/default/grub, from which grub-mkconfig makes what is booted next. */
#include "bootreading.h"
#include "cmdline.h"
#include "confdir.h"
#include "text.h"

static void expand_known(const json_t *known, const char *value, struct text *t)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	for (; *value; value++) {
		bool has_brace = value[0] == '$' && value[1] == '{';
		size_t n = *value == '$' ? strspn(value + 1 + has_brace, letters) : 0;
		if (n == 0) {
			if (*value != '"' && *value != '\'')
				text_add_char(t, *value);
			continue;
		}
		AUTO_FREE char *name = xstrndup(value + 1 + has_brace, n);
		const char *before = json_string_value(json_object_get(known, name));
		text_add(t, before ? before : "");
		value += n + (has_brace ? 2 : 0);
	}
}

static void default_line(struct conf *c, char *line)
{
	struct text value AUTO_TEXT = { 0 };
	json_t *known = conf_context(c);
	char *equals = strchr(line, '=');
	if (!starts_with(line, "GRUB_CMDLINE_LINUX") || !equals)
		return;
	bool is_more = equals > line && equals[-1] == '+';
	equals[is_more ? -1 : 0] = '\0';
	const char *before = json_string_value(json_object_get(known, line));
	if (is_more && before)
		text_printf(&value, "%s", before);
	if (strchr(equals + 1, '`') || strstr(equals + 1, "$("))
		conf_refuse(c, "%s is what a command prints", line);
	expand_known(known, equals + 1, &value);
	json_object_set_new(known, line, json_string(text_str(&value)));
	conf_set(c, line, text_str(&value));
}

json_t *boot_configured(struct collector *c)
{
	static const char *const first[] = { "/etc/default/grub", NULL };
	static const char *const dirs[] = { "/etc/default/grub.d", NULL };
	json_t *known = json_object();
	const struct conf_spec spec = { .first = first,
					.dirs = dirs,
					.suffix = ".cfg",
					.comments = "#",
					.flags = CONF_CONTINUES | CONF_COMMENTS_END,
					.line = default_line,
					.context = known };
	struct conf_source source = collector_source(c);
	json_t *fact = conf_read(&spec, &source), *ret = json_null();
	json_t *settings = json_object_get(fact, "settings");
	const char *always = json_string_value(json_object_get(known, "GRUB_CMDLINE_LINUX"));
	const char *usual = json_string_value(json_object_get(known, "GRUB_CMDLINE_LINUX_DEFAULT"));
	AUTO_FREE char *all = xasprintf("%s %s", always ? always : "", usual ? usual : "");
	if (fact_is_unread(settings))
		ret = json_incref(settings);
	else if (json_array_size(json_object_get(fact, "files")) > 0)
		ret = cmdline_options(all);
	json_decref(fact);
	json_decref(known);
	return ret;
}
