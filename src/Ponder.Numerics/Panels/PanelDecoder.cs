using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Panels;

/// <summary>Reads single numbers out of a panel, in the plainest way: the reference for packing and for kernels.</summary>
internal static unsafe class PanelDecoder
{
    /// <summary>The float32 weight, to the bit what the number format decodes to.</summary>
    /// <param name="layout">Of the panel.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="output">0 to 15.</param>
    /// <param name="k">0 to K, exclusive.</param>
    public static float Weight(PanelLayout layout, byte* panel, int output, int k)
    {
        var kind = layout.Kind;
        float weight = Scale(layout, panel, output, k) * (Code(layout, panel, output, k) - kind.Offset);
        if (!kind.HasMinimum)
            return weight;
        float minimum = Minimum(layout, panel, output, k);
        return kind.SubtractsMinimum ? weight - minimum : weight + minimum;
    }

    /// <summary>The unsigned value: the format's plus <see cref="PanelKind.Offset"/>.</summary>
    /// <inheritdoc cref="Weight"/>
    public static int Code(PanelLayout layout, byte* panel, int output, int k)
    {
        var kind = layout.Kind;
        int group = k / PanelLayout.GroupValues, quad = k % PanelLayout.GroupValues / 4, value = output * 4 + k % 4;
        byte* q = panel + layout.Q + (long)group * kind.QuadVectors * 64;
        byte* h = panel + layout.H + (long)group * kind.HighVectors * 64;
        if (kind.Bits == 8)
            return q[quad * 64 + value];
        int code = q[quad % 4 * 64 + value] >> (quad / 4 * 4) & 15;
        return kind.Bits switch
        {
            5 => code | (h[value] >> quad & 1) << 4,
            6 => code | (h[quad / 4 * 64 + value] >> (quad % 4 * 2) & 3) << 4,
            _ => code,
        };
    }

    /// <summary>What the value is multiplied with, in float32.</summary>
    /// <inheritdoc cref="Weight"/>
    public static float Scale(PanelLayout layout, byte* panel, int output, int k)
    {
        float d = Half(panel + PanelLayout.D, k / layout.Kind.ScaleValues, output);
        byte* sc = panel + layout.Sc;
        return layout.Kind.SubScales switch
        {
            1 => d * sc[k / 32 * PanelLayout.Columns + output],
            2 => d * (sbyte)sc[k / 16 * PanelLayout.Columns + output],
            _ => d,
        };
    }

    /// <summary>What is added or subtracted, in float32; for kinds with a minimum.</summary>
    /// <inheritdoc cref="Weight"/>
    public static float Minimum(PanelLayout layout, byte* panel, int output, int k)
    {
        float m = Half(panel + layout.M, k / layout.Kind.ScaleValues, output);
        return layout.Kind.SubScales > 0 ? m * panel[layout.Mn + k / 32 * PanelLayout.Columns + output] : m;
    }

    private static float Half(byte* plane, int entry, int output) =>
        (float)Unsafe.ReadUnaligned<Half>(plane + ((long)entry * PanelLayout.Columns + output) * 2);
}
