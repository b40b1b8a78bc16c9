using System.Collections.Concurrent;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// Exhaustive search towards one target under the rules of a countdown. It remembers which sets of numbers can reach the
/// target, so that labelling every step of thousands of answers costs little. Safe to use from many threads.
/// </summary>
/// <param name="target">The number to reach, 1 to 999.</param>
public sealed class CountdownSearch(int target)
{
    private const int BitsPerNumber = 10; // 999 < 1,024, and six numbers fit a key

    private readonly ConcurrentDictionary<ulong, bool> _known = new();

    /// <summary>Whether the target can be left alone.</summary>
    /// <param name="numbers">One to six numbers from 1 to 999, in any order.</param>
    /// <exception cref="ArgumentException">Too few or too many numbers, or one outside 1 to 999.</exception>
    public bool CanReach(ReadOnlySpan<int> numbers)
    {
        Span<int> sorted = stackalloc int[CountdownPuzzle.MostNumbers];
        return CanReachFrom(Sort(numbers, sorted));
    }

    /// <summary>One solution, or null when there is none. Always the same one for the same numbers.</summary>
    /// <param name="numbers">One to six numbers from 1 to 999, in any order.</param>
    /// <exception cref="ArgumentException">Too few or too many numbers, or one outside 1 to 999.</exception>
    public IReadOnlyList<CountdownStep>? Find(ReadOnlySpan<int> numbers) => FindAll(numbers).FirstOrDefault();

    /// <summary>
    /// Every solution, each a different list of steps, lazily: six numbers can have hundreds of thousands.
    /// The single number that is the target already is solved by no steps.
    /// </summary>
    /// <param name="numbers">One to six numbers from 1 to 999, in any order.</param>
    /// <exception cref="ArgumentException">Too few or too many numbers, or one outside 1 to 999.</exception>
    public IEnumerable<IReadOnlyList<CountdownStep>> FindAll(ReadOnlySpan<int> numbers)
    {
        Span<int> sorted = stackalloc int[CountdownPuzzle.MostNumbers];
        return Walk(Sort(numbers, sorted).ToArray(), []);
    }

    private static Span<int> Sort(ReadOnlySpan<int> numbers, Span<int> buffer)
    {
        if (numbers.Length is < 1 or > CountdownPuzzle.MostNumbers)
            throw new ArgumentException($"The search takes 1 to {CountdownPuzzle.MostNumbers} numbers, not {numbers.Length}.", nameof(numbers));
        foreach (int number in numbers)
        {
            if (number is < 1 or > CountdownPuzzle.Largest)
                throw new ArgumentException($"The search takes numbers from 1 to {CountdownPuzzle.Largest}, not {number}.", nameof(numbers));
        }
        var sorted = buffer[..numbers.Length];
        numbers.CopyTo(sorted);
        sorted.Sort();
        return sorted;
    }

    private bool CanReachFrom(ReadOnlySpan<int> numbers)
    {
        if (numbers.Length == 1)
            return numbers[0] == target;
        if (numbers.Length == 2)
            return IsReachedBy(numbers[1], numbers[0]); // cheaper than a look into the table

        ulong key = 0;
        foreach (int number in numbers)
            key = key << BitsPerNumber | (uint)number;
        if (_known.TryGetValue(key, out bool known))
            return known;

        bool reached = TryEveryOperation(numbers);
        _known[key] = reached;
        return reached;
    }

    private bool TryEveryOperation(ReadOnlySpan<int> numbers)
    {
        Span<int> next = stackalloc int[numbers.Length - 1];
        for (int low = 0; low < numbers.Length - 1; low++)
        {
            for (int high = low + 1; high < numbers.Length; high++)
            {
                if (IsRepeated(numbers, low, high))
                    continue;
                foreach (char @operator in CountdownStep.Operators)
                {
                    int result = CountdownStep.Apply(numbers[high], @operator, numbers[low]);
                    if (result == 0)
                        continue;
                    CountdownStep.Replace(numbers, low, high, result, next);
                    if (CanReachFrom(next))
                        return true;
                }
            }
        }
        return false;
    }

    private bool IsReachedBy(int high, int low)
    {
        foreach (char @operator in CountdownStep.Operators)
        {
            if (CountdownStep.Apply(high, @operator, low) == target)
                return true;
        }
        return false;
    }

    /// <summary>Whether an earlier pair of the ascending numbers had these two values already.</summary>
    private static bool IsRepeated(ReadOnlySpan<int> numbers, int low, int high) =>
        (low > 0 && numbers[low] == numbers[low - 1]) || (high > low + 1 && numbers[high] == numbers[high - 1]);

    private IEnumerable<IReadOnlyList<CountdownStep>> Walk(int[] numbers, CountdownStep[] steps)
    {
        if (!CanReachFrom(numbers))
            yield break;
        if (numbers.Length == 1)
        {
            yield return steps;
            yield break;
        }
        for (int low = 0; low < numbers.Length - 1; low++)
        {
            for (int high = low + 1; high < numbers.Length; high++)
            {
                if (IsRepeated(numbers, low, high))
                    continue;
                foreach (char @operator in CountdownStep.Operators)
                {
                    int result = CountdownStep.Apply(numbers[high], @operator, numbers[low]);
                    if (result == 0)
                        continue;
                    int[] next = new int[numbers.Length - 1];
                    CountdownStep.Replace(numbers, low, high, result, next);
                    foreach (var solution in Walk(next, [.. steps, new(numbers[high], @operator, numbers[low], result)]))
                        yield return solution;
                }
            }
        }
    }
}
