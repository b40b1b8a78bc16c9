namespace Ponder.Numerics.Formats;

/// <summary>
/// Chooses the scale of a group of values by trial: each of a few scales near the obvious one gives codes, the codes give the scale
/// that fits them best by least squares, and the scale with the smallest squared error wins.
/// </summary>
internal static class ScaleSearch
{
    private const float Step = 0.1f;

    /// <summary>The scale for <c>values ≈ scale * code</c> with codes from <c>-n</c> to <c>n - 1</c>; it can be negative.</summary>
    public static float Symmetric(ReadOnlySpan<float> values, int n)
    {
        float extreme = Rounding.Extreme(values), best = 0;
        double most = 0;
        if (extreme == 0)
            return 0;
        for (int step = -9; step <= 9; step++)
        {
            float inverse = -(n + Step * step) / extreme;
            double valuesByCodes = 0, codesByCodes = 0;
            foreach (float value in values)
            {
                int code = Rounding.Nearest(value * inverse, -n, n - 1);
                valuesByCodes += (double)value * code;
                codesByCodes += code * code;
            }
            // The best scale for these codes takes this much off the squared error.
            double gain = codesByCodes > 0 ? valuesByCodes * valuesByCodes / codesByCodes : 0;
            if (gain > most)
                (most, best) = (gain, (float)(valuesByCodes / codesByCodes));
        }
        return best;
    }

    /// <summary>
    /// Scale and minimum, both 0 or more, for <c>values ≈ scale * code - minimum</c> with codes from 0 to <paramref name="n"/>.
    /// </summary>
    public static (float Scale, float Minimum) Affine(ReadOnlySpan<float> values, int n)
    {
        var (least, greatest) = Rounding.Range(values);
        least = MathF.Min(least, 0);
        if (!(greatest > least))
            return (0, -least);
        var best = (Scale: (greatest - least) / n, Minimum: -least);
        double smallest = double.PositiveInfinity;
        for (int step = -5; step <= 15; step++)
        {
            var trial = Fit(values, least, (n + Step * step) / (greatest - least), n, out double error);
            if (error < smallest)
                (smallest, best) = (error, trial);
        }
        return best;
    }

    private static (float Scale, float Minimum) Fit(ReadOnlySpan<float> values, float least, float inverse, int n, out double error)
    {
        double sum = 0, squares = 0, codes = 0, codesByCodes = 0, valuesByCodes = 0;
        foreach (float value in values)
        {
            int code = Rounding.Nearest((value - least) * inverse, 0, n);
            sum += value;
            squares += (double)value * value;
            codes += code;
            codesByCodes += code * code;
            valuesByCodes += (double)value * code;
        }
        double determinant = values.Length * codesByCodes - codes * codes;
        double scale = determinant > 0 ? (values.Length * valuesByCodes - sum * codes) / determinant : 0;
        double minimum = determinant > 0 ? (codes * valuesByCodes - sum * codesByCodes) / determinant : 0;
        if (determinant <= 0 || minimum < 0)
            (scale, minimum) = (codesByCodes > 0 ? valuesByCodes / codesByCodes : 0, 0);
        // |values|² + |scale codes - minimum|² - 2 <values, scale codes - minimum>
        error = squares + scale * scale * codesByCodes + minimum * minimum * values.Length - 2 * scale * minimum * codes
            - 2 * scale * valuesByCodes + 2 * minimum * sum;
        if (scale < 0)
            error = double.PositiveInfinity;
        return ((float)scale, (float)minimum);
    }
}
