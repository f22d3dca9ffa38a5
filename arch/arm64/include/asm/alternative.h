/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Alternatives: code that is patched once, at boot, for what the CPU has.
 *
 *	ALTERNATIVE(feature, "default", "replacement")
 *
 * The default is assembled in place, the replacement into a table beside it, the
 * same number of bytes, without branches. alternatives_apply() copies it over
 * the default when the feature is there, before any other CPU runs.
 *
 * Linux: arch/arm64/include/asm/alternative.h
 */
#ifndef ASM_ALTERNATIVE_H
#define ASM_ALTERNATIVE_H

#define ALT_LSE		0	/* single-instruction atomics, Armv8.1 */
#define ALT_PMR		1	/* interrupts masked by GIC priority: pseudo-NMI */
#define NR_ALTS		2

#ifndef __ASSEMBLER__

#include <base/compiler.h>
#include <base/types.h>

/* What the linker collects in the table: as written by ALTERNATIVE(). */
struct alt_entry {
	u64 insn;		/* address of the default */
	u32 feature;
	u32 bytes;
	u32 replacement[];	/* bytes / 4 instructions, padded to 8 bytes */
};

#define ALTERNATIVE(feature, normal, replacement)			\
	"661:\n\t" normal "\n662:\n\t"					\
	".pushsection .alternatives, \"a\"\n\t"				\
	".balign 8\n\t.quad 661b\n\t.word " __stringify(feature) "\n\t"	\
	".word 664f - 663f\n"						\
	"663:\n\t" replacement "\n664:\n\t"				\
	/* Backwards is refused: the two must have one length. */	\
	".org . - (664b - 663b) + (662b - 661b)\n\t"			\
	".org . - (662b - 661b) + (664b - 663b)\n\t"			\
	".popsection\n\t"

/* Which features the CPUs have and the boot parameters allow: bit per ALT_*. */
extern u32 alternatives_on;

void alternatives_apply(u32 features);
/* After the priority mask is closed, on each CPU. */
void open_pstate(void);

#endif
#endif
