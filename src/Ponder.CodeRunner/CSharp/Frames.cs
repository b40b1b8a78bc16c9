using System.Text;

namespace Ponder.CodeRunner.CSharp;

/// <summary>Messages on a pipe: a length in four bytes, then as many bytes.</summary>
internal sealed class Frames(Stream incoming, Stream outgoing)
{
    public const int MaxBytes = 16 << 20;

    /// <summary>This process's own pipes, which code that prints does not get to see.</summary>
    public static Frames Take()
    {
        var frames = new Frames(Console.OpenStandardInput(), Console.OpenStandardOutput());
        Console.SetIn(TextReader.Null);
        Console.SetOut(Console.Error);
        return frames;
    }

    /// <summary>The next message; null at the end.</summary>
    /// <exception cref="InvalidDataException">It is longer than allowed.</exception>
    public byte[]? Read()
    {
        Span<byte> size = stackalloc byte[4];
        int got = incoming.ReadAtLeast(size, 4, throwOnEndOfStream: false);
        if (got < 4)
            return null;
        int length = BitConverter.ToInt32(size);
        if (length is < 0 or > MaxBytes)
            throw new InvalidDataException("A message is longer than allowed.");
        byte[] message = new byte[length];
        return incoming.ReadAtLeast(message, length, throwOnEndOfStream: false) == length ? message : null;
    }

    /// <summary>The next message as text.</summary>
    public string ReadText() => Encoding.UTF8.GetString(Read() ?? throw new EndOfStreamException());

    public void Write(byte[] message)
    {
        outgoing.Write(BitConverter.GetBytes(message.Length));
        outgoing.Write(message);
        outgoing.Flush();
    }
}
