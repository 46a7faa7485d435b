/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images in snapshots, where no file is at hand: they are made anew from the map and from the
 * headers in memory; what only the file could tell is in the notes. Keys begin with the image's
 * first address.
 */
#include "target/image_private.h"

#include <inttypes.h>
#include <string.h>

#define TABLE "images"

void pyi_images_set_notes(struct pyi_image **images, size_t n, struct pyi_notes *notes)
{
	for (size_t i = 0; i < n; i++)
		images[i]->facts = notes;
}

bool pyi_image_recall(const struct pyi_image *image, const char *table, const char *name,
		      bool *found, uint64_t *addr, uint64_t *size)
{
	const json_t *known =
		pyi_notes_get(image->facts, table, "0x%" PRIx64 " %s", image->lo, name);
	if (!known)
		return false;
	*found = json_is_array(known) && json_array_size(known) == 2;
	if (*found) {
		*addr = (uint64_t)json_integer_value(json_array_get(known, 0));
		*size = (uint64_t)json_integer_value(json_array_get(known, 1));
	}
	return true;
}

void pyi_image_remember(const struct pyi_image *image, const char *table, const char *name,
			uint64_t addr, uint64_t size, bool found)
{
	if (image->facts)
		pyi_notes_put(image->facts, table,
			      found ? json_pack("[II]", (json_int_t)addr, (json_int_t)size)
				    : json_null(),
			      "0x%" PRIx64 " %s", image->lo, name);
}

/* What stands at that offset of the file, where it is mapped. */
static void prefetch(const struct pyi_image *image, uint64_t offset, uint64_t size)
{
	for (size_t i = 0; i < image->pieces.len; i++) {
		const struct piece *p = &image->pieces.data[i];
		if (offset < p->offset || offset - p->offset >= p->hi - p->lo)
			continue;
		uint64_t addr = p->lo + (offset - p->offset), left = p->hi - addr;
		struct pyi_mem_iov iov = {.addr = addr, .len = size < left ? size : left};
		pyi_mem_prefetch(image->mem, &iov, 1);
		return;
	}
}

void pyi_image_save(struct pyi_image *image)
{
	Elf64_Ehdr ehdr;
	pyi_notes_put(image->facts, TABLE,
		      json_pack("{sb sI ss}", "file", image->fd >= 0 || image->had_file, "bias",
				(json_int_t)image->bias, "build_id", image->build_id),
		      "0x%" PRIx64, image->lo);
	if (!image->phdrs.len ||
	    pyi_mem_read_some(image->mem, image->lo, &ehdr, sizeof(ehdr)) < sizeof(ehdr))
		return;
	prefetch(image, ehdr.e_phoff, image->phdrs.len * sizeof(Elf64_Phdr));
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		if (p->p_type == PT_NOTE || p->p_type == PT_DYNAMIC)
			prefetch(image, p->p_offset, p->p_filesz);
	}
}

/* False when the image was not saved. */
static bool restore(struct pyi_image *image)
{
	const json_t *saved = pyi_notes_get(image->facts, TABLE, "0x%" PRIx64, image->lo);
	if (!saved)
		return false;
	const char *build_id = json_string_value(json_object_get(saved, "build_id"));
	image->had_file = json_is_true(json_object_get(saved, "file"));
	if (!image->phdrs.len) /* a lone piece of a file, without the file's headers */
		image->bias = (uint64_t)json_integer_value(json_object_get(saved, "bias"));
	if (build_id && strspn(build_id, "0123456789abcdef") == strlen(build_id) &&
	    strlen(build_id) < sizeof(image->build_id))
		memcpy(image->build_id, build_id, strlen(build_id) + 1);
	return true;
}

void pyi_images_restore(struct pyi_image **images, size_t *n)
{
	size_t kept = 0;
	for (size_t i = 0; i < *n; i++) {
		if (!restore(images[i]))
			images[i]->facts = NULL;
	}
	for (size_t i = 0; i < *n; i++) {
		if (images[i]->whole && !images[i]->whole->facts)
			images[i]->whole = NULL;
	}
	for (size_t i = 0; i < *n; i++) {
		if (images[i]->facts)
			images[kept++] = images[i];
		else
			pyi_image_destroy(images[i]);
	}
	*n = kept;
}
