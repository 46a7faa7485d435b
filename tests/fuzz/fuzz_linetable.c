/* SPDX-License-Identifier: BSD-2-Clause */
/* First byte: format; next eight: unit and first line; the rest is the table. */
#include "python/linetable.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t unit, first;
	struct pyi_position pos;
	uint8_t *table;
	size_t len;

	if (size < 9)
		return 0;
	memcpy(&unit, data + 1, sizeof(unit));
	memcpy(&first, data + 5, sizeof(first));
	len = size - 9;
	/* Of its own, so that a read past the end is seen. */
	table = malloc(len);
	if (!table)
		return 0;
	memcpy(table, data + 9, len);
	pos = pyi_linetable_lookup((enum pyi_how_lines)(data[0] % 6), table, len, (int)first,
				   unit % 4096);
	if (pos.line < 0 || pos.end_line < 0 || pos.column < 0 || pos.end_column < 0)
		abort();
	pyi_linetable_lookup((enum pyi_how_lines)(data[0] % 6), table, len, (int)first, UINT64_MAX);
	free(table);
	return 0;
}
