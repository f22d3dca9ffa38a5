/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of CPUs, and the three sets that say which CPUs there are.
 *
 *	cpu_possible_mask	found at boot; fixed from then on	arch_smp_probe()
 *	cpu_online_mask		runs and answers interrupts		the CPU itself
 *	cpu_active_mask		takes tasks from the scheduler		the scheduler
 *
 *	active is a subset of online, online of possible; CPUs are numbered from 0
 *	without holes, so possible is 0 .. nr_cpu_ids - 1.
 *
 * cpumask_set_cpu(), _clear_cpu() and the test_and forms are atomic; the rest
 * work word by word, and a set that changes under them is seen in part.
 *
 * Linux:   include/linux/cpumask.h
 * Differs: a mask is 32 bytes and lives on the stack; no cpumask_var_t.
 */
#ifndef KERNEL_CPUMASK_H
#define KERNEL_CPUMASK_H

#include <base/bitmap.h>
#include <base/bits.h>

#ifdef CONFIG_NR_CPUS
#define NR_CPUS		CONFIG_NR_CPUS
#else
#define NR_CPUS		256
#endif

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

/* How many CPU numbers are in use: one more than the last possible CPU. */
extern unsigned int nr_cpu_ids;

extern struct cpumask __cpu_possible_mask, __cpu_online_mask, __cpu_active_mask;
#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)
#define cpu_active_mask		((const struct cpumask *)&__cpu_active_mask)

#define cpumask_bits(mask)	((mask)->bits)
#define CPU_MASK_NONE		((struct cpumask){ { 0 } })
#define CPU_MASK_CPU0		((struct cpumask){ { 1 } })

static inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	const volatile unsigned long *word = &mask->bits[BIT_WORD(cpu)];

	return cpu < NR_CPUS && (*word >> (cpu % BITS_PER_LONG)) & 1;
}

/* Fully ordered, as are all atomic changes here. */
static inline bool cpumask_test_and_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	return __atomic_fetch_or(&mask->bits[BIT_WORD(cpu)], BIT_MASK(cpu), __ATOMIC_SEQ_CST) &
	       BIT_MASK(cpu);
}

static inline bool cpumask_test_and_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	return __atomic_fetch_and(&mask->bits[BIT_WORD(cpu)], ~BIT_MASK(cpu), __ATOMIC_SEQ_CST) &
	       BIT_MASK(cpu);
}

static inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	__atomic_fetch_or(&mask->bits[BIT_WORD(cpu)], BIT_MASK(cpu), __ATOMIC_SEQ_CST);
}

static inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	__atomic_fetch_and(&mask->bits[BIT_WORD(cpu)], ~BIT_MASK(cpu), __ATOMIC_SEQ_CST);
}

/* Not atomic: the mask is the caller's alone. */
static inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	__set_bit(cpu, mask->bits);
}

static inline void __cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	__clear_bit(cpu, mask->bits);
}

static inline void cpumask_clear(struct cpumask *dst)
{
	bitmap_zero(dst->bits, NR_CPUS);
}

/* All CPUs below nr_cpu_ids. */
static inline void cpumask_setall(struct cpumask *dst)
{
	bitmap_zero(dst->bits, NR_CPUS);
	bitmap_set(dst->bits, 0, nr_cpu_ids);
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	bitmap_copy(dst->bits, src->bits, NR_CPUS);
}

