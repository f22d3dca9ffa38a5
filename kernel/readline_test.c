/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys go in, the buffer and the screen are looked at. The screen is one row as a
 * terminal would show it: a few control sequences are all that readline.c sends.
 */
#include <base/string.h>
#include <kernel/mm.h>
#include <kernel/printk.h>
#include <kernel/readline.h>
#include <kernel/selftest.h>

#define ROW	256

static struct {
	char row[ROW];
	unsigned int col, digits;
	bool esc;
	unsigned long bytes, escapes;
} screen;

static void screen_byte(char c)
{
	if (screen.esc) {
		if (c >= '0' && c <= '9')
			screen.digits = screen.digits * 10 + (c - '0');
		else if (c == 'K')
			memset(screen.row + screen.col, 0, ROW - screen.col);
		else if (c == 'C')
			screen.col += screen.digits;
		screen.esc = c == '[' || (c >= '0' && c <= '9');
	} else if (c == '\033') {
		screen.esc = true;
		screen.digits = 0;
		screen.escapes++;
	} else if (c == '\r') {
		screen.col = 0;
	} else if (c == '\n') {
		memset(screen.row, 0, ROW);
		screen.col = 0;
	} else if (c == '\b') {
		screen.col--;
	} else if (c != '\a' && screen.col < ROW - 1) {
		screen.row[screen.col++] = c;
	}
}

static void screen_write(const char *s, size_t n)
{
	screen.bytes += n;
	while (n--)
		screen_byte(*s++);
}

static void offer_words(struct completion_list *list)
{
	static const char *const words[] = { "selftest", "stress", "softirqs", "ps", NULL };

	for (int i = 0; words[i]; i++)
		completion_offer(list, words[i]);
}

static bool always_pending(void)
{
	return true;
}

static struct readline *new_line(void)
{
	struct readline *rl = kzalloc(sizeof(*rl), GFP_KERNEL);

	if (!rl)
		return NULL;
	rl->prompt = "> ";
	rl->output = screen_write;
	rl->complete = offer_words;
	readline_init(rl);
	return rl;
}

static enum readline_event feed(struct readline *rl, const char *keys)
{
	enum readline_event event = READLINE_MORE;

	while (*keys)
		event = readline_feed(rl, *keys++);
	return event;
}

/* What a terminal shows: characters behind the text that were erased are spaces. */
static const char *screen_row(size_t text)
{
	size_t n = strlen(screen.row);

	while (n > 2 + text && screen.row[n - 1] == ' ')
		screen.row[--n] = '\0';
	return screen.row;
}

/* Start a line, type @keys; the buffer must be @text, and the screen show it. */
static void typed(struct selftest *t, int line, struct readline *rl, const char *keys,
		  const char *text)
{
	memset(&screen, 0, sizeof(screen));
	readline_start(rl);
	feed(rl, keys);
	if (strcmp(rl->buf, text))
		selftest_fail(t, __FILE__, line, "buffer is \"%s\", expected \"%s\"", rl->buf,
			      text);
	if (strlen(text) < 70 && strcmp(screen_row(strlen(text)) + 2, text))
		selftest_fail(t, __FILE__, line, "screen is \"%s\", expected \"> %s\"",
			      screen.row, text);
	if (strlen(text) < 70 && screen.col != 2 + rl->pos)
		selftest_fail(t, __FILE__, line, "screen's cursor at %u, expected %zu",
			      screen.col, 2 + rl->pos);
}

#define TYPED(keys, text) typed(t, __LINE__, rl, keys, text)

SELFTEST(readline, keys_edit_the_line)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	TYPED("abc", "abc");
	TYPED("abc\x01x", "xabc");
	TYPED("abc\x01\x05x", "abcx");
	TYPED("abc\x02\x02x\x06y", "axbyc");
	TYPED("abc\033[D\033[Dx\033[Cy", "axbyc");
	TYPED("abc\033OD\033ODx", "axbc");
	TYPED("abc\033[Hx\033[Fy", "xabcy");
	TYPED("abc\033[1~x\033[4~y", "xabcy");
	TYPED("abc\x7f\x08x", "ax");
	TYPED("\x7f\x7f", "");
	TYPED("abc\x02\x7f", "ac");
	TYPED("abc\x01\x04\033[3~", "c");
	TYPED("abc\033[3~", "abc");
	TYPED("one two \x17three", "one three");
	TYPED("one two\x15""1", "1");
	TYPED("abc\x02\x02\x0bz", "az");
	TYPED("one two\x17\x01\x19 ", "two one ");
	TYPED("one two\033[1;5Dx", "one xtwo");
	TYPED("one two\x01\033[1;5Cx", "onex two");
	TYPED("ab\033[12;99Qc\x0e\x10", "abc");
	kfree(rl);
}

