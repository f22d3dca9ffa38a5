/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for addresses. Data symbols come from `nm` on this program, code from
 * `addr2line -i`, which knows inlined frames: of those the innermost that is
 * not the port's or the atomics' header is the line a reader wants. Both run
 * only when something is reported. The program is linked without PIE.
 */
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct symbol {
	unsigned long start, size;
	char name[48];
};

static struct symbol *table;
static unsigned int nr_symbols;

static void self(char *buf, size_t room)
{
	ssize_t n = readlink("/proc/self/exe", buf, room - 1);

	buf[n > 0 ? n : 0] = 0;
}

static void load(void)
{
	char path[512], cmd[600], line[256];
	FILE *f;

	self(path, sizeof(path));
	snprintf(cmd, sizeof(cmd), "nm -S '%s' 2>/dev/null", path);
	f = popen(cmd, "r");
	table = malloc(sizeof(*table));
	while (f && fgets(line, sizeof(line), f)) {
		struct symbol s;
		char kind;

		if (sscanf(line, "%lx %lx %c %47s", &s.start, &s.size, &kind, s.name) != 4 ||
		    !strchr("bBdDrR", kind))
			continue;
		table = realloc(table, (nr_symbols + 2) * sizeof(*table));
		table[nr_symbols++] = s;
	}
	if (f)
		pclose(f);
}

void symbol_of_data(const volatile void *addr, char *buf, size_t room)
{
	unsigned long a = (unsigned long)addr;

	if (!table)
		load();
	for (unsigned int i = 0; i < nr_symbols; i++) {
		const struct symbol *s = &table[i];

		if (a < s->start || a >= s->start + s->size)
			continue;
		if (a == s->start)
			snprintf(buf, room, "%s", s->name);
		else
			snprintf(buf, room, "%s+%lu", s->name, a - s->start);
		return;
	}
	snprintf(buf, room, "%#lx", a);
}

static bool plumbing(const char *file)
{
	static const char *const names[] = {
		"port_check.h", "port.h", "atomic.h", "barrier.h", "mc.h", "lock_ops.h",
	};
	const char *base = strrchr(file, '/');

	base = base ? base + 1 : file;
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(base, names[i], strlen(names[i])))
			return true;
	return false;
}

void symbol_of_code(const void *addr, char *buf, size_t room)
{
	char path[512], cmd[700], function[128], file[256];
	FILE *f;

	self(path, sizeof(path));
	snprintf(cmd, sizeof(cmd), "addr2line -i -f -e '%s' %#lx 2>/dev/null", path,
		 (unsigned long)addr - 1);
	f = popen(cmd, "r");
	snprintf(buf, room, "%p", addr);
	while (f && fscanf(f, "%127s %255s%*[^\n]", function, file) == 2) {
		const char *base = strrchr(file, '/');

		snprintf(buf, room, "%s %s", base ? base + 1 : file, function);
		if (!plumbing(file))
			break;
	}
	if (f)
		pclose(f);
}
