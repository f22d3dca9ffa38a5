/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between smp.c and ap.S.
 */
#ifndef ASM_SMP_H
#define ASM_SMP_H

#include <base/compiler.h>
#include <base/types.h>

/* In the trampoline page; the offsets become addresses when it is copied. */
struct ap_params {
	u16 gdt_limit;
	u32 gdt_base;
	u16 pad;
	u32 entry_offset;
	u16 entry_selector;
} __packed;

extern char ap_trampoline[], ap_trampoline_end[], ap_params[];

/* Boot CPU, before the page allocator: keep a page below 1 MiB. */
void smp_early_init(void);
__noreturn void ap_main(unsigned int cpu);

#endif
