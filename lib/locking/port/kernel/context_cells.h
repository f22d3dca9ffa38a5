/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cells of context.def, executed: bool cell_foo(void) calls foo() once, in any
 * context. Return: it did what it should.
 */
#ifndef PORT_KERNEL_CONTEXT_CELLS_H
#define PORT_KERNEL_CONTEXT_CELLS_H

#include <base/types.h>

#define CONTEXT(primitive, ...)	bool cell_##primitive(void);
#define CONTEXT_RT(primitive, ...)
#include "../../context.def"
#undef CONTEXT
#undef CONTEXT_RT

#endif
