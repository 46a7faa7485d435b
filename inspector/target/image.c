/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes images of a map: which mappings belong together, the ELF headers behind them, the file, and
 * the ranges of memory that the file can stand for. Program headers and notes are copied at once.
 */
#include "target/image_private.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_PHDRS      512u
#define MAX_NOTE_BYTES 65536u
#define MAX_VDSO_BYTES 65536u

void pyi_image_destroy(struct pyi_image *image)
{
	if (!image)
		return;
	elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	pyi_vec_for_each (range, &image->file_ranges)
		free(*range);
	pyi_vec_for_each (notes, &image->notes)
		free(notes->data);
	pyi_vec_deinit(&image->file_ranges);
	pyi_vec_deinit(&image->notes);
	pyi_vec_deinit(&image->phdrs);
	pyi_vec_deinit(&image->pieces);
	free(image->vdso);
	free(image->path);
	free(image);
}

void pyi_images_destroy(struct pyi_image **images, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pyi_image_destroy(images[i]);
	free(images);
}

/* --- headers --- */

static bool file_read(int fd, uint64_t offset, void *buf, size_t len)
{
	for (size_t done = 0; done < len;) {
		if (offset > INT64_MAX - len)
			return false;
		ssize_t n = pread(fd, (char *)buf + done, len - done, (off_t)(offset + done));
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* Bytes of the ELF image by file offset: from the file, the copy, or what is mapped of them. */
static bool image_read(const struct pyi_image *image, uint64_t offset, void *buf, size_t len)
{
	if (image->vdso) {
		if (offset > image->file_size || len > image->file_size - offset)
			return false;
		memcpy(buf, image->vdso + offset, len);
		return true;
	}
	if (image->fd >= 0)
		return file_read(image->fd, offset, buf, len);
	for (size_t i = 0; i < image->pieces.len; i++) {
		const struct piece *p = &image->pieces.data[i];
		uint64_t size = p->hi - p->lo;
		if (offset < p->offset || offset - p->offset >= size ||
		    len > size - (offset - p->offset))
			continue;
		struct pyi_error *err =
			pyi_mem_read_now(image->mem, p->lo + (offset - p->offset), buf, len);
		pyi_error_destroy(err);
		return !err;
	}
	return false;
}

static bool read_phdrs(struct pyi_image *image)
{
	Elf64_Ehdr ehdr;
	if (!image_read(image, 0, &ehdr, sizeof(ehdr)) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) != 0 || ehdr.e_ident[EI_CLASS] != ELFCLASS64 ||
	    ehdr.e_ident[EI_DATA] != ELFDATA2LSB || ehdr.e_machine != EM_X86_64 ||
	    ehdr.e_phentsize != sizeof(Elf64_Phdr) || !ehdr.e_phnum || ehdr.e_phnum > MAX_PHDRS)
		return false;
	for (unsigned i = 0; i < ehdr.e_phnum; i++) {
		Elf64_Phdr phdr;
		if (!image_read(image, ehdr.e_phoff + i * sizeof(phdr), &phdr, sizeof(phdr)))
			break;
		Elf64_Phdr *slot = pyi_vec_push(&image->phdrs);
		if (slot)
			*slot = phdr;
	}
	return image->phdrs.len > 0;
}

/* The PT_LOAD that the piece maps; one with the same x bit when two share a page of the file. */
static const Elf64_Phdr *load_of_piece(const struct pyi_image *image, const struct piece *piece)
{
	const Elf64_Phdr *found = NULL;
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		if (p->p_type != PT_LOAD || PAGE_DOWN(p->p_offset) > piece->offset ||
		    piece->offset >= p->p_offset + p->p_filesz)
			continue;
		bool same_x = !(p->p_flags & PF_X) == !(piece->perm & PYI_PERM_X);
		if (!found || same_x)
			found = p;
		if (same_x)
			break;
	}
	return found;
}

static void set_bias(struct pyi_image *image)
{
	const struct piece *piece = image->pieces.data;
	const Elf64_Phdr *load = load_of_piece(image, piece);
	if (load)
		image->bias = piece->lo - piece->offset + load->p_offset - load->p_vaddr;
	else
		image->bias = image->lo;
}

