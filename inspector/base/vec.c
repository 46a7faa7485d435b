/* SPDX-License-Identifier: BSD-2-Clause */
/* The growing array behind PYI_VEC: capacity doubles; a failed push leaves it as it was. */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *pyi_vec_push_raw(void **data, size_t *len, size_t *cap, size_t item_size)
{
	char *item;

	if (*len == *cap) {
		size_t more = *cap ? *cap * 2 : 8;
		void *grown;

		if (*cap > SIZE_MAX / 2 || more > SIZE_MAX / item_size)
			return NULL;
		grown = realloc(*data, more * item_size);
		if (!grown)
			return NULL;
		*data = grown;
		*cap = more;
	}
	item = (char *)*data + (*len)++ * item_size;
	memset(item, 0, item_size);
	return item;
}
