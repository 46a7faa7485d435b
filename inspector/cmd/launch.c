/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two breakpoints by ptrace: one at the program's entry point, where the dynamic linker has mapped
 * all libraries, and one where the first Python frame is entered. Each is taken away as soon as it
 * is reached; nothing stays in the program.
 */
#include "cmd/launch.h"
#include "base/cleanup.h"
#include "trace/sites.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

struct pyi_launch {
	pid_t pid;
	bool standing, ended;
	int status;     /* of its end, as waitpid says */
	int exec_error; /* the reading end of a pipe that brings execve's errno */
	bool in_python; /* the breakpoint is that of the first Python frame */
	uint64_t at;    /* of the breakpoint, 0 when there is none */
	long word;      /* what belongs there */
};

/* In the child, until it is another program. */
static _Noreturn void become(char **argv, int error_fd)
{
	sigset_t none;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		raise(SIGSTOP);
	execvp(argv[0], argv);
	err = errno;
	if (write(error_fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static bool put_breakpoint(struct pyi_launch *launch, uint64_t addr)
{
	errno = 0;
	launch->word = ptrace(PTRACE_PEEKTEXT, launch->pid, addr, NULL);
	if (errno || ptrace(PTRACE_POKETEXT, launch->pid, addr, (launch->word & ~0xffL) | 0xcc))
		return false;
	launch->at = addr;
	return true;
}

/* If the program stands behind the breakpoint: takes it away and puts the program on it. */
static bool take_breakpoint(struct pyi_launch *launch)
{
	struct user_regs_struct regs;

	if (!launch->at || ptrace(PTRACE_GETREGS, launch->pid, NULL, &regs) ||
	    regs.rip != launch->at + 1)
		return false;
	ptrace(PTRACE_POKETEXT, launch->pid, launch->at, launch->word);
	regs.rip = launch->at;
	launch->at = 0;
	return ptrace(PTRACE_SETREGS, launch->pid, NULL, &regs) == 0;
}

/* The first site of minipy's push. */
static uint64_t minipy_push(const struct pyi_image *image)
{
	uint64_t ranges[32][3], ret = 0;
	size_t n = pyi_image_readonly_ranges(image, ranges, 32);
	struct pyi_sites sites = {0};
	struct pyi_error *err = pyi_sites_usdt(image, &sites);

	for (size_t i = 0; !err && i < n && sites.list.len; i++) {
		uint64_t offset = sites.list.data[0].offset - ranges[i][2];

		if (offset < ranges[i][1] - ranges[i][0])
			ret = ranges[i][0] + offset;
	}
	pyi_error_destroy(err);
	pyi_sites_deinit(&sites);
	return ret;
}

/* Where Python's first frame will be entered; 0: there is no Python in it. */
static uint64_t find_python(const struct pyi_launch *launch)
{
	static const char *const names[] = {"_PyEval_EvalFrameDefault", "PyEval_EvalFrameEx"};
	struct pyi_target *target = NULL;
	struct pyi_image_symbol symbol;
	uint64_t ret = 0;
	struct pyi_error *err = pyi_target_open_live(launch->pid, &target);

	for (size_t i = 0; !err && !ret && i < target->n_images; i++) {
		const struct pyi_image *image = target->images[i];

		if (pyi_image_find_symbol(image, PYI_LAYOUT_SYMBOL_NAME, &symbol))
			ret = minipy_push(image);
		for (size_t k = 0; !ret && k < 2; k++)
			if (pyi_image_find_symbol(image, names[k], &symbol))
				ret = symbol.addr;
	}
	pyi_error_destroy(err);
	pyi_target_close(target);
	return ret;
}

/* The program's entry point, by its auxiliary vector; 0 when it cannot be read. */
static uint64_t entry_point(pid_t pid)
{
	pyi_autoclose int fd = -1;
	char path[32];
	Elf64_auxv_t entry;

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &entry, sizeof(entry)) == sizeof(entry))
		if (entry.a_type == AT_ENTRY)
			return entry.a_un.a_val;
	return 0;
}

/* At a trap: true when the first Python frame is reached; else says with which signal to go on. */
static bool on_trap(struct pyi_launch *launch, int status, int *signal)
{
	uint64_t addr;

	*signal = 0;
	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
		addr = entry_point(launch->pid);
		launch->at = 0;
		launch->in_python = false;
		if (addr)
			put_breakpoint(launch, addr);
		return false;
	}
	if (!take_breakpoint(launch)) {
		*signal = SIGTRAP;
		return false;
	}
	if (launch->in_python)
		return true;
	addr = find_python(launch);
	launch->in_python = addr && put_breakpoint(launch, addr);
	return false;
}

static struct pyi_error *ended_early(struct pyi_launch *launch, const char *name)
{
	int err;

	launch->ended = true;
	if (read(launch->exec_error, &err, sizeof(err)) == sizeof(err))
		return pyi_error_errno(err, "%s", name);
	return pyi_error_create(PYI_ERR_NOT_PYTHON, "%s ended without running Python", name);
}

static struct pyi_error *run_to_python(struct pyi_launch *launch, const char *name)
{
	int status, signal = 0;

	if (waitpid(launch->pid, &status, __WALL) != launch->pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, launch->pid, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL))
		return pyi_error_errno(errno, "cannot hold %s", name);
	for (;;) {
		ptrace(PTRACE_CONT, launch->pid, NULL, signal);
		if (waitpid(launch->pid, &launch->status, __WALL) != launch->pid)
			return pyi_error_errno(errno, "cannot wait for %s", name);
		if (!WIFSTOPPED(launch->status))
			return ended_early(launch, name);
		signal = WSTOPSIG(launch->status);
		if (signal == SIGTRAP && on_trap(launch, launch->status, &signal))
			return NULL;
	}
}

struct pyi_error *pyi_launch_start(char **argv, struct pyi_launch **ret)
{
	struct pyi_launch *launch = calloc(1, sizeof(*launch));
	struct pyi_error *err;
	int pipe_fds[2];

	if (!launch)
		return &pyi_enomem;
	launch->exec_error = -1;
	if (pipe2(pipe_fds, O_CLOEXEC) != 0 || (launch->pid = fork()) < 0) {
		free(launch);
		return pyi_error_errno(errno, "cannot start %s", argv[0]);
	}
	if (launch->pid == 0)
		become(argv, pipe_fds[1]);
	close(pipe_fds[1]);
	launch->exec_error = pipe_fds[0];
	launch->standing = true;
	err = run_to_python(launch, argv[0]);
	if (err) {
		pyi_launch_destroy(launch);
		return err;
	}
	*ret = launch;
	return NULL;
}

pid_t pyi_launch_pid(const struct pyi_launch *launch)
{
	return launch->pid;
}

void pyi_launch_resume(struct pyi_launch *launch)
{
	ptrace(PTRACE_DETACH, launch->pid, NULL, NULL);
	launch->standing = false;
}

int pyi_launch_wait(struct pyi_launch *launch)
{
	while (!launch->ended) {
		if (waitpid(launch->pid, &launch->status, 0) < 0 && errno != EINTR)
			return 1;
		launch->ended = !WIFSTOPPED(launch->status);
	}
	return WIFEXITED(launch->status) ? WEXITSTATUS(launch->status)
					 : 128 + WTERMSIG(launch->status);
}

void pyi_launch_destroy(struct pyi_launch *launch)
{
	if (!launch)
		return;
	if (launch->standing && !launch->ended) {
		kill(launch->pid, SIGKILL);
		waitpid(launch->pid, NULL, __WALL);
	}
	if (launch->exec_error >= 0)
		close(launch->exec_error);
	free(launch);
}
