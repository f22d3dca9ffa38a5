/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of addresses in the kernel image, and the way back. The table is made
 * by scripts/symbols from the first link and is part of the second.
 *
 * Linux: kernel/kallsyms.c
 */
#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include <base/types.h>

/**
 * symbol_name() - the function or object that @addr lies in
 * @addr: any address
 * @offset: if not NULL, how far into it
 * @size: if not NULL, up to the next symbol
 * Context: Any.
 * Return: its name, or NULL when @addr is outside the image or there is no table.
 */
const char *symbol_name(unsigned long addr, unsigned long *offset, unsigned long *size);

/* Context: any. Return: the address of @name, 0 if there is none. */
unsigned long symbol_address(const char *name);

/* How many there are, and the i-th in address order. */
unsigned int symbol_count(void);
const char *symbol_at(unsigned int i, unsigned long *addr);

/* Is @addr in the kernel's text? */
bool is_kernel_text(unsigned long addr);

#endif
