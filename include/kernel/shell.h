/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shell commands: one line each, anywhere in kernel/.
 *
 *	SHELL_COMMAND(nmi, "nmi CPU|all", "send an NMI and wait for its handler", cmd_nmi,
 *		      .complete = shell_complete_cpu);
 *
 * The function gets argv[0] = the command's name and returns 0, or a negative
 * errno after printing what was wrong; -EINVAL prints the usage line as well.
 * It runs in the shell's kthread, prints with shell_printf(), and when it takes
 * long asks shell_interrupted() or sleeps with shell_sleep(), so that Ctrl-C works.
 */
#ifndef KERNEL_SHELL_H
#define KERNEL_SHELL_H

#include <base/compiler.h>
#include <base/types.h>

struct completion_list;		/* <kernel/readline.h> */

struct shell_command {
	const char *name;
	const char *usage;
	const char *help;		/* one line */
	int (*fn)(int argc, char **argv);
	/* Offer words for argument @arg (1 is the first). */
	void (*complete)(struct completion_list *list, int arg);
	const char *details;		/* more lines for `help CMD` */
};

#define SHELL_COMMAND(name_, usage_, help_, fn_, ...)			\
	static const struct shell_command CONCATENATE(shell_cmd_, fn_)	\
	__used __section(".shell_commands") __aligned(8) = {		\
		.name = #name_, .usage = usage_, .help = help_, .fn = fn_, \
		##__VA_ARGS__ }

#define SHELL_MAX_ARGS	32

/**
 * shell_execute() - run a command line as if typed: "a; b" runs both
 * Context: Task.
 * Return: the last command's, -ENOENT for an unknown one, -EINVAL for an open quote,
 *	   -EINTR after Ctrl-C (the rest of the line is not run).
 */
int shell_execute(const char *line);

/* Start the shell's kthread on the serial console. */
void shell_start(void);

/* Output of commands: to the console only, whole lines, never torn by printk. Task. */
__printf(1, 2)
void shell_printf(const char *fmt, ...);

/* True once Ctrl-C was typed while the running command runs. */
bool shell_interrupted(void);
/* Sleep. Return: true if Ctrl-C ended it early. */
bool shell_sleep(unsigned int ms);

/* True, and said, if there are more than @max arguments. */
bool shell_too_many(int argc, char **argv, int max);
/* Say that @word is not an argument of command argv[0], and which are. */
void shell_refuse(char **argv, const char *word, const char *accepted);

/* Helpers for arguments: print what is accepted and return false on bad input. */
bool shell_parse_int(const char *s, const char *what, long min, long max, long *out);
/* "all" or a CPU number that is online; all gives -1. */
bool shell_parse_cpu(const char *s, bool allow_all, int *out);
/* One of @words (NULL-terminated); its index. */
bool shell_parse_word(const char *s, const char *what, const char *const *words, int *out);

/* Run one command, already split. Context: task. */
int shell_run(int argc, char **argv);
/* A command by name; the commands in order of their names, from NULL on. */
const struct shell_command *shell_find(const char *name);
const struct shell_command *shell_next(const struct shell_command *prev);

/* Completers: of a whole line, of what follows @words words, of argument 1. */
void shell_complete_line(struct completion_list *list);
void shell_complete_after(struct completion_list *list, int words);
void shell_complete_command(struct completion_list *list, int arg);
void shell_complete_cpu(struct completion_list *list, int arg);
void shell_complete_cpu_or_all(struct completion_list *list, int arg);

#endif
