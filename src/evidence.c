/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.c: understands reports of scanners, and tells which image they are about; see
 * evidence.h. */
#include "evidence.h"

#include <strings.h>

#include "facts.h"
#include "timestamp.h"

enum { DAY = 86400 };

/* Of one report. */
struct reading {
	const json_t *report;
	const char *scanner, *created;
	bool is_scanned;
	json_int_t critical, high;
	json_t *ids, *digests, *diff_ids;
	const char *why; /* it is no evidence */
};

static const char *text_of(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static bool is_text(const json_t *object, const char *member, const char *wanted)
{
	const char *s = text_of(object, member);
	return s && streq(s, wanted);
}

static void add_id(json_t *set, const char *id)
{
	if (id && starts_with(id, "sha256:") && strlen(id) == 7 + 64)
		json_object_set_new(set, id, json_true());
}

/* "name@sha256:…", "pkg:oci/name@sha256%3A…?arch=amd64" */
static void add_digest(json_t *set, const char *reference)
{
	static const char escaped[] = "@sha256%3A", plain[] = "@sha256:";
	const char *at = reference ? strcasestr(reference, escaped) : NULL;
	size_t skip = sizeof(escaped) - 1;
	if (!at && reference) {
		at = strstr(reference, plain);
		skip = sizeof(plain) - 1;
	}
	if (!at || strlen(at + skip) < 64)
		return;
	AUTO_FREE char *digest = xasprintf("sha256:%.64s", at + skip);
	add_id(set, digest);
}

static void add_digests(json_t *set, const json_t *references)
{
	for (size_t i = 0; i < json_array_size(references); i++)
		add_digest(set, json_string_value(json_array_get(references, i)));
}

static void count(struct reading *r, const char *severity)
{
	if (severity && strcasecmp(severity, "critical") == 0)
		r->critical++;
	else if (severity && strcasecmp(severity, "high") == 0)
		r->high++;
}

/* --- Trivy -------------------------------------------------------------------------------------
 */

static void read_trivy(struct reading *r)
{
	const json_t *metadata = json_object_get(r->report, "Metadata");
	const json_t *results = json_object_get(r->report, "Results"),
		     *diff_ids = json_object_get(metadata, "DiffIDs");
	r->scanner = "Trivy";
	r->created = text_of(r->report, "CreatedAt");
	if (!is_text(r->report, "ArtifactType", "container_image"))
		r->why = "is about something that is no image";
	add_id(r->ids, text_of(metadata, "ImageID"));
	add_digests(r->digests, json_object_get(metadata, "RepoDigests"));
	if (json_array_size(diff_ids) > 0)
		r->diff_ids = json_deep_copy(diff_ids);
	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *result = json_array_get(results, i);
		const json_t *list = json_object_get(result, "Vulnerabilities");
		/* A search for secrets or licences has results, too. */
		r->is_scanned |= is_text(result, "Class", "os-pkgs") ||
				 is_text(result, "Class", "lang-pkgs");
		for (size_t k = 0; k < json_array_size(list); k++)
			count(r, text_of(json_array_get(list, k), "Severity"));
	}
}

/* --- Grype -------------------------------------------------------------------------------------
 */

static void read_grype(struct reading *r)
{
	const json_t *source = json_object_get(r->report, "source"),
		     *target = json_object_get(source, "target");
	const json_t *layers = json_object_get(target, "layers"),
		     *matches = json_object_get(r->report, "matches");
	r->scanner = "Grype";
	r->created = text_of(json_object_get(r->report, "descriptor"), "timestamp");
	r->is_scanned = true;
	if (!is_text(source, "type", "image"))
		r->why = "is about something that is no image";
	add_id(r->ids, text_of(target, "imageID"));
	add_id(r->digests, text_of(target, "manifestDigest"));
	add_digests(r->digests, json_object_get(target, "repoDigests"));
	if (json_array_size(layers) > 0)
		r->diff_ids = json_array();
	for (size_t i = 0; i < json_array_size(layers); i++) {
		json_t *digest = json_object_get(json_array_get(layers, i), "digest");
		json_array_append(r->diff_ids, digest ? digest : json_null());
	}
	for (size_t i = 0; i < json_array_size(matches); i++)
		count(r, text_of(json_object_get(json_array_get(matches, i), "vulnerability"),
				 "severity"));
}

/* --- CycloneDX ---------------------------------------------------------------------------------
 */

/* What the rating is called, or what its score means by CVSS, whose version 2 has no critical. */
static const char *severity_of(const json_t *rating)
{
	const char *severity = text_of(rating, "severity");
	double score = json_number_value(json_object_get(rating, "score"));
	if (severity && strcasecmp(severity, "unknown") != 0)
		return severity;
	if (score >= 9 && !is_text(rating, "method", "CVSSv2"))
		return "critical";
	return score >= 7 ? "high" : NULL;
}

