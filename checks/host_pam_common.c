/* SPDX-License-Identifier: Apache-2.0 */
/* host_pam_common.c: see host_pam.h. */
#include "host_pam.h"

#include <inttypes.h>
#include <string.h>

#include "host_accounts.h"

size_t pam_stacks(struct sw_eval *e, const char *type, const char *ret[PAM_STACKS])
{
	static const char *const services[] = { "login", "sshd", "passwd" };
	size_t n = 0, n_services = strcmp(type, "password") == 0 ? 3 : 2;

	if (sw_count(e, PAM "services") == 0) {
		if (sw_said(e) != SW_UNKNOWN)
			sw_skip(e, "PAM is not set up here");
		return 0;
	}
	for (size_t i = 0; i < n_services; i++) {
		if (sw_has(e, sw_at(e, PAM "services/%s", services[i])))
			ret[n++] = sw_at(e, PAM "services/%s/%s", services[i], type);
	}
	if (n == 0 && sw_has(e, PAM "services/other"))
		ret[n++] = sw_at(e, PAM "services/other/%s", type);
	if (n == 0)
		sw_skip(e, "PAM has no service that lets people in");
	return n;
}

static bool is_installed(struct sw_eval *e, const char *entry, const char *module)
{
	if (!sw_bool(e, sw_at(e, "%s/optional", entry), false))
		return true; /* else every login would fail */
	return sw_has(e, sw_at(e, PAM "modules/%s", sw_esc(e, module)));
}

const char *pam_next(struct sw_eval *e, const char *stack, const char *module, size_t *i)
{
	size_t n = sw_count(e, stack);

	while (*i < n) {
		const char *entry = sw_at(e, "%s/%zu", stack, (*i)++);
		if (strcmp(account_text(e, entry, "module"), module) == 0 &&
		    sw_bool(e, sw_at(e, "%s/reached", entry), false) &&
		    is_installed(e, entry, module))
			return entry;
	}
	return NULL;
}

const char *pam_find(struct sw_eval *e, const char *stack, const char *module)
{
	size_t i = 0;

	return pam_next(e, stack, module, &i);
}

const char *pam_find_any(struct sw_eval *e, const char *type, const char *module)
{
	const char *stacks[PAM_STACKS];

	if (sw_count(e, PAM "services") == 0)
		return NULL;
	for (size_t i = 0, n = pam_stacks(e, type, stacks); i < n; i++) {
		const char *entry = pam_find(e, stacks[i], module);
		if (entry)
			return entry;
	}
	return NULL;
}

const char *pam_argument(struct sw_eval *e, const char *entry, const char *name)
{
	const char *args = sw_at(e, "%s/args", entry), *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0, n = sw_count(e, args); i < n; i++) {
		const char *arg = sw_str(e, sw_at(e, "%s/%zu", args, i), "");
		if (strncmp(arg, name, len) == 0 && (arg[len] == '=' || arg[len] == '\0'))
			found = arg[len] ? arg + len + 1 : "";
	}
	return found;
}

const char *pam_place(struct sw_eval *e, const char *entry)
{
	return sw_at(e, "%s:%" PRId64, account_text(e, entry, "file"),
		     account_number(e, entry, "line"));
}

bool pam_is_seen(struct sw_eval *e, const char *const *stacks, size_t n, const char *module,
		 const char *entry)
{
	const char *place = pam_place(e, entry), *other;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; (other = pam_next(e, stacks[i], module, &k));) {
			if (strcmp(pam_place(e, other), place) == 0)
				return true;
		}
	}
	return false;
}

const char *pam_service(struct sw_eval *e, const char *stack)
{
	const char *name = stack + strlen(PAM "services/");

	return sw_at(e, "%.*s", (int)strcspn(name, "/"), name);
}
