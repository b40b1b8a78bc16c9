using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ponder.Cli.Flags;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Models.Templates;
using Ponder.Models.Tokenizers;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder run</c>: continues a text, token by token.</summary>
internal sealed class RunCommand
{
    private const int DefaultMaxTokens = 512;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<string?> _prompt = new("--prompt", "-p")
    {
        Description = "The text to continue; without it, or with '-', standard input, taken exactly.",
        HelpName = "TEXT",
    };
    private readonly Option<bool> _chat = new("--chat")
    {
        Description = "Ask the prompt as a user's message, by the model's chat template.",
    };
    private readonly Option<string?> _system = new("--system")
    {
        Description = "A system message before it; implies --chat.",
        HelpName = "TEXT",
    };
    private readonly Option<bool> _raw = new("--raw", "--no-special")
    {
        Description = "Add nothing before the prompt, not even the token that begins a text.",
    };
    private readonly Option<bool> _parseSpecial = new("--parse-special")
    {
        Description = "Read names of control tokens in the prompt as these tokens.",
    };
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Tell tokens, time and seed on stderr, as on a terminal.",
    };
    private readonly Option<bool> _json = JsonFlag.Create(
        "one object when the answer is complete: text, token_ids, finish_reason, usage, seed, seconds, tokens_per_second, peak_memory_bytes");
    private readonly AnswerFlags _answer = new(DefaultMaxTokens);
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private RunCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var run = new RunCommand(terminal);
        var command = new CommandWithExamples("run", "Continues a text with a model, token by token.")
        {
            Examples =
            [
                "ponder run model.gguf -p \"The capital of France is\" --temperature 0",
                "ponder run model.gguf --chat -p \"Why is the sky blue?\" --seed 7 --json",
                "ponder run puzzles < puzzle.txt",
            ],
        };
        command.Add(run._model);
        command.Add(run._prompt);
        command.Add(run._chat);
        command.Add(run._system);
        command.Add(run._raw);
        command.Add(run._parseSpecial);
        run._answer.AddTo(command);
        run._engine.AddTo(command);
        command.Add(run._verbose);
        command.Add(run._json);
        command.SetAction((parsed, _) => run.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        using var engine = _engine.Load(parsed, _terminal, parsed.GetRequiredValue(_model));
        var options = _answer.Read(parsed, engine.Model.Defaults);
        int[] prompt = Prompt(parsed, engine);
        bool json = parsed.GetValue(_json);
        var text = new StringBuilder();
        var ids = new List<int>();
        FinishReason? finish = null;
        long start = Stopwatch.GetTimestamp(), first = start;
        using var interrupt = _terminal.Interrupts.Watch();
        try
        {
            await foreach (var token in engine.GenerateAsync(prompt, options, interrupt.Token))
            {
                if (ids.Count == 0)
                    first = Stopwatch.GetTimestamp();
                ids.Add(token.Id);
                text.Append(token.Text);
                finish = token.Finish;
                if (!json && token.Text.Length > 0)
                    await _terminal.WriteNowAsync(token.Text);
            }
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            // What was said so far stands; the exit code tells the rest.
        }
        var run = new Statistics(prompt.Length, ids.Count, options.Sampling.Seed, Stopwatch.GetElapsedTime(start), Stopwatch.GetElapsedTime(first));
        if (json)
            await _terminal.Out.WriteLineAsync(Json(text.ToString(), ids, finish, run));
        else
            await _terminal.Out.WriteLineAsync();
        await _terminal.Out.FlushAsync();
        if (!json)
            Tell(parsed, options, finish, run);
        return finish is null ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    private int[] Prompt(ParseResult parsed, Engine engine)
    {
        string text = parsed.GetValue(_prompt) is { } given && given != "-" ? given : ReadPrompt();
        string? system = parsed.GetValue(_system);
        bool raw = parsed.GetValue(_raw);
        if (parsed.GetValue(_chat) || system is not null)
        {
            if (raw)
                throw new UsageException("--raw gives the model the bare text, --chat and --system a conversation: choose one.");
            var user = new ChatTurn("user", text);
            return engine.EncodeChat(system is null ? [user] : [new ChatTurn("system", system), user]);
        }
        return engine.Tokenizer.Encode(text, new EncodeOptions { AddSpecial = !raw, ParseSpecial = parsed.GetValue(_parseSpecial) });
    }

    private string ReadPrompt()
    {
        if (_terminal.InputIsTerminal)
            _terminal.Note("type the prompt; Ctrl-D on a line of its own ends it");
        return _terminal.In.ReadToEnd();
    }

    private static string Json(string text, List<int> ids, FinishReason? finish, Statistics run) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteIds("token_ids", ids);
        json.WriteString("finish_reason", finish switch { null => "interrupted", FinishReason.Length => "length", _ => "stop" });
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", run.PromptTokens);
        json.WriteNumber("completion_tokens", run.Tokens);
        json.WriteEndObject();
        json.WriteNumber("seed", run.Seed);
        json.WriteNumber("seconds", Math.Round(run.Total.TotalSeconds, 4));
        json.WriteNumber("tokens_per_second", Math.Round(run.TokensPerSecond, 2));
        using (var process = Process.GetCurrentProcess())
            json.WriteNumber("peak_memory_bytes", process.PeakWorkingSet64);
        json.WriteEndObject();
    });

    private void Tell(ParseResult parsed, GenerationOptions options, FinishReason? finish, Statistics run)
    {
        if (finish == FinishReason.Length && _answer.LengthIsDefault(parsed))
            _terminal.Note($"the answer was ended after {run.Tokens} tokens; --max-tokens N allows more");
        bool verbose = parsed.GetValue(_verbose) || _terminal.ErrorIsTerminal;
        bool drew = options.Sampling.Temperature > 0 && _answer.Sampling.SeedIsRandom(parsed);
        if (verbose)
        {
            _terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.PromptTokens} prompt tokens, {run.Tokens} tokens in {run.Total.TotalSeconds:0.00} s, {run.TokensPerSecond:0.0} tokens/s, "
                + $"seed {run.Seed}"));
        }
        else if (drew)
            _terminal.Note($"seed {run.Seed}");
    }

    /// <summary>What an answer took. The rate leaves out the prompt: it counts the tokens after the first, in the time after the first.</summary>
    private readonly record struct Statistics(int PromptTokens, int Tokens, ulong Seed, TimeSpan Total, TimeSpan AfterFirst)
    {
        public double TokensPerSecond =>
            Tokens > 1 && AfterFirst > TimeSpan.Zero ? (Tokens - 1) / AfterFirst.TotalSeconds : Tokens / Math.Max(Total.TotalSeconds, 1e-9);
    }
}
