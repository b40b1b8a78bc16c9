using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Auto;

/// <summary>A strategy at a budget while it is tried: what it came to on each problem so far.</summary>
/// <param name="text">The strategy with its size.</param>
/// <param name="budget">Tokens a problem.</param>
internal sealed class Trial(string text, long budget)
{
    private readonly List<double> _right = [];
    private readonly List<double> _tokens = [];

    /// <summary>The strategy with its size.</summary>
    public string Text => text;

    /// <summary>Its family.</summary>
    public StrategyFamily Family { get; } = StrategyFamily.Of(text).Family;

    /// <summary>Its size; null where it has none.</summary>
    public int? Size { get; } = StrategyFamily.Of(text).Size;

    /// <summary>Tokens a problem.</summary>
    public long Budget => budget;

    /// <summary>The verifier that it leans on; null for none.</summary>
    public string? Verifier { get; init; }

    /// <summary>How often it was right, 0 to 1, problem by problem.</summary>
    public IReadOnlyList<double> Right => _right;

    /// <summary>Adds a problem.</summary>
    public void Add(double right, double tokens)
    {
        _right.Add(right);
        _tokens.Add(tokens);
    }

    /// <summary>Whether it does worse than another on the problems that both saw, by more than three standard errors of the difference.</summary>
    public bool IsBehind(Trial other)
    {
        double[] differences = [.. _right.Zip(other.Right, (own, theirs) => own - theirs)];
        return differences.Length > 1 && differences.Average() + (3 * StandardError.OfMean(differences)) < 0;
    }

    /// <summary>What it came to on some of the problems; null where there are none of them.</summary>
    /// <param name="difficulty">Which.</param>
    /// <param name="isOfIt">Tells them by their numbers.</param>
    /// <param name="leader">
    /// The best at the budget, which saw all problems. One that did not is expected to stay as far behind it as it was: what the problems that both saw had
    /// of easy and hard ones falls out of the difference.
    /// </param>
    public CalibrationResult? On(Difficulty difficulty, Func<int, bool> isOfIt, Trial leader)
    {
        if (_right.Count < leader._right.Count)
        {
            double[] differences = [.. _right.Zip(leader._right, (own, theirs) => own - theirs)];
            return leader.On(difficulty, isOfIt, leader) is not { } theirs ? null : theirs with
            {
                Problems = _right.Count,
                Accuracy = Math.Clamp(theirs.Accuracy + differences.Average(), 0, 1),
                StandardError = Math.Sqrt(Math.Pow(theirs.StandardError, 2) + Math.Pow(ErrorOf(differences), 2)),
                Tokens = _tokens.Average(),
            };
        }
        int[] problems = [.. Enumerable.Range(0, _right.Count).Where(isOfIt)];
        if (problems.Length == 0)
            return null;
        double[] right = [.. problems.Select(i => _right[i])];
        return new CalibrationResult(difficulty, problems.Length, Math.Clamp(right.Average(), 0, 1), ErrorOf(right), problems.Average(i => _tokens[i]));
    }

    // One problem says nothing of the spread; the widest that there can be.
    private static double ErrorOf(double[] values) => values.Length > 1 ? StandardError.OfMean(values) : 0.5;
}
