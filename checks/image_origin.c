/* SPDX-License-Identifier: Apache-2.0 */
/* image_origin.c: where an image comes from, how old it is, who signed it and what scanners say of
 * it. */
#include "image.h"
#include "tables.h"

#include <string.h>

/* --- registries ------------------------------------------------------------------------------ */

/* "docker.io/library/debian" of "debian@sha256:…", as the engine completes a name. */
static const char *full_name(struct sw_eval *e, const char *reference)
{
	size_t n = strcspn(reference, "@"), first = strcspn(reference, "/");
	bool has_host =
		first < n && (memchr(reference, '.', first) || memchr(reference, ':', first) ||
			      (first == 9 && strncmp(reference, "localhost", first) == 0));

	if (has_host)
		return sw_at(e, "%.*s", (int)n, reference);
	return sw_at(e, "docker.io/%s%.*s", first < n ? "" : "library/", (int)n, reference);
}

/*
 * The containerd image store gives an image that was built or loaded here such a digest, too, under
 * whatever name it was given: the digest is then the image's id, and no proof.
 */
static bool is_proof(const char *reference, const char *id)
{
	const char *at = strchr(reference, '@');

	return at && strcmp(at + 1, id) != 0;
}

enum origin { NO_ORIGIN, UNPROVEN, ELSEWHERE, ALLOWED };

/* The best of the references in the list at path; *ret_name is one of that. */
static enum origin origin_of(struct sw_eval *e, const char *path, const char *id,
			     const char **ret_name)
{
	enum origin best = NO_ORIGIN;
	size_t n = sw_has(e, path) ? engine_count(e, path) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *reference = sw_str(e, sw_at(e, "%s/%zu", path, i), "");
		const char *name = full_name(e, reference);
		enum origin origin = ELSEWHERE;

		if (strncmp(reference, "<none>", 6) == 0)
			continue;
		if (!is_proof(reference, id))
			origin = UNPROVEN;
		else if (sw_param_lists(e, "allowed_registries", name))
			origin = ALLOWED;
		if (origin > best) {
			best = origin;
			*ret_name = name;
		}
	}
	return best;
}

static enum sw_verdict judge_base(struct sw_eval *e)
{
	const char *name = "";

	if (!sw_has(e, "Base"))
		return sw_warn(e, "built or imported here, and its base image is not known");
	const char *base = sw_str(e, "Base/Name", "");
	switch (origin_of(e, "Base/RepoDigests", sw_str(e, "Base/Id", ""), &name)) {
	case ALLOWED: return sw_pass(e, "built here from %s, of %s", base, name);
	case ELSEWHERE: return sw_fail(e, "built here from %s, of %s", base, name);
	default:
		return sw_warn(e, "built here from %s, of which it is not told where it comes from",
			       base);
	}
}

static enum sw_verdict base_is_trusted(struct sw_eval *e)
{
	const char *name = "";

	if (!image_is_meant(e, IMAGE_IN_USE))
		return sw_said(e);
	enum origin origin =
		origin_of(e, "Inspect/RepoDigests", sw_str(e, "Inspect/Id", ""), &name);
	if (!sw_param_is_set(e, "allowed_registries"))
		return sw_warn(e, "%s: decide whether that is trusted",
			       origin == NO_ORIGIN  ? "built or imported here"
			       : origin == UNPROVEN ? "its digest is its own and tells no registry"
						    : sw_at(e, "from %s", name));
	switch (origin) {
	case ALLOWED: return sw_pass(e, "from %s", name);
	case ELSEWHERE: return sw_fail(e, "from %s, which allowed_registries does not list", name);
	case UNPROVEN:
	case NO_ORIGIN: break;
	}
	return judge_base(e);
}

/* --- scans ----------------------------------------------------------------------------------- */

static bool is_too_old(struct sw_eval *e)
{
	if (!sw_param_is_set(e, "max_image_age_days"))
		return false;
	if (!sw_has(e, "AgeDays")) {
		sw_unknown(e, "how old it is was not told");
		return false;
	}
	int64_t age = sw_int(e, "AgeDays", 0);
	if (age <= sw_param_int(e, "max_image_age_days"))
		return false;
	sw_fail(e, "it was made %lld days ago", (long long)age);
	return true;
}

/* It may be the last one: what it found is not passed over. */
static void judge_undated(struct sw_eval *e, size_t i)
{
	int64_t critical = sw_int(e, sw_at(e, "Scans/%zu/Critical", i), 0);
	int64_t high = sw_int(e, sw_at(e, "Scans/%zu/High", i), 0);

	if (critical > 0 || (high > 0 && sw_param_bool(e, "high_is_fail")))
		sw_warn(e,
			"%s, which does not say when it was made, names %lld critical and %lld "
			"high vulnerabilities",
			sw_str(e, sw_at(e, "Scans/%zu/File", i), "?"), (long long)critical,
			(long long)high);
}

