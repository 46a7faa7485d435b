/* SPDX-License-Identifier: BSD-2-Clause */
/* Text of unknown origin on a terminal: what is safe to print, how wide it is, what colour. */
#ifndef PYI_BASE_PRINT_H
#define PYI_BASE_PRINT_H

#include "base/strbuf.h"

/* Appends text so that it stays on its line and cannot steer a terminal: control characters (C0,
 * DEL, C1), line and paragraph separators, bidirectional controls, invisible format characters
 * and bytes that are no UTF-8 become \n, \xNN, \uNNNN. Everything else, backslashes too, is left
 * as it is, so escaping twice changes nothing. */
void pyi_print_escape(struct pyi_strbuf *sb, const char *text, size_t len);

/* Columns that escaped text takes: East Asian wide characters and emoji two, combining marks none
 * (approximate: by blocks, not by the full table). */
size_t pyi_print_width(const char *text, size_t len);
/* Bytes of text, whole characters, that fit into so many columns. */
size_t pyi_print_fit(const char *text, size_t len, size_t columns);

enum pyi_color { PYI_COLOR_AUTO, PYI_COLOR_ALWAYS, PYI_COLOR_NEVER };
/* False when word is none of auto, always, never. */
bool pyi_color_parse(const char *word, enum pyi_color *ret);
/* auto: a terminal, TERM is not "dumb" and NO_COLOR is not set (https://no-color.org). */
bool pyi_color_enabled(enum pyi_color color, int fd);
/* Columns of the terminal behind fd; 0 when it is none. */
size_t pyi_terminal_width(int fd);

#endif
