/* SPDX-License-Identifier: BSD-2-Clause */
/* What a word of the command line that is no option stands for: a process or a file. */
#ifndef PYI_CMD_OPERAND_H
#define PYI_CMD_OPERAND_H

#include "target/target.h"

/* A number is a process, whatever files there are; everything else is a file. */
bool pyi_operand_is_file(const char *text);
/* Of one that is no file. PYI_ERR_NOT_FOUND: no process can have that number. */
struct pyi_error *pyi_operand_pid(const char *text, pid_t *ret) PYI_WARN_UNUSED;
/* PYI_ERR_NOT_FOUND when there is no such file. Of a word without a slash it also says that no
 * command is called so, and which one could have been meant. */
struct pyi_error *pyi_operand_check_file(const char *path) PYI_WARN_UNUSED;
/* Messages begin with "process N: " or with the file's path. */
struct pyi_error *pyi_operand_open(const char *text, struct pyi_target **ret) PYI_WARN_UNUSED;

/* Of the words (ended by NULL) the one that differs from `word` in at most two letters, and the
 * least; or NULL. */
const char *pyi_operand_nearest(const char *word, const char *const *words);

#endif
