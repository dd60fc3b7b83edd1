/* SPDX-License-Identifier: Apache-2.0 */
/* nftdump.c: see nftdump.h. */
#include "nftdump.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "frame.h"
#include "nftattr.h"

enum { MESSAGES_MAX = 64 << 10, TRIES = 3, BUILTIN_MAX = 4 << 20 };

struct asking {
	struct nft_dump *d;
	int fd;
	uint32_t seq;
	int64_t deadline;
	char *buf;           /* MESSAGES_MAX */
	uint32_t generation; /* of the rules, by the last answer to GETGEN; network order */
};

/* Of which set elements are wanted. */
struct set_name {
	uint8_t family;
	char *table, *name;
};

enum { NAME_MAX_LEN = 256 /* NFT_NAME_MAXLEN */ };

struct request {
	struct nlmsghdr h;
	struct nfgenmsg g;
	char attrs[2 * (NLA_HDRLEN + NAME_MAX_LEN)];
};

static void add_text(struct request *m, unsigned type, const char *text)
{
	struct nlattr a = { .nla_len = (uint16_t)(NLA_HDRLEN + strlen(text) + 1),
			    .nla_type = (uint16_t)type };
	char *at = (char *)m + m->h.nlmsg_len;
	memcpy(at, &a, sizeof(a));
	memcpy(at + NLA_HDRLEN, text, strlen(text) + 1);
	m->h.nlmsg_len += (uint32_t)NLA_ALIGN(a.nla_len);
}

static int send_request(struct asking *a, unsigned message, unsigned flags,
			const struct set_name *of)
{
	struct request m = { .h = { .nlmsg_len = NLMSG_LENGTH(sizeof(m.g)),
				    .nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | message),
				    .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
				    .nlmsg_seq = ++a->seq },
			     .g = { .nfgen_family = of ? of->family : AF_UNSPEC,
				    .version = NFNETLINK_V0 } };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	if (of) {
		add_text(&m, NFTA_SET_ELEM_LIST_TABLE, of->table);
		add_text(&m, NFTA_SET_ELEM_LIST_SET, of->name);
	}
	ssize_t n = sendto(a->fd, &m, m.h.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	return n < 0 ? -errno : 0;
}

/* One datagram of the kernel; its length or negative errno. */
static ssize_t receive(struct asking *a)
{
	struct sockaddr_nl from = { 0 };
	for (;;) {
		struct pollfd p = { .fd = a->fd, .events = POLLIN };
		socklen_t size = sizeof(from);
		int64_t left = a->deadline - monotonic_ns();
		if (left <= 0 || poll(&p, 1, (int)(left / 1000000) + 1) == 0)
			return -ETIMEDOUT;
		ssize_t n = recvfrom(a->fd, a->buf, MESSAGES_MAX, MSG_DONTWAIT | MSG_TRUNC,
				     (struct sockaddr *)&from, &size);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n > MESSAGES_MAX)
			return -EMSGSIZE;
		if (n > 0 && from.nl_pid == 0)
			return n;
	}
}

static int keep(struct nft_dump *d, const struct nlmsghdr *h)
{
	size_t n = NLMSG_ALIGN(h->nlmsg_len);
	if (d->len + n > NFT_DUMP_MAX) {
		d->why = "the packet filter has too many rules";
		return -EFBIG;
	}
	d->data = xrealloc(d->data, d->len + n);
	memset(d->data + d->len, 0, n);
	memcpy(d->data + d->len, h, h->nlmsg_len);
	d->len += n;
	return 0;
}

/* 1: that was the last one. */
static int take(struct asking *a, const struct nlmsghdr *h, bool is_generation)
{
	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		return -EINTR;
	/* A dump that failed on the way says so in its last message (netlink_dump_done()). */
	if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
		int error = 0;
		if (h->nlmsg_len >= NLMSG_LENGTH(sizeof(error)))
			memcpy(&error, NLMSG_DATA(h), sizeof(error));
		else if (h->nlmsg_type == NLMSG_ERROR)
			return -EBADMSG;
		return error < 0 ? error : 1;
	}
	if (!is_generation)
		return keep(a->d, h);
	/* NFTA_GEN_ID is the first attribute. */
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(struct nfgenmsg) + NLA_HDRLEN + sizeof(uint32_t)))
		return -EBADMSG;
	memcpy(&a->generation, (const char *)NLMSG_DATA(h) + sizeof(struct nfgenmsg) + NLA_HDRLEN,
	       sizeof(a->generation));
	return 1;
}

static int take_all(struct asking *a, size_t n, bool is_generation)
{
	size_t at = 0;
	while (n - at >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)(a->buf + at);
		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > n - at)
			return -EBADMSG;
		int got = h->nlmsg_seq == a->seq ? take(a, h, is_generation) : 0;
		if (got)
			return got;
		at += NLMSG_ALIGN(h->nlmsg_len) < n - at ? NLMSG_ALIGN(h->nlmsg_len) : n - at;
	}
	return 0;
}

static int request(struct asking *a, unsigned message, const struct set_name *of)
{
	bool is_generation = message == NFT_MSG_GETGEN;
	int got = send_request(a, message, is_generation ? 0 : NLM_F_DUMP, of);
	while (got == 0) {
		ssize_t n = receive(a);
		got = n < 0 ? (int)n : take_all(a, (size_t)n, is_generation);
	}
	return got < 0 ? got : 0;
}

