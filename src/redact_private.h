/* SPDX-License-Identifier: Apache-2.0 */
/* redact_private.h: what makes a secret: its form, or the name it goes by; shared by redact*.c
 * only. */
#ifndef SW_REDACT_PRIVATE_H
#define SW_REDACT_PRIVATE_H

#include "util.h"

struct secret {
	size_t start, end; /* the bytes to replace */
	const char *kind;
};

/*
 * redact_forms.c: is there a secret of a known form whose telling character is s[i]? The text
 * begins at s, has n bytes, and what is before `from` was dealt with already.
 */
bool secret_form_at(const char *s, size_t n, size_t from, size_t i, struct secret *ret);
/* The first secret of a known form in s, or NULL. */
const char *secret_form_in(const char *s, size_t n);

/* redact_text.c: the first secret in s at or after from, by form or by name. */
bool secret_next(const char *s, size_t n, size_t from, struct secret *ret);
/* Is there a marker of ours at s? Its length, or 0. */
size_t redacted_len(const char *s, size_t n);

/* redact_names.c: the kind of secret that a variable, flag, label or option of this name holds, or
 * NULL. */
const char *secret_name(const char *name, size_t n);
/* Could the value of such a name be a secret? Not when empty, a path, a truth value or a small
 * number. */
bool may_be_secret(const char *value, size_t n);

/*
 * redact_commands.c: options such as the -p of mysql. Is word, which may be a path, a command that
 * has some?
 */
bool secret_command(const char *word, size_t n);
struct secret_value {
	size_t at;     /* where it begins in the option's own word; 0: it is the next word */
	bool has_user; /* it is user:password */
};
/* Is the word s an option of the command that takes a secret? */
bool secret_option(const char *command, size_t n_command, const char *s, size_t n,
		   struct secret_value *ret);
/* Where the password of user:password begins; n: there is none. */
size_t secret_behind_user(const char *s, size_t n);
/* In a command line that is one text; s[i] is a dash. The value may be anything yet. */
bool secret_option_at(const char *s, size_t n, size_t i, struct secret *ret);
/* redact_text.c: from start, which goes behind a quote, to where the value ends. */
void secret_value_end(const char *s, size_t n, struct secret *value);

#define REDACTED     "\u00abredacted: "
#define REDACTED_END "\u00bb"

static inline bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
