/* SPDX-License-Identifier: Apache-2.0 */
/* image_history.c: how an image was built, as its history tells. */
#include "image.h"
#include "tables.h"

#include <string.h>

/* --- package managers ------------------------------------------------------------------------ */

enum verb { VERB_NONE, VERB_UPDATE, VERB_INSTALL };

struct manager {
	const char *tool;
	const char *update, *install; /* words between blanks */
};

#define RPM_UPDATE " makecache check-update "
#define RPM_INSTALL                                                                                \
	" install localinstall groupinstall reinstall upgrade update distro-sync swap builddep "

static const struct manager managers[] = {
	{ "apt-get", " update ",
	  " install upgrade dist-upgrade full-upgrade reinstall build-dep satisfy " },
	{ "apt", " update ", " install upgrade full-upgrade reinstall build-dep satisfy " },
	{ "aptitude", " update ", " install full-upgrade safe-upgrade reinstall build-dep " },
	{ "apk", " update ", " add upgrade fix " },
	{ "yum", RPM_UPDATE, RPM_INSTALL },
	{ "dnf", RPM_UPDATE, RPM_INSTALL },
	{ "dnf5", RPM_UPDATE, RPM_INSTALL },
	{ "microdnf", RPM_UPDATE, RPM_INSTALL },
	{ "tdnf", RPM_UPDATE, RPM_INSTALL },
	{ "zypper", " refresh ref ", " install in update up dist-upgrade dup patch " },
	{ "pacman", " -Sy -Syy ", " -S -Su -Syu -Syyu -U " },
	{ "opkg", " update ", " install upgrade " },
	{ "emerge", " --sync ", "" },
};

static const struct manager *manager_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(managers); i++)
		if (strcmp(managers[i].tool, name) == 0)
			return &managers[i];
	return NULL;
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; n > 0 && (at = strstr(at, word)); at++)
		if (at > list && at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

static enum verb verb_of(const struct manager *m, const char *word)
{
	return has_word(m->update, word)    ? VERB_UPDATE
	       : has_word(m->install, word) ? VERB_INSTALL
					    : VERB_NONE;
}

struct run {
	bool updates, installs;
	const char *how; /* the first that updates: "apt-get update" */
};

/* Only prints its arguments. */
static bool is_printer(const struct words *w)
{
	static const char *const printers[] = { "echo", "printf", NULL };

	return w->is_command && is_one_of(printers, words_name(w));
}

static void take_verb(struct sw_eval *e, struct run *found, const struct manager *m,
		      const char *word)
{
	enum verb verb = verb_of(m, word);

	if (verb == VERB_UPDATE && !found->updates)
		found->how = sw_at(e, "%s %s", m->tool, word);
	found->updates |= verb == VERB_UPDATE;
	found->installs |= verb == VERB_INSTALL;
	/* pacman -Sy NAME updates and installs. */
	found->installs |= verb == VERB_NONE && found->updates && *word != '-' &&
			   strcmp(m->tool, "pacman") == 0;
}

/*
 * The first verb after a package manager's name decides; options before it are passed over. The
 * name may be anywhere in a command, for it may be run by another program.
 */
static struct run look_at_run(struct sw_eval *e, const char *text)
{
	struct words w = { .at = text };
	struct run found = { false, false, "" };
	const struct manager *manager = NULL;
	bool prints = false;

	for (enum separator sep; (sep = words_next(&w)) != END_OF_COMMANDS;) {
		if (sep != SAME_COMMAND) {
			manager = NULL;
			prints = false;
		}
		prints |= is_printer(&w);
		if (prints)
			continue;
		if (!manager) {
			manager = manager_of(words_name(&w));
			continue;
		}
		take_verb(e, &found, manager, w.word);
		if (verb_of(manager, w.word) != VERB_NONE && strcmp(manager->tool, "pacman") != 0)
			manager = NULL;
	}
	return found;
}

/* A layer of which nothing is told is none of which something good is known. */
static void judge_empty(struct sw_eval *e, const struct history *h, size_t i)
{
	if (i != h->oldest && history_owner(h, i) != BASE)
		sw_unknown(e, "how one of its layers was made is not told");
}

static enum sw_verdict no_lone_update(struct sw_eval *e)
{
	struct history h;

	if (!image_is_meant(e, IMAGE_IN_USE_OR_TAGGED) || !history_read(e, &h))
		return sw_said(e);
	for (size_t i = 0; i < h.n; i++) {
		struct line line = history_line(e, i);

		if (line.what == LINE_EMPTY)
			judge_empty(e, &h, i);
		if (line.what != LINE_RUN)
			continue;
		struct run run = look_at_run(e, line.text);
		if (run.updates && !run.installs)
			history_say(e, &h, i,
				    sw_at(e, "'%s' is a layer without an install", run.how));
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "no lone update%s", history_note(e, &h));
}

/* --- ADD ------------------------------------------------------------------------------------- */

static const char *shown(struct sw_eval *e, const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == ' ')
		n--;
	return sw_at(e, "%.*s%s", (int)(n < 80 ? n : 80), text, n > 80 ? "…" : "");
}

