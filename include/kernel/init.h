/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Init steps: the functions that the table in kernel/main.c runs, in its order.
 * Each is declared here and defined in the file it sets up.
 */
#ifndef KERNEL_INIT_H
#define KERNEL_INIT_H

void kernel_main(void);		/* boot/ jumps here, on the boot CPU, boot_info filled */

/* BOOT and INIT: once, on the boot CPU and in the init kthread. */
void param_init(void);
void pv_lock_init(void);
void percpu_init(void);
void page_alloc_init(void);
void slab_init(void);
void vmap_init(void);
void symbols_init(void);
void panic_init(void);
void irq_init(void);
void softirq_init(void);
void timers_init(void);
void sched_init(void);
void softirq_threads_init(void);	/* after sched_init(), and again after smp_init() */
void irq_work_rt_init(void);
void workqueue_init(void);
void smp_init(void);
void context_init(void);
void watchdog_early_init(void);
void watchdog_cpus_init(void);
void watchdog_init(void);
void hung_task_init(void);
void console_init(void);
void tty_init(void);
void stop_machine_init(void);
extern int boot_status;		/* 0, or 1: a selftest or a command of the boot failed */
void boot_actions(void);		/* last, in a task: selftest=, run=, exit=, then the shell */

/* A CPU other than the boot CPU has done its steps: online, open for tasks. */
void smp_cpu_online(void);

/* EACH CPU: on every CPU, the boot CPU first. */
void sched_cpu_init(void);
void timers_cpu_init(void);
void softirq_cpu_init(void);

/* Parts of the steps above. */
void ipi_init(void);		/* of irq_init() */
void irq_work_init(void);	/* of ipi_init() */
void tasklet_init(void);	/* of softirq_init() */
void tasklet_cpu_init(void);	/* of softirq_cpu_init() */

#endif
