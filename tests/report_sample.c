/* SPDX-License-Identifier: Apache-2.0 */
/* report_sample.c: see report_sample.h. */
#include "report_sample.h"

#include "eval.h"

#define ESC "\x1b[31m"
#define CSI                                                                                        \
	"\xc2\x9b"                                                                                 \
	"31m"
#define RLO   "\xe2\x80\xae"
#define ZWSP  "\xe2\x80\x8b"
#define NOCHR "\xef\xbf\xbe"
#define LONE  "\xed\xa0\x80"
#define BAD   "\xff\xc0\xaf"
#define SEP   "\xe2\x80\xa8"
#define HOSTILE                                                                                    \
	"x" ESC CSI RLO ZWSP NOCHR LONE BAD SEP "\n::error::owned ##vso[task] "                    \
	"]]></failure>&\"'\\n"

const char *const sample_forbidden[] = {
	"\x1b[31m", "\xc2\x9b", RLO, ZWSP, NOCHR, "\xed\xa0", "\xff", "\xc0\xaf", SEP, "\n::", NULL,
};

static const struct sw_param no_params[] = { { 0 } };

static enum sw_verdict never_run(struct sw_eval *e)
{
	(void)e;
	return SW_UNKNOWN;
}

#define CHECK(id_, kind_, severity_, title_, wanted_, remedy_)                                     \
	{                                                                                          \
		.id = id_, .kind = kind_, .severity = severity_, .title = title_,                  \
		.wanted = wanted_, .remedy = remedy_,                                              \
		.why = "Otherwise somebody gets further than intended.", .fn = never_run,          \
		.params = no_params                                                                \
	}

static const struct sw_check checks[] = {
	CHECK("host.audit", SW_HOST, SW_MEDIUM, "The kernel audits what changes the engine",
	      "an audit rule for the file", "auditctl -w FILE -p wa"),
	CHECK("host.hardened", SW_HOST, SW_LOW, "The host itself is hardened", "a reviewed host",
	      "apply the benchmark of the distribution"),
	CHECK("engine.icc", SW_ENGINE, SW_MEDIUM,
	      "Containers on the default bridge cannot reach each other", "false",
	      "set \"icc\": false in /etc/docker/daemon.json\nsystemctl restart docker"),
	CHECK("engine.tls", SW_ENGINE, SW_CRITICAL, "The API on TCP verifies its clients",
	      "a verified client certificate on every TCP listener",
	      "remove -H tcp://… from the unit, or set tlsverify, tlscacert, tlscert and tlskey"),
	CHECK("container.privileged", SW_CONTAINER, SW_CRITICAL, "Containers are not privileged",
	      "false", "run without --privileged; add single capabilities or devices instead"),
	CHECK("container.memory", SW_CONTAINER, SW_LOW, "Containers have a memory limit", "a limit",
	      "docker run --memory 512m …\n# compose:\n    mem_limit: 512m"),
	CHECK("container.socket", SW_CONTAINER, SW_HIGH, "The engine's socket is not mounted",
	      "no mount of the socket", "remove the volume"),
	CHECK("image.user", SW_IMAGE, SW_MEDIUM, "Images name a user", "a user that is not root",
	      "USER app"),
};

enum { AUDIT, HARDENED, ICC, TLS, PRIVILEGED, MEMORY, SOCKET, USER };

static const struct {
	int profile;
	const char *ref, *group;
	int check, level;
	const char *assessment;
} rules[] = {
	{ 0, "1.1.3", "1", AUDIT, 1, "automated" }, { 0, "1.1.4", "1", AUDIT, 1, "manual" },
	{ 0, "1.1.5", "1", AUDIT, 1, "manual" },    { 0, "1.1.10", "1", AUDIT, 2, "automated" },
	{ 0, "1.2.1", "1", HARDENED, 1, "manual" }, { 0, "2.2", "2", ICC, 1, "manual" },
	{ 0, "2.5", "2", ICC, 1, "manual" },        { 0, "2.8", "2", TLS, 1, "manual" },
	{ 0, "2.15", "2", ICC, 1, NULL },           { 0, "2.16", "2", ICC, 0, "manual" },
	{ 0, "5.2", "5", MEMORY, 1, "automated" },  { 0, "5.5", "5", PRIVILEGED, 1, "manual" },
	{ 0, "5.10", "5", MEMORY, 1, "manual" },    { 0, "5.11", "5", MEMORY, 1, "manual" },
	{ 0, "5.26", "5", SOCKET, 1, "automated" }, { 0, "5.32", "5", SOCKET, 1, "automated" },
	{ 1, "H-1", "images", USER, 0, NULL },      { 1, "H-HOSTILE", "images", USER, 0, NULL },
	{ 1, "H-3", "elsewhere", AUDIT, 0, NULL },
};

