namespace Ponder.Reasoning.Auto;

/// <summary>
/// Tells from probes how hard a problem is: the part of its answers that are right is predicted by least squares from the probes' figures, and problems
/// are parted into thirds by the prediction. Parting by what is predicted, as Snell et al. do (arXiv 2408.03314), needs no truth at solving time.
/// </summary>
/// <param name="Probes">Probes that the figures are of, at least 1.</param>
/// <param name="Weights">Of 1, the agreement, the mean and the best reward.</param>
/// <param name="EasyFrom">Problems with this prediction or more are easy.</param>
/// <param name="HardBelow">Problems with less than this are hard; at most <paramref name="EasyFrom"/>.</param>
public sealed record DifficultyMap(int Probes, IReadOnlyList<double> Weights, double EasyFrom, double HardBelow)
{
    internal const int Inputs = 4;

    private const double Ridge = 1e-3;                          // figures that never differ, as rewards without a reward model, get no weight

    /// <summary>The part of a problem's answers that are likely to be right.</summary>
    public double Predict(ProbeFigures figures)
    {
        double[] x = Row(figures);
        return Weights.Select((weight, i) => weight * x[i]).Sum();
    }

    /// <summary>Which third a problem belongs to.</summary>
    public Difficulty Of(ProbeFigures figures)
    {
        double predicted = Predict(figures);
        return predicted >= EasyFrom ? Difficulty.Easy : predicted < HardBelow ? Difficulty.Hard : Difficulty.Medium;
    }

    /// <summary>Fits the map.</summary>
    /// <param name="probes">Probes that the figures are of.</param>
    /// <param name="problems">Figures of problems, at least three, and the part of each one's answers that are right.</param>
    public static DifficultyMap Fit(int probes, IReadOnlyList<(ProbeFigures Figures, double Right)> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentOutOfRangeException.ThrowIfLessThan(problems.Count, 3);
        var normal = new double[Inputs, Inputs + 1];
        foreach (var (figures, right) in problems)
        {
            double[] x = Row(figures);
            for (int i = 0; i < Inputs; i++)
            {
                for (int j = 0; j < Inputs; j++)
                    normal[i, j] += x[i] * x[j];
                normal[i, Inputs] += x[i] * right;
            }
        }
        for (int i = 0; i < Inputs; i++)
            normal[i, i] += Ridge * problems.Count;
        var map = new DifficultyMap(probes, Solve(normal), 0, 0);
        double[] predicted = [.. problems.Select(problem => map.Predict(problem.Figures)).Order()];
        return map with { EasyFrom = predicted[predicted.Length * 2 / 3], HardBelow = predicted[predicted.Length / 3] };
    }

    private static double[] Row(ProbeFigures figures) => [1, figures.Agreement, figures.MeanReward, figures.BestReward];

    // Gauss and Jordan: the ridge makes the matrix positive definite, so that no pivot is 0.
    private static double[] Solve(double[,] rows)
    {
        for (int i = 0; i < Inputs; i++)
        {
            for (int k = 0; k < Inputs; k++)
            {
                if (k == i)
                    continue;
                double factor = rows[k, i] / rows[i, i];
                for (int j = i; j <= Inputs; j++)
                    rows[k, j] -= factor * rows[i, j];
            }
        }
        return [.. Enumerable.Range(0, Inputs).Select(i => rows[i, Inputs] / rows[i, i])];
    }
}
