using Ponder.Numerics.Formats;

namespace Ponder.Models.Gguf.Synthesis;

/// <summary>
/// Encoded random values to draw rows from: normal, mean 0, deviation 0.02. Encoding every weight of a large model would take minutes;
/// a row is a slice of the pool at a random block instead. Rows thus repeat in part, which neither sizes nor speed depend on.
/// </summary>
internal sealed class WeightPool
{
    private const int ChunkValues = 1 << 14;
    private const float Deviation = 0.02f;

    private readonly NumberFormat _format;
    private readonly byte[] _bytes;

    /// <summary>Fills the pool on all processors; the same seed gives the same bytes on any number of them.</summary>
    /// <param name="format">The format.</param>
    /// <param name="values">How many values, at least; rounded up to whole chunks.</param>
    /// <param name="seed">The seed.</param>
    public WeightPool(NumberFormat format, long values, int seed)
    {
        _format = format;
        int chunks = (int)((values + ChunkValues - 1) / ChunkValues);
        int chunkBytes = (int)format.BytesOf(ChunkValues);
        _bytes = new byte[chunks * chunkBytes];
        Parallel.For(0, chunks, chunk =>
        {
            float[] normal = new float[ChunkValues];
            Fill(new Random(HashCode(seed, chunk)), normal);
            format.Encode(normal, _bytes.AsSpan(chunk * chunkBytes, chunkBytes));
        });
    }

    /// <summary>Copies random rows.</summary>
    /// <param name="random">Chooses them.</param>
    /// <param name="rowValues">Values of a row, at most those of the pool.</param>
    /// <param name="target">Receives whole rows.</param>
    public void Draw(Random random, long rowValues, Span<byte> target)
    {
        int rowBytes = (int)_format.BytesOf(rowValues);
        int starts = (_bytes.Length - rowBytes) / _format.BlockBytes + 1;
        for (; target.Length > 0; target = target[rowBytes..])
            _bytes.AsSpan(random.Next(starts) * _format.BlockBytes, rowBytes).CopyTo(target);
    }

    /// <summary>Normal values by the method of Box and Muller.</summary>
    private static void Fill(Random random, Span<float> values)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cosine);
            values[i + 1] = (float)(radius * sine);
        }
    }

    /// <summary>Unlike the framework's, the same in every process.</summary>
    private static int HashCode(int seed, int chunk) => unchecked((int)((uint)seed * 2654435761u + (uint)chunk * 2246822519u));
}
