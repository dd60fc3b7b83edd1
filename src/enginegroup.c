/* SPDX-License-Identifier: Apache-2.0 */
/* enginegroup.c: see enginegroup.h. */
#include "enginegroup.h"

#include "facts.h"

static bool is_activated(const json_t *hosts)
{
	size_t i;
	json_t *element;
	json_array_foreach(hosts, i, element)
	{
		const char *url = json_string_value(element);
		if (url && starts_with(url, "fd://"))
			return true;
	}
	return false;
}

/* With fd:// systemd made the socket, and its group is the unit's. */
static json_t *group_of_unit(const struct view *v)
{
	struct fact section = facts_find(v->world, "host/units/docker.socket/settings/Socket");
	struct fact f =
		facts_find(v->world, "host/units/docker.socket/settings/Socket/SocketGroup");
	size_t n = json_array_size(f.value);
	if (v->rootless != 0 || section.state != FACT_KNOWN || f.state == FACT_UNREAD)
		return fact_unread("docker.socket: %s",
				   f.state == FACT_UNREAD ? f.reason : "was not read");
	json_t *last = n ? json_array_get(f.value, n - 1) : NULL;
	return json_is_string(last) ? json_incref(last) : json_string("root");
}

json_t *enginegroup_name(const struct view *v, const json_t *effective)
{
	json_t *hosts = json_object_get(effective, "hosts");
	json_t *group = json_object_get(effective, "group");
	if (fact_is_unread(hosts))
		return json_incref(hosts);
	if (is_activated(json_object_get(hosts, "value")))
		return group_of_unit(v);
	const char *text = json_string_value(json_object_get(group, "value"));
	if (!text)
		return fact_is_unread(group) ? json_incref(group)
					     : fact_unread("group is not known");
	return json_string(*text ? text : "root");
}

/* An engine with a root folder of its own looks into its own /etc/group. */
static json_t *looked_up(const struct view *v, const char *name)
{
	bool is_own = json_is_true(facts_find(v->world, "engine/process/OwnRoot").value);
	struct fact groups = facts_find(v->world, is_own ? "engine/groups" : "host/groups");
	if (groups.state != FACT_KNOWN || !json_is_object(groups.value))
		return fact_unread("the groups that the engine sees: %s",
				   groups.state == FACT_UNREAD ? groups.reason : "were not read");
	json_t *group = json_object_get(groups.value, name);
	json_t *gid = json_object_get(group, "gid");
	if (!group)
		return json_null();
	return json_is_integer(gid) ? json_incref(gid) : fact_unread("group %s has no gid", name);
}

/* A number in the engine's user namespace, as the host has it. */
static json_t *taken_outside(const struct view *v, json_int_t gid)
{
	struct fact map = facts_find(v->world, "engine/process/GidMap");
	size_t i;
	json_t *row;
	if (map.state == FACT_ABSENT && v->rootless == 0)
		return json_integer(gid);
	if (map.state != FACT_KNOWN || !json_is_array(map.value))
		return fact_unread("the engine's gid_map: %s",
				   map.state == FACT_UNREAD ? map.reason : "was not read");
	json_array_foreach(map.value, i, row)
	{
		json_int_t inside = json_integer_value(json_array_get(row, 0));
		json_int_t outside = json_integer_value(json_array_get(row, 1));
		if (gid >= inside && gid - inside < json_integer_value(json_array_get(row, 2)))
			return json_integer(outside + gid - inside);
	}
	return json_null();
}

json_t *enginegroup_id(const struct view *v, const char *name)
{
	int64_t number;
	if (parse_int(name, &number))
		return taken_outside(v, number);
	json_t *gid = looked_up(v, name);
	if (!json_is_integer(gid))
		return gid;
	json_t *outside = taken_outside(v, json_integer_value(gid));
	json_decref(gid);
	return outside;
}