/* Return: whether the result has a member. */
static inline bool cpumask_and(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	return bitmap_and(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_andnot(struct cpumask *dst, const struct cpumask *a,
				  const struct cpumask *b)
{
	return bitmap_andnot(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	bitmap_or(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline void cpumask_xor(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	bitmap_xor(dst->bits, a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return bitmap_empty(mask->bits, NR_CPUS);
}

static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_equal(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_subset(a->bits, b->bits, NR_CPUS);
}

static inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return bitmap_intersects(a->bits, b->bits, NR_CPUS);
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return bitmap_weight(mask->bits, NR_CPUS);
}

/* The searches: a value >= nr_cpu_ids means there is none. */
static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return find_first_bit(mask->bits, NR_CPUS);
}

/* After @n; -1 starts at the first. */
static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	return find_next_bit(mask->bits, NR_CPUS, n + 1);
}

static inline unsigned int cpumask_next_zero(int n, const struct cpumask *mask)
{
	return find_next_zero_bit(mask->bits, NR_CPUS, n + 1);
}

static inline unsigned int cpumask_last(const struct cpumask *mask)
{
	return find_last_bit(mask->bits, NR_CPUS);
}

static inline unsigned int cpumask_first_and(const struct cpumask *a, const struct cpumask *b)
{
	return find_first_and_bit(a->bits, b->bits, NR_CPUS);
}

static inline unsigned int cpumask_next_and(int n, const struct cpumask *a,
					    const struct cpumask *b)
{
	return find_next_and_bit(a->bits, b->bits, NR_CPUS, n + 1);
}

static inline unsigned int cpumask_next_andnot(int n, const struct cpumask *a,
					       const struct cpumask *b)
{
	return find_next_andnot_bit(a->bits, b->bits, NR_CPUS, n + 1);
}

/* After @n, and round: from the start when there is none after it. */
static inline unsigned int cpumask_next_wrap(int n, const struct cpumask *mask)
{
	unsigned int cpu = cpumask_next(n, mask);

	return cpu < NR_CPUS ? cpu : cpumask_first(mask);
}

static inline unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int but)
{
	unsigned int cpu = cpumask_first(mask);

	return cpu == but ? cpumask_next(cpu, mask) : cpu;
}

#define cpumask_any(mask)		cpumask_first(mask)
#define cpumask_any_and(a, b)		cpumask_first_and(a, b)

#define for_each_cpu(cpu, mask)						\
	for ((cpu) = cpumask_first(mask); (cpu) < NR_CPUS;		\
	     (cpu) = cpumask_next(cpu, mask))
#define for_each_cpu_and(cpu, a, b)					\
	for ((cpu) = cpumask_first_and(a, b); (cpu) < NR_CPUS;		\
	     (cpu) = cpumask_next_and(cpu, a, b))
#define for_each_cpu_andnot(cpu, a, b)					\
	for ((cpu) = cpumask_next_andnot(-1, a, b); (cpu) < NR_CPUS;	\
	     (cpu) = cpumask_next_andnot(cpu, a, b))
/* All of @mask once, beginning at @start. */
#define for_each_cpu_wrap(cpu, mask, start)				\
	for (unsigned int _left = ((cpu) = cpumask_next_wrap((int)(start) - 1, mask), \
				   cpumask_weight(mask));		\
	     _left && (cpu) < NR_CPUS;					\
	     _left--, (cpu) = cpumask_next_wrap(cpu, mask))
#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)
#define num_active_cpus()	cpumask_weight(cpu_active_mask)
#define cpu_possible(cpu)	cpumask_test_cpu(cpu, cpu_possible_mask)
#define cpu_online(cpu)		cpumask_test_cpu(cpu, cpu_online_mask)
#define cpu_active(cpu)		cpumask_test_cpu(cpu, cpu_active_mask)

/* Also moves nr_cpu_ids. Context: boot CPU, before percpu_init(). */
void set_cpu_possible(unsigned int cpu);
/* Fully ordered. */
void set_cpu_online(unsigned int cpu, bool online);
void set_cpu_active(unsigned int cpu, bool active);

/*
 * The mask that holds just @cpu: 64 rows of one bit each, one bit further in
 * each, read at an offset that brings the bit into the right word.
 */
extern const unsigned long cpu_bit_bitmap[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)];

static inline const struct cpumask *cpumask_of(unsigned int cpu)
{
	const unsigned long *p = cpu_bit_bitmap[1 + cpu % BITS_PER_LONG];

	return (const struct cpumask *)(p - BIT_WORD(cpu));
}

/**
 * cpumask_print() - write a set as a list, "0-3,7"
 * @buf: always terminated; cut short when it does not fit
 * Context: Any.
 * Return: length the whole text has.
 */
int cpumask_print(char *buf, size_t size, const struct cpumask *mask);

/**
 * cpulist_parse() - read a set from a list: "0-3,7", "all", "" for none
 * Context: Any.
 * Return: 0; -EINVAL for what is no list; -ERANGE for a CPU >= nr_cpu_ids.
 */
int cpulist_parse(const char *buf, struct cpumask *dst);

#endif
