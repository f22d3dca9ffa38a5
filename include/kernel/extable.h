/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exception table: instructions that may fault, and where to go on when they do. An entry
 * is made beside the instruction, in section .ex_table; the linker collects them.
 *
 * Linux: include/linux/extable.h, kernel/extable.c
 * Differs: not sorted: there is a handful.
 */
#ifndef KERNEL_EXTABLE_H
#define KERNEL_EXTABLE_H

struct exception_table_entry {
	unsigned long insn, fixup;
};

/* The entry of the instruction at @addr, or NULL. Any context. */
const struct exception_table_entry *search_exception_tables(unsigned long addr);

#endif
