/* SPDX-License-Identifier: Apache-2.0 */
/* engine_wrong.c: see engine_wrong.h. */
#include "engine_wrong.h"

enum { HUGE = 5 << 20 };

static bool say(int fd, const char *text)
{
	return write_full(fd, text, strlen(text)) == 0;
}

char *text_of(json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT);
	json_decref(v);
	return text;
}

static void say_head(int fd, const char *status, long long length)
{
	dprintf(fd,
		"HTTP/1.1 %s\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 "
		"(linux)\r\n"
		"Content-Type: application/json\r\nContent-Length: %lld\r\n\r\n",
		status, length);
}

bool answer_whole(int fd, const char *status, const char *body)
{
	say_head(fd, status, (long long)strlen(body));
	return say(fd, body);
}

/* A NUL byte after the first one. */
static bool nul_byte(int fd, const char *body)
{
	const char begin[] = { body[0], '\0' };
	say_head(fd, "200 OK", (long long)strlen(body) + 1);
	return write(fd, begin, sizeof(begin)) == (ssize_t)sizeof(begin) && say(fd, body + 1);
}

static bool stall(int fd, const char *body)
{
	(void)fd, (void)body;
	pause();
	return false;
}

static bool stall_in_body(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) + 1);
	say(fd, body);
	pause();
	return false;
}

static bool close_at_once(int fd, const char *body)
{
	(void)fd, (void)body;
	return false;
}

static bool error_500(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "500 Internal Server Error", "{\"message\":\"out of order\"}");
}

bool error_404(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "404 Not Found", "{\"message\":\"no such thing\"}");
}

static bool html(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "200 OK", "<html><body>Welcome to the proxy</body></html>");
}

static bool no_http(int fd, const char *body)
{
	(void)body;
	say(fd, "220 mail.example ESMTP\r\n");
	return false;
}

static bool promise_more(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) + 100);
	say(fd, body);
	return false;
}

/* The length cuts a valid list or object off in its middle. */
static bool promise_less(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body) / 2);
	say(fd, body);
	return false;
}

static bool cut_chunk(int fd, const char *body)
{
	dprintf(fd,
		"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nTransfer-Encoding: "
		"chunked\r\n\r\n%zx\r\n%s\r\nff\r\n{",
		strlen(body), body);
	return false;
}

/* Valid all over, but for its size. */
static bool huge(int fd, const char *body)
{
	size_t n = strlen(body);
	char blank[4096];
	memset(blank, ' ', sizeof(blank));
	say_head(fd, "200 OK", HUGE + (long long)n);
	for (size_t sent = 0; sent < HUGE; sent += sizeof(blank))
		if (write_full(fd, blank, sizeof(blank)) < 0)
			return false;
	return say(fd, body);
}

static bool redirect(int fd, const char *body)
{
	(void)body;
	return say(fd, "HTTP/1.1 301 Moved Permanently\r\nApi-Version: 1.41\r\nLocation: "
		       "/info\r\nContent-Length: 2\r\n\r\n{}");
}

/* An answer, but not of this kind of server. */
static bool nameless(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
	return true;
}

static bool bad_version(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nApi-Version: ../../x\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(body), body);
	return true;
}

static bool deep(int fd, const char *body)
{
	enum { DEPTH = 1 << 20 };
	AUTO_FREE char *nest = xalloc(DEPTH + 1);
	(void)body;
	memset(nest, '[', DEPTH);
	return answer_whole(fd, "200 OK", nest);
}

