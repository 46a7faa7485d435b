/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A live target: /proc and process_vm_readv; the stop is in stop.c and pause.c, the capture in
 * capture.c.
 *
 * The directory of the process is opened once and everything is looked up below it, and
 * /proc/PID/mem keeps hold of the address space: a pid that is used again, or another program after
 * exec, cannot be taken for the target.
 */
#include "target/live.h"

#include "base/cleanup.h"
#include "target/live_private.h"
#include "target/proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define IOV_BATCH 512u

void pyi_live_destroy(struct pyi_live *live)
{
	if (!live)
		return;
	int fds[] = {live->proc_dir, live->task_dir, live->mem_fd, live->root_dir};
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	free(live);
}

/* --- memory --- */

/* /proc/PID/mem, where the system call is forbidden (seccomp profiles of containers). */
static void read_by_file(struct pyi_live *live, struct pyi_mem_iov *iov, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		ssize_t got = iov[i].addr <= INT64_MAX ? pread(live->mem_fd, iov[i].buf, iov[i].len,
							       (off_t)iov[i].addr)
						       : -1;
		iov[i].got = got > 0 ? (size_t)got : 0;
	}
}

/* One call; neighbouring addresses share a remote piece, since the kernel's cost is per piece.
 * Returns how many of the iovs are settled; the last of them may be short. */
static size_t read_batch(struct pyi_live *live, struct pyi_mem_iov *iov, size_t n)
{
	struct iovec local[IOV_BATCH], remote[IOV_BATCH];
	size_t n_remote = 0, i;
	for (i = 0; i < n; i++) {
		local[i] = (struct iovec){iov[i].buf, iov[i].len};
		if (i && iov[i].addr == iov[i - 1].addr + iov[i - 1].len)
			remote[n_remote - 1].iov_len += iov[i].len;
		else
			remote[n_remote++] = (struct iovec){(void *)iov[i].addr, iov[i].len};
	}
	ssize_t got = process_vm_readv(live->view_pid, local, n, remote, n_remote, 0);
	if (got < 0 && (errno == EPERM || errno == ENOSYS)) {
		live->by_file = true;
		read_by_file(live, iov, n);
		return n;
	}
	if (got < 0 && errno == ESRCH)
		return n;
	size_t left = got > 0 ? (size_t)got : 0;
	for (i = 0; i < n; i++) {
		iov[i].got = left < iov[i].len ? left : iov[i].len;
		left -= iov[i].got;
		if (iov[i].got < iov[i].len)
			return i + 1; /* the call ends at the first fault and skips the rest */
	}
	return n;
}

static void live_readv(void *arg, struct pyi_mem_iov *iov, size_t n)
{
	struct pyi_live *live = arg;
	for (size_t i = 0; i < n; i++)
		iov[i].got = 0;
	for (size_t i = 0; i < n;) {
		size_t k = n - i < IOV_BATCH ? n - i : IOV_BATCH;
		if (live->by_file) {
			read_by_file(live, iov + i, k);
			i += k;
		} else {
			i += read_batch(live, iov + i, k);
		}
	}
	if (atomic_load(&live->overrun))
		pyi_mem_freeze(live->mem);
}

static const char *live_why(void *arg, uint64_t addr)
{
	const struct pyi_live *live = arg;
	const struct pyi_map *map = pyi_maps_find(live->target_maps, addr);
	if (!map)
		return "not mapped";
	return map->perm & PYI_PERM_R ? "not readable" : "mapped without read permission";
}

/* --- files --- */

static int open_regular(int dir, const char *path, bool in_root)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = -1;
	if (in_root) {
		struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_IN_ROOT};
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
		if (fd < 0 && errno != ENOSYS && errno != EPERM)
			return -1;
		path += strspn(path, "/");
	}
	if (fd < 0)
		fd = openat(dir, path, flags);
	if (fd < 0)
		return -1;
	struct stat st;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

int pyi_live_open_file(const struct pyi_live *live, const char *path)
{
	if (path[0] == '/')
		return open_regular(live->root_dir, path, true);
	pyi_autoclose int cwd = openat(live->proc_dir, "cwd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return cwd < 0 ? -1 : open_regular(cwd, path, false);
}

/* map_files needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN. */
static int open_mapped_file(void *arg, const struct pyi_map *map, const char **status)
{
	const struct pyi_live *live = arg;
	char name[64];
	(void)status; /* the memory tells */
	snprintf(name, sizeof(name), "map_files/%" PRIx64 "-%" PRIx64, map->lo, map->hi);
	int fd = open_regular(live->proc_dir, name, false);
	return fd >= 0 ? fd : open_regular(live->root_dir, map->path, true);
}

/* --- is it still there? --- */

bool pyi_live_list_tids(const struct pyi_live *live, pid_t **ret, size_t *n)
{
	PYI_VEC(pid_t) tids = {0};
	int fd = openat(live->task_dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (struct dirent *entry; (entry = readdir(dir));) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);
		pid_t *slot = tid > 0 ? pyi_vec_push(&tids) : NULL;
		if (slot)
			*slot = tid;
	}
	closedir(dir);
	*ret = tids.data;
	*n = tids.len;
	return tids.len > 0;
}

