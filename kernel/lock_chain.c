/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who waits for whom. The contract is <kernel/lock_chain.h>.
 *
 *	C: down_write(&s2)	B: has s2, mutex_lock(&m1)	A: has m1, sleeps
 *	blocked_on s2	----->	blocked_on m1	------------->	blocked_on nothing
 *		owner(s2) = B		owner(m1) = A
 *
 * Nothing stands still while this looks. Two things make it safe:
 *
 *	the lock	is read with the waiter's pi_lock held and the waiter asleep: who
 *			would wake it needs pi_lock, and until it is woken it is inside the
 *			lock's slow path, so the lock is there.
 *	the owner	is only a number until it is found among the tasks: it may have let
 *			go, and be gone.
 *
 * A circle is looked at again: who sleeps for the same lock with the same owner in the
 * same sleep did so all the time in between, so all of them did at once, and that is a
 * deadlock for good (or until one of them gives up).
 *
 * Linux:   debug_show_blocker(), kernel/hung_task.c
 * Differs: follows the whole chain, knows circles and all sleeping locks.
 */
#include <kernel/bug.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/lock_chain.h>
#include <kernel/printk.h>

/* ---- looking ------------------------------------------------------------------------ */

/* What @p sleeps for. Return: true if that is something. */
static bool look(struct task_struct *p, struct chain_link *l)
{
	const struct lock_kind *kind = NULL;
	unsigned long flags;

	*l = (struct chain_link){ .task = p };
	raw_spin_lock_irqsave(&p->pi_lock, flags);
	l->switches = READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw);
	if (task_is_asleep(p))
		kind = READ_ONCE(p->blocked_on.kind);
	if (kind) {
		l->on = (struct blocked_on){ .kind = kind, .lock = READ_ONCE(p->blocked_on.lock) };
		l->owner = kind->owner ? kind->owner(l->on.lock) : NULL;
		l->owner_is = kind->owner_is ? kind->owner_is(l->on.lock) : NULL;
	}
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return kind != NULL;
}

static bool unchanged(const struct chain_link *l)
{
	struct chain_link now;

	return look(l->task, &now) && now.on.lock == l->on.lock && now.on.kind == l->on.kind &&
	       now.owner == l->owner && now.switches == l->switches;
}

static bool is_deadlock(const struct lock_chain *c)
{
	for (unsigned int i = c->cycle; i < c->nr; i++)
		if (!unchanged(&c->links[i]))
			return false;
	return true;
}

void lock_chain_get(struct lock_chain *c, struct task_struct *p)
{
	c->nr = 0;
	c->cycle = -1;
	c->longer = false;
	get_task_struct(p);
	while (p) {
		struct chain_link *l = &c->links[c->nr++];

		look(p, l);
		for (unsigned int i = 0; l->owner && i < c->nr && c->cycle < 0; i++)
			if (c->links[i].task == l->owner)
				c->cycle = (int)i;
		if (!l->owner || c->cycle >= 0)
			break;
		c->longer = c->nr == LOCK_CHAIN_MAX;
		p = c->longer ? NULL : find_get_task_struct(l->owner);
	}
	if (c->cycle >= 0 && !is_deadlock(c))
		c->cycle = -1;
}

void lock_chain_put(struct lock_chain *c)
{
	for (unsigned int i = 0; i < c->nr; i++)
		put_task_struct(c->links[i].task);
	c->nr = 0;
}

/* ---- telling ------------------------------------------------------------------------ */

static int describe_owner(const struct lock_chain *c, unsigned int i, char *buf, size_t size)
{
	const struct chain_link *l = &c->links[i];
	const struct task_struct *next = NULL;
	int n;

	if (i + 1 < c->nr)
		next = c->links[i + 1].task;
	else if (c->cycle >= 0)
		next = c->links[c->cycle].task;
	if (!l->owner && l->owner_is)
		return scnprintf(buf, size, ", held by %s", l->owner_is);
	if (!l->owner)
		return scnprintf(buf, size, ", which %s", l->on.kind->owner || l->on.kind->owner_is ?
				 "nobody holds" : "has no owner");
	if (!next)
		return scnprintf(buf, size, ", whose owner has gone");
	n = scnprintf(buf, size, ", held by task %d %s", next->pid, next->comm);
	if (l->owner_is)
		n += scnprintf(buf + n, size - n, " (%s)", l->owner_is);
	return n;
}

int lock_chain_describe(const struct lock_chain *c, unsigned int i, char *buf, size_t size)
{
	const struct chain_link *l = &c->links[i];
	const struct task_struct *p = l->task;
	int n = scnprintf(buf, size, "task %d %s ", p->pid, p->comm);

	if (l->on.kind) {
		n += scnprintf(buf + n, size - n, "waits for %s %px", l->on.kind->name, l->on.lock);
		return n + describe_owner(c, i, buf + n, size - n);
	}
	if (owner_on_cpu(p))
		return n + scnprintf(buf + n, size - n, "runs on CPU %u", task_cpu(p));
	return n + scnprintf(buf + n, size - n, "waits for no lock, state %c", task_state_char(p));
}

struct stack_request {
	const struct task_struct *task;
	bool shown;
};

/* On the CPU that runs it, hardirq. */
static void show_current(void *arg)
{
	struct stack_request *request = arg;

	if (current != request->task || !get_irq_regs())
		return;
	pr_warn("task %d %s, running on CPU %u", current->pid, current->comm, raw_smp_processor_id());
	show_trace(get_irq_regs());
	request->shown = true;
}

static void show_stack_of(struct task_struct *p)
{
	struct stack_request request = { .task = p };

	if (p == current)
		return;
	/* Until its CPU is asked it may have gone to sleep, or elsewhere. */
	for (int tries = 0; tries < 3 && !request.shown && owner_on_cpu(p); tries++)
		smp_call_function_single(task_cpu(p), show_current, &request, true);
	if (!request.shown)
		show_task(p);
}

void lock_chain_report(const struct lock_chain *c)
{
	char line[160];

	pr_warn("who waits for whom:");
	for (unsigned int i = 0; i < c->nr; i++) {
		lock_chain_describe(c, i, line, sizeof(line));
		pr_warn("  %s", line);
	}
	if (c->longer)
		pr_warn("  ... and so on: more than %d tasks", LOCK_CHAIN_MAX);
	if (c->cycle >= 0)
		pr_warn("deadlock: task %d %s waits for itself, through %u others",
			c->links[c->cycle].task->pid, c->links[c->cycle].task->comm,
			c->nr - c->cycle - 1);
	/* The owner, and who is to blame in the end. */
	if (c->nr > 1)
		show_stack_of(c->links[1].task);
	if (c->nr > 2)
		show_stack_of(c->links[c->nr - 1].task);
}
