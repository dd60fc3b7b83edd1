/* SPDX-License-Identifier: Apache-2.0 */
/* fleet_diff.c: see fleet_diff.h; finds each host's like. */
#include "fleet_diff.h"

#include <errno.h>

/* --- reading -------------------------------------------------------------------------------- */

static int read_side(const struct inputs *in, struct fleet **ret, struct err *err)
{
	struct fleet *f = *ret = fleet_new();
	for (size_t i = 0; i < in->n; i++) {
		size_t before = f->n_hosts;
		if (in->all[i].fd < 0) {
			fleet_refuse(f, in->all[i].name, strerror(in->all[i].error));
			continue;
		}
		CLEANUP(json_pull_free_p)
		struct json_pull *p = json_pull_new("", 0, in->all[i].fd);
		f->input = i;
		fleet_read(f, in->all[i].name, p);
		if (f->n_hosts > before + 1)
			return err_set(err, -EINVAL,
				       "%s: holds several reports; diff takes files with one each",
				       in->all[i].name);
	}
	f->n_left_out = in->n_left_out;
	if (f->n_hosts == 0)
		return err_set(err, -EINVAL, "no report could be read: %s: %s", f->refused[0].file,
			       f->refused[0].reason);
	fleet_finish(f);
	return 0;
}

/* --- hosts ---------------------------------------------------------------------------------- */

struct known {
	const struct fleet_host *host;
	bool is_used;
};

static int by_host(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int order = fleet_compare_hosts(x->host, y->host);
	return order ? order : strcmp(x->host->file, y->host->file);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Machines that nobody named are told apart by what their files are called. */
static bool is_like(const struct fleet_host *then, const struct fleet_host *now)
{
	return fleet_is_same_host(then, now) ||
	       (fleet_compare_hosts(then, now) == 0 &&
		streq(base_name(then->file), base_name(now->file)));
}

static bool is_of_one_width(const struct fleet_host *a, const struct fleet_host *b)
{
	return a->selection && b->selection ? streq(a->selection, b->selection)
					    : a->selection == b->selection;
}

/* The one that was narrowed alike, if there is; else what is left out is told of as lost. */
static struct known *find(struct known *all, size_t n, const struct fleet_host *now)
{
	struct known *other = NULL;
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (fleet_compare_hosts(all[mid].host, now) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < n && fleet_compare_hosts(all[low].host, now) == 0; low++) {
		struct known *k = &all[low];
		if (k->is_used || !is_like(k->host, now))
			continue;
		if (is_of_one_width(k->host, now))
			return k;
		other = other ? other : k;
	}
	return other;
}

static void find_pairs(struct fleet_diff *d)
{
	const struct fleet *then = d->then, *now = d->now;
	AUTO_FREE struct known *all = xalloc((then->n_counted + 1) * sizeof(*all));
	for (size_t i = 0; i < then->n_counted; i++)
		all[i].host = &then->hosts[i];
	qsort(all, then->n_counted, sizeof(*all), by_host);
	d->pairs = xalloc((then->n_counted + now->n_counted + 1) * sizeof(*d->pairs));
	for (size_t i = 0; i < now->n_counted; i++) {
		struct known *k = find(all, then->n_counted, &now->hosts[i]);
		d->pairs[d->n_pairs++] = (struct host_pair){ k ? k->host : NULL, &now->hosts[i] };
		if (k)
			k->is_used = true;
		else
			d->n_new++;
	}
	for (size_t i = 0; i < then->n_counted; i++) {
		if (all[i].is_used)
			continue;
		d->pairs[d->n_pairs++] = (struct host_pair){ all[i].host, NULL };
		d->n_gone++;
	}
}

int fleet_diff_make(struct fleet_diff *d, struct err *err)
{
	int code = read_side(d->then_inputs, &d->then, err);
	if (code == 0)
		code = read_side(d->now_inputs, &d->now, err);
	if (code == 0)
		find_pairs(d);
	return code;
}

void fleet_diff_done(struct fleet_diff *d)
{
	fleet_free(d->then);
	fleet_free(d->now);
	free(d->pairs);
}
