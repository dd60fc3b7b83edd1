/* SPDX-License-Identifier: Apache-2.0 */
/* collect_crypto.c: the system-wide policy of cryptography of RHEL and its family. */
#include "collector.h"
#include "confdir.h"

/* "hash = SHA2-256 SHA2-384" */
static json_t *read_policy(struct collector *c)
{
	static const char *const last[] = { "/etc/crypto-policies/state/CURRENT.pol", NULL };
	static const struct conf_spec spec = { .last = last,
					       .comments = "#",
					       .line = conf_line_equals };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

/* "Ciphers a,b", or within CRYPTO_POLICY='-oCiphers=a,b -oMACs=c' of RHEL 8. */
static void ssh_line(struct conf *c, char *line)
{
	static const char *const names[] = { "Ciphers", "MACs" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i]);
		for (char *s = line; (s = strcasestr(s, names[i])); s += n) {
			bool begins = s == line || (s - line >= 2 && strncmp(s - 2, "-o", 2) == 0);
			char *value = s + n + strspn(s + n, " \t=");
			if (!begins || value == s + n)
				continue;
			AUTO_FREE char *list = xstrndup(value, strcspn(value, " \t'\""));
			conf_set(c, names[i], list);
		}
	}
}

static json_t *read_ssh(struct collector *c, const char *name)
{
	AUTO_FREE char *path = xasprintf("/etc/crypto-policies/back-ends/%s.config", name);
	const char *const last[] = { path, NULL };
	const struct conf_spec spec = { .last = last, .comments = "#", .line = ssh_line };
	struct conf_source source = collector_source(c);
	return conf_read(&spec, &source);
}

static json_t *first_line(struct collector *c, const char *path)
{
	static const char blanks[] = " \t\r\n";
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(c, FETCH_BASE_ROOT, path, NULL, &why);
	if (!text)
		return *why ? fact_unread("%s: %s", path, why) : json_null();
	char *line, *rest = text;
	while ((line = strsep(&rest, "\n"))) {
		line += strspn(line, blanks);
		line[strcspn(line, blanks)] = '\0';
		if (*line && *line != '#') {
			json_t *word = json_string(line);
			return word ? word : fact_unread("%s: is no valid text", path);
		}
	}
	return json_null();
}

void collect_crypto_backends(struct collector *c)
{
	json_t *st = stat_path(c, FETCH_BASE_ROOT, "/etc/crypto-policies");
	json_t *exists = json_object_get(st, "exists");
	json_t *section = exists ? json_pack("{sO}", "exists", exists) : json_incref(st);
	if (json_is_true(exists)) {
		json_object_set_new(section, "config",
				    first_line(c, "/etc/crypto-policies/config"));
		json_object_set_new(section, "current",
				    first_line(c, "/etc/crypto-policies/state/current"));
		json_object_set_new(section, "policy", read_policy(c));
		json_object_set_new(section, "openssh", read_ssh(c, "openssh"));
		json_object_set_new(section, "opensshserver", read_ssh(c, "opensshserver"));
	}
	json_decref(st);
	collect_host_section(c, "crypto-backends", section);
}
