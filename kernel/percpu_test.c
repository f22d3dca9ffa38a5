/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Per-CPU variables and objects: own copies, and operations that nothing on the
 * CPU can split.
 */
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/context.h>
#include <kernel/ipi.h>
#include <kernel/mm.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <kernel/selftest.h>
#include <locking/atomic.h>

#include "crew_test.h"

static DEFINE_PER_CPU(u64, own) = 0x1234;
static DEFINE_PER_CPU(u8, bytes[3]);
static DEFINE_PER_CPU_ALIGNED(u32, lonely);
static DEFINE_PER_CPU(u64, count64);
static DEFINE_PER_CPU(u32, count32);
static DEFINE_PER_CPU(u16, count16);
static DEFINE_PER_CPU(u8, count8);

SELFTEST(percpu, each_cpu_has_a_copy_of_its_own)
{
	unsigned int cpu, other;

	for_each_possible_cpu(cpu) {
		EXPECT_EQ(per_cpu(own, cpu), 0x1234);
		EXPECT_EQ(per_cpu(cpu_number, cpu), cpu);
		EXPECT(IS_ALIGNED((uintptr_t)per_cpu_ptr(&lonely, cpu), L1_CACHE_BYTES));
		/* The boot CPU left the linked image, too. */
		EXPECT(per_cpu_ptr(&own, cpu) != &own);
	}
	for_each_possible_cpu(cpu) {
		per_cpu(own, cpu) = cpu;
		memset(per_cpu(bytes, cpu), cpu + 1, sizeof(bytes));
	}
	for_each_possible_cpu(cpu) {
		other = cpumask_next_wrap(cpu, cpu_possible_mask);
		EXPECT_EQ(per_cpu(own, cpu), cpu);
		EXPECT_EQ(per_cpu(bytes, cpu)[2], (u8)(cpu + 1));
		EXPECT(cpu == other || per_cpu_ptr(&own, cpu) != per_cpu_ptr(&own, other));
		per_cpu(own, cpu) = 0x1234;
	}
	EXPECT_EQ(own, 0x1234);
}

static void who_am_i(unsigned int index, void *arg)
{
	struct selftest *t = arg;
	unsigned int cpu = get_cpu();

	EXPECT(cpu_online(cpu));
	EXPECT_EQ(this_cpu_read(cpu_number), cpu);
	EXPECT(this_cpu_ptr(&own) == per_cpu_ptr(&own, cpu));
	EXPECT_EQ(*this_cpu_ptr(&cpu_number), raw_smp_processor_id());
	put_cpu();
}

SELFTEST(percpu, this_cpu_is_the_cpu_that_runs)
{
	crew_run(who_am_i, t);
}

SELFTEST(percpu, operations_do_what_they_say)
{
	u64 seen;

	preempt_disable();
	this_cpu_write(own, 5);
	EXPECT_EQ(this_cpu_read(own), 5);
	this_cpu_add(own, 10);
	this_cpu_sub(own, 3);
	this_cpu_inc(own);
	this_cpu_dec(own);
	EXPECT_EQ(__this_cpu_read(own), 12);
	EXPECT_EQ(this_cpu_add_return(own, 8), 20);
	EXPECT_EQ(this_cpu_inc_return(own), 21);
	EXPECT_EQ(this_cpu_dec_return(own), 20);
	this_cpu_or(own, 0x43);
	EXPECT_EQ(this_cpu_read(own), 0x57);
	this_cpu_and(own, 0xf0);
	EXPECT_EQ(this_cpu_xchg(own, 9), 0x50);
	EXPECT_EQ(this_cpu_cmpxchg(own, 8, 1), 9);
	EXPECT_EQ(this_cpu_cmpxchg(own, 9, 1), 9);
	seen = 2;
	EXPECT(!this_cpu_try_cmpxchg(own, &seen, 3));
	EXPECT_EQ(seen, 1);
	EXPECT(this_cpu_try_cmpxchg(own, &seen, 3));
	__this_cpu_add(own, 4);
	__this_cpu_or(own, 8);
	EXPECT_EQ(*this_cpu_ptr(&own), 15);
	this_cpu_write(bytes[0], 0xff);
	this_cpu_write(bytes[1], 0xff);
	this_cpu_write(bytes[2], 7);
	this_cpu_inc(bytes[1]);			/* no carry into its neighbour */
	EXPECT_EQ(this_cpu_read(bytes[0]), 0xff);
	EXPECT_EQ(this_cpu_read(bytes[1]), 0);
	EXPECT_EQ(this_cpu_read(bytes[2]), 7);
	this_cpu_write(own, 0x1234);
	preempt_enable();
}

