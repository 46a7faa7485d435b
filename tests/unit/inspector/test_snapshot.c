/* SPDX-License-Identifier: BSD-2-Clause */
#include "target/snapshot.h"

#include <assert.h>
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <unistd.h>
#include <cmocka.h>

#define PAGE PYI_PAGE_SIZE

static const char map_text[] = "10000-13000 rw-p 0 0:0 0 \n"
			       "20000-21000 r-xs 1000 fe:1 77 /srv/lib with space.so (deleted)\n"
			       "30000-31000 ---p 0 0:0 0 \n"
			       "40000-41000 rw-p 0 0:0 0 [odd \\012 name]\n";
static char bytes[3 * PAGE];

static void readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool held = iov[i].addr >= 0x10000 && iov[i].addr < 0x10000 + sizeof(bytes);

		iov[i].got = held ? iov[i].len : 0;
		if (held)
			memcpy(iov[i].buf, bytes + (iov[i].addr - 0x10000), iov[i].len);
	}
}

static struct pyi_thread *add_thread(struct pyi_target *target, pid_t tid)
{
	struct pyi_thread *thread = &target->threads[target->n_threads++];

	*thread = (struct pyi_thread){.tid = tid, .state = 'S', .main = tid == target->pid};
	snprintf(thread->comm, sizeof(thread->comm), "thread\xff %d", (int)tid);
	return thread;
}

/* Ourselves by pid, everything else made up. */
static struct pyi_target *make_target(void)
{
	struct pyi_mem_source source = {.readv = readv, .cached = true};
	struct pyi_target *target = calloc(1, sizeof(*target));
	struct pyi_thread *thread;

	target->pid = getpid();
	target->exe = strdup("/bin/\xfe");
	target->cmdline = calloc(3, sizeof(char *));
	target->cmdline[0] = strdup("python");
	target->cmdline[1] = strdup("a b.py");
	target->cmdline_n = 2;
	target->paused_ns = 12345;
	target->auxv = calloc(2, sizeof(Elf64_auxv_t));
	target->auxv_size = 2 * sizeof(Elf64_auxv_t);
	((Elf64_auxv_t *)target->auxv)->a_type = AT_PHDR;
	((Elf64_auxv_t *)target->auxv)->a_un.a_val = 0x4242;
	assert_null(pyi_maps_parse(map_text, sizeof(map_text) - 1, &target->maps));
	assert_null(pyi_mem_create(&target->mem));
	assert_null(pyi_mem_add(target->mem, 0, 0, &source));
	target->threads = calloc(2, sizeof(*target->threads));
	thread = add_thread(target, getpid());
	thread->have_regs = thread->in_syscall = true;
	thread->syscall_nr = 7;
	thread->syscall_args[5] = UINT64_MAX - 1;
	thread->regs.rip = 0x20010;
	thread->regs.fs_base = UINT64_MAX;
	thread->stack_lo = 0x11000;
	thread->stack_hi = 0x12000;
	thread = add_thread(target, getpid() + 1);
	thread->state = 'D';
	thread->why = strdup("in uninterruptible sleep");
	pyi_target_warn(target, "one warning");
	return target;
}

/* Reads page 0 and 2, and one that cannot be read; the snapshot's bytes are the caller's. */
static char *make_snapshot(size_t *size)
{
	struct pyi_target *target = make_target();
	struct pyi_snapshot *snapshot;
	char *data;
	FILE *out = open_memstream(&data, size);
	char byte;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 / 5);
	assert_null(pyi_snapshot_create(target, false, &snapshot));
	pyi_notes_put(target->notes, "fds", json_string("pipe:[1]"), "%d", 3);
	assert_int_equal(pyi_mem_read_some(target->mem, 0x10010, &byte, 1), 1);
	assert_int_equal(pyi_mem_read_some(target->mem, 0x12010, &byte, 1), 1);
	assert_int_equal(pyi_mem_read_some(target->mem, 0x40000, &byte, 1), 0);
	assert_null(pyi_snapshot_write(snapshot, out));
	fclose(out);
	pyi_snapshot_destroy(snapshot);
	pyi_target_close(target);
	return data;
}

static struct pyi_error *open_bytes(const char *data, size_t size, struct pyi_target **ret)
{
	int fd = memfd_create("snapshot", MFD_CLOEXEC);
	ssize_t n = write(fd, data, size);

	assert(n == (ssize_t)size);
	return pyi_snapshot_open_fd(fd, ret);
}

