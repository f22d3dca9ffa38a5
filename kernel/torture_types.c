/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How each type of lock is taken in each context. A lock that all contexts share is
 * taken with interrupts off, and in an NMI only by trylock; a lock of one context is
 * taken as it comes, so that the contexts wait on top of each other.
 *
 *	busted		not a lock at all: torture must catch it
 */
#include <base/string.h>
#include <kernel/preempt.h>
#include <kernel/torture.h>
#include <locking/bit_spinlock.h>

void torture_init_lock(struct torture_lock *l)
{
	memset(l, 0, sizeof(*l));
	spin_lock_init(&l->spin);
	rwlock_init(&l->rw);
	seqlock_init(&l->seq);
	torture_init_sleeping(l);
}

static bool must_try(const struct torture_grip *g)
{
	return g->ctx == CTX_NMI && g->shared;
}

/* ---- algorithms of locks.def ---- */

static void enter(struct torture_grip *g)
{
	if (g->shared)
		local_irq_save(g->flags);
	preempt_disable();
}

static void leave(struct torture_grip *g)
{
	preempt_enable();
	if (g->shared)
		local_irq_restore(g->flags);
}

static union any_lock_node *node_of(struct torture_grip *g)
{
	return &g->l->nodes[g->cpu][g->ctx];
}

static bool ops_acquire(struct torture_grip *g)
{
	enter(g);
	/* Now it is certain which CPU this is. */
	g->cpu = smp_processor_id();
	if (!must_try(g)) {
		g->ops->lock(&g->l->word, node_of(g));
		return true;
	}
	if (g->ops->trylock && g->ops->trylock(&g->l->word, node_of(g)))
		return true;
	leave(g);
	return false;
}

static void ops_release(struct torture_grip *g)
{
	g->ops->unlock(&g->l->word, node_of(g));
	leave(g);
}

/* ---- the API ---- */

/* With PREEMPT_RT what is made of a spinlock_t belongs to tasks, softirqs among them. */
static bool out_of_place(const struct torture_grip *g)
{
	return IS_ENABLED(CONFIG_PREEMPT_RT) && g->ctx > CTX_SOFTIRQ;
}

static bool spin_acquire_grip(struct torture_grip *g)
{
	if (out_of_place(g))
		return false;
	if (must_try(g))
		return spin_trylock_irqsave(&g->l->spin, g->flags);
	if (g->shared)
		spin_lock_irqsave(&g->l->spin, g->flags);
	else if (g->ctx == CTX_TASK)
		spin_lock_bh(&g->l->spin);
	else
		spin_lock(&g->l->spin);
	return true;
}

static void spin_release_grip(struct torture_grip *g)
{
	if (g->shared)
		spin_unlock_irqrestore(&g->l->spin, g->flags);
	else if (g->ctx == CTX_TASK)
		spin_unlock_bh(&g->l->spin);
	else
		spin_unlock(&g->l->spin);
}

/* Readers leave interrupts on, so that an interrupt may read, but not wait to write. */
static bool rw_acquire(struct torture_grip *g)
{
	rwlock_t *rw = &g->l->rw;

	if (out_of_place(g))
		return false;
	if (g->read) {
		if (g->ctx == CTX_NMI)
			return read_trylock(rw);
		read_lock(rw);
		return true;
	}
	if (g->shared && g->ctx != CTX_TASK)
		return write_trylock_irqsave(rw, g->flags);
	write_lock_irqsave(rw, g->flags);
	return true;
}

static void rw_release(struct torture_grip *g)
{
	if (g->read)
		read_unlock(&g->l->rw);
	else
		write_unlock_irqrestore(&g->l->rw, g->flags);
}

static bool seq_acquire(struct torture_grip *g)
{
	if (out_of_place(g))
		return false;
	if (must_try(g)) {
		if (!spin_trylock_irqsave(&g->l->seq.lock, g->flags))
			return false;
		/* The lock is free: what it interrupted is no write section. */
		write_seqcount_begin(&g->l->seq.seqcount);
		return true;
	}
	write_seqlock_irqsave(&g->l->seq, g->flags);
	return true;
}

static void seq_release(struct torture_grip *g)
{
	write_sequnlock_irqrestore(&g->l->seq, g->flags);
}