/* Does it name more of what is worst? Two scanners need not agree. */
static bool is_worse(struct sw_eval *e, size_t a, size_t b)
{
	static const char *const members[] = { "Critical", "High" };

	for (size_t i = 0; i < 2; i++) {
		int64_t x = sw_int(e, sw_at(e, "Scans/%zu/%s", a, members[i]), 0);
		int64_t y = sw_int(e, sw_at(e, "Scans/%zu/%s", b, members[i]), 0);
		if (x != y)
			return x > y;
	}
	return false;
}

/* Of several reports the one that was made last, of one day the worst; n when none can be dated. */
static size_t newest_scan(struct sw_eval *e, size_t n)
{
	size_t newest = n;
	int64_t least = 0;

	for (size_t i = 0; i < n; i++) {
		const char *path = sw_at(e, "Scans/%zu/AgeDays", i);
		if (!sw_bool(e, sw_at(e, "Scans/%zu/Scanned", i), false))
			continue;
		if (!sw_is_known(e, path)) {
			judge_undated(e, i);
			continue;
		}
		int64_t age = sw_int(e, path, 0);
		if (newest == n || age < least || (age == least && is_worse(e, i, newest))) {
			newest = i;
			least = age;
		}
	}
	return newest;
}

static void judge_scan(struct sw_eval *e, size_t i)
{
	const char *scan = sw_at(e, "Scans/%zu", i);
	int64_t age = sw_int(e, sw_at(e, "%s/AgeDays", scan), 0);
	int64_t critical = sw_int(e, sw_at(e, "%s/Critical", scan), 0);
	int64_t high = sw_int(e, sw_at(e, "%s/High", scan), 0);
	const char *who = sw_at(e, "%s, %s, of %lld days ago, by %s",
				sw_str(e, sw_at(e, "%s/Scanner", scan), "?"),
				sw_str(e, sw_at(e, "%s/File", scan), "?"), (long long)age,
				sw_str(e, sw_at(e, "%s/Bound", scan), "?"));

	if (!sw_has(e, sw_at(e, "%s/Critical", scan)) || !sw_has(e, sw_at(e, "%s/High", scan)))
		sw_unknown(e, "how many vulnerabilities were found is not told (%s)", who);
	if (critical > 0 || (high > 0 && sw_param_bool(e, "high_is_fail")))
		sw_fail(e, "%lld critical and %lld high vulnerabilities (%s)", (long long)critical,
			(long long)high, who);
	else if (age > sw_param_int(e, "max_scan_age_days"))
		sw_warn(e, "its last scan is too old (%s)", who);
	else
		sw_pass(e, "no critical and %lld high vulnerabilities (%s)", (long long)high, who);
}

/* Files that were handed over and are no evidence of anything are not passed over in silence. */
static const char *unread_files(struct sw_eval *e)
{
	static const char files[] = "@host/evidence/files";
	struct names unread = { "", 0 };
	size_t n = sw_is_known(e, files) ? sw_count(e, files) : 0;
	int64_t left =
		sw_is_known(e, "@host/evidence/left") ? sw_int(e, "@host/evidence/left", 0) : 0;

	for (size_t i = 0; i < n; i++) {
		const char *name = sw_key(e, files, i);
		if (!sw_is_known(e, sw_at(e, "%s/%s/Scanner", files, sw_esc(e, name))))
			names_add(e, &unread, name);
	}
	return sw_at(e, "%s%s",
		     unread.n ? sw_at(e, "; not understood: %s", names_text(e, &unread)) : "",
		     left ? sw_at(e, "; %lld more were not opened", (long long)left) : "");
}

static enum sw_verdict is_scanned(struct sw_eval *e)
{
	if (!image_is_meant(e, IMAGE_IN_USE))
		return sw_said(e);
	bool is_old = is_too_old(e);
	if (!sw_has(e, "Scans"))
		return is_old ? SW_FAIL
			      : sw_warn(e, "no report of a scanner was given: --evidence DIR takes "
					   "them");
	size_t n = engine_count(e, "Scans");
	size_t newest = newest_scan(e, n);
	if (n == 0)
		return is_old ? SW_FAIL
			      : sw_warn(e, "none of the reports is about this image%s",
					unread_files(e));
	if (newest == n)
		return is_old ? SW_FAIL
			      : sw_warn(e,
					"its reports do not say when it was scanned, or list "
					"components only%s",
					unread_files(e));
	judge_scan(e, newest);
	if (!sw_param_is_set(e, "max_image_age_days") && sw_said(e) == SW_PASS)
		return sw_warn(e, "its scan names nothing critical; see whether it is too old");
	return sw_said(e);
}

