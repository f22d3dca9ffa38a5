/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler makes of the locks and of READ_ONCE(). scripts/check-codegen
 * compiles this with the kernel's flags and reads the disassembly; the lines above
 * a function say what must be there, on x86_64 and on arm64 (with LSE):
 *
 *	insns	instructions on the shortest way through, which is the uncontended one,
 *		less the frame and the return
 *	rmw	atomic read-modify-writes among them
 *	word	accesses to the variable "word" in the whole function
 *	loops	jumps backwards in the whole function
 *
 * The semaphore's two are not inline and counted through their calls. The wound/wait mutex's
 * shortest way is that of -EALREADY, which no reading of code tells from a success: what it
 * executes is counted by scripts/bench-locks only.
 *
 * The limits of the pairs are what Linux 6.1 executes, calls included (full preemption, no
 * debugging), less the four (irqsave: five) of the loop in which that was counted.
 */
#include <locking/bitops.h>
#include <locking/mutex.h>
#include <locking/mutex_v4.h>
#include <locking/rt_mutex.h>
#include <locking/percpu_rwsem.h>
#include <locking/rwlock.h>
#include <locking/rwsem.h>
#include <locking/semaphore.h>
#include <locking/seqlock.h>
#include <locking/spinlock.h>
#include <locking/tas.h>
#include <locking/ticket.h>
#include <locking/../../spin/qspinlock_slowpath.h>

/* codegen calls: lib/locking/sleep/semaphore.c */

int word;
static raw_spinlock_t raw;
static rwlock_t rw;
static struct mutex mutex;
static struct mutex_v4 mutex_v4;
static struct rt_mutex rtm;
static seqlock_t seq;
static struct rw_semaphore rwsem;
static struct percpu_rw_semaphore percpu_rwsem;
static struct semaphore semaphore;
static atomic_t counter;
static unsigned long bits;
static DEFINE_PER_CPU(unsigned long, per_cpu_word);

void pair_raw_spin(void);
void pair_irqsave(void);
void pair_ticket(struct ticket_spinlock *lock);
void pair_tas(struct tas_spinlock *lock);
void pair_read(void);
void pair_write(void);
void pair_mutex(void);
void pair_mutex_v4(void);
void pair_rt_mutex(void);
void pair_semaphore(void);
int seq_read(const seqlock_t *lock, const int *data);
void seq_write(void);
void one_inc(atomic_t *v);
void one_this_cpu_inc(void);
bool one_dec_and_test(void);
bool one_test_and_set_bit(void);
void queued_unlock(struct qspinlock *lock);
u32 queued_set_pending(struct qspinlock *lock);
int two_plain_loads(void);
int two_marked_loads(void);
void two_plain_stores(void);
void two_marked_stores(void);
void wait_plain(void);
void wait_marked(void);

/* codegen: insns <= 11, rmw == 1 */
/* codegen arm64: insns <= 23, rmw == 1 */
void pair_raw_spin(void)
{
	raw_spin_lock(&raw);
	raw_spin_unlock(&raw);
}

/* codegen: insns <= 20, rmw == 1 */
/* codegen arm64: insns <= 38, rmw == 1 */
void pair_irqsave(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&raw, flags);
	raw_spin_unlock_irqrestore(&raw, flags);
}

/* codegen: insns <= 7, rmw == 1 */
/* codegen arm64: insns <= 16, rmw == 1 */
void pair_ticket(struct ticket_spinlock *lock)
{
	ticket_spin_lock(lock);
	ticket_spin_unlock(lock);
}

/* codegen: insns <= 4, rmw == 1 */
/* codegen arm64: insns <= 14, rmw == 1 */
void pair_tas(struct tas_spinlock *lock)
{
	tas_spin_lock(lock);
	tas_spin_unlock(lock);
}

/* codegen: insns <= 11, rmw == 2 */
/* codegen arm64: insns <= 22, rmw == 2 */
void pair_read(void)
{
	read_lock(&rw);
	read_unlock(&rw);
}

/* codegen: insns <= 10, rmw == 1 */
/* codegen arm64: insns <= 23, rmw == 1 */
void pair_write(void)
{
	write_lock(&rw);
	write_unlock(&rw);
}

/* codegen: insns <= 10, rmw == 2 */
/* codegen arm64: insns <= 19, rmw == 2 */
void pair_mutex(void)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
}

/* Not in Linux any more; the two stores are what it has above the one that is. */
/* codegen: insns <= 11, rmw == 2 */
/* codegen arm64: insns <= 19, rmw == 2 */
void pair_mutex_v4(void)
{
	mutex_v4_lock(&mutex_v4);
	mutex_v4_unlock(&mutex_v4);
}