static enum sw_verdict copies_not_adds(struct sw_eval *e)
{
	struct history h;

	if (!image_is_meant(e, IMAGE_IN_USE_OR_TAGGED) || !history_read(e, &h))
		return sw_said(e);
	for (size_t i = 0; i < h.n; i++) {
		struct line line = history_line(e, i);

		if (line.what == LINE_EMPTY)
			judge_empty(e, &h, i);
		/* The root file system of an image from scratch can come in no other way. */
		if (line.what != LINE_ADD || i == h.oldest)
			continue;
		const char *what = shown(e, line.text);
		if (!sw_param_lists(e, "allowed_add", what))
			history_say(e, &h, i, sw_at(e, "ADD %s", what));
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	return sw_pass(e, "no ADD above its lowest layer%s", history_note(e, &h));
}

/* --- packages nobody verified ---------------------------------------------------------------- */

/* Words, or beginnings of words, that switch a check of signatures or certificates off. */
static const char *const careless[] = {
	"--allow-unauthenticated",
	"--allow-insecure-repositories",
	"--force-yes",
	"--allow-untrusted",
	"--nogpgcheck",
	"--no-gpg-check",
	"--nosignature",
	"--nodigest",
	"gpgcheck=0",
	"gpgcheck=no",
	"--setopt=gpgcheck=0",
	"--setopt=*.gpgcheck=0",
	"repo_gpgcheck=0",
	"trusted=yes",
	"[trusted=yes",
	"--trusted-host",
	"--no-check-certificate",
	"APT::Get::AllowUnauthenticated=true",
	"APT::Get::AllowUnauthenticated=1",
	"Acquire::AllowInsecureRepositories=true",
	"Acquire::Check-Valid-Until=false",
	"--force-bad-verify",
	"--no-check-gpg",
	"SigLevel=Never",
	"--allow-downgrade-to-insecure-repositories",
	"strict-ssl=false",
};

static bool is_careless(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(careless); i++)
		if (begins_with(word, careless[i]))
			return true;
	return false;
}

/* How the command at hand is fed, and what it is. */
struct command {
	bool is_piped;      /* a download is piped into it */
	bool is_substitute; /* its output is a shell's script or argument */
	bool downloads, interprets;
};

static void begin_command(struct command *c, enum separator sep)
{
	*c = (struct command){
		.is_piped = sep == PIPE && (c->downloads || c->is_piped),
		.is_substitute = sep == SUBSTITUTION && c->interprets,
	};
}

static void take_command_word(struct command *c, const struct words *w)
{
	static const char *const downloaders[] = { "curl", "wget", "fetch", "aria2c", NULL };

	if (w->is_command) {
		c->downloads = is_one_of(downloaders, words_name(w));
		c->interprets = is_interpreter(words_name(w));
	} else if (*w->word != '-' && *w->word != '\0') {
		c->interprets = false;
	}
}

