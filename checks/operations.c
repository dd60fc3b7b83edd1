/* SPDX-License-Identifier: Apache-2.0 */
/* operations.c: what nobody uses any more: images without containers, containers that have stopped.
 */
#include "clock.h"
#include "container.h"
#include "tables.h"

#include <inttypes.h>

/* The ids of the images that containers were made from. */
struct used {
	const char *ids[ENGINE_LIST_MAX];
	size_t n;
};

static void find_used(struct sw_eval *e, struct used *used)
{
	used->n = engine_count(e, "@index/container");
	for (size_t i = 0; i < used->n; i++) {
		const char *id = sw_key(e, "@index/container", i);
		const char *path = sw_at(e, "@index/container/%s/Image", sw_esc(e, id));

		used->ids[i] = sw_str(e, path, "");
		if (!*used->ids[i])
			sw_unknown(e, "of which image container %s is was not told",
				   short_id(e, id));
	}
}

static bool is_used(const struct used *used, const char *id)
{
	for (size_t i = 0; i < used->n; i++) {
		if (strcmp(used->ids[i], id) == 0)
			return true;
	}
	return false;
}

/*
 * Is what was made at that time at least that many days old? The times of a day are no matter, as
 * clocks differ and things are made while the engine is asked; a date further on tells nothing.
 */
static bool is_older(struct sw_eval *e, int64_t now, int64_t then, int64_t days, const char *what)
{
	if (days <= 0)
		return true;
	if (then > now && then - now > SECONDS_OF_DAY) {
		sw_unknown(e, "%s has a date that is to come by the engine's clock", what);
		return false;
	}
	return (now - (then < 0 ? 0 : then)) / SECONDS_OF_DAY >= days;
}

static enum sw_verdict judge_number(struct sw_eval *e, size_t n, const char *of_all,
				    const char *what, const char *param)
{
	if (n == 0)
		return sw_pass(e, "no %s", what);
	if (!sw_param_is_set(e, param))
		return sw_warn(e, "%zu%s %s%s", n, of_all, what, n == 1 ? "" : "s");
	if ((int64_t)n > sw_param_int(e, param))
		return sw_fail(e, "%zu%s %s%s, more than %" PRId64, n, of_all, what,
			       n == 1 ? "" : "s", sw_param_int(e, param));
	return sw_pass(e, "%zu%s %s%s", n, of_all, what, n == 1 ? "" : "s");
}

static enum sw_verdict few_unused_images(struct sw_eval *e)
{
	static const char list[] = "images/list";
	int64_t now, days = sw_param_int(e, "unused_image_days");
	size_t n = engine_count(e, list), unused = 0;
	struct used used;

	if (n == 0)
		return sw_skip(e, "there is no image");
	if (!time_of_engine(e, &now))
		return sw_said(e);
	find_used(e, &used);
	for (size_t i = 0; i < n; i++) {
		const char *id = sw_key(e, list, i);

		if (is_used(&used, id))
			continue;
		unused += is_older(e, now,
				   sw_int(e, sw_at(e, "%s/%s/Created", list, sw_esc(e, id)), 0),
				   days, "an unused image");
	}
	return judge_number(e, unused, sw_at(e, " of %zu images:", n), "unused image",
			    "max_unused_images");
}

/* One that was never started has finished in the year 1. */
static bool is_stopped(struct sw_eval *e, const char *container, int64_t now, int64_t days)
{
	const char *finished;
	int64_t then;

	if (!sw_has(e, sw_at(e, "%s/State/Running", container)))
		sw_unknown(e, "whether a container runs was not told");
	if (sw_bool(e, sw_at(e, "%s/State/Running", container), true))
		return false;
	finished = sw_str(e, sw_at(e, "%s/State/FinishedAt", container), "");
	if (!*finished || begins_with(finished, "0001-"))
		finished = sw_str(e, sw_at(e, "%s/Created", container), "");
	if (time_of(finished, &then))
		return is_older(e, now, then, days, "a stopped container");
	sw_unknown(e, "since when a container is stopped was not told");
	return false;
}

static enum sw_verdict few_stopped_containers(struct sw_eval *e)
{
	int64_t now, days = sw_param_int(e, "stopped_days");
	size_t n = engine_count(e, "@index/container"), stopped = 0;

	if (n == 0)
		return sw_skip(e, "there is no container");
	if (!time_of_engine(e, &now))
		return sw_said(e);
	for (size_t i = 0; i < n; i++) {
		const char *id = sw_esc(e, sw_key(e, "@index/container", i));

		stopped += is_stopped(e, sw_at(e, "@index/container/%s", id), now, days);
	}
	return judge_number(e, stopped, sw_at(e, " of %zu containers:", n), "stopped container",
			    "max_stopped_containers");
}

static const struct sw_param image_params[] = {
	{ "max_unused_images", SW_INT, NULL, "how many images may be here that no container uses" },
	{ "unused_image_days", SW_INT, "0",
	  "count of those only the images that were built at least so many days ago" },
	{ 0 },
};

static const struct sw_param container_params[] = {
	{ "max_stopped_containers", SW_INT, NULL,
	  "how many containers may be here that do not run" },
	{ "stopped_days", SW_INT, "0",
	  "count of those only the containers that have not run for at least so many days" },
	{ 0 },
};

const struct sw_check sw_operations_checks[] = {
	{
		.id = "ops.image-sprawl",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Images that nobody uses are removed",
		.why = "Old images keep old holes at hand: one wrong tag and they run again; and "
		       "they fill the disk.",
		.wanted = "at most max_unused_images",
		.remedy = "docker image ls; docker image prune --all --filter until=720h",
		.fn = few_unused_images,
		.params = image_params,
		.flags = SW_WHOLE,
		.needs = SW_NEEDS_IMAGES,
	},
	{
		.id = "ops.container-sprawl",
		.kind = SW_ENGINE,
		.severity = SW_LOW,
		.title = "Containers that have stopped are removed",
		.why = "They keep data, logs and old programs that nobody looks after and that "
		       "anybody may start again.",
		.wanted = "at most max_stopped_containers",
		.remedy = "docker ps --all --filter status=exited; docker container prune --filter "
			  "until=168h",
		.fn = few_stopped_containers,
		.params = container_params,
		.flags = SW_WHOLE,
	},
	{ 0 },
};
