/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell commands: one line each, anywhere in kernel/.
 *
 *	SHELL_COMMAND(nmi, "nmi CPU|all", "send an NMI and wait for its handler", cmd_nmi);
 *
 * The function gets argv[0] = the command's name and returns 0, or a negative
 * errno after printing what was wrong; -EINVAL prints the usage line as well.
 */
#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

#include <base/compiler.h>

struct shell_command {
	const char *name;
	const char *usage;
	const char *help;
	int (*fn)(int argc, char **argv);
};

#define SHELL_COMMAND(name_, usage_, help_, fn_)			\
	static const struct shell_command CONCATENATE(shell_cmd_, fn_)	\
	__used __section(".shell_commands") __aligned(8) = {		\
		.name = #name_, .usage = usage_, .help = help_, .fn = fn_ }

/* Run one command line as if typed. Context: task. Return: the command's, or -ENOENT. */
int shell_execute(const char *line);

/* Start the shell's kthread on the serial console. */
void shell_start(void);

/* Helpers for arguments: print what is accepted and return false on bad input. */
bool shell_parse_int(const char *s, const char *what, long min, long max, long *out);
/* "all" or a CPU number that is online; all gives -1. */
bool shell_parse_cpu(const char *s, bool allow_all, int *out);

#endif
