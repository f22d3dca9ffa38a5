/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queued reader-writer lock under the checker: writers add one to two words,
 * readers compare them.
 *
 * What it shows: no reader sees half a section, no section is lost, nobody waits
 * for ever. IRQ: the readers are in an interrupt, and skip the queue.
 *
 * Built with -DN=threads -DWRITERS=n [-DIRQ].
 */
#include <locking/port.h>
#include <locking/qrwlock.h>

static struct qrwlock lock;
static u32 a, b;

static void setup(void)
{
	for (unsigned int t = WRITERS; t < N; t++)
		port_check_context[t] = IS_ENABLED(IRQ) ? CTX_HARDIRQ : CTX_TASK;
}

static void write_words(void)
{
	queued_write_lock(&lock);
	PLAIN_WRITE(a, PLAIN_READ(a) + 1);
	PLAIN_WRITE(b, PLAIN_READ(b) + 1);
	queued_write_unlock(&lock);
}

static void read_words(void)
{
	u32 first, second;

	queued_read_lock(&lock);
	first = PLAIN_READ(a);
	second = PLAIN_READ(b);
	queued_read_unlock(&lock);
	mc_assert(first == second);
}

static void thread(unsigned int t)
{
	if (t < WRITERS)
		write_words();
	else
		read_words();
}

static void final(void)
{
	mc_assert(mc_final(&a) == WRITERS && mc_final(&b) == WRITERS);
	mc_assert(mc_final(&lock.cnts.counter) == 0);
}

static unsigned int kind(unsigned int t)
{
	return t < WRITERS;
}

struct mc_client mc_client = {
	.name = "qrwlock", .nr_threads = N, .setup = setup, .thread = thread, .final = final,
	.kind = kind,
};