static const struct group groups_cis[] = { { "1", "Host" },
					   { "2", "Docker daemon" },
					   { "5", "Containers" } };
static const struct group groups_house[] = { { "images", "Images" HOSTILE } };
static const struct selection selection = {
	.only = (const char *const[]){ "[125].*", "H-*", NULL },
	.skip = (const char *const[]){ "5.9" HOSTILE, NULL },
	.level = 2,
};

static const struct {
	const char *name, *project, *service;
	int running;
} containers[] = {
	{ "cache", "shop", "cache", 1 },
	{ "db", "shop", "db", 1 },
	{ "lonely-1", "lonely", "one", 1 },
	{ "web-1", "shop", "web", 1 },
	{ "web-2", "shop", "web", 0 },
	{ "stack_api.1.xyz", "\x1estack", "\x1estack_api", 1 },
	{ "stack_job.1.xyz", "\x1estack", "\x1estack_job", 1 },
	{ "traefik", NULL, NULL, 1 },
	{ "vanilla-app", NULL, NULL, 0 },
	{ HOSTILE, "p" HOSTILE, HOSTILE, 1 },
	{ "漢字-" HOSTILE, "p" HOSTILE, "svc", 1 },
	{ "::error::first in line", NULL, NULL, 1 },
};

enum { CONTAINERS = ARRAY_SIZE(containers), CROWD = 30 };

struct sample {
	struct report report; /* first: sample_free() finds the rest */
	json_t *kept;         /* array: all JSON of the report */
	struct profile profiles[2];
	struct profile *list[2];
	struct summary summaries[2];
	struct rule rules[2][ARRAY_SIZE(rules)];
	struct result results[ARRAY_SIZE(rules)];
	struct subject subjects[CONTAINERS + CROWD];
	struct subject host, engine, image;
	struct unread_section unread[3];
};

static json_t *keep(struct sample *s, json_t *value)
{
	json_array_append_new(s->kept, value);
	return value;
}

static json_t *labels_of(struct sample *s, const char *project, const char *service)
{
	json_t *labels = keep(s, json_object());
	bool is_stack = project[0] == '\x1e';
	project += is_stack;
	service += is_stack;
	json_object_set_new(labels,
			    is_stack ? "com.docker.stack.namespace" : "com.docker.compose.project",
			    json_stringn_nocheck(project, strlen(project)));
	json_object_set_new(
		labels, is_stack ? "com.docker.swarm.service.name" : "com.docker.compose.service",
		json_stringn_nocheck(service, strlen(service)));
	json_object_set_new_nocheck(labels, "k" HOSTILE, json_stringn_nocheck("v\0" HOSTILE, 5));
	return labels;
}

static void make_subjects(struct sample *s)
{
	struct arena *a = s->report.arena;

	s->host = (struct subject){ .kind = SW_HOST,
				    .id = "",
				    .name = "web-01",
				    .image = "",
				    .image_id = "",
				    .running = -1 };
	s->engine = s->host;
	s->engine.kind = SW_ENGINE;
	s->image = (struct subject){ .kind = SW_IMAGE,
				     .id = "sha256:5c1e7f8c8f1d5f6c9a0b",
				     .name = "",
				     .image = "",
				     .image_id = "sha256:5c1e7f8c8f1d5f6c9a0b",
				     .running = -1 };
	for (size_t i = 0; i < CONTAINERS + CROWD; i++) {
		struct subject *c = &s->subjects[i];
		*c = (struct subject){ .kind = SW_CONTAINER,
				       .running = 1,
				       .image = "busybox:" HOSTILE };
		c->id = arena_printf(a, "%064zx", i + 1);
		c->image_id = arena_printf(a, "sha256:%064zx", i + 99);
		c->name = i < CONTAINERS ? containers[i].name
					 : arena_printf(a, "crowd-%02zu", i - CONTAINERS);
		if (i < CONTAINERS)
			c->running = containers[i].running;
		if (i < CONTAINERS && containers[i].project)
			c->labels = labels_of(s, containers[i].project, containers[i].service);
	}
	s->subjects[0].labels_cut = true;
}

