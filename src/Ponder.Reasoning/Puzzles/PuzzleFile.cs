using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ponder.Reasoning.Puzzles;

/// <summary>
/// Files of puzzles: JSONL with <c>task</c> and <c>prompt</c> on each line. A countdown may give <c>numbers</c> and <c>target</c>, a chain its
/// <c>answer</c>: what is given must agree with the prompt. Further fields are not read; empty lines are passed over.
/// </summary>
public static class PuzzleFile
{
    private const long MaxBytes = 64L << 20;

    /// <summary>Reads every puzzle of a file.</summary>
    /// <param name="path">The file, UTF-8, at most 64 MiB.</param>
    /// <param name="task">The one task wanted, which lines may then leave out; null to go by each line.</param>
    /// <exception cref="PuzzleException">The file cannot be read, is empty, or has a bad line: the sentence names file and line.</exception>
    public static IReadOnlyList<IPuzzle> Read(string path, string? task = null)
    {
        if (task is not null)
            PuzzleTasks.Require(task);
        var puzzles = new List<IPuzzle>();
        int line = 0;
        foreach (string text in ReadLines(path))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            try
            {
                puzzles.Add(ReadLine(text, task));
            }
            catch (PuzzleException e)
            {
                throw new PuzzleException($"{path}, line {line}: {e.Message}", e);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half of a surrogate pair
            {
                throw new PuzzleException($"{path}, line {line}: is not a JSON object on one line", e);
            }
        }
        return puzzles.Count > 0 ? puzzles : throw new PuzzleException($"{path} holds no puzzle");
    }

    private static string[] ReadLines(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            long bytes = new FileInfo(path).Length;
            if (bytes > MaxBytes)
                throw new PuzzleException($"{path} has {bytes} bytes: a file of puzzles has at most {MaxBytes}");
            return File.ReadAllLines(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PuzzleException($"there is no file {path}", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new PuzzleException($"{path} is not UTF-8 text", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new PuzzleException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static IPuzzle ReadLine(string line, string? wanted)
    {
        using var document = JsonDocument.Parse(line);
        return ReadFields(document.RootElement, wanted);
    }

    /// <summary>The puzzle of one problem's fields.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="wanted">The one task wanted; null to go by the fields.</param>
    /// <exception cref="PuzzleException">They make no puzzle; the sentence is without file and line.</exception>
    internal static IPuzzle ReadFields(JsonElement fields, string? wanted)
    {
        if (fields.ValueKind != JsonValueKind.Object)
            throw new PuzzleException("is not a JSON object on one line");

        string? task = Text(fields, "task");
        if (task is not null)
            PuzzleTasks.Require(task);
        if (wanted is not null && task is not null && task != wanted)
            throw new PuzzleException($"the field task is '{task}' where '{wanted}' is wanted");
        task ??= wanted;

        string? prompt = Text(fields, "prompt");
        if (prompt is null)
        {
            return task is null or PuzzleTasks.Countdown && Numbers(fields) is { } numbers && Integer(fields, "target") is { } target
                ? new CountdownPuzzle(numbers, target)
                : throw new PuzzleException("the field prompt is missing");
        }
        var puzzle = task is null ? PuzzleParser.Parse(prompt) : PuzzleParser.Parse(prompt, task);
        if (puzzle is CountdownPuzzle countdown)
            RequireAgreement(countdown, fields);
        else
            RequireAgreement((ChainPuzzle)puzzle, fields);
        return puzzle;
    }

    private static void RequireAgreement(CountdownPuzzle puzzle, JsonElement fields)
    {
        if (Numbers(fields) is { } numbers && !numbers.Order().SequenceEqual(puzzle.Numbers))
            throw new PuzzleException("the field numbers does not agree with the prompt");
        if (Integer(fields, "target") is { } target && target != puzzle.Target)
            throw new PuzzleException($"the field target is {target}, and the prompt asks for {puzzle.Target}");
    }

    private static void RequireAgreement(ChainPuzzle puzzle, JsonElement fields)
    {
        if (!fields.TryGetProperty("answer", out var answer))
            return;
        // Files of other tasks write answers as text; both are read.
        string given = answer.ValueKind == JsonValueKind.String ? answer.GetString()!.Trim() : answer.GetRawText();
        if (given != puzzle.Value.ToString(CultureInfo.InvariantCulture))
            throw new PuzzleException($"the field answer is {PuzzleException.Quote(given)}, and the chain's value is {puzzle.Value}");
    }

    private static string? Text(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var field))
            return null;
        return field.ValueKind == JsonValueKind.String
            ? field.GetString()
            : throw new PuzzleException($"the field {name} is not text");
    }

    private static int? Integer(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out var field) ? ToInteger(field, name) : null;

    private static int ToInteger(JsonElement field, string name) => field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out int number)
        ? number
        : throw new PuzzleException($"the field {name} has {PuzzleException.Quote(field.GetRawText())} where a whole number is wanted");

    private static List<int>? Numbers(JsonElement fields)
    {
        if (!fields.TryGetProperty("numbers", out var field))
            return null;
        if (field.ValueKind != JsonValueKind.Array)
            throw new PuzzleException("the field numbers is not a list");
        return [.. field.EnumerateArray().Select(number => ToInteger(number, "numbers"))];
    }
}
