/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: see rules.h. */
#include "rules.h"

#include <errno.h>

/* Without -p: the engine's benchmark, and the host that its containers share. */
static const char *const defaults[] = { "cis-docker-1.8.0", "docker-host" };

/* What a report says of a rule bears the profile's id: of two the one would be taken for the other.
 */
static int refuse_twice(const struct rules *r, struct err *err)
{
	const struct profile *last = r->profiles[r->n_profiles];
	for (size_t i = 0; i < r->n_profiles; i++)
		if (streq(r->profiles[i]->id, last->id))
			return err_set(err, -EEXIST,
				       "profile '%s': there are two of that id: %s and %s",
				       last->id, r->profiles[i]->source, last->source);
	return 0;
}

int rules_open(struct rules *r, const struct options *o, struct err *err)
{
	static const struct plugin_trust root_only = { .owner = 0 };
	const char *const *names = o->profiles.n ? o->profiles.v : defaults;
	size_t n = o->profiles.n ? o->profiles.n : ARRAY_SIZE(defaults);
	r->registry = registry_new();
	const char *problem = registry_problem(r->registry);
	if (problem)
		return err_set(err, -EINVAL, "built-in checks: %s", problem);
	r->profiles = xalloc(n * sizeof(*r->profiles));
	for (; r->n_profiles < n; r->n_profiles++) {
		struct profile **p = &r->profiles[r->n_profiles];
		if (profile_load(names[r->n_profiles], p, err) < 0)
			return err->code;
		if (refuse_twice(r, err) < 0) {
			profile_free(*p);
			return err->code;
		}
	}
	if (tailorings_open(o->is_alone ? NULL : TAILORINGDIR, o->tailoring.v, &r->tailoring, err) <
	    0)
		return err->code;
	if (tailorings_extend(&r->tailoring, r->profiles, r->n_profiles, err) < 0)
		return err->code;
	return plugins_open(PLUGINDIR, o->plugins.v, &root_only, &r->plugins, err);
}

int rules_resolve(struct rules *r, const struct options *o, struct err *err)
{
	int code = plugins_load(&r->plugins, r->registry, err);
	for (size_t i = 0; i < r->n_profiles && code == 0; i++)
		code = profile_resolve(r->profiles[i], r->registry, err);
	if (code == 0)
		code = tailorings_apply(&r->tailoring, r->profiles, r->n_profiles, err);
	for (size_t i = 0; i < o->n_settings && code == 0; i++)
		code = profiles_set(r->profiles, r->n_profiles, o->settings[i].name,
				    o->settings[i].value, err);
	r->selection =
		(struct selection){ .only = o->only.v, .skip = o->skip.v, .level = o->level };
	if (code == 0)
		code = profiles_select(r->profiles, r->n_profiles, &r->selection, err);
	return code;
}

void rules_done(struct rules *r)
{
	for (size_t i = 0; i < r->n_profiles; i++)
		profile_free(r->profiles[i]);
	free(r->profiles);
	registry_free(r->registry);
	plugins_done(&r->plugins);
	tailorings_done(&r->tailoring);
	*r = (struct rules){ 0 };
}
