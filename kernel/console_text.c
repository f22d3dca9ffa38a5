/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a record of the log looks on the serial line.
 *
 *	line_open	the cursor is inside a line	the owner of the console
 *	interruptions	lines a record has cut into	the owner; read by any
 *
 *	lockstep> ps			an open line: text of con_printf(), or of the shell
 *	[    1.204503] CPU 2: ...	a record begins a line of its own, always
 *
 * Who may write, and when: console.c.
 */
#include <locking/atomic.h>
#include <kernel/arch.h>
#include "console_text.h"

static bool line_open;
static unsigned int interruptions;

void console_put(const char *s, size_t len)
{
	for (; len; len--, s++) {
		arch_console_putc(*s);
		line_open = *s != '\n';
	}
}

static void put_string(const char *s)
{
	while (*s)
		console_put(s++, 1);
}

static void end_open_line(void)
{
	if (!line_open)
		return;
	console_put("\n", 1);
	WRITE_ONCE(interruptions, interruptions + 1);
}

/* Each line of the record behind its prefix. */
void console_put_record(const struct log_record *rec)
{
	const char *line = rec->text, *end = rec->text + rec->len, *s;
	char prefix[32];

	if (rec->raw) {
		console_put(line, rec->len);
		return;
	}
	log_prefix(rec, prefix, sizeof(prefix));
	end_open_line();
	do {
		for (s = line; s < end && *s != '\n'; s++)
			;
		put_string(prefix);
		console_put(line, s - line);
		console_put("\n", 1);
		line = s + 1;
	} while (line < end);
}

void console_put_lost(const char *what, u64 count)
{
	char text[96];

	end_open_line();
	snprintf(text, sizeof(text), "** %llu log record(s) %s **\n",
		 (unsigned long long)count, what);
	put_string(text);
}

unsigned int console_interruptions(void)
{
	return READ_ONCE(interruptions);
}
