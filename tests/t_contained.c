/* SPDX-License-Identifier: Apache-2.0 */
/* t_contained.c: processes of containers, put together by what each may do and where it is. */
#include <errno.h>

#include "collector.h"
#include "contained.h"
#include "facts.h"
#include "harness.h"
#include "text.h"

#define ID_A  "1970e84bbaeae9b69291e38ddf981ff438f204f2607476c19a284539bee1d4bd"
#define ID_B  "2970e84bbaeae9b69291e38ddf981ff438f204f2607476c19a284539bee1d4bd"
#define GROUP "0::/system.slice/docker-" ID_A ".scope\n"

static char *host_ns[N_NAMESPACES] = { "net:[1]",  "pid:[1]", "ipc:[1]",   "uts:[1]",
				       "user:[1]", "mnt:[1]", "cgroup:[1]" };

/* What the kernel told of one process; NULL is what an ordinary one of container A says. */
struct told {
	const char *name, *state, *cap_eff, *start, *cgroup, *pid_ns, *label, *threads, *program;
	const char *broken; /* this part could not be read */
	int error;
};

static void add_part(struct text *t, const struct told *p, const char *name, const char *data)
{
	bool is_broken = p->broken && streq(p->broken, name);
	text_printf(t, "%s%c%d%c%zu%c%s", name, 0, is_broken ? p->error : 0, 0,
		    is_broken ? (size_t)0 : strlen(data), 0, is_broken ? "" : data);
}

static void answer_of(struct text *t, const struct told *p)
{
	AUTO_FREE char *status = xasprintf("Name:\t%s\nState:\t%s\nThreads:\t%s\nCapInh:"
					   "\t0\nCapPrm:\t0\nCapEff:\t%s\nCapBnd:\t0\n"
					   "CapAmb:\t0\nNoNewPrivs:\t1\nSeccomp:\t2\n",
					   p->name ?: "app", p->state ?: "S (sleeping)",
					   p->threads ?: "1", p->cap_eff ?: "00000000a80425fb");
	AUTO_FREE char *stat = xasprintf("7 (app) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %s 0",
					 p->start ?: "500");
	add_part(t, p, "status", status);
	add_part(t, p, "stat", stat);
	add_part(t, p, "cgroup", p->cgroup ?: GROUP);
	add_part(t, p, "attr/apparmor/current", p->label ?: "docker-default (enforce)\n");
	for (size_t i = 0; i < N_NAMESPACES; i++) {
		AUTO_FREE char *part = xasprintf("ns/%s", namespace_names[i]);
		AUTO_FREE char *own = xasprintf("%s:[2]", namespace_names[i]);
		add_part(t, p, part, i == 1 && p->pid_ns ? p->pid_ns : own);
	}
}

static bool add(struct contained *all, const struct told *p, const char *program)
{
	struct text t AUTO_TEXT = { 0 };
	answer_of(&t, p);
	return contained_add(all, t.s, t.len, program, host_ns);
}

static void assert_at(json_t *fact, const char *path, const char *expect)
{
	struct fact f = facts_find(fact, path);
	char *text = f.state == FACT_KNOWN    ? json_dumps(f.value, JSON_ENCODE_ANY | JSON_COMPACT)
		     : f.state == FACT_UNREAD ? xasprintf("unread: %s", f.reason)
					      : xstrdup("absent");
	ck_assert_msg(streq(text, expect), "%s: %s, not %s", path, text, expect);
	free(text);
}