static void check_threads(const struct pyi_target *target)
{
	const struct pyi_thread *thread = target->threads;

	assert_int_equal(target->n_threads, 2);
	assert_int_equal(thread->tid, getpid());
	assert_memory_equal(thread->comm, "thread\\xff ", 10);
	assert_true(thread->main && thread->have_regs && !thread->have_pc_sp);
	assert_int_equal(thread->state, 'S');
	assert_true(thread->in_syscall);
	assert_int_equal(thread->syscall_nr, 7);
	assert_true(thread->syscall_args[5] == UINT64_MAX - 1);
	assert_int_equal(thread->regs.rip, 0x20010);
	assert_true(thread->regs.fs_base == UINT64_MAX);
	assert_int_equal(thread->stack_hi, 0x12000);
	assert_null(thread->why);
	thread++;
	assert_int_equal(thread->tid, getpid() + 1);
	assert_false(thread->main || thread->have_regs || thread->in_syscall);
	assert_int_equal(thread->state, 'D');
	assert_string_equal(thread->why, "in uninterruptible sleep");
}

static void check_map(const struct pyi_maps *maps)
{
	const struct pyi_map *map = &maps->maps[1];
	struct pyi_maps want;

	assert_null(pyi_maps_parse(map_text, sizeof(map_text) - 1, &want));
	assert_int_equal(maps->n, want.n);
	assert_string_equal(map->path, "/srv/lib with space.so");
	assert_true(map->deleted);
	for (size_t i = 0; i < want.n; i++) {
		assert_int_equal(maps->maps[i].lo, want.maps[i].lo);
		assert_int_equal(maps->maps[i].hi, want.maps[i].hi);
		assert_int_equal(maps->maps[i].perm, want.maps[i].perm);
		assert_int_equal(maps->maps[i].offset, want.maps[i].offset);
		assert_int_equal(maps->maps[i].dev, want.maps[i].dev);
		assert_int_equal(maps->maps[i].inode, want.maps[i].inode);
		assert_string_equal(maps->maps[i].path, want.maps[i].path);
	}
	pyi_maps_deinit(&want);
}

static void assert_why(struct pyi_target *target, uint64_t addr, const char *why)
{
	uint8_t byte;
	struct pyi_error *err = pyi_mem_read_u8(target->mem, addr, &byte);

	assert_non_null(err);
	assert_non_null(strstr(err->message, why));
	pyi_error_destroy(err);
}

static void test_round_trip(void **state)
{
	struct pyi_target *target;
	size_t size;
	char *data = make_snapshot(&size), page[PAGE];

	assert_null(open_bytes(data, size, &target));
	assert_int_equal(target->kind, PYI_TARGET_SNAPSHOT);
	assert_int_equal(target->pid, getpid());
	assert_int_equal(target->paused_ns, 12345);
	assert_string_equal(target->exe, "/bin/\\xfe");
	assert_int_equal(target->cmdline_n, 2);
	assert_string_equal(target->cmdline[1], "a b.py");
	assert_int_equal(target->warnings.len, 1);
	assert_string_equal(target->warnings.data[0], "one warning");
	assert_int_equal(pyi_target_auxv(target, AT_PHDR), 0x4242);
	assert_string_equal(pyi_notes_string(pyi_notes_get(target->notes, "fds", "%d", 3)),
			    "pipe:[1]");
	check_threads(target);
	check_map(&target->maps);
	assert_null(pyi_mem_read(target->mem, 0x10000, page, PAGE));
	assert_memory_equal(page, bytes, PAGE);
	assert_null(pyi_mem_read(target->mem, 0x12000, page, PAGE));
	assert_memory_equal(page, bytes + 2 * PAGE, PAGE);
	assert_why(target, 0x11000, "not in the file");
	assert_why(target, 0x40000, "not readable");
	assert_why(target, 0x30000, "without read permission");
	assert_why(target, 0x50000, "not mapped");
	pyi_target_close(target);
	free(data);
}

/* What other tools know a core by. */
static void test_is_a_core(void **state)
{
	size_t size;
	char *data = make_snapshot(&size);
	const Elf64_Ehdr *ehdr = (const void *)data;
	const Elf64_Phdr *phdr = (const void *)(data + ehdr->e_phoff);
	const Elf64_Nhdr *note = (const void *)(data + phdr->p_offset);

	assert_int_equal(ehdr->e_type, ET_CORE);
	assert_int_equal(ehdr->e_phnum, 4); /* notes, two pages, one that could not be read */
	assert_int_equal(phdr[0].p_type, PT_NOTE);
	for (int i = 1; i < 4; i++) {
		assert_int_equal(phdr[i].p_type, PT_LOAD);
		assert_int_equal(phdr[i].p_offset % PAGE, 0);
		assert_int_equal(phdr[i].p_flags, PF_R | PF_W);
		assert_int_equal(phdr[i].p_filesz, i == 3 ? 0 : PAGE);
	}
	assert_int_equal(note->n_type, NT_PRSTATUS);
	assert_int_equal(note->n_descsz, sizeof(struct elf_prstatus));
	assert_string_equal((const char *)(note + 1), "CORE");
	assert_int_equal(size % PAGE, 0);
	free(data);
}

