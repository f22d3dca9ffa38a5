/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel threads: create, bind, park, stop.
 *
 *	        kthread_create()        wake_up_process()
 *	(none) ------------------> new ------------------> runs fn(data)
 *	runs --kthread_park()--> parked --kthread_unpark()--> runs
 *	runs --kthread_stop(), fn returns--> exited, result to the stopper
 *
 * Linux:   include/linux/kthread.h, kernel/kthread.c
 * Differs: no kthreadd: the creator builds the thread itself, so a kthread can be
 *	    made before the scheduler runs. No workers.
 */
#ifndef KERNEL_KTHREAD_H
#define KERNEL_KTHREAD_H

#include <base/compiler.h>
#include <base/errno.h>
#include <kernel/sched.h>

/**
 * kthread_create() - a new kthread that will run @threadfn(@data), asleep until it is woken
 * @threadfn: returns when it is done; its result is for kthread_stop()
 * @data: handed to @threadfn
 * @namefmt: printf style, at most TASK_COMM_LEN - 1 bytes
 * Starts with the first wake_up_process(), SCHED_NORMAL, nice 0, on any CPU.
 * Context: Task, interrupts on; or start-up.
 * Return: the task, or ERR_PTR(-ENOMEM).
 */
__printf(3, 4)
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *namefmt, ...);
/* Linux's form; @node is ignored. */
#define kthread_create_on_node(threadfn, data, node, namefmt, ...) \
	kthread_create(threadfn, data, namefmt, ##__VA_ARGS__)

/* Bound to @cpu for good; @namefmt takes one %u, the CPU. */
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data,
					  unsigned int cpu, const char *namefmt);

/* kthread_create() and wake_up_process() */
#define kthread_run(threadfn, data, namefmt, ...)			\
({									\
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k;								\
})
#define kthread_run_on_cpu(threadfn, data, cpu, namefmt)		\
({									\
	struct task_struct *__k = kthread_create_on_cpu(threadfn, data, cpu, namefmt); \
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k;								\
})

/* Before the first wake-up only: run on @cpu (in @mask), for good. */
void kthread_bind(struct task_struct *p, unsigned int cpu);
void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask);

/**
 * kthread_stop() - ask @p to end, wait until it has, drop the reference
 * @p: a kthread that nobody else stops, with a reference for this call: the
 *     creator's, if it never exits by itself; else take one with get_task_struct()
 *     before its first wake-up
 * Wakes and unparks it. One that never ran does not run.
 * Context: Task, may sleep.
 * Return: what the thread's function returned; -EINTR if it never ran.
 */
int kthread_stop(struct task_struct *p);
/* As kthread_stop(), and drop the reference that the caller took. */
int kthread_stop_put(struct task_struct *p);
/* Has kthread_stop() been called for the caller? Then return soon. */
bool kthread_should_stop(void);

/**
 * kthread_park() - ask @p to park, wait until it is off its CPU
 * Context: Task, may sleep.
 * Return: 0; -ENOSYS if it has exited; -EBUSY if it is parked, or being parked.
 */
int kthread_park(struct task_struct *p);
void kthread_unpark(struct task_struct *p);
/* Has kthread_park() been called for the caller? Then call kthread_parkme(). */
bool kthread_should_park(void);
/* Sleep parked until kthread_unpark(). */
void kthread_parkme(void);

/* End the caller now; @result is for kthread_stop(). */
__noreturn void kthread_exit(int result);
/* @p's data and function, from creation. */
void *kthread_data(struct task_struct *p);
void *kthread_func(struct task_struct *p);

/**
 * kthread_interrupt() - what a signal does: end @p's interruptible waits
 * @p: the task; its present or next interruptible wait returns -EINTR
 * kthread_kill() ends killable waits as well.
 * Context: Any but NMI.
 */
void kthread_interrupt(struct task_struct *p);
void kthread_kill(struct task_struct *p);
/* The caller has seen it: waits work again. Return: true if something was pending. */
bool kthread_flush_signals(void);

#endif