/* What in the commands was not verified, or NULL. */
static const char *find_unverified(struct sw_eval *e, const char *text)
{
	struct words w = { .at = text };
	struct command c = { .is_piped = false };

	for (enum separator sep; (sep = words_next(&w)) != END_OF_COMMANDS;) {
		if (sep != SAME_COMMAND)
			begin_command(&c, sep);
		if (is_careless(w.word))
			return sw_at(e, "%s", w.word);
		take_command_word(&c, &w);
		if (w.is_command && c.is_piped && c.interprets)
			return sw_at(e, "a download piped into %s", words_name(&w));
		if (w.is_command && c.is_substitute && c.downloads)
			return sw_at(e, "%s, run as it comes", words_name(&w));
	}
	return NULL;
}

static enum sw_verdict installs_are_verified(struct sw_eval *e)
{
	struct history h;

	if (!image_is_meant(e, IMAGE_IN_USE_OR_TAGGED) || !history_read(e, &h))
		return sw_said(e);
	for (size_t i = 0; i < h.n; i++) {
		struct line line = history_line(e, i);
		const char *what = line.what == LINE_RUN ? find_unverified(e, line.text) : NULL;

		if (line.what == LINE_EMPTY)
			judge_empty(e, &h, i);
		if (what)
			history_say(e, &h, i, sw_at(e, "installs unverified: %s", what));
	}
	if (sw_said(e) != SW_PASS)
		return sw_said(e);
	if (sw_param_bool(e, "markers_are_enough"))
		return sw_pass(e, "nothing in its history switches verification off%s",
			       history_note(e, &h));
	return sw_warn(
		e,
		"nothing in its history switches verification off, which proves nothing of what it "
		"downloads: look at its Dockerfile");
}

static const struct sw_param add_params[] = {
	{ "allowed_add", SW_LIST, NULL,
	  "patterns of what may be added, as the history shows it: 'rootfs.tar.xz /'" },
	{ 0 },
};
static const struct sw_param verified_params[] = {
	{ "markers_are_enough", SW_BOOL, "false",
	  "pass when nothing in the history switches verification off" },
	{ 0 },
};

const struct sw_check sw_image_history_checks[] = {
	{
		.id = "image.update-instruction",
		.kind = SW_IMAGE,
		.severity = SW_LOW,
		.title = "The list of packages is not updated in a layer of its own",
		.why = "Such a layer is taken from the build cache from then on, and what later "
		       "layers "
		       "install is as old as it is.",
		.wanted = "update and install in one RUN",
		.remedy = "In the Dockerfile: RUN apt-get update && apt-get install -y NAME && rm "
			  "-rf "
			  "/var/lib/apt/lists/*",
		.fn = no_lone_update,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "image.no-add",
		.kind = SW_IMAGE,
		.severity = SW_LOW,
		.title = "Files come into images by COPY, not by ADD",
		.why = "ADD also downloads and unpacks: what ends up in the image is decided by "
		       "whoever "
		       "serves the address or made the archive.",
		.wanted = "no ADD but that of the lowest layer",
		.remedy = "In the Dockerfile: COPY in place of ADD; download in a RUN that "
			  "verifies a "
			  "checksum",
		.fn = copies_not_adds,
		.params = add_params,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "image.verified-packages",
		.kind = SW_IMAGE,
		.severity = SW_MEDIUM,
		.title = "Only verified packages are installed",
		.why = "A package or script whose signature nobody looked at can be anybody's.",
		.wanted = "nothing that switches signatures or certificates off",
		.remedy =
			"In the Dockerfile: install from signed repositories without flags such as "
			"--allow-unauthenticated, and verify a checksum before running a download",
		.fn = installs_are_verified,
		.params = verified_params,
		.needs = SW_NEEDS_IMAGES,
	},
	{ 0 },
};
