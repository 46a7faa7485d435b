/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/waits.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "report/syscalls.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000

enum wait { WAIT_FD, WAIT_SLEEP, WAIT_FUTEX, WAIT_CHILD, WAIT_OTHER };

static const char *const kinds[] = {"fd", "sleep", "futex", "child", "other"};

/* Calls that wait; arg is the one that says for what (fd, struct timespec *, futex address). */
static const struct row {
	long nr;
	enum wait wait;
	int arg;
} rows[] = {
	{SYS_read, WAIT_FD, 0},
	{SYS_write, WAIT_FD, 0},
	{SYS_readv, WAIT_FD, 0},
	{SYS_writev, WAIT_FD, 0},
	{SYS_pread64, WAIT_FD, 0},
	{SYS_pwrite64, WAIT_FD, 0},
	{SYS_recvfrom, WAIT_FD, 0},
	{SYS_recvmsg, WAIT_FD, 0},
	{SYS_sendto, WAIT_FD, 0},
	{SYS_sendmsg, WAIT_FD, 0},
	{SYS_accept, WAIT_FD, 0},
	{SYS_accept4, WAIT_FD, 0},
	{SYS_connect, WAIT_FD, 0},
	{SYS_epoll_wait, WAIT_FD, 0},
	{SYS_epoll_pwait, WAIT_FD, 0},
	{SYS_flock, WAIT_FD, 0},
	{SYS_fsync, WAIT_FD, 0},
	{SYS_fdatasync, WAIT_FD, 0},
	{SYS_nanosleep, WAIT_SLEEP, 0},
	{SYS_clock_nanosleep, WAIT_SLEEP, 2},
	{SYS_futex, WAIT_FUTEX, 0},
	{SYS_wait4, WAIT_CHILD, 0},
	{SYS_waitid, WAIT_CHILD, 1},
	{SYS_poll, WAIT_OTHER, -1},
	{SYS_ppoll, WAIT_OTHER, -1},
	{SYS_select, WAIT_OTHER, -1},
	{SYS_pselect6, WAIT_OTHER, -1},
	{SYS_pause, WAIT_OTHER, -1},
	{SYS_rt_sigsuspend, WAIT_OTHER, -1},
	{SYS_rt_sigtimedwait, WAIT_OTHER, -1},
};

/* What the descriptor leads to; "" when that is not known. */
static void read_link(struct pyi_target *target, int fd, char *link, size_t size)
{
	const char *noted = pyi_notes_string(pyi_notes_get(target->notes, "fds", "%d", fd));
	char path[64];
	ssize_t n = -1;

	if (noted) {
		snprintf(link, size, "%s", noted);
		return;
	}
	if (target->kind == PYI_TARGET_LIVE) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)target->pid, fd);
		n = readlink(path, link, size - 1);
	}
	link[n > 0 ? n : 0] = '\0';
	pyi_notes_put(target->notes, "fds", pyi_notes_text(link), "%d", fd);
}

static void describe_fd(struct pyi_target *target, int fd, struct pyi_strbuf *sb)
{
	char link[2048];

	read_link(target, fd, link, sizeof(link));
	pyi_strbuf_printf(sb, "fd %d", fd);
	if (*link) {
		pyi_strbuf_puts(sb, " (");
		pyi_utf8_append(sb, link, strlen(link));
		pyi_strbuf_puts(sb, ")");
	}
}

/* -1: not known. */
static int64_t now_ns(struct pyi_target *target, clockid_t clock)
{
	const json_t *noted = pyi_notes_get(target->notes, "clocks", "%d", (int)clock);
	struct timespec now;
	int64_t ns = -1;

	if (noted)
		return json_is_integer(noted) ? json_integer_value(noted) : -1;
	if (target->kind == PYI_TARGET_LIVE && clock_gettime(clock, &now) == 0)
		ns = (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
	pyi_notes_put(target->notes, "clocks", json_integer(ns), "%d", (int)clock);
	return ns;
}

/* clock_nanosleep with TIMER_ABSTIME sleeps until a time of its clock, which a live target shares
 * with us. */
static void describe_sleep(struct pyi_target *target, const struct pyi_thread *thread, uint64_t at,
			   struct pyi_strbuf *sb)
{
	bool until = thread->syscall_nr == SYS_clock_nanosleep &&
		     thread->syscall_args[1] & TIMER_ABSTIME;
	int64_t ts[2], ns, now;

	if (pyi_mem_read_some(target->mem, at, ts, sizeof(ts)) != sizeof(ts) || ts[0] < 0 ||
	    ts[0] > INT64_MAX / NS_PER_S - 1 || ts[1] < 0 || ts[1] >= NS_PER_S) {
		pyi_strbuf_puts(sb, "a time that cannot be read");
		return;
	}
	ns = ts[0] * NS_PER_S + ts[1];
	if (until) {
		now = now_ns(target, (clockid_t)thread->syscall_args[0]);
		if (now < 0) {
			pyi_strbuf_puts(sb, "until a set time");
			return;
		}
		ns = ns > now ? ns - now : 0;
	}
	pyi_strbuf_printf(sb, until ? "%.1f s left" : "%.1f s", (double)ns / NS_PER_S);
}

static void describe(struct pyi_target *target, const struct pyi_thread *thread,
		     const struct row *row, struct pyi_strbuf *sb)
{
	uint64_t arg = row->arg >= 0 ? thread->syscall_args[row->arg] : 0;

	switch (row->wait) {
	case WAIT_FD: describe_fd(target, (int)arg, sb); break;
	case WAIT_SLEEP: describe_sleep(target, thread, arg, sb); break;
	case WAIT_FUTEX: pyi_strbuf_printf(sb, "futex 0x%" PRIx64, arg); break;
	case WAIT_CHILD:
		if ((int)arg > 0)
			pyi_strbuf_printf(sb, "child %d", (int)arg);
		else
			pyi_strbuf_puts(sb, "any child");
		break;
	case WAIT_OTHER: pyi_strbuf_puts(sb, "an event"); break;
	}
}

struct pyi_error *pyi_waits_describe(struct pyi_target *target, const struct pyi_thread *from,
				     struct pyi_report_thread *to)
{
	struct pyi_strbuf sb = PYI_STRBUF_INIT;

	to->in_syscall = from->in_syscall;
	if (!from->in_syscall)
		return NULL;
	to->syscall_nr = from->syscall_nr;
	memcpy(to->syscall_args, from->syscall_args, sizeof(to->syscall_args));
	to->syscall = pyi_syscall_name(from->syscall_nr, &to->syscall_n_args);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].nr != from->syscall_nr)
			continue;
		describe(target, from, &rows[i], &sb);
		to->wait_text = pyi_strbuf_steal(&sb);
		if (!to->wait_text)
			return &pyi_enomem;
		to->wait_kind = kinds[rows[i].wait];
		break;
	}
	return NULL;
}
