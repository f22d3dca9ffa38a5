/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-bench: our spinlocks, the C library's and Concurrency Kit's, in one run on
 * the host's hardware.
 *
 *	host-bench [-t MILLISECONDS] [-n THREADS] [-c] [NAME...]
 *
 * Each lock runs with 1, 2 ... THREADS threads (default: twice the CPUs), each of
 * which takes it, works a little, releases it and works a little. A figure is:
 *
 *	ns	time per acquisition, over all threads
 *	fair	least / most acquisitions of a thread: 1.00 is fair
 *
 * With more threads than CPUs a FIFO lock waits for threads that do not run; all
 * spins give way now and then, Concurrency Kit's do not.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ck_spinlock.h>
#include <locking/lock_ops.h>
#include <locking/port.h>

#define MAX_THREADS	64

struct bench_lock {
	const char *name;
	const char *from;
	void (*lock)(void *lock, union any_lock_node *node);
	void (*unlock)(void *lock, union any_lock_node *node);
	void (*init)(void *lock);
};

/* ---- others' locks ---- */

#define OTHER(name_, type, lock_expr, unlock_expr, init_expr)		\
	static void bench_##name_##_lock(void *p, union any_lock_node *node __maybe_unused) \
	{								\
		type *l = p;						\
		lock_expr;						\
	}								\
	static void bench_##name_##_unlock(void *p, union any_lock_node *node __maybe_unused) \
	{								\
		type *l = p;						\
		unlock_expr;						\
	}								\
	static void bench_##name_##_init(void *p)				\
	{								\
		type *l = p;						\
		init_expr;						\
	}

OTHER(pthread_spin, pthread_spinlock_t, pthread_spin_lock(l), pthread_spin_unlock(l),
      pthread_spin_init(l, 0))
OTHER(pthread_mutex, pthread_mutex_t, pthread_mutex_lock(l), pthread_mutex_unlock(l),
      pthread_mutex_init(l, NULL))
OTHER(ck_fas, ck_spinlock_fas_t, ck_spinlock_fas_lock(l), ck_spinlock_fas_unlock(l),
      ck_spinlock_fas_init(l))
OTHER(ck_cas, ck_spinlock_cas_t, ck_spinlock_cas_lock(l), ck_spinlock_cas_unlock(l),
      ck_spinlock_cas_init(l))
OTHER(ck_cas_eb, ck_spinlock_cas_t, ck_spinlock_cas_lock_eb(l), ck_spinlock_cas_unlock(l),
      ck_spinlock_cas_init(l))
OTHER(ck_ticket, ck_spinlock_ticket_t, ck_spinlock_ticket_lock(l), ck_spinlock_ticket_unlock(l),
      ck_spinlock_ticket_init(l))

struct ck_mcs {
	ck_spinlock_mcs_t queue;
};

static void bench_ck_mcs_lock(void *p, union any_lock_node *node)
{
	ck_spinlock_mcs_lock(&((struct ck_mcs *)p)->queue, (struct ck_spinlock_mcs *)node);
}

static void bench_ck_mcs_unlock(void *p, union any_lock_node *node)
{
	ck_spinlock_mcs_unlock(&((struct ck_mcs *)p)->queue, (struct ck_spinlock_mcs *)node);
}

static void bench_ck_mcs_init(void *p)
{
	ck_spinlock_mcs_init(&((struct ck_mcs *)p)->queue);
}

