/* SPDX-License-Identifier: Apache-2.0 */
/* fix_lines.c: lines of configuration; most are in the remedy of the check's own row. */
#include "fix.h"

#include "text.h"

static const char sysctl_intro[] = "/etc/sysctl.d/60-hardening.conf: ";
static const char audit_intro[] = "In a file of /etc/audit/rules.d, then augenrules --load:\n";
static const char journald_intro[] =
	"In /etc/systemd/journald.conf.d/60-local.conf below [Journal]:\n";

/* What follows intro in the remedy of this program's row (not the report's), or NULL. */
static const char *own_remedy(const struct fix_job *job, const char *intro)
{
	const struct sw_check *row =
		registry_find(job->fixes->registry, job->result->rule->check->id);
	return starts_with(row->remedy, intro) ? row->remedy + strlen(intro) : NULL;
}

static void add_line(struct fix_job *job, const char *line)
{
	fix_add(job, (struct fix){ .line = arena_intern(job->fixes->arena, line) });
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* --- sysctl --------------------------------------------------------------------------------- */

/* "net.ipv4.tcp_syncookies = 1", and nothing else. */
static bool is_setting(const char *s)
{
	AUTO_FREE char *key_chars = xasprintf("%s0123456789._-", letters);
	size_t n = strspn(s, key_chars);
	const char *value = s + n + strlen(" = ");
	return n > 0 && starts_with(s + n, " = ") && *value &&
	       value[strspn(value, "0123456789")] == '\0';
}

void fix_sysctl_lines(struct fix_job *job)
{
	const char *remedy = own_remedy(job, sysctl_intro);
	const char *end = remedy ? strstr(remedy, ", then: sysctl -p") : NULL;
	if (!end)
		return;
	if (strstr(job->finding->reason, "the kernel has no ") ||
	    strstr(job->finding->reason, "the kernel's command line")) {
		job->why = "the kernel does not have it, or its command line decides";
		return;
	}
	AUTO_FREE char *list = xstrndup(remedy, (size_t)(end - remedy));
	for (char *rest = list, *line; (line = rest) != NULL;) {
		char *comma = strstr(line, ", ");
		rest = comma ? comma + 2 : NULL;
		if (comma)
			*comma = '\0';
		if (!is_setting(line)) {
			job->why = "what it shall be depends on what the host is for";
			return;
		}
		add_line(job, line);
	}
}

/* --- audit ---------------------------------------------------------------------------------- */

static const char switched_off[] = "audit is switched off";

/* Rules can only be told once they are looked at. */
static bool is_switched_on(struct fix_job *job)
{
	if (!starts_with(job->finding->reason, switched_off))
		return true;
	fix_add(job, (struct fix){ .line = "-e 1",
				   .note = "No rule is looked at while audit is off: audit again "
					   "after this for the rules that are missing" });
	return false;
}

/* The numbers of system calls that a rule names differ by machine, and some have none such. */
static bool fits_machine(const struct fix_job *job, const char *line)
{
	const char *arch = job->fixes->report->target.arch;
	return !strstr(line, "arch=") || (arch && streq(arch, "x86_64"));
}

static bool is_rule(const char *line)
{
	return starts_with(line, "-a ") || starts_with(line, "-w ");
}

void fix_audit_lines(struct fix_job *job)
{
	const char *remedy = own_remedy(job, audit_intro);
	if (!remedy || !is_switched_on(job))
		return;
	AUTO_FREE char *copy = xstrdup(remedy);
	char *rest = copy, *line;
	while ((line = strsep(&rest, "\n")))
		if (*line && (!is_rule(line) || !fits_machine(job, line))) {
			job->why = "which rules are right depends on the host";
			return;
		}
	free(copy);
	copy = xstrdup(remedy);
	rest = copy;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			add_line(job, line);
}

/* "-w /usr/bin/dockerd -p wa", when the reason asks for just that. */
static void watch(struct fix_job *job, const char *path)
{
	AUTO_FREE char *line = xasprintf("-w %s -p wa", path);
	AUTO_FREE char *wanted = xasprintf("wanted: %s", line);
	if (!strstr(job->finding->reason, wanted))
		return;
	if (!sw_is_plain_path(path)) {
		job->why = arena_printf(job->fixes->arena,
					"%s: a rule cannot be written for such a path", path);
		return;
	}
	AUTO_FREE char *keyed = xasprintf("%s -k docker", line);
	add_line(job, keyed);
}

void fix_audit_watch(struct fix_job *job)
{
	static const char exists[] = "/exists", files[] = "files/";
	const struct finding *f = job->finding;
	if (!is_switched_on(job))
		return;
	if (strstr(f->reason, "a rule before takes its events away") ||
	    strstr(f->reason, "a never rule comes first")) {
		job->why = "a rule that comes before takes the events away: it has to go first";
		return;
	}
	for (size_t i = 0; i < f->n_evidence; i++) {
		const char *pointer = f->evidence[i].path;
		if (!starts_with(pointer, files) || !ends_with(pointer, exists))
			continue;
		AUTO_FREE char *at = xstrndup(pointer, strlen(pointer) - strlen(exists));
		AUTO_FREE char *real = xasprintf("%s/path", at);
		const char *path = fix_text(job->fixes, fix_evidence(job, real));
		const char *step = at + strlen(files);
		watch(job, path ? path : fix_step(job->fixes, step, strlen(step)));
	}
}

/* --- systemd -------------------------------------------------------------------------------- */

void fix_journald_line(struct fix_job *job)
{
	const char *line = own_remedy(job, journald_intro);
	AUTO_FREE char *value_chars = xasprintf("%s0123456789", letters);
	size_t n = line ? strspn(line, letters) : 0;
	if (n > 0 && line[n] == '=' && line[n + 1] &&
	    line[n + 1 + strspn(line + n + 1, value_chars)] == '\0')
		add_line(job, line);
}

/* Whatever file sets it: systemd takes the variable away at last. */
void fix_unset_variable(struct fix_job *job)
{
	static const char environ[] = "process/Environ/";
	AUTO_FREE char *name_chars = xasprintf("%s0123456789_", letters);
	const struct finding *f = job->finding;
	if (job->fixes->report->target.rootless == 1) {
		job->why = "the unit of a rootless engine is its user's";
		return;
	}
	for (size_t i = 0; i < f->n_evidence; i++) {
		const char *name = f->evidence[i].path + strlen(environ);
		if (!starts_with(f->evidence[i].path, environ) || !*name ||
		    name[strspn(name, name_chars)] != '\0')
			continue;
		AUTO_FREE char *said = xasprintf("%s=", name);
		AUTO_FREE char *line = xasprintf("UnsetEnvironment=%s", name);
		if (strstr(f->reason, said))
			add_line(job, line);
	}
}

void fix_container_options(struct fix_job *job)
{
	fix_add(job, (struct fix){ 0 });
}
