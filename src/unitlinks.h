/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unitlinks.h: which units there are and which of them are started, from folders of unit files and
 * what the files say. Pure: reads nothing.
 */
#ifndef SW_UNITLINKS_H
#define SW_UNITLINKS_H

#include <jansson.h>

#include "util.h"

/* The folders of the system's manager, the strongest first; ends with NULL. */
extern const char *const unit_dirs[];

enum { UNITS_MAX = 20000 };

struct unit_links {
	json_t *files;       /* by name: {"path","link","vendor"} */
	json_t *pulls;       /* by who pulls in: {name: path of the link or of the file} */
	json_t *links;       /* by name: paths of the links that enable it, of the administrator */
	json_t *drop_ins;    /* by name: folders */
	json_t *reached;     /* by name: what starts it */
	json_t *other_names; /* of a unit: {alias: true} */
};

struct unit_links *unit_links_new(void);
/* Were there more than can be kept? */
bool unit_links_are_cut(const struct unit_links *u);
void unit_links_free(struct unit_links *u);

/* Is it a name that a unit may have? */
bool unit_is_name(const char *name);
/* An entry of a folder of unit files, from the strongest folder to the weakest; true: it is a
 * folder to list, whose entries go to unit_links_pulled(). */
bool unit_links_entry(struct unit_links *u, const char *dir, char type, const char *name);
void unit_links_pulled(struct unit_links *u, const char *dir, const char *folder, const char *name);
/* Where the link of that name leads: masked, to another name, or nowhere (NULL). */
void unit_links_resolved(struct unit_links *u, const char *name, const char *target, bool is_null);
/* What a unit's file or drop-in says, as unit_merge() gives it. */
void unit_links_says(struct unit_links *u, const char *name, const char *path,
		     const json_t *settings);
/* The name under which a unit is known, and its entry of files or NULL. */
const char *unit_links_canonical(const struct unit_links *u, const char *name);
/* Do presets, a list of {"value": pattern, "verb": verb} in order, enable the unit? The first that
 * matches counts; none is as good as yes. */
bool preset_enables(const json_t *rules, const char *name);
/* For a unit made of a template, the template's name (malloc'ed), else NULL. */
char *unit_template(const char *name);

#endif
