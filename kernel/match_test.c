/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of globs and near names, by example.
 */
#include <kernel/match.h>
#include <kernel/selftest.h>

SELFTEST(match, lists_of_globs_choose_by_the_last_entry_that_matches)
{
	EXPECT(glob_list_match("*", "sched.a", NULL));
	EXPECT(glob_list_match("mm.*,sched.*", "sched.a", NULL));
	EXPECT(!glob_list_match("mm.*,sched.b", "sched.a", NULL));
	EXPECT(!glob_list_match("sched.*,-sched.a", "sched.a", NULL));
	EXPECT(glob_list_match("sched.*,-sched.a,*.a", "sched.a", NULL));
	EXPECT(glob_list_match("-mm.*", "sched.a", NULL));
	EXPECT(!glob_list_match("-mm.*", "mm.a", NULL));
	EXPECT(!glob_list_match("", "mm.a", NULL));
	EXPECT(!glob_list_match(",,", "mm.a", NULL));

	/* What stands before a dot is enough. */
	EXPECT(glob_list_match("sched", "sched.a", NULL));
	EXPECT(glob_list_match("mm,sched", "sched.a", NULL));
	EXPECT(!glob_list_match("*,-sched", "sched.a", NULL));
	EXPECT(!glob_list_match("sche", "sched.a", NULL));
	EXPECT(!glob_list_match("sched", "sched_rt.a", NULL));
}

SELFTEST(match, a_literal_must_be_spelt)
{
	EXPECT(!glob_list_match("*", "meta.a", "meta"));
	EXPECT(!glob_list_match("m*", "meta.a", "meta"));
	EXPECT(!glob_list_match("-x.*", "meta.a", "meta"));
	EXPECT(glob_list_match("meta.*", "meta.a", "meta"));
	EXPECT(glob_list_match("*,meta.a", "meta.a", "meta"));
	EXPECT(glob_list_match("meta", "meta.a", "meta"));
	EXPECT(!glob_list_match("met", "meta.a", "meta"));
	EXPECT(!glob_list_match("meta.*,-meta.a", "meta.a", "meta"));
}

SELFTEST(match, edit_distance_counts_single_edits)
{
	EXPECT_EQ(edit_distance("", ""), 0);
	EXPECT_EQ(edit_distance("cpus", "cpus"), 0);
	EXPECT_EQ(edit_distance("cpu", "cpus"), 1);
	EXPECT_EQ(edit_distance("cpsu", "cpus"), 1);
	EXPECT_EQ(edit_distance("xpus", "cpus"), 1);
	EXPECT_EQ(edit_distance("", "abc"), 3);
	EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

SELFTEST(match, near_names_are_near_and_far_ones_are_not)
{
	EXPECT(name_is_near("selftset", "selftest"));
	EXPECT(name_is_near("self", "selftest"));
	EXPECT(name_is_near("sp", "ps"));
	EXPECT(!name_is_near("ls", "ps_all_of_them"));
	EXPECT(!name_is_near("xyz", "cpus"));
	EXPECT(!name_is_near("a", "mem"));
}