/* Whether the piece lies where a PT_LOAD wants it: else it is another mapping of the file. */
static bool piece_fits(const struct pyi_image *image, const struct piece *piece)
{
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		if (p->p_type == PT_LOAD && PAGE_DOWN(p->p_offset) <= piece->offset &&
		    piece->lo - piece->offset == image->bias + p->p_vaddr - p->p_offset)
			return true;
	}
	return !image->phdrs.len;
}

static void read_notes(struct pyi_image *image)
{
	static const char hex[] = "0123456789abcdef";
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		if (p->p_type != PT_NOTE || !p->p_filesz || p->p_filesz > MAX_NOTE_BYTES)
			continue;
		uint8_t *data = malloc(p->p_filesz);
		struct notes *notes = NULL;
		if (data && image_read(image, p->p_offset, data, p->p_filesz))
			notes = pyi_vec_push(&image->notes);
		if (!notes) {
			free(data);
			continue;
		}
		*notes = (struct notes){.data = data,
					.size = p->p_filesz,
					.addr = image->bias + p->p_vaddr,
					.align = p->p_align == 8 ? 8 : 4};
	}
	const void *desc;
	size_t size;
	uint64_t addr;
	if (!pyi_image_find_note(image, ELF_NOTE_GNU, NT_GNU_BUILD_ID, &desc, &size, &addr) ||
	    size > 20)
		return;
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = ((const uint8_t *)desc)[i];
		image->build_id[2 * i] = hex[byte >> 4];
		image->build_id[2 * i + 1] = hex[byte & 15];
	}
}

/* Whether the file holds what the target has mapped, by the first page that is mapped read-only. A
 * path can lead to another file than the one that was mapped once. */
static bool file_agrees(const struct pyi_image *image)
{
	uint8_t theirs[PYI_PAGE_SIZE], ours[PYI_PAGE_SIZE];
	for (size_t i = 0; i < image->pieces.len; i++) {
		const struct piece *p = &image->pieces.data[i];
		if ((p->perm & PYI_PERM_W) || p->offset >= image->file_size)
			continue;
		size_t len = sizeof(ours);
		if (image->file_size - p->offset < len)
			len = (size_t)(image->file_size - p->offset);
		struct pyi_error *err = pyi_mem_read_now(image->mem, p->lo, theirs, len);
		if (err) {
			pyi_error_destroy(err);
			continue;
		}
		return file_read(image->fd, p->offset, ours, len) && !memcmp(theirs, ours, len);
	}
	struct stat st;
	return !fstat(image->fd, &st) && st.st_ino == image->inode;
}

/* --- file-backed memory --- */

static void file_range_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	const struct file_range *range = arg;
	for (size_t i = 0; i < n; i++) {
		uint64_t offset = range->offset + (iov[i].addr - range->lo);
		iov[i].got = 0;
		if (offset >= range->file_size)
			continue;
		size_t len = iov[i].len;
		if (len > range->file_size - offset)
			len = (size_t)(range->file_size - offset);
		if (!file_read(range->fd, offset, iov[i].buf, len))
			continue;
		/* The kernel maps zeros behind the end of the file, up to the page's end. */
		memset((char *)iov[i].buf + len, 0, iov[i].len - len);
		iov[i].got = iov[i].len;
	}
}

static const char *file_range_why(void *arg, uint64_t addr)
{
	(void)arg, (void)addr;
	return "behind the end of its file";
}

static struct pyi_error *add_file_ranges(struct pyi_image *image)
{
	uint64_t ranges[16][3];
	size_t n = pyi_image_readonly_ranges(image, ranges, 16);
	for (size_t i = 0; i < n; i++) {
		struct file_range *range = malloc(sizeof(*range));
		struct file_range **slot = range ? pyi_vec_push(&image->file_ranges) : NULL;
		if (!slot) {
			free(range);
			return &pyi_enomem;
		}
		*slot = range;
		*range = (struct file_range){.fd = image->fd,
					     .lo = ranges[i][0],
					     .offset = ranges[i][2],
					     .file_size = image->file_size};
		struct pyi_mem_source src = {.readv = file_range_readv,
					     .why = file_range_why,
					     .arg = range,
					     .cached = true,
					     .constant = true};
		struct pyi_error *err = pyi_mem_add(image->mem, ranges[i][0], ranges[i][1], &src);
		if (err)
			return err;
	}
	return NULL;
}