/* codegen: insns <= 10, rmw == 2 */
/* codegen arm64: insns <= 36, rmw == 2 */
void pair_rt_mutex(void)
{
	rt_mutex_lock(&rtm);
	rt_mutex_unlock(&rtm);
}

/* codegen: insns <= 76, rmw == 2 */
/* codegen arm64: insns <= 119, rmw == 2 */
void pair_semaphore(void)
{
	down(&semaphore);
	up(&semaphore);
}

/* codegen: insns <= 28, rmw == 2 */
/* codegen arm64: insns <= 62, rmw == 2 */
void pair_down_read(void)
{
	down_read(&rwsem);
	up_read(&rwsem);
}

/* codegen: insns <= 19, rmw == 2 */
/* codegen arm64: insns <= 52, rmw == 2 */
void pair_down_write(void)
{
	down_write(&rwsem);
	up_write(&rwsem);
}

/*
 * No atomic, and nothing that another CPU writes but the flag it reads. On arm64 two, since
 * this_cpu_inc() is one there, to a line of this CPU's own.
 */
/* codegen: insns <= 17, rmw == 0 */
/* codegen arm64: insns <= 48, rmw == 2 */
void pair_percpu_down_read(void)
{
	percpu_down_read(&percpu_rwsem);
	percpu_up_read(&percpu_rwsem);
}

/* Two of the eight are the read itself. */
/* codegen: insns <= 8, rmw == 0 */
/* codegen arm64: insns <= 9, rmw == 0 */
int seq_read(const seqlock_t *lock, const int *data)
{
	unsigned int start;
	int copy;

	do {
		start = read_seqbegin(lock);
		copy = READ_ONCE(*data);
	} while (read_seqretry(lock, start));
	return copy;
}

/* codegen: insns <= 13, rmw == 1 */
/* codegen arm64: insns <= 32, rmw == 1 */
void seq_write(void)
{
	write_seqlock(&seq);
	write_sequnlock(&seq);
}

/* codegen: insns == 1, rmw == 1 */
/* codegen arm64: insns <= 3, rmw == 1 */
void one_inc(atomic_t *v)
{
	atomic_inc(v);
}

/* On arm64 with the address, which a loop makes once: 12 of Linux's 15 there. */
/* codegen: insns == 1, rmw == 0 */
/* codegen arm64: insns <= 16, rmw == 1 */
void one_this_cpu_inc(void)
{
	this_cpu_inc(per_cpu_word);
}

/* No xadd: the flags say it. */
/* codegen: insns <= 2, rmw == 1 */
/* codegen arm64: insns <= 7, rmw == 1 */
bool one_dec_and_test(void)
{
	return atomic_dec_and_test(&counter);
}

/* lock bts and setc. */
/* codegen: insns <= 2, rmw == 1 */
/* codegen arm64: insns <= 6, rmw == 1 */
bool one_test_and_set_bit(void)
{
	return test_and_set_bit(3, &bits);
}

/* One byte store. */
/* codegen: insns == 1, rmw == 0 */
/* codegen arm64: insns <= 2, rmw == 0 */
void queued_unlock(struct qspinlock *lock)
{
	queued_spin_unlock(lock);
}

/* The pending bit: on x86 one instruction, where a fetch_or is a loop that may lose for ever. */
/* codegen: loops == 0, rmw == 1 */
u32 queued_set_pending(struct qspinlock *lock)
{
	return fetch_set_pending_acquire(lock);
}

/* Without READ_ONCE() the compiler reads once for both ... */
/* codegen: word == 1 */
int two_plain_loads(void)
{
	int first = word;

	return first - word + first;
}

/* ... and with it, twice. */
/* codegen: word == 2 */
int two_marked_loads(void)
{
	int first = READ_ONCE(word);

	return first - READ_ONCE(word) + first;
}

/* The first of two stores is dead to the compiler ... */
/* codegen: word == 1 */
void two_plain_stores(void)
{
	word = 1;
	word = 2;
}

/* ... but another CPU may wait for it. */
/* codegen: word == 2 */
void two_marked_stores(void)
{
	WRITE_ONCE(word, 1);
	WRITE_ONCE(word, 2);
}

/* Read once, then round and round without looking. */
/* codegen: loop-word == 0 */
void wait_plain(void)
{
	while (!word)
		;
}

/* codegen: loop-word == 1 */
void wait_marked(void)
{
	while (!READ_ONCE(word))
		;
}
