/* SPDX-License-Identifier: Apache-2.0 */
/* host_accounts_common.c: see host_accounts.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "host_accounts.h"

size_t accounts_count(struct sw_eval *e, const char *file, bool *is_there)
{
	const char *at = sw_at(e, ACCOUNTS "%s", file);

	*is_there = sw_bool(e, sw_at(e, "%s/exists", at), false);
	if (!*is_there)
		return 0;
	const char *malformed = sw_at(e, "%s/malformed", at);
	size_t n = sw_count(e, malformed);
	for (size_t i = 0; i < n; i++)
		sw_unknown(e, "line %" PRId64 " of %s cannot be understood",
			   sw_int(e, sw_at(e, "%s/%zu", malformed, i), 0),
			   sw_str(e, sw_at(e, "%s/path", at), file));
	return sw_count(e, sw_at(e, "%s/entries", at));
}

size_t accounts_of(struct sw_eval *e, const char *file)
{
	bool is_there;
	size_t n = accounts_count(e, file, &is_there);

	if (!is_there && sw_said(e) != SW_UNKNOWN)
		sw_unknown(e, "there is no /etc/%s", file);
	return n;
}

size_t accounts_again(struct sw_eval *e, const char *file)
{
	const char *at = sw_at(e, ACCOUNTS "%s", file);

	return sw_bool(e, sw_at(e, "%s/exists", at), false)
		       ? sw_count(e, sw_at(e, "%s/entries", at))
		       : 0;
}

const char *account_at(struct sw_eval *e, const char *file, size_t i)
{
	return sw_at(e, ACCOUNTS "%s/entries/%zu", file, i);
}

const char *account_text(struct sw_eval *e, const char *at, const char *member)
{
	return sw_str(e, sw_at(e, "%s/%s", at, member), "");
}

int64_t account_number(struct sw_eval *e, const char *at, const char *member)
{
	return sw_int(e, sw_at(e, "%s/%s", at, member), -1);
}

bool shell_refuses(const char *shell)
{
	const char *slash = strrchr(shell, '/');
	const char *name = slash ? slash + 1 : shell;

	return strcmp(name, "nologin") == 0 || strcmp(name, "false") == 0;
}

bool password_works(struct sw_eval *e, const char *password)
{
	const char *kind = account_text(e, password, "kind");

	return strcmp(kind, "none") != 0 && strcmp(kind, "empty") != 0 &&
	       !sw_bool(e, sw_at(e, "%s/locked", password), false);
}

const char *setting_of(struct sw_eval *e, const char *section, const char *key,
		       const char **ret_from)
{
	const char *list = sw_at(e, "%s/settings/%s", section, sw_esc(e, key));

	if (!sw_has(e, list))
		return NULL;
	const char *first = sw_at(e, "%s/0", list);
	if (ret_from)
		*ret_from = sw_at(e, "%s:%" PRId64, account_text(e, first, "file"),
				  account_number(e, first, "line"));
	return account_text(e, first, "value");
}

bool text_number(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		return false;
	*ret = n;
	return true;
}

bool setting_number(struct sw_eval *e, const char *section, const char *key, int64_t *ret,
		    const char **ret_text, const char **ret_from)
{
	*ret_text = setting_of(e, section, key, ret_from);
	return *ret_text && text_number(*ret_text, ret);
}

int64_t first_uid(struct sw_eval *e)
{
	int64_t n = 1000;
	const char *text;

	if (!setting_number(e, ACCOUNTS "login-defs", "UID_MIN", &n, &text, NULL) && text)
		sw_unknown(e, "UID_MIN of login.defs is %s", text);
	return n;
}
