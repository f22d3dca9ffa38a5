/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU masks, and masks as text. The contract is <kernel/cpumask.h>.
 *
 * Linux: kernel/cpu.c, lib/cpumask.c, lib/bitmap-str.c
 */
#include <base/ctype.h>
#include <base/errno.h>
#include <base/string.h>
#include <kernel/cpumask.h>

unsigned int nr_cpu_ids = 1;

struct cpumask __cpu_possible_mask = { { 1 } };
struct cpumask __cpu_online_mask = { { 1 } };
struct cpumask __cpu_active_mask;

#define ROW(n)		[(n) + 1][0] = 1UL << (n)
#define ROWS_8(n)	ROW(n), ROW((n) + 1), ROW((n) + 2), ROW((n) + 3), \
			ROW((n) + 4), ROW((n) + 5), ROW((n) + 6), ROW((n) + 7)

const unsigned long cpu_bit_bitmap[BITS_PER_LONG + 1][BITS_TO_LONGS(NR_CPUS)] = {
	ROWS_8(0), ROWS_8(8), ROWS_8(16), ROWS_8(24),
	ROWS_8(32), ROWS_8(40), ROWS_8(48), ROWS_8(56),
};

void set_cpu_possible(unsigned int cpu)
{
	__cpumask_set_cpu(cpu, &__cpu_possible_mask);
	nr_cpu_ids = max(nr_cpu_ids, cpu + 1);
}

void set_cpu_online(unsigned int cpu, bool online)
{
	if (online)
		cpumask_set_cpu(cpu, &__cpu_online_mask);
	else
		cpumask_clear_cpu(cpu, &__cpu_online_mask);
}

void set_cpu_active(unsigned int cpu, bool active)
{
	if (active)
		cpumask_set_cpu(cpu, &__cpu_active_mask);
	else
		cpumask_clear_cpu(cpu, &__cpu_active_mask);
}

/* Text that may not fit: @len counts on when the buffer is full. */
struct text {
	char *buf;
	size_t size;
	int len;
};

static void put_char(struct text *t, char c)
{
	if (t->len + 1 < (int)t->size)
		t->buf[t->len] = c;
	t->len++;
}

static void put_number(struct text *t, unsigned int n)
{
	if (n >= 10)
		put_number(t, n / 10);
	put_char(t, '0' + n % 10);
}

int cpumask_print(char *buf, size_t size, const struct cpumask *mask)
{
	struct text t = { .buf = buf, .size = size };
	unsigned int first, last;

	for (first = cpumask_first(mask); first < NR_CPUS; first = cpumask_next(last, mask)) {
		last = cpumask_next_zero(first, mask) - 1;
		if (t.len)
			put_char(&t, ',');
		put_number(&t, first);
		if (last == first)
			continue;
		put_char(&t, '-');
		put_number(&t, last);
	}
	if (size)
		buf[min((size_t)t.len, size - 1)] = '\0';
	return t.len;
}

static const char *parse_number(const char *s, unsigned int *n)
{
	if (!isdigit((u8)*s))
		return NULL;
	for (*n = 0; isdigit((u8)*s); s++)
		*n = min(*n * 10 + (*s - '0'), (unsigned int)NR_CPUS * 10);
	return s;
}

int cpulist_parse(const char *buf, struct cpumask *dst)
{
	const char *s = skip_spaces(buf);

	cpumask_clear(dst);
	if (!strcmp(s, "all")) {
		cpumask_setall(dst);
		return 0;
	}
	while (*s) {
		unsigned int first, last;

		s = parse_number(s, &first);
		last = first;
		if (s && *s == '-')
			s = parse_number(s + 1, &last);
		if (!s || last < first)
			return -EINVAL;
		if (last >= nr_cpu_ids)
			return -ERANGE;
		bitmap_set(dst->bits, first, last - first + 1);
		s = skip_spaces(s);
		if (*s == ',' && s[1])
			s = skip_spaces(s + 1);
		else if (*s)
			return -EINVAL;
	}
	return 0;
}
