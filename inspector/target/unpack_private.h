/* SPDX-License-Identifier: BSD-2-Clause */
/* Between unpack.c, packed.c (where the packed bytes come from) and decoders.c. */
#ifndef PYI_TARGET_UNPACK_PRIVATE_H
#define PYI_TARGET_UNPACK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Packed bytes in order. */
struct pyi_packed {
	int fd; /* the caller's */
	uint64_t file_size;
	uint64_t at;        /* next byte of the file to read */
	bool base64;        /* lines of an apport report */
	uint8_t text[4096]; /* base64: what was read and not yet decoded */
	size_t text_at, text_len;
	bool line_start, over;
	uint32_t bits; /* base64: decoded bits that make no whole byte yet */
	unsigned n_bits;
	uint8_t magic[8]; /* the first packed bytes; they are read again */
	size_t n_magic;
};

/* True when it is a crash report of apport, with or without a core. */
bool pyi_packed_init(struct pyi_packed *packed, int fd);
/* How many bytes were put into buf; 0 at the end. */
size_t pyi_packed_read(struct pyi_packed *packed, uint8_t *buf, size_t len);
uint64_t pyi_packed_position(const struct pyi_packed *packed);

enum pyi_decoded {
	PYI_DECODED_MORE, /* goes on */
	PYI_DECODED_END,  /* could end here */
	PYI_DECODED_BAD,
};

struct pyi_decoder {
	const char *name;
	uint8_t magic[6];
	size_t n_magic;
	void *(*open)(void); /* NULL: memory is out */
	void (*close)(void *state);
	/* *used and *got come as what there is, and go as what was used and made. Without input
	 * it says again whether this can be the end. */
	enum pyi_decoded (*run)(void *state, const uint8_t *in, size_t *used, uint8_t *out,
				size_t *got);
};

/* By the first bytes of the data; NULL: not packed. */
const struct pyi_decoder *pyi_decoder_find(const uint8_t *magic, size_t n);

#endif