static void make_profiles(struct sample *s)
{
	s->profiles[0] = (struct profile){
		.id = "cis-docker-1.8.0",
		.title = "CIS Docker Benchmark",
		.version = "1.8.0",
		.source = "built-in",
		.n_defined = 118,
		.rules = s->rules[0],
		.groups = (struct group *)(uintptr_t)groups_cis,
		.n_groups = ARRAY_SIZE(groups_cis),
	};
	s->profiles[1] = (struct profile){
		.id = "house",
		.title = "House rules " HOSTILE,
		.version = "7",
		.source = "/etc/seaworthy/profiles/house.yaml",
		.n_defined = 3,
		.rules = s->rules[1],
		.groups = (struct group *)(uintptr_t)groups_house,
		.n_groups = ARRAY_SIZE(groups_house),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		struct profile *p = &s->profiles[rules[i].profile];
		const struct sw_check *check = &checks[rules[i].check];
		struct rule *rule = &p->rules[p->n_rules++];
		*rule = (struct rule){
			.profile = p,
			.ref = rules[i].ref,
			.group = rules[i].group,
			.title = check->title,
			.level = rules[i].level,
			.assessment = rules[i].assessment,
			.check = check,
			.selected = true,
		};
		s->results[i].rule = rule;
	}
	s->rules[0][0].params =
		keep(s, json_pack("{s:b, s:[s], s:n}", "strict", 1, "allowed", "a", "none"));
}

static struct result *result_of(struct sample *s, const char *ref)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->results); i++)
		if (streq(s->results[i].rule->ref, ref))
			return &s->results[i];
	abort();
}

static struct finding *add(struct sample *s, const char *ref, const struct subject *subject,
			   enum sw_verdict verdict, const char *reason)
{
	struct result *res = result_of(s, ref);
	if (res->n_findings == res->cap_findings) {
		res->cap_findings = res->cap_findings ? 2 * res->cap_findings : 8;
		res->findings = xrealloc(res->findings, res->cap_findings * sizeof(*res->findings));
	}
	struct finding *f = &res->findings[res->n_findings++];
	*f = (struct finding){ .subject = subject, .verdict = verdict, .reason = reason };
	return f;
}

static void add_evidence(struct sample *s, struct finding *f, const char *source, const char *path,
			 const char *value)
{
	struct evidence *list = arena_alloc(s->report.arena, (f->n_evidence + 1) * sizeof(*list));
	for (size_t i = 0; i < f->n_evidence; i++)
		list[i] = f->evidence[i];
	list[f->n_evidence++] = (struct evidence){ source, path, value };
	f->evidence = list;
}

static void judge_host(struct sample *s)
{
	static const struct {
		const char *ref, *path, *why;
	} unknowns[] = {
		{ "1.1.3", "@host/audit/dockerd", "EPERM: CAP_AUDIT_CONTROL is needed" },
		{ "1.1.4", "@host/audit/containerd", "EPERM: CAP_AUDIT_CONTROL is needed" },
		{ "1.1.5", "@host/audit/data-root", "EACCES: /var/lib/docker" },
		{ "1.1.10", "@host/audit/defaults", "EPERM: CAP_AUDIT_CONTROL is needed" HOSTILE },
	};
	for (size_t i = 0; i < ARRAY_SIZE(unknowns); i++) {
		const char *reason =
			arena_printf(s->report.arena, "%s: %s", unknowns[i].path, unknowns[i].why);
		struct finding *f = add(s, unknowns[i].ref, &s->host, SW_UNKNOWN, reason);
		add_evidence(s, f, "audit rules of the kernel", unknowns[i].path, NULL);
	}
	add(s, "1.2.1", &s->host, SW_WARN,
	    "look at the report of the host's own benchmark " HOSTILE);
	add(s, "H-3", &s->host, SW_PASS, "");
}

