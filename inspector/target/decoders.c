/* SPDX-License-Identifier: BSD-2-Clause */
/* One row a format. All of them may be several packed pieces, one behind the other. */
#include "target/unpack_private.h"

#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define XZ_MEMORY (UINT64_C(80) << 20) /* what xz -9 needs is 65 MiB */
#define ZSTD_LOG  27                   /* windows up to 128 MiB, as zstd --long makes them */

/* --- gzip --- */

struct gzip {
	z_stream z;
	bool done; /* at the end of one piece */
};

static void *gzip_open(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));
	if (gzip && inflateInit2(&gzip->z, 16 + MAX_WBITS) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

static void gzip_close(void *state)
{
	struct gzip *gzip = state;
	inflateEnd(&gzip->z);
	free(gzip);
}

static enum pyi_decoded gzip_run(void *state, const uint8_t *in, size_t *used, uint8_t *out,
				 size_t *got)
{
	struct gzip *gzip = state;
	size_t n = *used, room = *got;
	if (gzip->done && n) {
		inflateReset(&gzip->z);
		gzip->done = false;
	}
	gzip->z.next_in = (Bytef *)in;
	gzip->z.avail_in = (uInt)n;
	gzip->z.next_out = out;
	gzip->z.avail_out = (uInt)room;
	int result = gzip->done ? Z_STREAM_END : inflate(&gzip->z, Z_NO_FLUSH);
	*used = n - gzip->z.avail_in;
	*got = room - gzip->z.avail_out;
	gzip->done = result == Z_STREAM_END;
	if (gzip->done)
		return PYI_DECODED_END;
	return result == Z_OK || result == Z_BUF_ERROR ? PYI_DECODED_MORE : PYI_DECODED_BAD;
}

/* --- zstd --- */

struct zstd {
	ZSTD_DCtx *context;
	bool done; /* as above: asked without input, the library speaks of the next piece */
};

static void zstd_close(void *state)
{
	struct zstd *zstd = state;
	if (zstd)
		ZSTD_freeDCtx(zstd->context);
	free(zstd);
}

static void *zstd_open(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));
	if (zstd)
		zstd->context = ZSTD_createDCtx();
	if (!zstd || !zstd->context) {
		zstd_close(zstd);
		return NULL;
	}
	ZSTD_DCtx_setParameter(zstd->context, ZSTD_d_windowLogMax, ZSTD_LOG);
	return zstd;
}

static enum pyi_decoded zstd_run(void *state, const uint8_t *in, size_t *used, uint8_t *out,
				 size_t *got)
{
	struct zstd *zstd = state;
	ZSTD_inBuffer from = {in, *used, 0};
	ZSTD_outBuffer to = {out, *got, 0};
	bool over = zstd->done && !*used;
	size_t left = over ? 0 : ZSTD_decompressStream(zstd->context, &to, &from);
	*used = from.pos;
	*got = to.pos;
	if (ZSTD_isError(left))
		return PYI_DECODED_BAD;
	zstd->done = left == 0;
	return left ? PYI_DECODED_MORE : PYI_DECODED_END;
}

/* --- lz4 --- */

struct lz4 {
	LZ4F_dctx *context;
	bool done; /* as above */
};

static void *lz4_open(void)
{
	struct lz4 *lz4 = calloc(1, sizeof(*lz4));
	if (lz4 && LZ4F_isError(LZ4F_createDecompressionContext(&lz4->context, LZ4F_VERSION))) {
		free(lz4);
		return NULL;
	}
	return lz4;
}

static void lz4_close(void *state)
{
	struct lz4 *lz4 = state;
	LZ4F_freeDecompressionContext(lz4->context);
	free(lz4);
}

static enum pyi_decoded lz4_run(void *state, const uint8_t *in, size_t *used, uint8_t *out,
				size_t *got)
{
	struct lz4 *lz4 = state;
	if (lz4->done && !*used) {
		*got = 0;
		return PYI_DECODED_END;
	}
	size_t left = LZ4F_decompress(lz4->context, out, got, in, used, NULL);
	if (LZ4F_isError(left)) {
		*got = 0;
		return PYI_DECODED_BAD;
	}
	lz4->done = left == 0;
	return left ? PYI_DECODED_MORE : PYI_DECODED_END;
}

/* --- xz --- */

struct xz {
	lzma_stream lzma;
	bool done;
};

static bool xz_start(struct xz *xz)
{
	return lzma_stream_decoder(&xz->lzma, XZ_MEMORY, 0) == LZMA_OK;
}

static void *xz_open(void)
{
	struct xz *xz = calloc(1, sizeof(*xz));
	if (xz && !xz_start(xz)) {
		free(xz);
		return NULL;
	}
	return xz;
}

static void xz_close(void *state)
{
	struct xz *xz = state;
	lzma_end(&xz->lzma);
	free(xz);
}

static enum pyi_decoded xz_run(void *state, const uint8_t *in, size_t *used, uint8_t *out,
			       size_t *got)
{
	struct xz *xz = state;
	size_t n = *used, room = *got;
	if (xz->done && n) {
		if (!xz_start(xz))
			return PYI_DECODED_BAD;
		xz->done = false;
	}
	xz->lzma.next_in = in;
	xz->lzma.avail_in = n;
	xz->lzma.next_out = out;
	xz->lzma.avail_out = room;
	lzma_ret result = xz->done ? LZMA_STREAM_END : lzma_code(&xz->lzma, LZMA_RUN);
	*used = n - xz->lzma.avail_in;
	*got = room - xz->lzma.avail_out;
	xz->done = result == LZMA_STREAM_END;
	if (xz->done)
		return PYI_DECODED_END;
	return result == LZMA_OK || result == LZMA_BUF_ERROR ? PYI_DECODED_MORE : PYI_DECODED_BAD;
}

const struct pyi_decoder *pyi_decoder_find(const uint8_t *magic, size_t n)
{
	static const struct pyi_decoder decoders[] = {
		{"gzip", {0x1f, 0x8b, 8}, 3, gzip_open, gzip_close, gzip_run},
		{"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, zstd_open, zstd_close, zstd_run},
		{"lz4", {0x04, 0x22, 0x4d, 0x18}, 4, lz4_open, lz4_close, lz4_run},
		{"xz", {0xfd, '7', 'z', 'X', 'Z', 0}, 6, xz_open, xz_close, xz_run},
	};
	for (size_t i = 0; i < sizeof(decoders) / sizeof(*decoders); i++) {
		if (n >= decoders[i].n_magic &&
		    !memcmp(magic, decoders[i].magic, decoders[i].n_magic))
			return &decoders[i];
	}
	return NULL;
}
