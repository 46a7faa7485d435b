/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/handler.h"

#include "base/cleanup.h"
#include "cmd/crash.h"
#include "target/core.h"
#include "target/proc.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define LOOK_S     10u                   /* how long the process may be looked at */
#define MAX_FILE   (UINT64_C(128) << 20) /* bytes of one that is written */
#define MAX_MEMORY (UINT64_C(4) << 30)   /* addresses of the child */
#define MAX_HEAD   (UINT64_C(256) << 20) /* bytes of the core before its memory */
#define MAX_PHDRS  65536u
#define MAX_LOG    (1 << 20)
#define CHUNK      65536u

static void say(int dir, const struct pyi_handler *handler, const char *what)
{
	int fd = openat(dir, "log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	time_t now = time(NULL);
	char when[32] = "";
	struct stat st;
	struct tm tm;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && st.st_size > MAX_LOG)
		pyi_error_destroy(ftruncate(fd, 0) ? pyi_error_errno(errno, "log") : NULL);
	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	dprintf(fd, "%s process %ld: %s\n", when, handler->values.pid, what);
	close(fd);
}

/* --- the start of the core --- */

/* Reads size bytes of the core and keeps them. */
static bool take(int head, uint64_t size)
{
	char chunk[CHUNK];

	while (size) {
		ssize_t n = read(STDIN_FILENO, chunk, size < CHUNK ? (size_t)size : CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || write(head, chunk, (size_t)n) != n)
			return false;
		size -= (uint64_t)n;
	}
	return true;
}

/* The ELF header, the program headers and the notes, in a file of our own. It may be less where
 * that makes no sense. */
static int take_head(void)
{
	int head = memfd_create("pyinspect", MFD_CLOEXEC);
	uint64_t at = sizeof(Elf64_Ehdr), phdrs_end, end = 0;
	Elf64_Ehdr ehdr;

	if (head < 0 || !take(head, at) || pread(head, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) != 0 || ehdr.e_ident[EI_CLASS] != ELFCLASS64 ||
	    ehdr.e_phoff < at || ehdr.e_phoff > CHUNK)
		return head;
	/* With more headers than can be counted the first is the note's all the same. */
	phdrs_end = ehdr.e_phoff + (uint64_t)ehdr.e_phnum * sizeof(Elf64_Phdr);
	if (!take(head, phdrs_end - at))
		return head;
	for (uint64_t i = ehdr.e_phoff; i < phdrs_end; i += sizeof(Elf64_Phdr)) {
		Elf64_Phdr phdr;

		if (pread(head, &phdr, sizeof(phdr), (off_t)i) == sizeof(phdr) &&
		    phdr.p_type == PT_NOTE && phdr.p_offset < MAX_HEAD && phdr.p_filesz < MAX_HEAD)
			end = phdr.p_offset + phdr.p_filesz;
	}
	if (end > phdrs_end)
		take(head, end - phdrs_end);
	return head;
}

/* --- the process --- */

/* A thread's id in its own pid namespace: the last number of NSpid. */
static pid_t inner_tid(pid_t pid, pid_t tid)
{
	char path[64], status[4096], *line, *end;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	if (pyi_proc_read_small(AT_FDCWD, path, status, sizeof(status)) <= 0)
		return 0;
	line = strstr(status, "\nNSpid:");
	if (!line)
		return tid;
	end = strchr(line + 1, '\n');
	if (end)
		*end = '\0';
	line = strrchr(line, '\t');
	return line ? (pid_t)strtol(line + 1, NULL, 10) : tid;
}

/* Registers are in the notes by the thread's id in the namespace of the process. */
static void add_thread(struct pyi_stop *stop, const struct pyi_core *core, pid_t pid, pid_t tid)
{
	pid_t inner = inner_tid(pid, tid);
	struct pyi_stop_thread *thread;
	struct elf_prstatus status;
	const void *desc;
	uint64_t at = 0;
	size_t size;

	if (pyi_stop_add(stop, tid))
		return;
	thread = &stop->threads.data[stop->threads.len - 1];
	thread->why = "its registers are not in the core";
	while (pyi_core_note(core, "CORE", NT_PRSTATUS, &at, &desc, &size)) {
		if (size != sizeof(status))
			continue;
		memcpy(&status, desc, sizeof(status));
		if (status.pr_pid != inner)
			continue;
		memcpy(&thread->regs, &status.pr_reg, sizeof(thread->regs));
		thread->have_regs = true;
		thread->why = NULL;
		return;
	}
}

static void add_threads(struct pyi_stop *stop, const struct pyi_core *core)
{
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)stop->pid);
	dir = opendir(path);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid > 0)
			add_thread(stop, core, stop->pid, tid);
	}
	if (dir)
		closedir(dir);
}

static struct pyi_error *look(const struct pyi_handler *handler, int dir, int head)
{
	struct pyi_crash crash = {.pid = (pid_t)handler->values.pid,
				  .death = {.signal = (int)handler->values.signal,
					    .tid = (pid_t)handler->values.tid}};
	struct pyi_crash_report made;
	struct pyi_core *core;
	struct pyi_stop stop;
	char *name = NULL;
	const void *info;
	size_t size;
	struct pyi_error *err = pyi_core_open(head, &core);

