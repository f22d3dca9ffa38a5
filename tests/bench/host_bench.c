/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host-bench: our locks, the C library's and Concurrency Kit's, in one run on the
 * host's hardware.
 *
 *	host-bench [-t MILLISECONDS] [-r REPEATS] [-n THREADS] [-c] [NAME...]
 *
 * Each lock runs with 1, 2 ... THREADS threads (default: twice the CPUs), which take
 * it, add one to a counter and release it. Figures, of the quickest of some repeats:
 *
 *	ns	time per acquisition, over all threads
 *	fair	least / most acquisitions of a thread: 1.00 is fair
 *	cpu	CPU time of all threads per acquisition (with -c)
 *
 * One thread is the uncontended pair; its ns is CPU time, which other work on the host
 * does not lengthen. With more threads than CPUs a FIFO lock waits for threads that do
 * not run; all our spins give way now and then, Concurrency Kit's do not.
 */
#include <locking/lock_ops.h>
#include <locking/port.h>
#include <locking/rt_mutex.h>
#include <locking/rwsem.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ck_spinlock.h>

#define MAX_THREADS	64
#define LOCK_SIZE	256

struct bench_lock {
	const char *name;
	const char *from;
	void (*lock)(void *lock, union any_lock_node *node);
	void (*unlock)(void *lock, union any_lock_node *node);
	void (*init)(void *lock);
};

/* ---- locks that are not of locks.def ---- */

#define LOCK(name_, type, lock_expr, unlock_expr, init_expr)		\
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

LOCK(rt_mutex, struct rt_mutex, rt_mutex_lock(l), rt_mutex_unlock(l), rt_mutex_init(l))
LOCK(rwsem, struct rw_semaphore, down_write(l), up_write(l), init_rwsem(l))
LOCK(pthread_spin, pthread_spinlock_t, pthread_spin_lock(l), pthread_spin_unlock(l),
      pthread_spin_init(l, 0))
LOCK(pthread_mutex, pthread_mutex_t, pthread_mutex_lock(l), pthread_mutex_unlock(l),
      pthread_mutex_init(l, NULL))
LOCK(ck_fas, ck_spinlock_fas_t, ck_spinlock_fas_lock(l), ck_spinlock_fas_unlock(l),
      ck_spinlock_fas_init(l))
LOCK(ck_cas, ck_spinlock_cas_t, ck_spinlock_cas_lock(l), ck_spinlock_cas_unlock(l),
      ck_spinlock_cas_init(l))
LOCK(ck_cas_eb, ck_spinlock_cas_t, ck_spinlock_cas_lock_eb(l), ck_spinlock_cas_unlock(l),
      ck_spinlock_cas_init(l))
LOCK(ck_ticket, ck_spinlock_ticket_t, ck_spinlock_ticket_lock(l), ck_spinlock_ticket_unlock(l),
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
static const struct bench_lock more[] = {
	BENCH(rt_mutex, "ours"), BENCH(rwsem, "ours"),
	BENCH(pthread_spin, "libc"), BENCH(pthread_mutex, "libc"),
	BENCH(ck_fas, "ck"), BENCH(ck_cas, "ck"), BENCH(ck_cas_eb, "ck"),
	BENCH(ck_ticket, "ck"), BENCH(ck_mcs, "ck"),
};

/* ---- the run ---- */

static long run_ms = 100, repeats = 5;

struct contest {
	const struct bench_lock *lock;
	char word[LOCK_SIZE] ____cacheline_aligned;
	unsigned long shared ____cacheline_aligned;
	bool stop ____cacheline_aligned;
	pthread_barrier_t start;
};

struct contestant {
	union any_lock_node node;
	struct contest *c;
	unsigned int index;
	unsigned long count;
	u64 cpu_ns;
	pthread_t thread;
} __aligned(128);

struct figures {
	double ns, fair, cpu;
};

static u64 thread_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (u64)ts.tv_sec * 1000000000ULL + (u64)ts.tv_nsec;
}

static void *compete(void *arg)
{
	struct contestant *me = arg;
	struct contest *c = me->c;
	unsigned long count = 0;
	u64 begin;

	port_cpu = me->index;
	port_offset = port_offsets[me->index];
	port_set_current(me->index);
	pthread_barrier_wait(&c->start);
	begin = thread_ns();
	while (!READ_ONCE(c->stop)) {
		for (int i = 0; i < 16; i++) {
			c->lock->lock(c->word, &me->node);
			c->shared++;
			c->lock->unlock(c->word, &me->node);
			count++;
		}
	}
	me->cpu_ns = thread_ns() - begin;
	me->count = count;
	return NULL;
}

