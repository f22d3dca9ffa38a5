/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands about CPUs and tasks: cpus, ps.
 *
 * A task that another CPU runs may exit at any time, so tasks are only touched
 * through get_next_task()'s references; what a CPU runs is found by asking all
 * tasks where they are. Figures are snapshots, each taken by itself.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/human.h>
#include <kernel/ipi.h>
#include <kernel/irq.h>
#include <kernel/lock_chain.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/timer.h>
#include <kernel/unwind.h>

/* ---- cpus -------------------------------------------------------------------- */

struct cpu_line {
	int pid;			/* -1: idle */
	char comm[TASK_COMM_LEN];
	u64 idle_ns;
};

static void find_running(struct cpu_line *lines)
{
	struct task_struct *p;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++)
		lines[cpu].pid = -1;
	for (p = get_next_task(0); p; p = next_task_put(p)) {
		cpu = task_cpu(p);
		if (!owner_on_cpu(p) || cpu >= nr_cpu_ids)
			continue;
		lines[cpu].pid = p->pid;
		strscpy(lines[cpu].comm, p->comm, sizeof(lines[cpu].comm));
	}
}

static void print_cpu(unsigned int cpu, const struct cpu_line *line, u64 idle_ns, u64 since)
{
	struct sched_cpu_stats st;
	char task[40] = "idle";
	struct human idle;

	if (!cpu_online(cpu)) {
		shell_printf("%3u  %4u  offline\n", cpu, arch_cpu_hwid(cpu));
		return;
	}
	sched_cpu_stats(cpu, &st);
	if (line->pid >= 0)
		snprintf(task, sizeof(task), "%d %s", line->pid, line->comm);
	shell_printf("%3u  %4u  online  %6s  %8llu  %9llu  %8u  %s\n", cpu, arch_cpu_hwid(cpu),
		     human_percent(&idle, idle_ns, since), st.ticks, st.switches, st.nr_running,
		     task);
}

static u64 idle_ns_of(unsigned int cpu)
{
	struct sched_cpu_stats st;

	sched_cpu_stats(cpu, &st);
	return st.idle_ns;
}

static int cmd_cpus(int argc, char **argv)
{
	struct cpu_line *lines;
	u64 start = 0, since;
	unsigned int cpu;
	long seconds = 0;

	if (shell_too_many(argc, argv, 1) ||
	    (argc == 2 && !shell_parse_int(argv[1], "seconds", 1, 3600, &seconds)))
		return -EINVAL;
	lines = kcalloc(nr_cpu_ids, sizeof(*lines), GFP_KERNEL);
	if (!lines)
		return -ENOMEM;
	if (seconds) {
		start = ktime_get_ns();
		for_each_online_cpu(cpu)
			lines[cpu].idle_ns = idle_ns_of(cpu);
		shell_sleep((unsigned int)seconds * 1000);
	}
	since = ktime_get_ns() - start;
	find_running(lines);
	shell_printf("CPU  HWID  STATE    IDLE%%     TICKS   SWITCHES  RUNNABLE  CURRENT\n");
	for_each_possible_cpu(cpu)
		print_cpu(cpu, &lines[cpu],
			  cpu_online(cpu) ? idle_ns_of(cpu) - lines[cpu].idle_ns : 0, since);
	kfree(lines);
	return 0;
}
SHELL_COMMAND(cpus, "cpus [SECONDS]", "CPUs and what they do", cmd_cpus,
	      .details = "IDLE% is since boot, or over the next SECONDS. HWID is the hardware's\n"
			 "number. RUNNABLE counts the running task and those that wait.\n");

/* ---- ps ------------------------------------------------------------------------ */

static void print_policy(const struct task_struct *p, char *buf, size_t size)
{
	switch (p->policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		snprintf(buf, size, "%s %u", p->policy == SCHED_FIFO ? "fifo" : "rr",
			 p->rt_priority);
		break;
	case SCHED_IDLE:
		snprintf(buf, size, "idle");
		break;
	default:
		snprintf(buf, size, "nice %d", task_nice(p));
	}
}

static void print_task(const struct task_struct *p)
{
	const struct lock_kind *kind = READ_ONCE(p->blocked_on.kind);
	char policy[16], wait[40] = "";
	struct human time;

	print_policy(p, policy, sizeof(policy));
	if (kind)
		snprintf(wait, sizeof(wait), "  %s%s", kind->name, p->in_iowait ? " (io)" : "");
	shell_printf("%5d  %-19s  %c  %3u  %-8s  %4d  %10s  %8llu%s\n", p->pid, p->comm,
		     task_state_char(p), task_cpu(p), policy, task_prio(p),
		     human_ns(&time, p->se.sum_exec_runtime), p->nvcsw + p->nivcsw, wait);
}

#define TRACE_MAX	32

/* Code addresses, innermost first. */
struct trace {
	const struct task_struct *p;
	bool taken;
	unsigned int nr;
	struct {
		unsigned long ip;
		bool after_call;
	} frames[TRACE_MAX];
};

