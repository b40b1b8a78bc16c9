using System.Text;
using System.Text.Json;
using Ponder.Numerics;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Tasks.Adapters;

namespace Ponder.Reasoning.Tasks;

/// <summary>
/// Files of problems: JSONL, a problem a line; a JSON document with a list of them, alone or in <c>examples</c>; or CSV with a line of names.
/// A problem has the fields of its task, which <c>task</c> names, and may have <c>id</c> and <c>system</c>; without a task it is a question as it stands.
/// </summary>
public static class TaskFile
{
    private const long MaxBytes = 100L << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads every problem of a file.</summary>
    /// <param name="path">The file, UTF-8, at most 100 MiB. Its ending says how it is read: <c>.json</c>, <c>.csv</c>, else a problem a line.</param>
    /// <param name="task">The one task wanted, which problems may then leave out; null to go by each problem.</param>
    /// <param name="arePuzzles">Problems that name no task are built-in puzzles; else they are open questions.</param>
    /// <exception cref="TaskException">The file cannot be read, holds no problem, or has a bad one: the sentence names file and line.</exception>
    public static IReadOnlyList<Problem> Read(string path, string? task = null, bool arePuzzles = false)
    {
        var row = task is null ? null : TaskTable.Require(task);
        var usual = row ?? (arePuzzles ? PuzzleTask.Either : OpenTask.Row);
        string text = ReadText(path);
        var problems = new List<Problem>();
        try
        {
            foreach (var (place, number, json) in Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".json" => Items(path, text),
                ".csv" => CsvLines.Read(path, text),
                _ => Lines(text),
            })
                problems.Add(ReadOne($"{path}, {place} {number}", number, json, row, usual));
        }
        catch (InvalidOperationException e)
        {
            throw new TaskException($"{path} has half of a surrogate pair in a text", e);
        }
        return problems.Count > 0 ? problems : throw new TaskException($"{path} holds no problem");
    }

    /// <summary>A problem of a typed text, whose right answer nobody knows.</summary>
    /// <param name="task">The task; null for a question as it stands.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="PonderException">There is no such task, it cannot be typed, or the text is no problem of it.</exception>
    public static Problem One(string? task, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var row = TaskTable.Require(task ?? OpenTask.Row.Name);
        if (string.IsNullOrWhiteSpace(text))
            throw new TaskException("The problem is empty.");
        return row.Ask is null ? throw new TaskException($"A problem of {row.Name} is more than a text: give a file with {row.Fields}.") : row.Ask(text);
    }

    /// <summary>Puzzles of a built-in task, drawn with a seed.</summary>
    /// <param name="task"><c>countdown</c> or <c>chain</c>.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">The same seed gives the same puzzles everywhere.</param>
    /// <exception cref="TaskException">There is no such task, or its problems are not drawn but read.</exception>
    public static IReadOnlyList<Problem> Generate(string task, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!PuzzleTasks.All.Contains(TaskTable.Require(task).Name))
            throw new TaskException($"Problems of {task} come from a file; {string.Join(" and ", PuzzleTasks.All)} are drawn here.");
        return [.. PuzzleGenerator.Generate(task, count, seed).Select((puzzle, i) => PuzzleTask.ToProblem(puzzle, $"{i + 1}"))];
    }

    private static Problem ReadOne(string place, int number, string json, TaskRow? wanted, TaskRow usual)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var fields = new TaskFields(document.RootElement, $"{number}");
            string? named = fields.Find("task");
            var row = usual;
            if (named is not null)
            {
                row = TaskTable.Require(named);
                if (wanted is not null && row != wanted)
                    throw new TaskException($"the field task is '{named}' where '{wanted.Name}' is wanted");
            }
            return row.Read(fields);
        }
        catch (PonderException e)
        {
            throw new TaskException($"{place}: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new TaskException($"{place}: is not a JSON object{(e.Message.Contains("uplicate", StringComparison.Ordinal) ? " with each field once" : "")}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new TaskException($"{place}: has half of a surrogate pair in a text", e);
        }
    }

    private static IEnumerable<(string Place, int Number, string Json)> Lines(string text)
    {
        int number = 0;
        using var reader = new StringReader(text);
        while (reader.ReadLine() is string line)
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return ("line", number, line);
        }
    }

    private static List<(string Place, int Number, string Json)> Items(string path, string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new TaskException($"{path} is not JSON, at line {e.LineNumber + 1}", e);
        }
        using (document)
        {
            var items = document.RootElement;
            if (items.ValueKind == JsonValueKind.Object && items.TryGetProperty("examples", out var examples))
                items = examples;
            if (items.ValueKind != JsonValueKind.Array)
                throw new TaskException($"{path} is neither a list of problems nor an object with such a list in examples");
            return [.. items.EnumerateArray().Select((item, i) => ("problem", i + 1, item.GetRawText()))];
        }
    }

    private static string ReadText(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            long bytes = new FileInfo(path).Length;
            if (bytes > MaxBytes)
                throw new TaskException($"{path} has {bytes} bytes; a file of problems has at most {MaxBytes}");
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TaskException($"there is no file {path}", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new TaskException($"{path} is not UTF-8 text", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new TaskException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
