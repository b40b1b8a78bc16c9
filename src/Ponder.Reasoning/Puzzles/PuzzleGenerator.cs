namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// Makes puzzles like those of <c>models/puzzles/test</c>. A seed gives the same puzzles on every machine, and a longer run begins with
/// the puzzles of a shorter one. Not safe to use from many threads.
/// </summary>
/// <param name="seed">Any number.</param>
public sealed class PuzzleGenerator(ulong seed)
{
    // The largest value of a chain's variable: the test problems stay within three digits, well below the vocabulary's end.
    private const int LargestValue = 400;

    private readonly SplitMix64 _random = new(seed);

    /// <summary>Makes puzzles of one task.</summary>
    /// <param name="task">One of <see cref="PuzzleTasks"/>.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="PuzzleException">There is no such task, or the count is below 1.</exception>
    public static IEnumerable<IPuzzle> Generate(string task, int count, ulong seed)
    {
        PuzzleTasks.Require(task);
        if (count < 1)
            throw new PuzzleException($"the count is {count}: at least one puzzle is wanted");
        var generator = new PuzzleGenerator(seed);
        return Enumerable.Range(0, count).Select(_ => generator.Next(task));
    }

    /// <summary>The next puzzle, of the task named.</summary>
    /// <exception cref="PuzzleException">There is no such task.</exception>
    public IPuzzle Next(string task) => PuzzleTasks.Require(task) == PuzzleTasks.Countdown ? NextCountdown() : NextChain();

    /// <summary>
    /// A countdown that has a solution: four numbers from 1 to 50 and a target from 10 to 100, which is what random operations make of the numbers. Sums and
    /// differences are twice as likely as products and quotients: so the puzzles have about as many solutions as the test problems.
    /// </summary>
    public CountdownPuzzle NextCountdown()
    {
        while (true)
        {
            int[] numbers = [.. Enumerable.Range(0, 4).Select(_ => _random.Between(1, 50))];
            if (Combine([.. numbers]) is >= 10 and <= 100 and int target)
                return new CountdownPuzzle(numbers, target);
        }
    }

    // What random operations make of numbers; 0 when the rules forbid one of them.
    private int Combine(List<int> numbers)
    {
        while (numbers.Count > 1)
        {
            int first = Take(), second = Take();
            int result = CountdownStep.Apply(Math.Max(first, second), "++--*/"[_random.Between(0, 5)], Math.Min(first, second));
            if (result == 0)
                return 0;
            numbers.Add(result);
        }
        return numbers[0];

        int Take()
        {
            int at = _random.Between(0, numbers.Count - 1), number = numbers[at];
            numbers.RemoveAt(at);
            return number;
        }
    }

    /// <summary>
    /// A chain of four to six variables that asks for the last: the first is a number from 2 to 40, each further one a variable and one or two
    /// operations more, with numbers from 2 to 40 (2 to 5 for products) and a value from 1 to 400.
    /// </summary>
    public ChainPuzzle NextChain()
    {
        int count = _random.Between(4, 6);
        var assignments = new List<ChainAssignment> { new('a', [new ChainOperand('+', null, _random.Between(2, 40))]) };
        while (assignments.Count < count)
        {
            var assignment = NextAssignment(assignments);
            if (assignment.Value is >= 1 and <= LargestValue)
                assignments.Add(assignment);
        }
        return ChainPuzzle.Parse($"{string.Join(' ', assignments)} {assignments[^1].Variable}?");
    }

    private ChainAssignment NextAssignment(List<ChainAssignment> before)
    {
        var operands = new List<ChainOperand> { AnyVariable('+', before) };
        for (int more = _random.Between(1, 2); more > 0; more--)
        {
            operands.Add(_random.Between(0, 2) switch
            {
                0 => new ChainOperand('*', null, _random.Between(2, 5)),
                1 => Addend('+', before),
                _ => Addend('-', before),
            });
        }
        return new ChainAssignment((char)('a' + before.Count), [.. operands]);
    }

    private ChainOperand Addend(char @operator, List<ChainAssignment> before) => _random.Between(0, 1) == 0
        ? AnyVariable(@operator, before)
        : new ChainOperand(@operator, null, _random.Between(2, 40));

    private ChainOperand AnyVariable(char @operator, List<ChainAssignment> before)
    {
        var variable = before[_random.Between(0, before.Count - 1)];
        return new ChainOperand(@operator, variable.Variable, variable.Value);
    }
}
