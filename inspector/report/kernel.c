/* SPDX-License-Identifier: BSD-2-Clause */
/* A line is "[<0>] function+0xoffset/0xsize [module]" (Linux fs/proc/base.c proc_pid_stack). */
#include "report/kernel.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "target/proc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX_FRAMES 256

/* A thread that our stop woke needs a moment to get back into its system call. */
#define LOOKS        8
#define LOOK_WAIT_NS 500000

/* How every system call gets into the kernel (Linux arch/x86/entry). */
static bool is_entry(const char *function)
{
	return strncmp(function, "do_syscall_", 11) == 0 ||
	       strncmp(function, "entry_SYSCALL_", 14) == 0 ||
	       strcmp(function, "x64_sys_call") == 0 || strncmp(function, "__x64_sys_", 10) == 0;
}

struct pyi_error *pyi_kernel_parse(const char *text, struct pyi_report_frame **ret, size_t *n)
{
	PYI_VEC(struct pyi_report_frame) frames = {0};

	while (*text && frames.len < MAX_FRAMES) {
		size_t len = strcspn(text, "\n");
		const char *name = memchr(text, ']', len);
		struct pyi_strbuf sb = PYI_STRBUF_INIT;
		struct pyi_report_frame *frame;

		if (name && name[1] == ' ') {
			name += 2;
			pyi_utf8_append(&sb, name, strcspn(name, "+\n"));
			frame = pyi_vec_push(&frames);
			if (!frame) {
				pyi_strbuf_deinit(&sb);
				break;
			}
			frame->kind = PYI_FRAME_KERNEL;
			frame->function = pyi_strbuf_steal(&sb);
			frame->plumbing = frame->function && is_entry(frame->function);
		}
		text += len + (text[len] == '\n');
	}
	*ret = frames.data;
	*n = frames.len;
	return NULL;
}

/* stack is "" when it may not be read. */
static bool look(pid_t pid, const struct pyi_thread *thread, char *stack, size_t size)
{
	pid_t tid = thread->tid;
	struct pyi_proc_syscall now;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stack", (int)pid, (int)tid);
	if (pyi_proc_read_small(AT_FDCWD, path, stack, size) < 0)
		*stack = '\0';
	/* Read last: who is blocked there now was so while its stack was read. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)pid, (int)tid);
	return pyi_proc_syscall(AT_FDCWD, path, &now) && !now.running &&
	       now.sp == thread->regs.rsp && now.pc == thread->regs.rip;
}

static bool look_until_back(pid_t pid, const struct pyi_thread *thread, char *stack, size_t size)
{
	for (int i = 0; !look(pid, thread, stack, size); i++) {
		if (!thread->in_syscall || i == LOOKS)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = LOOK_WAIT_NS}, NULL);
	}
	return true;
}

struct pyi_error *pyi_kernel_read(struct pyi_target *target, const struct pyi_thread *thread,
				  bool *blocked, struct pyi_report_frame **ret, size_t *n)
{
	const json_t *noted = pyi_notes_get(target->notes, "kernel", "%d", (int)thread->tid);
	const char *text = pyi_notes_string(json_object_get(noted, "stack"));
	char stack[16384] = "";

	*ret = NULL;
	*n = 0;
	*blocked = json_is_true(json_object_get(noted, "blocked"));
	if (!noted && target->kind == PYI_TARGET_LIVE) {
		*blocked = look_until_back(target->pid, thread, stack, sizeof(stack));
		text = stack;
		pyi_notes_put(
			target->notes, "kernel",
			json_pack("{so sb}", "stack", pyi_notes_text(stack), "blocked", *blocked),
			"%d", (int)thread->tid);
	}
	return text && *text && *blocked ? pyi_kernel_parse(text, ret, n) : NULL;
}
