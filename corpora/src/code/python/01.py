"""Split one line of CSV into fields, honouring quotes."""

from __future__ import annotations


class CsvSyntaxError(ValueError):
    """Raised when a quoted field is never closed."""


def parse_csv_line(line: str, delimiter: str = ",", quote: str = '"') -> list[str]:
    fields: list[str] = []
    current: list[str] = []
    in_quotes = False
    i = 0
    while i < len(line):
        ch = line[i]
        if in_quotes:
            if ch == quote and line[i + 1 : i + 2] == quote:
                current.append(quote)  # a doubled quote – keep one of them
                i += 1
            elif ch == quote:
                in_quotes = False
            else:
                current.append(ch)
        elif ch == quote and not current:
            in_quotes = True
        elif ch == delimiter:
            fields.append("".join(current))
            current.clear()
        else:
            current.append(ch)
        i += 1

    if in_quotes:
        raise CsvSyntaxError(f"unterminated quote in field {len(fields) + 1}: {line!r}")
    fields.append("".join(current))
    return fields


if __name__ == "__main__":
    for row in ('7,"Café ""Zoë""",12.50', "a,,c", '"x,y",z'):
        print(parse_csv_line(row))
