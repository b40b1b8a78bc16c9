namespace Ponder.Numerics.Formats;

/// <summary>
/// A codebook: points whose coordinates come from a few levels, in ascending order with the first coordinate as the lowest digit.
/// Because the order is that of the numbers the points spell, a set is enough to store it: one bit for each possible point, lowest bit of
/// each byte first, in base64. The point of number <c>n</c> has coordinate k at level <c>n / levels^k % levels</c>.
/// </summary>
internal sealed class Codebook
{
    private readonly sbyte[] _values;
    private readonly int _width;

    /// <param name="count">Points in the book.</param>
    /// <param name="width">Coordinates of a point.</param>
    /// <param name="levels">The values a coordinate can take.</param>
    /// <param name="members">The set, in base64.</param>
    public Codebook(int count, int width, ReadOnlySpan<sbyte> levels, string members)
    {
        _values = new sbyte[count * width];
        _width = width;
        var bits = Convert.FromBase64String(members);
        int filled = 0;
        for (int number = 0; number < bits.Length * 8; number++)
        {
            if ((bits[number / 8] >> (number % 8) & 1) == 0)
                continue;
            for (int k = 0, rest = number; k < width; k++, rest /= levels.Length)
                _values[filled++] = levels[rest % levels.Length];
        }
    }

    /// <summary>Points in the book.</summary>
    public int Count => _values.Length / _width;

    /// <summary>The coordinates of a point.</summary>
    public ReadOnlySpan<sbyte> this[int index] => _values.AsSpan(index * _width, _width);
}