static struct figures run(const struct bench_lock *lock, unsigned int threads)
{
	static struct contest c;
	static struct contestant who[MAX_THREADS];
	unsigned long sum = 0, least = ~0UL, most = 0;
	u64 begin, wall, cpu = 0;

	memset(&c, 0, sizeof(c));
	memset(who, 0, sizeof(who));
	c.lock = lock;
	if (lock->init)
		lock->init(c.word);
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
		cpu += who[i].cpu_ns;
	}
	wall = local_clock() - begin;
	if (c.shared != sum)
		port_report("%s with %u threads: %lu of %lu sections counted", lock->name, threads,
			    c.shared, sum);
	sum = max(sum, 1UL);
	return (struct figures){
		.ns = (double)(threads == 1 ? cpu : wall) / (double)sum,
		.fair = (double)least / (double)max(most, 1UL),
		.cpu = (double)cpu / (double)sum,
	};
}

static void report(const struct bench_lock *lock, unsigned int threads, bool csv)
{
	if (!csv)
		printf("%-14s %-5s", lock->name, lock->from);
	for (unsigned int n = 1; n <= threads; n++) {
		struct figures best = run(lock, n);

		for (long i = 1; i < repeats; i++) {
			struct figures f = run(lock, n);

			if (f.ns < best.ns)
				best = f;
		}
		if (csv)
			printf("%s,%s,%u,%.1f,%.3f,%.1f\n", lock->name, lock->from, n, best.ns,
			       best.fair, best.cpu);
		else
			printf("  %9.1f %4.2f", best.ns, best.fair);
		fflush(stdout);
	}
	if (!csv)
		printf("\n");
}

/* ---- the list of locks ---- */

/* Return: the i-th lock, ours first; one without a name after the last. */
static struct bench_lock nth_lock(size_t i)
{
	size_t n = 0;

	while (all_lock_ops[n])
		n++;
	if (i < n) {
		const struct lock_ops *ops = all_lock_ops[i];

		return (struct bench_lock){ .name = ops->name, .from = "ours", .lock = ops->lock,
					    .unlock = ops->unlock };
	}
	return i - n < ARRAY_SIZE(more) ? more[i - n] : (struct bench_lock){ };
}

static bool is_name(const char *name)
{
	for (size_t i = 0; nth_lock(i).name; i++)
		if (!strcmp(nth_lock(i).name, name))
			return true;
	fprintf(stderr, "host-bench: %s: accepted are:", name);
	for (size_t i = 0; nth_lock(i).name; i++)
		fprintf(stderr, " %s", nth_lock(i).name);
	fprintf(stderr, "\n");
	return false;
}

static bool chosen(const char *name, int n, char **names)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return n == 0;
}

static int usage(void)
{
	fprintf(stderr, "host-bench [-t MILLISECONDS] [-r REPEATS] [-n THREADS] [-c] [NAME...]\n"
		"-t 1 to 60000, -r 1 to 100, -n 1 to %d, -c: comma-separated\n", MAX_THREADS);
	return 2;
}

static void heading(unsigned int threads)
{
	double load[1] = { 0 };

	getloadavg(load, 1);
	printf("%ld CPUs, load average %.1f\n%-14s %-5s", sysconf(_SC_NPROCESSORS_ONLN), load[0],
	       "lock", "from");
	for (unsigned int n = 1; n <= threads; n++)
		printf("  %6u: ns fair", n);
	printf("\n");
}

int main(int argc, char **argv)
{
	long threads = min(2 * sysconf(_SC_NPROCESSORS_ONLN), MAX_THREADS + 0L);
	bool csv = false;
	int opt;

	while ((opt = getopt(argc, argv, "t:r:n:c")) != -1) {
		if (opt == 't')
			run_ms = atol(optarg);
		else if (opt == 'r')
			repeats = atol(optarg);
		else if (opt == 'n')
			threads = atol(optarg);
		else if (opt == 'c')
			csv = true;
		else
			return usage();
	}
	if (run_ms < 1 || run_ms > 60000 || repeats < 1 || repeats > 100 || threads < 1 ||
	    threads > MAX_THREADS)
		return usage();
	for (int i = optind; i < argc; i++)
		if (!is_name(argv[i]))
			return 2;
	if (csv)
		printf("lock,from,threads,ns,fair,cpu\n");
	else
		heading((unsigned int)threads);
	for (size_t i = 0; nth_lock(i).name; i++) {
		struct bench_lock lock = nth_lock(i);

		if (chosen(lock.name, argc - optind, argv + optind))
			report(&lock, (unsigned int)threads, csv);
	}
	return 0;
}
