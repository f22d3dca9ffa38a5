/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the entry code, kernel/trap_test.c, ask of a machine: trap_test.c in
 * its folder.
 */
#ifndef KERNEL_ARCH_TEST_H
#define KERNEL_ARCH_TEST_H

/* As if an interrupt, which is pending, came just before the halt of arch_cpu_idle().
 * Interrupts are off; return with them on. */
void arch_test_late_halt(void);
/* Fault with a known value in each register, go on. Return: 0 if all are still there. */
unsigned long arch_test_fault_known(void);
/* Loop with known values until *@over is not 0. Return: as above. */
unsigned long arch_test_wait_known(const unsigned long *over);
/* Another value into each register that can be had. */
void arch_test_change_registers(void);

#endif
