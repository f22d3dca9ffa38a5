/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader of device trees, on trees that are made up here: well-formed ones, and such
 * that would lead it out of its block or round in circles.
 *
 *	0x000	header			0x040	reservations
 *	0x080	structure		0x300	strings
 *
 * After boot nothing reads the machine's own tree but a power-off and a reset: each case
 * puts it back at its end.
 */
#include <base/string.h>
#include <boot/bootinfo.h>
#include <kernel/mm.h>
#include <kernel/selftest.h>
#include <asm/fdt.h>
#include <asm/smp.h>

#define RESERVATIONS	0x040
#define STRUCTURE	0x080
#define STRINGS		0x300
#define SIZE		0x400

enum { BEGIN_NODE = 1, END_NODE, PROP, NOP, END = 9 };
enum { MAGIC, TOTAL, OFF_STRUCT, OFF_STRINGS, OFF_RESERVE, VERSION, COMPATIBLE, CPU,
       SIZE_STRINGS, SIZE_STRUCT };

static const char names[] = "compatible\0method\0interrupts\0reg\0#address-cells\0#size-cells";

static u8 tree[SIZE];
static unsigned int end;

static void put(unsigned int at, u32 v)
{
	for (unsigned int i = 0; i < 4; i++)
		tree[at + i] = v >> (24 - 8 * i);
}

static void header(unsigned int field, u32 v)
{
	put(4 * field, v);
}

static void word(u32 v)
{
	put(end, v);
	end += 4;
}

static void bytes(const void *p, unsigned int len)
{
	memcpy(tree + end, p, len);
	end += ALIGN(len, 4);
}

static void begin(const char *name)
{
	word(BEGIN_NODE);
	bytes(name, strlen(name) + 1);
}

static void prop(const char *name, const void *value, unsigned int len)
{
	unsigned int at = 0;

	while (strcmp(names + at, name))
		at += strlen(names + at) + 1;
	word(PROP);
	word(len);
	word(at);
	bytes(value, len);
}

static void words(const char *name, const u32 *v, unsigned int n)
{
	unsigned int at = end + 12;

	prop(name, v, 4 * n);
	for (unsigned int i = 0; i < n; i++)
		put(at + 4 * i, v[i]);
}

/* A tree whose root is open. */
static void start(void)
{
	memset(tree, 0, sizeof(tree));
	header(MAGIC, 0xd00dfeed);
	header(TOTAL, SIZE);
	header(OFF_STRUCT, STRUCTURE);
	header(OFF_STRINGS, STRINGS);
	header(OFF_RESERVE, RESERVATIONS);
	header(VERSION, 17);
	header(COMPATIBLE, 16);
	header(SIZE_STRINGS, sizeof(names));
	memcpy(tree + STRINGS, names, sizeof(names));
	end = STRUCTURE;
	begin("");
}

static bool finish(void)
{
	word(END_NODE);
	word(END);
	header(SIZE_STRUCT, end - STRUCTURE);
	return fdt_init(tree);
}

static void put_back(struct selftest *t)
{
	EXPECT(fdt_init((const void *)(PAGE_OFFSET + boot_info.dtb)));
	EXPECT(psci_method() != NULL);
}

static void psci_node(const char *method, unsigned int len)
{
	begin("psci");
	prop("compatible", "arm,psci-9\0arm,psci-0.2", sizeof("arm,psci-9\0arm,psci-0.2"));
	prop("method", method, len);
	word(END_NODE);
}

SELFTEST(fdt, psci_is_called_as_the_tree_says_or_not_at_all)
{
	start();
	psci_node("smc", 4);
	EXPECT(finish());
	EXPECT_STREQ(psci_method() ?: "none", "SMC");
	start();
	psci_node("hvc", 4);
	EXPECT(finish());
	EXPECT_STREQ(psci_method() ?: "none", "HVC");
	start();
	psci_node("svc", 4);
	EXPECT(finish());
	EXPECT(!psci_method());
	start();
	EXPECT(finish());
	EXPECT(!psci_method());
	EXPECT_EQ(psci_call(0x84000000, 0, 0, 0), PSCI_NOT_SUPPORTED);
	put_back(t);
}

SELFTEST(fdt, interrupts_are_numbered_as_the_controller_does)
{
	static const u32 irqs[] = { 1, 14, 4, 1, 15, 4, 0, 1, 4, 1, 16, 4, 2, 1, 4,
				    0, 987, 4, 0, 988, 4 };

	start();
	words("interrupts", irqs, ARRAY_SIZE(irqs));
	EXPECT(finish());
	EXPECT_EQ(fdt_interrupt(fdt_root(), 0), 30);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 1), 31);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 2), 33);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 3), 0);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 4), 0);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 5), 1019);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 6), 0);
	EXPECT_EQ(fdt_interrupt(fdt_root(), 7), 0);
	EXPECT_EQ(fdt_interrupt(-1, 0), 0);
	/* The third cell is not there. */
	start();
	words("interrupts", irqs, 2);
	EXPECT(finish());
	EXPECT_EQ(fdt_interrupt(fdt_root(), 0), 0);
	put_back(t);
}