/* A thread that still has the address space: the main thread, unless it ended before the others. */
static pid_t find_view(const struct pyi_live *live)
{
	pid_t *tids;
	size_t n;
	pid_t found = 0;
	if (!pyi_live_list_tids(live, &tids, &n))
		return 0;
	for (size_t i = 0; i < n && !found; i++) {
		char name[32];
		struct pyi_proc_stat st;
		snprintf(name, sizeof(name), "%d/stat", (int)tids[i]);
		if (pyi_proc_stat(live->task_dir, name, &st) && !strchr("ZXx", st.state))
			found = tids[i];
	}
	free(tids);
	return found;
}

struct pyi_error *pyi_live_gone(const struct pyi_live *live)
{
	char text[64]; /* a dying process has no map any more */
	bool other = pyi_proc_read_small(live->proc_dir, "maps", text, sizeof(text)) > 0;
	return pyi_error_create(PYI_ERR_GONE, "%s while it was looked at",
				other ? "it ran another program" : "it exited");
}

struct pyi_error *pyi_live_check(const struct pyi_live *live)
{
	char byte;
	for (size_t i = 0; i < live->target_maps->n; i++) {
		const struct pyi_map *map = &live->target_maps->maps[i];
		if (!(map->perm & PYI_PERM_R) || map->lo > INT64_MAX)
			continue;
		/* 0 bytes: nobody uses that address space any more. */
		if (pread(live->mem_fd, &byte, 1, (off_t)map->lo) == 0)
			return pyi_live_gone(live);
		break;
	}
	return NULL;
}

/* --- opening --- */

static int yama_scope(void)
{
	char text[16];
	return pyi_proc_read_small(AT_FDCWD, "/proc/sys/kernel/yama/ptrace_scope", text,
				   sizeof(text)) > 0
		       ? atoi(text)
		       : 0;
}

static bool has_cap_sys_ptrace(void)
{
	char text[8192];
	if (pyi_proc_read_small(AT_FDCWD, "/proc/self/status", text, sizeof(text)) <= 0)
		return false;
	const char *caps = strstr(text, "\nCapEff:");
	return caps && (strtoull(caps + strlen("\nCapEff:"), NULL, 16) >> CAP_SYS_PTRACE & 1);
}

struct pyi_error *pyi_live_forbidden(pid_t pid)
{
	struct pyi_error *err = pyi_error_create(PYI_ERR_PERMISSION, "permission denied");
	int scope = yama_scope();
	if (scope >= 3)
		return pyi_error_hint(err,
				      "kernel.yama.ptrace_scope is %d: no process may be "
				      "inspected until the next boot",
				      scope);
	if (has_cap_sys_ptrace())
		return pyi_error_hint(err,
				      "CAP_SYS_PTRACE does not help here: the process lies in "
				      "another user namespace, or a security module guards it");
	if (geteuid() == 0)
		return pyi_error_hint(err, "the capability CAP_SYS_PTRACE is missing here; in a "
					   "container: docker run --cap-add=SYS_PTRACE");
	if (scope)
		return pyi_error_hint(err,
				      "kernel.yama.ptrace_scope is %d: this needs the "
				      "capability CAP_SYS_PTRACE, " PYI_HINT_SUDO,
				      scope);
	return pyi_error_hint(err, "this needs the capability CAP_SYS_PTRACE, " PYI_HINT_SUDO);
}

static struct pyi_error *not_found(void)
{
	return pyi_error_create(PYI_ERR_NOT_FOUND, "no such process");
}

