using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ponder.Cli.Batch;
using Ponder.Cli.Flags;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder batch</c>: answers a file of requests, and goes on where it was cut off.</summary>
internal sealed class BatchCommand
{
    private const int DefaultMaxTokens = 512, DefaultInFlight = 256, MaxInFlight = 65_536;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Argument<string> _requests = new("REQUESTS") { Description = "A JSONL file: a request a line." };
    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "The file for the answers: a line each, as they finish. What is there is kept, and not computed again.",
        HelpName = "ANSWERS",
        Required = true,
    };
    private readonly Option<bool> _retryErrors = new("--retry-errors")
    {
        Description = "Run the requests again that got an error before; otherwise the error stays.",
    };
    private readonly Option<int> _inFlight = new("--in-flight")
    {
        Description = "Most requests that run at once.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultInFlight,
    };
    private readonly AnswerFlags _answer = new(DefaultMaxTokens, seed: 0);
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private BatchCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var batch = new BatchCommand(terminal);
        var command = new CommandWithExamples("batch", "Answers a file of requests, many at once; cut off, it goes on where it was.")
        {
            Remarks = $"Fields of a request: {string.Join(", ", RequestReader.Names)}. A prompt is a text or an array of token ids; what a line does not say, the options do.\n"
                + "An answer has id, text, token_ids, finish_reason (stop or length), usage and seed, with n above 1 an array of choices; or id, line and error.\n"
                + "A line without an id is called line-N. Without a seed it draws by --seed and its id: the same file gives the same answers, in any order.\n"
                + "Exit code 0: every request has its answer; 1: there are errors among them; 130: cut off by Ctrl-C, and the same command goes on.",
            Examples =
            [
                "ponder batch model.gguf requests.jsonl --out answers.jsonl",
                "ponder batch model.gguf requests.jsonl --out answers.jsonl --retry-errors",
                "echo '{\"id\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}], \"max_tokens\": 50}' > requests.jsonl",
            ],
        };
        command.Add(batch._model);
        command.Add(batch._requests);
        command.Add(batch._out);
        command.Add(batch._retryErrors);
        command.Add(batch._inFlight);
        batch._answer.AddTo(command);
        batch._engine.AddTo(command);
        command.SetAction((parsed, _) => batch.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        int inFlight = parsed.GetValue(_inFlight);
        if (inFlight is < 1 or > MaxInFlight)
            throw new UsageException($"--in-flight is {inFlight}, but must be from 1 to {MaxInFlight}.");
        string source = parsed.GetRequiredValue(_requests), target = parsed.GetRequiredValue(_out);
        if (IsSame(source, target))
            throw new UsageException($"--out names the file of the requests, {source}; name another, so that they are not lost.");
        using var requests = OpenRequests(source);
        using var engine = _engine.Load(
            parsed, _terminal, parsed.GetRequiredValue(_model), options => options with { MaxWaiting = int.MaxValue / 2 });   // --in-flight is the bound here
        engine.DemandLanguageModel("generate text");
        var defaults = _answer.Read(parsed, engine.Model.Defaults);
        using var answers = AnswerFile.Open(target, parsed.GetValue(_retryErrors));
        if (answers.DroppedTornLine)
            _terminal.Note($"the last line of {target} was torn; it is dropped, and its request runs again.");
        var run = new BatchRun(engine, defaults, answers);
        long start = Stopwatch.GetTimestamp();
        using var interrupt = _terminal.Interrupts.Watch();
        bool isCutOff = false;
        try
        {
            await ProgressView.RunAsync(_terminal, "answering", async report =>
            {
                await run.RunAsync(requests, inFlight, report, interrupt.Token);
                return true;
            });
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            isCutOff = true;
        }
        Tell(run.Counts, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (answers.Errors > 0)
            _terminal.Note($"{answers.Errors} errors of earlier runs stay; --retry-errors runs their requests again.");
        if (isCutOff)
            _terminal.Note($"cut off; the same command goes on from what is in {target}.");
        return isCutOff ? ExitCodes.Interrupted : run.Counts.Errors + answers.Errors > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private void Tell(BatchCounts done, double seconds) => _terminal.Note(string.Create(
        CultureInfo.InvariantCulture,
        $"{done.Answered} requests answered, {done.Errors} errors, {done.Skipped} done before; {done.PromptTokens} prompt tokens, {done.Tokens} tokens "
        + $"in {seconds:0.00} s, {done.Tokens / Math.Max(seconds, 1e-9):0.0} tokens/s"));

    private static FileStream OpenRequests(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UsageException($"{path}: it cannot be read: {CommandLine.Sentence(e).TrimEnd('.')}.", e);
        }
    }

    private static bool IsSame(string one, string other) =>
        string.Equals(Real(one), Real(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }
}
