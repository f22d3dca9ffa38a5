/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The queue nodes of qspinlock: four per CPU, one a context, in two cache lines.
 *
 *	node[i].mcs	in use by the i-th nested slow path	written by its CPU; ->next and
 *							->locked by its neighbours in a queue
 *	node[0].mcs.count	how many are in use	written by its CPU
 *	node[i].state	PV: does its CPU spin or halt?	see qspinlock_paravirt.h
 *	node[i].cpu	PV: whom to kick		written by its CPU
 *
 * For the slow path and its tests only.
 */
#ifndef LOCKING_QNODE_H
#define LOCKING_QNODE_H

#include <locking/lockevent.h>
#include <locking/mcs.h>
#include <locking/port.h>
#include <locking/qspinlock.h>

#define QNODES	4

struct qnode {
	struct mcs_spinlock mcs;
	u32 state;
	unsigned int cpu;
};

struct qnodes {
	struct qnode node[QNODES];
};

DECLARE_PER_CPU_ALIGNED(struct qnodes, qnodes);

static_assert(NR_CPUS < (1U << (32 - _Q_TAIL_CPU_OFFSET)), "the tail has 14 bits for CPU + 1");

static __always_inline u32 encode_tail(unsigned int cpu, int idx)
{
	return (cpu + 1) << _Q_TAIL_CPU_OFFSET | (u32)idx << _Q_TAIL_IDX_OFFSET;
}

static __always_inline struct qnode *decode_tail(u32 tail)
{
	unsigned int cpu = (tail >> _Q_TAIL_CPU_OFFSET) - 1;

	return per_cpu_ptr(&qnodes.node[(tail & _Q_TAIL_IDX_MASK) >> _Q_TAIL_IDX_OFFSET], cpu);
}

static __always_inline void count_node(int idx)
{
	switch (idx) {
	case 1:
		lockevent_inc(lock_use_node2);
		break;
	case 2:
		lockevent_inc(lock_use_node3);
		break;
	case 3:
		lockevent_inc(lock_use_node4);
		break;
	}
}

#endif
