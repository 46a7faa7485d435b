/* SPDX-License-Identifier: BSD-2-Clause */
/* Separate debug files on this machine, found as gdb's manual says ("Debugging Information in
 * Separate Files"). Never the network. */
#ifndef PYI_NATIVE_DEBUGFILE_H
#define PYI_NATIVE_DEBUGFILE_H

/* An fd of the debug file of the module with this build id (hex, or "") and path; debuglink (or
 * NULL) comes from the module and is not trusted. A file is taken only if its build id is equal.
 * -1 when there is none; else *name (the caller's) is its path. */
int pyi_debugfile_open(const char *build_id, const char *path, const char *debuglink, char **name);

#endif
