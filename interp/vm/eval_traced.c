/* SPDX-License-Identifier: BSD-2-Clause */
/* The eval loop with events: trace.h says for whom. */
#define PY_EVAL_EVENTS 1
#include "vm/eval.c"
