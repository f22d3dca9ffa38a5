/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words behind line editing: lines typed before, and words that may come next.
 *
 * History is one array of NUL-terminated lines, oldest first:
 *
 *	history  "cpus\0" "ps\0" "selftest sched.*\0"  <free>
 *	                   ^hist_pos: the line shown     ^hist_used: the new line
 *
 * The new line is kept in saved while an older one is shown. A line that equals
 * the last one is not stored twice; when the array is full the oldest go.
 *
 * Completion asks the owner for words; the part that all have in common is typed
 * for the user, a second Tab lists them.
 */
#include <base/string.h>
#include <kernel/readline.h>

/* ---- history -------------------------------------------------------------- */

void readline_history_add(struct readline *rl, const char *line)
{
	size_t n = strlen(line) + 1;
	size_t last = rl->hist_used;

	if (n == 1 || n > READLINE_HISTORY)
		return;
	if (last) {
		for (last--; last && rl->history[last - 1]; last--)
			;
		if (!strcmp(rl->history + last, line))
			return;
	}
	while (rl->hist_used + n > READLINE_HISTORY) {
		size_t first = strlen(rl->history) + 1;

		rl->hist_used -= first;
		memmove(rl->history, rl->history + first, rl->hist_used);
	}
	memcpy(rl->history + rl->hist_used, line, n);
	rl->hist_used += n;
	rl->hist_pos = rl->hist_used;
}

static void history_show(struct readline *rl, size_t where)
{
	if (rl->hist_pos == rl->hist_used) {
		memcpy(rl->saved, rl->buf, rl->len);
		rl->saved_len = rl->len;
	}
	rl->hist_pos = where;
	if (where == rl->hist_used)
		readline_set(rl, rl->saved, rl->saved_len);
	else
		readline_set(rl, rl->history + where, strlen(rl->history + where));
}

void readline_history_up(struct readline *rl)
{
	size_t p = rl->hist_pos;

	if (!p)
		return;
	for (p--; p && rl->history[p - 1]; p--)
		;
	history_show(rl, p);
}

void readline_history_down(struct readline *rl)
{
	if (rl->hist_pos < rl->hist_used)
		history_show(rl, rl->hist_pos + strlen(rl->history + rl->hist_pos) + 1);
}

/* ---- completion ----------------------------------------------------------- */

void completion_offer(struct completion_list *list, const char *word)
{
	size_t n = strlen(word) + 1;

	if (strncmp(word, list->prefix, list->prefix_len))
		return;
	for (size_t at = 0; at < list->used; at += strlen(list->words + at) + 1)
		if (!strcmp(list->words + at, word))
			return;
	if (list->used + n > sizeof(list->words)) {
		list->overflow = true;
		return;
	}
	memcpy(list->words + list->used, word, n);
	list->used += n;
	list->nr++;
}

/* What all offered words begin with. */
static size_t common_length(const struct completion_list *list)
{
	size_t common = strlen(list->words);

	for (size_t at = 0; at < list->used; at += strlen(list->words + at) + 1) {
		size_t i = 0;

		while (i < common && list->words[at + i] == list->words[i])
			i++;
		common = i;
	}
	return common;
}

static void list_words(struct readline *rl, const struct completion_list *list)
{
	size_t columns = rl->columns ? rl->columns : 80, width = 0, column = 0;

	for (size_t at = 0; at < list->used; at += strlen(list->words + at) + 1)
		width = max(width, strlen(list->words + at) + 2);
	readline_put(rl, "\n");
	for (size_t at = 0; at < list->used; at += strlen(list->words + at) + 1) {
		size_t n = strlen(list->words + at);

		if (column && column + width >= columns) {
			readline_put(rl, "\n");
			column = 0;
		}
		rl->output(list->words + at, n);
		for (; n < width; n++)
			readline_put(rl, " ");
		column += width;
	}
	readline_put(rl, list->overflow ? "\n(more)\n" : "\n");
	rl->drawn = false;
}

void readline_complete(struct readline *rl)
{
	struct completion_list *list = &rl->completions;
	size_t start = rl->pos, common;

	if (!rl->complete)
		return;
	while (start && rl->buf[start - 1] != ' ' && rl->buf[start - 1] != ';')
		start--;
	list->prefix = rl->buf + start;
	list->prefix_len = rl->pos - start;
	list->line = rl->buf;
	list->line_len = start;
	list->used = list->nr = 0;
	list->overflow = false;
	rl->complete(list);
	if (!list->nr) {
		readline_put(rl, "\a");
		return;
	}
	common = common_length(list);
	if (common > list->prefix_len)
		readline_insert(rl, list->words + list->prefix_len, common - list->prefix_len);
	else if (list->nr > 1 && rl->last_was_tab)
		list_words(rl, list);
	if (list->nr == 1 && rl->buf[rl->pos] != ' ')
		readline_insert(rl, " ", 1);
}