/* Alike are one kind; what differs is another, and the one that began first is the first. */
START_TEST(kinds)
{
	struct contained *all = contained_new();
	ck_assert(add(all, &(struct told){ .start = "900" }, "/bin/a"));
	ck_assert(add(all, &(struct told){ .start = "400" }, "/bin/b"));
	ck_assert(add(all, &(struct told){ .start = "300", .cap_eff = "3" }, "/bin/c"));
	ck_assert(add(all, &(struct told){ .label = "unconfined\n" }, "/bin/d"));
	ck_assert(add(all, &(struct told){ .cgroup = "0::/x/" ID_B "\n" }, "/bin/e"));
	json_t *fact = contained_fact(all);
	ck_assert_uint_eq(json_array_size(fact), 2);
	assert_at(fact, "0/id", "\"" ID_A "\"");
	assert_at(fact, "0/processes", "4");
	assert_at(fact, "0/cut", "false");
	assert_at(fact, "0/first/program", "\"/bin/c\"");
	assert_at(fact, "0/first/capabilities", "3");
	assert_at(fact, "0/first/seccomp", "2");
	assert_at(fact, "0/first/no-new-privs", "1");
	assert_at(fact, "0/others/0/processes", "2");
	assert_at(fact, "0/others/0/program", "\"/bin/b\"");
	assert_at(fact, "0/others/0/label", "\"docker-default (enforce)\"");
	assert_at(fact, "0/others/0/namespaces/net", "{\"id\":\"net:[2]\",\"host\":false}");
	assert_at(fact, "0/others/1/label", "\"unconfined\"");
	ck_assert_ptr_null(facts_find(fact, "0/first/start").value);
	assert_at(fact, "1/id", "\"" ID_B "\"");
	json_decref(fact);
	contained_free(all);
}
END_TEST

/* Which container, and which processes are of none. */
static const struct {
	struct told told;
	bool is_added;
	const char *path, *expect;
} processes[] = {
	{ { .name = "runc:[2:INIT]" }, true, "0/first/starting", "true" },
	{ { .name = "runc" }, true, "0/first/starting", "false" },
	/* It only calls itself so. */
	{ { .name = "runc:[2:INIT]", .program = "/bin/evil" }, true, "0/first/starting", "false" },
	{ { .state = "Z (zombie)" }, false, "", "[]" },
	{ { .state = "X (dead)" }, false, "", "[]" },
	/* Its first thread ended, and the others go on. */
	{ { .state = "Z (zombie)", .threads = "2" }, true, "0/processes", "1" },
	{ { .cgroup = "0::/\n" }, true, "0/id", "\"pid:[2]\"" },
	{ { .cgroup = "0::/\n", .pid_ns = "pid:[1]" }, false, "", "[]" },
	{ { .pid_ns = "pid:[1]" }, true, "0/first/namespaces/pid/host", "true" },
	{ { .label = "a\xff\n" }, true, "0/first/label", "\"a?\"" },
	/* It ended while it was looked at. */
	{ { .broken = "status", .error = ESRCH }, false, "", "[]" },
	{ { .broken = "stat", .error = ENOENT }, false, "", "[]" },
	/* It did not, so the list is not whole. */
	{ { .broken = "status", .error = EACCES },
	  false,
	  "",
	  "{\"$unread\":\"EACCES: /proc/\xe2\x80\xa6/status\"}" },
	{ { .broken = "stat", .error = EIO },
	  false,
	  "",
	  "{\"$unread\":\"EIO: /proc/\xe2\x80\xa6/stat\"}" },
	{ { .broken = "cgroup", .error = EACCES, .pid_ns = "pid:[1]" },
	  false,
	  "",
	  "{\"$unread\":\"EACCES: /proc/\xe2\x80\xa6/cgroup\"}" },
	{ { .broken = "ns/pid", .error = EACCES, .cgroup = "0::/\n" },
	  false,
	  "",
	  "{\"$unread\":\"EACCES: /proc/\xe2\x80\xa6/ns/pid\"}" },
	/* Only what it says itself is not known. */
	{ { .broken = "ns/net", .error = EACCES },
	  true,
	  "0/first/namespaces/net",
	  "unread: EACCES: /proc/\xe2\x80\xa6/ns/net" },
	{ { .broken = "attr/apparmor/current", .error = EACCES },
	  true,
	  "0/first/label",
	  "unread: EACCES: /proc/\xe2\x80\xa6/attr/apparmor/current" },
};

START_TEST(process)
{
	struct contained *all = contained_new();
	ck_assert(add(all, &processes[_i].told, processes[_i].told.program ?: "/usr/bin/runc") ==
		  processes[_i].is_added);
	json_t *fact = contained_fact(all);
	if (*processes[_i].path) {
		assert_at(fact, processes[_i].path, processes[_i].expect);
	} else {
		char *text = json_dumps(fact, JSON_COMPACT);
		ck_assert_str_eq(text, processes[_i].expect);
		free(text);
	}
	json_decref(fact);
	contained_free(all);
}
END_TEST

