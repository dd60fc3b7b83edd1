/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c: see audit.h; the only file that knows libaudit. */
#include "audit.h"

#include <errno.h>
#include <libaudit.h>
#include <poll.h>

/* What comes of one request: how its messages are taken, and how much there may be. */
struct dump {
	struct reply *reply;
	int fd;
	int64_t deadline;
	size_t n_rules, bytes;
	const char *why;
};

static int add_part(struct dump *d, const struct audit_reply *m)
{
	size_t whole = m->len > 0 ? (size_t)m->len : 0;
	if (whole < NLMSG_HDRLEN || whole > sizeof(m->msg))
		return -EBADMSG;
	uint32_t n = (uint32_t)(whole - NLMSG_HDRLEN);
	d->bytes += sizeof(n) + n;
	if (d->bytes > AUDIT_DUMP_MAX) {
		d->why = "the audit rules are too large";
		return -EFBIG;
	}
	reply_add(d->reply, &n, sizeof(n));
	reply_add(d->reply, NLMSG_DATA(&m->msg.nlh), n);
	return 0;
}

/* One message; 1 when it is there, 0 when it is not for us, negative errno. */
static int receive(struct dump *d, struct audit_reply *m)
{
	struct pollfd p = { .fd = d->fd, .events = POLLIN };
	int64_t left = d->deadline - monotonic_ns();
	if (left <= 0)
		return -ETIMEDOUT;
	int n = poll(&p, 1, (int)(left / 1000000) + 1);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	if (n == 0)
		return -ETIMEDOUT;
	errno = 0;
	n = audit_get_reply(d->fd, m, GET_REPLY_NONBLOCKING, 0);
	if (n < 0)
		return n == -EAGAIN || n == -EINTR ? 0 : n;
	if (n == 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -EBADMSG;
	if (m->type == NLMSG_ERROR) /* without an error it acknowledges the request */
		return m->error->error < 0 ? m->error->error : 0;
	return 1;
}

static int take_status(struct dump *d)
{
	struct audit_reply m = { .type = 0 };
	int sent = audit_request_status(d->fd);
	if (sent <= 0)
		return sent < 0 ? sent : -EIO;
	for (;;) {
		int got = receive(d, &m);
		if (got < 0)
			return got;
		if (got && m.type == AUDIT_GET)
			return add_part(d, &m);
	}
}

/* What cannot be changed any more, such as login ids; an empty part of a kernel before 3.13. */
static int take_features(struct dump *d)
{
	static const uint32_t none = 0;
	struct audit_reply m = { .type = 0 };
	int sent = audit_request_features(d->fd);

	if (sent <= 0)
		return sent < 0 ? sent : -EIO;
	for (;;) {
		int got = receive(d, &m);
		if (got == -EINVAL) {
			reply_add(d->reply, &none, sizeof(none));
			return 0;
		}
		if (got < 0)
			return got;
		if (got && m.type == AUDIT_GET_FEATURE)
			return add_part(d, &m);
	}
}

static int take_rules(struct dump *d)
{
	struct audit_reply m = { .type = 0 };
	int sent = audit_request_rules_list_data(d->fd);
	if (sent <= 0)
		return sent < 0 ? sent : -EIO;
	for (;;) {
		int got = receive(d, &m);
		if (got < 0)
			return got;
		if (got && m.type == NLMSG_DONE)
			return 0;
		if (!got || m.type != AUDIT_LIST_RULES)
			continue;
		if (++d->n_rules > AUDIT_RULES_MAX) {
			d->why = "there are more than 10000 audit rules";
			return -EFBIG;
		}
		int bad = add_part(d, &m);
		if (bad)
			return bad;
	}
}

static const char *explain(int error)
{
	switch (error) {
	case -EPERM: return "the audit rules take CAP_AUDIT_CONTROL in the first pid namespace";
	case -ECONNREFUSED:
		return "the kernel tells its audit rules to the first user namespace only";
	case -EPROTONOSUPPORT: return "this kernel has no audit";
	case -ETIMEDOUT: return "the kernel did not tell its audit rules in time";
	default: return NULL;
	}
}

int audit_dump(struct reply *r, const char **ret_why)
{
	set_aumessage_mode(MSG_QUIET, DBG_NO);
	AUTO_CLOSE int fd = audit_open();
	struct dump d = { .reply = r, .fd = fd, .deadline = monotonic_ns() };
	d.deadline += AUDIT_SECONDS * INT64_C(1000000000);
	int bad = fd < 0 ? -(errno ? errno : EIO) : take_status(&d);
	if (!bad)
		bad = take_features(&d);
	if (!bad)
		bad = take_rules(&d);
	*ret_why = d.why ? d.why : explain(bad);
	return bad;
}

int audit_syscall_number(const char *name, uint32_t arch)
{
	int machine = audit_elf_to_machine(arch);
	return machine < 0 ? -1 : audit_name_to_syscall(name, machine);
}

const char *audit_syscall_name(int number, uint32_t arch)
{
	int machine = audit_elf_to_machine(arch);
	return machine < 0 ? NULL : audit_syscall_to_name(number, machine);
}
