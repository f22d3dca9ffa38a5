/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands about the machine as a whole: version, uptime, poweroff, reboot.
 */
#include <base/errno.h>
#include <boot/bootinfo.h>
#include <kernel/arch.h>
#include <kernel/cpumask.h>
#include <kernel/human.h>
#include <kernel/init.h>
#include <kernel/printk.h>
#include <kernel/sched.h>
#include <kernel/shell.h>
#include <kernel/timer.h>

static int cmd_version(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	shell_printf("Lockstep, %s, compiled with %s\n", arch_name, COMPILER_VERSION);
	shell_printf("CPU:     %s, %u of %u online\n", arch_cpu_model(), num_online_cpus(),
		     num_possible_cpus());
	shell_printf("loader:  %s\n", boot_info.loader);
	shell_printf("line:    %s\n", boot_info.cmdline);
	shell_printf("preempt: %s, HZ=%d\n", preempt_mode_names[preempt_mode], HZ);
	return 0;
}
SHELL_COMMAND(version, "version", "what runs, on what", cmd_version);

static int cmd_uptime(int argc, char **argv)
{
	u64 idle = 0, up = ktime_get_ns();
	struct sched_cpu_stats st;
	struct human a, b;
	unsigned int cpu;

	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	for_each_online_cpu(cpu) {
		sched_cpu_stats(cpu, &st);
		idle += st.idle_ns;
	}
	shell_printf("up %s, %u tasks, %u CPU%s, %s %% idle since boot\n", human_ns(&a, up),
		     nr_tasks(), num_online_cpus(), num_online_cpus() > 1 ? "s" : "",
		     human_percent(&b, idle / num_online_cpus(), up));
	return 0;
}
SHELL_COMMAND(uptime, "uptime", "time since boot, idle share", cmd_uptime);

static int cmd_poweroff(int argc, char **argv)
{
	long status = boot_status;

	if (shell_too_many(argc, argv, 1) ||
	    (argc == 2 && !shell_parse_int(argv[1], "status", 0, 99, &status)))
		return -EINVAL;
	if (status)
		arch_exit((int)status);
	arch_poweroff();
}
SHELL_COMMAND(poweroff, "poweroff [STATUS]", "end the machine", cmd_poweroff,
	      .details = "With a STATUS other than 0 QEMU exits with failure. Without one it does\n"
			 "so when selftests or commands that the boot was told to run have failed.\n");

static int cmd_reboot(int argc, char **argv)
{
	if (shell_too_many(argc, argv, 0))
		return -EINVAL;
	arch_reboot();
}
SHELL_COMMAND(reboot, "reboot", "reset the machine", cmd_reboot);
