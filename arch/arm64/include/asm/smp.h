/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs by number, and PSCI, the firmware that starts and stops them.
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

#include <base/types.h>

/* The CPU's affinity fields, as MPIDR_EL1 has them. */
u64 smp_mpidr(unsigned int cpu);

#define PSCI_CPU_ON		0xc4000003
#define PSCI_SYSTEM_OFF		0x84000008
#define PSCI_SYSTEM_RESET	0x84000009

#define PSCI_NOT_SUPPORTED	(-1)

/* How the device tree says that the firmware is called: "HVC" or "SMC"; NULL: it does not. */
const char *psci_method(void);
/* Call it that way. Return: what it returns; PSCI_NOT_SUPPORTED where there is no way. */
s64 psci_call(u32 function, u64 a, u64 b, u64 c);

#endif
