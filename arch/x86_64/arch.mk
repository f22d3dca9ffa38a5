# SPDX-License-Identifier: GPL-2.0-only
# No FPU or vector registers in the kernel, no red zone (interrupts use the
# stack), code and data in the top 2 GiB.
ARCH_CFLAGS := -m64 -march=x86-64 -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
	-fcf-protection=none
ARCH_ASFLAGS := -m64
ARCH_LDFLAGS := -m elf_x86_64
