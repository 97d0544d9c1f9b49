package org.example.search;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

public final class BinarySearch {

    private BinarySearch() {
        // utility class – no instances
    }

    /**
     * Returns the index of the first element equal to {@code key}.
     *
     * @param sorted a list in ascending order of {@code order}; may be empty
     * @return the index, or an empty value if the key does not occur
     */
    public static <T> OptionalInt indexOf(List<? extends T> sorted, T key, Comparator<? super T> order) {
        Objects.requireNonNull(order, "order");
        int low = 0;
        int high = sorted.size() - 1;
        int candidate = -1;

        while (low <= high) {
            int mid = (low + high) >>> 1; // does not overflow
            int cmp = order.compare(sorted.get(mid), key);
            if (cmp < 0) {
                low = mid + 1;
            } else {
                if (cmp == 0) {
                    candidate = mid;
                }
                high = mid - 1;
            }
        }
        return candidate < 0 ? OptionalInt.empty() : OptionalInt.of(candidate);
    }

    public static <T extends Comparable<? super T>> OptionalInt indexOf(List<T> sorted, T key) {
        return indexOf(sorted, key, Comparator.<T>naturalOrder());
    }
}
