using System;
using System.Collections.Generic;

namespace Example.Search;

public static class SortedListExtensions
{
    /// <summary>
    /// Returns the index of the first match, or the bitwise complement of the
    /// insertion point – the same convention as <see cref="Array.BinarySearch(Array, object)"/>.
    /// </summary>
    public static int IndexOfSorted<T>(this IReadOnlyList<T> items, T value, IComparer<T>? comparer = null)
    {
        comparer ??= Comparer<T>.Default;
        int lo = 0, hi = items.Count;

        while (lo < hi)
        {
            int mid = lo + (hi - lo) / 2;
            if (comparer.Compare(items[mid], value) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }

        return lo < items.Count && comparer.Compare(items[lo], value) == 0 ? lo : ~lo;
    }
}

internal static class Program
{
    private static void Main()
    {
        int[] empty = Array.Empty<int>();
        int[] numbers = { 1, 3, 3, 3, 8 };
        string[] cities = { "Århus", "Łódź", "Zürich" };

        Console.WriteLine(empty.IndexOfSorted(5));              // -1
        Console.WriteLine(numbers.IndexOfSorted(3));            // 1
        Console.WriteLine(~numbers.IndexOfSorted(int.MaxValue)); // 5
        Console.WriteLine(cities.IndexOfSorted("Łódź", StringComparer.Ordinal));
    }
}