/* --- making images of maps --- */

struct maker {
	const struct pyi_maps *maps;
	struct pyi_mem *mem;
	int (*open_file)(void *arg, const struct pyi_map *map, const char **status);
	void *arg;
	PYI_VEC(struct pyi_image *) images;
};

static bool piece_push(struct pyi_image *image, const struct pyi_map *map)
{
	struct piece *piece = pyi_vec_push(&image->pieces);
	if (!piece)
		return false;
	*piece = (struct piece){
		.lo = map->lo, .hi = map->hi, .offset = map->offset, .perm = map->perm};
	image->hi = map->hi;
	return true;
}

static bool anonymous(const struct pyi_map *map)
{
	return !map->inode && !map->path[0];
}

/* One past the last map of the module that begins at maps[first]: maps of the same file whose
 * offset does not go back, with nothing but anonymous maps between them. */
static size_t group_end(const struct pyi_maps *maps, size_t first, bool *has_text)
{
	size_t end = first + 1;
	const struct pyi_map *last = &maps->maps[first];
	*has_text = last->perm & PYI_PERM_X;
	for (size_t i = end; i < maps->n; i++) {
		const struct pyi_map *map = &maps->maps[i];
		if (anonymous(map))
			continue;
		if (map->inode != last->inode || map->dev != last->dev || !map->offset ||
		    map->offset < last->offset)
			break;
		*has_text |= (map->perm & PYI_PERM_X) != 0;
		last = map;
		end = i + 1;
	}
	return end;
}

/* Adds the part of .bss that lies in anonymous maps behind the last map of the file. */
static void extend_over_bss(struct pyi_image *image, const struct pyi_maps *maps, size_t next)
{
	uint64_t end = 0;
	for (size_t i = 0; i < image->phdrs.len; i++) {
		const Elf64_Phdr *p = &image->phdrs.data[i];
		uint64_t hi = image->bias + p->p_vaddr + p->p_memsz;
		if (p->p_type == PT_LOAD && hi > end)
			end = hi;
	}
	/* A core's, whose headers cannot be read: what is mapped behind its data may be .bss. */
	if (!image->phdrs.len && image->status)
		end = next < maps->n ? maps->maps[next].hi : 0;
	for (; next < maps->n && maps->maps[next].lo == image->hi && image->hi < end; next++) {
		if (!anonymous(&maps->maps[next]))
			break;
		image->hi = maps->maps[next].hi < end ? maps->maps[next].hi : PAGE_UP(end);
	}
}

static void open_image_file(struct maker *m, struct pyi_image *image, const struct pyi_map *map)
{
	struct stat st;
	image->fd = m->open_file ? m->open_file(m->arg, map, &image->status) : -1;
	if (image->fd < 0)
		return;
	if (!fstat(image->fd, &st) && S_ISREG(st.st_mode)) {
		image->file_size = (uint64_t)st.st_size;
		if (image->status || file_agrees(image))
			return;
	}
	close(image->fd);
	image->fd = -1;
}

static struct pyi_image *image_push(struct maker *m, const struct pyi_map *map)
{
	struct pyi_image *image = calloc(1, sizeof(*image));
	struct pyi_image **slot = image ? pyi_vec_push(&m->images) : NULL;
	if (!slot) {
		free(image);
		return NULL;
	}
	*image = (struct pyi_image){.path = strdup(map->path),
				    .dev = map->dev,
				    .inode = map->inode,
				    .deleted = map->deleted,
				    .lo = map->lo,
				    .hi = map->hi,
				    .fd = -1,
				    .mem = m->mem};
	*slot = image;
	return image->path ? image : NULL;
}

/* Keeps the pieces up to the first that lies elsewhere; *end is then its index in the maps. */
static void cut_foreign_pieces(struct pyi_image *image, const struct pyi_map *maps, size_t first,
			       size_t *end)
{
	size_t k = 0;
	for (size_t i = first; i < *end; i++) {
		if (anonymous(&maps[i]))
			continue;
		if (!piece_fits(image, &image->pieces.data[k])) {
			image->pieces.len = k;
			image->hi = image->pieces.data[k - 1].hi;
			*end = i;
			return;
		}
		k++;
	}
}

