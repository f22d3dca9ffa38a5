/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The console: who writes to the serial line, and what happens to those who
 * would like to and may not wait.
 *
 *	owner		CPU + 1 that writes, 0: nobody	to take it: that CPU; else the owner
 *	waiter		CPU + 1 that is next, 0: nobody	to queue: that CPU; to 0: the owner
 *	panic_owner	CPU + 1 that took the console	that CPU, once
 *	next_seq	first record not yet written	the owner
 *
 * Whoever adds a record tries to own the console, and the owner writes all that
 * is in the log. So nobody's record is forgotten, although most need not wait:
 *
 *	CPU 0 (owner)		CPU 1				CPU 2
 *	writes record 5		adds 6; not free;
 *				waiter = 1, spins		adds 7; not free, a waiter
 *	writes record 6						is there: goes on
 *	owner = 1: hands over
 *	goes on			writes record 7
 *				owner = 0
 *				nothing left: goes on
 *
 * Handing over bounds what a printer pays: the owner leaves after PAID_RECORDS as
 * soon as another printer is there to pay. Not after each: on a virtual machine the
 * next owner may wait for a core of the host, and with 64 CPUs on two of them a
 * thousand records, each after such a wait, were forty seconds. Without a waiter the
 * owner goes on until the log is written; nobody adds to it then. A printer that finds
 * the console half a log behind waits in any case, or the log would overtake it.
 *
 * Who never waits: an NMI (what it interrupted may be the owner or the waiter),
 * and code on top of the CPU's own writing. Who need not: others of the waiter.
 * Those leave their record to the owner, who must not miss it:
 *
 *	owner				printer
 *	  owner = 0			  log_commit()
 *	  smp_mb()			  smp_mb()
 *	  more in the log?		  owner == 0?
 *
 * Store buffering, a full barrier on both sides: console/A. One of the two sees
 * the other, so the record is written by the old owner, who owns again, or by the
 * printer.
 *
 * A record is written with preemption off and interrupts as they were. Waiting is
 * done with interrupts off, so that a handler on this CPU cannot find owner naming
 * its own CPU and mistake its waiting for its own.
 *
 * Ordering: console/A above; console/B: next_seq, what console_text.c keeps and the
 * serial line itself, from one owner to the next.
 *
 * Linux:   console_trylock_spinning(), kernel/printk/printk.c
 * Differs: the NMI path needs no irq_work: trying to own is always safe, and the
 *	    owner looks again. con_printf() writes without going through the log.
 */
#include <locking/atomic.h>
#include <kernel/arch.h>
#include <kernel/bug.h>
#include <kernel/console.h>
#include <kernel/irqflags.h>
#include <kernel/percpu.h>
#include <kernel/preempt.h>
#include <asm/cpu.h>
#include "console_text.h"

#define PAID_RECORDS	16

static struct {
	unsigned int owner;
	unsigned int waiter;
	unsigned int panic_owner;
	u64 next_seq;
	u64 dropped_reported;
	struct log_record record;	/* the owner's copy of what it writes */
} console;

static unsigned int this_owner(void)
{
	return raw_smp_processor_id() + 1;
}

/* ---- ownership; all with preemption off ---------------------------------------- */

static bool console_try_own(void)
{
	unsigned int nobody = 0;

	if (READ_ONCE(console.panic_owner))
		return READ_ONCE(console.panic_owner) == this_owner();
	/* console/B: pairs with console_release(), console_hand_over() */
	return try_cmpxchg_acquire(&console.owner, &nobody, this_owner());
}

/* Is this CPU's own writing what we are on top of? */
static bool console_owned_here(void)
{
	return READ_ONCE(console.owner) == this_owner();
}

/*
 * Become the one waiter and wait. Interrupts off.
 * Return: true as the owner; false when another CPU waits already, or a panic
 * has taken the console.
 */
static bool console_wait(void)
{
	unsigned int nobody = 0;

	if (!try_cmpxchg_relaxed(&console.waiter, &nobody, this_owner()))
		return false;
	while (!READ_ONCE(console.panic_owner)) {
		/* console/B: pairs with console_hand_over() */
		if (smp_load_acquire(&console.owner) == this_owner())
			return true;
		if (console_try_own()) {
			WRITE_ONCE(console.waiter, 0);
			return true;
		}
		cpu_relax();
	}
	return false;
}

