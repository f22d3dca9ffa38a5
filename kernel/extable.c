/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking up the exception table. The contract is <kernel/extable.h>.
 */
#include <base/compiler.h>
#include <base/types.h>
#include <kernel/extable.h>

extern const struct exception_table_entry __start_ex_table[], __stop_ex_table[];

const struct exception_table_entry *search_exception_tables(unsigned long addr)
{
	for (const struct exception_table_entry *e = __start_ex_table; e < __stop_ex_table; e++)
		if (e->insn == addr)
			return e;
	return NULL;
}
