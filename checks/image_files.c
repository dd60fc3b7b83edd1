/* SPDX-License-Identifier: Apache-2.0 */
/* image_files.c: what is in the layers of an image: packages, and files with setuid or setgid. */
#include "image.h"
#include "tables.h"

enum { PACKAGES_MAX = 5000 };

/* Walked? Without --layers there is nothing to judge. False: the verdict was said. */
static bool has_layers(struct sw_eval *e)
{
	if (!image_is_meant(e, IMAGE_IN_USE_OR_TAGGED))
		return false;
	if (sw_has(e, "Layers"))
		return true;
	sw_warn(e, "its layers were not looked at: --layers does");
	return false;
}

/* --- packages -------------------------------------------------------------------------------- */

/* Databases of packages that may be in an image; rpm's is named, but not understood. */
static const char *const databases[] = { "dpkg", "apk", "rpm" };

/* How many packages its databases name, and which of them those are: for a person to decide. */
static enum sw_verdict ask_about_packages(struct sw_eval *e)
{
	const char *text = "";

	for (size_t i = 0; i < ARRAY_SIZE(databases); i++) {
		const char *path = sw_at(e, "Layers/Packages/%s", databases[i]);

		if (sw_is_known(e, path))
			text = sw_at(e, "%s%zu packages of %s, ", text, sw_count(e, path),
				     databases[i]);
	}
	return sw_warn(e, "%sdecide which it needs",
		       *text ? text : "no database of packages that could be read, ");
}

static bool look_for_unwanted(struct sw_eval *e, const char *path, struct names *unwanted)
{
	size_t n = sw_count(e, path);

	if (n > PACKAGES_MAX) {
		sw_unknown(e, "it has more than %d packages", PACKAGES_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		const char *name = sw_str(e, sw_at(e, "%s/%zu", path, i), "");
		if (sw_param_lists(e, "unwanted_packages", name))
			names_add(e, unwanted, name);
	}
	return true;
}

static enum sw_verdict no_unwanted_packages(struct sw_eval *e)
{
	struct names unwanted = { "", 0 };
	size_t n_databases = 0;

	if (!has_layers(e))
		return sw_said(e);
	if (!sw_param_is_set(e, "unwanted_packages"))
		return ask_about_packages(e);
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++) {
		const char *path = sw_at(e, "Layers/Packages/%s", databases[i]);

		if (sw_has(e, path) && look_for_unwanted(e, path, &unwanted))
			n_databases++;
		if (unwanted.n > 0)
			return sw_fail(e, "unwanted packages: %s", names_text(e, &unwanted));
	}
	if (n_databases == 0)
		return sw_warn(e, "it has no database of packages: look at what it holds");
	return sw_said(e);
}

/* --- setuid ---------------------------------------------------------------------------------- */

/* Those that lie in layers of its base image can be mended there only, or by a chmod in this one.
 */
static const char *of_base(struct sw_eval *e, const struct names *all, size_t n_base)
{
	if (n_base == 0)
		return "";
	const char *base = sw_str(e, "Base/Name", "its base image");
	return n_base == all->n ? sw_at(e, "; from %s", base)
				: sw_at(e, "; %zu of them from %s", n_base, base);
}

static enum sw_verdict no_setuid_files(struct sw_eval *e)
{
	struct names found = { "", 0 };
	size_t n_base = 0;

	if (!has_layers(e))
		return sw_said(e);
	int64_t base = sw_has(e, "Base") ? sw_int(e, "Base/Layers", 0) : 0;
	size_t n = engine_count(e, "Layers/Setuid");
	for (size_t i = 0; i < n; i++) {
		const char *path = sw_str(e, sw_at(e, "Layers/Setuid/%zu/path", i), "?");

		if (sw_param_lists(e, "allowed_setuid", path))
			continue;
		names_add(e, &found, path);
		n_base += sw_int(e, sw_at(e, "Layers/Setuid/%zu/layer", i), 0) < base;
	}
	if (found.n > 0)
		return sw_fail(e, "files with setuid or setgid: %s%s", names_text(e, &found),
			       of_base(e, &found, n_base));
	if (!sw_has(e, "Layers/SetuidMore"))
		return sw_unknown(e, "whether these are all is not told");
	if (sw_int(e, "Layers/SetuidMore", 0) > 0)
		return sw_unknown(e, "it has more than %zu files with setuid or setgid", n);
	return sw_said(e);
}

static const struct sw_param package_params[] = {
	{ "unwanted_packages", SW_LIST, NULL,
	  "patterns of packages that no image may hold: gcc*, sudo, openssh-server" },
	{ 0 },
};
static const struct sw_param setuid_params[] = {
	{ "allowed_setuid", SW_LIST, NULL,
	  "patterns of paths that may have setuid or setgid: /usr/bin/su" },
	{ 0 },
};

const struct sw_check sw_image_files_checks[] = {
	{
		.id = "image.packages",
		.kind = SW_IMAGE,
		.severity = SW_LOW,
		.title = "Images hold no packages that they do not need",
		.why = "Compilers, shells of other hosts and download tools are at hand for "
		       "whoever breaks in, and "
		       "each package brings its own vulnerabilities.",
		.wanted = "none of unwanted_packages",
		.remedy = "Build in one stage and copy only what runs into another, from a small "
			  "base image; then\n"
			  "seaworthy audit --layers --set unwanted_packages='gcc*,sudo,curl'",
		.fn = no_unwanted_packages,
		.params = package_params,
		.needs = SW_NEEDS_IMAGES | SW_NEEDS_LAYERS,
	},
	{
		.id = "image.setuid",
		.kind = SW_IMAGE,
		.severity = SW_MEDIUM,
		.title = "Images hold no files with setuid or setgid",
		.why = "Such a file gives an ordinary user in a container the rights of another, "
		       "mostly of root.",
		.wanted = "none, or those of allowed_setuid",
		.remedy = "In the Dockerfile: RUN find / -xdev -perm /6000 -type f -exec chmod a-s "
			  "{} +\n"
			  "Or run containers with --security-opt no-new-privileges, which makes "
			  "them harmless",
		.fn = no_setuid_files,
		.params = setuid_params,
		.needs = SW_NEEDS_IMAGES | SW_NEEDS_LAYERS,
	},
	{ 0 },
};
