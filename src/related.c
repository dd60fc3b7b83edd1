/* SPDX-License-Identifier: Apache-2.0 */
/* related.c: finds the controls of other frameworks that have to do with a check. */
#include "related.h"

#include <string.h>

#include "util.h"

const struct framework frameworks[] = {
	{ "nist-800-53-r5", "NIST SP 800-53 r5", "^[A-Z]{2}-[1-9][0-9]?(\\([1-9][0-9]?\\))?$" },
	{ "nist-800-190", "NIST SP 800-190", "^4\\.[1-6]\\.[1-5]$" },
	{ "cis-controls-v8", "CIS Controls v8", "^(1[0-8]|[1-9])\\.(1[0-4]|[1-9])$" },
	{ "pci-dss-4.0", "PCI DSS 4.0", "^(1[0-2]|[1-9])(\\.[1-9][0-9]?){1,4}$" },
	{ "iso-27001-2022", "ISO/IEC 27001:2022", "^A\\.(5|6|7|8)\\.[1-9][0-9]?$" },
	{ "attack-containers", "ATT&CK for Containers", "^T1[0-9]{3}(\\.[0-9]{3})?$" },
	{ 0 },
};

static const struct framework *framework_of(const char *id, size_t len)
{
	for (const struct framework *f = frameworks; f->id; f++)
		if (strlen(f->id) == len && memcmp(f->id, id, len) == 0)
			return f;
	return NULL;
}

/* The ids after the second tab, a space between two. */
static bool read_controls(struct related *r, const char *at, const char *end)
{
	for (r->n = 0; at < end; r->n++) {
		size_t len = strcspn(at, " \n");
		if (len == 0 || len >= CONTROL_MAX || r->n == RELATED_MAX)
			return false;
		memcpy(r->controls[r->n], at, len);
		r->controls[r->n][len] = '\0';
		at += len + (at[len] == ' ');
	}
	return r->n > 0;
}

static bool read_line(struct related *r, const char *line, const char *end, const char *check)
{
	size_t len = strlen(check);
	if ((size_t)(end - line) <= len || memcmp(line, check, len) != 0 || line[len] != '\t')
		return false;
	const char *name = line + len + 1;
	const char *tab = memchr(name, '\t', (size_t)(end - name));
	r->framework = tab ? framework_of(name, (size_t)(tab - name)) : NULL;
	return r->framework && read_controls(r, tab + 1, end);
}

bool related_next(struct related *r, const char *check)
{
	const char *line = r->next ? r->next : related_text;
	const char *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		if (!read_line(r, line, end, check))
			continue;
		r->next = end + 1;
		return true;
	}
	r->next = line;
	return false;
}
