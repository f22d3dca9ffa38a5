/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU plugin: cache misses that CPUs cause each other, in a window.
 *
 *	-plugin mesi.so,mark=ADDR[,skip=ADDR],out=FILE
 *
 * writes a line a window:
 *
 *	misses N read N write N upgrades N invalidations N cold N lines N
 *
 * misses = read + write + upgrades, all of them coherence misses (mesi_model.h).
 * Lines are lines of virtual addresses: kernel memory has one, as far as locks go.
 */
#include "atomic_insn.h"
#include "mesi_model.h"
#include "qemu_abi.h"
#include "window.h"

int qemu_plugin_version = PLUGIN_API_VERSION;

static struct window window;
static struct mesi mesi;

static void report(void)
{
	if (mesi.full) {
		fprintf(window.out, "full\n");
		return;
	}
	fprintf(window.out, "misses %llu read %llu write %llu upgrades %llu invalidations %llu "
		"cold %llu lines %u\n",
		(unsigned long long)(mesi.read_misses + mesi.write_misses + mesi.upgrades),
		(unsigned long long)mesi.read_misses, (unsigned long long)mesi.write_misses,
		(unsigned long long)mesi.upgrades, (unsigned long long)mesi.invalidations,
		(unsigned long long)mesi.cold, mesi.used);
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t va, void *atomic)
{
	bool write = qemu_plugin_mem_is_store(info);

	if (write && window_store(&window, va)) {
		if (window.open)
			mesi_reset(&mesi);
		else
			report();
		return;
	}
	if (window.open && va >> MESI_LINE_SHIFT != window.skip >> MESI_LINE_SHIFT)
		mesi_access(&mesi, cpu, va, write || atomic);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		bool atomic = is_atomic(window.x86, qemu_plugin_insn_data(insn),
					qemu_plugin_insn_size(insn));

		qemu_plugin_register_vcpu_mem_cb(insn, on_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, (void *)(uintptr_t)atomic);
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
	mesi_reset(&mesi);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