/* Of maps[first .. *end); *end goes down when not all of them belong together. */
static struct pyi_error *make_file_image(struct maker *m, size_t first, size_t *end)
{
	const struct pyi_map *maps = m->maps->maps;
	struct pyi_image *image = image_push(m, &maps[first]);
	if (!image)
		return &pyi_enomem;
	for (size_t i = first; i < *end; i++) {
		if (!anonymous(&maps[i]) && !piece_push(image, &maps[i]))
			return &pyi_enomem;
	}
	open_image_file(m, image, &maps[first]);
	if (!read_phdrs(image) && image->fd >= 0) { /* some other file that is executable memory */
		pyi_image_destroy(image);
		m->images.len--;
		return NULL;
	}
	set_bias(image);
	if (load_of_piece(image, &image->pieces.data[0]))
		cut_foreign_pieces(image, maps, first, end);
	extend_over_bss(image, m->maps, *end);
	read_notes(image);
	return image->fd >= 0 ? add_file_ranges(image) : NULL;
}

static struct pyi_error *make_vdso(struct maker *m, const struct pyi_map *map)
{
	uint64_t size = map->hi - map->lo;
	if (size > MAX_VDSO_BYTES)
		return NULL;
	char *copy = malloc(size);
	if (!copy)
		return &pyi_enomem;
	struct pyi_error *err = pyi_mem_read_now(m->mem, map->lo, copy, size);
	if (err) { /* not in a core: nothing to show then */
		pyi_error_destroy(err);
		free(copy);
		return NULL;
	}
	struct pyi_image *image = image_push(m, map);
	if (!image) {
		free(copy);
		return &pyi_enomem;
	}
	image->vdso = copy;
	image->file_size = size;
	if (!piece_push(image, map))
		return &pyi_enomem;
	read_phdrs(image);
	set_bias(image);
	read_notes(image);
	return pyi_mem_add_buffer(m->mem, map->lo, copy, size);
}

static void find_wholes(struct maker *m)
{
	uint64_t lo, size;
	pyi_vec_for_each (part, &m->images) {
		if (!(*part)->inode || pyi_image_eh_frame_hdr(*part, &lo, &size))
			continue;
		pyi_vec_for_each (other, &m->images) {
			if ((*other)->inode == (*part)->inode && (*other)->dev == (*part)->dev &&
			    pyi_image_eh_frame_hdr(*other, &lo, &size)) {
				(*part)->whole = *other;
				break;
			}
		}
	}
}

static struct pyi_error *make_images(struct maker *m)
{
	for (size_t i = 0; i < m->maps->n;) {
		const struct pyi_map *map = &m->maps->maps[i];
		struct pyi_error *err = NULL;
		size_t end = i + 1;
		if (map->inode && map->path[0] == '/') {
			bool has_text;
			end = group_end(m->maps, i, &has_text);
			if (has_text)
				err = make_file_image(m, i, &end);
		} else if (!strcmp(map->path, "[vdso]")) {
			err = make_vdso(m, map);
		}
		if (err)
			return err;
		i = end;
	}
	return NULL;
}

struct pyi_error *pyi_images_create(const struct pyi_maps *maps, struct pyi_mem *mem,
				    int (*open_file)(void *arg, const struct pyi_map *map,
						     const char **status),
				    void *arg, uint64_t phdr_addr, struct pyi_image ***ret,
				    size_t *n)
{
	struct maker m = {.maps = maps, .mem = mem, .open_file = open_file, .arg = arg};
	struct pyi_error *err = make_images(&m);
	if (err) {
		pyi_images_destroy(m.images.data, m.images.len);
		return err;
	}
	find_wholes(&m);
	pyi_vec_for_each (image, &m.images)
		(*image)->is_exe =
			phdr_addr && phdr_addr >= (*image)->lo && phdr_addr < (*image)->hi;
	*ret = m.images.data;
	*n = m.images.len;
	return NULL;
}
