using Ponder.Models.Files;
using Ponder.Models.Loading;

namespace Ponder.Inference.Benchmarks;

/// <summary>What the matrix products of a forward pass read and compute; attention over the KV cache is not in it.</summary>
/// <param name="BytesPerStep">Bytes of the weights that a step reads, however many rows it has.</param>
/// <param name="LayerParameters">Weights that every row is multiplied with.</param>
/// <param name="HeadParameters">Weights that only rows with logits are multiplied with.</param>
public sealed record MatrixWork(long BytesPerStep, long LayerParameters, long HeadParameters)
{
    /// <summary>Floating-point operations: a multiplication and an addition for each weight and row.</summary>
    /// <param name="rows">Tokens computed.</param>
    /// <param name="outputRows">Those of them that gave logits.</param>
    public double Operations(double rows, double outputRows) => 2 * ((rows * LayerParameters) + (outputRows * HeadParameters));

    /// <summary>The work of a language model. An embedding counts only where it is the output matrix too: of a table, a token reads one row.</summary>
    internal static MatrixWork Of(ModelPackage model)
    {
        var embedding = Find(model, "token_embd.weight");
        var positions = Find(model, "position_embd.weight");
        var head = Find(model, "output.weight") ?? embedding;
        var layers = model.Weights.Tensors
            .Where(tensor => tensor.Format.IsWeight && tensor.Shape.Count == 2 && tensor != embedding && tensor != positions && tensor != head)
            .ToArray();
        return new MatrixWork(
            layers.Sum(tensor => tensor.ByteLength) + (head?.ByteLength ?? 0), layers.Sum(tensor => tensor.Count), head?.Count ?? 0);
    }

    private static Tensor? Find(ModelPackage model, string ggufName)
    {
        var names = model.Config.Architecture.HuggingFaceNames;
        string? name = model.Path.IsGguf ? ggufName : names.Translate(ggufName);
        return name is null ? null
            : model.Weights.TryGetTensor(name, out var tensor) || model.Weights.TryGetTensor(names.OptionalPrefix + name, out tensor) ? tensor
            : null;
    }
}
