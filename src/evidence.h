/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evidence.h: reports of vulnerability scanners, taken as evidence of an image: those of Trivy and
 * Grype in JSON, and CycloneDX in JSON.
 */
#ifndef SW_EVIDENCE_H
#define SW_EVIDENCE_H

#include <jansson.h>

#include "err.h"

enum { EVIDENCE_FILES_MAX = 500, EVIDENCE_BYTES_MAX = 16 << 20 };

/* What the parent opened; the reader, which can open nothing, reads it. */
struct evidence_file {
	char *name;
	int fd;    /* -1: error says why */
	int error; /* an errno */
};
struct evidence_files {
	struct evidence_file *files; /* by name */
	size_t n, n_left;            /* n_left: those beyond EVIDENCE_FILES_MAX */
};

/* Opens the *.json files of a folder. */
int evidence_open(const char *folder, struct evidence_files *ret, struct err *err);
void evidence_done(struct evidence_files *e);

/*
 * One report, understood:
 *   {"Scanner": "Trivy", "Created": text or null, "AgeDays": n or unread, "Scanned": bool,
 *    "Critical": n, "High": n, "Ids": {id: true}, "Digests": {digest: true},
 *    "DiffIds": [ids] or null}
 * or unread with the reason. Scanned is false for a list of components that names no
 * vulnerability: it may never have been compared with any. now: seconds since 1970.
 */
json_t *evidence_understand(const json_t *report, int64_t now);

/* By what the report is about this image: "image id", "digest", "layers"; NULL: it is about another
 * one. */
const char *evidence_binds(const json_t *understood, const char *id, const json_t *inspect);

#endif
