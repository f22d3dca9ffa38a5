/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The run-on command: run another command in a kthread that is bound to a CPU.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/kthread.h>
#include <kernel/readline.h>
#include <kernel/shell.h>
#include <kernel/wait.h>

struct remote_command {
	int argc;
	char **argv;
	bool done;		/* the kthread; the shell waits for it */
};

static DECLARE_WAIT_QUEUE_HEAD(remote_wait);

static int run_remote(void *arg)
{
	struct remote_command *c = arg;

	int ret = shell_run(c->argc, c->argv);

	/* run_on/A: pairs with cmd_run_on() */
	smp_store_release(&c->done, true);
	wake_up(&remote_wait);
	return ret;
}

static int cmd_run_on(int argc, char **argv)
{
	struct remote_command c = { .argc = argc - 2, .argv = argv + 2 };
	struct task_struct *p;
	int cpu, ret;

	if (argc < 3 || !shell_parse_cpu(argv[1], false, &cpu))
		return -EINVAL;
	p = kthread_create_on_cpu(run_remote, &c, (unsigned int)cpu, "run-on/%u");
	if (IS_ERR(p)) {
		shell_printf("run-on: no thread (%ld)\n", PTR_ERR(p));
		return (int)PTR_ERR(p);
	}
	get_task_struct(p);
	wake_up_process(p);
	/* run_on/A: pairs with run_remote() */
	wait_event_idle(remote_wait, smp_load_acquire(&c.done));
	ret = kthread_stop_put(p);
	return ret == -EINVAL ? -EIO : ret;
}

static void complete_run_on(struct completion_list *list, int arg)
{
	shell_complete_cpu(list, arg);
	if (arg >= 2)
		shell_complete_after(list, 2);
}
SHELL_COMMAND(run-on, "run-on CPU CMD...", "run CMD on a CPU", cmd_run_on,
	      .complete = complete_run_on);
