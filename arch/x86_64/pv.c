/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks for CPUs that a host schedules: what KVM offers, and the patching of unlocks.
 *
 *	leaves		what CPUID said		written by arch_pv_features(), first call
 *	steal_time	per CPU, shared with KVM: .preempted is written by KVM when it
 *			puts the CPU aside, and when it lets it run again
 *
 * KVM remembers a kick that comes before the halt: hlt returns at once then. So the
 * kicker need not know whether the CPU halts, as it must where a kick is an NMI.
 *
 * Linux:   arch/x86/kernel/kvm.c, arch/x86/kernel/alternative.c
 * Differs: nothing else of what KVM offers is used.
 */
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <locking/pv_lock_ops.h>
#include <asm/kvm.h>

static_assert(offsetof(struct pv_lock_ops, queued_spin_unlock) == 8, "pv_unlock.S uses 8");

/* ---- what KVM says ---- */

#define HYPERVISOR_FIRST	0x40000000
#define HYPERVISOR_LAST		0x40010000
#define HYPERVISOR_STEP		0x100

struct kvm_leaves kvm_find(struct cpuid (*read)(u32 leaf, u32 subleaf), bool guest)
{
	struct kvm_leaves kvm = { };

	for (u32 base = HYPERVISOR_FIRST; guest && base < HYPERVISOR_LAST; base += HYPERVISOR_STEP) {
		struct cpuid c = read(base, 0);

		if (c.b != 0x4b4d564b || c.c != 0x564b4d56 || c.d != 0x4d)	/* KVMKVMKVM */
			continue;
		if (c.a && c.a < base + 1)
			break;
		c = read(base + 1, 0);
		kvm = (struct kvm_leaves){ .found = true, .features = c.a, .hints = c.d };
		break;
	}
	return kvm;
}

unsigned int kvm_pv_features(const struct kvm_leaves *kvm)
{
	return (kvm->features & KVM_FEATURE_PV_UNHALT ? ARCH_PV_KICK : 0) |
	       (kvm->features & KVM_FEATURE_STEAL_TIME ? ARCH_PV_PREEMPTED : 0) |
	       (kvm->hints & KVM_HINTS_REALTIME ? ARCH_PV_DEDICATED : 0);
}

unsigned int arch_pv_features(void)
{
	static struct kvm_leaves leaves;
	static bool asked;

	if (!asked)
		leaves = kvm_find(cpuid, arch_virtual_machine());
	asked = true;
	return kvm_pv_features(&leaves);
}

/* ---- what KVM does ---- */

#define KVM_HC_KICK_CPU		5
#define MSR_KVM_STEAL_TIME	0x4b564d03
#define STEAL_TIME_ENABLED	1
#define STEAL_TIME_PREEMPTED	1

/* Each vendor has an instruction of its own; the other's faults. */
static bool is_amd(void)
{
	u32 b = cpuid(0, 0).b;

	return b == 0x68747541 || b == 0x6f677948;	/* Auth(enticAMD), Hygo(nGenuine) */
}

void arch_pv_kick(unsigned int cpu)
{
	unsigned long ret = KVM_HC_KICK_CPU, flags = 0, apic_id = arch_cpu_hwid(cpu);

	if (is_amd())
		__asm__ __volatile__("vmmcall" : "+a"(ret) : "b"(flags), "c"(apic_id) : "memory");
	else
		__asm__ __volatile__("vmcall" : "+a"(ret) : "b"(flags), "c"(apic_id) : "memory");
}

struct kvm_steal_time {
	u64 steal;
	u32 version;
	u32 flags;
	u8 preempted;
	u8 reserved[47];
};
static_assert(sizeof(struct kvm_steal_time) == 64, "KVM's layout");

static DEFINE_PER_CPU_ALIGNED(struct kvm_steal_time, steal_time);

bool arch_vcpu_is_preempted(unsigned int cpu)
{
	return READ_ONCE(per_cpu_ptr(&steal_time, cpu)->preempted) & STEAL_TIME_PREEMPTED;
}

void kvm_cpu_init(void)
{
	if (arch_pv_features() & ARCH_PV_PREEMPTED)
		wrmsr(MSR_KVM_STEAL_TIME,
		      virt_to_phys(this_cpu_ptr(&steal_time)) | STEAL_TIME_ENABLED);
}

/* ---- patching ---- */

#define STORE_BYTES	5
#define OP_CALL		0xe8

extern const unsigned long __start_unlock_sites[], __stop_unlock_sites[];
extern const char pv_unlock_thunk[];

unsigned int arch_patch_unlock(void)
{
	static const u8 store[STORE_BYTES] = { 0x3e, 0xc6, 0x47, 0x00, 0x00 };
	unsigned int count = 0;

	for (const unsigned long *site = __start_unlock_sites; site < __stop_unlock_sites; site++) {
		s32 distance = (s32)((unsigned long)pv_unlock_thunk - (*site + STORE_BYTES));
		u8 *insn = (u8 *)*site;

		if (__builtin_memcmp(insn, store, STORE_BYTES))
			panic("no unlock to be patched at %pS", (void *)insn);
		insn[0] = OP_CALL;
		__builtin_memcpy(insn + 1, &distance, sizeof(distance));
		count++;
	}
	/* Serializing: what was fetched before is fetched again. */
	(void)cpuid(0, 0);
	return count;
}
