/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/unpack_private.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What every report of apport begins with, and what stands before the core. */
static const char report_head[] = "ProblemType: ", core_head[] = "\nCoreDump: base64\n";
/* Far more than ever stands before it: the fields are sorted by name. */
#define MAX_HEAD (UINT64_C(256) << 20)

static size_t read_at(int fd, uint64_t offset, void *buf, size_t len)
{
	ssize_t n = offset <= INT64_MAX ? pread(fd, buf, len, (off_t)offset) : -1;
	return n > 0 ? (size_t)n : 0;
}

static bool find_core(struct pyi_packed *packed)
{
	char block[sizeof(packed->text)];
	size_t got, tail = sizeof(core_head) - 2;
	for (uint64_t at = 0;
	     at < MAX_HEAD && (got = read_at(packed->fd, at, block, sizeof(block))) > tail;
	     at += got - tail) {
		const char *found = memmem(block, got, core_head, sizeof(core_head) - 1);
		if (!found)
			continue;
		packed->at = at + (uint64_t)(found - block) + sizeof(core_head) - 1;
		return true;
	}
	return false;
}

bool pyi_packed_init(struct pyi_packed *packed, int fd)
{
	struct stat st;
	char head[sizeof(report_head) - 1];
	*packed = (struct pyi_packed){.fd = fd, .line_start = true};
	packed->file_size = fstat(fd, &st) || st.st_size < 0 ? 0 : (uint64_t)st.st_size;
	bool report = read_at(fd, 0, head, sizeof(head)) == sizeof(head) &&
		      !memcmp(head, report_head, sizeof(head));
	if (report && !find_core(packed))
		return true;
	packed->base64 = report;
	struct pyi_packed start = *packed;
	size_t n = pyi_packed_read(packed, start.magic, sizeof(start.magic));
	start.n_magic = n;
	*packed = start;
	return report;
}

/* -1: not of the alphabet (RFC 4648). */
static int digit(uint8_t c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;
	return found ? (int)(found - digits) : -1;
}

/* The next character of the report; -1 at its end. */
static int next_char(struct pyi_packed *packed)
{
	if (packed->text_at == packed->text_len) {
		packed->text_len =
			read_at(packed->fd, packed->at, packed->text, sizeof(packed->text));
		packed->at += packed->text_len;
		packed->text_at = 0;
		if (!packed->text_len)
			return -1;
	}
	return packed->text[packed->text_at++];
}

/* Each line begins with a space and is padded on its own; the first other line ends it. */
static size_t read_base64(struct pyi_packed *packed, uint8_t *buf, size_t len)
{
	size_t n = 0;
	while (n < len && !packed->over) {
		int c = next_char(packed);
		if (c < 0 || (packed->line_start && c != ' ')) {
			packed->over = true;
			break;
		}
		packed->line_start = c == '\n';
		if (c == '\n')
			packed->n_bits = packed->bits = 0;
		int value = digit((uint8_t)c);
		if (value < 0)
			continue;
		packed->bits = packed->bits << 6 | (uint32_t)value;
		packed->n_bits += 6;
		if (packed->n_bits >= 8) {
			packed->n_bits -= 8;
			buf[n++] = (uint8_t)(packed->bits >> packed->n_bits);
		}
	}
	return n;
}

size_t pyi_packed_read(struct pyi_packed *packed, uint8_t *buf, size_t len)
{
	if (packed->base64)
		return read_base64(packed, buf, len);
	size_t n = read_at(packed->fd, packed->at, buf, len);
	packed->at += n;
	return n;
}

uint64_t pyi_packed_position(const struct pyi_packed *packed)
{
	return packed->at;
}
