/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam between the kernel's signals and those who act on them (the signal module). */
#ifndef MINIPY_CORE_SIGNALS_H
#define MINIPY_CORE_SIGNALS_H

#define PY_NSIG 65 /* Linux: 1 .. 64 */

/* The handler: notes that signo has arrived. Async-signal-safe. */
void _PySignals_Arrived(int signo);
/* sigaction for one signal: 0, or -1 with errno. */
int _PySignals_Install(int signo, void (*handler)(int));
/* What the main thread does for a signal that has arrived: 0, or -1 with an exception. At first
 * every one raises KeyboardInterrupt (only SIGINT is caught then). */
extern int (*_PySignals_deliver)(int signo);

#endif
