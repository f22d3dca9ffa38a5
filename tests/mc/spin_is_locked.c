/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spin_is_locked() as the other half of a lock, under the checker. Who takes the lock
 * looks at a flag; who sets the flag looks at the lock; one of them must see the other.
 *
 *	thread 0			thread 1
 *	lock				flag = 1
 *	smp_mb__after_spinlock()	smp_mb()
 *	flag? then not			is it locked? then not
 *	section				section
 *
 * What it shows: an acquisition is seen before what comes after that barrier, by the
 * fast path and by the queue (thread 2 holds it when all begin).
 *
 * Built with -DN=threads.
 */
#include <locking/port.h>
#include <locking/qspinlock.h>

static struct qspinlock lock;
static u32 flag, counter, missed[2];

static void setup(void)
{
	lock = (struct qspinlock){ .val = ATOMIC_INIT(N > 2 ? _Q_LOCKED_VAL : 0) };
}

static void section(void)
{
	PLAIN_WRITE(counter, PLAIN_READ(counter) + 1);
}

static void thread(unsigned int t)
{
	if (t == 0) {
		native_queued_spin_lock(&lock);
		/* is_locked/A: pairs with itself */
		smp_mb__after_spinlock();
		if (!READ_ONCE(flag))
			section();
		else
			WRITE_ONCE(missed[0], 1);
		native_queued_spin_unlock(&lock);
	} else if (t == 1) {
		WRITE_ONCE(flag, 1);
		/* is_locked/A: pairs with itself */
		smp_mb();
		if (queued_spin_is_locked(&lock)) {
			WRITE_ONCE(missed[1], 1);
		} else {
			smp_rmb();
			section();
		}
	} else {
		native_queued_spin_unlock(&lock);
	}
}

static void final(void)
{
	mc_assert(mc_final(&counter) + mc_final(&missed[0]) + mc_final(&missed[1]) == 2);
}

struct mc_client mc_client = {
	.name = "qspinlock-is-locked", .nr_threads = N,
	.setup = setup, .thread = thread, .final = final,
};
