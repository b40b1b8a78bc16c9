using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Kernels;

/// <summary>
/// Values between guards, at an odd address: a kernel that writes outside changes a guard, one that reads outside meets a NaN.
/// </summary>
internal sealed unsafe class Guarded : IDisposable
{
    private const int Guard = 37;

    private readonly NativeBuffer<float> _memory;

    public Guarded(int length)
    {
        Length = length;
        _memory = new NativeBuffer<float>(length + 2 * Guard);
        _memory.Span.Fill(float.NaN);
        Span.Clear();
    }

    public Guarded(ReadOnlySpan<float> values) : this(values.Length) => values.CopyTo(Span);

    public int Length { get; }

    public float* Pointer => _memory.Pointer + Guard;

    public Span<float> Span => new(Pointer, Length);

    public static Guarded Random(Random random, int length, float scale = 1)
    {
        var values = new Guarded(length);
        foreach (ref float value in values.Span)
            value = (float)(random.NextDouble() * 2 - 1) * scale;
        return values;
    }

    /// <summary>The values, after a look at the guards.</summary>
    public float[] Checked()
    {
        for (int i = 0; i < Guard; i++)
        {
            float.IsNaN(_memory.Span[i]).ShouldBeTrue($"written {Guard - i} values before the start");
            float.IsNaN(_memory.Span[Guard + Length + i]).ShouldBeTrue($"written {i} values past the end");
        }
        return Span.ToArray();
    }

    public void Dispose() => _memory.Dispose();
}
