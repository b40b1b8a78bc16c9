using System.Text;

namespace Ponder.CodeRunner.CSharp;

/// <summary>The wanted method as tests see it: each call goes to the process that holds the answer's code.</summary>
public static class Remote
{
    private static Frames? _frames;

    /// <summary>Waits until the other side has its code ready.</summary>
    internal static void Start(Frames frames)
    {
        _frames = frames;
        _ = Reply();
    }

    /// <summary>Calls the answer's method.</summary>
    /// <param name="arguments">Its arguments: plain values.</param>
    public static T? Call<T>(object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        foreach (object? argument in arguments)
            Values.Write(writer, argument);
        _frames!.Write(memory.ToArray());
        try
        {
            using var reader = Reply();
            object? value = Values.Read(reader, typeof(T));
            return reader.BaseStream.Position == reader.BaseStream.Length ? (T?)value : throw new InvalidDataException("A message is too long.");
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new TestException($"the code returned no value that fits: {error.Message}");
        }
    }

    private static BinaryReader Reply()
    {
        byte[] message = _frames!.Read() is { Length: > 0 } some ? some : throw new TestException("the code's process ended");
        return message[0] switch
        {
            (byte)'x' => throw new TestException(Encoding.UTF8.GetString(message, 1, Math.Min(message.Length - 1, 300))),
            (byte)'r' or (byte)'v' => new BinaryReader(new MemoryStream(message, 1, message.Length - 1)),
            _ => throw new TestException("the code's process spoke out of turn"),
        };
    }
}
