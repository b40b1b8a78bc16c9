namespace Ponder.Models.Templates.Runtime;

/// <summary>
/// A stable merge sort. The library's sorts are not stable or wrap what the comparison throws; here the comparison may end the rendering.
/// </summary>
internal static class Sorting
{
    /// <summary>Sorts the array in place and returns it.</summary>
    public static T[] Sorted<T>(T[] items, Comparison<T> compare)
    {
        Sort(items, new T[items.Length], 0, items.Length, compare);
        return items;
    }

    private static void Sort<T>(T[] items, T[] spare, int start, int end, Comparison<T> compare)
    {
        if (end - start < 2)
            return;
        int middle = (start + end) / 2;
        Sort(items, spare, start, middle, compare);
        Sort(items, spare, middle, end, compare);
        Array.Copy(items, start, spare, start, end - start);
        for (int left = start, right = middle, to = start; to < end; to++)
        {
            bool takeLeft = right >= end || (left < middle && compare(spare[left], spare[right]) <= 0);
            items[to] = takeLeft ? spare[left++] : spare[right++];
        }
    }
}
