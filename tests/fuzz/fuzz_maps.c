/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as a process's memory map: parsed into sorted ranges that do not overlap, or refused. */
#include "target/maps.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pyi_maps maps = {0};
	struct pyi_error *err = pyi_maps_parse((const char *)data, size, &maps);

	if (err) {
		pyi_error_destroy(err);
		return 0;
	}
	for (size_t i = 0; i < maps.n; i++) {
		const struct pyi_map *map = &maps.maps[i];

		if (map->lo >= map->hi || !map->path || (i && maps.maps[i - 1].hi > map->lo) ||
		    pyi_maps_find(&maps, map->lo) != map)
			abort();
	}
	pyi_maps_deinit(&maps);
	return 0;
}
