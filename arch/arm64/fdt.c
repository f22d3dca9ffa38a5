/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the device tree.
 *
 *	header		big-endian words: magic, size, offsets of the two blocks
 *	structure	tokens: BEGIN_NODE name, PROP length name-offset value,
 *			END_NODE, NOP, END; each at a multiple of 4
 *	strings		names of properties
 *
 * Runs with the first page tables, before anything else works; later reads are
 * the same. The tree is not trusted to be well-formed: a walk stops at the first
 * token it does not know or at the block's end.
 *
 * Linux: drivers/of/fdt.c
 */
#include <base/compiler.h>
#include <base/string.h>
#include <asm/fdt.h>

#define FDT_MAGIC	0xd00dfeed
#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4

struct fdt_header {
	u32 magic, totalsize, off_struct, off_strings, off_reserve;
	u32 version, last_compatible, boot_cpu, size_strings, size_struct;
};

static const char *structure, *strings;
static unsigned int struct_size, total_size;

static u32 be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}

bool fdt_init(const void *dtb)
{
	const struct fdt_header *h = dtb;

	if (be32(&h->magic) != FDT_MAGIC)
		return false;
	total_size = be32(&h->totalsize);
	structure = (const char *)dtb + be32(&h->off_struct);
	strings = (const char *)dtb + be32(&h->off_strings);
	struct_size = be32(&h->size_struct);
	return true;
}

size_t fdt_size(void)
{
	return total_size;
}

static u32 token(int at)
{
	return at >= 0 && (unsigned int)at + 4 <= struct_size ? be32(structure + at) : 0;
}

/* The offset behind the token at @at. */
static int skip(int at)
{
	switch (token(at)) {
	case FDT_BEGIN_NODE:
		return at + 4 + ALIGN(strlen(structure + at + 4) + 1, 4);
	case FDT_PROP:
		return at + 12 + ALIGN(be32(structure + at + 4), 4);
	case FDT_END_NODE:
	case FDT_NOP:
		return at + 4;
	default:
		return -1;
	}
}

int fdt_root(void)
{
	int at = 0;

	while (token(at) == FDT_NOP)
		at += 4;
	return token(at) == FDT_BEGIN_NODE ? at : -1;
}

int fdt_next(int node)
{
	do
		node = skip(node);
	while (node >= 0 && token(node) != FDT_BEGIN_NODE);
	return node;
}

/* No links upwards: walk from the root, keeping the path. */
int fdt_parent(int node)
{
	int path[16], depth = 0;

	for (int at = fdt_root(); at >= 0; at = skip(at)) {
		if (token(at) == FDT_BEGIN_NODE) {
			if (at == node)
				return depth ? path[depth - 1] : -1;
			if (depth == (int)ARRAY_SIZE(path))
				return -1;
			path[depth++] = at;
		} else if (token(at) == FDT_END_NODE) {
			depth--;
		}
	}
	return -1;
}

const char *fdt_name(int node)
{
	return structure + node + 4;
}

const void *fdt_prop(int node, const char *name, unsigned int *len)
{
	if (node < 0)
		return NULL;
	for (int at = skip(node); at >= 0; at = skip(at)) {
		if (token(at) == FDT_BEGIN_NODE || token(at) == FDT_END_NODE)
			return NULL;
		if (token(at) == FDT_PROP && !strcmp(strings + be32(structure + at + 8), name)) {
			if (len)
				*len = be32(structure + at + 4);
			return structure + at + 12;
		}
	}
	return NULL;
}

u32 fdt_u32(int node, const char *name, u32 absent)
{
	unsigned int len;
	const void *p = fdt_prop(node, name, &len);

	return p && len >= 4 ? be32(p) : absent;
}

/* Three cells each: 0 shared or 1 private, its number among these, flags. */
u32 fdt_interrupt(int node, unsigned int index)
{
	unsigned int len;
	const u8 *p = fdt_prop(node, "interrupts", &len);
	u32 number;

	if (!p || len < 12 * (index + 1))
		return 0;
	p += 12 * index;
	number = be32(p + 4);
	if (be32(p) == 0 && number < 988)
		return 32 + number;
	return be32(p) == 1 && number < 16 ? 16 + number : 0;
}

int fdt_compatible(int from, const char *what)
{
	for (int node = from < 0 ? fdt_root() : fdt_next(from); node >= 0; node = fdt_next(node)) {
		unsigned int len, at = 0;
		const char *list = fdt_prop(node, "compatible", &len);

		for (; list && at < len; at += strlen(list + at) + 1)
			if (!strcmp(list + at, what))
				return node;
	}
	return -1;
}

static u64 cells(const u8 *p, unsigned int n)
{
	u64 v = 0;

	for (unsigned int i = 0; i < n; i++)
		v = v << 32 | be32(p + 4 * i);
	return v;
}

bool fdt_reg(int node, unsigned int index, u64 *addr, u64 *size)
{
	int parent = fdt_parent(node);
	unsigned int na = fdt_u32(parent, "#address-cells", 2), len;
	unsigned int ns = fdt_u32(parent, "#size-cells", 1);
	const u8 *reg = fdt_prop(node, "reg", &len);
	unsigned int at = index * (na + ns) * 4;

	if (!reg || at + (na + ns) * 4 > len)
		return false;
	*addr = cells(reg + at, na);
	if (size)
		*size = cells(reg + at + na * 4, ns);
	return true;
}