/* Every value of the object is of another type than it should be. */
static bool wrong_types(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value;
	const char *name;
	void *next;
	json_object_foreach_safe(v, next, name, value) json_object_set_new(
		v, name, json_is_string(value) ? json_integer(7) : json_string("seven"));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* One level below: HostConfig, State and so on are objects with members of other types. */
static bool wrong_members(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value, *inner;
	const char *name, *member;
	void *next;
	json_object_foreach(v, name, value)
	{
		json_object_foreach_safe(value, next, member, inner)
			json_object_set_new(value, member, json_real(0.5));
		if (json_is_array(value))
			json_array_append_new(value, json_real(0.5));
	}
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* Each list becomes an object, and each object below the first a list. */
static json_t *other_shape(json_t *v)
{
	json_t *made = json_is_object(v) ? json_array() : json_object(), *inner;
	const char *name;
	size_t i;
	json_object_foreach(v, name, inner) json_array_append(made, inner);
	json_array_foreach(v, i, inner)
	{
		AUTO_FREE char *key = xasprintf("%zu", i);
		json_object_set(made, key, inner);
	}
	return made;
}

static bool other_shapes(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value;
	const char *name;
	json_object_foreach(v, name, value) if (json_is_array(value) || json_is_object(value))
		json_object_set_new(v, name, other_shape(value));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

static bool other_member_shapes(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *value, *inner;
	const char *name, *member;
	json_object_foreach(v, name, value) json_object_foreach(
		value, member, inner) if (json_is_array(inner) || json_is_object(inner))
		json_object_set_new(value, member, other_shape(inner));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* As another reply than that asked for: of another container, of one without an id, renamed. */
static bool with_text(int fd, const char *body, const char *member, const char *text)
{
	json_t *v = json_loads(body, 0, NULL);
	json_object_set_new(v, member, text ? json_string(text) : json_integer(7));
	AUTO_FREE char *changed = text_of(v);
	return answer_whole(fd, "200 OK", changed);
}

static bool other_id(int fd, const char *body)
{
	return with_text(fd, body, "Id", strstr(body, WEB) ? DB : WEB);
}

static bool number_as_id(int fd, const char *body)
{
	return with_text(fd, body, "Id", NULL);
}

static bool renamed(int fd, const char *body)
{
	return with_text(fd, body, "Name", "/renamed");
}

/* All that every engine says is missing. */
static bool bare(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL), *id = json_object_get(v, "Id");
	AUTO_FREE char *text = text_of(json_pack("{sO}", "Id", id));
	json_decref(v);
	return answer_whole(fd, "200 OK", text);
}

/* A reply is one value and nothing else. */
static bool trailing(int fd, const char *body)
{
	AUTO_FREE char *text = xasprintf("%s{}", body);
	return answer_whole(fd, "200 OK", text);
}

static bool byte_order_mark(int fd, const char *body)
{
	AUTO_FREE char *text = xasprintf("\xef\xbb\xbf%s", body);
	return answer_whole(fd, "200 OK", text);
}

/* Without a length the end of the connection is the end: here in the middle. */
static bool close_in_body(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.0 200 OK\r\nApi-Version: 1.41\r\n\r\n%.*s", (int)strlen(body) / 2,
		body);
	return false;
}

static bool two_lengths(int fd, const char *body)
{
	size_t n = strlen(body);
	dprintf(fd,
		"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: %zu\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		n / 2, n, body);
	return false;
}

static bool negative_length(int fd, const char *body)
{
	dprintf(fd, "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: -1\r\n\r\n%.*s",
		(int)strlen(body) / 2, body);
	return false;
}

static bool too_new(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "400 Bad Request",
			    "{\"message\":\"client version 1.41 is too new. Maximum supported API "
			    "version is 1.24\"}");
}

static bool forbidden(int fd, const char *body)
{
	(void)body;
	return answer_whole(fd, "403 Forbidden",
			    "{\"message\":\"authorization denied by plugin\"}");
}

/* Members that no engine has, among them some that we would make ourselves. */
static bool unknown_fields(int fd, const char *body)
{
	json_t *v = json_loads(body, 0, NULL);
	json_object_update_new(v, json_pack("{s{s{ss si}} s[] s{} s[sn] s{ss}}", "Kernel", "Status",
					    "CapEff", "0", "Seccomp", 2, "Execs", "Sources",
					    "Tomorrow", "x", "Zz", "a", "b"));
	AUTO_FREE char *text = text_of(v);
	return answer_whole(fd, "200 OK", text);
}

/* Text that is JSON but for what replaces the first opening brace's inside. */
static bool with_member(int fd, const char *body, const char *member, size_t n)
{
	const char *brace = strchr(body, '{');
	size_t before = brace ? (size_t)(brace - body) + 1 : 0;
	say_head(fd, "200 OK", (long long)(strlen(body) + n));
	return write_full(fd, body, before) == 0 && write_full(fd, member, n) == 0 &&
	       say(fd, body + before);
}

/* Characters that no text may hold, and numbers that no integer can. */
static const struct {
	const char *name, *member;
	size_t n;
} members[] = {
#define MEMBER(name, text)                                                                         \
	{                                                                                          \
		name, text ",", sizeof(text)                                                       \
	}
	MEMBER("nul", "\"Zz\":\"a\\u0000b\""),
	MEMBER("rawnul", "\"Zz\":\"a\0b\""),
	MEMBER("nulname", "\"Privileged\\u0000\":true"),
	MEMBER("surrogate", "\"Zz\":\"\\ud800\""),
	MEMBER("badutf8", "\"Zz\":\"\xff\xfe\xc0\x80\""),
	MEMBER("bignumber", "\"Zz\":123456789012345678901234567890"),
	MEMBER("bigexponent", "\"Zz\":1e999"),
	MEMBER("comment", "/* \"Zz\": */\"Zz\":1"),
	MEMBER("nan", "\"Zz\":NaN"),
	MEMBER("badname", "\"\xff\":1"),
};

static bool odd_member(int fd, const char *body, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (streq(members[i].name, name))
			return with_member(fd, body, members[i].member, members[i].n);
	return answer_whole(fd, "200 OK", body);
}

/* Nobody asked for it, and unpacked it is a thousand times as long. */
static bool compressed(int fd, const char *body)
{
	static const char gzip[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\x33\x04\0\xb7\xef\xdc\x83\x01\0\0";
	(void)body;
	dprintf(fd,
		"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Encoding: gzip\r\n"
		"Content-Length: %zu\r\n\r\n",
		sizeof(gzip));
	return write_full(fd, gzip, sizeof(gzip)) == 0;
}

/* Within the limit of a reply, and many times that once it is understood. */
static bool zeros(int fd, const char *body)
{
	enum { N = 4000000 };
	AUTO_FREE char *text = xalloc(N + 1);
	(void)body;
	for (size_t i = 0; i < N; i++)
		text[i] = i % 2 ? ',' : '0';
	text[0] = '[';
	text[N - 1] = ']';
	return answer_whole(fd, "200 OK", text);
}

/* A byte a second, of a reply and of its head. */
static bool trickle(int fd, const char *body)
{
	say_head(fd, "200 OK", (long long)strlen(body));
	for (; *body; body++) {
		if (write_full(fd, body, 1) < 0)
			return false;
		sleep(1);
	}
	return true;
}

static bool trickle_head(int fd, const char *body)
{
	(void)body;
	for (const char *c = "HTTP/1.1 200 OK\r\n"; *c && write_full(fd, c, 1) == 0; c++)
		sleep(1);
	return false;
}

static bool endless_head(int fd, const char *body)
{
	(void)body;
	say(fd, "HTTP/1.1 200 OK\r\n");
	while (say(fd, "X-More: and more, and more, and more, and more, and more, and more\r\n")) {
	}
	return false;
}

static bool endless_continue(int fd, const char *body)
{
	(void)body;
	while (say(fd, "HTTP/1.1 100 Continue\r\n\r\n")) {
	}
	return false;
}

static bool endless_body(int fd, const char *body)
{
	char blank[4096];
	(void)body;
	memset(blank, ' ', sizeof(blank));
	say_head(fd, "200 OK", 1LL << 30);
	while (write_full(fd, blank, sizeof(blank)) == 0) {
	}
	return false;
}

static bool odd_status(int fd, const char *body)
{
	return answer_whole(fd, "999 Whatever", body);
}

static bool no_content(int fd, const char *body)
{
	(void)body;
	return say(fd, "HTTP/1.1 204 No Content\r\nApi-Version: 1.41\r\n\r\n");
}

/* What one "FAULT" is. Those with a body answer that instead of theirs, whole. */
static const struct fault_row {
	const char *name;
	bool (*answer)(int fd, const char *body);
	const char *body;
} faults[] = {
	{ "stall", stall, NULL },
	{ "stallbody", stall_in_body, NULL },
	{ "close", close_at_once, NULL },
	{ "500", error_500, NULL },
	{ "404", error_404, NULL },
	{ "html", html, NULL },
	{ "nohttp", no_http, NULL },
	{ "longer", promise_more, NULL },
	{ "shorter", promise_less, NULL },
	{ "chunk", cut_chunk, NULL },
	{ "huge", huge, NULL },
	{ "redirect", redirect, NULL },
	{ "nameless", nameless, NULL },
	{ "badversion", bad_version, NULL },
	{ "deep", deep, NULL },
	{ "types", wrong_types, NULL },
	{ "members", wrong_members, NULL },
	{ "bare", bare, NULL },
	{ "trailing", trailing, NULL },
	{ "bom", byte_order_mark, NULL },
	{ "closebody", close_in_body, NULL },
	{ "twolengths", two_lengths, NULL },
	{ "minuslength", negative_length, NULL },
	{ "toonew", too_new, NULL },
	{ "403", forbidden, NULL },
	{ "otherid", other_id, NULL },
	{ "numberid", number_as_id, NULL },
	{ "renamed", renamed, NULL },
	{ "shapes", other_shapes, NULL },
	{ "membershapes", other_member_shapes, NULL },
	{ "unknown", unknown_fields, NULL },
	{ "gzip", compressed, NULL },
	{ "zeros", zeros, NULL },
	{ "nulbyte", nul_byte, NULL },
	{ "trickle", trickle, NULL },
	{ "tricklehead", trickle_head, NULL },
	{ "endlesshead", endless_head, NULL },
	{ "endless100", endless_continue, NULL },
	{ "endlessbody", endless_body, NULL },
	{ "999", odd_status, NULL },
	{ "204", no_content, NULL },
	{ "empty", NULL, "" },
	{ "null", NULL, "null" },
	{ "object", NULL, "{}" },
	{ "list", NULL, "[]" },
	{ "text", NULL, "\"seven\"" },
	{ "two", NULL, "[{\"Id\":\"sha256:" WEB "\"},{\"Id\":\"sha256:" DB "\"}]" },
	{ "twice", NULL, "{\"HostConfig\":{},\"HostConfig\":{\"Privileged\":true}}" },
	{ "unread", NULL, "{\"$unread\":\"says who\"}" },
	{ "nonames", NULL, "[{\"Name\":7,\"Id\":7}]" },
	{ "cut", NULL, "[{\"Id\":\"" WEB "\"},{\"Id\":\"" },
	{ "badids", NULL,
	  "[{\"Id\":\"" WEB "\"},{\"Id\":\"../../../etc/passwd\"},{\"Id\":7},{},7]" },
	{ "oddid", NULL,
	  "[{\"Id\":\"zzzzzzzzzzzzzzzz/../../zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"}]" },
	{ "same", NULL, "[{\"Id\":\"" WEB "\"},{\"Id\":\"" WEB "\"}]" },
	{ "shortid", NULL, "[{\"Id\":\"" WEB "\"},{\"Id\":\"bbbbbbbbbbbb\"}]" },
	{ "one", NULL, "[{\"Id\":\"" WEB "\"}]" },
};

bool go_wrong(int fd, const char *name, const char *body)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (streq(faults[i].name, name))
			return faults[i].answer ? faults[i].answer(fd, body)
						: answer_whole(fd, "200 OK", faults[i].body);
	return odd_member(fd, body, name);
}
