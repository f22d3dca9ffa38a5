/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two loaders of x86_64: multiboot2 (GRUB) and PVH (QEMU -kernel).
 *
 * Their data lies anywhere below 4 GiB, which the first page tables map at
 * PAGE_OFFSET. All that is needed of it is copied here, so it need not be
 * reserved; only the RSDP copy of multiboot2 is referred to until
 * arch_early_init() has read the ACPI tables.
 *
 * Linux:   arch/x86/platform/pvh/enlighten.c; multiboot2 has no counterpart
 */
#include <base/compiler.h>
#include <asm/page.h>
#include <boot/bootinfo.h>

#define MULTIBOOT2_LOADER_MAGIC	0x36d76289
#define HVM_START_MAGIC		0x336ec578

enum mb2_tag_type {
	MB2_END, MB2_CMDLINE, MB2_LOADER_NAME, MB2_MMAP = 6, MB2_ACPI_OLD = 14, MB2_ACPI_NEW = 15,
};

struct mb2_tag {
	u32 type, size;
};

struct mb2_mmap {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
};

struct mb2_mmap_entry {
	u64 base, length;
	u32 type, reserved;
};

struct hvm_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modlist, cmdline, rsdp;
	u64 memmap;			/* from here on: version 1 */
	u32 memmap_entries, reserved;
};

struct hvm_memmap_entry {
	u64 addr, size;
	u32 type, reserved;
};

#define MEMORY_RAM	1		/* E820's type, in both formats */

static const char mb2_name[] = "multiboot2";
static char loader_name[64];

static void *low(phys_addr_t pa)
{
	return (void *)(PAGE_OFFSET + pa);
}

static void name_loader(const char *s)
{
	char *p = loader_name, *end = loader_name + sizeof(loader_name) - 2;

	for (const char *t = "multiboot2 ("; *t; t++)
		*p++ = *t;
	while (*s && p < end)
		*p++ = *s++;
	*p++ = ')';
	boot_info.loader = loader_name;
}

static void read_mmap(const struct mb2_mmap *m)
{
	const char *p = (const char *)(m + 1), *end = (const char *)m + m->tag.size;

	for (; p + sizeof(struct mb2_mmap_entry) <= end; p += m->entry_size) {
		const struct mb2_mmap_entry *e = (const void *)p;

		if (e->type == MEMORY_RAM)
			boot_add_ram(e->base, e->base + e->length);
	}
}

static void read_multiboot2(phys_addr_t info)
{
	u32 total = *(u32 *)low(info);
	const struct mb2_tag *tag;

	boot_info.loader = mb2_name;
	for (phys_addr_t at = info + 8; at < info + total; at += ALIGN(tag->size, 8U)) {
		tag = low(at);
		switch (tag->type) {
		case MB2_END:
			return;
		case MB2_CMDLINE:
			boot_set_cmdline((const char *)(tag + 1));
			break;
		case MB2_LOADER_NAME:
			name_loader((const char *)(tag + 1));
			break;
		case MB2_MMAP:
			read_mmap((const struct mb2_mmap *)tag);
			break;
		case MB2_ACPI_OLD:
			if (!boot_info.acpi_rsdp)
				boot_info.acpi_rsdp = at + sizeof(*tag);
			break;
		case MB2_ACPI_NEW:
			boot_info.acpi_rsdp = at + sizeof(*tag);
			break;
		}
	}
}

static void read_pvh(phys_addr_t info)
{
	const struct hvm_start_info *si = low(info);
	const struct hvm_memmap_entry *e = low(si->memmap);

	boot_info.loader = "PVH";
	boot_info.acpi_rsdp = si->rsdp;
	if (si->cmdline)
		boot_set_cmdline(low(si->cmdline));
	if (si->version < 1)
		return;
	for (u32 i = 0; i < si->memmap_entries; i++)
		if (e[i].type == MEMORY_RAM)
			boot_add_ram(e[i].addr, e[i].addr + e[i].size);
}

void boot_info_init(unsigned long magic, phys_addr_t info)
{
	if (magic == MULTIBOOT2_LOADER_MAGIC)
		read_multiboot2(info);
	else if (magic == HVM_START_MAGIC && *(u32 *)low(info) == HVM_START_MAGIC)
		read_pvh(info);
	else
		boot_info.loader = "unknown";
	boot_reserve(0, PAGE_SIZE);	/* the BIOS's data; and no page is at address 0 */
	boot_info_finish();
}
