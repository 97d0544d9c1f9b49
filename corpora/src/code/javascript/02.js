const ascending = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Find `target` in a sorted array.
 * Returns the index of the first match; if there is none, the bitwise
 * complement of the place where it would be inserted (always negative).
 */
export function binarySearch(items, target, compare = ascending) {
  let low = 0;
  let high = items.length - 1;
  let found = -1;

  while (low <= high) {
    const mid = (low + high) >>> 1; // unsigned shift – no float needed
    const order = compare(items[mid], target);
    if (order < 0) {
      low = mid + 1;
    } else {
      if (order === 0) found = mid;
      high = mid - 1;
    }
  }

  return found >= 0 ? found : ~low;
}

export function insertSorted(items, value, compare = ascending) {
  const index = binarySearch(items, value, compare);
  items.splice(index < 0 ? ~index : index, 0, value);
  return items;
}

// edge cases
console.assert(binarySearch([], 1) === ~0);
console.assert(binarySearch([5], 5) === 0);
console.assert(binarySearch([1, 3, 3, 3, 8], 3) === 1);
console.assert(binarySearch([1, 3, 8], 9) === ~3);
console.assert(binarySearch(['a', 'ä', 'z'], 'ä', new Intl.Collator('de').compare) === 1);
