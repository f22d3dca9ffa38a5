/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a line to the words of its commands.
 */
#ifndef KERNEL_SHELL_PARSE_H
#define KERNEL_SHELL_PARSE_H

/**
 * shell_next_command() - split the next command off a line
 * @line: advanced past the command
 * @buf: words go here; as large as the line with its NUL
 * @argv: filled, NULL-terminated; max_args + 1 entries
 * @err: on failure, what is wrong with the line
 * Return: number of words, 0 at the end of the line; -EINVAL, -E2BIG.
 */
int shell_next_command(const char **line, char *buf, char **argv, int max_args,
		       const char **err);

#endif
