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
        byte* sc = panel + layout.Sc, mn = panel + layout.Mn;
        var sum = Vector512<float>.Zero;
        for (int group = 0; group < layout.Groups; group++, activations++)
        {
            int entry = group * PanelLayout.GroupValues / kind.ScaleValues;
            var scale = Halves(panel + PanelLayout.D, entry);
            Vector512<float> t;
            if (kind.SubScales == 2)
            {
                t = Dot(layout, panel, group, activations, 0, Quads / 2) * SignedBytes(sc, 2 * group);
                t = Vector512.FusedMultiplyAdd(Dot(layout, panel, group, activations, Quads / 2, Quads), SignedBytes(sc, 2 * group + 1), t);
            }
            else
            {
                t = Dot(layout, panel, group, activations, 0, Quads);
                if (kind.SubScales == 1)
                    scale *= Bytes(sc, group);
            }
            sum = Vector512.FusedMultiplyAdd(t, scale * Vector512.Create(activations->Scale), sum);
            if (!kind.HasMinimum)
                continue;
            var minimum = Halves(panel + layout.M, entry);
            if (kind.SubScales == 1)
                minimum *= Bytes(mn, group);
            float activationSum = kind.SubtractsMinimum ? activations->NegatedSum : activations->Sum;
            sum = Vector512.FusedMultiplyAdd(minimum, Vector512.Create(activationSum), sum);
        }
        return sum;
    }

    // The integer products of some quads, as float32.
    private static Vector512<float> Dot(PanelLayout layout, byte* panel, int group, QuantizedGroup* activations, int firstQuad, int endQuad)
    {
        var offset = Vector512.Create(layout.Kind.Offset);
        var sum = Vector512<int>.Zero;
        for (int quad = firstQuad; quad < endQuad; quad++)
        {
            var codes = Codes(layout, panel, group, quad);
            for (int i = 0; i < 4; i++, codes >>>= 8)
                sum += ((codes & Vector512.Create(0xFFu)).AsInt32() - offset) * activations->Values[4 * quad + i];
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

    // Entry e of a plane for all outputs.
    private static Vector512<float> Halves(byte* plane, int e)
    {
        var values = Vector512<float>.Zero;
        for (int output = 0; output < PanelLayout.Columns; output++)
            values = values.WithElement(output, (float)((Half*)plane)[e * PanelLayout.Columns + output]);
        return values;
    }

    private static Vector512<float> Bytes(byte* plane, int e)
    {
        var wide = Vector256.WidenLower(Vector128.Load(plane + e * PanelLayout.Columns).ToVector256Unsafe());
        return Vector512.ConvertToSingle(Vector512.WidenLower(wide.ToVector512Unsafe()).AsInt32());
    }

    private static Vector512<float> SignedBytes(byte* plane, int e)
    {
        var wide = Vector256.WidenLower(Vector128.Load((sbyte*)plane + e * PanelLayout.Columns).ToVector256Unsafe());
        return Vector512.ConvertToSingle(Vector512.WidenLower(wide.ToVector512Unsafe()));
    }
}
