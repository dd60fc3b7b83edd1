/* SPDX-License-Identifier: Apache-2.0 */
/* t_serviceshape.c: swarm services in the shape of containers: recorded ones, and every odd form.
 */
#include "facts.h"
#include "harness.h"
#include "serviceshape.h"

static void json_decref_p(json_t **v)
{
	json_decref(*v);
}
#define AUTO_JSON CLEANUP(json_decref_p)

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *v = json_loads(text, JSON_DECODE_ANY, &error);

	ck_assert_msg(v, "%s: %s", text, error.text);
	return v;
}

static json_t *known_networks(void)
{
	return parse("{\"n1\":\"app\",\"n2\":\"host\",\"pmauk8wkeswk3y2vsljb52fkr\":\"plain-ov\"}");
}

/* --- single members ------------------------------------------------------------------------ */

struct row {
	const char *where; /* in the service, of which the rest is a plain one */
	const char *value;
	const char *path;   /* in the shape */
	const char *wanted; /* JSON; NULL: absent; "?": unread */
};

#define C "Spec/TaskTemplate/ContainerSpec/"
#define L "Spec/TaskTemplate/Resources/Limits/"
#define P "Spec/TaskTemplate/RestartPolicy"
#define N "Spec/TaskTemplate/Networks"
#define E "Endpoint/Ports"
#define H "HostConfig/"

