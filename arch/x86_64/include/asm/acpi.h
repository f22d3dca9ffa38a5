/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ACPI tables say, as far as this kernel cares.
 */
#ifndef ASM_ACPI_H
#define ASM_ACPI_H

#include <base/types.h>

#define ACPI_MAX_CPUS		256
#define ACPI_MAX_IOAPICS	4
#define ISA_IRQS		16

struct acpi_ioapic {
	u32 addr, gsi_base;
};

struct acpi_info {
	unsigned int nr_cpus;			/* usable; more than ACPI_MAX_CPUS are dropped */
	unsigned int nr_cpus_dropped;
	u32 cpu_apic_id[ACPI_MAX_CPUS];
	phys_addr_t apic_addr;
	unsigned int nr_ioapics;
	struct acpi_ioapic ioapic[ACPI_MAX_IOAPICS];
	u32 isa_gsi[ISA_IRQS];			/* ISA interrupt -> global one */
	u16 isa_flags[ISA_IRQS];		/* polarity and trigger, MADT's form */
	phys_addr_t hpet_addr;			/* 0: none */
	u16 pm1a_control, pm1b_control;		/* ports; 0: none */
	u16 pm_timer;				/* port; 0: none */
	bool has_s5, has_reset;
	u8 s5_type_a, s5_type_b;
	u8 reset_space, reset_value;		/* 0 memory, 1 port */
	u64 reset_addr;
};

/* Filled by acpi_init(), read-only afterwards. */
extern struct acpi_info acpi_info;

/* Boot CPU, first page tables. @rsdp: where the loader says, or 0. */
void acpi_init(phys_addr_t rsdp);

#endif
