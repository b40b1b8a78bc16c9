using System.Globalization;
using System.Text;
using Iced.Intel;

namespace Ponder.Numerics.CodeGen;

/// <summary>Machine code as text, for people who debug a generator.</summary>
internal static class Disassembly
{
    /// <summary>Environment variable that names a folder to receive a listing of every kernel that is generated.</summary>
    public const string EnvironmentVariable = "PONDER_DUMP_KERNELS";

    /// <summary>One line an instruction: offset, bytes, mnemonic.</summary>
    public static string Text(ReadOnlySpan<byte> code)
    {
        byte[] bytes = code.ToArray();
        var decoder = Iced.Intel.Decoder.Create(64, new ByteArrayCodeReader(bytes));
        var formatter = new NasmFormatter();
        var line = new StringOutput();
        var text = new StringBuilder();
        while (decoder.IP < (ulong)bytes.Length)
        {
            decoder.Decode(out var instruction);
            formatter.Format(instruction, line);
            string hex = Convert.ToHexString(bytes, (int)instruction.IP, instruction.Length);
            text.Append(CultureInfo.InvariantCulture, $"{instruction.IP:x4}  {hex,-24}  {line.ToStringAndReset()}\n");
        }
        return text.ToString();
    }

    /// <summary>Writes a listing where the user asked for them.</summary>
    /// <exception cref="PonderException">The folder cannot be written.</exception>
    public static void Dump(string name, ReadOnlySpan<byte> code)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } folder)
            return;
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name + ".asm"), Text(code));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PonderException($"{EnvironmentVariable}={folder} cannot be written: {e.Message}", e);
        }
    }
}
