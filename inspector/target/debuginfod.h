/* SPDX-License-Identifier: BSD-2-Clause */
/* Files by build id from debuginfod servers, through elfutils' library where it is installed. */
#ifndef PYI_TARGET_DEBUGINFOD_H
#define PYI_TARGET_DEBUGINFOD_H

/* The path of the executable or library, in the library's own cache; the caller's to free. NULL
 * when no server ($DEBUGINFOD_URLS) has it, or the library is not installed. Uses the network. */
char *pyi_debuginfod_executable(const char *build_id);

#endif
