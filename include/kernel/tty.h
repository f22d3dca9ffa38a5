/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Serial console input: the UART's interrupt fills a ring, one reader empties it.
 */
#ifndef KERNEL_TTY_H
#define KERNEL_TTY_H

#include <base/types.h>

/* A byte, or -1 at once if there is none / after @timeout_ms. Task, one reader. */
int tty_getc_nowait(void);
int tty_getc_timeout(unsigned int timeout_ms);
/* A byte; sleeps for it. */
int tty_getc(void);
bool tty_input_pending(void);

/* Between these, Ctrl-C is not a byte but an interrupt: it drops all input before it. */
void tty_command_begin(void);
void tty_command_end(void);
bool tty_interrupted(void);
/* Sleep until Ctrl-C or the time is over. Return: true after Ctrl-C. */
bool tty_sleep(unsigned int ms);

#endif