	if (err)
		return err;
	pyi_stop_init(&stop, crash.pid, -1);
	add_threads(&stop, core);
	crash.threads = &stop;
	if (pyi_core_note(core, "CORE", NT_SIGINFO, NULL, &info, &size) &&
	    size == sizeof(crash.death.info)) {
		memcpy(&crash.death.info, info, size);
		crash.death.have_info = true;
	}
	err = pyi_crash_collect(&crash, &made);
	if (!err) {
		err = pyi_crash_dir_admit(dir, &handler->limits);
		if (!err)
			err = pyi_crash_keep(&made, dir, &name);
		pyi_crash_report_deinit(&made);
	}
	if (!err)
		pyi_crash_dir_prune(dir, &handler->limits);
	free(name);
	pyi_stop_deinit(&stop);
	pyi_core_close(core);
	return err;
}

static void limit(int resource, uint64_t most)
{
	struct rlimit rlimit = {.rlim_cur = most, .rlim_max = most};

	setrlimit((__rlimit_resource_t)resource, &rlimit);
}

/* What happens to be in a process must not be able to hurt more than a child of ours. */
static void look_apart(const struct pyi_handler *handler, int dir, int head)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct pyi_error *err;

		signal(SIGALRM, SIG_DFL);
		signal(SIGXFSZ, SIG_IGN);
		alarm(LOOK_S);
		limit(RLIMIT_FSIZE, MAX_FILE);
		limit(RLIMIT_AS, MAX_MEMORY);
		limit(RLIMIT_CORE, 0);
		err = look(handler, dir, dup(head));
		if (err && err->code != PYI_ERR_NOT_PYTHON)
			say(dir, handler, err->message);
		_exit(0);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFSIGNALED(status))
		say(dir, handler,
		    WTERMSIG(status) == SIGALRM ? "looking at it took too long"
						: "the look failed");
}

/* --- the handler before us --- */

static void find_names(struct pyi_core_values *values, char *comm, char *exe, char *host)
{
	char path[64];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%ld/comm", values->pid);
	n = pyi_proc_read_small(AT_FDCWD, path, comm, 64);
	comm[n > 0 ? n : 0] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/exe", values->pid);
	n = readlink(path, exe, PATH_MAX - 1);
	exe[n > 0 ? n : 0] = '\0';
	if (gethostname(host, HOST_NAME_MAX) != 0)
		*host = '\0';
	snprintf(path, sizeof(path), "/proc/%ld/task", values->pid);
	if (stat(path, &st) == 0) {
		values->uid = st.st_uid;
		values->gid = st.st_gid;
	}
	values->inner = inner_tid((pid_t)values->pid, (pid_t)values->pid);
	values->inner_t = inner_tid((pid_t)values->pid, (pid_t)values->tid);
	values->comm = comm;
	values->exe = exe;
	values->host = host;
}

/* Starts it; the end of its standard input is returned, -1 when there is none. */
static int start_previous(struct pyi_core_values *values, pid_t *child)
{
	char comm[64], exe[PATH_MAX], host[HOST_NAME_MAX + 1] = "", **argv;
	struct pyi_core_pattern saved;
	struct pyi_error *err = pyi_core_pattern_saved(&saved);
	int ends[2];

	pyi_error_destroy(err);
	if (err || pyi_core_pattern_is_ours(&saved))
		return -1;
	find_names(values, comm, exe, host);
	argv = pyi_core_pattern_arguments(saved.pattern, values);
	if (!argv)
		return -1;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(argv);
		return -1;
	}
	*child = fork();
	if (*child == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(ends[0], STDIN_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	free(argv);
	close(ends[0]);
	if (*child > 0)
		return ends[1];
	close(ends[1]);
	return -1;
}

static bool give(int to, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(to, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* All of the rest, whether somebody wants it or not. */
static void drain(int head, int to)
{
	static char chunk[CHUNK * 4];
	ssize_t n;

	for (off_t at = 0; to >= 0 && (n = pread(head, chunk, sizeof(chunk), at)) > 0; at += n)
		if (!give(to, chunk, (size_t)n))
			to = -1;
	for (;;) {
		n = read(STDIN_FILENO, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		if (to >= 0 && !give(to, chunk, (size_t)n))
			to = -1;
	}
}

void pyi_handler_handle(struct pyi_handler *handler)
{
	int dir = -1, head, to;
	pid_t previous = 0;
	struct pyi_error *err;

	signal(SIGPIPE, SIG_IGN);
	head = take_head();
	err = pyi_crash_dir_open(handler->dir, &dir);
	if (!err && head >= 0)
		look_apart(handler, dir, head);
	pyi_error_destroy(err);
	to = start_previous(&handler->values, &previous);
	drain(head, to);
	if (to >= 0)
		close(to);
	/* It may still ask /proc about the process, which waits for our end. */
	while (previous > 0 && waitpid(previous, NULL, 0) < 0 && errno == EINTR)
		;
}