static void judge_engine(struct sample *s)
{
	struct finding *f =
		add(s, "2.2", &s->engine, SW_FAIL,
		    "enable_icc is true; daemon.json says false, not in force until a restart");
	add_evidence(s, f, "GET /networks",
		     "networks/bridge/Options/com.docker.network.bridge.enable_icc", "\"true\"");
	add_evidence(s, f, "/etc/docker/daemon.json", "daemon-json/content/icc", "false");
	add_evidence(s, f, "", "effective/icc",
		     "{\"value\":1.5,\"list\":[1,null,{\"a\":[]}],\"empty\":{}}");

	f = add(s, "2.5", &s->engine, SW_UNKNOWN, "info: ETIMEDOUT: no reply within 10 s");
	add_evidence(s, f, "GET /info", "info", NULL);
	f = add(s, "2.8", &s->engine, SW_FAIL, "tcp://0.0.0.0:2375 does not verify its clients");
	add_evidence(s, f, "command line of dockerd (pid 812)", "process/Args",
		     "[\"dockerd\",\"-H\",\"tcp://"
		     "0.0.0.0:2375\",\"\\u0000\xe2\x80\xae\xf0\x9f\x98\x80\"]");
	add_evidence(s, f, "GET /info" HOSTILE, HOSTILE, "this is {no JSON" HOSTILE);
	add_evidence(s, f, "stat", "files/~1etc~1docker~1old~0~01/a~0b/mode", "420");
	add(s, "2.15", &s->engine, SW_PASS, "");
	add(s, "2.16", &s->engine, SW_SKIP, "a swarm manager cannot use it");
}

static void judge_containers(struct sample *s)
{
	for (size_t i = 0; i < CONTAINERS; i++) {
		const struct subject *c = &s->subjects[i];
		bool is_bad = i != 4 && i != 7;
		struct finding *f = add(s, "5.5", c, is_bad ? SW_FAIL : SW_PASS,
					is_bad ? "started with --privileged" : "");
		const char *source =
			arena_printf(s->report.arena, "GET /containers/%s/json", c->id);
		add_evidence(s, f, source, "HostConfig/Privileged", is_bad ? "true" : "false");

		add(s, "5.2", c, i == 3 ? SW_PASS : SW_FAIL,
		    arena_printf(s->report.arena, "runs unconfined as %s",
				 i < 6 ? c->name : "everybody"));
		add(s, "5.11", c, SW_PASS, HOSTILE);
	}
	for (size_t i = CONTAINERS; i < CONTAINERS + CROWD; i++)
		add(s, "5.10", &s->subjects[i], SW_FAIL, "no memory limit");

	static const struct waiver by_hand = { "the proxy reads events, OPS-41" HOSTILE, "ops",
					       "2027-01-31" };
	static const struct waiver *const waived = &by_hand;
	add(s, "5.32", &s->subjects[7], SW_FAIL, "/var/run/docker.sock is mounted")->waiver =
		waived;
	add(s, "5.32", &s->subjects[8], SW_PASS, "");
	add(s, "5.26", &s->subjects[0], SW_FAIL, "/var/run is mounted");
	add(s, "5.26", &s->subjects[7], SW_FAIL, "/var/run/docker.sock is mounted")->waiver =
		waived;
	add(s, "5.26", &s->subjects[8], SW_UNKNOWN, "Sources: ENOENT: /srv");
	add(s, "5.26", &s->subjects[9], SW_WARN, "a socket of unknown use: /run/" HOSTILE);
}

static void judge_images(struct sample *s)
{
	add(s, "H-1", &s->image, SW_FAIL, "Config.User is empty");
	add(s, "H-HOSTILE", &s->image, SW_FAIL, HOSTILE);
}