static const struct row rows[] = {
	{ NULL, NULL, "Id", "\"id1\"" },
	{ NULL, NULL, "Name", "\"web\"" },
	{ NULL, NULL, "State/Running", "false" },
	{ NULL, NULL, "Config/Image", "\"i:1\"" },
	{ NULL, NULL, "Service/Mode", "\"Replicated\"" },
	{ NULL, NULL, H "Privileged", NULL },
	{ NULL, NULL, H "ReadonlyRootfs", NULL },
	{ NULL, NULL, H "Memory", NULL },
	{ NULL, NULL, H "NetworkMode", "\"default\"" },
	{ NULL, NULL, H "SecurityOpt", "[]" },
	{ NULL, NULL, "Mounts", "[]" },
	{ NULL, NULL, "NetworkSettings/Networks", "{}" },
	{ NULL, NULL, "Config/Healthcheck", NULL },
	{ C "User", "\"1000\"", "Config/User", "\"1000\"" },
	{ C "Env", "[\"A=1\"]", "Config/Env", "[\"A=1\"]" },
	{ C "Args", "[\"x\"]", "Config/Cmd", "[\"x\"]" },
	{ C "Command", "[\"y\"]", "Config/Entrypoint", "[\"y\"]" },
	{ C "Labels", "{\"a\":\"b\"}", "Config/Labels/a", "\"b\"" },
	{ C "Healthcheck", "{\"Test\":[\"NONE\"]}", "Config/Healthcheck/Test/0", "\"NONE\"" },
	{ C "ReadOnly", "true", H "ReadonlyRootfs", "true" },
	{ C "ReadOnly", "\"true\"", H "ReadonlyRootfs", "\"true\"" },
	{ C "CapabilityAdd", "[\"ALL\"]", H "CapAdd", "[\"ALL\"]" },
	{ C "CapabilityDrop", "[\"ALL\"]", H "CapDrop", "[\"ALL\"]" },
	{ C "Ulimits", "[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}]", H "Ulimits/0/Hard", "2" },
	{ L "MemoryBytes", "5", H "Memory", "5" },
	{ L "NanoCPUs", "6", H "NanoCpus", "6" },
	{ L "Pids", "7", H "PidsLimit", "7" },
	/* restarts: nothing said is without end */
	{ NULL, NULL, H "RestartPolicy/Name", "\"any\"" },
	{ NULL, NULL, H "RestartPolicy/MaximumRetryCount", "0" },
	{ P, "null", H "RestartPolicy/Name", "\"any\"" },
	{ P, "{}", H "RestartPolicy/Name", "\"any\"" },
	{ P, "{\"Condition\":\"none\"}", H "RestartPolicy/Name", "\"no\"" },
	{ P, "{\"Condition\":\"any\",\"MaxAttempts\":3}", H "RestartPolicy/MaximumRetryCount",
	  "3" },
	{ P, "{\"Condition\":\"on-failure\",\"MaxAttempts\":3}", H "RestartPolicy/Name",
	  "\"on-failure\"" },
	{ P, "{\"Condition\":\"on-failure\",\"Window\":9}", H "RestartPolicy/Window", "9" },
	{ P, "{\"Condition\":\"odd\"}", H "RestartPolicy/Name", "\"odd\"" },
	{ P, "{\"MaxAttempts\":null}", H "RestartPolicy/MaximumRetryCount", "0" },
	{ P, "{\"MaxAttempts\":\"3\"}", H "RestartPolicy/MaximumRetryCount", "\"3\"" },
	/* rights */
	{ C "Privileges", "{\"NoNewPrivileges\":true}", H "SecurityOpt",
	  "[\"no-new-privileges=true\"]" },
	{ C "Privileges", "{\"NoNewPrivileges\":false}", H "SecurityOpt", "[]" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"unconfined\"}}", H "SecurityOpt/0",
	  "\"seccomp=unconfined\"" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"default\"}}", H "SecurityOpt", "[]" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"custom\",\"Profile\":\"e30=\"}}",
	  H "SecurityOpt/0", "\"seccomp={}\"" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"custom\",\"Profile\":\"?\"}}",
	  H "SecurityOpt/0", "\"seccomp=\"" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"custom\",\"Profile\":\"eyIA\"}}",
	  H "SecurityOpt/0", "\"seccomp=\"" },
	{ C "Privileges", "{\"Seccomp\":{\"Mode\":\"custom\",\"Profile\":\"/w==\"}}",
	  H "SecurityOpt/0", "\"seccomp=\"" },
	{ C "Privileges", "{\"AppArmor\":{\"Mode\":\"disabled\"}}", H "SecurityOpt/0",
	  "\"apparmor=unconfined\"" },
	{ C "Privileges", "{\"SELinuxContext\":{\"Disable\":true}}", H "SecurityOpt/0",
	  "\"label=disable\"" },
	{ C "Privileges", "{\"SELinuxContext\":{\"Type\":\"spc_t\"}}", H "SecurityOpt/0",
	  "\"label=type:spc_t\"" },
	/* mounts */
	{ C "Mounts", "[{\"Type\":\"bind\",\"Source\":\"/etc\",\"Target\":\"/e\"}]", "Mounts/0",
	  "{\"RW\":true,\"Type\":\"bind\",\"Destination\":\"/e\",\"Source\":\"/"
	  "etc\",\"Propagation\":\"\"}" },
	{ C "Mounts", "[{\"Type\":\"bind\",\"ReadOnly\":true}]", "Mounts/0/RW", "false" },
	{ C "Mounts", "[{\"Type\":\"bind\",\"BindOptions\":{\"Propagation\":\"rshared\"}}]",
	  "Mounts/0/Propagation", "\"rshared\"" },
	{ C "Mounts", "[{\"Type\":\"volume\",\"Source\":\"v\"}]", "Mounts/0/Name", "\"v\"" },
	{ C "Mounts", "[{\"Type\":\"volume\"}]", "Mounts/0/Driver", "\"local\"" },
	{ C "Mounts",
	  "[{\"Type\":\"volume\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"rexray\"}}}]",
	  "Mounts/0/Driver", "\"rexray\"" },
	{ C "Mounts",
	  "[{\"Type\":\"volume\",\"Source\":\"v\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
	  "{\"type\":\"none\",\"o\":\"ro,bind\",\"device\":\"/etc\"}}}}]",
	  "Mounts/0/Source", "\"/etc\"" },
	{ C "Mounts",
	  "[{\"Type\":\"volume\",\"Source\":\"v\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":"
	  "{\"type\":\"nfs\",\"o\":\"addr=1\"}}}}]",
	  "Mounts/0/Driver", "\"local (nfs)\"" },
	{ C "Mounts", "[{\"Type\":\"tmpfs\",\"Target\":\"/t\"}]", "Mounts/0/Destination",
	  "\"/t\"" },
	/* networks */
	{ N, "[{\"Target\":\"n1\"}]", H "NetworkMode", "\"app\"" },
	{ N, "[{\"Target\":\"n1\"}]", "NetworkSettings/Networks/app/NetworkID", "\"n1\"" },
	{ N, "[{\"Target\":\"n2\"}]", H "NetworkMode", "\"host\"" },
	{ N, "[{\"Target\":\"n1\"},{\"Target\":\"other\"}]", H "NetworkMode", "?" },
	{ N, "[{\"Target\":\"other\"}]", "NetworkSettings/Networks", "?" },
	{ N, "[{}]", H "NetworkMode", "?" },
	{ "Spec/Networks", "[{\"Target\":\"n1\"}]", H "NetworkMode", "\"app\"" },
	/* ports */
	{ E, "[{\"TargetPort\":80,\"PublishedPort\":8080,\"Protocol\":\"udp\"}]",
	  H "PortBindings/80~1udp", "[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"}]" },
	{ E, "[{\"TargetPort\":80,\"PublishedPort\":8080}]", "Config/ExposedPorts/80~1tcp", "{}" },
	{ E, "[{\"TargetPort\":80,\"PublishedPort\":8080}]", "NetworkSettings/Networks/ingress",
	  "{}" },
	{ E, "[{\"TargetPort\":80,\"PublishedPort\":8080,\"PublishMode\":\"host\"}]",
	  H "PortBindings/80~1tcp", "[{\"HostIp\":\"\",\"HostPort\":\"8080\"}]" },
	{ E, "[{\"TargetPort\":80,\"PublishMode\":\"host\"}]", H "PortBindings/80~1tcp/0/HostPort",
	  "\"\"" },
	{ E, "[{\"TargetPort\":80,\"PublishMode\":\"host\"}]", "NetworkSettings/Networks", "{}" },
	{ "Spec/EndpointSpec/Ports", "[{\"TargetPort\":80,\"PublishedPort\":443}]",
	  H "PortBindings/80~1tcp/0/HostPort", "\"443\"" },
	/* names of secrets */
	{ C "Secrets", "[{\"SecretName\":\"s\",\"SecretID\":\"x\"}]", "Service/Secrets",
	  "[\"s\"]" },
	{ C "Configs", "[{\"ConfigName\":\"c\"}]", "Service/Configs", "[\"c\"]" },
	/* what is no container, or not understood */
	{ "Spec/TaskTemplate/ContainerSpec", "null", "Config", "?" },
	{ "Spec/TaskTemplate/ContainerSpec", "[]", "HostConfig", "?" },
	{ "Spec/TaskTemplate", "\"x\"", "HostConfig", "?" },
	{ "Spec", "null", "State", "?" },
	{ "Spec", "7", "Mounts", "?" },
	{ C "Mounts", "{}", "Mounts", "?" },
	{ C "Mounts", "[7]", "Mounts", "?" },
	{ C "Mounts", "[{\"Type\":7}]", "Mounts", "?" },
	{ C "Mounts", "[{\"ReadOnly\":\"yes\"}]", "Mounts", "?" },
	{ C "Privileges", "[]", H "SecurityOpt", "?" },
	{ C "Privileges", "{\"Seccomp\":\"unconfined\"}", H "SecurityOpt", "?" },
	{ C "Privileges", "{\"NoNewPrivileges\":\"true\"}", H "SecurityOpt", "?" },
	{ C "Secrets", "{}", "Service", "?" },
	{ "Spec/TaskTemplate/Resources", "[]", H "Memory", "?" },
	{ "Spec/TaskTemplate/Resources/Limits", "5", H "Memory", "?" },
	{ P, "\"none\"", H "RestartPolicy", "?" },
	{ N, "{}", H "NetworkMode", "?" },
	{ N, "[\"n1\"]", H "NetworkMode", "?" },
	{ E, "{}", H "PortBindings", "?" },
	{ E, "[{\"TargetPort\":\"80\"}]", H "PortBindings", "?" },
	{ "Spec/EndpointSpec", "[]", H "PortBindings", "?" },
};

