/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.c: see accounts.h. */
#include "accounts.h"

#include "facts.h"

enum { FIELDS_MAX = 10, ID_MAX_TEXT = 10 };

struct fields {
	char *f[FIELDS_MAX];
	size_t n;
};

/* Of one line the members of its entry; NULL when the line cannot be understood. */
typedef json_t *line_fn(const struct fields *line);

/* --- passwords ------------------------------------------------------------------------------- */

static const struct {
	const char *prefix, *kind;
} schemes[] = {
	/* crypt(5) */
	{ "$y$", "yescrypt" }, { "$gy$", "gost-yescrypt" }, { "$7$", "scrypt" },
	{ "$2a$", "bcrypt" },  { "$2b$", "bcrypt" },        { "$2x$", "bcrypt" },
	{ "$2y$", "bcrypt" },  { "$6$", "sha512" },         { "$5$", "sha256" },
	{ "$sha1", "sha1" },   { "$md5", "sunmd5" },        { "$1$", "md5" },
	{ "$3$", "nt" },
};

static bool is_des_text(const char *s)
{
	static const char alphabet[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	return s[strspn(s, alphabet)] == '\0';
}

static const char *scheme_of(const char *hash)
{
	size_t n = strlen(hash);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (starts_with(hash, schemes[i].prefix))
			return schemes[i].kind;
	}
	if (n == 20 && *hash == '_' && is_des_text(hash + 1))
		return "bsdi";
	/* bigcrypt hashes each further eight characters to eleven more */
	if (n >= 13 && (n - 2) % 11 == 0 && is_des_text(hash))
		return "des";
	return *hash == '$' ? "unknown" : "none";
}

json_t *accounts_password(const char *field)
{
	static const char key[] = "$rounds=";
	const char *hash = field + strspn(field, "!");
	bool is_locked = hash != field || *field == '*';
	int64_t rounds;
	if (*field == '\0')
		return json_pack("{ss sb}", "kind", "empty", "locked", 0);
	if (streq(field, "x"))
		return json_pack("{ss sb}", "kind", "shadow", "locked", 0);
	const char *kind = scheme_of(hash);
	json_t *password =
		json_pack("{ss sb}", "kind", kind, "locked", is_locked || streq(kind, "none"));
	const char *told = strstr(hash, key);
	if (told) {
		told += strlen(key);
		AUTO_FREE char *number = xstrndup(told, strcspn(told, "$"));
		if (parse_int(number, &rounds))
			json_object_set_new(password, "rounds", json_integer(rounds));
	}
	return password;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Only digits: the C library takes more, but what it makes of it differs. */
static bool parse_id(const char *s, int64_t *ret)
{
	return *s && strlen(s) <= ID_MAX_TEXT && s[strspn(s, "0123456789")] == '\0' &&
	       parse_int(s, ret) && *ret <= UINT32_MAX;
}

static const char *field(const struct fields *line, size_t i)
{
	return i < line->n ? line->f[i] : "";
}

/* The C library is content with the first four fields: such a line is an account that works. */
static json_t *passwd_line(const struct fields *line)
{
	int64_t uid, gid;
	if (line->n < 4 || !parse_id(line->f[2], &uid) || !parse_id(line->f[3], &gid))
		return NULL;
	return json_pack("{ss sI sI ss ss so}", "name", line->f[0], "uid", (json_int_t)uid, "gid",
			 (json_int_t)gid, "home", field(line, 5), "shell", field(line, 6),
			 "password", accounts_password(line->f[1]));
}

static json_t *members_of(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	json_t *members = json_array();
	char *rest = copy, *member;
	while ((member = strsep(&rest, ","))) {
		member += strspn(member, " \t");
		if (*member)
			json_array_append_new(members, json_string(member));
	}
	return members;
}

static json_t *group_line(const struct fields *line)
{
	int64_t gid;
	if (line->n < 3 || !parse_id(line->f[2], &gid))
		return NULL;
	return json_pack("{ss sI so}", "name", line->f[0], "gid", (json_int_t)gid, "members",
			 members_of(field(line, 3)));
}

static json_t *gshadow_line(const struct fields *line)
{
	if (line->n < 4)
		return NULL;
	return json_pack("{ss so}", "name", line->f[0], "members", members_of(line->f[3]));
}

/* Days and counts; an empty field is absent. */
static json_t *shadow_line(const struct fields *line)
{
	static const char *const members[] = { "changed", "min",      "max",
					       "warn",    "inactive", "expires" };
	int64_t days;
	if (line->n < 5)
		return NULL;
	json_t *entry =
		json_pack("{ss so}", "name", line->f[0], "password", accounts_password(line->f[1]));
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		const char *text = field(line, i + 2);
		if (*text == '\0')
			continue;
		if (!parse_int(text, &days)) {
			json_decref(entry);
			return NULL;
		}
		json_object_set_new(entry, members[i], json_integer(days));
	}
	return entry;
}