SELFTEST(fdt, a_property_that_the_block_does_not_hold_ends_the_walk)
{
	static const u32 lengths[] = { 0xfffffff4, 0xfffffff0, 0xffffffff, 0x7fffffff, 0x1000 };

	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		start();
		word(PROP);
		word(lengths[i]);
		word(0);
		psci_node("smc", 4);
		EXPECT(finish());
		EXPECT_EQ(fdt_next(fdt_root()), -1);
		EXPECT(!fdt_prop(fdt_root(), "compatible", NULL));
		EXPECT(!fdt_prop(fdt_root(), "method", NULL));
		EXPECT_EQ(fdt_compatible(-1, "arm,psci-0.2"), -1);
	}
	put_back(t);
}

SELFTEST(fdt, nodes_that_end_too_often_have_no_parent)
{
	int node;

	start();
	for (unsigned int i = 0; i < 40; i++)
		word(END_NODE);
	begin("late");
	begin("its child");
	EXPECT(finish());
	node = fdt_next(fdt_root());
	EXPECT(node > 0 && !strcmp(fdt_name(node), "late"));
	EXPECT_EQ(fdt_parent(node), -1);
	EXPECT_EQ(fdt_parent(fdt_next(node)), -1);
	put_back(t);
}

SELFTEST(fdt, a_string_that_does_not_end_is_none)
{
	start();
	psci_node("smc", 3);
	EXPECT(finish());
	EXPECT(!psci_method());
	start();
	prop("compatible", "arm,psci-0.2", 12);
	word(PROP);
	word(4);
	word(sizeof(names));
	word(0);
	EXPECT(finish());
	EXPECT_EQ(fdt_compatible(-1, "arm,psci-0.2"), -1);
	EXPECT(!fdt_prop(fdt_root(), "", NULL));
	/* The name is behind the block of strings. */
	start();
	word(PROP);
	word(4);
	word(sizeof(names) + 1);
	word(0);
	memcpy(tree + STRINGS + sizeof(names) + 1, "reg", 4);
	EXPECT(finish());
	EXPECT(!fdt_prop(fdt_root(), "reg", NULL));
	put_back(t);
}

SELFTEST(fdt, registers_without_address_cells_are_none)
{
	static const u32 none[] = { 0 }, many[] = { 0x40000000 }, reg[] = { 1, 2, 3, 4 };
	u64 addr, size;

	for (unsigned int i = 0; i < 3; i++) {
		start();
		if (i)
			words("#address-cells", i == 1 ? none : many, 1);
		words("#size-cells", none, 1);
		begin("device");
		words("reg", reg, ARRAY_SIZE(reg));
		word(END_NODE);
		EXPECT(finish());
		EXPECT_EQ(fdt_reg(fdt_next(fdt_root()), 0, &addr, &size), i == 0);
		EXPECT_EQ(fdt_reg(fdt_next(fdt_root()), 2, &addr, &size), false);
	}
	put_back(t);
}

SELFTEST(fdt, reservations_are_read_up_to_the_pair_of_zeroes)
{
	u64 addr = 0, size = 0;

	start();
	put(RESERVATIONS + 4, 0x1000);
	put(RESERVATIONS + 8, 1);
	put(RESERVATIONS + 12, 0x2000);
	put(RESERVATIONS + 28, 0x3000);
	EXPECT(finish());
	EXPECT(fdt_reserved(0, &addr, &size));
	EXPECT_EQ(addr, 0x1000);
	EXPECT_EQ(size, 0x100002000);
	EXPECT(fdt_reserved(1, &addr, &size));
	EXPECT_EQ(addr, 0);
	EXPECT_EQ(size, 0x3000);
	EXPECT(!fdt_reserved(2, &addr, &size));
	EXPECT(!fdt_reserved(1000, &addr, &size));
	/* The tree ends inside the pair. */
	header(OFF_RESERVE, SIZE - 8);
	put(SIZE - 4, 0x1000);
	EXPECT(fdt_init(tree));
	EXPECT(!fdt_reserved(0, &addr, &size));
	put_back(t);
}

SELFTEST(fdt, parts_that_lie_outside_of_the_tree_are_refused)
{
	static const struct { u8 field; u32 v; } bad[] = {
		{ MAGIC, 0xd00dfeee }, { TOTAL, 0x80000000 }, { VERSION, 16 }, { COMPATIBLE, 18 },
		{ OFF_STRUCT, SIZE + 4 }, { OFF_STRUCT, 0xfffffff0 }, { OFF_STRINGS, SIZE + 4 },
		{ OFF_RESERVE, SIZE + 4 }, { SIZE_STRUCT, SIZE }, { SIZE_STRUCT, 0xfffffff0 },
		{ SIZE_STRINGS, SIZE },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		start();
		EXPECT(finish());
		header(bad[i].field, bad[i].v);
		if (fdt_init(tree))
			selftest_fail(t, __FILE__, __LINE__, "header word %u may be 0x%x",
				      bad[i].field, bad[i].v);
	}
	put_back(t);
}
