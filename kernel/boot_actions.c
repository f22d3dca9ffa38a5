/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a booted machine does: the last step of kernel/main.c's table.
 *
 *	selftest=GLOB	run selftests		failed: status 1
 *	run="a; b"	run shell commands	failed: status 1
 *	exit=poweroff	end QEMU with the status
 *	exit=shell	the shell; or, with shell=off, nothing. Its poweroff ends QEMU
 *			with the status, unless it is given another
 *
 * So a test boot is: selftest=* exit=poweroff. With no parameter at all the
 * machine goes straight to the shell, which is what a direct boot in the edit
 * loop wants; the boot menu's first entry says selftest=*.
 */
#include <base/string.h>
#include <kernel/arch.h>
#include <kernel/init.h>
#include <kernel/param.h>
#include <kernel/printk.h>
#include <kernel/selftest.h>
#include <kernel/shell.h>

enum { EXIT_SHELL, EXIT_POWEROFF };

static char selftest_glob[256] = "off";
BOOT_PARAM_STRING(selftest, selftest_glob,
		  "selftests to run at boot, globs like sched.*,-sched.slow*, or off",
		  .bare = "*");

static char run_line[1024];
BOOT_PARAM_STRING(run, run_line, "shell commands to run at boot, after the selftests");

static int exit_policy;
BOOT_PARAM_ENUM(exit, exit_policy, "what follows: the shell, or power off with a status",
		"shell", "poweroff");

static bool poweroff;
BOOT_PARAM_BOOL(poweroff, poweroff, "short for exit=poweroff");

static bool shell_on = true;
BOOT_PARAM_BOOL(shell, shell_on, "start the shell on the console");

int boot_status;

void boot_actions(void)
{
	if (strcmp(selftest_glob, "off") && selftest_run(selftest_glob, NULL))
		boot_status = 1;
	if (run_line[0] && shell_execute(run_line))
		boot_status = 1;
	if (boot_status)
		pr_err("boot: done, with failures\n");
	if (exit_policy == EXIT_POWEROFF || poweroff)
		arch_exit(boot_status);
	if (shell_on)
		shell_start();
}
