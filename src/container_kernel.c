/* SPDX-License-Identifier: Apache-2.0 */
/* container_kernel.c: what the kernel says of a container, once its process is proven to be its
 * own. */
#include "containers.h"
#include "kernelfacts.h"
#include "procparse.h"
#include "record.h"

static void take_exes(struct answer *answer, void *context)
{
	struct errand *e = context;
	json_t *list = json_object_get(e->into, "Processes");
	if (answer->error)
		json_object_set_new(e->into, "Processes",
				    fact_unread("%s", errno_name(answer->error)));
	else if (json_is_array(list))
		kernel_add_processes(list, answer->data, answer->len);
	container_errand_done(e);
}

/* Is it the container's first process and no other, of which the rest was asked already? */
static bool is_alone(const struct container *k, const char *lines)
{
	char line[24];
	snprintf(line, sizeof(line), "%lld\n", (long long)k->pid);
	return k->guess.kernel && !k->guess.is_over && streq(lines, line);
}

static void take_pids(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	AUTO_FREE char *why = answer_trouble(answer);
	const char *lines = answer->data;
	char *arg;
	json_object_set_new(e->into, "Processes", why ? fact_unread("%s", why) : json_array());
	k->guess.is_alone = !why && is_alone(k, lines);
	while (!why && !k->guess.is_alone && (arg = kernel_next_pids(&lines))) {
		ask(k->all->c->asker, FETCH_PROC_EXES, 0, arg, take_exes,
		    container_send(k, e->into, NULL));
		free(arg);
	}
	container_errand_done(e);
}

static void take_guessed_pids(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	if (!k->guess.kernel) {
		free(TAKE(k->guess.cgroup));
		container_errand_done(e);
		return;
	}
	e->into = json_incref(k->guess.kernel);
	take_pids(answer, e);
}

static void take_guessed_exes(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	k->guess.is_over = true;
	if (!k->guess.is_alone) {
		container_errand_done(e);
		return;
	}
	e->into = json_incref(k->guess.kernel);
	take_exes(answer, e);
}

static void ask_guessed(struct container *k, const char *pid)
{
	struct population *all = k->all;
	free(k->guess.cgroup);
	k->guess = (struct guess){ 0 };
	if (!all->before_id || !(all->c->o->needs & SW_NEEDS_PROCESSES))
		return;
	k->guess.cgroup = xasprintf("%s%s%s", all->before_id, k->id, all->behind_id);
	ask(all->c->asker, FETCH_CGROUP_PIDS, 0, k->guess.cgroup, take_guessed_pids,
	    container_send(k, NULL, NULL));
	ask(all->c->asker, FETCH_PROC_EXES, 0, pid, take_guessed_exes,
	    container_send(k, NULL, NULL));
}

/* Asks who is in its control group, unless that was asked already. */
static void ask_pids(struct container *k, json_t *kernel)
{
	struct population *all = k->all;
	const char *id = strstr(k->cgroup, k->id);
	if (k->guess.cgroup && streq(k->guess.cgroup, k->cgroup)) {
		k->guess.kernel = kernel;
		return;
	}
	free(TAKE(all->before_id));
	free(TAKE(all->behind_id));
	if (id) {
		all->before_id = xstrndup(k->cgroup, (size_t)(id - k->cgroup));
		all->behind_id = xstrdup(id + ID_LENGTH);
	}
	ask(all->c->asker, FETCH_CGROUP_PIDS, 0, k->cgroup, take_pids,
	    container_send(k, kernel, NULL));
}

/* The parent of a container's process of which no control group says whose it is. */
static void take_shim(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	struct collector *c = k->all->c;
	AUTO_FREE char *why = answer_trouble(answer);
	json_t *kernel;
	if (!why && kernel_is_shim_of(answer->data, answer->len, k->process, k->process_len, k->id,
				      c->engine_ns)) {
		kernel = kernel_facts_ungrouped(k->process, k->process_len, k->pid, c->host_ns,
						c->engine_ns);
		if (c->o->needs & SW_NEEDS_PROCESSES && !fact_is_unread(kernel))
			json_object_set_new(kernel, "Processes", fact_unread(NO_CGROUPS));
	} else {
		kernel = fact_unread("%s, and the parent of process %lld is not the container's "
				     "shim",
				     NO_CGROUPS, (long long)k->pid);
	}
	json_object_set_new(k->body, "Kernel", kernel);
	container_errand_done(e);
}

