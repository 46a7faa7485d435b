/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/signals.h"

#include <signal.h>
#include <stddef.h>

/* Linux arch/x86/include/uapi/asm/signal.h. */
static const char *const names[65] = {
	[1] = "SIGHUP",     [2] = "SIGINT",   [3] = "SIGQUIT",   [4] = "SIGILL",   [5] = "SIGTRAP",
	[6] = "SIGABRT",    [7] = "SIGBUS",   [8] = "SIGFPE",    [9] = "SIGKILL",  [10] = "SIGUSR1",
	[11] = "SIGSEGV",   [12] = "SIGUSR2", [13] = "SIGPIPE",  [14] = "SIGALRM", [15] = "SIGTERM",
	[16] = "SIGSTKFLT", [17] = "SIGCHLD", [18] = "SIGCONT",  [19] = "SIGSTOP", [20] = "SIGTSTP",
	[21] = "SIGTTIN",   [22] = "SIGTTOU", [23] = "SIGURG",   [24] = "SIGXCPU", [25] = "SIGXFSZ",
	[26] = "SIGVTALRM", [27] = "SIGPROF", [28] = "SIGWINCH", [29] = "SIGIO",   [30] = "SIGPWR",
	[31] = "SIGSYS",    [32] = "SIG32",   [33] = "SIG33",    [34] = "SIG34",   [35] = "SIG35",
	[36] = "SIG36",     [37] = "SIG37",   [38] = "SIG38",    [39] = "SIG39",   [40] = "SIG40",
	[41] = "SIG41",     [42] = "SIG42",   [43] = "SIG43",    [44] = "SIG44",   [45] = "SIG45",
	[46] = "SIG46",     [47] = "SIG47",   [48] = "SIG48",    [49] = "SIG49",   [50] = "SIG50",
	[51] = "SIG51",     [52] = "SIG52",   [53] = "SIG53",    [54] = "SIG54",   [55] = "SIG55",
	[56] = "SIG56",     [57] = "SIG57",   [58] = "SIG58",    [59] = "SIG59",   [60] = "SIG60",
	[61] = "SIG61",     [62] = "SIG62",   [63] = "SIG63",    [64] = "SIG64",
};

/* Linux include/uapi/asm-generic/siginfo.h; number 0: whatever the signal is. */
static const struct {
	int number, code;
	const char *name;
} codes[] = {
	{0, SI_USER, "SI_USER"},      {0, SI_QUEUE, "SI_QUEUE"},     {0, SI_TIMER, "SI_TIMER"},
	{0, SI_MESGQ, "SI_MESGQ"},    {0, SI_ASYNCIO, "SI_ASYNCIO"}, {0, SI_SIGIO, "SI_SIGIO"},
	{0, SI_TKILL, "SI_TKILL"},    {0, 0x80, "SI_KERNEL"},        {SIGILL, 1, "ILL_ILLOPC"},
	{SIGILL, 2, "ILL_ILLOPN"},    {SIGILL, 3, "ILL_ILLADR"},     {SIGILL, 4, "ILL_ILLTRP"},
	{SIGILL, 5, "ILL_PRVOPC"},    {SIGILL, 6, "ILL_PRVREG"},     {SIGILL, 7, "ILL_COPROC"},
	{SIGILL, 8, "ILL_BADSTK"},    {SIGFPE, 1, "FPE_INTDIV"},     {SIGFPE, 2, "FPE_INTOVF"},
	{SIGFPE, 3, "FPE_FLTDIV"},    {SIGFPE, 4, "FPE_FLTOVF"},     {SIGFPE, 5, "FPE_FLTUND"},
	{SIGFPE, 6, "FPE_FLTRES"},    {SIGFPE, 7, "FPE_FLTINV"},     {SIGFPE, 8, "FPE_FLTSUB"},
	{SIGSEGV, 1, "SEGV_MAPERR"},  {SIGSEGV, 2, "SEGV_ACCERR"},   {SIGSEGV, 3, "SEGV_BNDERR"},
	{SIGSEGV, 4, "SEGV_PKUERR"},  {SIGSEGV, 10, "SEGV_CPERR"},   {SIGBUS, 1, "BUS_ADRALN"},
	{SIGBUS, 2, "BUS_ADRERR"},    {SIGBUS, 3, "BUS_OBJERR"},     {SIGBUS, 4, "BUS_MCEERR_AR"},
	{SIGBUS, 5, "BUS_MCEERR_AO"}, {SIGTRAP, 1, "TRAP_BRKPT"},    {SIGTRAP, 2, "TRAP_TRACE"},
	{SIGTRAP, 3, "TRAP_BRANCH"},  {SIGTRAP, 4, "TRAP_HWBKPT"},   {SIGSYS, 1, "SYS_SECCOMP"},
};

const char *pyi_signal_name(int number)
{
	return number > 0 && number < 65 ? names[number] : "an unknown signal";
}

const char *pyi_signal_code_name(int number, int code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code && (!codes[i].number || codes[i].number == number))
			return codes[i].name;
	return NULL;
}

bool pyi_signal_has_address(int number, int code)
{
	if (code <= 0 || code == 0x80)
		return false;
	return number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE ||
	       number == SIGTRAP;
}

bool pyi_signal_has_sender(int code)
{
	return code == SI_USER || code == SI_TKILL || code == SI_QUEUE;
}
