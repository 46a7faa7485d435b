/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the BPF programs send to user space, and how a probe site tells them what it is.
 *
 * Records come through one ring buffer, in the order of their reservation. Each begins with its
 * type. A code record comes before the first frame record that names its code object.
 */
#ifndef PYI_EVENT_H
#define PYI_EVENT_H

#include <stdint.h>

enum pyi_record_type { PYI_RECORD_FRAME = 1, PYI_RECORD_CODE };

enum pyi_frame_event {
	PYI_FRAME_CALL,   /* a frame's first entry */
	PYI_FRAME_RESUME, /* a generator or coroutine goes on, throw() included */
	PYI_FRAME_RETURN,
	PYI_FRAME_YIELD,
	PYI_FRAME_UNWIND, /* left by an exception */
	PYI_FRAME_EVENTS,
};

/* seq counts the thread's records, lost ones too: a gap is a loss. */
struct pyi_frame_record {
	uint32_t type;
	uint32_t tid;
	uint64_t t_ns;  /* CLOCK_MONOTONIC */
	uint64_t code;  /* address of the code object; 0: the frame's, as its entry said */
	uint32_t ident; /* tells code objects apart that lived at one address; 0 with code 0 */
	uint32_t seq;
	uint32_t depth; /* of the frame itself: 1 is the thread's outermost */
	uint32_t event; /* enum pyi_frame_event */
};

#define PYI_NAME_BYTES 256
#define PYI_FILE_BYTES 512

/* The str objects are copied raw, header and characters, as far as *_got says; what is longer is
 * cut. A str that could not be read has 0 bytes. */
struct pyi_code_record {
	uint32_t type;
	uint32_t ident;
	uint64_t code;
	uint64_t name, file; /* addresses of the str objects */
	uint32_t firstlineno, flags;
	uint32_t name_got, file_got;
	uint32_t function; /* its number in the kernel's sums; 0: none was left */
	uint32_t reserved;
	uint8_t name_bytes[PYI_NAME_BYTES];
	uint8_t file_bytes[PYI_FILE_BYTES];
};

/* What the kernel adds up for one function. Buckets: four for each power of two of the duration. */
#define PYI_BUCKETS_A_POWER 4
#define PYI_BUCKETS         (44 * PYI_BUCKETS_A_POWER)
#define PYI_FUNCTIONS       (1 << 14) /* with sums of their own; the number 0 is all others */

struct pyi_function_stats {
	uint64_t calls, timed; /* entries, resumes too; those whose duration is known */
	uint64_t total_ns;     /* a recursion once */
	uint64_t each_ns;      /* the sum of all durations */
	uint64_t self_ns;
	uint64_t min_ns_1, max_ns; /* min: one more than it is; 0: none */
	uint32_t buckets[PYI_BUCKETS];
};

/* What becomes of an event. */
enum pyi_trace_mode {
	PYI_MODE_EVENTS,  /* a record each */
	PYI_MODE_SUMMARY, /* added to its function's sums */
	PYI_MODE_COUNT,   /* the entries are counted */
	PYI_MODE_NOTHING, /* not even looked at: what the probes alone cost */
};

/* What user space thinks of a code object once it knows its name. */
enum pyi_verdict { PYI_VERDICT_NONE, PYI_VERDICT_WANTED, PYI_VERDICT_UNWANTED };

/* What the kernel knows of a code object, by its address. */
struct pyi_known_code {
	uint32_t ident, function;
	uint32_t verdict;
};

/* One for each CPU. */
struct pyi_trace_counters {
	uint64_t hits;   /* of all probes */
	uint64_t seen;   /* entries and exits, also those that no record or sum was made of */
	uint64_t events; /* frame records, lost ones too */
	uint64_t lost;   /* frame records that found the ring full */
	uint64_t faults; /* target memory that could not be read: an event that was not sent */
	uint64_t timed, timed_ns; /* a sample of hits, and how long the program took for them */
};

/* What a site is: it says which instruction was probed, so what its hit means. */
enum pyi_site_kind {
	PYI_SITE_PUSH = 1, /* minipy's frame__push: registers frame, code */
	PYI_SITE_POP,      /* minipy's frame__pop: registers frame, code, kind */
	PYI_SITE_ENTRY,    /* CPython 3.11, 3.12: the eval function's first byte */
	PYI_SITE_STORE,    /* before `mov value, disp(base)`, a store of the current frame */
	PYI_SITE_STORED,   /* some instructions after one; disp(base) holds it */
	PYI_SITE_TSTORE,   /* 3.13+: before one into the thread state, if base is that */
	PYI_SITE_RESUMED, /* 3.13+: in the handler of RESUME: the current frame begins or goes on */
	PYI_SITE_TSTORED, /* some instructions after one */
	PYI_SITE_CFRAME, /* 3.11: before `mov value, tstate.cframe(base)` of leaving an eval call */
	PYI_SITE_ENTERED, /* 2.7-3.10: the frame in reg[0] became current; reg[1]: thread state */
	PYI_SITE_LEFT,    /* 2.7-3.10: it ends for now, and is intact; reg[1]: thread state */
	PYI_SITE_THROW,   /* before a store of _gen_throw: moves the current frame, no event */
};

/* A site in 64 bits, the cookie of its probe. Registers are numbered as the words of struct
 * pt_regs. */
struct pyi_site_code {
	uint8_t kind;
	uint8_t reg[3];
	int16_t disp;
	/* 0: each hit counts; else 1 + the condition of a jcc (the low half of its opcode) that
	 * must hold: the way that is not taken has the condition with its lowest bit flipped */
	uint8_t condition;
	uint8_t flags;
};

/* The word at disp(reg[1]) is what a site's second value is, not reg[1] itself. */
#define PYI_SITE_IN_MEMORY 1
/* 3.15+: a store that is left by a yield, before the generator's state says so. */
#define PYI_SITE_YIELDS 2

#define PYI_REGISTERS 20 /* words of pt_regs up to and with rsp */
#define PYI_REG_RBP   4
#define PYI_REG_RDX   12
#define PYI_REG_RSI   13
#define PYI_REG_RDI   14
#define PYI_REG_FLAGS 18
#define PYI_REG_RSP   19

/* How the programs are set up: read-only data, fixed before they are loaded. */
struct pyi_trace_config {
	uint32_t tgid;
	uint32_t tid;         /* only this thread; 0: all */
	uint32_t frame_bytes; /* of a frame that are read: to the end of the last field used */
	uint32_t hashed;      /* not 0: what is kept of threads is not in their tasks */
	uint64_t image_lo, image_hi; /* where the program that holds the runtime lies */
	uint32_t mode;               /* enum pyi_trace_mode */
	uint32_t max_depth;          /* events of deeper frames are left out; 0: none */
	uint64_t min_duration_ns;    /* calls that took less are left out */
	uint64_t max_events;         /* no record after so many; 0: no end */
	uint32_t judged;             /* not 0: user space says which functions are wanted */
	uint32_t reserved;
	uint64_t ns_dev, ns_ino; /* the pid namespace in which these are numbers; 0: the first */
	/* the target's, in which its runtime and the seeds number threads; 0: the same */
	uint64_t target_ns_dev, target_ns_ino;
};

/* A thread, for what of it is kept in a hash; its number may come again. */
struct pyi_thread_key {
	uint64_t pid_tgid, begun_ns;
};

/* A thread just before the attach; it may have moved on since. */
struct pyi_thread_seed {
	uint64_t tstate, frame;
};

#endif
