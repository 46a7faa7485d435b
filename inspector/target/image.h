/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A module of the target: one ELF file mapped at one place. The file is opened through
 * /proc/PID/map_files (right also when it was deleted, replaced, or is in another mount namespace),
 * else /proc/PID/root/PATH; it is used only when it agrees with the target's memory. Without a file
 * the ELF image in memory serves (headers, notes, .dynsym; the vdso has never more).
 *
 * Everything in the file is untrusted, its size too: it is read by pread into copies, never mapped,
 * since a file that somebody truncates meanwhile would end us with SIGBUS.
 */
#ifndef PYI_TARGET_IMAGE_H
#define PYI_TARGET_IMAGE_H

#include "base/error.h"
#include "target/maps.h"
#include "target/mem.h"
#include "target/notes.h"

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
	bool has_file;      /* the ELF file could be opened, now or when the snapshot was made */
	const char *status; /* of a core's file: "ok" "unverified" "missing" "mismatched" "deleted";
			     * NULL: not judged */
	bool is_exe;        /* the main program */
	char build_id[41];  /* hex, "" when none or longer than 20 bytes */
	int fd;             /* for pread; -1 without a file */
	/* Another image of the same file that is mapped as a whole, when this one is a lone piece
	 * of it (libffi maps a page of itself again for its trampolines); else NULL. */
	const struct pyi_image *whole;
};

/* The modules of a map, by address. open_file gives an fd of the file behind a map (then ours), or
 * -1; where it sets *status, a constant word, it has judged itself whether that is the file that
 * was mapped, else the target's memory tells. phdr_addr: AT_PHDR of the target, 0 when unknown: the
 * image that holds it is the program. mem must outlive the images; the files' read-only parts are
 * added to it as constant ranges. */
struct pyi_error *pyi_images_create(const struct pyi_maps *maps, struct pyi_mem *mem,
				    int (*open_file)(void *arg, const struct pyi_map *map,
						     const char **status),
				    void *arg, uint64_t phdr_addr, struct pyi_image ***ret,
				    size_t *n) PYI_WARN_UNUSED;
void pyi_images_destroy(struct pyi_image **images, size_t n);

void pyi_image_info(const struct pyi_image *image, struct pyi_image_info *ret);

/* For snapshots. From now on answers that come from a file are noted, and taken from the notes. */
void pyi_images_set_notes(struct pyi_image **images, size_t n, struct pyi_notes *notes);
/* Notes what memory does not tell of the image, and brings into the cache what pyi_images_create
 * would need without a file. */
void pyi_image_save(struct pyi_image *image);
/* The reverse, for images made without files: drops those that were not saved, by set_notes. */
void pyi_images_restore(struct pyi_image **images, size_t *n);

/* .dynsym first, then .symtab. False when there is none of that name. */
bool pyi_image_find_symbol(const struct pyi_image *image, const char *name,
			   struct pyi_image_symbol *ret);
/* [*lo, *lo + *size) of the section in the target. False when there is none. */
bool pyi_image_find_section(const struct pyi_image *image, const char *name, uint64_t *lo,
			    uint64_t *size);
/* The first note of that name and type: *desc points to a copy that lives as long as the image,
 * *desc_addr is its address in the target. */
bool pyi_image_find_note(const struct pyi_image *image, const char *name, uint32_t type,
			 const void **desc, size_t *desc_size, uint64_t *desc_addr);
/* Writable PT_LOAD parts (.data, .bss) in the target; returns how many were stored, at most max. */
size_t pyi_image_writable_ranges(const struct pyi_image *image, uint64_t (*ranges)[2], size_t max);
/* The .eh_frame_hdr (PT_GNU_EH_FRAME) in the target. False when there is none. */
bool pyi_image_eh_frame_hdr(const struct pyi_image *image, uint64_t *lo, uint64_t *size);
/* Runs of read-only PT_LOAD pages that the file holds: for reading text without the target. */
size_t pyi_image_readonly_ranges(const struct pyi_image *image, uint64_t (*ranges)[3],
				 size_t max); /* {lo, hi, file offset} */
/* The start of the unwind entry at or before addr, by .eh_frame_hdr. False when there is none. */
bool pyi_image_unwind_start(const struct pyi_image *image, uint64_t addr, uint64_t *start);
/* A new ELF handle of the image, read into memory, for libdw (elf_end is the caller's); or NULL. */
struct Elf;
struct Elf *pyi_image_open_elf(const struct pyi_image *image);
/* The target address of the file's first PT_LOAD, rounded down to a page. */
uint64_t pyi_image_load_addr(const struct pyi_image *image);

#endif
