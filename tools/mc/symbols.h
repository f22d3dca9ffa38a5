/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for addresses of this very program: from its ELF symbols, and source
 * lines from addr2line.
 */
#ifndef MC_SYMBOLS_H
#define MC_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

/* "lock.owner" as "symbol+offset". */
void symbol_of_data(const volatile void *addr, char *buf, size_t room);
/* "ticket.c:41 ticket_spin_lock", the frame in the code under test. */
void symbol_of_code(const void *addr, char *buf, size_t room);

#endif