static bool console_own_or_wait(void)
{
	unsigned long flags;
	bool owned;

	if (console_try_own())
		return true;
	if (in_nmi())
		return false;
	local_irq_save(flags);
	owned = !console_owned_here() && console_wait();
	local_irq_restore(flags);
	return owned;
}

/* Return: true if a waiter is the owner now. */
static bool console_hand_over(void)
{
	unsigned int waiter = READ_ONCE(console.waiter);

	if (!waiter || READ_ONCE(console.panic_owner))
		return false;
	WRITE_ONCE(console.waiter, 0);
	/* console/B: pairs with console_wait(), console_try_own() */
	smp_store_release(&console.owner, waiter);
	return true;
}

static void console_release(void)
{
	if (READ_ONCE(console.panic_owner))
		return;
	/* console/B: pairs with console_try_own() */
	smp_store_release(&console.owner, 0);
}

/* ---- writing; by the owner ------------------------------------------------------ */

static bool put_next_record(void)
{
	u64 seq = console.next_seq, lost = 0, dropped = log_dropped();

	if (dropped != console.dropped_reported) {
		console_put_lost("dropped: the log was full of unfinished ones",
			    dropped - console.dropped_reported);
		console.dropped_reported = dropped;
	}
	while (!log_read(&seq, &console.record, &lost)) {
		/* The CPU that was writing it is stopped and never will finish. */
		if (!READ_ONCE(console.panic_owner) || !log_behind(seq))
			return false;
		seq++;
	}
	if (lost)
		console_put_lost("lost: the console is too slow for them", lost);
	if (console.record.raw || (int)console.record.level < log_console_level())
		console_put_record(&console.record);
	WRITE_ONCE(console.next_seq, seq);
	return true;
}

/*
 * Write the log and give the console away. Every way out leaves either an owner or
 * an empty log: console/A.
 */
static void console_drain(void)
{
	unsigned int paid = 0;

	do {
		while (put_next_record())
			if (++paid >= PAID_RECORDS && console_hand_over())
				return;
		console_release();
		/* console/A: pairs with console_flush() */
		smp_mb();
	} while (log_readable(console.next_seq) && console_try_own());
}

/* May this context wait, and is the console so far behind that it should? */
static bool console_must_catch_up(void)
{
	if (in_nmi() || console_owned_here() || READ_ONCE(console.panic_owner) ||
	    !log_half_full(READ_ONCE(console.next_seq)))
		return false;
	cpu_relax();
	return true;
}

void console_flush(void)
{
	preempt_disable();
	do {
		/* console/A: pairs with console_drain() */
		smp_mb();
		if (console_own_or_wait())
			console_drain();
	} while (console_must_catch_up());
	preempt_enable();
}

void console_panic_takeover(void)
{
	WRITE_ONCE(console.panic_owner, this_owner());
	console_drain();
}

/* ---- con_printf() ---------------------------------------------------------------- */

static void sink_console(struct text_sink *sink __maybe_unused, const char *s, size_t len)
{
	console_put(s, len);
}

/* Return: true as the owner, the log written; false where waiting is not possible. */
static bool console_own_for_text(void)
{
	while (!console_own_or_wait()) {
		if (in_nmi() || console_owned_here() || READ_ONCE(console.panic_owner))
			return false;
		cpu_relax();
	}
	while (put_next_record())
		;
	return true;
}

void con_vprintf(const char *fmt, va_list args)
{
	struct text_sink sink = { sink_console };

	preempt_disable();
	if (console_own_for_text()) {
		sink_vprintf(&sink, fmt, args);
		console_drain();
	} else {
		log_raw(fmt, args);
		console_flush();
	}
	preempt_enable();
}

void con_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	con_vprintf(fmt, args);
	va_end(args);
}

void console_write(const char *s, size_t len)
{
	con_printf("%.*s", (int)len, s);
}
