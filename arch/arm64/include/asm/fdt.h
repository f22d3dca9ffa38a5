/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the device tree: nodes and properties, nothing more.
 *
 * A node is the offset of its begin token in the structure block; negative is
 * "none". Cells are 32-bit big-endian words.
 *
 * Source: Devicetree Specification, release 0.4, chapter 5.
 */
#ifndef ASM_FDT_H
#define ASM_FDT_H

#include <base/types.h>

/* Use the tree at @dtb. False: that is no device tree, or one whose parts lie outside of it. */
bool fdt_init(const void *dtb);
size_t fdt_size(void);
/* Entry @index of the memory that is not to be used. */
bool fdt_reserved(unsigned int index, u64 *addr, u64 *size);

/* The first node of the tree, and the next in document order, at any depth. */
int fdt_root(void);
int fdt_next(int node);
int fdt_parent(int node);
const char *fdt_name(int node);

/* A property's bytes, or NULL. @len may be NULL. */
const void *fdt_prop(int node, const char *name, unsigned int *len);
/* A property that is a string, or NULL. */
const char *fdt_string(int node, const char *name);
u32 fdt_u32(int node, const char *name, u32 absent);
/* Entry @index of a node's interrupts, as a GIC numbers them: from 16 private ones, from 32
 * shared ones; 0: there is none, or it is neither. */
u32 fdt_interrupt(int node, unsigned int index);
/* The next node after @from (or the first: -1) one of whose compatible strings is @what. */
int fdt_compatible(int from, const char *what);
/* Entry @index of reg, read with the parent's cell counts. */
bool fdt_reg(int node, unsigned int index, u64 *addr, u64 *size);

#endif
