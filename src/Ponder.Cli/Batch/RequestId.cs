using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ponder.Inference.Sampling;

namespace Ponder.Cli.Batch;

/// <summary>What a request and its answer are known by. 17 and "17" are the same id; an answer has it as its request wrote it.</summary>
/// <param name="Text">The id as a text.</param>
/// <param name="Number">The id as a number, where it is written as one.</param>
internal readonly record struct RequestId(string Text, long? Number = null)
{
    /// <summary>The name of the field.</summary>
    public const string Field = "id";

    /// <summary>The id of a line that has none of its own.</summary>
    public static RequestId OfLine(long number) => new($"line-{number.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The id that a request or an answer carries; null where it has none.</summary>
    /// <exception cref="UsageException">It is neither a text nor a whole number.</exception>
    public static RequestId? Of(JsonElement line)
    {
        if (!line.TryGetProperty(Field, out var id) || id.ValueKind == JsonValueKind.Null)
            return null;
        return id.ValueKind switch
        {
            JsonValueKind.String => new RequestId(new FieldValue(Field, id).Text()),
            JsonValueKind.Number when id.TryGetInt64(out long number) => new RequestId(number.ToString(CultureInfo.InvariantCulture), number),
            _ => throw new UsageException($"'{Field}' is neither a text nor a whole number."),
        };
    }

    /// <summary>
    /// 128 bits that stand for the id: files may have more ids than memory holds texts, and among 2^40 ids two would agree once in 2^49 files.
    /// </summary>
    public UInt128 Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>The seed of a request that brings none: it depends on nothing but the id and the run's own seed.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>Less than 2^53, so that every reader of JSON keeps its digits.</returns>
    public ulong Seed(ulong seed) => CounterRandom.Bits(seed, (ulong)Hash(), 0) >> 11;

    /// <summary>Writes the field.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Number is long number)
            json.WriteNumber(Field, number);
        else
            json.WriteString(Field, Text);
    }
}
