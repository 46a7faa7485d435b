/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code objects as bytes, for the cache. A form of our own; numbers are little-endian. Reading
 * trusts nothing: every length and depth has a bound, every code object is verified.
 */
#ifndef MINIPY_COMPILER_MARSHAL_H
#define MINIPY_COMPILER_MARSHAL_H

#include "objects/code.h"

struct marshal_bytes {
	uint8_t *data; /* PyMem_Free */
	size_t n, room;
};

/* false, without an exception, when memory is out or something has no form. */
bool marshal_write(struct marshal_bytes *out, PyCodeObject *code);
/* A new reference to the code of a module, whose parts all get the file name; NULL, without an
 * exception, when the bytes are not what marshal_write() writes. */
PyCodeObject *marshal_read(const uint8_t *data, size_t n, PyObject *filename);

#endif
