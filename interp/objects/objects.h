/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the object world up. */
#ifndef MINIPY_OBJECTS_OBJECTS_H
#define MINIPY_OBJECTS_OBJECTS_H

/* After _PyRuntime_Init: interned names, every static type of types.def, the exceptions.
 * 0, or -1 when memory is out. */
int _PyObjects_Init(void);

#endif
