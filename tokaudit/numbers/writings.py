"""Writings: the forms that numbers take in running text, each with seeded examples."""

import random
from collections.abc import Callable

Writer = Callable[[random.Random], str]
EXAMPLES = 50  # of each form; of long runs, which differ in nothing but their digits, fewer
LONG_EXAMPLES = 3
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
SYMBOLS = ("$", "€", "£", "¥", "₹")


def roman(number: int) -> str:
    """Write a number in Roman numerals.

    >>> roman(1994)
    'MCMXCIV'
    """
    written = ""
    for worth, letters in ROMAN:
        times, number = divmod(number, worth)
        written += letters * times
    return written


def ordinal(number: int) -> str:
    """Write an English ordinal.

    >>> ordinal(1), ordinal(12), ordinal(23)
    ('1st', '12th', '23rd')
    """
    teen = number // 10 % 10 == 1
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _n(d: random.Random, least: int, most: int) -> int:
    return d.randint(least, most)


def _run(digits: int) -> Writer:
    return lambda d: f"{d.randrange(10 ** (digits - 1), 10**digits)}"


def _ipv6(d: random.Random) -> str:
    return ":".join(f"{d.getrandbits(16):x}" for _ in range(8))


def _uuid(d: random.Random) -> str:
    digits = f"{d.getrandbits(128):032x}"
    fields = (digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:])
    return "-".join(fields)


def _date(d: random.Random) -> tuple[int, int, int]:
    return _n(d, 1900, 2099), _n(d, 1, 12), _n(d, 1, 28)


def _dated(pattern: str) -> Writer:
    def write(d: random.Random) -> str:
        year, month, day = _date(d)
        return pattern.format(y=year, m=month, d=day)

    return write


WRITERS: dict[str, Writer] = {
    "positive sign": lambda d: f"+{_n(d, 1, 99_999)}",
    "negative sign": lambda d: f"-{_n(d, 1, 99_999)}",
    "minus sign U+2212": lambda d: f"\u2212{_n(d, 1, 99_999)}",
    "decimal point": lambda d: f"{_n(d, 0, 999)}.{_n(d, 0, 9_999):04}",
    "decimal comma": lambda d: f"{_n(d, 0, 999)},{_n(d, 0, 9_999):04}",
    "percent": lambda d: f"{_n(d, 0, 99)}.{_n(d, 0, 9)}%",
    "exponent": lambda d: f"{_n(d, 1, 9)}.{_n(d, 0, 999):03}e{d.choice('+-')}{_n(d, 1, 99):02}",
    "power of ten": lambda d: f"{_n(d, 1, 9)}.{_n(d, 0, 99):02}×10^{_n(d, 2, 99)}",
    "fraction": lambda d: f"{_n(d, 1, 99)}/{_n(d, 2, 999)}",
    "vulgar fraction": lambda d: f"{_n(d, 1, 99)}{d.choice('½⅓⅔¼¾⅛')}",
    "currency before": lambda d: f"{d.choice(SYMBOLS)}{_n(d, 1, 9_999):,}.{_n(d, 0, 99):02}",
    "currency behind": lambda d: f"{_n(d, 1, 9_999)},{_n(d, 0, 99):02} €",
    "date, ISO 8601": _dated("{y}-{m:02}-{d:02}"),
    "date, US": _dated("{m}/{d}/{y}"),
    "date, European": _dated("{d}.{m}.{y}"),
    "date, Japanese": _dated("{y}年{m}月{d}日"),
    "time": lambda d: f"{_n(d, 0, 23):02}:{_n(d, 0, 59):02}:{_n(d, 0, 59):02}",
    "time, 12 hours": lambda d: f"{_n(d, 1, 12)}:{_n(d, 0, 59):02} {d.choice(('am', 'pm'))}",
    "date and time, RFC 3339": lambda d: (
        _dated("{y}-{m:02}-{d:02}T")(d) + f"{_n(d, 0, 23):02}:{_n(d, 0, 59):02}:00Z"
    ),
    "version": lambda d: f"v{_n(d, 0, 20)}.{_n(d, 0, 99)}.{_n(d, 0, 999)}",
    "IPv4": lambda d: ".".join(str(_n(d, 0, 255)) for _ in range(4)),
    "IPv6": _ipv6,
    "hexadecimal": lambda d: f"0x{d.getrandbits(32):08X}",
    "hexadecimal digest": lambda d: f"{d.getrandbits(160):040x}",
    "UUID": _uuid,
    "phone": lambda d: f"+{_n(d, 1, 99)} {_n(d, 10, 999)} {_n(d, 100_000, 9_999_999)}",
    "phone, US": lambda d: f"({_n(d, 200, 999)}) {_n(d, 200, 999)}-{_n(d, 0, 9_999):04}",
    "ordinal": lambda d: ordinal(_n(d, 1, 9_999)),
    "Roman": lambda d: roman(_n(d, 1, 3_999)),
    "run of 20 digits": _run(20),
    "run of 100 digits": _run(100),
    "run of 1,000 digits": _run(1_000),
    "run of 4,000 digits": _run(4_000),
}  # fmt: skip


def examples(form: str) -> list[str]:
    """Write the examples of a form, the same every time."""
    drawing = random.Random(form)
    long = form.startswith("run of") and form != "run of 20 digits"
    return [WRITERS[form](drawing) for _ in range(LONG_EXAMPLES if long else EXAMPLES)]
