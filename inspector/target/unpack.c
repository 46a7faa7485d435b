/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bytes (a file, or the base64 of an apport report) -> decoder (by magic) -> holes and pages.
 *
 * Formats: RFC 1952 (gzip), RFC 8878 (zstd), lz4_Frame_format.md, xz-file-format.txt; apport's
 * problem reports: doc/data-format.tex there: "CoreDump: base64", then lines that begin with a
 * space, each of them base64 on its own, together one packed file.
 */
#include "target/unpack.h"

#include "base/cleanup.h"
#include "target/unpack_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define IN_BYTES  65536u
#define OUT_BYTES 262144u
#define HOLE      4096u
/* More than any process can have. */
#define MAX_UNPACKED (UINT64_C(1) << 47)

struct unpacker {
	const struct pyi_unpack_options *options;
	struct pyi_packed in;
	const struct pyi_decoder *decoder;
	void *state;
	int out;
	uint64_t written; /* with holes */
	uint8_t *buf;     /* of OUT_BYTES */
};

/* --- output --- */

static const char *temporary_dir(void)
{
	const char *dir = getenv("TMPDIR");
	return dir && *dir ? dir : "/tmp";
}

static struct pyi_error *open_output(int *ret)
{
	char name[4096];
	int fd = open(temporary_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
		snprintf(name, sizeof(name), "%s/pyinspect.XXXXXX", temporary_dir());
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0)
			unlink(name);
	}
	if (fd < 0)
		return pyi_error_hint(pyi_error_errno(errno, "unpacking it to %s", temporary_dir()),
				      "TMPDIR=DIR names another place");
	*ret = fd;
	return NULL;
}

static struct pyi_error *output_error(const struct unpacker *u)
{
	if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
		return pyi_error_errno(errno, "unpacking it to %s", temporary_dir());
	return pyi_error_hint(pyi_error_create(PYI_ERR_IO,
					       "%s is full: the core needs more than the %" PRIu64
					       " MiB that were unpacked",
					       temporary_dir(), u->written >> 20),
			      "TMPDIR=DIR names a place with more room");
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

/* Zero pages become holes, where the file system can. */
static struct pyi_error *write_out(struct unpacker *u, const uint8_t *bytes, size_t len)
{
	while (len) {
		size_t n = HOLE - u->written % HOLE;
		if (n > len)
			n = len;
		for (size_t done = 0; !is_zero(bytes, n) && done < n;) {
			ssize_t got =
				pwrite(u->out, bytes + done, n - done, (off_t)(u->written + done));
			if (got < 0 && errno == EINTR)
				continue;
			if (got <= 0)
				return output_error(u);
			done += (size_t)got;
		}
		u->written += n;
		bytes += n;
		len -= n;
	}
	return NULL;
}

/* --- the run --- */

static void tell(struct unpacker *u)
{
	if (u->options->progress)
		u->options->progress(u->options->arg, pyi_packed_position(&u->in), u->in.file_size);
}

/* *why is set when no more can be unpacked before the end. */
static struct pyi_error *run(struct unpacker *u, const char **why)
{
	uint8_t in[IN_BYTES];
	size_t len = 0, at = 0;
	bool ended = false, full = false;
	struct pyi_error *err = NULL;
	while (!err) {
		if (at == len && !full) {
			len = pyi_packed_read(&u->in, in, sizeof(in));
			at = 0;
			tell(u);
			if (!len)
				break;
		}
		size_t got = OUT_BYTES;
		size_t used = len - at;
		enum pyi_decoded result = u->decoder->run(u->state, in + at, &used, u->buf, &got);
		at += used;
		full = got == OUT_BYTES;
		ended = result == PYI_DECODED_END;
		err = write_out(u, u->buf, got);
		if (result == PYI_DECODED_BAD || (!used && !got && at < len) ||
		    u->written > MAX_UNPACKED) {
			*why = u->written > MAX_UNPACKED ? "it is longer than memory can be"
			       : ended                   ? NULL
							 : "its packed data are damaged";
			return err;
		}
	}
	if (!err && !ended)
		*why = "it ends early";
	return err;
}

static struct pyi_error *unpack_to(struct unpacker *u, char **damage)
{
	const char *why = NULL;
	struct pyi_error *err = run(u, &why);
	if (!err && ftruncate(u->out, (off_t)u->written))
		err = output_error(u);
	if (!err && why &&
	    asprintf(damage, "the file cannot be unpacked whole: %s after %" PRIu64 " bytes", why,
		     u->written) < 0)
		err = &pyi_enomem;
	return err;
}

static void copy_time(int from, int to)
{
	struct stat st;
	if (!fstat(from, &st)) {
		const struct timespec times[2] = {st.st_atim, st.st_mtim};
		if (futimens(to, times))
			return; /* then it is as if the core were new */
	}
}

static struct pyi_error *unpack(struct unpacker *u, int *ret, char **damage)
{
	pyi_autofree uint8_t *buf = malloc(OUT_BYTES);
	u->state = buf ? u->decoder->open() : NULL;
	if (!u->state)
		return &pyi_enomem;
	u->buf = buf;
	struct pyi_error *err = open_output(&u->out);
	if (!err)
		err = unpack_to(u, damage);
	u->decoder->close(u->state);
	if (err && u->out >= 0)
		close(u->out);
	if (!err) {
		copy_time(u->in.fd, u->out);
		*ret = u->out;
	}
	return err;
}

struct pyi_error *pyi_unpack(int fd, const struct pyi_unpack_options *options, int *ret,
			     char **damage)
{
	struct unpacker u = {.options = options, .out = -1};
	bool report = pyi_packed_init(&u.in, fd);
	u.decoder = pyi_decoder_find(u.in.magic, u.in.n_magic);
	*damage = NULL;
	if (!u.decoder) {
		if (report) {
			close(fd);
			return pyi_error_create(PYI_ERR_NOT_FOUND,
						"a crash report without a core in it");
		}
		*ret = fd;
		return NULL;
	}
	struct pyi_error *err = unpack(&u, ret, damage);
	close(fd);
	return err;
}

bool pyi_unpack_has_core(int fd)
{
	struct pyi_packed in;

	return !pyi_packed_init(&in, fd) || pyi_decoder_find(in.magic, in.n_magic);
}