static struct pyi_error *open_proc(struct pyi_live *live)
{
	char path[64];
	struct pyi_proc_status status;
	struct pyi_proc_stat st;
	pid_t pid = live->pid;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	live->proc_dir = pid > 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (live->proc_dir < 0 || !pyi_proc_status(live->proc_dir, "status", &status) ||
	    !pyi_proc_stat(live->proc_dir, "stat", &st))
		return not_found();
	if (status.tgid != pid)
		return pyi_error_hint(not_found(), "%d is a thread of process %d", (int)pid,
				      (int)status.tgid);
	if (st.flags & PYI_PROC_PF_KTHREAD)
		return pyi_error_create(PYI_ERR_NOT_PYTHON,
					"a kernel thread, not a Python process");
	live->task_dir = openat(live->proc_dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (live->task_dir < 0)
		return not_found();
	live->view_pid = find_view(live);
	if (!live->view_pid)
		return pyi_error_create(PYI_ERR_NOT_FOUND,
					"a zombie: it has exited, and its parent (process %d) has "
					"not collected it yet",
					(int)st.ppid);
	if (live->view_pid == pid)
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d", (int)live->view_pid);
	close(live->proc_dir);
	live->proc_dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return live->proc_dir < 0 ? not_found() : NULL;
}

static struct pyi_error *check_class(struct pyi_live *live)
{
	unsigned char head[20];
	pyi_autoclose int fd = openat(live->proc_dir, "exe", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || pread(fd, head, sizeof(head), 0) != sizeof(head))
		return NULL; /* the registers tell later */
	if (!memcmp(head, ELFMAG, SELFMAG) && head[EI_CLASS] == ELFCLASS32)
		return pyi_error_create(PYI_ERR_NOT_PYTHON,
					"a 32-bit program: only x86-64 ones can be inspected");
	if (!memcmp(head, ELFMAG, SELFMAG) && (head[18] | head[19] << 8) != EM_X86_64)
		return pyi_error_create(PYI_ERR_NOT_PYTHON, "not an x86-64 program");
	return NULL;
}

static struct pyi_error *open_memory(struct pyi_live *live)
{
	live->mem_fd = openat(live->proc_dir, "mem", O_RDONLY | O_CLOEXEC);
	if (live->mem_fd < 0)
		return errno == EACCES || errno == EPERM ? pyi_live_forbidden(live->pid)
							 : not_found();
	live->root_dir = openat(live->proc_dir, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return NULL;
}

static struct pyi_error *read_cmdline(struct pyi_live *live, struct pyi_target *target)
{
	pyi_autofree char *text = NULL;
	size_t len, n = 0;
	struct pyi_error *err = pyi_proc_read(live->proc_dir, "cmdline", &text, &len);
	if (err) {
		pyi_error_destroy(err);
		len = 0;
	}
	for (size_t i = 0; i < len; i++)
		n += !text[i] || i + 1 == len;
	target->cmdline = calloc(n + 1, sizeof(char *));
	if (!target->cmdline)
		return &pyi_enomem;
	for (size_t at = 0; target->cmdline_n < n; at += strlen(text + at) + 1) {
		char *copy = strdup(text + at);
		if (!copy)
			return &pyi_enomem;
		target->cmdline[target->cmdline_n++] = copy;
	}
	return NULL;
}

static struct pyi_error *read_exe(struct pyi_live *live, struct pyi_target *target)
{
	static const char suffix[] = " (deleted)";
	char path[PATH_MAX];
	ssize_t n = readlinkat(live->proc_dir, "exe", path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	size_t cut = sizeof(suffix) - 1;
	if (n > (ssize_t)cut && !strcmp(path + n - cut, suffix))
		path[(size_t)n - cut] = '\0';
	target->exe = strdup(path);
	return target->exe ? NULL : &pyi_enomem;
}

static struct pyi_error *read_auxv(const struct pyi_live *live, struct pyi_target *target)
{
	char auxv[4096];
	ssize_t n = pyi_proc_read_small(live->proc_dir, "auxv", auxv, sizeof(auxv));
	if (n <= 0)
		return NULL;
	target->auxv = malloc((size_t)n);
	if (!target->auxv)
		return &pyi_enomem;
	memcpy(target->auxv, auxv, (size_t)n);
	target->auxv_size = (size_t)n;
	return NULL;
}

static struct pyi_error *read_map(struct pyi_live *live, struct pyi_target *target)
{
	struct pyi_error *err = pyi_maps_read(live->view_pid, &target->maps);
	if (err && err->code == PYI_ERR_PERMISSION) {
		pyi_error_destroy(err);
		return pyi_live_forbidden(live->pid);
	}
	if (err)
		return err;
	return target->maps.n ? NULL : pyi_live_gone(live);
}

static struct pyi_error *open_all(struct pyi_live *live, struct pyi_target *target)
{
	struct pyi_error *err = open_proc(live);
	if (!err)
		err = open_memory(live);
	if (!err)
		err = check_class(live);
	if (!err)
		err = read_map(live, target);
	if (!err)
		err = read_exe(live, target);
	if (!err)
		err = read_cmdline(live, target);
	if (!err)
		err = read_auxv(live, target);
	if (!err)
		err = pyi_mem_create(&target->mem);
	struct pyi_mem_source src = {
		.readv = live_readv, .why = live_why, .arg = live, .cached = true};
	if (!err) {
		live->mem = target->mem;
		err = pyi_mem_add(target->mem, 0, 0, &src);
	}
	if (!err)
		err = pyi_images_create(&target->maps, target->mem, open_mapped_file, live,
					pyi_target_auxv(target, AT_PHDR), &target->images,
					&target->n_images);
	return err;
}

struct pyi_error *pyi_target_open_live(pid_t pid, struct pyi_target **ret)
{
	struct pyi_target *target = calloc(1, sizeof(*target));
	struct pyi_live *live = calloc(1, sizeof(*live));
	if (!target || !live) {
		free(target);
		free(live);
		return &pyi_enomem;
	}
	*live = (struct pyi_live){.pid = pid,
				  .proc_dir = -1,
				  .task_dir = -1,
				  .mem_fd = -1,
				  .root_dir = -1,
				  .target_maps = &target->maps};
	target->kind = PYI_TARGET_LIVE;
	target->pid = pid;
	target->priv = live;
	struct pyi_error *err = open_all(live, target);
	if (err)
		pyi_target_close(target);
	else
		*ret = target;
	return err;
}
