using Ponder.Numerics.Formats;

namespace Ponder.Models.Gguf.Synthesis;

/// <summary>Which number format each matrix of a model gets.</summary>
/// <param name="Name">What users type: <c>q4_k_m</c> …</param>
/// <param name="FileType">The number that GGUF files carry for it as <c>general.file_type</c>.</param>
/// <param name="Base">The format of most matrices.</param>
/// <param name="Output">The format of the output matrix, and of an embedding that serves as one.</param>
/// <param name="More">The format of the value and down projections of half of the layers.</param>
/// <remarks>
/// The rules are the usual ones. Norms and biases stay F32. The "M" mixes give the value and down projections more bits in the first and the
/// last eighth of the layers and in every third between. A row that is no multiple of 256 cannot be a K format: Q4_K becomes Q5_0, Q5_K
/// becomes Q5_1, Q6_K becomes Q8_0.
/// </remarks>
public sealed record QuantizationMix(string Name, int FileType, string Base, string Output, string More)
{
    /// <summary>Every mix.</summary>
    public static IReadOnlyList<QuantizationMix> All { get; } =
    [
        new("f32", 0, "F32", "F32", "F32"),
        new("f16", 1, "F16", "F16", "F16"),
        new("bf16", 32, "BF16", "BF16", "BF16"),
        new("q8_0", 7, "Q8_0", "Q8_0", "Q8_0"),
        new("q4_0", 2, "Q4_0", "Q6_K", "Q4_0"),
        new("q4_1", 3, "Q4_1", "Q6_K", "Q4_1"),
        new("q4_k_m", 15, "Q4_K", "Q6_K", "Q6_K"),
        new("q5_k_m", 17, "Q5_K", "Q6_K", "Q6_K"),
        new("q6_k", 18, "Q6_K", "Q6_K", "Q6_K"),
    ];

    /// <summary>The mix of a name, in any case, or null.</summary>
    public static QuantizationMix? Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format of the output matrix.</summary>
    internal NumberFormat ForOutput(long row) => Fit(Output, row);

    /// <summary>The format of an ordinary matrix.</summary>
    internal NumberFormat ForMatrix(long row) => Fit(Base, row);

    /// <summary>The format of a value or down projection.</summary>
    internal NumberFormat ForSensitive(long row, int layer, int layers)
    {
        int eighth = layers / 8;
        bool more = layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
        return Fit(more ? More : Base, row);
    }

    private static NumberFormat Fit(string name, long row)
    {
        var format = NumberFormats.FromName(name)!;
        if (row % format.BlockSize == 0)
            return format;
        return NumberFormats.FromName(name switch { "Q4_K" => "Q5_0", "Q5_K" => "Q5_1", "Q6_K" => "Q8_0", _ => "F16" })!;
    }
}
