using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ponder.Cli.Flags;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Tokenizers;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder perplexity</c>: how well a model predicts a text.</summary>
internal sealed class PerplexityCommand
{
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Argument<string> _file = new("FILE") { Description = "A UTF-8 text." };
    private readonly Option<int> _window = new("--window")
    {
        Description = "Tokens of a window; every window begins with an empty context.",
        HelpName = "W",
        DefaultValueFactory = _ => 1024,
    };
    private readonly Option<int?> _windows = new("--windows")
    {
        Description = "Most windows to run. [default: all whole ones of the text]",
        HelpName = "N",
    };
    private readonly Option<int?> _score = new("--score")
    {
        Description = "Score the last N tokens of a window only. [default: all but the first]",
        HelpName = "N",
    };
    private readonly Option<bool> _addSpecial = new("--add-special")
    {
        Description = "Begin the text with what the model expects there (BOS); off, since the windows cut the text anyway.",
    };
    private readonly Option<bool> _json = JsonFlag.Create("one object: perplexity, nll, windows, window, tokens, scored, seconds, tokens_per_second");
    private readonly EngineFlags _engine = new();
    private readonly Terminal _terminal;

    private PerplexityCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var perplexity = new PerplexityCommand(terminal);
        var command = new CommandWithExamples("perplexity", "Measures how well a model predicts a text.")
        {
            Remarks = "Perplexity is the exponential of the mean negative log-likelihood (nats) of the text's tokens, "
                + "in windows that do not overlap.",
            Examples = ["ponder perplexity model.gguf text.txt", "ponder perplexity model.gguf text.txt --window 8192 --windows 1 --score 512"],
        };
        command.Add(perplexity._model);
        command.Add(perplexity._file);
        command.Add(perplexity._window);
        command.Add(perplexity._windows);
        command.Add(perplexity._score);
        command.Add(perplexity._addSpecial);
        perplexity._engine.AddTo(command);
        command.Add(perplexity._json);
        command.SetAction((parsed, _) => perplexity.ExecuteAsync(parsed));
        return command;
    }

    private async Task<int> ExecuteAsync(ParseResult parsed)
    {
        int window = parsed.GetValue(_window), score = parsed.GetValue(_score) ?? window - 1;
        if (window < 2)
            throw new UsageException($"--window is {window}, but a window needs at least 2 tokens: one to see and one to predict.");
        if (score < 1 || score >= window)
            throw new UsageException($"--score is {score}, but must be from 1 to {window - 1}, one less than the window.");
        if (parsed.GetValue(_windows) < 1)
            throw new UsageException($"--windows is {parsed.GetValue(_windows)}, but must be at least 1.");
        string path = parsed.GetRequiredValue(_file);
        string text = TextInput.ReadFile(path, _terminal);
        using var engine = _engine.Load(parsed, _terminal, parsed.GetRequiredValue(_model));
        if (engine.Model.Config.Head != HeadKind.LanguageModel)
            throw new ModelFileException(engine.Model.Path.Weights, $"the model has a {engine.Model.Config.Head} head and predicts no text");
        if (window > engine.Context)
            throw new ContextLengthException(window, engine.Context, "The window");
        int[] ids = engine.Tokenizer.Encode(text, new EncodeOptions { AddSpecial = parsed.GetValue(_addSpecial) });
        int windows = Math.Min(parsed.GetValue(_windows) ?? int.MaxValue, ids.Length / window);
        if (windows == 0)
            throw new UsageException($"{path}: the text has {ids.Length} tokens, fewer than one window of {window}; choose a smaller --window.");

        long start = Stopwatch.GetTimestamp();
        using var interrupt = _terminal.Interrupts.Watch();
        double[] losses = await ProgressView.RunAsync(
            _terminal, "perplexity", report => LossesAsync(engine, ids, window, windows, score, report, interrupt.Token));
        var result = new Result(losses, windows, window, ids.Length, Stopwatch.GetElapsedTime(start).TotalSeconds);
        await _terminal.Out.WriteLineAsync(parsed.GetValue(_json) ? result.Json() : result.Text());
        return ExitCodes.Success;
    }

    /// <summary>The negative log-likelihoods of the scored tokens, window after window.</summary>
    private static async Task<double[]> LossesAsync(
        Engine engine, int[] ids, int window, int windows, int score, Action<double> report, CancellationToken stop)
    {
        var losses = new List<double>();
        for (int i = 0; i < windows; i++)
        {
            var tokens = new ArraySegment<int>(ids, i * window, window);
            double[][] logProbabilities = await engine.ScoreAsync(tokens[..^score], [tokens[^score..]], stop);
            losses.AddRange(logProbabilities[0].Select(p => -p));
            report((i + 1.0) / windows);
        }
        return [.. losses];
    }

    private sealed record Result(double[] Losses, int Windows, int Window, int Tokens, double Seconds)
    {
        private double Mean => Losses.Average();

        private double Rate => Windows * (double)Window / Seconds;

        /// <summary>Standard error of the perplexity, from that of the mean loss (tokens taken as independent).</summary>
        private double StandardError
        {
            get
            {
                double mean = Mean;
                double variance = Losses.Sum(loss => (loss - mean) * (loss - mean)) / Math.Max(1, Losses.Length - 1);
                return Math.Exp(mean) * Math.Sqrt(variance / Losses.Length);
            }
        }

        public string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"perplexity {Math.Exp(Mean):0.00000} ± {StandardError:0.000} ({Losses.Length} tokens scored in {Windows} windows of {Window}; "
            + $"{Tokens - (Windows * Window)} of the text's {Tokens} tokens left out; {Rate:0.0} tokens/s)");

        public string Json() => JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("perplexity", Math.Exp(Mean));
            json.WriteNumber("standard_error", StandardError);
            json.WriteNumber("nll", Mean);
            json.WriteNumber("windows", Windows);
            json.WriteNumber("window", Window);
            json.WriteNumber("tokens", Tokens);
            json.WriteNumber("scored", Losses.Length);
            json.WriteNumber("seconds", Math.Round(Seconds, 3));
            json.WriteNumber("tokens_per_second", Math.Round(Rate, 1));
            json.WriteEndObject();
        });
    }
}
