/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_audit.c: which audit rules are loaded, and which ones files would load.
 *
 *   host/audit: {"enabled":1,"immutable":false,"failure":1,"pid":512,"rate_limit":0,
 *     "backlog_limit":8192,"lost":0,"backlog":0,"loginuid_immutable":false,"rules":[rules in the
 * order they are tried]} host/audit-files: {"rules.d": SET, "audit.rules": SET}, each of them
 *     {"files":[paths in their order],"rules":[…],"errors":[{"file","line","error"}],
 *      "settings":{"enabled":2,…}}
 *   engine/host-files: only of an engine with a root of its own: what the paths of engine/files are
 *     in the audited root, which is where the rules look.
 *
 * A rule's form is told in auditrules.h.
 */
#include <linux/audit.h>
#include <sys/utsname.h>
#include <time.h>

#include "audit.h"
#include "auditset.h"
#include "collector.h"

enum { FILES_MAX = 1000, TEXT_MAX = 16 << 20, AHEAD_MAX = 8 };

static const char rules_dir[] = "/etc/audit/rules.d";
static const char rules_file[] = "/etc/audit/audit.rules";

struct collection {
	struct collector *c;
	const struct auditarch *machine;
	json_t *stats; /* what paths are, by path */
};

static const struct auditarch *machine_of(struct collector *c)
{
	struct utsname u;
	struct fact f = facts_find(c->world, "host/kernel/machine");
	if (f.state == FACT_KNOWN && json_is_string(f.value))
		return auditarch_find(json_string_value(f.value));
	return uname(&u) == 0 ? auditarch_find(u.machine) : NULL;
}

/* --- what a rule watches -------------------------------------------------------------------------
 */

static const json_t *stat_once(struct collection *k, const char *path)
{
	json_t *known = json_object_get(k->stats, path);
	if (known)
		return known;
	json_object_set_new(k->stats, path, stat_path(k->c, FETCH_BASE_ROOT, path));
	return json_object_get(k->stats, path);
}

/* The folder that holds it is followed, a link at the end is not: as the kernel looks it up. */
static char *real_entry(struct collection *k, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	AUTO_FREE char *dir =
		name == path + 1 ? xstrdup("/") : xstrndup(path, (size_t)(name - path - 1));
	const char *real = json_string_value(json_object_get(stat_once(k, dir), "path"));
	if (!real)
		return NULL;
	return xasprintf("%s/%s", streq(real, "/") ? "" : real, name);
}

static void resolve(struct collection *k, json_t *rule)
{
	const char *path = json_string_value(json_object_get(rule, "path"));
	json_t *recursive = json_object_get(rule, "recursive");
	if (!path)
		return;
	if (json_is_null(recursive)) {
		const char *type = json_string_value(json_object_get(stat_once(k, path), "type"));
		json_object_set_new(rule, "recursive", json_boolean(type && streq(type, "dir")));
	}
	if (json_is_true(json_object_get(rule, "recursive")) || streq(path, "/")) {
		json_object_set(rule, "real", json_object_get(stat_once(k, path), "path"));
		return;
	}
	AUTO_FREE char *real = real_entry(k, path);
	if (real)
		json_object_set_new(rule, "real", json_string(real));
}

/* Of a folder that is younger than the boot: when it was made. The rule may be of another one. */
static json_t *made_fact(struct collector *c, const char *path)
{
	struct answer answer;
	struct fetch_stat st;
	struct timespec boot, now;
	ask_now(c->asker, FETCH_STAT, FETCH_BASE_ROOT, path, &answer);
	AUTO_FREE char *why = answer_trouble(&answer);
	bool is_told = !why && answer.len >= sizeof(st);
	if (is_told)
		memcpy(&st, answer.data, sizeof(st));
	answer_done(&answer);
	if (!is_told || st.btime_ns == INT64_MIN)
		return fact_unread("when %s was made: %s", path,
				   why ? why : "its file system does not tell");
	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_REALTIME, &now);
	time_t made = st.btime_ns / 1000000000;
	char text[40];
	struct tm tm;
	if (made <= now.tv_sec - boot.tv_sec)
		return NULL;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&made, &tm));
	return json_string(text);
}

