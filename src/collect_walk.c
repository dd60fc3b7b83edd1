/* SPDX-License-Identifier: Apache-2.0 */
/* collect_walk.c: has all files of the host walked, but for what belongs to containers. */
#include "collector.h"
#include "record.h"
#include "walkparse.h"

/* Images and containers have files of their own rules. */
static const char *const of_containers[] = {
	"/var/lib/docker",
	"/var/lib/containerd",
	"/run/docker",
	"/run/containerd",
	"/var/lib/containers",
	"/run/containers",
	"/var/lib/kubelet/pods",
	"/var/lib/crio",
	"/var/lib/rancher/k3s/agent/containerd",
	"/var/lib/lxc",
	"/var/lib/lxd/storage-pools",
	"/var/lib/machines",
	"/var/snap/docker/common/var-lib-docker",
};

/* Of engines that users run, below their home. */
static const char *const of_users[] = { ".local/share/docker", ".local/share/containers",
					".local/share/containerd" };

static void prune(struct collector *c, const char *path)
{
	struct answer a;
	ask_now(c->asker, FETCH_WALK_PRUNE, 0, path, &a);
	/* What is not there needs no pruning; a refusal only means that more is walked. */
	answer_done(&a);
}

static void prune_all(struct collector *c)
{
	json_t *host = json_object_get(c->world, "host");
	json_t *engine = json_object_get(c->world, "engine"), *user;
	const char *root =
		json_string_value(json_object_get(json_object_get(engine, "paths"), "data-root"));
	const char *name;
	for (size_t i = 0; i < ARRAY_SIZE(of_containers); i++)
		prune(c, of_containers[i]);
	/* "/" as a data root would hide the whole host. */
	if (root && *root == '/' && strchr(root + 1, '/'))
		prune(c, root);
	json_object_foreach(json_object_get(host, "users"), name, user)
	{
		const char *home = json_string_value(json_object_get(user, "home"));
		for (size_t i = 0; home && home[0] == '/' && home[1] && i < ARRAY_SIZE(of_users);
		     i++) {
			AUTO_FREE char *path = xasprintf("%s/%s", home, of_users[i]);
			prune(c, path);
		}
	}
}

static char *text_of(struct collector *c, const char *path)
{
	AUTO_FREE char *why = NULL;
	size_t n;
	char *text = read_file(c, FETCH_BASE_ROOT, path, &n, &why);
	if (text)
		utf8_mend(text, n);
	return text;
}

void collect_walk(struct collector *c)
{
	struct walk_report *r = walk_report_new();
	json_t *host = json_object_get(c->world, "host");
	const char *data;
	size_t n;
	prune_all(c);
	struct stream *s = stream_ask(c->asker, FETCH_WALK, 0, "");
	while ((n = stream_next(s, &data)) > 0) {
		uint64_t entries = walk_report_take(r, data, n);
		if (c->o->progress)
			c->o->progress(entries, 0, c->o->context);
	}
	AUTO_FREE char *why = stream_close(s);
	AUTO_FREE char *subuid = text_of(c, "/etc/subuid");
	AUTO_FREE char *subgid = text_of(c, "/etc/subgid");
	AUTO_FREE char *nsswitch = text_of(c, "/etc/nsswitch.conf");
	collect_host_section(c, "walk",
			     why ? fact_unread("%s", why)
				 : walk_report_record(r, json_object_get(host, "users"),
						      json_object_get(host, "groups"), subuid,
						      subgid, nsswitch));
	walk_report_free(r);
}
