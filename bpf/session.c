/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The session: loads the programs, attaches them, drains the ring. The only file that sees the
 * skeleton.
 *
 * Probes go through uprobe_multi (Linux 6.6) by bpf(2) itself, so that neither libbpf nor its
 * headers need to know it: all sites come and go at once, and CAP_BPF with CAP_PERFMON is enough.
 * Where the kernel has no such link, each site is a perf event, whose removal costs it 0.1 to 0.3
 * s.
 */
#include "pyi_session.h"

#include "frames.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* Linux include/uapi/linux/bpf.h, since v6.6. */
#define TRACE_UPROBE_MULTI 48

enum { MAX_SITES = 256, PERF_SITES = 64, RING_BYTES = 16 << 20, REAP_NS = 1000000000 };

/* union bpf_attr for BPF_LINK_CREATE of that type. */
struct multi_attr {
	uint32_t prog_fd, target_fd, attach_type, flags;
	uint64_t path, offsets, ref_ctr_offsets, cookies;
	uint32_t cnt, multi_flags, pid;
};

struct pyi_session {
	struct frames *skel;
	struct bpf_program *program; /* for the target's sites */
	struct ring_buffer *ring;
	struct pyi_trace_config config;
	bool multi, hashed;
	uint64_t reaped_ns; /* when threads that had ended were last looked for */
	int multi_fd[MAX_SITES];
	size_t n_multi;
	struct bpf_link *links[PERF_SITES];
	size_t n_links;
	bool (*fn)(void *arg, const void *record, size_t size);
	void *arg;
	size_t left; /* records that this drain may still hand over */
	char why[256];
};

static int fail(struct pyi_session *session, int err, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(session->why, sizeof(session->why), "%s: %s", what, strerror(-err));
	return err;
}

const char *pyi_session_missing(void)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return "this kernel has no BTF (/sys/kernel/btf/vmlinux)";
	return NULL;
}

const char *pyi_session_why(const struct pyi_session *session)
{
	return session->why;
}