static void tell_age(struct collection *k, json_t *rule)
{
	const char *path = json_string_value(json_object_get(rule, "path"));
	json_t *made = path && json_is_true(json_object_get(rule, "recursive"))
			       ? made_fact(k->c, path)
			       : NULL;
	if (made)
		json_object_set_new(rule, "made", made);
}

/* --- loaded --------------------------------------------------------------------------------------
 */

/* The next part of the dump; false at its end or where it is broken. */
static bool next_part(const char **p, const char *end, const char **ret, size_t *ret_len)
{
	uint32_t n;
	if ((size_t)(end - *p) < sizeof(n))
		return false;
	memcpy(&n, *p, sizeof(n));
	*p += sizeof(n);
	if (n > (size_t)(end - *p))
		return false;
	*ret = *p;
	*ret_len = n;
	*p += n;
	return true;
}

static json_t *status_fact(const char *data, size_t n)
{
	struct {
		uint32_t mask, enabled, failure, pid, rate_limit, backlog_limit, lost, backlog;
	} s;
	if (n < sizeof(s))
		return NULL;
	memcpy(&s, data, sizeof(s));
	return json_pack("{sI sb sI sI sI sI sI sI}", "enabled", (json_int_t)s.enabled, "immutable",
			 s.enabled == 2, "failure", (json_int_t)s.failure, "pid", (json_int_t)s.pid,
			 "rate_limit", (json_int_t)s.rate_limit, "backlog_limit",
			 (json_int_t)s.backlog_limit, "lost", (json_int_t)s.lost, "backlog",
			 (json_int_t)s.backlog);
}

static json_t *login_ids_fact(const char *data, size_t n)
{
	struct audit_features f;
	if (n < sizeof(f))
		return fact_unread("the kernel does not tell its audit's features");
	memcpy(&f, data, sizeof(f));
	return json_boolean(f.features & AUDIT_FEATURE_TO_MASK(AUDIT_FEATURE_LOGINUID_IMMUTABLE));
}

/* One rule that is not understood might be the one that takes all events away: then none is known.
 */
static json_t *loaded_rules(struct collection *k, const char *p, const char *end)
{
	json_t *rules = json_array();
	const char *data;
	size_t n;
	while (next_part(&p, end, &data, &n)) {
		AUTO_RULE struct auditrule rule = { 0 };
		CLEANUP(err_done) struct err err = { 0 };
		if (auditrule_from_kernel(data, n, &rule, &err) < 0) {
			json_t *unread =
				fact_unread("rule %zu: %s", json_array_size(rules) + 1, err.text);
			json_decref(rules);
			return unread;
		}
		json_t *fact = auditrule_json(&rule, k->machine);
		resolve(k, fact);
		tell_age(k, fact);
		json_array_append_new(rules, fact);
	}
	if (p == end)
		return rules;
	json_decref(rules);
	return fact_unread("the list of rules is cut off");
}

static json_t *loaded(struct collection *k)
{
	struct answer answer;
	const char *data;
	size_t n;
	if (!k->c->o->live)
		return fact_unread(NEEDS_RUNNING);
	ask_now(k->c->asker, FETCH_AUDIT, 0, "", &answer);
	AUTO_FREE char *why = answer_trouble(&answer);
	const char *p = answer.data, *end = answer.data + answer.len;
	json_t *fact = why || !next_part(&p, end, &data, &n) ? NULL : status_fact(data, n);
	if (fact && next_part(&p, end, &data, &n)) {
		json_object_set_new(fact, "loginuid_immutable", login_ids_fact(data, n));
		json_object_set_new(fact, "rules", loaded_rules(k, p, end));
	} else if (fact) {
		json_decref(fact);
		fact = NULL;
	}
	answer_done(&answer);
	return fact ? fact : fact_unread("%s", why ? why : "the answer is too short");
}

/* --- configured ----------------------------------------------------------------------------------
 */

struct names {
	char *names[FILES_MAX];
	size_t n, all;
};

static void add_name(char type, const char *name, void *context)
{
	struct names *list = context;
	if (type == 'd' || *name == '.' || !ends_with(name, ".rules"))
		return;
	list->all++;
	if (list->n < FILES_MAX)
		list->names[list->n++] = xstrdup(name);
}

static int by_version(const void *a, const void *b)
{
	return auditfile_compare(*(char *const *)a, *(char *const *)b);
}

