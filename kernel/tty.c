/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Serial console input: the UART's interrupt fills a ring, one reader empties it.
 *
 *	ring[tail..head)	bytes not yet read	lock
 *	head			bytes ever received	lock; the interrupt
 *	tail			bytes ever read		lock; the reader
 *	throttled		ring full, line masked	lock
 *	commands		depth of begin/end	lock; the reader
 *	interrupted		Ctrl-C was typed	lock
 *
 *	UART interrupt (one CPU)		shell
 *						wait_event(readable)
 *	ring full: mask the line		  bytes out of the ring
 *						  throttled: unmask, receive once
 *	bytes into the ring, wake_up()
 *
 * When the ring is full the bytes stay where they are: in the UART's FIFO, and
 * behind it in the sender, which waits. Nothing is lost, however fast a script
 * comes in. Receiving once after unmasking catches the bytes that came while the
 * line was masked, on edge-triggered lines too.
 *
 * While a command runs Ctrl-C is not a byte: it sets interrupted, throws away
 * what was typed ahead, and wakes whoever sleeps in tty_sleep(). One that was
 * typed after the line's end but before the command began is in the ring still:
 * tty_command_begin() takes it out and the command begins interrupted.
 *
 * Linux:   drivers/tty/n_tty.c, ISIG and flow control
 * Differs: one terminal, no line discipline: readline.c edits.
 */
#include <base/errno.h>
#include <locking/spinlock.h>
#include <kernel/arch.h>
#include <kernel/init.h>
#include <kernel/irq.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/timer.h>
#include <kernel/tty.h>
#include <kernel/wait.h>

#define RING_SIZE	4096
#define CTRL_C		3

static struct {
	raw_spinlock_t lock;
	unsigned int head, tail;
	bool throttled;
	unsigned int commands;
	bool interrupted;
	char ring[RING_SIZE];
} tty = { .lock = __RAW_SPIN_LOCK_UNLOCKED(tty.lock) };

static DECLARE_WAIT_QUEUE_HEAD(tty_wait);

/* Everything the UART has, as far as it fits. tty.lock held. */
static void receive(void)
{
	int c;

	while (tty.head - tty.tail < RING_SIZE && (c = arch_console_getc()) >= 0) {
		if (c == CTRL_C && tty.commands) {
			tty.interrupted = true;
			tty.tail = tty.head;
			continue;
		}
		tty.ring[tty.head++ % RING_SIZE] = (char)c;
	}
	if (tty.head - tty.tail == RING_SIZE && !tty.throttled) {
		arch_irq_mask(IRQ_UART);
		tty.throttled = true;
	}
}

static irqreturn_t tty_interrupt(int irq, void *dev_id)
{
	raw_spin_lock(&tty.lock);
	receive();
	raw_spin_unlock(&tty.lock);
	wake_up(&tty_wait);
	return IRQ_HANDLED;
}

bool tty_input_pending(void)
{
	return READ_ONCE(tty.head) != READ_ONCE(tty.tail);
}

int tty_getc_nowait(void)
{
	unsigned long flags;
	int c = -1;

	raw_spin_lock_irqsave(&tty.lock, flags);
	if (tty.head != tty.tail)
		c = (unsigned char)tty.ring[tty.tail++ % RING_SIZE];
	if (tty.throttled && tty.head - tty.tail <= RING_SIZE / 2) {
		tty.throttled = false;
		arch_irq_unmask(IRQ_UART);
		receive();
	}
	raw_spin_unlock_irqrestore(&tty.lock, flags);
	return c;
}

int tty_getc_timeout(unsigned int timeout_ms)
{
	wait_event_interruptible_timeout(tty_wait, tty_input_pending(),
					 msecs_to_jiffies(timeout_ms));
	return tty_getc_nowait();
}

int tty_getc(void)
{
	int c;

	while ((c = tty_getc_nowait()) < 0)
		wait_event_interruptible(tty_wait, tty_input_pending());
	return c;
}

/* ---- Ctrl-C ---------------------------------------------------------------- */

/* Empty the ring up to its last Ctrl-C. Return: there was one. tty.lock held. */
static bool take_ctrl_c(void)
{
	for (unsigned int i = tty.head; i != tty.tail; i--) {
		if (tty.ring[(i - 1) % RING_SIZE] == CTRL_C) {
			tty.tail = i;
			return true;
		}
	}
	return false;
}

void tty_command_begin(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tty.lock, flags);
	if (!tty.commands++)
		tty.interrupted = take_ctrl_c();
	raw_spin_unlock_irqrestore(&tty.lock, flags);
}

void tty_command_end(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&tty.lock, flags);
	tty.commands--;
	raw_spin_unlock_irqrestore(&tty.lock, flags);
}

bool tty_interrupted(void)
{
	return READ_ONCE(tty.interrupted);
}

bool tty_sleep(unsigned int ms)
{
	wait_event_interruptible_timeout(tty_wait, tty_interrupted(), msecs_to_jiffies(ms));
	return tty_interrupted();
}

void tty_init(void)
{
	int err = request_irq(IRQ_UART, tty_interrupt, 0, "uart", &tty);

	if (err) {
		pr_err("tty: no interrupt for the console (%d): it takes no input\n", err);
		return;
	}
	arch_console_irq_on();
}
