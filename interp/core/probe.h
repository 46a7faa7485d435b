/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * USDT probes (provider "minipy"): places that a tracer can find in the ELF notes and probe while
 * the program runs. Each costs eleven bytes of nops and, where the arguments are at hand in
 * registers, nothing else.
 *
 * A site is a one-byte nop, which every kernel emulates when probed, followed by a ten-byte nop,
 * which kernels from 7.2 on can turn into something faster. A five-byte nop must not be used:
 * Linux 6.18 optimises it into a call that overwrites the red zone and kills forked children.
 *
 * Note format: systemtap's "User Space Probe Implementation" (section .note.stapsdt, type 3:
 * address, base, semaphore, then provider, name and argument strings).
 */
#ifndef MINIPY_CORE_PROBE_H
#define MINIPY_CORE_PROBE_H

#define PROBE_SITE_             "990: .byte 0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0\n"
#define PROBE_NOTE_(name, args) PROBE_NOTE_COUNTED_(name, "0", args)
/* semaphore: a symbol, a 16-bit count of the tracers that have attached, or "0". */
#define PROBE_NOTE_COUNTED_(name, semaphore, args)                                  \
	".pushsection .note.stapsdt, \"\", \"note\"\n"                              \
	".balign 4\n"                                                               \
	".4byte 992f-991f, 994f-993f, 3\n"                                          \
	"991: .asciz \"stapsdt\"\n"                                                 \
	"992: .balign 4\n"                                                          \
	"993: .8byte 990b, _.stapsdt.base, " semaphore "\n"                         \
	".asciz \"minipy\"\n"                                                       \
	".asciz \"" name "\"\n"                                                     \
	".asciz \"" args "\"\n"                                                     \
	"994: .balign 4\n"                                                          \
	".popsection\n"                                                             \
	".ifndef _.stapsdt.base\n"                                                  \
	".pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n" \
	".weak _.stapsdt.base\n"                                                    \
	".hidden _.stapsdt.base\n"                                                  \
	"_.stapsdt.base: .space 1\n"                                                \
	".size _.stapsdt.base, 1\n"                                                 \
	".popsection\n"                                                             \
	".endif\n"

/* Arguments are 8-byte values (pointers, or integers cast to uint64_t). */
#define PROBE1(name, a) __asm__ volatile(PROBE_SITE_ PROBE_NOTE_(name, "8@%0")::"r"(a))
#define PROBE2(name, a, b) \
	__asm__ volatile(PROBE_SITE_ PROBE_NOTE_(name, "8@%0 8@%1")::"r"(a), "r"(b))
#define PROBE3(name, a, b, c) \
	__asm__ volatile(PROBE_SITE_ PROBE_NOTE_(name, "8@%0 8@%1 8@%2")::"r"(a), "r"(b), "r"(c))
#define PROBE4(name, a, b, c, d)                                                               \
	__asm__ volatile(PROBE_SITE_ PROBE_NOTE_(name, "8@%0 8@%1 8@%2 8@%3")::"r"(a), "r"(b), \
			 "r"(c), "r"(d))
/* The same with a semaphore, so that what leads up to the site can be left out while nobody is
 * there. */
#define PROBE_COUNTED2(name, semaphore, a, b)                                                    \
	__asm__ volatile(PROBE_SITE_ PROBE_NOTE_COUNTED_(name, #semaphore, "8@%0 8@%1")::"r"(a), \
			 "r"(b))

#endif