bool pyi_session_is_multi(const struct pyi_session *session)
{
	return session->multi;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int on_record(void *arg, void *data, size_t size)
{
	struct pyi_session *session = arg;

	if (!session->left)
		return -ECANCELED;
	session->left--;
	return session->fn(session->arg, data, size) && session->left ? 0 : -ECANCELED;
}

/* libbpf's messages go here while it loads; it has no argument to give. */
static FILE *load_log;

static int say(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	return load_log && level == LIBBPF_WARN ? vfprintf(load_log, fmt, ap) : 0;
}

/* The program for sites of that kind. */
static struct bpf_program *program_for(const struct frames *skel, enum pyi_trace_mode mode,
				       uint8_t kind)
{
	if (mode == PYI_MODE_NOTHING)
		return skel->progs.nothing;
	if (kind == PYI_SITE_ENTERED || kind == PYI_SITE_LEFT)
		return skel->progs.heap_frame;
	return kind <= PYI_SITE_POP ? skel->progs.minipy_frame : skel->progs.cpython_frame;
}

/* What each way of keeping something of threads needs. */
static int choose_maps(struct frames *skel, bool hashed)
{
	struct bpf_map *in_tasks[] = {skel->maps.threads, skel->maps.open_calls};
	struct bpf_map *in_hashes[] = {skel->maps.threads_hash, skel->maps.threads_blank,
				       skel->maps.open_calls_hash, skel->maps.open_calls_blank};
	struct bpf_map **unused = hashed ? in_tasks : in_hashes;
	int err = 0;

	for (size_t i = 0; !err && i < (hashed ? 2 : 4); i++)
		err = bpf_map__set_autocreate(unused[i], false);
	return err;
}

static int load(struct pyi_session *session, const struct pyi_session_options *options)
{
	struct frames *skel = frames__open();
	size_t ring = options->ring_bytes ? options->ring_bytes : RING_BYTES;
	struct pyi_trace_config config = options->config;
	struct bpf_program *program;
	int err;

	if (!skel)
		return -errno;
	config.hashed = session->hashed;
	session->skel = skel;
	session->program = program_for(skel, config.mode, options->site_kind);
	memcpy((void *)&skel->rodata->config, &config, sizeof(config));
	memcpy((void *)&skel->rodata->layout, options->layout, sizeof(*options->layout));
	err = bpf_map__set_max_entries(skel->maps.ring, (uint32_t)ring);
	if (!err && config.mode != PYI_MODE_EVENTS)
		err = bpf_map__set_max_entries(skel->maps.stats, PYI_FUNCTIONS);
	if (!err)
		err = choose_maps(skel, session->hashed);
	bpf_object__for_each_program(program, skel->obj)
	{
		if (program != session->program && program != skel->progs.nothing)
			bpf_program__set_autoload(program, false);
		if (session->multi)
			bpf_program__set_expected_attach_type(
				program, (enum bpf_attach_type)TRACE_UPROBE_MULTI);
	}
	return err ? err : frames__load(skel);
}

static void unload(struct pyi_session *session)
{
	frames__destroy(session->skel);
	session->skel = NULL;
}

/* Does this kernel keep so much in a task? Tried on ourselves. */
static bool fits_into_tasks(const struct pyi_session *session)
{
	const struct bpf_map *map = session->skel->maps.threads;
	int pid_fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	void *blank = calloc(1, bpf_map__value_size(map));
	bool ret = true;

	if (blank && pid_fd >= 0 &&
	    bpf_map_update_elem(bpf_map__fd(map), &pid_fd, blank, BPF_ANY) == 0)
		bpf_map_delete_elem(bpf_map__fd(map), &pid_fd);
	else if (blank && pid_fd >= 0)
		ret = errno != ENOMEM && errno != E2BIG;
	if (pid_fd >= 0)
		close(pid_fd);
	free(blank);
	return ret;
}

/* Loads for one kind of probe. */
static int load_for(struct pyi_session *session, const struct pyi_session_options *options,
		    bool multi)
{
	int err;

	session->multi = multi;
	session->hashed = false;
	err = load(session, options);
	if (err == -E2BIG || (!err && !fits_into_tasks(session))) {
		unload(session);
		session->hashed = true;
		err = load(session, options);
	}
	if (err)
		unload(session);
	return err;
}

static int link_multi(const struct pyi_session *session, struct bpf_program *program,
		      const char *path, const uint64_t *offsets, const uint64_t *cookies, size_t n,
		      uint32_t pid)
{
	struct multi_attr attr = {
		.prog_fd = (uint32_t)bpf_program__fd(program),
		.attach_type = TRACE_UPROBE_MULTI,
		.path = (uintptr_t)path,
		.offsets = (uintptr_t)offsets,
		.cookies = (uintptr_t)cookies,
		.cnt = (uint32_t)n,
		.pid = pid,
	};
	int fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

/* Where a probe on ourselves goes: a function that begins with the instruction of minipy's sites.
 */
__attribute__((noinline, used, visibility("default"))) void pyi_session_probed(void);
__asm__(".pushsection .text\n"
	".globl pyi_session_probed\n"
	".type pyi_session_probed, @function\n"
	"pyi_session_probed: nop\n"
	"ret\n"
	".size pyi_session_probed, . - pyi_session_probed\n"
	".popsection\n");

/* The offset of that function in our own file; 0 when unknown. */
static uint64_t own_offset(void)
{
	uint64_t at = (uintptr_t)pyi_session_probed, lo, hi, offset;
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	uint64_t ret = 0;

	while (maps && !ret && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &lo, &hi, &offset) == 3 && at >= lo && at < hi)
			ret = at - lo + offset;
	if (maps)
		fclose(maps);
	return ret;
}

static int attach_own(const struct pyi_session *session, struct bpf_link **link)
{
	uint64_t offset = own_offset(), cookie = 0;

	*link = NULL;
	if (!offset)
		return -ENOENT;
	if (session->multi)
		return link_multi(session, session->skel->progs.nothing, "/proc/self/exe", &offset,
				  &cookie, 1, (uint32_t)getpid());
	*link = bpf_program__attach_uprobe(session->skel->progs.nothing, false, getpid(),
					   "/proc/self/exe", offset);
	return *link ? 0 : -errno;
}

int pyi_session_open(const struct pyi_session_options *options, struct pyi_session **ret)
{
	struct pyi_session *session = calloc(1, sizeof(*session));
	struct bpf_link *link;
	int err, fd;

	if (!session)
		return -ENOMEM;
	*ret = session;
	session->config = options->config;
	libbpf_set_print(say);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	load_log = options->log;
	err = load_for(session, options, true);
	if (!err) {
		fd = attach_own(session, &link);
		if (fd >= 0) {
			close(fd);
		} else if (fd != -ENOENT) {
			unload(session);
			err = fd;
		}
	}
	if (err && err != -EPERM)
		err = load_for(session, options, false);
	load_log = NULL;
	if (err == -EACCES) { /* lack of a capability is EPERM */
		struct utsname system = {0};

		uname(&system);
		return fail(session, -EOPNOTSUPP,
			    "the verifier of Linux %.64s refuses the programs", system.release);
	}
	if (err)
		return fail(session, err, "cannot load the BPF programs");
	session->ring =
		ring_buffer__new(bpf_map__fd(session->skel->maps.ring), on_record, session, NULL);
	return session->ring ? 0 : fail(session, -errno, "cannot map the ring buffer");
}

int pyi_session_seed(struct pyi_session *session, uint32_t tid, const struct pyi_thread_seed *seed)
{
	return bpf_map_update_elem(bpf_map__fd(session->skel->maps.seeds), &tid, seed, BPF_ANY);
}

static int attach_multi(struct pyi_session *session, const char *path,
			const struct pyi_session_site *sites, size_t n)
{
	uint64_t offsets[MAX_SITES], cookies[MAX_SITES];
	int fd;

	for (size_t i = 0; i < n; i++) {
		offsets[i] = sites[i].offset;
		memcpy(&cookies[i], &sites[i].code, sizeof(cookies[0]));
	}
	fd = link_multi(session, session->program, path, offsets, cookies, n, session->config.tgid);
	if (fd < 0)
		return fail(session, fd, "cannot put probes on %s", path);
	session->multi_fd[session->n_multi++] = fd;
	return 0;
}

static int attach_perf(struct pyi_session *session, const char *path,
		       const struct pyi_session_site *sites, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		DECLARE_LIBBPF_OPTS(bpf_uprobe_opts, opts);
		struct bpf_link *link;
		uint64_t cookie;

		memcpy(&cookie, &sites[i].code, sizeof(cookie));
		opts.bpf_cookie = cookie;
		link = bpf_program__attach_uprobe_opts(session->program, (int)session->config.tgid,
						       path, sites[i].offset, &opts);
		if (!link)
			return fail(session, -errno, "cannot put a probe on %s", path);
		session->links[session->n_links++] = link;
	}
	return 0;
}