static void set(json_t *root, const char *path, json_t *value)
{
	const char *slash = strchr(path, '/');
	AUTO_FREE char *step = slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup(path);
	json_t *below = json_object_get(root, step);

	if (!slash) {
		json_object_set_new(root, step, value);
		return;
	}
	if (!below) {
		below = json_object();
		json_object_set_new(root, step, below);
	}
	set(below, slash + 1, value);
}

START_TEST(one_member)
{
	const struct row *row = &rows[_i];
	AUTO_JSON json_t *service = parse(
		"{\"ID\":\"id1\",\"CreatedAt\":\"t\",\"Spec\":{\"Name\":\"web\",\"Mode\":"
		"{\"Replicated\":{}},\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i:1\"}}}}");
	AUTO_JSON json_t *networks = known_networks();

	if (row->where)
		set(service, row->where, parse(row->value));
	AUTO_JSON json_t *shape = service_shape(service, networks);
	struct fact f = facts_find(shape, row->path);

	if (!row->wanted) {
		ck_assert_msg(f.state == FACT_ABSENT, "row %d: %s is there", _i, row->path);
	} else if (*row->wanted == '?') {
		ck_assert_msg(f.state == FACT_UNREAD, "row %d: %s is not unread", _i, row->path);
	} else {
		AUTO_JSON json_t *wanted = parse(row->wanted);
		AUTO_FREE char *got =
			f.state == FACT_KNOWN ? json_dumps(f.value, JSON_ENCODE_ANY) : NULL;

		ck_assert_msg(f.state == FACT_KNOWN && json_equal(f.value, wanted),
			      "row %d: %s is %s", _i, row->path,
			      got        ? got
			      : f.reason ? f.reason
					 : "absent");
	}
}
END_TEST

/* --- recorded ones ------------------------------------------------------------------------- */

static const char *const versions[] = { "20.10.24", "28.5.2" };

