import math
import re
from enum import IntFlag

PLANCK = 6.626_070_15e-34  # J·s
AVOGADRO = 6.02214076e23
MAX_U32 = 0xFFFF_FFFF
EPSILON = 1e-9
HEX_COLOR = re.compile(r"^#(?P<r>[0-9a-f]{2})(?P<g>[0-9a-f]{2})(?P<b>[0-9a-f]{2})$", re.IGNORECASE)

Matrix = list[list[float]]


class Mode(IntFlag):
    READ = 0b001
    WRITE = 0b010
    EXEC = 0b100
    ALL = READ | WRITE | EXEC


def matmul(a: Matrix, b: Matrix) -> Matrix:
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


def rotation(theta: float) -> Matrix:
    c, s = math.cos(theta), math.sin(theta)
    return [[c, -s], [s, c]]


def format_matrix(m: Matrix, width: int = 10, precision: int = 4) -> str:
    return "\n".join("[" + " ".join(f"{x:{width}.{precision}f}" for x in row) + "]" for row in m)


def parse_color(text: str) -> int:
    if (m := HEX_COLOR.match(text)) is None:
        raise ValueError(f"not a colour: {text!r}")
    r, g, b = (int(m[name], 16) for name in "rgb")
    return (r << 16) | (g << 8) | b


print(format_matrix(matmul(rotation(math.pi / 6), rotation(-math.pi / 6))))
print(f"{parse_color('#1E90ff'):#08x} {~0x0F & 0xFF:08b} {PLANCK:.3e} {AVOGADRO:g} {MAX_U32:,}")
print(Mode.ALL & ~Mode.WRITE, math.isclose(0.1 + 0.2, 0.3, abs_tol=EPSILON))
