/* SPDX-License-Identifier: Apache-2.0 */
/* record.h: records, the lines of a snapshot. */
#ifndef SW_RECORD_H
#define SW_RECORD_H

#include <jansson.h>

#include "err.h"

#define SNAPSHOT_VERSION 1
enum { RECORD_MAX = 64 << 20 };

/*
 * One record: a header line {"kind":…,"id":…,"version":1,"bytes":N} and a body of exactly N bytes
 * plus newline. Kinds: "snapshot" (the first: tool, version, started), "host" and "engine" (id: the
 * section), "population" (id: kind of subject; body listed, delivered, gone, error), the subjects
 * "container", "image", "service" (networks and volumes are in sections of the engine), and "end"
 * (the last: finished).
 */
struct record {
	char kind[24];
	char id[160];
	json_t *body; /* owned */
};
void record_done(struct record *r);

int record_write(FILE *f, const char *kind, const char *id, const json_t *body);

/* Of the records that fd gives, which is borrowed; name is what errors call it. */
struct record_reader;
struct record_reader *record_reader_new(int fd, const char *name);
void record_reader_free(struct record_reader *r);
/* 1 a record, 0 the end of the file, or negative with err naming the byte offset. */
int record_read(struct record_reader *r, struct record *ret, struct err *err);

/*
 * May this record come after n others, of which the last was an "end" or was not? Two snapshots in
 * one file would be judged as one host that never was.
 */
int record_check_place(const struct record *r, size_t n, bool has_end, struct err *err);

/*
 * Text that jansson refuses is made acceptable first: \\u0000 and lone surrogates are overwritten
 * with \\ufffd in place; invalid UTF-8 bytes with '?'. Then parsed, rejecting duplicate keys. Depth
 * and size are bounded.
 */
json_t *json_parse_hostile(char *data, size_t n, struct err *err);

/*
 * A list, parsed element by element: each is handed over, then forgotten. A negative answer of
 * element() ends it. null is an empty list.
 */
int json_parse_elements(char *data, size_t n, int (*element)(json_t *value, void *context),
			void *context, struct err *err);

/* Bytes that are no valid UTF-8 become '?', in place. */
void utf8_mend(char *s, size_t n);

#endif
