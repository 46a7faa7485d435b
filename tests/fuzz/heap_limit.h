/* SPDX-License-Identifier: BSD-2-Clause */
/* What one run may have on the heap at once. The fuzzer's own limit counts its corpus too, and the
 * sanitizer's shadow. */
#ifndef TESTS_FUZZ_HEAP_LIMIT_H
#define TESTS_FUZZ_HEAP_LIMIT_H

#include <sanitizer/allocator_interface.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAP_LIMIT ((size_t)256 << 20)

static size_t heap_now;
static __thread bool heap_counted; /* our runs have one thread */

static void heap_grew(const volatile void *ptr, size_t size)
{
	if (!heap_counted || !ptr)
		return;
	heap_now += size;
	if (heap_now <= HEAP_LIMIT)
		return;
	heap_counted = false;
	fprintf(stderr, "more than %zu MiB on the heap\n", HEAP_LIMIT >> 20);
	abort();
}

static void heap_shrank(const volatile void *ptr)
{
	size_t size = heap_counted && ptr ? __sanitizer_get_allocated_size(ptr) : 0;

	heap_now = size < heap_now ? heap_now - size : 0;
}

/* From here to heap_limit_end. */
static void heap_limit_begin(void)
{
	static bool installed;

	if (!installed)
		__sanitizer_install_malloc_and_free_hooks(heap_grew, heap_shrank);
	installed = true;
	heap_now = 0;
	heap_counted = true;
}

static void heap_limit_end(void)
{
	heap_counted = false;
}

#endif