START_TEST(recorded_services)
{
	static const struct {
		const char *service, *path, *wanted;
	} facts[] = {
		{ "bounded", H "ReadonlyRootfs", "true" },
		{ "bounded", H "Memory", "67108864" },
		{ "bounded", H "CapDrop", "[\"ALL\"]" },
		{ "bounded", H "RestartPolicy/Name", "\"on-failure\"" },
		{ "bounded", H "RestartPolicy/MaximumRetryCount", "3" },
		{ "bounded", "Config/User", "\"1000\"" },
		{ "bounded", H "PortBindings", "{}" },
		{ "bounded", H "NetworkMode", "\"default\"" },
		{ "web", H "RestartPolicy/Name", "\"any\"" },
		{ "web", H "PortBindings/80~1tcp",
		  "[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8088\"}]" },
		{ "web", "Service/Secrets", "[\"sec1\"]" },
		{ "web", H "NetworkMode", "\"plain-ov\"" },
	};
	const char *srcdir = getenv("srcdir"); /* automake tells tests where the sources are */
	AUTO_FREE char *path =
		xasprintf("%s/tests/swarm/services-%s.json", srcdir ? srcdir : ".", versions[_i]);
	AUTO_JSON json_t *list = json_load_file(path, 0, NULL);
	AUTO_JSON json_t *networks = known_networks();
	size_t i, seen = 0;
	json_t *service;

	ck_assert_msg(json_array_size(list) == 2, "%s", path);
	json_object_set_new(networks, "jjk8jiqrdcff85v7jhacwxn3k", json_string("plain-ov"));
	json_array_foreach(list, i, service)
	{
		AUTO_JSON json_t *shape = service_shape(service, networks);
		const char *name = json_string_value(json_object_get(shape, "Name"));

		for (size_t k = 0; k < ARRAY_SIZE(facts); k++) {
			if (!streq(facts[k].service, name))
				continue;
			AUTO_JSON json_t *wanted = parse(facts[k].wanted);
			ck_assert_msg(json_equal(facts_find(shape, facts[k].path).value, wanted),
				      "%s: %s: %s", versions[_i], name, facts[k].path);
			seen++;
		}
	}
	ck_assert_uint_eq(seen, ARRAY_SIZE(facts));
}
END_TEST

/* --- the rest ------------------------------------------------------------------------------ */

static void count_id(const char *id, void *context)
{
	(void)id;
	++*(size_t *)context;
}

START_TEST(networks_named)
{
	static const struct {
		const char *service;
		size_t wanted;
	} cases[] = {
		{ "{\"Spec\":{\"TaskTemplate\":{\"Networks\":[{\"Target\":\"a\"},{\"Target\":\"b\"}"
		  "]}}}",
		  2 },
		{ "{\"Spec\":{\"Networks\":[{\"Target\":\"a\"},{},7,{\"Target\":8}]}}", 1 },
		{ "{\"Spec\":{\"TaskTemplate\":7}}", 0 },
		{ "[]", 0 },
		{ "null", 0 },
	};
	AUTO_JSON json_t *service = parse(cases[_i].service);
	size_t n = 0;

	service_networks(service, count_id, &n);
	ck_assert_uint_eq(n, cases[_i].wanted);
}
END_TEST

START_TEST(summaries)
{
	static const struct {
		const char *service, *wanted;
	} cases[] = {
		{ "{\"Spec\":{\"Name\":\"a\"}}", "{\"Name\":\"a\",\"Ports\":[]}" },
		{ "{\"Spec\":{\"Name\":\"a\",\"EndpointSpec\":{\"Ports\":[{\"TargetPort\":1}]}},"
		  "\"Endpoint\":{\"Ports\":[{\"TargetPort\":1}]}}",
		  "{\"Name\":\"a\",\"Ports\":[{\"TargetPort\":1}]}" },
		{ "{\"Endpoint\":{\"Ports\":{}}}",
		  "{\"Name\":\"\",\"Ports\":{\"$unread\":\"Ports is not understood\"}}" },
		{ "{}", "{\"Name\":\"\",\"Ports\":[]}" },
	};
	AUTO_JSON json_t *service = parse(cases[_i].service);
	AUTO_JSON json_t *got = service_summary(service);
	AUTO_JSON json_t *wanted = parse(cases[_i].wanted);

	ck_assert(json_equal(got, wanted));
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase = harness_group("serviceshape", &suite);

	tcase_add_loop_test(tcase, one_member, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(tcase, recorded_services, 0, (int)ARRAY_SIZE(versions));
	tcase_add_loop_test(tcase, networks_named, 0, 5);
	tcase_add_loop_test(tcase, summaries, 0, 4);
	return harness_run(suite);
}
