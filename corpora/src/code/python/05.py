from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

WEEKEND = {5, 6}  # Saturday, Sunday


def add_months(day: date, months: int) -> date:
    """Shift by whole months; 31 January + 1 month → 28 or 29 February."""
    index = day.year * 12 + (day.month - 1) + months
    year, month = divmod(index, 12)
    last_day = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_day))


def business_days_between(start: date, end: date, holidays: frozenset[date] = frozenset()) -> int:
    if end < start:
        return -business_days_between(end, start, holidays)
    span = (end - start).days
    days = (start + timedelta(days=n) for n in range(span))
    return sum(1 for d in days if d.weekday() not in WEEKEND and d not in holidays)


def humanize(delta: timedelta) -> str:
    seconds = int(delta.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if abs(seconds) >= size:
            n = seconds // size
            return f"{n} {name}{'s' if abs(n) != 1 else ''}"
    return "just now"


if __name__ == "__main__":
    launch = datetime(2024, 2, 29, 23, 30, tzinfo=timezone.utc)
    tokyo = launch.astimezone(ZoneInfo("Asia/Tokyo"))
    print(tokyo.strftime("%Y年%m月%d日 %H:%M"))  # 2024年03月01日 08:30
    print(launch.isoformat(timespec="minutes"), add_months(launch.date(), 12))
    print(business_days_between(date(2024, 12, 20), date(2025, 1, 6), frozenset({date(2024, 12, 25)})))
