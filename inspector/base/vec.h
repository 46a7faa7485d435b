/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A growing array: PYI_VEC(struct foo) foos; items in foos.data[0 .. foos.len).
 * push returns a pointer to a zeroed new item, or NULL when memory is out.
 */
#ifndef PYI_BASE_VEC_H
#define PYI_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>

#define PYI_VEC(type)            \
	struct {                 \
		type *data;      \
		size_t len, cap; \
	}

#define pyi_vec_push(v)                                                                     \
	((__typeof__((v)->data))pyi_vec_push_raw((void **)&(v)->data, &(v)->len, &(v)->cap, \
						 sizeof(*(v)->data)))
#define pyi_vec_deinit(v)                \
	do {                             \
		free((v)->data);         \
		(v)->data = NULL;        \
		(v)->len = (v)->cap = 0; \
	} while (0)
#define pyi_vec_for_each(p, v) for (__auto_type p = (v)->data; p && p < (v)->data + (v)->len; p++)

void *pyi_vec_push_raw(void **data, size_t *len, size_t *cap, size_t item_size);

#endif
