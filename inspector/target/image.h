/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module of the target: one ELF file mapped at one place. The file is opened through
 * /proc/PID/map_files (right also when it was deleted, replaced, or is in another mount namespace),
 * else /proc/PID/root/PATH. Everything in the file is untrusted.
 */
#ifndef PYI_TARGET_IMAGE_H
#define PYI_TARGET_IMAGE_H

#include "base/error.h"
#include "target/maps.h"

struct pyi_image;

struct pyi_image_symbol {
	uint64_t addr; /* in the target (load bias added) */
	uint64_t size; /* st_size; 0 when unknown */
};

struct pyi_image_info {
	const char *path; /* as mapped, e.g. /usr/bin/python3.11 */
	const char *name; /* its last component */
	uint64_t lo, hi;  /* extent of its mappings in the target */
	uint64_t bias;    /* added to a link-time address to get the target's */
	bool deleted;
	bool has_file;     /* the ELF file could be opened */
	bool is_exe;       /* the main program */
	char build_id[41]; /* hex, "" when none */
	const void *file;  /* the whole file, mapped read-only; NULL without one */
	size_t file_size;
	int fd; /* -1 without a file */
};

void pyi_image_info(const struct pyi_image *image, struct pyi_image_info *ret);
/* .dynsym first, then .symtab. False when there is none of that name. */
bool pyi_image_find_symbol(const struct pyi_image *image, const char *name,
			   struct pyi_image_symbol *ret);
/* [*lo, *lo + *size) of the section in the target. False when there is none. */
bool pyi_image_find_section(const struct pyi_image *image, const char *name, uint64_t *lo,
			    uint64_t *size);
/* The first note of that name and type: *desc points into the mapped file, *desc_addr is its
 * address in the target. */
bool pyi_image_find_note(const struct pyi_image *image, const char *name, uint32_t type,
			 const void **desc, size_t *desc_size, uint64_t *desc_addr);
/* Writable PT_LOAD parts (.data, .bss) in the target; returns how many were stored, at most max. */
size_t pyi_image_writable_ranges(const struct pyi_image *image, uint64_t (*ranges)[2], size_t max);
/* The .eh_frame_hdr (PT_GNU_EH_FRAME) in the target. False when there is none. */
bool pyi_image_eh_frame_hdr(const struct pyi_image *image, uint64_t *lo, uint64_t *size);
/* Runs of read-only PT_LOAD bytes that the file holds: for reading text without the target. */
size_t pyi_image_readonly_ranges(const struct pyi_image *image, uint64_t (*ranges)[3],
				 size_t max); /* {lo, hi, file offset} */

#endif
