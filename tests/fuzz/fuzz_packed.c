/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packed cores. Either any bytes as a file, or one that is made here and then damaged:
 *
 *	byte 0 enum how, byte 1 how many damages, then four bytes each (two where, one what, one
 *	how); then what is packed, in which 0xff N stands for N KiB of zeros
 *
 * What was not damaged comes out as it went in.
 */
#include "heap_limit.h"
#include "target/unpack.h"

#include <lz4frame.h>
#include <lzma.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define MAX_PLAIN  (1u << 20)
#define MAX_PACKED (1u << 20)
#define MAX_FILE   (4u << 20)

enum how { FORMAT = 3, AS_REPORT = 4, TWICE = 8, DAMAGE_TEXT = 16, BYTES = 32 };

struct buffer {
	uint8_t bytes[MAX_FILE];
	size_t len;
};

struct damage {
	uint16_t at;
	uint8_t what, how;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- packing --- */

static size_t pack_gzip(const uint8_t *from, size_t len, uint8_t *to)
{
	z_stream z = {.next_in = (Bytef *)from,
		      .avail_in = (uInt)len,
		      .next_out = to,
		      .avail_out = MAX_PACKED};

	if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&z);
	return MAX_PACKED - z.avail_out;
}

static size_t pack_zstd(const uint8_t *from, size_t len, uint8_t *to)
{
	const size_t n = ZSTD_compress(to, MAX_PACKED, from, len, 1);

	if (ZSTD_isError(n))
		abort();
	return n;
}

static size_t pack_lz4(const uint8_t *from, size_t len, uint8_t *to)
{
	const LZ4F_preferences_t with_sum = {
		.frameInfo = {.contentChecksumFlag = LZ4F_contentChecksumEnabled}};
	const size_t n = LZ4F_compressFrame(to, MAX_PACKED, from, len, &with_sum);

	if (LZ4F_isError(n))
		abort();
	return n;
}

static size_t pack_xz(const uint8_t *from, size_t len, uint8_t *to)
{
	size_t n = 0;

	if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, from, len, to, &n, MAX_PACKED) !=
	    LZMA_OK)
		abort();
	return n;
}

/* --- a file --- */

static void put(struct buffer *to, const void *bytes, size_t len)
{
	if (len > sizeof(to->bytes) - to->len)
		abort();
	memcpy(to->bytes + to->len, bytes, len);
	to->len += len;
}

/* Lines of apport's, 48 bytes each. */
static void put_report(struct buffer *to, const struct buffer *packed)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char head[] = "ProblemType: Crash\nCoreDump: base64\n";

	put(to, head, sizeof(head) - 1);
	for (size_t i = 0; i < packed->len; i += 3) {
		const size_t left = packed->len - i;
		const uint8_t *in = packed->bytes + i;
		const uint32_t bits = (uint32_t)in[0] << 16 | (left > 1 ? in[1] << 8 : 0) |
				      (left > 2 ? in[2] : 0);
		const char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
				      left > 1 ? digits[bits >> 6 & 63] : '=',
				      left > 2 ? digits[bits & 63] : '='};

		if (i % 48 == 0)
			put(to, i ? "\n " : " ", i ? 2 : 1);
		put(to, four, 4);
	}
	put(to, "\nDate: now\n", 11);
}

static void put_plain(struct buffer *to, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size && to->len < MAX_PLAIN - (255 << 10); i++) {
		if (data[i] == 0xff && i + 1 < size) {
			memset(to->bytes + to->len, 0, (size_t)data[++i] << 10);
			to->len += (size_t)data[i] << 10;
		} else {
			put(to, &data[i], 1);
		}
	}
}

static void apply(struct buffer *to, const struct damage *damage)
{
	const size_t at = to->len ? damage->at % to->len : 0;
	uint8_t *byte = to->bytes + at;

	if (!to->len)
		return;
	switch (damage->how % 5) {
	case 0: *byte = damage->what; break;
	case 1: *byte ^= (uint8_t)(1 << damage->what % 8); break;
	case 2: to->len = at; break;
	case 3: /* so many bytes are gone */
		if (to->len - at > damage->what) {
			memmove(byte, byte + damage->what, to->len - at - damage->what);
			to->len -= damage->what;
		}
		break;
	default: /* they come twice */
		if (damage->what <= to->len - at && damage->what <= sizeof(to->bytes) - to->len)
			put(to, byte, damage->what);
	}
}

/* --- a run --- */

static void check_plain(int fd, const struct buffer *plain)
{
	static uint8_t got[2 * MAX_PLAIN + 1];

	if (pread(fd, got, sizeof(got), 0) != (ssize_t)plain->len ||
	    memcmp(got, plain->bytes, plain->len) != 0)
		abort();
}

/* plain: what must come out, NULL where nobody knows. */
static void unpack(const uint8_t *bytes, size_t len, const struct buffer *plain)
{
	static const struct pyi_unpack_options no_options;
	int fd = memfd_create("packed", MFD_CLOEXEC), out = -1;
	char *damage = NULL;
	struct pyi_error *err;

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	heap_limit_begin();
	err = pyi_unpack(fd, &no_options, &out, &damage);
	heap_limit_end();
	if (plain && (err || damage))
		abort();
	if (plain)
		check_plain(out, plain);
	if (!err && (lseek(out, 0, SEEK_END) < 0 || close(out) != 0))
		abort();
	pyi_error_destroy(err);
	free(damage);
}

static void make_and_unpack(unsigned how, const struct damage *damages, size_t n,
			    const uint8_t *data, size_t size)
{
	static size_t (*const packers[])(const uint8_t *from, size_t len,
					 uint8_t *to) = {pack_gzip, pack_zstd, pack_lz4, pack_xz};
	static struct buffer plain, packed, report;
	struct buffer *file = how & AS_REPORT ? &report : &packed;

	plain.len = packed.len = report.len = 0;
	put_plain(&plain, data, size);
	packed.len = packers[how & FORMAT](plain.bytes, plain.len, packed.bytes);
	if (how & TWICE) {
		put(&packed, packed.bytes, packed.len);
		put(&plain, plain.bytes, plain.len);
	}
	for (size_t i = 0; i < n && !(how & AS_REPORT && how & DAMAGE_TEXT); i++)
		apply(&packed, &damages[i]);
	if (how & AS_REPORT)
		put_report(&report, &packed);
	for (size_t i = 0; i < n && how & AS_REPORT && how & DAMAGE_TEXT; i++)
		apply(&report, &damages[i]);
	unpack(file->bytes, file->len, n ? NULL : &plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t n = size > 1 ? data[1] % 8 : 0, front = 2 + n * sizeof(struct damage);
	struct damage damages[8];

	if (size < front || size > 16384)
		return 0;
	memcpy(damages, data + 2, n * sizeof(*damages));
	if (data[0] & BYTES)
		unpack(data + 1, size - 1, NULL);
	else
		make_and_unpack(data[0], damages, n, data + front, size - front);
	return 0;
}
