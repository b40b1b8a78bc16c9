namespace Ponder.Numerics.Kernels;

/// <summary>Folds the results of a token's chunks, which several pieces left, into its output.</summary>
internal readonly unsafe struct AttentionMerge(AttentionPlan plan, int index, AttentionShape shape, float* output) : IVectorKernel
{
    private readonly float* _output = output;

    public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        var query = plan.Queries[index];
        int size = shape.HeadSize, wide = (size + 15) / 16 * 16, partial = AttentionPlan.PartialSize(wide);
        for (int head = 0; head < shape.Heads; head++)
        {
            float* sums = plan.Partials + ((nint)query.Slot * shape.Heads + head) * partial;
            float* part = sums;
            for (int chunk = query.FirstChunk + 1; chunk < query.EndChunk; chunk++)
            {
                part += (nint)shape.Heads * partial;
                Fold<TLanes, TVec>(sums, ref sums[wide], ref sums[wide + 1], part, part[wide], part[wide + 1], wide);
            }
            Write<TLanes, TVec>(sums, sums[wide + 1], size, _output + ((nint)query.Row * shape.Heads + head) * size);
        }
    }

    public void Scalar() => throw new NotSupportedException("The scalar reference does not cut the positions.");

    /// <summary>Adds the result of the next chunk to that of the chunks before.</summary>
    /// <param name="sums">[wide]: the weighted sums of the values so far, weights relative to <paramref name="top"/>.</param>
    /// <param name="top">The largest score so far; -infinity before any.</param>
    /// <param name="total">The sum of the weights so far.</param>
    /// <param name="part">[wide]: the sums of the chunk.</param>
    /// <param name="partTop">The largest score of the chunk; -infinity if the query sees nothing of it.</param>
    /// <param name="partTotal">The sum of the weights of the chunk.</param>
    /// <param name="wide">A multiple of 16.</param>
    public static void Fold<TLanes, TVec>(float* sums, ref float top, ref float total, float* part, float partTop, float partTotal, int wide)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        float highest = MathF.Max(top, partTop);
        if (highest == float.NegativeInfinity)
            return;
        float keep = MathF.Exp(top - highest), take = MathF.Exp(partTop - highest);
        var keeps = TLanes.Create(keep);
        var takes = TLanes.Create(take);
        for (int c = 0; c < wide; c += TLanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(part + c), takes, TLanes.Multiply(TLanes.Load(sums + c), keeps)), sums + c);
        total = MathF.FusedMultiplyAdd(partTotal, take, total * keep);
        top = highest;
    }

    /// <summary>The output of a head: its sums over the sum of its weights.</summary>
    public static void Write<TLanes, TVec>(float* sums, float total, int size, float* target)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        float inverse = 1 / total;
        var inverses = TLanes.Create(inverse);
        int c = 0;
        for (; c + TLanes.Count <= size; c += TLanes.Count)
            TLanes.Store(TLanes.Multiply(TLanes.Load(sums + c), inverses), target + c);
        for (; c < size; c++)
            target[c] = sums[c] * inverse;
    }
}
