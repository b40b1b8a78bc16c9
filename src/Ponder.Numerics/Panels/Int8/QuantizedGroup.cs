using System.Runtime.InteropServices;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// 32 activations of a row as signed bytes, and all that a product needs to know of them: one cache line, so that a kernel walks a row with one pointer. A
/// prepared row of K activations is K / 32 of these.
/// </summary>
/// <remarks>
/// The sums make up for weights being stored with an offset: an integer sum begins at minus offset times the sum of the activations, for each
/// offset that a <see cref="PanelKind"/> has.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal unsafe struct QuantizedGroup
{
    /// <summary>Bytes of a group.</summary>
    public const int Bytes = 64;

    /// <summary>The activations a, -127 to 127; the real ones are about <see cref="Scale"/> times these.</summary>
    public fixed sbyte Values[PanelLayout.GroupValues];

    /// <summary>The largest magnitude over 127; 0 for a group of zeros, NaN for one that holds a NaN or an infinity.</summary>
    public float Scale;

    /// <summary>Scale times the sum of a: what a minimum is multiplied with where it is added.</summary>
    public float Sum;

    /// <summary>Minus <see cref="Sum"/>, where a minimum is subtracted.</summary>
    public float NegatedSum;

    /// <summary>-128 times the sum of a.</summary>
    public int Start128;

    /// <summary>-16 times the sum of a.</summary>
    public int Start16;

    /// <summary>-8 times the sum of a.</summary>
    public int Start8;

    /// <summary>-32 times the sum of the first 16 of a.</summary>
    public int Start32First;

    /// <summary>-32 times the sum of the last 16 of a.</summary>
    public int Start32Last;

    /// <summary>Byte offset of the integer that the sums of a kind begin at, or null where they begin at 0.</summary>
    /// <param name="kind">The weights.</param>
    /// <param name="last">True for the last 16 values of kinds with two scales in a group.</param>
    public static int? StartOffset(PanelKind kind, bool last) => kind.Offset switch
    {
        0 => null,
        8 => Offset(nameof(Start8)),
        16 => Offset(nameof(Start16)),
        32 => Offset(last ? nameof(Start32Last) : nameof(Start32First)),
        128 => Offset(nameof(Start128)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The groups of activations have no sum for this offset."),
    };

    /// <summary>Byte offset of a field.</summary>
    public static int Offset(string field) => (int)Marshal.OffsetOf<QuantizedGroup>(field);
}
