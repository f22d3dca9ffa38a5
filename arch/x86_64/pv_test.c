/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What KVM's CPUID leaves are taken for, from machines that are made up. The hypercall
 * itself needs a KVM to run on.
 */
#include <kernel/arch.h>
#include <kernel/selftest.h>
#include <asm/kvm.h>

static struct {
	u32 kvm_base;			/* 0: another hypervisor's signature */
	u32 last, features, hints;
} machine;

static struct cpuid made_up(u32 leaf, u32 subleaf)
{
	if (machine.kvm_base && leaf == machine.kvm_base)
		return (struct cpuid){ machine.last, 0x4b4d564b, 0x564b4d56, 0x4d };
	if (machine.kvm_base && leaf == machine.kvm_base + 1)
		return (struct cpuid){ .a = machine.features, .d = machine.hints };
	/* TCGTCGTCGTCG */
	return (struct cpuid){ 0x40000001, 0x54474354, 0x43544743, 0x47435447 };
}

static unsigned int features_of(bool guest)
{
	struct kvm_leaves kvm = kvm_find(made_up, guest);

	return kvm_pv_features(&kvm);
}

SELFTEST(pv_kvm, its_leaves_say_what_it_can_do)
{
	machine.kvm_base = 0x40000000;
	machine.last = 0x40000001;
	machine.features = machine.hints = 0;
	EXPECT(kvm_find(made_up, true).found);
	EXPECT_EQ(features_of(true), 0);
	machine.features = KVM_FEATURE_PV_UNHALT;
	EXPECT_EQ(features_of(true), ARCH_PV_KICK);
	machine.features |= KVM_FEATURE_STEAL_TIME;
	EXPECT_EQ(features_of(true), ARCH_PV_KICK | ARCH_PV_PREEMPTED);
	machine.hints = KVM_HINTS_REALTIME;
	EXPECT_EQ(features_of(true), ARCH_PV_KICK | ARCH_PV_PREEMPTED | ARCH_PV_DEDICATED);
}

SELFTEST(pv_kvm, it_may_stand_behind_another_and_be_old)
{
	machine.kvm_base = 0x40000100;
	machine.last = 0;
	machine.features = KVM_FEATURE_PV_UNHALT;
	machine.hints = 0;
	EXPECT_EQ(features_of(true), ARCH_PV_KICK);
	machine.last = 0x40000100;
	EXPECT_EQ(features_of(true), 0);
}

SELFTEST(pv_kvm, without_it_nothing_is_offered)
{
	machine.kvm_base = 0x40000000;
	machine.last = 0x40000001;
	machine.features = KVM_FEATURE_PV_UNHALT;
	EXPECT_EQ(features_of(false), 0);
	machine.kvm_base = 0;
	EXPECT(!kvm_find(made_up, true).found);
	EXPECT_EQ(features_of(true), 0);
}