/* Whatever is cut: an error or a target, and a warning that says so. */
static void test_cut(void **state)
{
	size_t size, opened = 0;
	char *data = make_snapshot(&size);

	for (size_t n = 0; n < size; n += n < 8000 ? 13 : 997) {
		struct pyi_target *target;
		struct pyi_error *err = open_bytes(data, n, &target);

		if (err) {
			assert_true(err->code == PYI_ERR_NOT_FOUND ||
				    err->code == PYI_ERR_NOT_PYTHON);
			pyi_error_destroy(err);
			continue;
		}
		opened++;
		assert_non_null(strstr(target->warnings.data[target->warnings.len - 1], "cut off"));
		pyi_target_close(target);
	}
	assert_true(opened > 0);
	free(data);
}

/* The same snapshot with some of its text replaced by text of the same length. */
static struct pyi_error *open_changed(const char *from, const char *to, struct pyi_target **ret)
{
	size_t size;
	char *data = make_snapshot(&size), *at = memmem(data, size, from, strlen(from));
	struct pyi_error *err;

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	err = open_bytes(data, size, ret);
	free(data);
	return err;
}

static void refuse(const char *from, const char *to, enum pyi_errc code, const char *why)
{
	struct pyi_target *target = (void *)1;
	struct pyi_error *err = open_changed(from, to, &target);

	assert_non_null(err);
	assert_int_equal(err->code, code);
	assert_non_null(strstr(err->message, why));
	assert_ptr_equal(target, (void *)1);
	pyi_error_destroy(err);
}

static void test_refused(void **state)
{
	refuse("\"version\":1", "\"version\":9", PYI_ERR_NOT_PYTHON, "version");
	refuse("{\"version\"", "!\"version\"", PYI_ERR_NOT_PYTHON, "JSON");
	refuse("\"threads\":[", "\"threadz\":[", PYI_ERR_NOT_PYTHON, "no threads");
	refuse("\"notes\":{", "\"notes\":[", PYI_ERR_NOT_PYTHON, "JSON");
	refuse("pyinspect", "pyinspecd", PYI_ERR_NOT_FOUND, "not one that pyinspect snapshot made");
	refuse("10000-13000 rw-p", "10000-13000 rw!p", PYI_ERR_NOT_PYTHON, "map");
}

/* Facts of other types than expected are as good as none. */
static void test_odd_facts(void **state)
{
	struct pyi_target *target;

	assert_null(open_changed("\"pid\":", "\"pig\":", &target));
	assert_int_equal(target->pid, 0);
	pyi_target_close(target);
	assert_null(open_changed("\"regs\":\"all\"", "\"regs\":\"ill\"", &target));
	assert_false(target->threads[0].have_regs);
	pyi_target_close(target);
	assert_null(open_changed("\"state\":\"S\"", "\"state\": 77", &target));
	assert_int_equal(target->threads[0].state, '?');
	pyi_target_close(target);
	assert_null(open_changed("\"stack\":[", "\"stuck\":[", &target));
	assert_int_equal(target->threads[0].stack_hi, 0);
	pyi_target_close(target);
}

/* A dead target is walked once, and nothing is late. */
static void count_walks(void *arg, struct pyi_target *target)
{
	++*(int *)arg;
}

static void test_capture(void **state)
{
	struct pyi_target *target;
	size_t size;
	char *data = make_snapshot(&size);
	int walks = 0;
	struct pyi_capture_options options = {.walk = count_walks, .arg = &walks};

	assert_null(open_bytes(data, size, &target));
	assert_null(pyi_target_capture(target, &options));
	assert_int_equal(walks, 1);
	assert_false(pyi_mem_is_late(target->mem, 0x12000));
	assert_int_equal(pyi_target_open_file(target, "/etc/passwd"), -1);
	pyi_target_close(target);
	free(data);
}

static void test_no_file(void **state)
{
	struct pyi_target *target;
	struct pyi_error *err = pyi_snapshot_open("/nonexistent/file", &target);

	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	pyi_error_destroy(err);
	err = pyi_snapshot_open("/", &target);
	assert_int_equal(err->code, PYI_ERR_NOT_FOUND);
	assert_non_null(strstr(err->message, "not a regular file"));
	pyi_error_destroy(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_is_a_core),
		cmocka_unit_test(test_cut),        cmocka_unit_test(test_refused),
		cmocka_unit_test(test_odd_facts),  cmocka_unit_test(test_capture),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
