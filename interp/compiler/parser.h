/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser: source text to syntax tree, the whole grammar of Python 3.11. */
#ifndef MINIPY_COMPILER_PARSER_H
#define MINIPY_COMPILER_PARSER_H

#include "compiler/ast.h"

/* The tree, in source->arena; NULL with SyntaxError and the like. *incomplete (may be NULL) tells
 * that more lines could make a right text of it: in MODULE_SINGLE also without an error, for a
 * compound statement that no blank line ends; then NULL is returned with no exception set. */
struct module *parser_run(struct source *source, enum module_kind kind, bool *incomplete);

#endif
