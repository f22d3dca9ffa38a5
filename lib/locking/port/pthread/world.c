/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pthread world: CPUs that are threads. See world.h.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <locking/port.h>
#include <locking/testing.h>

extern char __start_port_percpu[], __stop_port_percpu[];

__thread unsigned int port_cpu;
__thread long port_offset;
long port_offsets[NR_CPUS];
unsigned int nr_cpu_ids = NR_CPUS;

__thread int port_preempt_count;
__thread enum context port_current_context;
__thread bool port_irqs_off;
__thread bool port_want_resched;

/* So that the section is there without any per-CPU variable. */
static DEFINE_PER_CPU_ALIGNED(long, port_percpu_anchor) __used;

/* Before main(): CPU 0 is the first thread and has the program's own copy, as at boot. */
__attribute__((__constructor__)) static void percpu_init(void)
{
	size_t used = (size_t)(__stop_port_percpu - __start_port_percpu);

	for (unsigned int cpu = 1; cpu < NR_CPUS; cpu++) {
		char *area = aligned_alloc(L1_CACHE_BYTES, ALIGN(used, L1_CACHE_BYTES));

		if (!area)
			abort();
		memcpy(area, __start_port_percpu, used);
		port_offsets[cpu] = area - __start_port_percpu;
	}
}

void cpu_relax(void)
{
	static __thread unsigned int spins;

	barrier();
	if (++spins % 64 == 0)
		sched_yield();
#ifdef __x86_64__
	else
		__builtin_ia32_pause();
#endif
}

static u32 kicks[NR_CPUS];

void port_halt_while(const u32 *p, u32 mask, u32 val)
{
	/* kick/A: pairs with port_kick() */
	u32 seen = smp_load_acquire(&kicks[port_cpu]);

	/* A kick before this load shows what was written before it. */
	if ((READ_ONCE(*p) & mask) != val)
		return;
	/* kick/A: pairs with port_kick() */
	while (smp_load_acquire(&kicks[port_cpu]) == seen)
		sched_yield();
}

void port_kick(unsigned int cpu)
{
	/* kick/A: pairs with port_halt_while() */
	(void)__atomic_fetch_add(&kicks[cpu], 1, __ATOMIC_RELEASE);
}

u64 local_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000ULL + (u64)ts.tv_nsec;
}

/* ---- barriers in pairs ---- */

bool port_has_membarrier;

__attribute__((__constructor__)) static void membarrier_init(void)
{
	port_has_membarrier =
		!syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
}

void port_sync_cpus(void)
{
	smp_mb();
	if (port_has_membarrier)
		syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* ---- contexts ---- */

static __thread struct {
	void (*fn)(void *arg);
	void *arg;
} pending;

static void run_in(enum context ctx, void (*fn)(void *arg), void *arg)
{
	enum context below = port_current_context;

	port_current_context = ctx;
	fn(arg);
	port_current_context = below;
}

void port_interrupt(void (*fn)(void *arg), void *arg)
{
	if (port_irqs_off) {
		pending.fn = fn;
		pending.arg = arg;
		return;
	}
	port_irqs_off = true;
	run_in(CTX_HARDIRQ, fn, arg);
	port_irqs_on();
}

void port_irqs_on(void)
{
	port_irqs_off = false;
	if (pending.fn) {
		void (*fn)(void *arg) = pending.fn;

		pending.fn = NULL;
		port_interrupt(fn, pending.arg);
	}
}

unsigned int test_contexts(void)
{
	return NR_CONTEXTS;
}

bool test_in_context(enum context ctx, void (*fn)(void *arg), void *arg)
{
	if (ctx <= port_current_context && ctx != CTX_TASK)
		return false;
	run_in(ctx, fn, arg);
	return true;
}

void test_want_resched(bool on)
{
	port_want_resched = on;
}

/* ---- reports ---- */

__printf(2, 0) static void say(const char *what, const char *fmt, va_list args)
{
	fprintf(stderr, "%s: CPU %u: ", what, port_cpu);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void port_report(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("report", fmt, args);
	va_end(args);
	abort();
}

void port_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("warning", fmt, args);
	va_end(args);
}

/* ---- threads ---- */

#define BUDGET_NS	(300 * 1000000ULL)

static u64 budget_end;

bool test_budget_over(void)
{
	return local_clock() > READ_ONCE(budget_end);
}

struct member {
	pthread_t thread;
	unsigned int index;
	void (*fn)(unsigned int index, void *arg);
	void *arg;
	pthread_barrier_t *start;
};

static void *run_member(void *data)
{
	struct member *m = data;

	port_cpu = m->index;
	port_offset = port_offsets[m->index];
	port_set_current(m->index);
	pthread_barrier_wait(m->start);
	m->fn(m->index, m->arg);
	return NULL;
}

void test_on_cpus(unsigned int n, void (*fn)(unsigned int index, void *arg), void *arg)
{
	struct member members[NR_CPUS];
	pthread_barrier_t start;

	WRITE_ONCE(budget_end, local_clock() + BUDGET_NS);
	pthread_barrier_init(&start, NULL, n);
	for (unsigned int i = 0; i < n; i++) {
		members[i] = (struct member){ .index = i, .fn = fn, .arg = arg, .start = &start };
		if (pthread_create(&members[i].thread, NULL, run_member, &members[i]))
			port_report("cannot create thread %u", i);
	}
	for (unsigned int i = 0; i < n; i++)
		pthread_join(members[i].thread, NULL);
	pthread_barrier_destroy(&start);
}
