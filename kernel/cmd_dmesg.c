/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dmesg command: what the log still holds.
 */
#include <base/errno.h>
#include <base/string.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/shell.h>

/* A name or a number. */
static bool parse_level(const char *s, int *level)
{
	long v;

	for (int i = 0; i < NR_LOGLEVELS; i++) {
		if (!strcmp(s, loglevel_names[i])) {
			*level = i;
			return true;
		}
	}
	if (!kstrtol(s, 0, &v) && v >= 0 && v < NR_LOGLEVELS) {
		*level = (int)v;
		return true;
	}
	shell_printf("level '%s': accepted are 0..%d or", s, NR_LOGLEVELS - 1);
	for (int i = 0; i < NR_LOGLEVELS; i++)
		shell_printf(" %s", loglevel_names[i]);
	shell_printf("\n");
	return false;
}

static bool parse_options(int argc, char **argv, int *level, long *last)
{
	for (int i = 1; i < argc; i += 2) {
		bool known = !strcmp(argv[i], "-l") || !strcmp(argv[i], "-n");

		if (!known) {
			shell_refuse(argv, argv[i], "-l LEVEL, -n COUNT");
			return false;
		}
		if (i + 1 == argc) {
			shell_printf("dmesg: %s needs a %s\n", argv[i],
				     argv[i][1] == 'l' ? "LEVEL" : "COUNT");
			return false;
		}
		if (!strcmp(argv[i], "-l")) {
			if (!parse_level(argv[i + 1], level))
				return false;
		} else if (!shell_parse_int(argv[i + 1], "COUNT", 1, 1000000, last)) {
			return false;
		}
	}
	return true;
}

static unsigned int count_records(struct log_record *rec, u64 end, int level)
{
	unsigned int n = 0;
	u64 seq = 0;

	while (log_read(&seq, rec, NULL) && rec->seq < end)
		n += (int)rec->level <= level;
	return n;
}

/* Records up to @level, the last @last of them; not those that this one makes. */
static void print_log(struct log_record *rec, int level, long last)
{
	struct log_stats stats;
	unsigned int skip;
	u64 seq = 0;
	char prefix[48];

	log_stats(&stats);
	skip = count_records(rec, stats.slots_used, level);
	skip = last && skip > last ? skip - (unsigned int)last : 0;
	while (log_read(&seq, rec, NULL) && rec->seq < stats.slots_used && !shell_interrupted()) {
		if ((int)rec->level > level)
			continue;
		if (skip) {
			skip--;
			continue;
		}
		log_prefix(rec, prefix, sizeof(prefix));
		shell_printf("%s%s\n", prefix, rec->text);
	}
	if (stats.dropped)
		shell_printf("lost: %llu records found no room in the log\n", stats.dropped);
}

static int cmd_dmesg(int argc, char **argv)
{
	int level = LOGLEVEL_DEBUG;
	struct log_record *rec;
	long last = 0;

	if (!parse_options(argc, argv, &level, &last))
		return -EINVAL;
	rec = kmalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return -ENOMEM;
	print_log(rec, level, last);
	kfree(rec);
	return 0;
}

static void complete_dmesg(struct completion_list *list, int arg)
{
	if (arg % 2) {
		completion_offer(list, "-l");
		completion_offer(list, "-n");
	} else if (list->line_len > 3 && list->line[list->line_len - 2] == 'l') {
		for (int i = 0; i < NR_LOGLEVELS; i++)
			completion_offer(list, loglevel_names[i]);
	}
}
SHELL_COMMAND(dmesg, "dmesg [-l LEVEL] [-n COUNT]", "the kernel's log", cmd_dmesg,
	      .complete = complete_dmesg,
	      .details = "-l: records of LEVEL and more urgent ones (emerg alert crit err warning\n"
			 "    notice info debug, or 0..7);  -n: the last COUNT of them\n");
