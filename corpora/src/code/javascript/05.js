const MS_PER_DAY = 24 * 60 * 60 * 1000;

export function addDays(date, days) {
  const result = new Date(date);
  result.setUTCDate(result.getUTCDate() + days);
  return result;
}

export function addMonths(date, months) {
  const result = new Date(date);
  const day = result.getUTCDate();
  result.setUTCDate(1); // avoid rolling over, e.g. 31 Jan → 3 Mar
  result.setUTCMonth(result.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(day, lastDay));
  return result;
}

export function daysBetween(from, to) {
  const midnight = (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate());
  return Math.round((midnight(to) - midnight(from)) / MS_PER_DAY);
}

export function timeAgo(then, now = Date.now(), locale = 'en') {
  const units = [['year', 365.25 * 86400], ['month', 30.44 * 86400], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const seconds = (then - now) / 1000;
  const [unit, size] = units.find(([, s]) => Math.abs(seconds) >= s) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

const start = new Date('2024-01-31T09:00:00Z');
console.log(addMonths(start, 1).toISOString().slice(0, 10)); // 2024-02-29
console.log(daysBetween(start, addDays(start, 45)));
console.log(timeAgo(start, addDays(start, 1).getTime(), 'fr')); // « hier »
console.log(new Intl.DateTimeFormat('ja-JP', { dateStyle: 'full', timeZone: 'UTC' }).format(start));
