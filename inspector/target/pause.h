/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holds a process still while something is read of it, and never longer than agreed: structures in
 * it may lead in circles for ever.
 */
#ifndef PYI_TARGET_PAUSE_H
#define PYI_TARGET_PAUSE_H

#include "target/stop.h"

#include <signal.h>
#include <stdatomic.h>

/* Ours: SIGRTMAX - PYI_PAUSE_SIGNAL, sent by a timer to the thread that holds the target. Another
 * part of the program must not use it. */
#define PYI_PAUSE_SIGNAL 7

struct pyi_pause {
	struct pyi_stop *stop; /* with the known threads announced */
	/* When all stand still, on a thread of ours that ends afterwards. Not called when the stop
	 * failed or a signal came. After an overrun it is not ended: it goes on while the target
	 * runs. */
	struct pyi_error *(*work)(void *arg);
	void *arg;
	uint64_t max_ns;       /* of all of it */
	atomic_bool *overrun;  /* set when max_ns is over and the target runs again */
	sigset_t mask;         /* private */
	struct pyi_error *err; /* private */
};

/* Signals to us are held back meanwhile, and take effect as soon as the target runs again. The
 * errors of pyi_stop_begin and of work, and PYI_ERR_IO "interrupted by a signal" when one came
 * before all stood still. */
struct pyi_error *pyi_pause_run(struct pyi_pause *pause) PYI_WARN_UNUSED;

#endif
