/* SPDX-License-Identifier: BSD-2-Clause */
#include "python/version.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Data searched for sys.version at most, per module. */
#define MAX_SCAN (16u << 20)
/* Py_GetVersion builds "%.80s (%.80s) %.80s" (CPython v3.9 Python/getversion.c). */
#define VERSION_TEXT_MAX 256u

struct pyi_version pyi_version_from_hex(uint32_t hex)
{
	static const char levels[16] = {[0xa] = 'a', [0xb] = 'b', [0xc] = 'c', [0xf] = 'f'};
	char level = levels[hex >> 4 & 15];

	return (struct pyi_version){.major = hex >> 24,
				    .minor = hex >> 16 & 255,
				    .micro = hex >> 8 & 255,
				    .level = level ? level : 'a',
				    .serial = hex & 15};
}

/* Up to three digits at *p, which moves on; false without any. */
static bool number(const char **p, const char *end, uint32_t *ret)
{
	uint32_t value = 0;
	unsigned n = 0;

	while (*p < end && n < 3 && isdigit((unsigned char)**p)) {
		value = value * 10 + (uint32_t)(**p - '0');
		++*p;
		n++;
	}
	*ret = value;
	return n > 0;
}

static bool skip(const char **p, const char *end, char c)
{
	if (*p == end || **p != c)
		return false;
	++*p;
	return true;
}

static bool major_minor(const char **p, const char *end, struct pyi_version *version)
{
	return number(p, end, &version->major) && skip(p, end, '.') &&
	       number(p, end, &version->minor) && (version->major == 2 || version->major == 3);
}

bool pyi_version_parse(const char *text, size_t len, struct pyi_version *ret)
{
	struct pyi_version v = {.level = 'f'};
	const char *p = text, *end = text + len, *close;

	if (!major_minor(&p, end, &v) || !skip(&p, end, '.') || !number(&p, end, &v.micro))
		return false;
	if (p < end && strchr("abcr", *p) && *p) {
		v.level = *p == 'r' ? 'c' : *p;
		p += *p == 'r' && end - p > 1 ? 2 : 1;
		if (!number(&p, end, &v.serial))
			return false;
	}
	skip(&p, end, '+');
	if (!skip(&p, end, ' ') || !skip(&p, end, '('))
		return false;
	close = memchr(p, ')', (size_t)(end - p));
	/* ") [GCC 12.2.0]", with a line feed before the bracket up to 3.9. */
	if (!close || end - close < 4 || close[1] != ' ')
		return false;
	close += close[2] == '\n' ? 3 : 2;
	if (close == end || *close != '[')
		return false;
	*ret = v;
	return true;
}

bool pyi_version_from_name(const char *name, struct pyi_version *ret)
{
	struct pyi_version v = {.micro = PYI_MICRO_UNKNOWN, .level = 'f'};
	const char *at = strstr(name, "python"), *end;

	if (!at || (at != name && strncmp(name, "lib", 3) != 0))
		return false;
	at += strlen("python");
	end = at + strlen(at);
	if (!major_minor(&at, end, &v))
		return false;
	*ret = v;
	return true;
}

/* Looks for sys.version in one block of memory. */
static bool scan_block(const char *block, size_t len, struct pyi_version *ret)
{
	for (const char *p = block; p + 3 < block + len; p++) {
		size_t left = (size_t)(block + len - p);

		if ((*p != '2' && *p != '3') || p[1] != '.')
			continue;
		if (p > block && (isdigit((unsigned char)p[-1]) || p[-1] == '.'))
			continue;
		if (pyi_version_parse(p, left < VERSION_TEXT_MAX ? left : VERSION_TEXT_MAX, ret))
			return true;
	}
	return false;
}

/* Reads past the page cache: a snapshot is no place for all of a module's data. */
static bool scan_range(struct pyi_mem *mem, uint64_t lo, uint64_t hi, struct pyi_version *ret)
{
	/* The tail of a block is looked at again in front of the next one. */
	char block[VERSION_TEXT_MAX + PYI_PAGE_SIZE];
	size_t kept = 0;

	for (uint64_t at = lo; at < hi && at - lo < MAX_SCAN; at += PYI_PAGE_SIZE) {
		size_t len = hi - at < PYI_PAGE_SIZE ? (size_t)(hi - at) : PYI_PAGE_SIZE;
		struct pyi_error *err = pyi_mem_read_now(mem, at, block + kept, len);

		if (err) {
			pyi_error_destroy(err);
			kept = 0;
			continue;
		}
		if (scan_block(block, kept + len, ret)) {
			struct pyi_mem_iov found = {.addr = at - kept, .len = kept + len};

			pyi_mem_prefetch(mem, &found, 1); /* this much belongs into one */
			return true;
		}
		if (kept + len > VERSION_TEXT_MAX) {
			memmove(block, block + kept + len - VERSION_TEXT_MAX, VERSION_TEXT_MAX);
			kept = VERSION_TEXT_MAX;
		} else {
			kept += len;
		}
	}
	return false;
}

bool pyi_version_of_image(struct pyi_target *target, const struct pyi_image *image,
			  struct pyi_version *ret)
{
	struct pyi_image_symbol symbol;
	struct pyi_image_info info;
	uint64_t ranges[16][2];
	uint32_t hex = 0;
	size_t n;

	/* 3.11+ */
	if (pyi_image_find_symbol(image, "Py_Version", &symbol)) {
		pyi_error_destroy(pyi_mem_read_u32(target->mem, symbol.addr, &hex));
		if (hex >> 24 == 3) {
			*ret = pyi_version_from_hex(hex);
			return true;
		}
	}
	n = pyi_image_writable_ranges(image, ranges, sizeof(ranges) / sizeof(ranges[0]));
	for (size_t i = 0; i < n; i++) {
		if (scan_range(target->mem, ranges[i][0], ranges[i][1], ret))
			return true;
	}
	pyi_image_info(image, &info);
	return pyi_version_from_name(info.name, ret);
}

void pyi_version_format(const struct pyi_version *version, char *buf, size_t size)
{
	static const char *const names[] = {['a'] = "a", ['b'] = "b", ['c'] = "rc"};

	if (version->micro == PYI_MICRO_UNKNOWN)
		snprintf(buf, size, "%u.%u", version->major, version->minor);
	else if (version->level == 'f')
		snprintf(buf, size, "%u.%u.%u", version->major, version->minor, version->micro);
	else
		snprintf(buf, size, "%u.%u.%u%s%u", version->major, version->minor, version->micro,
			 names[(unsigned char)version->level], version->serial);
}
