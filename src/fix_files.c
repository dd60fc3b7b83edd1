/* SPDX-License-Identifier: Apache-2.0 */
/* fix_files.c: modes, owners and ACLs of files, from the evidence of a finding. */
#include "fix.h"

#include "text.h"

/* One file of a finding's evidence. */
struct place {
	const char *path;  /* "/etc/docker" */
	const char *facts; /* "files/~1etc~1docker" */
};

static bool is_step(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && strncmp(s, word, n) == 0;
}

/* Of "files/~1etc~1docker/mode", when the last step is word. */
static bool place_of(struct fixes *f, const char *pointer, const char *word, struct place *ret)
{
	const char *last = strrchr(pointer, '/'), *step = last;
	if (!last || !is_step(last + 1, strlen(last + 1), word))
		return false;
	while (step > pointer && step[-1] != '/')
		step--;
	ret->path = fix_step(f, step, (size_t)(last - step));
	ret->facts = arena_intern_n(f->arena, pointer, (size_t)(last - pointer));
	return *ret->path == '/';
}

/* Does the reason say that of this path, and not of one that ends like it? */
static bool reason_says(const struct fix_job *job, const char *before, const char *path,
			const char *after)
{
	AUTO_FREE char *text = xasprintf("%s%s%s", before, path, after);
	for (const char *s = job->finding->reason; (s = strstr(s, text)); s++)
		if (s == job->finding->reason || s[-1] == ' ')
			return true;
	return false;
}

/* The mode that the check wants, as its row says: "root, mode 0640 or less". */
static unsigned wanted_mode(const struct fix_job *job)
{
	const struct sw_check *row =
		registry_find(job->fixes->registry, job->result->rule->check->id);
	for (const char *s = row->wanted; (s = strchr(s, '0')); s++)
		if (strspn(s, "01234567") == 4)
			return (unsigned)strtoul(s, NULL, 8);
	return strstr(row->wanted, "not writable by") ? 0755 : 07777;
}

/* "u-x,g-wx,o-rwx": takes away, and so never gives more than there is. */
static const char *take_away(struct fixes *f, unsigned bits)
{
	static const char classes[] = "ugo", special[] = "sst";
	struct text t AUTO_TEXT = { 0 };
	for (unsigned i = 0; i < 3; i++) {
		unsigned of = bits >> (6 - 3 * i) & 7;
		bool is_special = bits & 04000 >> i;
		if (of == 0 && !is_special)
			continue;
		text_printf(&t, "%s%c-%s%s%s", t.len ? "," : "", classes[i], of & 4 ? "r" : "",
			    of & 2 ? "w" : "", of & 1 ? "x" : "");
		if (is_special)
			text_add_char(&t, special[i]);
	}
	return arena_intern(f->arena, text_str(&t));
}

static const char *mode_change(const struct fix_job *job, const struct place *p)
{
	if (!reason_says(job, "", p->path, " has mode ") &&
	    !reason_says(job, "", p->path, " can be changed by others"))
		return NULL;
	AUTO_FREE char *pointer = xasprintf("%s/mode", p->facts);
	const char *text = fix_text(job->fixes, fix_evidence(job, pointer));
	if (!text || strspn(text, "01234567") != strlen(text))
		return NULL;
	unsigned extra = (unsigned)strtoul(text, NULL, 8) & ~wanted_mode(job) & 07777;
	return extra ? take_away(job->fixes, extra) : NULL;
}

/* The owner that is wanted; of the API's socket with the group that the engine gives it. */
static const char *owner_change(const struct fix_job *job, const struct place *p)
{
	bool user = reason_says(job, "", p->path, " belongs to uid ");
	bool group = reason_says(job, "", p->path, " belongs to gid ");
	if (!user && !group)
		return NULL;
	if (job->row->owner && streq(job->row->owner, "root:socket-group")) {
		const char *name = fix_text(job->fixes, fix_evidence(job, "paths/socket-group"));
		AUTO_FREE char *as_path = xasprintf("/%s", name ? name : "docker");
		return sw_is_plain_path(as_path) && as_path[1]
			       ? arena_printf(job->fixes->arena, "root:%s", as_path + 1)
			       : NULL;
	}
	if (job->row->owner)
		return job->row->owner;
	return user && group ? "root:root" : user ? "root" : ":root";
}

static void mend_place(struct fix_job *job, const struct place *p)
{
	struct fix fix = { .path = p->path };
	fix.mode = mode_change(job, p);
	fix.owner = owner_change(job, p);
	fix.drops_acl = reason_says(job, "an ACL of ", p->path, " gives ");
	if (!fix.mode && !fix.owner && !fix.drops_acl)
		return;
	const char *fault = fix_path_fault(p->path);
	if (!fault && fix.owner && job->fixes->report->target.rootless == 1 &&
	    job->result->rule->check->kind == SW_ENGINE)
		fault = "the engine is rootless: whose it is to be is for a person to say";
	if (fault)
		job->why = arena_printf(job->fixes->arena, "%s: %s", p->path, fault);
	else
		fix_add(job, fix);
}

void fix_file_rights(struct fix_job *job)
{
	static const char *const words[] = { "mode", "uid" };
	const struct finding *f = job->finding;
	for (size_t i = 0; i < f->n_evidence; i++)
		for (size_t k = 0; k < ARRAY_SIZE(words); k++) {
			struct place p;
			/* Of a file with both it is the same change twice. */
			if (place_of(job->fixes, f->evidence[i].path, words[k], &p))
				mend_place(job, &p);
		}
}
