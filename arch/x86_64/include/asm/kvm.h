/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What KVM tells its guests in CPUID leaves from 0x40000000 on.
 *
 *	base		eax: the last leaf (0 means base + 1); ebx, ecx, edx: the signature
 *	base + 1	eax: features; edx: hints
 *
 * Several hypervisors may show themselves, each at a base of its own, 0x100 apart.
 *
 * Linux: arch/x86/include/uapi/asm/kvm_para.h
 */
#ifndef ASM_KVM_H
#define ASM_KVM_H

#include <asm/cpu.h>

#define KVM_FEATURE_STEAL_TIME	(1U << 5)
#define KVM_FEATURE_PV_UNHALT	(1U << 7)
#define KVM_HINTS_REALTIME	(1U << 0)

struct kvm_leaves {
	bool found;
	u32 features, hints;
};

/* @read: cpuid(), or a test's; @guest: CPUID says that there is a hypervisor. */
struct kvm_leaves kvm_find(struct cpuid (*read)(u32 leaf, u32 subleaf), bool guest);
/* The same as ARCH_PV_*. */
unsigned int kvm_pv_features(const struct kvm_leaves *kvm);

/* EACH CPU: where KVM says whether it runs. */
void kvm_cpu_init(void);

#endif