/* The worst of the ratings that several sources gave. */
static void count_ratings(struct reading *r, const json_t *vulnerability)
{
	static const char *const worst_first[] = { "critical", "high" };
	const json_t *ratings = json_object_get(vulnerability, "ratings");
	for (size_t w = 0; w < ARRAY_SIZE(worst_first); w++) {
		for (size_t i = 0; i < json_array_size(ratings); i++) {
			const char *severity = severity_of(json_array_get(ratings, i));
			if (severity && strcasecmp(severity, worst_first[w]) == 0) {
				count(r, severity);
				return;
			}
		}
	}
}

/* What makers of such lists say beyond the format. */
static void read_property(struct reading *r, const json_t *property)
{
	const char *name = text_of(property, "name"), *value = text_of(property, "value");
	if (!name || !value)
		return;
	if (ends_with(name, ":ImageID")) {
		add_id(r->ids, value);
	} else if (ends_with(name, ":RepoDigest")) {
		add_digest(r->digests, value);
	} else if (ends_with(name, ":DiffID")) {
		if (!r->diff_ids)
			r->diff_ids = json_array();
		json_array_append_new(r->diff_ids, json_string(value));
	}
}

static void read_cyclonedx(struct reading *r)
{
	const json_t *metadata = json_object_get(r->report, "metadata");
	const json_t *component = json_object_get(metadata, "component");
	const json_t *properties = json_object_get(component, "properties");
	const json_t *list = json_object_get(r->report, "vulnerabilities");
	r->scanner = "CycloneDX";
	r->created = text_of(metadata, "timestamp");
	r->is_scanned = json_array_size(list) > 0;
	if (!is_text(component, "type", "container"))
		r->why = "is about something that is no image";
	add_digest(r->digests, text_of(component, "purl"));
	add_digest(r->digests, text_of(component, "bom-ref"));
	/* Of what kind it is, is not said: an image's or a manifest's. */
	add_id(r->digests, text_of(component, "version"));
	add_id(r->ids, text_of(component, "version"));
	for (size_t i = 0; i < json_array_size(properties); i++)
		read_property(r, json_array_get(properties, i));
	for (size_t i = 0; i < json_array_size(list); i++)
		count_ratings(r, json_array_get(list, i));
}

/* --- any of them -------------------------------------------------------------------------------
 */

static json_t *age_of(const char *created, int64_t now)
{
	int64_t then;
	if (!created || !timestamp_parse(created, &then))
		return fact_unread("the report does not say when it was made");
	if (then > now + DAY)
		return fact_unread("the report says it was made in the future");
	return json_integer(then > now ? 0 : (now - then) / DAY);
}

json_t *evidence_understand(const json_t *report, int64_t now)
{
	struct reading r = { .report = report, .ids = json_object(), .digests = json_object() };
	json_t *result;
	if (json_is_array(json_object_get(report, "Results")) &&
	    json_is_integer(json_object_get(report, "SchemaVersion")))
		read_trivy(&r);
	else if (json_is_array(json_object_get(report, "matches")) &&
		 json_object_get(report, "source"))
		read_grype(&r);
	else if (is_text(report, "bomFormat", "CycloneDX"))
		read_cyclonedx(&r);
	else
		r.why = "is no report of Trivy, Grype or CycloneDX";
	if (!r.why && json_object_size(r.ids) + json_object_size(r.digests) == 0 && !r.diff_ids)
		r.why = "does not say which image it is about by an id, a digest or its layers";
	if (r.why)
		result = fact_unread("%s", r.why);
	else
		result = json_pack("{ss ss? so sb sI sI sO sO sO?}", "Scanner", r.scanner,
				   "Created", r.created, "AgeDays", age_of(r.created, now),
				   "Scanned", r.is_scanned, "Critical", r.critical, "High", r.high,
				   "Ids", r.ids, "Digests", r.digests, "DiffIds", r.diff_ids);
	json_decref(r.ids);
	json_decref(r.digests);
	json_decref(r.diff_ids);
	return result;
}

/* --- which image -------------------------------------------------------------------------------
 */

static bool has_digest(const json_t *understood, const json_t *inspect)
{
	const json_t *digests = json_object_get(understood, "Digests");
	const json_t *own = json_object_get(inspect, "RepoDigests");
	for (size_t i = 0; i < json_array_size(own); i++) {
		const char *reference = json_string_value(json_array_get(own, i));
		const char *at = reference ? strchr(reference, '@') : NULL;
		if (at && json_object_get(digests, at + 1))
			return true;
	}
	return false;
}

const char *evidence_binds(const json_t *understood, const char *id, const json_t *inspect)
{
	const json_t *theirs = json_object_get(understood, "DiffIds");
	const json_t *ours = json_object_get(json_object_get(inspect, "RootFS"), "Layers");
	bool has_layers = json_is_array(theirs) && json_array_size(ours) > 0;
	bool same_layers = has_layers && json_equal(theirs, ours);
	/* One digest may stand for the images of several architectures, and a report may be made
	 * up. */
	if (has_layers && !same_layers)
		return NULL;
	if (json_object_get(json_object_get(understood, "Ids"), id))
		return "image id";
	if (json_object_get(json_object_get(understood, "Digests"), id) ||
	    has_digest(understood, inspect))
		return "digest";
	return same_layers ? "layers" : NULL;
}
