/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures for people: sizes and times with a unit, three digits or a little more.
 */
#include <kernel/human.h>
#include <kernel/printk.h>

const char *human_size(struct human *h, u64 bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	unsigned int u = 0;
	u64 whole = bytes, rest = 0;

	for (; whole >= 1024 && u < ARRAY_SIZE(units) - 1; u++) {
		rest = whole % 1024;
		whole /= 1024;
	}
	if (u && whole < 100)
		snprintf(h->text, sizeof(h->text), "%llu.%llu %s", whole, rest * 10 / 1024,
			 units[u]);
	else
		snprintf(h->text, sizeof(h->text), "%llu %s", whole, units[u]);
	return h->text;
}

const char *human_ns(struct human *h, u64 ns)
{
	if (ns < 1000)
		snprintf(h->text, sizeof(h->text), "%llu ns", ns);
	else if (ns < 1000000)
		snprintf(h->text, sizeof(h->text), "%llu.%llu us", ns / 1000, ns / 100 % 10);
	else if (ns < 1000000000)
		snprintf(h->text, sizeof(h->text), "%llu.%llu ms", ns / 1000000,
			 ns / 100000 % 10);
	else
		snprintf(h->text, sizeof(h->text), "%llu.%03llu s", ns / 1000000000,
			 ns / 1000000 % 1000);
	return h->text;
}

const char *human_percent(struct human *h, u64 part, u64 whole)
{
	u64 tenths = whole ? min(part, whole) * 1000 / whole : 0;

	snprintf(h->text, sizeof(h->text), "%llu.%llu", tenths / 10, tenths % 10);
	return h->text;
}
