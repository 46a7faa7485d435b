/* SPDX-License-Identifier: BSD-2-Clause */
/* A line is "[<0>] function+0xoffset/0xsize [module]" (Linux fs/proc/base.c proc_pid_stack). */
#include "report/kernel.h"

#include "base/cleanup.h"
#include "base/utf8.h"
#include "target/proc.h"

#include <stdio.h>
#include <string.h>

#define MAX_FRAMES 256

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

struct pyi_error *pyi_kernel_read(pid_t pid, pid_t tid, uint64_t sp, uint64_t pc, bool *blocked,
				  struct pyi_report_frame **ret, size_t *n)
{
	char path[64], stack[16384];
	struct pyi_proc_syscall now;
	ssize_t len;

	*ret = NULL;
	*n = 0;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stack", (int)pid, (int)tid);
	len = pyi_proc_read_small(AT_FDCWD, path, stack, sizeof(stack));
	/* Read last: who is blocked there now was so while its stack was read. */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", (int)pid, (int)tid);
	*blocked = pyi_proc_syscall(AT_FDCWD, path, &now) && !now.running && now.sp == sp &&
		   now.pc == pc;
	return len > 0 && *blocked ? pyi_kernel_parse(stack, ret, n) : NULL;
}
