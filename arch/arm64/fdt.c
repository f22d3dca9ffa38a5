/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the device tree.
 *
 *	header		big-endian words: magic, size, offsets of the blocks
 *	reservations	pairs of 64-bit words, address and size, up to a pair of zeroes
 *	structure	tokens: BEGIN_NODE name, PROP length name-offset value,
 *			END_NODE, NOP, END; each at a multiple of 4
 *	strings		names of properties
 *
 *	base, structure, strings, their sizes	written by fdt_init()
 *
 * Runs with the first page tables, before anything else works; later reads are
 * the same. The tree is not trusted to be well-formed: fdt_init() refuses blocks that
 * the tree does not hold; a walk only goes forward, and stops at the first token that it
 * does not know or that its block does not hold whole; a string ends in its property or
 * its block, or it is none.
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

#define FDT_VERSION	17
#define FDT_MAX_SIZE	0x200000	/* what the boot protocol of Linux allows */

struct fdt_header {
	u32 magic, totalsize, off_struct, off_strings, off_reserve;
	u32 version, last_compatible, boot_cpu, size_strings, size_struct;
};

static const char *base, *structure, *strings;
static unsigned int total_size, reserve_at, struct_size, strings_size;

static u32 be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
}

static u64 cells(const void *p, unsigned int n)
{
	u64 v = 0;

	for (unsigned int i = 0; i < n; i++)
		v = v << 32 | be32((const u8 *)p + 4 * i);
	return v;
}

static bool holds(unsigned int total, u32 offset, u32 size)
{
	return offset <= total && size <= total - offset;
}

bool fdt_init(const void *dtb)
{
	const struct fdt_header *h = dtb;
	u32 total;

	if (be32(&h->magic) != FDT_MAGIC || be32(&h->version) < FDT_VERSION ||
	    be32(&h->last_compatible) > FDT_VERSION)
		return false;
	total = be32(&h->totalsize);
	if (total > FDT_MAX_SIZE || !holds(total, be32(&h->off_reserve), 0) ||
	    !holds(total, be32(&h->off_struct), be32(&h->size_struct)) ||
	    !holds(total, be32(&h->off_strings), be32(&h->size_strings)))
		return false;
	base = dtb;
	total_size = total;
	reserve_at = be32(&h->off_reserve);
	structure = base + be32(&h->off_struct);
	struct_size = be32(&h->size_struct);
	strings = base + be32(&h->off_strings);
	strings_size = be32(&h->size_strings);
	return true;
}

size_t fdt_size(void)
{
	return total_size;
}

bool fdt_reserved(unsigned int index, u64 *addr, u64 *size)
{
	for (u32 at = reserve_at; holds(total_size, at, 16); at += 16, index--) {
		*addr = cells(base + at, 2);
		*size = cells(base + at + 8, 2);
		if (!*addr && !*size)
			return false;
		if (!index)
			return true;
	}
	return false;
}

static u32 token(int at)
{
	return at >= 0 && holds(struct_size, at, 4) ? be32(structure + at) : 0;
}

/* The offset behind the token at @at; negative: there is none, or the block ends inside it. */
static int skip(int at)
{
	u64 next = (u64)at + 4;

	switch (token(at)) {
	case FDT_BEGIN_NODE:
		next += ALIGN(strnlen(structure + next, struct_size - next) + 1, 4);
		break;
	case FDT_PROP:
		if (!holds(struct_size, at, 12))
			return -1;
		next += 8 + ALIGN((u64)be32(structure + next), 4);
		break;
	case FDT_END_NODE:
	case FDT_NOP:
		break;
	default:
		return -1;
	}
	return next <= struct_size ? (int)next : -1;
}

/* @s, of which @size bytes are there, is a whole string, and that one. */
static bool is_string(const char *s, unsigned int size, const char *what)
{
	return strlen(what) < size && !strncmp(s, what, size);
}

/* A property's name, of the token at @at. */
static bool is_named(int at, const char *name)
{
	u32 offset = be32(structure + at + 8);

	return offset < strings_size && is_string(strings + offset, strings_size - offset, name);
}

int fdt_root(void)
{
	int at = 0;

	while (token(at) == FDT_NOP)
		at += 4;
	return token(at) == FDT_BEGIN_NODE && skip(at) >= 0 ? at : -1;
}

int fdt_next(int node)
{
	do
		node = skip(node);
	while (node >= 0 && token(node) != FDT_BEGIN_NODE);
	return skip(node) >= 0 ? node : -1;
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
		} else if (token(at) == FDT_END_NODE && --depth < 0) {
			return -1;
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
	for (int at = skip(node), next; (next = skip(at)) >= 0; at = next) {
		if (token(at) == FDT_BEGIN_NODE || token(at) == FDT_END_NODE)
			return NULL;
		if (token(at) == FDT_PROP && is_named(at, name)) {
			if (len)
				*len = be32(structure + at + 4);
			return structure + at + 12;
		}
	}
	return NULL;
}

const char *fdt_string(int node, const char *name)
{
	unsigned int len;
	const char *s = fdt_prop(node, name, &len);

	return s && strnlen(s, len) < len ? s : NULL;
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

		for (; list && at < len; at += strnlen(list + at, len - at) + 1)
			if (is_string(list + at, len - at, what))
				return node;
	}
	return -1;
}

bool fdt_reg(int node, unsigned int index, u64 *addr, u64 *size)
{
	int parent = fdt_parent(node);
	unsigned int na = fdt_u32(parent, "#address-cells", 2), len;
	unsigned int ns = fdt_u32(parent, "#size-cells", 1);
	const u8 *reg = fdt_prop(node, "reg", &len);
	unsigned int at = index * (na + ns) * 4;

	if (!reg || !na || na > 2 || ns > 2 || !holds(len, at, (na + ns) * 4))
		return false;
	*addr = cells(reg + at, na);
	if (size)
		*size = cells(reg + at + na * 4, ns);
	return true;
}