/* Reads one file into the set; false with the reason. A file that is not there says nothing. */
static bool read_rules(struct collection *k, struct auditset *s, json_t *files, const char *path,
		       size_t *total, char **ret_why)
{
	size_t n;
	AUTO_FREE char *why = NULL;
	AUTO_FREE char *text = read_file(k->c, FETCH_BASE_ROOT, path, &n, &why);
	if (!text && !*why)
		return true;
	json_array_append_new(files, json_string(path));
	*total += text ? n : 0;
	if (!text)
		*ret_why = xasprintf("%s: %s", path, why);
	else if (*total > TEXT_MAX)
		*ret_why = xasprintf("%s: the rule files are too large", path);
	else
		auditset_read(s, path, text, n);
	if (s->is_cut && !*ret_why)
		*ret_why = xasprintf("%s: too many rules", path);
	return !*ret_why;
}

/* The set as a fact; takes files. */
static json_t *set_fact(struct collection *k, struct auditset *s, json_t *files, const char *why)
{
	json_t *rule;
	size_t i;
	if (why) {
		json_decref(files);
		return fact_unread("%s", why);
	}
	json_array_foreach(s->rules, i, rule) resolve(k, rule);
	return json_pack("{so sO sO sO}", "files", files, "rules", s->rules, "errors", s->errors,
			 "settings", s->settings);
}

static json_t *merged(struct collection *k)
{
	AUTO_FREE struct names *list = xalloc(sizeof(*list));
	struct auditset s CLEANUP(auditset_done) = { 0 };
	AUTO_FREE char *why = NULL;
	size_t total = 0;
	json_t *files = json_array();
	bool is_good = true;
	auditset_init(&s, k->machine, true);
	if (!list_folder(k->c, FETCH_BASE_ROOT, rules_dir, add_name, list, &why) && !*why) {
		free(why);
		why = NULL;
	} else if (!why && list->all > FILES_MAX) {
		why = xasprintf("%s: more than %d files", rules_dir, FILES_MAX);
	}
	is_good = !why;
	qsort(list->names, list->n, sizeof(*list->names), by_version);
	for (size_t i = 0; i < list->n && i < AHEAD_MAX; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", rules_dir, list->names[i]);
		ask_ahead(k->c->asker, FETCH_READ, FETCH_BASE_ROOT, path);
	}
	for (size_t i = 0; i < list->n; i++) {
		AUTO_FREE char *path = xasprintf("%s/%s", rules_dir, list->names[i]);
		is_good = is_good && read_rules(k, &s, files, path, &total, &why);
		free(list->names[i]);
	}
	return set_fact(k, &s, files, why);
}

static json_t *compiled(struct collection *k)
{
	struct auditset s CLEANUP(auditset_done) = { 0 };
	AUTO_FREE char *why = NULL;
	size_t total = 0;
	json_t *files = json_array();
	auditset_init(&s, k->machine, false);
	read_rules(k, &s, files, rules_file, &total, &why);
	return set_fact(k, &s, files, why);
}

static json_t *host_files(struct collector *c)
{
	struct fact f = facts_find(c->world, "engine/files");
	json_t *files = json_object(), *value;
	const char *path;
	json_object_foreach(f.value, path, value)
		ask_ahead(c->asker, FETCH_STAT, FETCH_BASE_ROOT, path);
	json_object_foreach(f.value, path, value)
		json_object_set_new(files, path, stat_path(c, FETCH_BASE_ROOT, path));
	return files;
}

/* What the paths of engine/files are in the audited root. */
void collect_host_files(struct collector *c)
{
	if (c->own_root)
		collect_engine_section(c, "host-files", host_files(c));
}

/* Not the kernel's rules: its answer comes by a thread of its own, for which the fetcher waits. */
void collect_audit_ahead(struct collector *c)
{
	ask_ahead(c->asker, FETCH_LIST, FETCH_BASE_ROOT, rules_dir);
	ask_ahead(c->asker, FETCH_READ, FETCH_BASE_ROOT, rules_file);
}

void collect_audit(struct collector *c)
{
	struct collection k = { .c = c, .machine = machine_of(c), .stats = json_object() };
	collect_host_section(c, "audit", loaded(&k));
	json_t *from_dir = merged(&k);
	collect_host_section(
		c, "audit-files",
		json_pack("{so so}", "rules.d", from_dir, "audit.rules", compiled(&k)));
	json_decref(k.stats);
}
