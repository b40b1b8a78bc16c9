namespace Ponder.Reasoning.Auto;

/// <summary>What a family of strategies is expected to come to at any budget, from those that were tried.</summary>
internal sealed class FamilyCurve
{
    private readonly Point[] _points;                           // by budget; of the sizes tried at one the best
    private readonly SaturationLaw _law;
    private readonly double _answerTokens;

    /// <summary>Makes the curve.</summary>
    /// <param name="task">The figures.</param>
    /// <param name="family">The family.</param>
    /// <param name="entries">Its entries, at least one.</param>
    /// <param name="difficulty">What is known of the problem.</param>
    public FamilyCurve(TaskCalibration task, StrategyFamily family, IEnumerable<CalibrationEntry> entries, Difficulty difficulty)
    {
        (Family, _answerTokens) = (family, task.AnswerTokens);
        // The size is chosen by the figures of all problems, which are less noisy than those of a third of them.
        _points =
        [
            .. entries.GroupBy(entry => entry.Budget).OrderBy(group => group.Key)
                .Select(group => group.MaxBy(entry => entry.On(Difficulty.All).Accuracy)!)
                .Select(entry => Of(entry, entry.On(difficulty))),
        ];
        _law = (task.Laws.FirstOrDefault(law => law.Family == family.Text && law.Difficulty == difficulty)
            ?? task.Laws.FirstOrDefault(law => law.Family == family.Text && law.Difficulty == Difficulty.All))?.Law
            ?? SaturationLaw.Fit([.. _points.Select(point => (point.Tokens / _answerTokens, point.Accuracy))]);
    }

    /// <summary>The family.</summary>
    public StrategyFamily Family { get; }

    /// <summary>The budgets that were tried, ascending.</summary>
    public IEnumerable<double> Budgets => _points.Select(point => point.Tokens);

    /// <summary>The tokens from which on a usual answer's more add no more than a gain.</summary>
    public double SaturatesAt(double gain) => _law.SaturatesAt(gain) * _answerTokens;

    /// <summary>
    /// The offer at a budget: between those tried as their mean by the budgets' logarithms, beyond them as the family's law goes on from the nearest.
    /// </summary>
    public AutoOffer At(double tokens)
    {
        var (below, above) = (_points.LastOrDefault(point => point.Tokens <= tokens), _points.FirstOrDefault(point => point.Tokens >= tokens));
        var (accuracy, error, unit) = (below, above) switch
        {
            (null, Point first) => (first.Accuracy * Part(tokens, first.Tokens), first.Error, first.UnitTokens),
            (Point last, null) => (Math.Min(1, last.Accuracy + Math.Max(0, Law(tokens) - Law(last.Tokens))), last.Error, last.UnitTokens),
            (Point from, Point to) => Between(from, to, tokens),
            _ => throw new InvalidOperationException("A curve has at least one point."),
        };
        int? size = unit is double each ? (int)Math.Clamp(Math.Round(tokens / each), 1, 1e6) : null;
        return new AutoOffer(Family, size, tokens, accuracy, error);
    }

    private double Law(double tokens) => _law.At(tokens / _answerTokens);

    private double Part(double tokens, double of) => Law(of) > 0 ? Math.Min(1, Law(tokens) / Law(of)) : 1;

    private static (double Accuracy, double Error, double? UnitTokens) Between(Point from, Point to, double tokens)
    {
        double t = to.Tokens > from.Tokens ? Math.Log(tokens / from.Tokens) / Math.Log(to.Tokens / from.Tokens) : 0;
        return (Mix(from.Accuracy, to.Accuracy), Mix(from.Error, to.Error), from.UnitTokens is double a && to.UnitTokens is double b ? Mix(a, b) : null);

        double Mix(double a, double b) => a + (t * (b - a));
    }

    private static Point Of(CalibrationEntry entry, CalibrationResult result) => new(
        entry.Budget, result.Accuracy, result.StandardError, StrategyFamily.Of(entry.Strategy).Size is int size ? (double)entry.Budget / size : null);

    /// <summary>A budget that was tried.</summary>
    private sealed record Point(double Tokens, double Accuracy, double Error, double? UnitTokens);
}

/// <summary>A strategy with what it is expected to come to.</summary>
/// <param name="Family">The strategy but for its size.</param>
/// <param name="Size">The size; null where it has none.</param>
/// <param name="Tokens">The budget.</param>
/// <param name="Expected">The expected accuracy.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record AutoOffer(StrategyFamily Family, int? Size, double Tokens, double Expected, double Error)
{
    /// <summary>The strategy as a text.</summary>
    public string Text => Family.Sized(Size);
}
