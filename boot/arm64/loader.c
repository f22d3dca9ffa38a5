/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loader's data on arm64: a device tree. Its address comes in x0, or, from
 * QEMU for an ELF image, it lies at the start of RAM.
 *
 * The tree stays where it is, reserved: arch/ reads CPUs and devices from it.
 *
 * Linux: drivers/of/fdt.c
 */
#include <base/compiler.h>
#include <base/string.h>
#include <asm/fdt.h>
#include <asm/page.h>
#include <boot/bootinfo.h>

#define RAM_START	0x40000000UL

static bool use_tree(phys_addr_t at)
{
	if (!at || !fdt_init((const void *)(PAGE_OFFSET + at)))
		return false;
	boot_info.dtb = at;
	return true;
}

static bool is_memory(int node)
{
	const char *type = fdt_string(node, "device_type");

	return type && !strcmp(type, "memory");
}

void boot_info_init(unsigned long magic, phys_addr_t dtb)
{
	u64 addr, size;

	if (!use_tree(dtb) && !use_tree(RAM_START)) {
		boot_info.loader = "unknown, no device tree";
		return;
	}
	boot_info.loader = "device tree";
	for (int node = fdt_root(); node >= 0; node = fdt_next(node)) {
		if (is_memory(node)) {
			for (unsigned int i = 0; fdt_reg(node, i, &addr, &size); i++)
				boot_add_ram(addr, addr + size);
		} else if (!strcmp(fdt_name(node), "chosen")) {
			boot_set_cmdline(fdt_string(node, "bootargs"));
		}
	}
	for (unsigned int i = 0; fdt_reserved(i, &addr, &size); i++)
		boot_reserve(addr, addr + size);
	boot_reserve(boot_info.dtb, boot_info.dtb + fdt_size());
	boot_info_finish();
}