static json_t *subid_line(const struct fields *line)
{
	int64_t first, count;
	if (line->n != 3 || !parse_id(line->f[1], &first) || !parse_id(line->f[2], &count))
		return NULL;
	return json_pack("{ss sI sI}", "name", line->f[0], "first", (json_int_t)first, "count",
			 (json_int_t)count);
}

static void split(char *line, struct fields *ret)
{
	ret->n = 0;
	while (line && ret->n < FIELDS_MAX)
		ret->f[ret->n++] = strsep(&line, ":");
}

static json_t *understand(char *text, line_fn *one)
{
	json_t *entries = json_array(), *malformed = json_array(), *compat = json_array();
	struct fields fields;
	json_int_t number = 0;
	char *line;
	while ((line = strsep(&text, "\n"))) {
		number++;
		line += strspn(line, " \t\r\f\v");
		if (*line == '\0' || *line == '#')
			continue;
		if (*line == '+' || *line == '-') {
			json_array_append_new(compat, json_integer(number));
			continue;
		}
		if (json_array_size(entries) + json_array_size(malformed) >= ACCOUNTS_MAX) {
			json_decref(entries);
			json_decref(malformed);
			json_decref(compat);
			return fact_unread("there are more than %d lines", ACCOUNTS_MAX);
		}
		split(line, &fields);
		json_t *entry = *fields.f[0] ? one(&fields) : NULL;
		if (entry) {
			json_object_set_new(entry, "line", json_integer(number));
			json_array_append_new(entries, entry);
		} else {
			json_array_append_new(malformed, json_integer(number));
		}
	}
	return json_pack("{so so so}", "entries", entries, "malformed", malformed, "compat",
			 compat);
}

json_t *accounts_passwd(char *text)
{
	return understand(text, passwd_line);
}

json_t *accounts_shadow(char *text)
{
	return understand(text, shadow_line);
}

json_t *accounts_group(char *text)
{
	return understand(text, group_line);
}

json_t *accounts_gshadow(char *text)
{
	return understand(text, gshadow_line);
}

json_t *accounts_subid(char *text)
{
	return understand(text, subid_line);
}

/* --- what is there twice --------------------------------------------------------------------- */

static char *value_text(const json_t *value)
{
	if (json_is_integer(value))
		return xasprintf("%lld", (long long)json_integer_value(value));
	return xstrdup(json_string_value(value) ? json_string_value(value) : "");
}

json_t *accounts_shared(const json_t *entries, const char *member)
{
	json_t *by_value = json_object(), *entry, *names;
	const char *value;
	void *next;
	size_t i;
	json_array_foreach(entries, i, entry)
	{
		AUTO_FREE char *key = value_text(json_object_get(entry, member));
		names = json_object_get(by_value, key);
		if (!names) {
			names = json_array();
			json_object_set_new(by_value, key, names);
		}
		json_array_append(names, json_object_get(entry, "name"));
	}
	json_object_foreach_safe(by_value, next, value, names)
	{
		if (json_array_size(names) < 2)
			json_object_del(by_value, value);
	}
	return by_value;
}
