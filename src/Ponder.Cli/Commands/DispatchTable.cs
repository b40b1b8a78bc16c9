using Ponder.Models.Loading;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Panels;

namespace Ponder.Cli.Commands;

/// <summary>Which kernels multiply with the matrices of a model.</summary>
internal static class DispatchTable
{
    /// <summary>One row for each number format among the matrices.</summary>
    public static IEnumerable<(string Format, string Path)> Of(ModelPackage package, ExecutionPath path)
    {
        var packed = PackedMatMul.For(path.Instructions);
        string vectors = path.Width == VectorWidth.Scalar ? "scalar code" : $"vectors of {VectorWidths.NameOf(path.Width)} bits";
        var formats = package.Weights.Tensors.Where(tensor => tensor.Format.IsWeight && tensor.Shape.Count == 2)
            .GroupBy(tensor => tensor.Format.Name).OrderBy(format => format.Key, StringComparer.Ordinal);
        foreach (var format in formats)
        {
            int all = format.Count(), repacked = packed is null ? 0 : format.Count(tensor => packed.CanPack(tensor.Format, tensor.Shape[1]));
            string plain = format.Key == "F32" ? $"float32, {vectors}" : $"decoded to float32 as they are read, {vectors}";
            yield return (format.Key, repacked == 0 ? plain
                : repacked == all ? $"repacked, {packed!.Description}"
                : $"{repacked} of {all} repacked, {packed!.Description}; the others {plain}");
        }
    }
}