static void sum_up(struct sample *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(s->results); i++) {
		struct result *res = &s->results[i];
		size_t waived = 0;
		res->verdict = SW_SKIP;
		for (size_t k = 0; k < res->n_findings; k++) {
			const struct finding *f = &res->findings[k];
			res->verdict = verdict_worse(res->verdict, f->verdict);
			res->counts[f->verdict]++;
			waived += f->waiver != NULL;
		}
		res->waived = waived > 0 && waived == res->counts[SW_FAIL];
		res->reason = res->n_findings == 1
				      ? res->findings[0].reason
				      : arena_printf(s->report.arena, "%zu of %zu: %s",
						     res->counts[res->verdict], res->n_findings,
						     res->findings[0].reason);
		struct summary *both[] = { &s->summaries[rules[i].profile], &s->report.summary };
		for (size_t k = 0; k < ARRAY_SIZE(both); k++) {
			both[k]->waived += res->waived;
			both[k]->count[res->verdict] += !res->waived;
		}
	}
}

static const struct target target = {
	.kind = "live",
	.hostname = "web-01" HOSTILE,
	.os_id = "debian",
	.os_version = "12",
	.os_name = "Debian GNU/Linux 12 (bookworm)",
	.kernel = "6.1.0-18-amd64",
	.arch = "x86_64",
	.machine = "8f1b6a3c5d2e4907",
	.has_engine = true,
	.engine_name = "Docker",
	.engine_version = "27.3.1",
	.engine_api = "1.47",
	.endpoint = "unix:///run/docker.sock",
	.endpoint_why = "default",
	.rootless = 0,
	.local = -1,
	.containers = CONTAINERS + CROWD,
	.running = CONTAINERS + CROWD - 2,
	.images = 9,
};

static const char *const tailoring[] = { "/etc/seaworthy/tailoring.d/" HOSTILE, NULL };
static struct warning warnings[] = {
	{ "waive.yaml:3:5", "the waiver of 5.5 (ops) expired" },
	{ "waive.yaml:9:5", HOSTILE },
};

static struct missing left_out[] = {
	{ "1.2", "there is no such partition" },
	{ "2.6", HOSTILE },
	{ "3.1", "a" },
	{ "3.2", "b" },
	{ "3.3", "c" },
};

static void fill_report(struct sample *s)
{
	struct report *r = &s->report;
	r->tool_version = "0.1.0";
	r->started = "2026-11-22T04:00:00Z";
	r->finished = "2026-11-22T04:00:01Z";
	r->now = "2026-12-24";
	r->took = 0.0449;
	r->complete = true;
	r->missing_privilege = "as root 4 more rules could be told " HOSTILE;
	r->target = target;
	r->selection = &selection;
	r->profiles = s->list;
	r->n_profiles = 2;
	r->profile_summaries = s->summaries;
	r->results = s->results;
	r->n_results = ARRAY_SIZE(s->results);
	r->fail_on = "low";
	r->exit_status = 1;
	s->unread[0] =
		(struct unread_section){ "host/audit", "EPERM: CAP_AUDIT_CONTROL is needed" };
	s->unread[1] = (struct unread_section){ "engine/certs", HOSTILE };
	s->unread[2] =
		(struct unread_section){ "host/units", "EPERM: CAP_AUDIT_CONTROL is needed" };
	r->unread = s->unread;
	r->n_unread = ARRAY_SIZE(s->unread);
	s->profiles[0].left_out = left_out;
	s->profiles[0].n_left_out = ARRAY_SIZE(left_out);
	r->tailoring = tailoring;
	r->warnings = (struct warnings){ warnings, ARRAY_SIZE(warnings) };
}

struct report *sample_new(void)
{
	struct sample *s = xalloc(sizeof(*s));
	s->report.arena = arena_new();
	s->kept = json_array();
	s->list[0] = &s->profiles[0];
	s->list[1] = &s->profiles[1];
	make_subjects(s);
	make_profiles(s);
	judge_host(s);
	judge_engine(s);
	judge_containers(s);
	judge_images(s);
	sum_up(s);
	fill_report(s);
	return &s->report;
}

void sample_free(struct report *r)
{
	struct sample *s = (struct sample *)r;
	for (size_t i = 0; i < ARRAY_SIZE(s->results); i++)
		free(s->results[i].findings);
	json_decref(s->kept);
	arena_free(r->arena);
	free(s);
}