/* --- signatures ------------------------------------------------------------------------------ */

/* Whose signature i is, when the engine verified it and the policy knows the signer. */
static const char *trusted_signer(struct sw_eval *e, size_t i)
{
	static const char *const members[] = { "KnownSigner", "Signer/SubjectAlternativeName" };
	const char *signature = sw_at(e, "Inspect/Identity/Signature/%zu", i);

	if (*sw_str(e, sw_at(e, "%s/Error", signature), ""))
		return NULL;
	for (size_t k = 0; k < ARRAY_SIZE(members); k++) {
		if (k == 1 && !sw_has(e, sw_at(e, "%s/Signer", signature)))
			continue;
		const char *who = sw_str(e, sw_at(e, "%s/%s", signature, members[k]), "");
		if (*who && sw_param_lists(e, "trusted_signers", who))
			return who;
	}
	return NULL;
}

static enum sw_verdict is_signed(struct sw_eval *e)
{
	if (!image_is_meant(e, IMAGE_IN_USE))
		return sw_said(e);
	bool has_identity = sw_has(e, "Inspect/Identity");
	if (!sw_param_is_set(e, "trusted_signers"))
		return sw_warn(e, "decide whose signatures count%s",
			       has_identity ? "" : "; this engine's API does not tell signatures");
	if (!has_identity)
		return sw_unknown(e, "who signed it is not told: the engine's API does so from "
				     "version 1.53 on, and is asked in 1.51 at most");
	size_t n = sw_has(e, "Inspect/Identity/Signature")
			   ? engine_count(e, "Inspect/Identity/Signature")
			   : 0;
	for (size_t i = 0; i < n; i++) {
		const char *who = trusted_signer(e, i);
		if (who)
			return sw_pass(e, "signed by %s", who);
	}
	return sw_fail(e, n ? "none of its signatures is of a trusted signer" : "it is not signed");
}

/* --- rows ------------------------------------------------------------------------------------ */

static const struct sw_param base_params[] = {
	{ "allowed_registries", SW_LIST, NULL,
	  "patterns of full names that may be used: docker.io/library/*, registry.example.com/*" },
	{ 0 },
};
static const struct sw_param scan_params[] = {
	{ "max_image_age_days", SW_INT, NULL, "images older than this fail" },
	{ "max_scan_age_days", SW_INT, "30", "a scan older than this is no evidence any more" },
	{ "high_is_fail", SW_BOOL, "false", "fail for vulnerabilities of severity high, too" },
	{ 0 },
};
static const struct sw_param sign_params[] = {
	{ "trusted_signers", SW_LIST, NULL, "patterns of signers, as the engine names them" },
	{ 0 },
};

const struct sw_check sw_image_origin_checks[] = {
	{
		.id = "image.trusted-base",
		.kind = SW_IMAGE,
		.severity = SW_MEDIUM,
		.title = "Containers are made from trusted base images",
		.why = "Whoever made the base image runs code in each container that is made from "
		       "it.",
		.wanted = "a digest of a registry that allowed_registries lists",
		.remedy = "Name the registries: --set allowed_registries='docker.io/library/*'; "
			  "then rebuild from "
			  "images of those",
		.fn = base_is_trusted,
		.params = base_params,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "image.scanned",
		.kind = SW_IMAGE,
		.severity = SW_MEDIUM,
		.title = "Images are scanned for vulnerabilities and rebuilt",
		.why = "An image stays as it was on the day of its build; what was found since is "
		       "in it.",
		.wanted = "a recent scan without critical findings",
		.remedy = "trivy image --format json -o DIR/NAME.json IMAGE, then seaworthy audit "
			  "--evidence DIR; "
			  "rebuild with docker build --pull --no-cache where it finds something",
		.fn = is_scanned,
		.params = scan_params,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "image.signed",
		.kind = SW_IMAGE,
		.severity = SW_MEDIUM,
		.title = "Signatures of images are verified",
		.why = "Without a signature nobody notices an image that was replaced in its "
		       "registry.",
		.wanted = "a signature of a signer that trusted_signers lists",
		.remedy = "Sign images when they are built (cosign, notation) and have the engine "
			  "or the deployment "
			  "verify them; then --set trusted_signers=NAME",
		.fn = is_signed,
		.params = sign_params,
		.needs = SW_NEEDS_IMAGES,
	},
	{ 0 },
};
