/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads and parses files of /proc. What a process can put into them (its name, its arguments) is
 * untrusted: comm may hold spaces, parentheses and newlines. */
#include "target/proc.h"

#include "base/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE (64u << 20)

static ssize_t read_retry(int fd, void *buf, size_t size)
{
	ssize_t n;
	do
		n = read(fd, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

struct pyi_error *pyi_proc_read(int dir, const char *name, char **ret, size_t *len)
{
	pyi_autoclose int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return pyi_error_errno(errno, "cannot open %s", name);
	pyi_autofree char *text = NULL;
	size_t n = 0, cap = 0;
	for (;;) {
		if (n + 1 >= cap) {
			cap = cap ? cap * 2 : 32768;
			char *grown = cap <= MAX_FILE ? realloc(text, cap) : NULL;
			if (!grown)
				return &pyi_enomem;
			text = grown;
		}
		ssize_t got = read_retry(fd, text + n, cap - n - 1);
		if (got < 0)
			return pyi_error_errno(errno, "cannot read %s", name);
		if (!got)
			break;
		n += (size_t)got;
	}
	text[n] = '\0';
	*ret = pyi_steal(text);
	*len = n;
	return NULL;
}

ssize_t pyi_proc_read_small(int dir, const char *name, char *buf, size_t size)
{
	pyi_autoclose int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -1;
	ssize_t n = read_retry(fd, buf, size - 1);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

bool pyi_proc_parse_stat(const char *text, struct pyi_proc_stat *ret)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	if (!open || !close || close < open)
		return false;
	struct pyi_proc_stat st = {0};
	size_t n = (size_t)(close - open - 1);
	if (n >= sizeof(st.comm))
		n = sizeof(st.comm) - 1;
	memcpy(st.comm, open + 1, n);
	int ppid;
	/* Fields 3 to 9, then 22; see proc(5). */
	if (sscanf(close + 1,
		   " %c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		   "%" SCNu64,
		   &st.state, &ppid, &st.flags, &st.start_time) != 4)
		return false;
	st.ppid = ppid;
	*ret = st;
	return true;
}

bool pyi_proc_parse_environ(const char *text, uint64_t *lo, uint64_t *hi)
{
	const char *at = strrchr(text, ')');
	/* From behind field 2 to fields 50 and 51. */
	for (int field = 2; at && field < 50; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, " %" SCNu64 " %" SCNu64, lo, hi) == 2;
}

bool pyi_proc_stat(int dir, const char *name, struct pyi_proc_stat *ret)
{
	char text[1024];
	return pyi_proc_read_small(dir, name, text, sizeof(text)) > 0 &&
	       pyi_proc_parse_stat(text, ret);
}

/* The number after "\nKEY:"; 0 when it is not there. The leading newline keeps a process's own
 * name, which the kernel escapes onto the first line, from being taken for a key. */
static uint64_t status_field(const char *text, const char *key)
{
	const char *at = strstr(text, key);
	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

bool pyi_proc_status(int dir, const char *name, struct pyi_proc_status *ret)
{
	char text[8192];
	if (pyi_proc_read_small(dir, name, text, sizeof(text)) <= 0)
		return false;
	*ret = (struct pyi_proc_status){
		.tgid = (pid_t)status_field(text, "\nTgid:"),
		.tracer_pid = (pid_t)status_field(text, "\nTracerPid:"),
		.switches = status_field(text, "\nvoluntary_ctxt_switches:") +
			    status_field(text, "\nnonvoluntary_ctxt_switches:"),
	};
	return true;
}

bool pyi_proc_parse_syscall(const char *text, struct pyi_proc_syscall *ret)
{
	struct pyi_proc_syscall sc = {.nr = -1};
	if (!strncmp(text, "running", 7)) {
		sc.running = true;
		*ret = sc;
		return true;
	}
	uint64_t *a = sc.args;
	int n = sscanf(text,
		       "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		       " %" SCNx64 " %" SCNx64,
		       &sc.nr, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &sc.sp, &sc.pc);
	if (n == 3 && sc.nr == -1) { /* "-1 SP PC" */
		sc.sp = a[0];
		sc.pc = a[1];
		memset(sc.args, 0, sizeof(sc.args));
	} else if (n != 9) {
		return false;
	}
	*ret = sc;
	return true;
}

bool pyi_proc_syscall(int dir, const char *name, struct pyi_proc_syscall *ret)
{
	char text[512];
	return pyi_proc_read_small(dir, name, text, sizeof(text)) > 0 &&
	       pyi_proc_parse_syscall(text, ret);
}
