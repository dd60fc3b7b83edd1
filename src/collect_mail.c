/* SPDX-License-Identifier: Apache-2.0 */
/* collect_mail.c: where mail agents are configured to listen. */
#include "collect_software.h"
#include "confdir.h"

/* A line that begins with a blank continues the one before; comments may be between. */
static void postfix_line(struct conf *c, char *line)
{
	json_t **last = conf_context(c);
	bool is_more = *line == ' ' || *line == '\t';
	line = conf_cut_blanks(line);
	if (*line == '\0' || *line == '#')
		return;
	if (is_more && *last) {
		const char *value = json_string_value(json_object_get(*last, "value"));
		AUTO_FREE char *whole = xasprintf("%s %s", value ? value : "", line);
		json_object_set_new(*last, "value", json_string(whole));
		return;
	}
	char *equals = strchr(line, '=');
	*last = NULL;
	if (!equals)
		return;
	*equals = '\0';
	char *key = conf_cut_blanks(line);
	/* What else is there may hold passwords. */
	*last = streq(key, "inet_interfaces") || streq(key, "inet_protocols")
			? conf_set(c, key, conf_cut_blanks(equals + 1))
			: NULL;
}

static void exim_line(struct conf *c, char *line)
{
	char *equals = strchr(line, '=');
	if (!equals)
		return;
	*equals = '\0';
	char *value = conf_cut_blanks(equals + 1);
	value += strspn(value, "'\"");
	value[strcspn(value, "'\"")] = '\0';
	if (streq(conf_cut_blanks(line), "dc_local_interfaces"))
		conf_set(c, "dc_local_interfaces", value);
}

json_t *collect_mail(struct collector *c)
{
	static const char *const postfix[] = { "/etc/postfix/main.cf", NULL };
	static const char *const exim[] = { "/etc/exim4/update-exim4.conf.conf", NULL };
	json_t *last = NULL;
	const struct conf_spec specs[] = {
		{ .first = postfix,
		  .flags = CONF_RAW_LINES,
		  .line = postfix_line,
		  .context = &last },
		{ .first = exim, .comments = "#", .line = exim_line },
	};
	struct conf_source source = collector_source(c);
	return json_pack("{so so}", "postfix", conf_read(&specs[0], &source), "exim",
			 conf_read(&specs[1], &source));
}
