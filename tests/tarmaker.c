/* SPDX-License-Identifier: Apache-2.0 */
/* tarmaker.c: see tarmaker.h. POSIX ustar headers and RFC 1952 files by hand. */
#include "tarmaker.h"

void tar_header(struct text *t, char type, const char *name, const char *link, unsigned mode,
		size_t size)
{
	char h[TAR_BLOCK] = { 0 };
	unsigned sum = 0;

	memcpy(h, name, strnlen(name, 100));
	snprintf(h + 100, 8, "%07o", mode);
	snprintf(h + 108, 8, "%07o", 0u);
	snprintf(h + 116, 8, "%07o", 0u);
	snprintf(h + 124, 12, "%011zo", size & 077777777777);
	snprintf(h + 136, 12, "%011o", 0u);
	memset(h + 148, ' ', 8);
	h[156] = type;
	memcpy(h + 157, link, strnlen(link, 100));
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(h); i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	text_add_n(t, h, sizeof(h));
}

static void pad(struct text *t)
{
	static const char zeros[TAR_BLOCK];

	if (t->len % TAR_BLOCK)
		text_add_n(t, zeros, TAR_BLOCK - t->len % TAR_BLOCK);
}

void tar_data(struct text *t, char type, const char *name, unsigned mode, const char *data,
	      size_t n)
{
	tar_header(t, type, name, "", mode, n);
	text_add_n(t, data, n);
	pad(t);
}

void tar_file(struct text *t, const char *name, unsigned mode, const char *content)
{
	tar_data(t, '0', name, mode, content, strlen(content));
}

void tar_link(struct text *t, char type, const char *name, const char *target)
{
	tar_header(t, type, name, target, 0777, 0);
}

void tar_end(struct text *t)
{
	static const char zeros[2 * TAR_BLOCK];

	text_add_n(t, zeros, sizeof(zeros));
}

static uint32_t crc32_of(const char *data, size_t n)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < n; i++) {
		crc ^= (unsigned char)data[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static void add_number(struct text *t, uint32_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		text_add_char(t, (char)(v >> (8 * i)));
}

void gzip(struct text *t, const char *data, size_t n)
{
	static const char head[] = { 0x1f, (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	uint32_t crc = crc32_of(data, n);

	text_add_n(t, head, sizeof(head));
	for (size_t done = 0; done < n || done == 0;) {
		size_t part = n - done < 60000 ? n - done : 60000;
		add_number(t, done + part == n, 1);
		add_number(t, (uint32_t)part, 2);
		add_number(t, ~(uint32_t)part, 2);
		text_add_n(t, data + done, part);
		done += part;
		if (part == 0)
			break;
	}
	add_number(t, crc, 4);
	add_number(t, (uint32_t)n, 4);
}