int pyi_session_attach(struct pyi_session *session, const char *path,
		       const struct pyi_session_site *sites, size_t n)
{
	size_t room = session->multi ? MAX_SITES - session->n_multi : PERF_SITES - session->n_links;

	_Static_assert(sizeof(struct pyi_site_code) == sizeof(uint64_t), "a site is a cookie");
	if (n > room)
		return fail(session, -E2BIG, "%zu sites", n);
	return session->multi ? attach_multi(session, path, sites, n)
			      : attach_perf(session, path, sites, n);
}

void pyi_session_enable(struct pyi_session *session)
{
	__atomic_store_n(&session->skel->bss->enabled, 1, __ATOMIC_RELEASE);
}

/* Removes what hashes keep of threads that have ended. */
static void reap(struct pyi_session *session)
{
	const struct bpf_map *map = session->skel->maps.threads_hash;
	int fd = bpf_map__fd(map), calls_fd = bpf_map__fd(session->skel->maps.open_calls_hash);
	uint32_t *value = calloc(1, bpf_map__value_size(map));
	struct pyi_thread_key key, next;
	bool more = value && bpf_map_get_next_key(fd, NULL, &next) == 0;

	while (more) {
		key = next;
		more = bpf_map_get_next_key(fd, &key, &next) == 0;
		/* Its number comes first. */
		if (bpf_map_lookup_elem(fd, &key, value) == 0 &&
		    syscall(SYS_tgkill, session->config.tgid, value[0], 0) != 0 && errno == ESRCH) {
			bpf_map_delete_elem(fd, &key);
			bpf_map_delete_elem(calls_fd, &key);
		}
	}
	free(value);
}

