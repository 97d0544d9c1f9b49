/** A calendar date without a time zone – months count from 1 here. */
export interface PlainDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
const ISO_DATE = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/;

export function parseIsoDate(text: string): PlainDate {
  const groups = ISO_DATE.exec(text)?.groups;
  if (!groups) throw new RangeError(`Not an ISO date: ${text}`);
  const date = { year: Number(groups.year), month: Number(groups.month), day: Number(groups.day) };
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > daysInMonth(date.year, date.month)) {
    throw new RangeError(`No such day: ${text}`);
  }
  return date;
}

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const toEpochDay = ({ year, month, day }: PlainDate): number => Date.UTC(year, month - 1, day) / DAY_MS;

export function addDays(date: PlainDate, days: number): PlainDate {
  const utc = new Date((toEpochDay(date) + days) * DAY_MS);
  return { year: utc.getUTCFullYear(), month: utc.getUTCMonth() + 1, day: utc.getUTCDate() };
}

export const daysUntil = (from: PlainDate, to: PlainDate): number => toEpochDay(to) - toEpochDay(from);

export function format(date: PlainDate, locale: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(toEpochDay(date) * DAY_MS);
}

console.log(format(addDays(parseIsoDate('2023-12-24'), 68), 'pt-BR')); // 1 de março de 2024
