/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the ACPI tables once, early: CPUs and I/O APICs (MADT), HPET, and how to
 * power off and reset (FADT, and the \_S5 object in the DSDT).
 *
 *	RSDP --> XSDT or RSDT --> MADT, HPET, FADT --> DSDT
 *
 * The tables lie below 4 GiB, where the first page tables reach at PAGE_OFFSET;
 * nothing refers to them afterwards. A table whose bytes do not add up to 0 is
 * reported and not used.
 *
 * Linux:   drivers/acpi/tables.c, arch/x86/kernel/acpi/boot.c
 * Differs: there is no AML interpreter: \_S5 is found by its bytes.
 */
#include <base/compiler.h>
#include <base/string.h>
#include <kernel/printk.h>
#include <asm/acpi.h>
#include <asm/page.h>

struct acpi_info acpi_info;

struct rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;
	u32 rsdt;
	u32 length;		/* from here on: revision 2 */
	u64 xsdt;
	u8 checksum2, reserved[3];
} __packed;

struct acpi_table {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem[6], oem_table[8];
	u32 oem_revision, creator, creator_revision;
} __packed;

struct madt {
	struct acpi_table h;
	u32 apic_addr, flags;
	u8 entries[];
} __packed;

struct generic_address {
	u8 space, width, offset, access;
	u64 addr;
} __packed;

struct hpet_table {
	struct acpi_table h;
	u32 id;
	struct generic_address addr;
} __packed;

struct fadt {
	struct acpi_table h;
	u32 facs, dsdt;
	u8 unused1[12];
	u32 pm1a_event, pm1b_event, pm1a_control, pm1b_control, pm2_control, pm_timer;
	u8 unused2[32];
	u32 flags;
	struct generic_address reset;
	u8 reset_value, unused3[3];
	u64 x_facs, x_dsdt;
} __packed;

static_assert(offsetof(struct fadt, pm_timer) == 76, "the specification's offset");
static_assert(offsetof(struct fadt, flags) == 112, "the specification's offset");
static_assert(offsetof(struct fadt, x_dsdt) == 140, "the specification's offset");

#define FADT_RESET_REG	(1U << 10)

enum madt_type {
	MADT_LAPIC, MADT_IOAPIC, MADT_OVERRIDE, MADT_LAPIC_ADDR = 5, MADT_X2APIC = 9,
};
#define MADT_CPU_ENABLED	1

