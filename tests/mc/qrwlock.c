/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queued reader-writer lock under the checker: writers add one to two words,
 * readers compare them.
 *
 * What it shows: no reader sees half a section, no section is lost, nobody waits
 * for ever. IRQ: the readers are in an interrupt, and skip the queue. NEST: they
 * read in a task, and again in an interrupt on top of that. TURN: a reader that comes
 * when a writer waits has its turn after it. TRY: the last thread only tries.
 *
 * Built with -DN=threads -DWRITERS=n [-DIRQ | -DNEST | -DTURN | -DTRY].
 */
#include <locking/port.h>
#include <locking/qrwlock.h>

static struct qrwlock lock;
static u32 a, b, go;
static u32 missed;

static void setup(void)
{
	lock = (struct qrwlock){ .cnts = ATOMIC_INIT(IS_ENABLED(TURN) ? _QR_BIAS : 0) };
	for (unsigned int t = WRITERS; t < N; t++)
		port_check_context[t] = IS_ENABLED(IRQ) ? CTX_HARDIRQ : CTX_TASK;
}

static void write_words(unsigned int t)
{
	if (!IS_ENABLED(TRY) || t != N - 1) {
		queued_write_lock(&lock);
	} else if (!queued_write_trylock(&lock)) {
		WRITE_ONCE(missed, 1);
		return;
	}
	PLAIN_WRITE(a, PLAIN_READ(a) + 1);
	PLAIN_WRITE(b, PLAIN_READ(b) + 1);
	queued_write_unlock(&lock);
}

static void read_words(void)
{
	u32 first, second;

	if (!IS_ENABLED(TRY))
		queued_read_lock(&lock);
	else if (!queued_read_trylock(&lock))
		return;
	first = PLAIN_READ(a);
	second = PLAIN_READ(b);
	queued_read_unlock(&lock);
	mc_assert(first == second);
}

static void read_on_top(unsigned int t)
{
	queued_read_lock(&lock);
	port_check_context[t] = CTX_HARDIRQ;
	read_words();
	port_check_context[t] = CTX_TASK;
	queued_read_unlock(&lock);
}

/*
 * Thread N - 2 has read since before the start. The last comes when it says that
 * the writer waits.
 */
static void take_turns(unsigned int t)
{
	if (t == N - 1) {
		smp_cond_load_acquire(&go, VAL);
		queued_read_lock(&lock);
		mc_assert(PLAIN_READ(a) == 1);
	} else {
		smp_cond_load_relaxed(&lock.cnts.counter, VAL & _QW_WAITING);
		smp_store_release(&go, 1);
	}
	queued_read_unlock(&lock);
}

static void thread(unsigned int t)
{
	if (t < WRITERS)
		write_words(t);
	else if (IS_ENABLED(NEST))
		read_on_top(t);
	else if (IS_ENABLED(TURN))
		take_turns(t);
	else
		read_words();
}

static void final(void)
{
	u32 sum = WRITERS - (u32)mc_final(&missed);

	mc_assert(mc_final(&a) == sum && mc_final(&b) == sum);
	mc_assert(mc_final(&lock.cnts.counter) == 0);
}

static unsigned int kind(unsigned int t)
{
	return IS_ENABLED(TURN) || IS_ENABLED(TRY) ? t : t >= WRITERS;
}

struct mc_client mc_client = {
	.name = "qrwlock", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind,
};