/* Is it a set without a name, as rules have in braces? Malloc'ed names. */
static bool is_in_braces(const struct nlmsghdr *h, struct set_name *ret)
{
	struct nfgenmsg g;
	struct attr a;
	uint32_t flags = 0;
	if ((h->nlmsg_type & 0xff) != NFT_MSG_NEWSET || h->nlmsg_len < NLMSG_LENGTH(sizeof(g)))
		return false;
	memcpy(&g, NLMSG_DATA(h), sizeof(g));
	struct attrs s = { (const unsigned char *)h + NLMSG_LENGTH(sizeof(g)),
			   h->nlmsg_len - NLMSG_LENGTH(sizeof(g)), false };
	*ret = (struct set_name){ .family = g.nfgen_family };
	while (attr_next(&s, &a)) {
		if (a.type == NFTA_SET_TABLE && !ret->table)
			ret->table = attr_text(&a);
		else if (a.type == NFTA_SET_NAME && !ret->name)
			ret->name = attr_text(&a);
		else if (a.type == NFTA_SET_FLAGS)
			flags = attr_u32(&a);
	}
	if (ret->table && ret->name && flags & NFT_SET_ANONYMOUS)
		return true;
	free(ret->table);
	free(ret->name);
	return false;
}

/* Of all sets in what was kept from at on. Those beyond a bound are left out, and so not read. */
static int request_elements(struct asking *a, size_t at)
{
	size_t end = a->d->len, n = 0;
	int bad = 0;
	while (at < end && !bad && n < NFT_DUMP_SETS_MAX) {
		struct set_name of;
		const struct nlmsghdr *h = (const struct nlmsghdr *)(a->d->data + at);
		at += NLMSG_ALIGN(h->nlmsg_len);
		if (!is_in_braces(h, &of))
			continue;
		n++;
		bad = request(a, NFT_MSG_GETSETELEM, &of); /* moves the data */
		free(of.table);
		free(of.name);
	}
	return bad;
}

static int read_rules(struct asking *a)
{
	static const unsigned messages[] = { NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN };
	int bad = 0;
	for (size_t i = 0; i < ARRAY_SIZE(messages) && !bad; i++)
		bad = request(a, messages[i], NULL);
	size_t sets = a->d->len;
	if (!bad)
		bad = request(a, NFT_MSG_GETSET, NULL);
	if (!bad)
		bad = request_elements(a, sets);
	return bad ? bad : request(a, NFT_MSG_GETRULE, NULL);
}

/* -EINTR: rules were changed meanwhile. */
static int read_once(struct asking *a)
{
	a->d->len = 0;
	int bad = request(a, NFT_MSG_GETGEN, NULL);
	uint32_t before = a->generation;
	if (!bad)
		bad = read_rules(a);
	if (bad && bad != -ENOENT)
		return bad;
	/* A set that is gone was of a rule that was changed. */
	int worse = request(a, NFT_MSG_GETGEN, NULL);
	if (worse)
		return worse == -ENOENT ? -EBADMSG : worse;
	return a->generation != before ? -EINTR : bad ? -EBADMSG : 0;
}

static bool has_word_line(const char *text, const char *word)
{
	size_t n = strlen(word);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, word, n) == 0 && line[n] == ' ')
			return true;
	}
	return false;
}

static int is_built_in(struct rootfs *root)
{
	struct utsname u;
	AUTO_FREE char *text = NULL;
	size_t n;
	if (uname(&u) < 0)
		return -errno;
	AUTO_FREE char *path = xasprintf("/lib/modules/%s/modules.builtin", u.release);
	int bad = rootfs_read(root, path, BUILTIN_MAX, &text, &n);
	return bad ? bad : strstr(text, "/nf_tables.ko\n") != NULL;
}

/*
 * A question alone would make the kernel load the module, and we change nothing. 1: it is there, 0:
 * it is not; negative: it cannot be told.
 */
static int is_loaded(struct rootfs *root)
{
	AUTO_FREE char *text = NULL;
	size_t n;
	if (access("/sys/module/nf_tables", F_OK) == 0)
		return 1;
	AUTO_CLOSE int fd = open("/proc/modules", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 1 : -errno; /* without modules none can be loaded */
	int bad = read_all(fd, BUILTIN_MAX, &text, &n);
	if (bad)
		return bad;
	return has_word_line(text, "nf_tables") ? 1 : is_built_in(root);
}

static int open_and_read(struct nft_dump *d, struct rootfs *root)
{
	int loaded = is_loaded(root);
	if (loaded < 0)
		d->why = "whether nf_tables is loaded could not be told, and asking would load it";
	if (loaded <= 0)
		return loaded < 0 ? -ENODATA : -ENOENT;
	AUTO_CLOSE int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (fd < 0)
		return errno == EPROTONOSUPPORT ? -ENOENT : -errno;
	AUTO_FREE char *buf = xalloc(MESSAGES_MAX);
	struct asking a = { .d = d,
			    .fd = fd,
			    .buf = buf,
			    .deadline = monotonic_ns() + NFT_SECONDS * INT64_C(1000000000) };
	int bad = -EINTR;
	for (int i = 0; i < TRIES && bad == -EINTR; i++)
		bad = read_once(&a);
	return bad;
}

void nft_dump_read(struct nft_dump *d, struct rootfs *root)
{
	*d = (struct nft_dump){ 0 };
	d->error = open_and_read(d, root);
	if (d->error == -EPERM)
		d->why = "the rules of the packet filter take CAP_NET_ADMIN";
	if (d->error == -EINTR)
		d->why = "the rules of the packet filter change all the time";
}

void nft_dump_done(struct nft_dump *d)
{
	free(d->data);
	*d = (struct nft_dump){ 0 };
}
