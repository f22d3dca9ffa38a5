/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU plugin: instructions and atomic read-modify-writes executed in a window.
 *
 *	-plugin count.so,mark=ADDR,out=FILE	"insns N atomics N", a line a window
 *
 * All CPUs count together.
 */
#include "atomic_insn.h"
#include "qemu_abi.h"
#include "window.h"

int qemu_plugin_version = PLUGIN_API_VERSION;

static struct window window;
static uint64_t insns, atomics;

static void on_insn(unsigned int cpu, void *atomic)
{
	(void)cpu;
	if (!window.open)
		return;
	insns++;
	atomics += (uintptr_t)atomic;
}

static void on_store(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t va, void *data)
{
	(void)cpu, (void)info, (void)data;
	if (!window_store(&window, va))
		return;
	if (!window.open)
		fprintf(window.out, "insns %llu atomics %llu\n", (unsigned long long)insns,
			(unsigned long long)atomics);
	insns = atomics = 0;
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		bool atomic = is_atomic(window.x86, qemu_plugin_insn_data(insn),
					qemu_plugin_insn_size(insn));

		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_insn, QEMU_PLUGIN_CB_NO_REGS,
						       (void *)(uintptr_t)atomic);
		qemu_plugin_register_vcpu_mem_cb(insn, on_store, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W, NULL);
	}
}

static void at_exit(qemu_plugin_id_t id, void *data)
{
	(void)id, (void)data;
	fclose(window.out);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	if (window_arguments(&window, info, argc, argv))
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
