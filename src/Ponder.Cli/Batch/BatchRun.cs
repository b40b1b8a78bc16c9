using System.Text.Json;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Numerics;

namespace Ponder.Cli.Batch;

/// <summary>Answers the requests of a file, many at once, and writes each answer when it is there.</summary>
/// <param name="engine">A language model.</param>
/// <param name="defaults">What holds where a request says nothing; its seed is the run's.</param>
/// <param name="answers">Where the answers go, and what is answered already.</param>
internal sealed class BatchRun(Engine engine, GenerationOptions defaults, AnswerFile answers)
{
    /// <summary>Most bytes of a request.</summary>
    public const int LongestLine = 16 << 20;

    private readonly RequestReader _reader = new(engine, defaults);
    private readonly Dictionary<UInt128, long> _lines = [];     // of the ids that were seen
    private long _bytesDone, _answered, _errors, _skipped, _promptTokens, _tokens;

    /// <summary>What was done so far.</summary>
    public BatchCounts Counts => new(
        Interlocked.Read(ref _answered), Interlocked.Read(ref _errors), Interlocked.Read(ref _skipped), Interlocked.Read(ref _promptTokens), Interlocked.Read(ref _tokens));

    /// <summary>Runs to the end of the file.</summary>
    /// <param name="requests">JSON objects, a line each.</param>
    /// <param name="inFlight">Most requests that run at once.</param>
    /// <param name="report">Gets the part that is done, 0 to 1, where the length of the file is known.</param>
    /// <param name="stop">Stops within one step; whole answers are kept.</param>
    /// <exception cref="IOException">An answer cannot be written, or the requests cannot be read.</exception>
    public Task RunAsync(Stream requests, int inFlight, Action<double> report, CancellationToken stop)
    {
        double length = requests.CanSeek ? requests.Length : double.PositiveInfinity;
        var options = new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = stop };
        return Parallel.ForEachAsync(Items(requests), options, async (item, stopping) =>
        {
            await DoAsync(item, stopping).ConfigureAwait(false);
            report(Interlocked.Add(ref _bytesDone, item.Bytes) / length);
        });
    }

    private async Task DoAsync(Item item, CancellationToken stop)
    {
        string? problem = item.Problem;
        if (item.Request is { } request)
        {
            try
            {
                var all = await engine.CompleteAsync([request], null, stop).ConfigureAwait(false);
                answers.Append(AnswerLine.Of(item.Id, request, all[0]));
                Interlocked.Increment(ref _answered);
                Interlocked.Add(ref _promptTokens, request.Prompt.Count);
                Interlocked.Add(ref _tokens, all[0].Sum(answer => (long)answer.Ids.Count));
            }
            catch (Exception e) when (e is PonderException or ArgumentException)
            {
                problem = Sentence(e);                          // theirs alone; the others go on
            }
        }
        if (problem is not null)
        {
            answers.Append(AnswerLine.Of(item.Id, item.Line, problem));
            Interlocked.Increment(ref _errors);
        }
    }

    /// <summary>What the lines of the file ask for, read when there is room: one line at a time is in memory.</summary>
    private IEnumerable<Item> Items(Stream requests)
    {
        var lines = new LineReader(requests, LongestLine);
        while (lines.TryRead(out var line))
        {
            if (!line.IsBlank)
                yield return Read(line);
        }
    }

    private Item Read(Line line)
    {
        var item = new Item(RequestId.OfLine(line.Number), line.Number, line.End - line.Start, null, null);
        if (line.IsTooLong)
            return UnlessDone(item with { Problem = $"The line is longer than {LongestLine >> 20} MiB." });
        try
        {
            using var json = Parse(line.Text);
            var id = RequestId.Of(json.RootElement) ?? item.Id;
            if (!_lines.TryAdd(id.Hash(), line.Number))
                return UnlessDone(item with { Problem = $"Line {_lines[id.Hash()]} has the id '{id.Text}' already." });
            item = item with { Id = id };
            if (answers.Holds(id.Hash()))
                return UnlessDone(item);
            return item with { Request = _reader.Read(json.RootElement, id) };
        }
        catch (Exception e) when (e is PonderException or ArgumentException)
        {
            return UnlessDone(item with { Problem = Sentence(e) });
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            var json = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new UsageException("The line is no JSON object.");
        }
        catch (JsonException e)
        {
            string where = e.BytePositionInLine is long at ? $" (byte {at + 1})" : $": {e.Message.TrimEnd('.')}";
            throw new UsageException($"The line is not valid JSON{where}.", e);
        }
        catch (InvalidOperationException e)                     // names are compared as texts, and there is no Try
        {
            throw new UsageException("The name of a field holds bytes or escapes that are no text.", e);
        }
    }

    /// <summary>The item, without anything to do for it where an earlier run has done it.</summary>
    private Item UnlessDone(Item item)
    {
        if (!answers.Holds(item.Id.Hash()))
            return item;
        Interlocked.Increment(ref _skipped);
        return item with { Problem = null };
    }

    private static string Sentence(Exception error) => CommandLine.Sentence(error, JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>What a line asks for: a request, or an error to be told, or nothing.</summary>
    private sealed record Item(RequestId Id, long Line, long Bytes, GenerationRequest? Request, string? Problem);
}

/// <summary>What a run has done.</summary>
/// <param name="Answered">Requests with an answer.</param>
/// <param name="Errors">Requests with an error.</param>
/// <param name="Skipped">Requests that an earlier run had done.</param>
/// <param name="PromptTokens">Of the answered ones.</param>
/// <param name="Tokens">Generated for them.</param>
internal readonly record struct BatchCounts(long Answered, long Errors, long Skipped, long PromptTokens, long Tokens);