void pyi_session_disable(struct pyi_session *session)
{
	__atomic_store_n(&session->skel->bss->enabled, 0, __ATOMIC_RELEASE);
}

int pyi_session_drain(struct pyi_session *session, size_t max,
		      bool (*fn)(void *arg, const void *record, size_t size), void *arg)
{
	uint64_t now = now_ns();
	int n;

	if (session->hashed && now - session->reaped_ns > REAP_NS) {
		session->reaped_ns = now;
		reap(session);
	}
	session->fn = fn;
	session->arg = arg;
	session->left = max;
	n = ring_buffer__consume(session->ring);
	return n < 0 && n != -ECANCELED ? n : (int)(max - session->left);
}

void pyi_session_judge(struct pyi_session *session, const struct pyi_code_record *code,
		       enum pyi_verdict verdict)
{
	const struct pyi_known_code known = {code->ident, code->function, verdict};

	bpf_map_update_elem(bpf_map__fd(session->skel->maps.codes), &code->code, &known, BPF_EXIST);
}

int pyi_session_stats(const struct pyi_session *session, uint32_t function,
		      struct pyi_function_stats *ret)
{
	return bpf_map_lookup_elem(bpf_map__fd(session->skel->maps.stats), &function, ret);
}

int pyi_session_counters(const struct pyi_session *session, struct pyi_trace_counters *ret)
{
	int cpus = libbpf_num_possible_cpus();
	struct pyi_trace_counters *each;
	uint32_t zero = 0;
	int err;

	if (cpus < 0)
		return cpus;
	each = calloc((size_t)cpus, sizeof(*each));
	if (!each)
		return -ENOMEM;
	err = bpf_map_lookup_elem(bpf_map__fd(session->skel->maps.counters), &zero, each);
	memset(ret, 0, sizeof(*ret));
	for (int i = 0; !err && i < cpus; i++) {
		ret->hits += each[i].hits;
		ret->seen += each[i].seen;
		ret->events += each[i].events;
		ret->lost += each[i].lost;
		ret->faults += each[i].faults;
		ret->timed += each[i].timed;
		ret->timed_ns += each[i].timed_ns;
	}
	free(each);
	return err;
}

uint64_t pyi_session_measure_trap(struct pyi_session *session)
{
	enum { ROUNDS = 9, CALLS = 500 };
	struct bpf_link *link;
	uint64_t best = UINT64_MAX;
	int fd = attach_own(session, &link);

	if (fd < 0)
		return 0;
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begun = now_ns(), taken;

		for (int i = 0; i < CALLS; i++)
			pyi_session_probed();
		taken = (now_ns() - begun) / CALLS;
		if (taken < best)
			best = taken;
	}
	if (link)
		bpf_link__destroy(link);
	else
		close(fd);
	return best;
}

void pyi_session_close(struct pyi_session *session)
{
	if (!session)
		return;
	for (size_t i = 0; i < session->n_multi; i++)
		close(session->multi_fd[i]);
	for (size_t i = 0; i < session->n_links; i++)
		bpf_link__destroy(session->links[i]);
	ring_buffer__free(session->ring);
	frames__destroy(session->skel);
	free(session);
}
