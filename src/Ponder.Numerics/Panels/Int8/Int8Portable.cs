using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>The int8 recipe in plain C#: the twin of every generated int8 kernel, to the bit. A vector lane is an output.</summary>
internal sealed unsafe class Int8Portable : Int8Numbers
{
    private const int Quads = PanelLayout.GroupValues / 4;

    /// <inheritdoc/>
    public override string Description => "int8 activations, portable";

    /// <inheritdoc/>
    public override void Multiply(
        PanelLayout layout, byte* panels, int count, byte* prepared, int rows, float* y, nint stride, int columns, byte* scratch)
    {
        for (int p = 0; p < count; p++, panels += layout.Bytes, y += PanelLayout.Columns, columns -= PanelLayout.Columns)
        {
            for (int row = 0; row < rows; row++)
            {
                var sums = Row(layout, panels, (QuantizedGroup*)(prepared + row * RowBytes(layout.K)));
                for (int output = 0; output < Math.Min(columns, PanelLayout.Columns); output++)
                    y[row * stride + output] = sums[output];
            }
        }
    }

    private static Vector512<float> Row(PanelLayout layout, byte* panel, QuantizedGroup* activations)
    {
        var kind = layout.Kind;
        var sum = Vector512<float>.Zero;
        for (int group = 0; group < layout.Groups; group++, activations++)
        {
            Vector512<float> t;
            if (kind.SubScales == 2)
            {
                // Whole numbers up to 2^24: exact in float32, whatever the order.
                t = Dot(layout, panel, group, activations, 0, Quads / 2, kind.Offset * -1) * SubScale(layout, panel, 2 * group);
                var last = Dot(layout, panel, group, activations, Quads / 2, Quads, kind.Offset * -1);
                t = Vector512.FusedMultiplyAdd(last, SubScale(layout, panel, 2 * group + 1), t);
            }
            else
            {
                t = Dot(layout, panel, group, activations, 0, Quads, -kind.Offset);
            }
            int entry = group * PanelLayout.GroupValues / kind.ScaleValues;
            var scale = Halves(panel + PanelLayout.D, entry);
            if (kind.SubScales == 1)
                scale *= Bytes(panel + layout.Sc, group);
            sum = Vector512.FusedMultiplyAdd(t, scale * Vector512.Create(activations->Scale), sum);
            if (!kind.HasMinimum)
                continue;
            var minimum = Halves(panel + layout.M, entry);
            if (kind.SubScales > 0)
                minimum *= Bytes(panel + layout.Mn, group);
            sum = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(kind.SubtractsMinimum ? activations->NegatedSum : activations->Sum), sum);
        }
        return sum;
    }

    // The integer products of some quads, as float32.
    private static Vector512<float> Dot(
        PanelLayout layout, byte* panel, int group, QuantizedGroup* activations, int firstQuad, int endQuad, int negatedOffset)
    {
        var sum = Vector512<int>.Zero;
        for (int quad = firstQuad; quad < endQuad; quad++)
        {
            var codes = Codes(layout, panel, group, quad);
            for (int i = 0; i < 4; i++, codes >>>= 8)
            {
                var weights = (codes & Vector512.Create(0xFFu)).AsInt32() + Vector512.Create(negatedOffset);
                sum += weights * activations->Values[4 * quad + i];
            }
        }
        return Vector512.ConvertToSingle(sum);
    }

    // Four unsigned values of each output.
    private static Vector512<uint> Codes(PanelLayout layout, byte* panel, int group, int quad)
    {
        var kind = layout.Kind;
        byte* q = panel + layout.Q + (nint)group * kind.QuadVectors * 64;
        byte* h = panel + layout.H + (nint)group * kind.HighVectors * 64;
        if (kind.Bits == 8)
            return Vector512.Load((uint*)(q + quad * 64));
        var codes = Vector512.Load((uint*)(q + quad % 4 * 64)) >>> (quad / 4 * 4) & Vector512.Create(0x0F0F0F0Fu);
        return kind.Bits switch
        {
            5 => codes | (Vector512.Load((uint*)h) >>> quad & Vector512.Create(0x01010101u)) << 4,
            6 => codes | (Vector512.Load((uint*)(h + quad / 4 * 64)) >>> (quad % 4 * 2) & Vector512.Create(0x03030303u)) << 4,
            _ => codes,
        };
    }

    private static Vector512<float> Halves(byte* plane, int entry)
    {
        var values = Vector512<float>.Zero;
        for (int i = 0; i < PanelLayout.Columns; i++)
            values = values.WithElement(i, (float)((Half*)plane)[entry * PanelLayout.Columns + i]);
        return values;
    }

    private static Vector512<float> Bytes(byte* plane, int entry)
    {
        var values = Vector512<float>.Zero;
        for (int i = 0; i < PanelLayout.Columns; i++)
            values = values.WithElement(i, plane[entry * PanelLayout.Columns + i]);
        return values;
    }

    private static Vector512<float> SubScale(PanelLayout layout, byte* panel, int entry)
    {
        var values = Vector512<float>.Zero;
        for (int i = 0; i < PanelLayout.Columns; i++)
            values = values.WithElement(i, ((sbyte*)panel + layout.Sc)[entry * PanelLayout.Columns + i]);
        return values;
    }
}
