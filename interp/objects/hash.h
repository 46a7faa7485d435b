/* SPDX-License-Identifier: BSD-2-Clause */
/* Mixing functions under str, bytes and tuple hashes. */
#ifndef MINIPY_OBJECTS_HASH_H
#define MINIPY_OBJECTS_HASH_H

#include "core/object.h"

/* Before any hash is made: a secret of the process, or what $PYTHONHASHSEED says (a number, 0: none
 * at all; "random"). */
void _Py_HashInit(void);
/* Never -1; 0 for no bytes. str and bytes share it. */
Py_hash_t _Py_HashBytes(const void *data, size_t n);

#endif
