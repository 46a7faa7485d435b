/* SPDX-License-Identifier: BSD-2-Clause */
/* Mixing functions under str, bytes and tuple hashes. */
#ifndef MINIPY_OBJECTS_HASH_H
#define MINIPY_OBJECTS_HASH_H

#include "core/object.h"

/* Never -1; 0 for no bytes. str and bytes share it. */
Py_hash_t _Py_HashBytes(const void *data, size_t n);

#endif
