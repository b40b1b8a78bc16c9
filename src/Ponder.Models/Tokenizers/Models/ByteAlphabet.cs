namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// The printable characters that byte-level vocabularies write for bytes: printable Latin-1 stands for itself,
/// the other 68 bytes are U+0100 upwards (GPT-2's bytes_to_unicode). A space is Ġ, a line feed Ċ.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = MakeCharacters();
    private static readonly short[] Bytes = MakeBytes();

    /// <summary>The character of a byte.</summary>
    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>The byte of a character; false for characters outside the alphabet.</summary>
    public static bool TryGetByte(char character, out byte value)
    {
        int found = character < Bytes.Length ? Bytes[character] : -1;
        value = (byte)found;
        return found >= 0;
    }

    /// <summary>The bytes that a token's name stands for, or its own UTF-8 when a character is outside the alphabet.</summary>
    public static byte[] BytesOf(string name)
    {
        byte[] bytes = new byte[name.Length];
        for (int i = 0; i < name.Length; i++)
        {
            if (!TryGetByte(name[i], out bytes[i]))
                return System.Text.Encoding.UTF8.GetBytes(name);
        }
        return bytes;
    }

    private static char[] MakeCharacters()
    {
        char[] characters = new char[256];
        int others = 0;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = (char)(printable ? value : 256 + others++);
        }
        return characters;
    }

    private static short[] MakeBytes()
    {
        short[] bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++)
            bytes[Characters[value]] = (short)value;
        return bytes;
    }
}