static void count_one(void *unused)
{
	this_cpu_inc(count64);
	this_cpu_inc(count32);
	this_cpu_inc(count16);
	this_cpu_add(count8, 1);
}

struct count_call {
	call_single_data_t csd;		/* free again before its function has run */
	u32 counted;			/* by the function, last */
};
static DEFINE_PER_CPU(struct count_call, count_calls);

static void count_in_hardirq(void *arg)
{
	struct count_call *call = arg;

	count_one(NULL);
	smp_store_release(&call->counted, 1);
}

/* Count in task context while the neighbour's calls count in hardirq context. */
static void count_both_ways(unsigned int index, void *arg)
{
	unsigned int here = raw_smp_processor_id();
	unsigned int next = cpumask_next_wrap(here, cpu_online_mask);
	struct count_call *call = per_cpu_ptr(&count_calls, here);
	atomic_t *total = arg;

	for (unsigned int round = 0; round < 50; round++) {
		call->counted = 0;
		INIT_CSD(&call->csd, count_in_hardirq, call);
		smp_call_function_single_async(next, &call->csd);
		for (unsigned int i = 0; i < 200; i++)
			count_one(NULL);
		smp_cond_load_acquire(&call->counted, VAL);
		atomic_add(201, total);
		if (crew_time_over())
			break;
	}
}

SELFTEST(percpu, interrupts_do_not_split_an_operation, .timeout_ms = 30000)
{
	u64 sum64 = 0;
	u32 sum32 = 0;
	u16 sum16 = 0;
	u8 sum8 = 0;
	atomic_t total = ATOMIC_INIT(0);
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(count64, cpu) = per_cpu(count32, cpu) = 0;
		per_cpu(count16, cpu) = per_cpu(count8, cpu) = 0;
	}
	crew_run(count_both_ways, &total);
	for_each_possible_cpu(cpu) {
		sum64 += per_cpu(count64, cpu);
		sum32 += per_cpu(count32, cpu);
		sum16 += per_cpu(count16, cpu);
		sum8 += per_cpu(count8, cpu);
	}
	EXPECT(atomic_read(&total) >= 201 * (int)num_online_cpus());
	EXPECT_EQ(sum64, (u64)atomic_read(&total));
	EXPECT_EQ(sum32, (u32)atomic_read(&total));
	EXPECT_EQ(sum16, (u16)atomic_read(&total));
	EXPECT_EQ(sum8, (u8)atomic_read(&total));
}

struct thing {
	u64 a, b;
	u8 c;
};

SELFTEST(percpu, dynamic_objects_are_zero_and_distinct)
{
	struct thing *first = alloc_percpu(struct thing), *second = alloc_percpu(struct thing);
	u8 *line = __alloc_percpu(1, 64);
	unsigned int cpu;

	if (!EXPECT(first && second && line))
		return;
	for_each_possible_cpu(cpu) {
		struct thing *p = per_cpu_ptr(first, cpu);

		EXPECT(!memchr_inv(p, 0, sizeof(*p)));
		EXPECT(IS_ALIGNED((uintptr_t)p, __alignof__(*p)));
		EXPECT(IS_ALIGNED((uintptr_t)per_cpu_ptr(line, cpu), 64));
		memset(p, 0xff, sizeof(*p));
		EXPECT(!memchr_inv(per_cpu_ptr(second, cpu), 0, sizeof(*p)));
		memset(per_cpu_ptr(second, cpu), 0xee, sizeof(*p));
		EXPECT(!memchr_inv(p, 0xff, sizeof(*p)));
	}
	free_percpu(first);
	free_percpu(second);
	free_percpu(line);
	first = alloc_percpu(struct thing);
	for_each_possible_cpu(cpu)
		EXPECT(!first || !memchr_inv(per_cpu_ptr(first, cpu), 0, sizeof(*first)));
	free_percpu(first);
}

SELFTEST(percpu, the_reserve_is_refused_when_used_up_and_comes_back)
{
	enum { PIECE = 1000, MAX = PERCPU_DYNAMIC_RESERVE / PIECE + 1 };
	struct percpu_stats before, after;
	void *piece[MAX];
	unsigned int n = 0;

	percpu_stats(&before);
	while (n < MAX && (piece[n] = __alloc_percpu(PIECE, 8)))
		n++;
	EXPECT(n > 0 && n < MAX);
	for (unsigned int i = 0; i < n; i += 2)
		free_percpu(piece[i]);
	for (unsigned int i = 1; i < n; i += 2)
		free_percpu(piece[i]);
	percpu_stats(&after);
	EXPECT_EQ(after.dynamic_used, before.dynamic_used);
	piece[0] = __alloc_percpu(4 * PIECE, 8);	/* the pieces joined again */
	EXPECT(piece[0] != NULL);
	free_percpu(piece[0]);
}
