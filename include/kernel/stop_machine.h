/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stop CPUs: run a function on a CPU above every task there, or on some while
 * all others spin with interrupts off.
 *
 * Each CPU has a stopper kthread (stopper/N), above every priority, that runs
 * the works queued to it. stop_machine() gives every stopper the same work: a
 * state machine that all CPUs walk in step.
 *
 *	PREPARE -> DISABLE_IRQ -> RUN -> EXIT		advanced by the last CPU to acknowledge
 *
 * Linux:   include/linux/stop_machine.h, kernel/stop_machine.c
 * Differs: no CPU hotplug to exclude, no stop_machine_from_inactive_cpu().
 */
#ifndef KERNEL_STOP_MACHINE_H
#define KERNEL_STOP_MACHINE_H

#include <base/list.h>
#include <kernel/cpumask.h>

typedef int (*cpu_stop_fn_t)(void *arg);

struct cpu_stop_done;
struct cpu_stop_work {
	struct list_head list;		/* the stopper's lock */
	cpu_stop_fn_t fn;
	void *arg;
	struct cpu_stop_done *done;
};

/**
 * stop_one_cpu() - run @fn(@arg) on @cpu in its stopper, wait for the end
 * Context: Task, may sleep. @fn must not sleep; preemption is off.
 * Return: what @fn returned, or -ENOENT if @cpu is not online.
 */
int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg);
/* Does not wait: @work must live until @fn has been called. Context: any but NMI.
 * Return: false if @cpu is not online. */
bool stop_one_cpu_nowait(unsigned int cpu, cpu_stop_fn_t fn, void *arg,
			 struct cpu_stop_work *work);

/**
 * stop_machine() - run @fn(@data) while every other CPU spins, interrupts off
 * @cpus: CPUs that run @fn; NULL is any one
 * Context: Task, may sleep. @fn runs with interrupts off.
 * Ordering: all that any CPU did before is visible to @fn, all that @fn did is
 *	     visible to every CPU afterwards.
 * Return: 0, or a non-zero result of an @fn.
 */
int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);

#endif
