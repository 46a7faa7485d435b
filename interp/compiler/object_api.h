/* SPDX-License-Identifier: BSD-2-Clause */
/* The objects that the front end makes and looks into. */
#ifndef MINIPY_COMPILER_OBJECT_API_H
#define MINIPY_COMPILER_OBJECT_API_H

#include "core/errors.h"
#include "core/object.h"
#include "objects/abstract.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/complex.h"
#include "objects/dict.h"
#include "objects/float.h"
#include "objects/long.h"
#include "objects/bool.h"
#include "objects/list.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/unicode.h"

#endif
