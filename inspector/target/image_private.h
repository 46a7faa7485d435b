/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by image.c, which makes images, and image_lookup.c, which answers questions about
 * them, and image_save.c, which makes them last without their files. */
#ifndef PYI_TARGET_IMAGE_PRIVATE_H
#define PYI_TARGET_IMAGE_PRIVATE_H

#include "base/vec.h"
#include "target/image.h"

#include <elf.h>
#include <libelf.h>

#define PAGE_DOWN(x) ((x) & ~(uint64_t)(PYI_PAGE_SIZE - 1))
#define PAGE_UP(x)   PAGE_DOWN((x) + (PYI_PAGE_SIZE - 1))

/* One mapping of the file. */
struct piece {
	uint64_t lo, hi, offset;
	unsigned perm;
};

/* The argument of a constant range's source in pyi_mem. */
struct file_range {
	int fd;
	uint64_t lo, offset, file_size;
};

struct notes { /* one PT_NOTE */
	uint8_t *data;
	size_t size;
	uint64_t addr, align;
};

struct pyi_image {
	char *path;
	uint64_t dev, inode;
	bool deleted, is_exe;
	const char *status; /* see struct pyi_image_info */
	PYI_VEC(struct piece) pieces;
	uint64_t lo, hi;
	int fd;
	uint64_t file_size;
	char *vdso; /* the whole image, of file_size bytes; NULL for all others */
	struct pyi_mem *mem;
	PYI_VEC(Elf64_Phdr) phdrs; /* empty: no ELF header could be read */
	uint64_t bias;
	PYI_VEC(struct notes) notes;
	char build_id[41];
	PYI_VEC(struct file_range *) file_ranges;
	const struct pyi_image *whole;
	Elf *elf;                /* opened when first needed */
	struct pyi_notes *facts; /* the target's notes: answers about the file; or NULL */
	bool had_file;           /* there was one when the snapshot was made */
};

void pyi_image_destroy(struct pyi_image *image);
/* An answer that the notes have: false when there is none. *found tells whether it is that there is
 * no such thing; then addr and size stay untouched. */
bool pyi_image_recall(const struct pyi_image *image, const char *table, const char *name,
		      bool *found, uint64_t *addr, uint64_t *size);
void pyi_image_remember(const struct pyi_image *image, const char *table, const char *name,
			uint64_t addr, uint64_t size, bool found);

#endif
