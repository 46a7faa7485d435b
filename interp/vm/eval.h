/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rest of minipy may know of the eval loop besides PyEval_EvalFrame (frame.h). */
#ifndef MINIPY_VM_EVAL_H
#define MINIPY_VM_EVAL_H

#include <stddef.h>

/* PyEval_EvalFrame has a section of its own, so that its extent is known; made by the linker. */
extern const char __start_minipy_eval[], __stop_minipy_eval[];

/* Bytes from the place where PyEval_EvalFrame keeps its frame's address up to its CFA. */
ptrdiff_t _PyEval_MeasureSlot(void);

#endif
