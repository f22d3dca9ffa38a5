# SPDX-License-Identifier: GPL-2.0-only
# No FPU or vector registers in the kernel; atomics are ours, not libgcc's; no
# unaligned accesses (the first code runs with the MMU off).
ARCH_CFLAGS := -march=armv8-a -mgeneral-regs-only -mstrict-align -mcmodel=small -mno-outline-atomics
ARCH_ASFLAGS := -march=armv8-a
ARCH_LDFLAGS := $(if $(CC_IS_CLANG),-m aarch64elf,-m aarch64linux)
