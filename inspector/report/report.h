/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report: all that was found out, as plain data, mirrored one to one by the JSON schema
 * "pyinspect/1". Collect fills it, merge orders each thread's frames, renderers only read it.
 * All strings are valid UTF-8 but may hold control characters: renderers escape.
 */
#ifndef PYI_REPORT_REPORT_H
#define PYI_REPORT_REPORT_H

#include "base/error.h"
#include "base/vec.h"
#include "native/unwind.h"
#include "python/exception.h"
#include "target/target.h"

enum pyi_frame_kind { PYI_FRAME_KERNEL, PYI_FRAME_NATIVE, PYI_FRAME_PYTHON };

struct pyi_report_local {
	char *name;
	const char *kind; /* "arg" "local" "cell" "free" */
	char *type;
	char *repr;
	bool truncated, unreadable;
	struct pyi_report_local *fields; /* an instance's attributes */
	size_t n_fields;
};

struct pyi_report_frame {
	enum pyi_frame_kind kind;
	char *function; /* NULL: unknown */
	/* native */
	char *module; /* NULL: outside every module */
	uint64_t pc;
	bool inlined;
	bool plumbing; /* the interpreter's own machinery */
	bool signal;   /* what returns from a signal handler: its callee is the handler */
	/* python */
	char *name;
	char *source; /* text of the line, without indentation; NULL when not at hand */
	int column;   /* 1-based, 0 unknown */
	bool has_locals;
	struct pyi_report_local *locals;
	size_t n_locals;
	int64_t interpreter; /* id within its runtime */
	/* both */
	char *file;  /* NULL: unknown */
	int line;    /* 0 unknown */
	int runtime; /* python: index of the one that runs it; native: of the one whose module it is
		      * in, -1: of none */
	/* for merge only; sp and cfa are 0 for inlined frames, which stand on no stack of their own
	 */
	uint64_t sp, cfa, start; /* native */
	uint64_t mark;           /* python: address on the C stack inside its eval call, or 0 */
	uint64_t address;        /* python: of the frame; native: of the Python frame that this
				  * eval call is known to run, or 0 */
	bool entry, shim, incomplete;
};

enum pyi_native_mode {
	PYI_NATIVE_AUTO,  /* all are collected, the interpreter's plumbing is folded in text */
	PYI_NATIVE_ALL,   /* every native frame */
	PYI_NATIVE_LINES, /* also source lines and inlined calls */
	PYI_NATIVE_NONE,  /* Python frames only */
};

enum pyi_gil { PYI_GIL_NONE, PYI_GIL_HELD, PYI_GIL_WAITING };
enum pyi_merge { PYI_MERGE_COMPLETE, PYI_MERGE_PARTIAL, PYI_MERGE_NONE };

struct pyi_report_thread {
	pid_t tid;
	char *name; /* threading's; NULL */
	char *comm;
	bool main;
	int runtime;         /* index of the one that runs, -1: no Python thread */
	int64_t interpreter; /* id within that runtime, -1: no Python thread */
	char state;
	enum pyi_gil gil;
	bool crashed;
	const char *syscall; /* name; NULL: in none or unknown */
	bool in_syscall;
	long syscall_nr;
	uint64_t syscall_args[6];
	int syscall_n_args;
	const char *wait_kind; /* "fd" "sleep" "futex" "child" "gil" "other"; NULL: it waits for
				  nothing, or unknown */
	char *wait_text;       /* "fd 0 (pipe:[4242])"; NULL with wait_kind NULL */
	pid_t wait_owner;      /* the thread that has what it waits for; 0 unknown */
	enum pyi_merge merge;
	enum pyi_end end;
	uint64_t end_address;
	struct pyi_exception exception;
	bool have_regs;
	struct user_regs_struct regs; /* with have_regs */
	struct pyi_report_insn {      /* of a crashed thread, around its pc */
		uint64_t addr;
		uint8_t bytes[16];
		size_t n_bytes;
		char *text; /* NULL: no instruction */
	} * code;
	size_t n_code;
	char *note;                      /* why it is incomplete, one line; NULL */
	struct pyi_report_frame *frames; /* innermost first */
	size_t n_frames;
};

struct pyi_report {
	enum pyi_target_kind kind;
	pid_t pid;
	char *exe;
	char **cmdline;
	size_t n_cmdline;
	struct pyi_report_runtime {
		char *name; /* "CPython 3.11.2" */
		unsigned python[3];
		char *module; /* the file's name; "" unknown */
		size_t interpreters;
		int gc_running; /* -1 unknown */
		int finalizing; /* it is on its way out; -1 unknown */
	} * runtimes;           /* the one that is meant first */
	size_t n_runtimes;
	struct pyi_report_signal { /* what ended it */
		int number;        /* 0: nothing did */
		const char *name;  /* "SIGSEGV" */
		const char *code;  /* "SEGV_MAPERR"; NULL unknown */
		pid_t tid;         /* who got it; 0 unknown */
		bool has_address, has_sender;
		uint64_t address; /* of the fault */
		char *place;      /* what is at address, one line; NULL */
		pid_t sender;     /* of a kill; 0: outside of the pid namespace */
		uid_t sender_uid;
	} signal;
	int64_t uid;   /* whose process it is; -1 unknown */
	char time[40]; /* ISO 8601 with zone */
	uint64_t paused_ns;
	struct pyi_report_module {
		char *path;
		char build_id[41];
		const char *status; /* "ok" "unverified" "missing" "mismatched" "deleted" */
	} * modules;
	size_t n_modules;
	struct pyi_report_thread *threads;
	size_t n_threads;
	size_t all_threads; /* of the target, also those that --thread left out */
	char **warnings;
	size_t n_warnings;
	bool incomplete; /* exit code 1 (DESIGN section 4) */
};

void pyi_report_frame_deinit(struct pyi_report_frame *frame);
void pyi_report_destroy(struct pyi_report *report);

/* Words of the JSON schema. */
const char *pyi_end_name(enum pyi_end end);
const char *pyi_merge_name(enum pyi_merge merge);
const char *pyi_gil_name(enum pyi_gil gil);
const char *pyi_frame_kind_name(enum pyi_frame_kind kind);
const char *pyi_target_kind_name(enum pyi_target_kind kind);

#endif