static bool seq_read(struct torture_grip *g)
{
	unsigned long a, b;
	unsigned int seq;

	/* An NMI on top of the writer would wait for ever. */
	if (g->ctx == CTX_NMI || out_of_place(g))
		return true;
	do {
		seq = read_seqbegin(&g->l->seq);
		a = READ_ONCE(g->l->a);
		b = READ_ONCE(g->l->b);
	} while (read_seqretry(&g->l->seq, seq));
	return a == b;
}

static bool bit_acquire(struct torture_grip *g)
{
	enter(g);
	if (!must_try(g)) {
		bit_spin_lock(5, &g->l->bits);
		return true;
	}
	if (bit_spin_trylock(5, &g->l->bits))
		return true;
	leave(g);
	return false;
}

static void bit_release(struct torture_grip *g)
{
	bit_spin_unlock(5, &g->l->bits);
	leave(g);
}

/* One node a CPU: tasks only. */
static bool osq_acquire(struct torture_grip *g)
{
	if (g->ctx != CTX_TASK)
		return false;
	preempt_disable();
	if (osq_lock(&g->l->osq))
		return true;
	preempt_enable();
	return false;
}

static void osq_release(struct torture_grip *g)
{
	osq_unlock(&g->l->osq);
	preempt_enable();
}

/* Looks, dawdles, takes: two may look at once. */
static bool busted_acquire(struct torture_grip *g)
{
	enter(g);
	if (must_try(g) || g->ctx == CTX_NMI) {
		leave(g);
		return false;
	}
	while (READ_ONCE(g->l->bits))
		cpu_relax();
	for (unsigned int n = g->variant % 64; n; n--)
		cpu_relax();
	WRITE_ONCE(g->l->bits, 1);
	return true;
}

static void busted_release(struct torture_grip *g)
{
	WRITE_ONCE(g->l->bits, 0);
	leave(g);
}

static const struct torture_type types[] = {
	{ .name = "spinlock", .what = "spinlock_t, as configured; _irqsave, _bh",
	  .acquire = spin_acquire_grip, .release = spin_release_grip },
	{ .name = "rwlock", .what = "rwlock_t, three readers to a writer", .readers = true,
	  .acquire = rw_acquire, .release = rw_release },
	{ .name = "seqlock", .what = "seqlock_t, three readers to a writer", .readers = true,
	  .acquire = seq_acquire, .release = seq_release, .read = seq_read },
	{ .name = "bit_spinlock", .what = "a bit of a word",
	  .acquire = bit_acquire, .release = bit_release },
	{ .name = "osq", .what = "optimistic spin queue, tasks, giving up when they should",
	  .acquire = osq_acquire, .release = osq_release },
};

static const struct torture_type busted = {
	.name = "busted", .what = "broken on purpose: must be caught",
	.acquire = busted_acquire, .release = busted_release,
};

#define ALGORITHMS_MAX	32
static struct torture_type algorithms[ALGORITHMS_MAX];

/* Of locks.def, each made when it is first asked for. */
static const struct torture_type *algorithm(unsigned int i)
{
	algorithms[i] = (struct torture_type){
		.name = all_lock_ops[i]->name, .what = all_lock_infos[i].what,
		.ops = all_lock_ops[i], .acquire = ops_acquire, .release = ops_release,
	};
	return &algorithms[i];
}

const struct torture_type *torture_nth(unsigned int i)
{
	unsigned int n = 0;

	while (all_lock_ops[n] && n < ALGORITHMS_MAX)
		n++;
	if (i < n)
		return algorithm(i);
	i -= n;
	if (i < ARRAY_SIZE(types))
		return &types[i];
	i -= ARRAY_SIZE(types);
	if (i < torture_nr_sleeping)
		return &torture_sleeping[i];
	i -= torture_nr_sleeping;
	return i < torture_nr_mutexes ? &torture_mutexes[i] : NULL;
}

static const struct torture_type *const broken[] = {
	&busted, &torture_busted_rwsem, &torture_busted_mutex, &torture_busted_wakeup,
};

const struct torture_type *torture_find(const char *name)
{
	const struct torture_type *type;

	for (unsigned int i = 0; (type = torture_nth(i)); i++)
		if (!strcmp(type->name, name))
			return type;
	for (unsigned int i = 0; i < ARRAY_SIZE(broken); i++)
		if (!strcmp(broken[i]->name, name))
			return broken[i];
	return NULL;
}
