/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor.c: doctor: what this run can and cannot read, and why; and what each process may do.
 */
#include <errno.h>

#include "commands.h"
#include "err.h"
#include "facts.h"
#include "priv.h"
#include "run.h"
#include "text.h"

struct doctor {
	const struct options *o;
	size_t n_unread;
	char *own; /* what the reader may do, told before it is shut in */
};

static void print_line(bool is_good, const char *name, const char *text)
{
	AUTO_FREE char *safe = clean_for_log(text);
	AUTO_FREE char *safe_name = clean_for_log(name);
	printf("  %-4s  %-22s %s\n", is_good ? "ok" : "NO", safe_name, safe);
}

static void indent(const char *text)
{
	AUTO_FREE char *copy = xstrdup(text);
	char *next = copy, *line;
	while ((line = strsep(&next, "\n")))
		if (*line)
			printf("        %s\n", line);
}

static void print_processes(struct run *run, const char *own)
{
	struct answer answer;
	printf("fetcher (asks, and understands nothing of the answers)\n");
	ask_now(run->asker, FETCH_PRIVILEGE, 0, "", &answer);
	indent(answer.data);
	answer_done(&answer);
	printf("reader (understands, and can open nothing)\n");
	indent(own);
	printf("        landlock %s, system call filter %s, no_new_privs %s\n",
	       run->sandbox.landlock ? "on" : "off", run->sandbox.seccomp ? "on" : "off",
	       run->sandbox.no_new_privs ? "on" : "off");
	if (*run->sandbox.why)
		printf("        %s\n", run->sandbox.why);
}

/* How many there are in a record, of which the first few are told. */
static size_t print_unread_below(const char *where, json_t *value, size_t n)
{
	enum { SHOWN = 8 };
	const char *key, *reason = fact_reason(value);
	json_t *member;
	size_t i;
	if (reason) {
		if (n < SHOWN)
			print_line(false, where, reason);
		return n + 1;
	}
	json_object_foreach(value, key, member)
	{
		AUTO_FREE char *below = xasprintf("%s/%s", where, key);
		n = print_unread_below(below, member, n);
	}
	json_array_foreach(value, i, member)
	{
		AUTO_FREE char *below = xasprintf("%s/%zu", where, i);
		n = print_unread_below(below, member, n);
	}
	return n;
}

static void take_record(const char *kind, const char *id, json_t *body, void *context)
{
	struct doctor *d = context;
	AUTO_FREE char *name = xasprintf("%s/%s", kind, id);
	if (streq(kind, "population")) {
		const char *error = json_string_value(json_object_get(body, "error"));
		AUTO_FREE char *count =
			xasprintf("%lld listed, %lld read, %lld gone meanwhile",
				  (long long)json_integer_value(json_object_get(body, "listed")),
				  (long long)json_integer_value(json_object_get(body, "delivered")),
				  (long long)json_integer_value(json_object_get(body, "gone")));
		print_line(!error, id, error ? error : count);
		d->n_unread += error != NULL;
		return;
	}
	if (!streq(kind, "host") && !streq(kind, "engine"))
		return;
	size_t n = print_unread_below(name, body, 0);
	if (n == 0)
		print_line(true, name, "");
	d->n_unread += n;
}

static int prepare(struct run *run, void *context)
{
	struct doctor *d = context;
	d->own = priv_describe();
	run->needs = SW_NEEDS_IMAGES | SW_NEEDS_VOLUMES | SW_NEEDS_PLUGINS | SW_NEEDS_KERNEL |
		     SW_NEEDS_AUDIT;
	run->kinds = 1u << SW_CONTAINER;
	return 0;
}

static int work(struct run *run, void *context)
{
	struct doctor *d = context;
	struct collect_options o = run_collect_options(run);
	print_processes(run, d->own);
	if (run->live)
		printf("engine  %s (%s)\n", run->endpoint.url ? run->endpoint.url : "none",
		       run->endpoint.why ? run->endpoint.why : "");
	else
		printf("a tree that is not running: nothing is asked of an engine or a kernel\n");
	o.record = take_record;
	o.context = d;
	collect_all(run->asker, &o);
	if (d->n_unread > 0)
		printf("%zu facts cannot be read%s\n", d->n_unread,
		       run->is_privileged ? "" : "; run as root to read more");
	else
		printf("all of these can be read\n");
	free(d->own);
	struct err err = { 0 };
	if (err_flush_stdout(&err) < 0)
		return err_complain(&err);
	return d->n_unread > 0 ? 3 : 0;
}

int cmd_doctor(const struct options *o)
{
	struct doctor d = { .o = o };
	if (o->rest.n > 0) {
		struct err err = { 0 };
		err_set(&err, -EINVAL, "doctor takes no '%s'; see seaworthy doctor --help",
			o->rest.v[0]);
		return err_complain(&err);
	}
	return run_processes(o,
			     &(struct run_work){ .prepare = prepare, .work = work, .context = &d });
}
