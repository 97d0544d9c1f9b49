type Comparator<T> = (a: T, b: T) => number;

export type SearchResult =
  | { found: true; index: number }
  | { found: false; insertAt: number };

const defaultCompare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** Leftmost match of `target` in `sorted`, which must be in ascending order. */
export function binarySearch<T>(
  sorted: readonly T[],
  target: T,
  compare: Comparator<T> = defaultCompare,
): SearchResult {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = lo + Math.floor((hi - lo) / 2);
    if (compare(sorted[mid]!, target) < 0) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  const hit = lo < sorted.length && compare(sorted[lo]!, target) === 0;
  return hit ? { found: true, index: lo } : { found: false, insertAt: lo };
}

interface Release {
  readonly version: string;
  readonly year: number;
}

const releases: readonly Release[] = [
  { version: '1.0', year: 2011 },
  { version: '2.0 “Équinoxe”', year: 2015 },
  { version: '3.1', year: 2022 },
];

const result = binarySearch(releases, { version: '', year: 2015 }, (a, b) => a.year - b.year);
if (result.found) {
  console.log(releases[result.index]?.version);
}
