namespace Ponder.Reasoning.Search;

/// <summary>Which child of a node a tree search goes down to: the one with the highest score.</summary>
public abstract record ChildSelector
{
    /// <summary>The score of a child.</summary>
    /// <param name="value">What is expected of it: the mean of what came back from it, or a first guess before anything did.</param>
    /// <param name="prior">How likely it was to be drawn, 0 to 1.</param>
    /// <param name="visits">How often it was gone down to.</param>
    /// <param name="parentVisits">How often its parent was.</param>
    public abstract double Score(double value, double prior, int visits, int parentVisits);
}

/// <summary>PUCT with the growing constant of AlphaZero (Silver et al. 2018), as OpenR has it (Wang et al., arXiv 2410.09671).</summary>
/// <param name="Base">The visits at which exploration begins to grow, above 0.</param>
/// <param name="Init">Exploration before, at least 0.</param>
public sealed record Puct(double Base = 19652, double Init = 1.25) : ChildSelector
{
    /// <inheritdoc/>
    public override double Score(double value, double prior, int visits, int parentVisits) =>
        value + (prior * Math.Sqrt(parentVisits) / (visits + 1) * (Math.Log((parentVisits + Base + 1) / Base) + Init));
}

/// <summary>UCT (Kocsis and Szepesvári 2006): children that nobody went down to come first.</summary>
/// <param name="C">Exploration, at least 0. The root of 2, as LATS has it (Zhou et al., arXiv 2310.04406); rStar has 2.</param>
public sealed record Uct(double C = 1.4142135623730951) : ChildSelector
{
    /// <inheritdoc/>
    public override double Score(double value, double prior, int visits, int parentVisits) =>
        visits == 0 ? double.PositiveInfinity : value + (C * Math.Sqrt(Math.Log(parentVisits) / visits));
}