static void take_trace(struct trace *t, const struct task_struct *p, const struct pt_regs *regs)
{
	struct unwind_state u;

	unwind_start(&u, p, regs);
	while (u.ip && t->nr < TRACE_MAX) {
		t->frames[t->nr].ip = u.ip;
		t->frames[t->nr++].after_call = u.after_call;
		if (!unwind_next(&u))
			break;
	}
	t->taken = true;
}

/* On the CPU that runs the task, hardirq. */
static void take_running(void *arg)
{
	struct trace *t = arg;

	if (current == t->p && get_irq_regs())
		take_trace(t, NULL, get_irq_regs());
}

static void print_trace(const struct trace *t)
{
	for (unsigned int i = 0; i < t->nr; i++)
		if (t->frames[i].after_call)
			shell_printf("    %pB\n", (void *)t->frames[i].ip);
		else
			shell_printf("    %pS\n", (void *)t->frames[i].ip);
}

static int show_stack(int pid)
{
	struct task_struct *p = find_get_task(pid);
	struct trace *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!p || !t) {
		shell_printf(p ? "ps: no memory\n" : "ps: no task %d; 'ps' lists all\n", pid);
		kfree(t);
		if (p)
			put_task_struct(p);
		return p ? -ENOMEM : -ESRCH;
	}
	t->p = p;
	if (p == current)
		take_trace(t, NULL, NULL);
	for (int i = 0; i < 100 && !t->taken; i++) {
		if (owner_on_cpu(p))
			smp_call_function_single(task_cpu(p), take_running, t, true);
		else
			take_trace(t, p, NULL);
	}
	shell_printf("%d %s, %c on CPU %u, stack %#lx..%#lx\n", p->pid, p->comm,
		     task_state_char(p), task_cpu(p), task_stack_low(p), task_stack_high(p));
	print_trace(t);
	kfree(t);
	put_task_struct(p);
	return 0;
}

/* A line a task that waits: for what, and who has that; then the others of its chain. */
static int show_waits(void)
{
	struct lock_chain *chain = kmalloc(sizeof(*chain), GFP_KERNEL);
	struct task_struct *p;
	bool any = false;
	char line[160];

	if (!chain)
		return -ENOMEM;
	for (p = get_next_task(0); p; p = next_task_put(p)) {
		lock_chain_get(chain, p);
		any |= chain->links[0].on.kind != NULL;
		for (unsigned int i = 0; chain->links[0].on.kind && i < chain->nr; i++) {
			lock_chain_describe(chain, i, line, sizeof(line));
			shell_printf("%s%s\n", i ? "    " : "", line);
		}
		if (chain->cycle >= 0)
			shell_printf("    deadlock\n");
		lock_chain_put(chain);
	}
	kfree(chain);
	if (!any)
		shell_printf("nobody waits\n");
	return 0;
}

static int ps_option(int argc, char **argv)
{
	long pid;

	if (!strcmp(argv[1], "-w"))
		return shell_too_many(argc, argv, 1) ? -EINVAL : show_waits();
	if (strcmp(argv[1], "-t"))
		shell_refuse(argv, argv[1], "-t PID, -w");
	else if (argc == 2)
		shell_printf("ps: -t needs a PID\n");
	else if (!shell_too_many(argc, argv, 2) &&
		 shell_parse_int(argv[2], "PID", 1, 9999999, &pid))
		return show_stack((int)pid);
	return -EINVAL;
}

static int cmd_ps(int argc, char **argv)
{
	struct task_struct *p;

	if (argc > 1)
		return ps_option(argc, argv);
	shell_printf("%5s  %-19s  S  CPU  %-8s  PRIO  %10s  %8s  WAITS FOR\n", "PID", "NAME",
		     "POLICY", "CPU TIME", "SWITCHES");
	for (p = get_next_task(0); p; p = next_task_put(p)) {
		if (shell_interrupted()) {
			put_task_struct(p);
			break;
		}
		print_task(p);
	}
	return 0;
}

static void complete_ps(struct completion_list *list, int arg)
{
	struct task_struct *p;
	char pid[12];

	if (arg == 1) {
		completion_offer(list, "-t");
		completion_offer(list, "-w");
	}
	for (p = arg == 2 ? get_next_task(0) : NULL; p; p = next_task_put(p)) {
		snprintf(pid, sizeof(pid), "%d", p->pid);
		completion_offer(list, pid);
	}
}
SHELL_COMMAND(ps, "ps [-t PID | -w]", "tasks; -t: a task's stack", cmd_ps,
	      .complete = complete_ps,
	      .details = "S is the state: R running or queued, S sleeping, D sleeping and not to\n"
			 "be interrupted, I idle kthread, P parked, X dead. PRIO is what the\n"
			 "scheduler obeys, 0 first: 0..98 fixed priorities, 100..139 by nice;\n"
			 "less than the task's own while a lock's waiter lends it its priority.\n"
			 "-t: the task's stack. -w: what each task waits for, who has that, what\n"
			 "that one waits for, and so on.\n");
