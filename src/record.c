/* SPDX-License-Identifier: Apache-2.0 */
/* record.c: writes and reads snapshots, and parses hostile JSON within a budget. */
#include "record.h"

#include <errno.h>

#include "json_memory.h"
#include "json_fast.h"

/* What jansson may take while one hostile text is parsed. */
enum { PARSE_BUDGET = 48 << 20 };

static unsigned hex4(const char *s)
{
	char digits[5] = { s[0], s[1], s[2], s[3], '\0' };
	char *end;
	unsigned long v = strtoul(digits, &end, 16);
	return end == digits + 4 ? (unsigned)v : 0x10000;
}

/* \u0000 and halves of surrogate pairs that stand alone become \ufffd. */
static void mend_escapes(char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (s[i] != '\\')
			continue;
		if (s[i + 1] != 'u' || i + 6 > n) {
			i++;
			continue;
		}
		unsigned v = hex4(s + i + 2);
		bool is_pair = v >= 0xd800 && v < 0xdc00 && i + 12 <= n && s[i + 6] == '\\' &&
			       s[i + 7] == 'u' && hex4(s + i + 8) >= 0xdc00 &&
			       hex4(s + i + 8) < 0xe000;
		if (is_pair)
			i += 11;
		else if (v == 0 || (v >= 0xd800 && v < 0xe000))
			/* Into the middle of a string.
			 * NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
			memcpy(s + i + 2, "fffd", 4);
	}
}

/* The length of the UTF-8 sequence at s, or 0 when it is not one. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char lead_first, lead_last, second_first, second_last;
		size_t length;
	} forms[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (s[0] < forms[i].lead_first || s[0] > forms[i].lead_last || n < forms[i].length)
			continue;
		if (s[1] < forms[i].second_first || s[1] > forms[i].second_last)
			return 0;
		for (size_t j = 2; j < forms[i].length; j++)
			if ((s[j] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

/* Nearly all of it is ASCII, which eight bytes show at once. */
static size_t skip_ascii(const char *s, size_t i, size_t n)
{
	const uint64_t tops = UINT64_C(0x8080808080808080);
	uint64_t eight;
	for (; n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if (eight & tops)
			break;
	}
	return i;
}

void utf8_mend(char *s, size_t n)
{
	for (size_t i = skip_ascii(s, 0, n); i < n; i = skip_ascii(s, i, n)) {
		size_t length = utf8_length((const unsigned char *)s + i, n - i);
		if (!length)
			s[i] = '?';
		i += length ? length : 1;
	}
}

static size_t skip_space(const char *data, size_t i, size_t n)
{
	while (i < n && strchr(" \t\r\n", data[i]) && data[i])
		i++;
	return i;
}

static json_t *parse_some(char *data, size_t n, size_t flags, json_error_t *e)
{
	json_budget(PARSE_BUDGET);
	/* What follows a value is looked at by jansson alone. */
	json_t *v = flags & JSON_DISABLE_EOF_CHECK ? NULL : json_parse_fast(data, n);
	if (!v) {
		json_budget(PARSE_BUDGET);
		v = json_loadb(data, n, flags, e);
	}
	json_budget(SIZE_MAX);
	if (json_budget_is_spent()) /* jansson does not always say so */
		snprintf(e->text, sizeof(e->text), "needs too much memory");
	return v;
}

static json_t *parse_mended(char *data, size_t n, size_t flags, json_error_t *e)
{
	json_t *v = parse_some(data, n, flags, e);
	if (v || json_budget_is_spent())
		return v;
	mend_escapes(data, n);
	utf8_mend(data, n);
	return parse_some(data, n, flags, e);
}

json_t *json_parse_hostile(char *data, size_t n, struct err *err)
{
	json_error_t e;
	json_t *v = parse_mended(data, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &e);
	if (!v)
		err_set(err, -EINVAL, "no usable JSON: %s (line %d, column %d)", e.text, e.line,
			e.column);
	return v;
}

/* Nothing but blanks may follow a list. */
static int end_list(const char *data, size_t i, size_t n, struct err *err)
{
	i = skip_space(data, i, n);
	return i == n ? 0
		      : err_set(err, -EINVAL,
				"no usable JSON: something follows the list (byte %zu)", i);
}

int json_parse_elements(char *data, size_t n, int (*element)(json_t *value, void *context),
			void *context, struct err *err)
{
	size_t i = skip_space(data, 0, n);
	if (i < n && data[i] == 'n' && n - i >= 4 && memcmp(data + i, "null", 4) == 0)
		return end_list(data, i + 4, n, err);
	if (i >= n || data[i] != '[')
		return err_set(err, -EINVAL, "no usable JSON: a list was expected");
	i = skip_space(data, i + 1, n);
	if (i < n && data[i] == ']')
		return end_list(data, i + 1, n, err);
	while (i < n) {
		json_error_t e;
		json_t *v = parse_mended(
			data + i, n - i,
			JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &e);
		if (!v)
			return err_set(err, -EINVAL, "no usable JSON: %s (byte %zu)", e.text,
				       i + (size_t)(e.position > 0 ? e.position : 0));
		int r = element(v, context);
		json_decref(v);
		if (r < 0)
			return r;
		i = skip_space(data, i + (size_t)e.position, n);
		if (i < n && data[i] == ']')
			return end_list(data, i + 1, n, err);
		if (i >= n || data[i] != ',')
			break;
		i = skip_space(data, i + 1, n);
	}
	return err_set(err, -EINVAL, "no usable JSON: the list is cut off at byte %zu", i);
}

void record_done(struct record *r)
{
	json_decref(r->body);
	*r = (struct record){ 0 };
}

int record_write(FILE *f, const char *kind, const char *id, const json_t *body)
{
	char *text = json_dumped(body, JSON_COMPACT | JSON_ENCODE_ANY);
	if (!text)
		return -EINVAL;
	size_t bytes = strlen(text);
	json_t *header = json_pack("{ss ss% si sI}", "kind", kind, "id", id, strlen(id), "version",
				   SNAPSHOT_VERSION, "bytes", (json_int_t)bytes);
	char *line = header ? json_dumped(header, JSON_COMPACT) : NULL;
	json_decref(header);
	int r = line ? 0 : -EINVAL;
	if (line && (fprintf(f, "%s\n", line) < 0 || fwrite(text, 1, bytes, f) != bytes ||
		     fputc('\n', f) == EOF))
		r = errno ? -errno : -EIO;
	free(line);
	free(text);
	return r;
}

struct record_reader {
	FILE *file;
	char *name;
	long long offset;
	char *line;
	size_t line_size;
};

struct record_reader *record_reader_new(int fd, const char *name)
{
	struct record_reader *r = xalloc(sizeof(*r));
	r->file = fdopen(fd, "r");
	r->name = xstrdup(name);
	return r;
}

void record_reader_free(struct record_reader *r)
{
	if (!r)
		return;
	if (r->file)
		fclose(r->file);
	free(r->line);
	free(r->name);
	free(r);
}

/* A header is short: more than this in one line is no snapshot. */
enum { HEADER_MAX = 1024 };

static int read_header(struct record_reader *r, size_t *ret_len, struct err *err)
{
	size_t n = 0;
	int c;
	if (!r->line)
		r->line = xalloc(HEADER_MAX + 1);
	while ((c = getc(r->file)) != EOF && c != '\n') {
		if (n == HEADER_MAX)
			return err_set(err, -EINVAL, "%s: byte %lld: no header of a record",
				       r->name, r->offset);
		r->line[n++] = (char)c;
	}
	if (c == EOF && ferror(r->file))
		return err_set(err, -errno, "%s: %s", r->name, strerror(errno));
	if (c == EOF && n == 0)
		return 0;
	*ret_len = n;
	return 1;
}

static int parse_header(struct record_reader *r, size_t n, struct record *ret, size_t *ret_bytes,
			struct err *err)
{
	const char *kind = NULL, *id = NULL;
	int version = 0;
	json_int_t bytes = 0;
	json_t *h = json_parse_hostile(r->line, n, NULL);
	int code = 0;
	if (!h || json_unpack(h, "{s:s, s:s, s:i, s:I}", "kind", &kind, "id", &id, "version",
			      &version, "bytes", &bytes) < 0)
		code = err_set(err, -EINVAL, "%s: byte %lld: no header of a record: %s", r->name,
			       r->offset,
			       r->offset == 0 && starts_with(r->line, "{")
				       ? "is it a report? render, diff and fix read these"
				       : "is it a snapshot?");
	else if (version != SNAPSHOT_VERSION)
		code = err_set(err, -EINVAL,
			       "%s: snapshot version %d; this seaworthy reads version %d: collect "
			       "it again with this one",
			       r->name, version, SNAPSHOT_VERSION);
	else if (strlen(kind) >= sizeof(ret->kind) || strlen(id) >= sizeof(ret->id))
		code = err_set(err, -EINVAL, "%s: byte %lld: name of the record is too long",
			       r->name, r->offset);
	else if (bytes < 0 || bytes > RECORD_MAX)
		code = err_set(err, -EINVAL,
			       "%s: byte %lld: a record of %lld bytes; at most %d are read",
			       r->name, r->offset, (long long)bytes, RECORD_MAX);
	if (code == 0) {
		snprintf(ret->kind, sizeof(ret->kind), "%s", kind);
		snprintf(ret->id, sizeof(ret->id), "%s", id);
		*ret_bytes = (size_t)bytes;
	}
	json_decref(h);
	return code;
}

/* Grows with what arrives, so that a header alone cannot make us take memory. */
static int read_body(struct record_reader *r, size_t bytes, char **ret)
{
	size_t size = bytes < 65536 ? bytes : 65536, got = 0;
	AUTO_FREE char *body = xalloc(size + 1);
	while (got < bytes) {
		if (got == size) {
			size = size * 2 < bytes ? size * 2 : bytes;
			body = xrealloc(body, size + 1);
		}
		size_t n = fread(body + got, 1, size - got, r->file);
		if (n == 0)
			return -EPIPE;
		got += n;
	}
	body[got] = '\0';
	*ret = TAKE(body);
	return getc(r->file) == '\n' ? 0 : -EPIPE;
}

int record_read(struct record_reader *r, struct record *ret, struct err *err)
{
	size_t n = 0, bytes = 0;
	AUTO_FREE char *body = NULL;
	struct record record = { .body = NULL };

	if (!r->file)
		return err_set(err, -EBADF, "%s: cannot be read", r->name);
	int code = read_header(r, &n, err);
	if (code <= 0)
		return code;
	code = parse_header(r, n, &record, &bytes, err);
	if (code < 0)
		return code;
	if (read_body(r, bytes, &body) < 0)
		return err_set(err, -EINVAL, "%s: cut off in record %s %s (byte %lld)", r->name,
			       record.kind, record.id, r->offset);
	record.body = json_parse_hostile(body, bytes, err);
	if (!record.body) {
		err_wrap(err, "%s: record %s %s (byte %lld)", r->name, record.kind, record.id,
			 r->offset);
		return -EINVAL;
	}
	r->offset += (long long)(n + bytes + 2);
	*ret = record;
	return 1;
}

int record_check_place(const struct record *r, size_t n, bool has_end, struct err *err)
{
	if (n == 0 && !streq(r->kind, "snapshot"))
		return err_set(err, -EINVAL, "its first record is '%s' and not 'snapshot'",
			       r->kind);
	if (n > 0 && streq(r->kind, "snapshot"))
		return err_set(err, -EINVAL, "record %zu: a second beginning", n + 1);
	if (has_end)
		return err_set(err, -EINVAL, "record %zu: comes after the end", n + 1);
	return 0;
}
