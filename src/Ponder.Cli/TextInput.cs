using System.Text;

namespace Ponder.Cli;

/// <summary>Reads the texts that a command line names.</summary>
internal static class TextInput
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole text of a UTF-8 file, exactly; <c>-</c> is standard input.</summary>
    /// <exception cref="UsageException">It cannot be read, or is not UTF-8.</exception>
    public static string ReadFile(string path, Terminal terminal)
    {
        if (path == "-")
            return terminal.In.ReadToEnd();
        try
        {
            return Strict.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new UsageException($"{path}: it is not UTF-8 text: there is a stray byte at offset {e.Index}.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UsageException($"{path}: it cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>A text without the newline that ends its last line.</summary>
    public static string WithoutLastNewline(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
