/* SPDX-License-Identifier: BSD-2-Clause */
#include "compiler/pyc.h"

#include "compiler/marshal.h"
#include "core/errors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAX_SIZE (512u << 20) /* of a cache file */

/* Little-endian, as the machine. */
struct header {
	char magic[8];
	uint64_t build;       /* of minipy */
	uint64_t source_size; /* bytes */
	int64_t source_mtime; /* nanoseconds */
	uint64_t source_hash; /* xxHash64 */
	uint64_t length;      /* of what follows */
	uint64_t checksum;    /* xxHash64 of it */
};
static const char magic[8] = {'m', 'i', 'n', 'i', 'p', 'y', 'c', '1'};

/* -- What it is good for ----------------------------------------------------------------------- */
/* The program's build ID, a hash of all that it is made of. */
static int find_build_id(struct dl_phdr_info *info, size_t size, void *arg)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		const char *p = (const char *)(info->dlpi_addr + ph->p_vaddr), *end;

		if (ph->p_type != PT_NOTE)
			continue;
		for (end = p + ph->p_memsz; p + sizeof(ElfW(Nhdr)) <= end;) {
			const ElfW(Nhdr) *note = (const void *)p;
			const char *name = p + sizeof(*note);
			const char *desc = name + ((note->n_namesz + 3) & ~3u);

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			    memcmp(name, "GNU", 4) == 0)
				*(uint64_t *)arg = XXH64(desc, note->n_descsz, 0);
			p = desc + ((note->n_descsz + 3) & ~3u);
		}
	}
	return 1; /* the first one is the program */
}

/* Without one: when this file was compiled is better than nothing. */
static uint64_t build_id(void)
{
	static uint64_t id;

	if (!id) {
		dl_iterate_phdr(find_build_id, &id);
		if (!id)
			id = XXH64(__DATE__ __TIME__, sizeof(__DATE__ __TIME__), 0);
	}
	return id;
}

static int64_t mtime_ns(const struct stat *st)
{
	return (int64_t)((uint64_t)st->st_mtim.tv_sec * 1000000000u +
			 (uint64_t)st->st_mtim.tv_nsec);
}

static bool is_of(const struct header *h, const struct pyc_source *s)
{
	if (memcmp(h->magic, magic, sizeof(magic)) != 0 || h->build != build_id())
		return false;
	if (s->text)
		return h->source_size == s->length &&
		       h->source_hash == XXH64(s->text, s->length, 0);
	return h->source_size == (uint64_t)s->st.st_size && h->source_mtime == mtime_ns(&s->st);
}

/* -- Files ------------------------------------------------------------------------------------- */
char *pyc_path(const char *source)
{
	const char *slash = strrchr(source, '/'), *leaf = slash ? slash + 1 : source;
	size_t n = strlen(leaf);
	char path[PATH_MAX];
	int length;
	char *ret;

	if (n < 4 || strcmp(leaf + n - 3, ".py") != 0)
		return NULL;
	length = snprintf(path, sizeof(path), "%.*s__pycache__/%.*s." PYC_TAG ".pyc",
			  (int)(leaf - source), source, (int)n - 3, leaf);
	if (length < 0 || (size_t)length >= sizeof(path))
		return NULL;
	ret = PyMem_Malloc((size_t)length + 1);
	return ret ? memcpy(ret, path, (size_t)length + 1) : NULL;
}

/* The whole file, to be released with PyMem_Free; NULL when there is none or it is no plain one. */
static void *read_whole(const char *path, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *data = NULL;
	size_t n = 0, size;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > MAX_SIZE ||
	    !(data = PyMem_Malloc(size = (size_t)st.st_size))) {
		close(fd);
		return NULL;
	}
	while (n < size) {
		ssize_t got = read(fd, data + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	*ret_n = n;
	return data;
}

PyCodeObject *pyc_parse(const void *bytes, size_t n, const struct pyc_source *source,
			PyObject *filename)
{
	const uint8_t *payload = (const uint8_t *)bytes + sizeof(struct header);
	struct header h;

	if (n < sizeof(h))
		return NULL;
	memcpy(&h, bytes, sizeof(h));
	if (!is_of(&h, source) || h.length != n - sizeof(h) ||
	    h.checksum != XXH64(payload, n - sizeof(h), 0))
		return NULL;
	return marshal_read(payload, n - sizeof(h), filename);
}

PyCodeObject *pyc_load(const struct pyc_source *source, PyObject *filename)
{
	char *path = pyc_path(source->path);
	size_t n = 0;
	void *bytes = path ? read_whole(path, &n) : NULL;
	PyCodeObject *code = bytes ? pyc_parse(bytes, n, source, filename) : NULL;

	PyMem_Free(bytes);
	PyMem_Free(path);
	return code;
}

static bool write_all(int fd, const void *data, size_t n)
{
	for (const char *p = data; n > 0;) {
		ssize_t wrote = write(fd, p, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return false;
		p += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

/* Nobody ever sees half a file. */
static void replace_file(const char *path, mode_t mode, const struct header *h,
			 const struct marshal_bytes *payload)
{
	char temporary[PATH_MAX], *slash;
	int fd, n = snprintf(temporary, sizeof(temporary), "%s", path);
	bool ok;

	slash = n > 0 && (size_t)n < sizeof(temporary) - 24 ? strrchr(temporary, '/') : NULL;
	if (!slash)
		return;
	*slash = '\0';
	if (mkdir(temporary, 0777) < 0 && errno != EEXIST)
		return;
	*slash = '/';
	snprintf(temporary + n, sizeof(temporary) - (size_t)n, ".%ld", (long)gettid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode & 0666);
	if (fd < 0)
		return;
	ok = write_all(fd, h, sizeof(*h)) && write_all(fd, payload->data, payload->n);
	if (close(fd) < 0 || !ok || rename(temporary, path) < 0)
		unlink(temporary);
}

void pyc_store(const struct pyc_source *source, PyCodeObject *code)
{
	struct marshal_bytes payload = {0};
	char *path = pyc_path(source->path);

	if (path && marshal_write(&payload, code) && payload.n < MAX_SIZE) {
		struct header h = {
			.build = build_id(),
			.source_size = source->length,
			.source_mtime = mtime_ns(&source->st),
			.source_hash = XXH64(source->text, source->length, 0),
			.length = payload.n,
			.checksum = XXH64(payload.data, payload.n, 0),
		};

		memcpy(h.magic, magic, sizeof(magic));
		replace_file(path, source->st.st_mode, &h, &payload);
	}
	PyMem_Free(payload.data);
	PyMem_Free(path);
}
