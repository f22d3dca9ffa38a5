/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64 memory barriers. The architecture is weakly ordered and other-multi-copy
 * atomic: every pair of accesses to different places may be seen reordered
 * unless a dependency, an acquire/release or a barrier forbids it.
 *
 * Linux:   arch/arm64/include/asm/barrier.h
 */
#ifndef ASM_BARRIER_H
#define ASM_BARRIER_H

#include <base/compiler.h>
#include <asm/cpu.h>

#define __smp_mb()	__asm__ __volatile__("dmb ish" ::: "memory")
#define __smp_rmb()	__asm__ __volatile__("dmb ishld" ::: "memory")
#define __smp_wmb()	__asm__ __volatile__("dmb ishst" ::: "memory")

/* For devices. DSB: a DMB orders, and does not wait until a device has it; SY: outside ISH. */
#define mb()	__asm__ __volatile__("dsb sy" ::: "memory")
#define rmb()	__asm__ __volatile__("dsb ld" ::: "memory")
#define wmb()	__asm__ __volatile__("dsb st" ::: "memory")

#define __smp_mb__before_atomic()	__smp_mb()
#define __smp_mb__after_atomic()	__smp_mb()

/* ldar, stlr. RCsc: an ldar does not pass an earlier stlr. */
#define __smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define __smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)

/*
 * arch_cmpwait(): wait until *p may have changed from @seen; may return early. A load-exclusive
 * arms the monitor, the writer's store clears it, and that is an event: wfe
 * sleeps till then, or till the next event of the timer's stream (timer.c).
 * sevl makes the first wfe fall through, which takes away the event of before.
 */
#define __ARCH_CMPWAIT(suffix, reg, p, seen)				\
	({								\
		unsigned long _tmp;					\
		__asm__ __volatile__(					\
		"	sevl\n"						\
		"	wfe\n"						\
		"	ldxr" suffix "	%" reg "0, %1\n"		\
		"	eor	%" reg "0, %" reg "0, %" reg "2\n"	\
		"	cbnz	%" reg "0, 1f\n"			\
		"	wfe\n"						\
		"1:"							\
		: "=&r" (_tmp) : "Q" (*(p)), "r" ((unsigned long)(seen)) : "memory"); \
	})

#define arch_cmpwait(p, seen)						\
	do {								\
		switch (sizeof(*(p))) {					\
		case 1:							\
			__ARCH_CMPWAIT("b", "w", p, (u8)(unsigned long)(seen)); \
			break;						\
		case 2:							\
			__ARCH_CMPWAIT("h", "w", p, (u16)(unsigned long)(seen)); \
			break;						\
		case 4:							\
			__ARCH_CMPWAIT("", "w", p, (u32)(unsigned long)(seen)); \
			break;						\
		default:						\
			__ARCH_CMPWAIT("", "x", p, seen);		\
		}							\
	} while (0)

#endif