/* Tables need not be aligned. */
static u32 get32(const void *p)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static u64 get64(const void *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static const void *phys(phys_addr_t pa)
{
	return (const void *)(PAGE_OFFSET + pa);
}

static bool adds_up(const void *table, u32 length)
{
	const u8 *p = table;
	u8 sum = 0;

	while (length--)
		sum += *p++;
	return sum == 0;
}

static const struct acpi_table *table_at(phys_addr_t pa)
{
	const struct acpi_table *t = phys(pa);

	if (!pa || pa >> 32 || t->length < sizeof(*t))
		return NULL;
	if (!adds_up(t, t->length)) {
		pr_warn("ACPI: table %.4s at 0x%llx has a bad checksum, not used\n",
			t->signature, (unsigned long long)pa);
		return NULL;
	}
	return t;
}

static void add_cpu(u32 id, u32 flags)
{
	if (!(flags & MADT_CPU_ENABLED))
		return;
	if (acpi_info.nr_cpus == ACPI_MAX_CPUS)
		acpi_info.nr_cpus_dropped++;
	else
		acpi_info.cpu_apic_id[acpi_info.nr_cpus++] = id;
}

static void read_madt_entry(const u8 *e)
{
	struct acpi_info *a = &acpi_info;

	switch (e[0]) {
	case MADT_LAPIC:
		add_cpu(e[3], get32(e + 4));
		break;
	case MADT_X2APIC:
		add_cpu(get32(e + 4), get32(e + 8));
		break;
	case MADT_IOAPIC:
		if (a->nr_ioapics < ACPI_MAX_IOAPICS)
			a->ioapic[a->nr_ioapics++] = (struct acpi_ioapic){
				.addr = get32(e + 4), .gsi_base = get32(e + 8),
			};
		break;
	case MADT_OVERRIDE:
		if (e[3] < ISA_IRQS) {
			a->isa_gsi[e[3]] = get32(e + 4);
			a->isa_flags[e[3]] = e[8] | e[9] << 8;
		}
		break;
	case MADT_LAPIC_ADDR:
		a->apic_addr = get64(e + 4);
		break;
	}
}

static void read_madt(const struct acpi_table *t)
{
	const struct madt *m = (const struct madt *)t;
	const u8 *end = (const u8 *)m + m->h.length;

	acpi_info.apic_addr = m->apic_addr;
	for (const u8 *e = m->entries; e + 2 <= end && e[1] >= 2 && e + e[1] <= end; e += e[1])
		read_madt_entry(e);
}

/* An AML integer as \_S5's elements use it; moves *@p behind it. */
static u8 aml_byte(const u8 **p)
{
	const u8 *q = *p;

	if (q[0] == 0x0a) {		/* BytePrefix */
		*p += 2;
		return q[1];
	}
	*p += 1;
	return q[0];			/* ZeroOp, OneOp */
}

/* Name (_S5_, Package () { SLP_TYPa, SLP_TYPb, ... }) */
static void find_s5(const struct acpi_table *dsdt)
{
	const u8 *p = (const u8 *)(dsdt + 1), *end = (const u8 *)dsdt + dsdt->length - 12;

	for (; p < end; p++) {
		if (memcmp(p, "_S5_\x12", 5) || (p[-1] != 0x08 && p[-2] != 0x08))
			continue;
		p += 5;
		p += (*p >> 6) + 2;	/* package length, number of elements */
		acpi_info.s5_type_a = aml_byte(&p);
		acpi_info.s5_type_b = aml_byte(&p);
		acpi_info.has_s5 = true;
		return;
	}
}

static void read_fadt(const struct acpi_table *t)
{
	const struct fadt *f = (const struct fadt *)t;
	const struct acpi_table *dsdt;
	struct acpi_info *a = &acpi_info;

	a->pm1a_control = f->pm1a_control;
	a->pm1b_control = f->pm1b_control;
	a->pm_timer = f->pm_timer;
	if (f->h.length >= offsetof(struct fadt, unused3) && (f->flags & FADT_RESET_REG)) {
		a->has_reset = true;
		a->reset_space = f->reset.space;
		a->reset_addr = f->reset.addr;
		a->reset_value = f->reset_value;
	}
	dsdt = table_at(f->h.length >= sizeof(*f) && f->x_dsdt ? f->x_dsdt : f->dsdt);
	if (dsdt)
		find_s5(dsdt);
}

static void read_hpet(const struct acpi_table *t)
{
	acpi_info.hpet_addr = ((const struct hpet_table *)t)->addr.addr;
}

static const struct {
	char signature[5];
	void (*read)(const struct acpi_table *t);
} readers[] = {
	{ "APIC", read_madt }, { "FACP", read_fadt }, { "HPET", read_hpet },
};

static void read_root(const struct acpi_table *root, unsigned int entry_size)
{
	const u8 *p = (const u8 *)(root + 1), *end = (const u8 *)root + root->length;

	for (; p + entry_size <= end; p += entry_size) {
		phys_addr_t pa = entry_size == 8 ? get64(p) : get32(p);
		const char *sig = phys(pa);

		for (unsigned int i = 0; !(pa >> 32) && i < ARRAY_SIZE(readers); i++) {
			if (memcmp(sig, readers[i].signature, 4))
				continue;
			const struct acpi_table *t = table_at(pa);

			if (t)
				readers[i].read(t);
		}
	}
}

static const struct rsdp *rsdp_at(phys_addr_t pa)
{
	const struct rsdp *r = phys(pa);

	return !memcmp(r->signature, "RSD PTR ", 8) && adds_up(r, 20) ? r : NULL;
}

static const struct rsdp *find_rsdp(phys_addr_t hint)
{
	phys_addr_t ebda = (phys_addr_t)*(const u16 *)phys(0x40e) << 4;
	const struct rsdp *r = hint ? rsdp_at(hint) : NULL;

	for (phys_addr_t pa = ebda; !r && ebda && pa < ebda + 1024; pa += 16)
		r = rsdp_at(pa);
	for (phys_addr_t pa = 0xe0000; !r && pa < 0x100000; pa += 16)
		r = rsdp_at(pa);
	return r;
}

void acpi_init(phys_addr_t hint)
{
	const struct rsdp *r = find_rsdp(hint);
	const struct acpi_table *root = NULL;

	for (unsigned int i = 0; i < ISA_IRQS; i++)
		acpi_info.isa_gsi[i] = i;
	if (!r) {
		pr_warn("ACPI: no tables found: one CPU, no power-off\n");
		return;
	}
	if (r->revision >= 2 && r->xsdt)
		root = table_at(r->xsdt);
	if (root)
		read_root(root, 8);
	else if ((root = table_at(r->rsdt)))
		read_root(root, 4);
}
