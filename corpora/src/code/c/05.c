#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct date { int year, month, day; };

static bool is_leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1 March 0000; February comes last so that leap days do no harm. */
static long day_number(struct date d)
{
	int m = (d.month + 9) % 12;
	long y = d.year - m / 10;
	return 365 * y + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + (d.day - 1);
}

static struct date add_months(struct date d, int months)
{
	int index = d.year * 12 + (d.month - 1) + months;
	struct date r = { index / 12, index % 12 + 1, d.day };
	int last = days_in_month(r.year, r.month);
	if (r.day > last)
		r.day = last;
	return r;
}

int main(void)
{
	struct date start = { 2024, 1, 31 }, end = add_months(start, 13);
	struct tm tm = { .tm_year = end.year - 1900, .tm_mon = end.month - 1, .tm_mday = end.day, .tm_isdst = -1 };
	char text[64];

	mktime(&tm);	/* fills in tm_wday */
	strftime(text, sizeof text, "%A, %d %B %Y (%Y年%m月%d日)", &tm);
	printf("%s – %ld days later\n", text, day_number(end) - day_number(start));
	return 0;
}