SELFTEST(readline, enter_ends_a_line_once)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	readline_start(rl);
	EXPECT_EQ(feed(rl, "ps\r"), READLINE_LINE);
	EXPECT_STREQ(rl->buf, "ps");
	readline_start(rl);
	EXPECT_EQ(feed(rl, "\n"), READLINE_MORE);
	EXPECT_EQ(feed(rl, "\n"), READLINE_LINE);
	readline_start(rl);
	EXPECT_EQ(feed(rl, "ps\x03"), READLINE_INTR);
	readline_start(rl);
	EXPECT_EQ(feed(rl, "\x04"), READLINE_EOF);
	readline_start(rl);
	EXPECT_EQ(feed(rl, "x\x01\x04\x04"), READLINE_EOF);
	kfree(rl);
}

SELFTEST(readline, history_goes_up_and_down_and_drops_repeats)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	TYPED("\033[A", "");
	readline_history_add(rl, "first");
	readline_history_add(rl, "second");
	readline_history_add(rl, "second");
	readline_history_add(rl, "");
	TYPED("\033[A", "second");
	TYPED("\x10\x10\x10", "first");
	TYPED("new\033[A\033[A\033[B", "second");
	TYPED("new\033[A\033[A\033[B\033[B\033[B", "new");
	TYPED("\033[Ax", "secondx");
	TYPED("\033[A", "second");
	kfree(rl);
}

SELFTEST(readline, old_history_makes_room)
{
	struct readline *rl = new_line();
	char line[64];

	if (!EXPECT(rl))
		return;
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "a line of history, number %d", i);
		readline_history_add(rl, line);
	}
	TYPED("\033[A\033[A", "a line of history, number 998");
	EXPECT(rl->hist_used <= READLINE_HISTORY);
	EXPECT(rl->hist_used > READLINE_HISTORY - sizeof(line));
	readline_start(rl);
	for (int i = 0; i < 1000; i++)
		feed(rl, "\x10");
	EXPECT(!strncmp(rl->buf, "a line of history, number ", 26));
	kfree(rl);
}

SELFTEST(readline, tab_completes_what_is_common)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	TYPED("p\t", "ps ");
	TYPED("s\t", "s");
	TYPED("s\t\tt\t", "stress ");
	TYPED("se\tx", "selftest x");
	TYPED("x\t", "x");
	TYPED("se x\x02\x02\t", "selftest x");
	TYPED("x;st\t", "x;stress ");
	kfree(rl);
}

SELFTEST(readline, a_burst_is_echoed_without_escapes)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	rl->input_pending = always_pending;
	memset(&screen, 0, sizeof(screen));
	readline_start(rl);
	EXPECT_EQ(feed(rl, "echo a line of a script\r"), READLINE_LINE);
	EXPECT_EQ(screen.escapes, 0);
	EXPECT_EQ(screen.bytes, 2 + 23 + 1);
	kfree(rl);
}

SELFTEST(readline, long_lines_keep_their_start_and_count_the_rest)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	readline_start(rl);
	for (int i = 0; i < READLINE_MAX + 100; i++)
		readline_feed(rl, (char)('a' + i % 26));
	EXPECT_EQ(rl->len, READLINE_MAX - 1);
	EXPECT_EQ(rl->dropped, 101);
	EXPECT_EQ(rl->buf[25], 'z');
	EXPECT(screen.col < 80);
	EXPECT_EQ(feed(rl, "\x15x"), READLINE_MORE);
	EXPECT_STREQ(rl->buf, "x");
	kfree(rl);
}

SELFTEST(readline, hiding_and_showing_keep_the_line)
{
	struct readline *rl = new_line();

	if (!EXPECT(rl))
		return;
	TYPED("abc\x02", "abc");
	readline_hide(rl);
	EXPECT_STREQ(screen.row, "");
	readline_show(rl);
	EXPECT_STREQ(screen.row, "> abc");
	EXPECT_EQ(screen.col, 4);
	kfree(rl);
}