/* All of one answer is of one process; its parent is asked next. */
static void take_process(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	int error;
	AUTO_FREE char *why = answer_trouble(answer);
	AUTO_FREE char *stat = why ? NULL : proc_text(answer->data, answer->len, "stat", &error);
	int64_t parent = stat ? proc_parent(stat) : 0;
	if (parent <= 0) {
		json_object_set_new(k->body, "Kernel",
				    fact_unread("%s, and the parent of process %lld cannot be told",
						NO_CGROUPS, (long long)k->pid));
		container_errand_done(e);
		return;
	}
	free(k->process);
	k->process = xalloc(answer->len);
	memcpy(k->process, answer->data, answer->len);
	k->process_len = answer->len;
	char arg[24];
	snprintf(arg, sizeof(arg), "%lld", (long long)parent);
	ask(k->all->c->asker, FETCH_PROC, PROC_ENGINE, arg, take_shim,
	    container_send(k, NULL, NULL));
	container_errand_done(e);
}

/* Such a rootless engine starts containers in the control group that it is in itself. */
static bool has_no_cgroups(struct collector *c)
{
	json_t *info = json_object_get(json_object_get(c->world, "engine"), "info");
	const char *driver = json_string_value(json_object_get(info, "CgroupDriver"));
	return driver && streq(driver, "none");
}

/* The process must still be this container's; if not, inspect is asked once more. */
static void take_proc(struct answer *answer, void *context)
{
	struct errand *e = context;
	struct container *k = e->container;
	struct collector *c = k->all->c;
	AUTO_FREE char *why = answer_trouble(answer);
	json_t *kernel = why ? fact_unread("%s", why)
			     : kernel_facts(answer->data, answer->len, k->id, k->pid, c->host_ns,
					    c->engine_ns, &k->cgroup);
	if (!kernel && has_no_cgroups(c)) {
		char arg[24];
		snprintf(arg, sizeof(arg), "%lld", (long long)k->pid);
		ask(c->asker, FETCH_PROC, PROC_ENGINE, arg, take_process,
		    container_send(k, NULL, NULL));
		container_errand_done(e);
		return;
	}
	if (!kernel && k->asked < 2) {
		json_decref(k->body);
		k->body = NULL;
		container_inspect(k);
		container_errand_done(e);
		return;
	}
	if (!kernel)
		kernel = fact_unread("process %lld is not of this container (any more)",
				     (long long)k->pid);
	json_object_set_new(k->body, "Kernel", kernel);
	if (k->cgroup && (c->o->needs & SW_NEEDS_PROCESSES))
		ask_pids(k, kernel);
	container_errand_done(e);
}

void container_kernel(struct container *k)
{
	struct collector *c = k->all->c;
	json_t *state = json_object_get(k->body, "State");
	const char *reason =
		fact_reason(json_object_get(json_object_get(c->world, "engine"), "process"));
	char arg[24];
	if (!json_is_true(json_object_get(state, "Running")))
		return;
	k->pid = json_integer_value(json_object_get(state, "Pid"));
	if (reason || k->pid <= 0) {
		json_object_set_new(
			k->body, "Kernel",
			fact_unread("%s", reason ? reason : "the engine names no process"));
		return;
	}
	snprintf(arg, sizeof(arg), "%lld", (long long)k->pid);
	unsigned parts = c->o->needs & SW_NEEDS_MOUNTS ? PROC_CONTAINER_MOUNTS : PROC_CONTAINER;
	ask(c->asker, FETCH_PROC, parts, arg, take_proc, container_send(k, NULL, NULL));
	ask_guessed(k, arg);
}