#define BENCH(name_, from_) \
	{ .name = #name_, .from = from_, .lock = bench_##name_##_lock, \
	  .unlock = bench_##name_##_unlock, .init = bench_##name_##_init }
static const struct bench_lock others[] = {
	BENCH(pthread_spin, "libc"), BENCH(pthread_mutex, "libc"),
	BENCH(ck_fas, "ck"), BENCH(ck_cas, "ck"), BENCH(ck_cas_eb, "ck"),
	BENCH(ck_ticket, "ck"), BENCH(ck_mcs, "ck"),
};

/* ---- the run ---- */

static long run_ms = 200;

struct contest {
	const struct bench_lock *lock;
	union any_lock word;
	unsigned long shared __aligned(L1_CACHE_BYTES);
	bool stop __aligned(L1_CACHE_BYTES);
	pthread_barrier_t start;
};

struct contestant {
	union any_lock_node node;
	struct contest *c;
	unsigned int index;
	unsigned long count;
	pthread_t thread;
} __aligned(128);

static void *compete(void *arg)
{
	struct contestant *me = arg;
	struct contest *c = me->c;
	unsigned long count = 0;

	port_cpu = me->index;
	port_offset = port_offsets[me->index];
	pthread_barrier_wait(&c->start);
	while (!READ_ONCE(c->stop)) {
		for (int i = 0; i < 16; i++) {
			c->lock->lock(&c->word, &me->node);
			c->shared++;
			c->lock->unlock(&c->word, &me->node);
			count++;
		}
	}
	me->count = count;
	return NULL;
}

static void run(const struct bench_lock *lock, unsigned int threads, double *ns, double *fair)
{
	static struct contest c;
	static struct contestant who[MAX_THREADS];
	unsigned long sum = 0, least = ~0UL, most = 0;
	u64 begin;

	memset(&c, 0, sizeof(c));
	memset(who, 0, sizeof(who));
	c.lock = lock;
	if (lock->init)
		lock->init(&c.word);
	pthread_barrier_init(&c.start, NULL, threads + 1);
	for (unsigned int i = 0; i < threads; i++) {
		who[i].c = &c;
		who[i].index = i;
		if (pthread_create(&who[i].thread, NULL, compete, &who[i]))
			port_report("cannot create thread %u", i);
	}
	pthread_barrier_wait(&c.start);
	begin = local_clock();
	usleep((useconds_t)run_ms * 1000);
	WRITE_ONCE(c.stop, true);
	for (unsigned int i = 0; i < threads; i++) {
		pthread_join(who[i].thread, NULL);
		sum += who[i].count;
		least = min(least, who[i].count);
		most = max(most, who[i].count);
	}
	*ns = (double)(local_clock() - begin) / (double)max(sum, 1UL);
	*fair = (double)least / (double)max(most, 1UL);
	if (c.shared != sum)
		port_report("%s with %u threads: %lu of %lu sections counted", lock->name, threads,
			    c.shared, sum);
}

static bool chosen(const char *name, int n, char **names)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return n == 0;
}

static void report(const struct bench_lock *lock, unsigned int threads, bool csv)
{
	if (!csv)
		printf("%-14s %-5s", lock->name, lock->from);
	for (unsigned int n = 1; n <= threads; n++) {
		double ns, fair;

		/* A warm-up decides nothing but the clock's frequency. */
		run(lock, n, &ns, &fair);
		run(lock, n, &ns, &fair);
		if (csv)
			printf("%s,%s,%u,%.1f,%.3f\n", lock->name, lock->from, n, ns, fair);
		else
			printf("  %9.1f %4.2f", ns, fair);
		fflush(stdout);
	}
	if (!csv)
		printf("\n");
}

int main(int argc, char **argv)
{
	unsigned int cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	unsigned int threads = min(2 * cpus, MAX_THREADS + 0U);
	bool csv = false;
	int opt;

	while ((opt = getopt(argc, argv, "t:n:c")) != -1) {
		if (opt == 't')
			run_ms = atol(optarg);
		else if (opt == 'n')
			threads = (unsigned int)atoi(optarg);
		else if (opt == 'c')
			csv = true;
		else
			return 2;
	}
	if (run_ms < 1 || threads < 1 || threads > MAX_THREADS) {
		fprintf(stderr, "-t at least 1, -n 1 to %d\n", MAX_THREADS);
		return 2;
	}
	if (csv)
		printf("lock,from,threads,ns,fair\n");
	else
		printf("%-14s %-5s", "lock", "from");
	for (unsigned int n = 1; !csv && n <= threads; n++)
		printf("  %6u: ns fair", n);
	if (!csv)
		printf("\n");
	for (int i = 0; all_lock_ops[i]; i++) {
		const struct lock_ops *ops = all_lock_ops[i];
		struct bench_lock lock = {
			.name = ops->name, .from = "ours", .lock = ops->lock, .unlock = ops->unlock,
		};

		if (chosen(ops->name, argc - optind, argv + optind))
			report(&lock, threads, csv);
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (chosen(others[i].name, argc - optind, argv + optind))
			report(&others[i], threads, csv);
	return 0;
}
