import { afterEach, describe, expect, it, vi } from 'vitest';
import { addDays, daysInMonth, daysUntil, format, parseIsoDate, type PlainDate } from './plainDate';

describe('parseIsoDate', () => {
  it.each<[string, PlainDate]>([
    ['2024-02-29', { year: 2024, month: 2, day: 29 }],
    ['1999-12-31', { year: 1999, month: 12, day: 31 }],
  ])('accepts %s', (text, expected) => {
    expect(parseIsoDate(text)).toEqual(expected);
  });

  it.each(['2023-02-29', '2024-13-01', '2024-00-10', '24-1-1', '', '２０２４-01-01'])('rejects %j', (text) => {
    expect(() => parseIsoDate(text)).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  const leapDay: PlainDate = { year: 2024, month: 2, day: 29 };

  it('crosses the end of a month', () => {
    expect(addDays(leapDay, 1)).toStrictEqual({ year: 2024, month: 3, day: 1 });
    expect(addDays(leapDay, -29)).toStrictEqual({ year: 2024, month: 1, day: 31 });
  });

  it('knows the century rule', () => {
    expect([1900, 2000, 2100].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28]);
  });

  it('is antisymmetric', () => {
    const other = addDays(leapDay, 1234);
    expect(daysUntil(leapDay, other)).toBe(-daysUntil(other, leapDay));
  });
});

describe('format', () => {
  afterEach(() => vi.restoreAllMocks());

  it('never asks for the current time', () => {
    const now = vi.spyOn(Date, 'now');
    expect(format({ year: 2025, month: 8, day: 1 }, 'fr-FR')).toBe('1 août 2025');
    expect(now).not.toHaveBeenCalled();
  });
});