/* Capabilities that the status does not have are not none. */
START_TEST(no_capabilities)
{
	static const char status[] = "Name:\ta\nState:\tR (running)\nCapPrm:\t0\n";
	struct told p = { 0 };
	struct text t AUTO_TEXT = { 0 };
	struct contained *all = contained_new();
	add_part(&t, &p, "status", status);
	add_part(&t, &p, "stat", "7 (a) S 1");
	add_part(&t, &p, "cgroup", GROUP);
	ck_assert(contained_add(all, t.s, t.len, "/bin/a", host_ns));
	json_t *fact = contained_fact(all);
	ck_assert_int_eq(facts_find(fact, "0/first/capabilities").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(fact, "0/first/label").state, FACT_UNREAD);
	ck_assert_int_eq(facts_find(fact, "0/first/namespaces/mnt").state, FACT_UNREAD);
	assert_at(fact, "0/first/seccomp", "absent");
	json_decref(fact);
	contained_free(all);
}
END_TEST

/* What the host's namespaces are may not be known; then it is not known whether they are shared. */
START_TEST(host_is_not_known)
{
	static char *none[N_NAMESPACES];
	struct told p = { .cgroup = "0::/\n" };
	struct text t AUTO_TEXT = { 0 }, u AUTO_TEXT = { 0 };
	struct contained *all = contained_new();
	answer_of(&t, &p);
	ck_assert(!contained_add(all, t.s, t.len, "/bin/a", none));
	p.cgroup = NULL;
	answer_of(&u, &p);
	ck_assert(contained_add(all, u.s, u.len, "/bin/a", none));
	json_t *fact = contained_fact(all);
	ck_assert_int_eq(facts_find(fact, "0/first/namespaces/pid/host").state, FACT_UNREAD);
	json_decref(fact);
	contained_free(all);
}
END_TEST

/* Cut off anywhere, nothing is read beyond the end, and no process is lost without a word. */
START_TEST(cut_off)
{
	struct text t AUTO_TEXT = { 0 };
	answer_of(&t, &(struct told){ 0 });
	for (size_t n = 0; n < t.len; n++) {
		struct contained *all = contained_new();
		char *cut = xalloc(n ? n : 1);
		memcpy(cut, t.s, n);
		bool is_added = contained_add(all, cut, n, "/bin/a", host_ns);
		json_t *fact = contained_fact(all);
		ck_assert(is_added == json_is_array(fact));
		json_decref(fact);
		free(cut);
		contained_free(all);
	}
}
END_TEST

/* More kinds, or more containers, than are kept. */
START_TEST(too_many)
{
	struct contained *all = contained_new();
	for (unsigned i = 0; i < 31; i++) {
		AUTO_FREE char *caps = xasprintf("%x", i);
		ck_assert(add(all, &(struct told){ .cap_eff = caps }, "/bin/a"));
	}
	json_t *fact = contained_fact(all);
	assert_at(fact, "0/cut", "true");
	assert_at(fact, "0/processes", "31");
	ck_assert_uint_eq(json_array_size(facts_find(fact, "0/others").value), 29);
	json_decref(fact);
	contained_free(all);

	all = contained_new();
	for (unsigned i = 0; i < 2001; i++) {
		AUTO_FREE char *group = xasprintf("0::/x/%064x\n", i);
		ck_assert(add(all, &(struct told){ .cgroup = group }, "/bin/a"));
	}
	fact = contained_fact(all);
	ck_assert(fact_is_unread(fact));
	json_decref(fact);
	contained_free(all);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *group = harness_group("contained", &suite);

	tcase_add_test(group, kinds);
	tcase_add_loop_test(group, process, 0, (int)ARRAY_SIZE(processes));
	tcase_add_test(group, no_capabilities);
	tcase_add_test(group, host_is_not_known);
	tcase_add_test(group, cut_off);
	tcase_add_test(group, too_many);
	return harness_run(suite);
}
