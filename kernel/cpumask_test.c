/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU masks: searches, walks, and masks as text.
 */
#include <base/errno.h>
#include <base/prandom.h>
#include <base/string.h>
#include <kernel/cpumask.h>
#include <kernel/selftest.h>

SELFTEST(cpumask, the_machine_s_masks_are_consistent)
{
	unsigned int cpu, n = 0;

	EXPECT_EQ(num_possible_cpus(), nr_cpu_ids);
	EXPECT(cpumask_subset(cpu_online_mask, cpu_possible_mask));
	EXPECT(cpumask_subset(cpu_active_mask, cpu_online_mask));
	EXPECT(cpu_online(0));
	EXPECT(!cpu_possible(nr_cpu_ids));
	for_each_online_cpu(cpu)
		n++;
	EXPECT_EQ(n, num_online_cpus());
}

SELFTEST(cpumask, cpumask_of_holds_just_that_cpu)
{
	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++) {
		const struct cpumask *mask = cpumask_of(cpu);

		EXPECT(cpumask_test_cpu(cpu, mask));
		EXPECT_EQ(cpumask_weight(mask), 1);
		EXPECT_EQ(cpumask_first(mask), cpu);
		EXPECT(cpumask_any_but(mask, cpu) >= nr_cpu_ids);
	}
}

SELFTEST(cpumask, the_wrapping_walk_visits_each_once)
{
	struct cpumask mask = CPU_MASK_NONE;

	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu += 3)
		__cpumask_set_cpu(cpu, &mask);
	for (unsigned int start = 0; start < NR_CPUS; start += 5) {
		struct cpumask seen = CPU_MASK_NONE;
		unsigned int cpu, first = NR_CPUS;

		for_each_cpu_wrap(cpu, &mask, start) {
			first = first == NR_CPUS ? cpu : first;
			EXPECT(!cpumask_test_and_set_cpu(cpu, &seen));
		}
		EXPECT(cpumask_equal(&seen, &mask));
		EXPECT_EQ(first, cpumask_next_wrap((int)start - 1, &mask));
	}
}

SELFTEST(cpumask, the_list_form_reads_back)
{
	struct rnd_state rnd = { 8 };

	for (unsigned int round = 0; round < 100; round++) {
		struct cpumask mask = CPU_MASK_NONE, back;
		char text[1024];
		int len;

		for (unsigned int n = prandom_u32_below(&rnd, nr_cpu_ids + 1); n; n--)
			__cpumask_set_cpu(prandom_u32_below(&rnd, nr_cpu_ids), &mask);
		len = cpumask_print(text, sizeof(text), &mask);
		EXPECT_EQ(len, strlen(text));
		EXPECT_EQ(cpulist_parse(text, &back), 0);
		EXPECT(cpumask_equal(&mask, &back));
		EXPECT_EQ(cpumask_print(text, 2, &mask), len);
		EXPECT(strlen(text) <= 1);
	}
}

SELFTEST(cpumask, what_is_no_list_is_refused)
{
	static const char *const bad[] = {
		"x", "1-", "-1", "0,", "0,,0", "0-0-0", "3-2", "0 0", "all ",
	};
	struct cpumask mask;
	char text[16];

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(cpulist_parse(bad[i], &mask), -EINVAL);
	EXPECT_EQ(cpulist_parse("99999999999", &mask), -ERANGE);
	EXPECT_EQ(cpulist_parse("all", &mask), 0);
	EXPECT(cpumask_equal(&mask, cpu_possible_mask));
	EXPECT_EQ(cpulist_parse("", &mask), 0);
	EXPECT(cpumask_empty(&mask));
	EXPECT_EQ(cpumask_print(text, sizeof(text), &mask), 0);
	EXPECT_EQ(cpulist_parse(" 0 ", &mask), 0);
	EXPECT(cpumask_equal(&mask, cpumask_of(0)));
}
