namespace Ponder.Reasoning.Layers;

/// <summary>What a plan came to on one problem.</summary>
/// <param name="Value">How good its answer is, 0 to 1.</param>
/// <param name="Tokens">What it drew.</param>
/// <param name="IsOverBudget">It wanted more tokens than the budget of a problem holds.</param>
public sealed record PlanScore(double Value, long Tokens, bool IsOverBudget = false);

/// <summary>A plan that was tried.</summary>
/// <param name="Number">From 1, in the order in which plans were tried.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Choices">The choices that make it.</param>
/// <param name="Scores">What it came to, of the first problems; fewer than others where it was given up.</param>
public sealed record Trial(int Number, LayerPlan Plan, IReadOnlyList<int> Choices, IReadOnlyList<PlanScore> Scores)
{
    // A problem that a plan wants more tokens for than there are counts this much less: the plan would not be what is written.
    private const double OverBudget = 0.1;

    /// <summary>Whether it was not in the better half of those that came as far.</summary>
    public bool WasGivenUp { get; internal set; }

    /// <summary>The mean value.</summary>
    public double Value => Scores.Average(score => score.Value);

    /// <summary>Mean tokens of a problem.</summary>
    public double Tokens => Scores.Average(score => score.Tokens);

    /// <summary>The part of the problems that it wanted more tokens for than there were.</summary>
    public double Overruns => Scores.Average(score => score.IsOverBudget ? 1.0 : 0);

    /// <summary>What the search goes by: the value, less a tenth of the overruns.</summary>
    public double Fitness => FitnessOn(Scores.Count);

    /// <summary>The same on the first problems alone.</summary>
    public double FitnessOn(int problems) => Scores.Take(problems).Average(score => score.Value - (score.IsOverBudget ? OverBudget : 0));
}
