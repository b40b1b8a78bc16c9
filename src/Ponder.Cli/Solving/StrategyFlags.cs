using System.CommandLine;
using System.Globalization;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Solving;

/// <summary>A strategy with the values of its options.</summary>
/// <param name="Row">Its row in the table.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="Samples">How many answers it was told to draw; null where it has no such option.</param>
/// <param name="AtOnce">About how many thoughts run side by side.</param>
/// <param name="WasChosen">The user chose it; false where it is what suits the problems.</param>
internal sealed record ChosenStrategy(StrategyRow Row, IStrategy Strategy, int? Samples, int AtOnce, bool WasChosen);

/// <summary>The flags that choose a strategy.</summary>
internal sealed class StrategyFlags
{
    private const string SamplesOption = "samples";
    private const int PuzzleSamples = 64, MostSamples = 1_000_000;

    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How to think; 'ponder strategies' lists them. With options as one text: \"rebase width=4\". [default: majority; for countdown repeated-sampling, with every sample checked]",
        HelpName = "NAME",
    };

    private readonly Option<int?> _samples = new("--samples")
    {
        Description = "Answers to draw: the option 'samples' of the strategy. [default: 64 for puzzles, else the strategy's own]",
        HelpName = "N",
    };

    private readonly Option<int?> _width = new("--width")
    {
        Description = "Partial thoughts side by side: the option 'width' of a search.",
        HelpName = "N",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set an option of the strategy; may be repeated.",
        HelpName = "OPTION=VALUE",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _strategy.CompletionSources.Add([.. StrategyTable.All.Select(row => row.Name)]);
        _set.CompletionSources.Add(context => StrategyTable.All.FirstOrDefault(row => row.Name == context.ParseResult.GetValue(_strategy)) is { } row
            ? row.Options.Select(option => new System.CommandLine.Completions.CompletionItem($"{option.Name}={option.Default}"))
            : []);
        command.Add(_strategy);
        command.Add(_samples);
        command.Add(_width);
        command.Add(_set);
    }

    /// <summary>What they say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">What the strategy is for.</param>
    /// <exception cref="UsageException">A flag cannot be read.</exception>
    /// <exception cref="StrategyException">There is no such strategy or option, or a value is out of range.</exception>
    public ChosenStrategy Read(ParseResult parsed, Assignment work)
    {
        var values = Values(parsed.GetValue(_set) ?? []);
        string? chosen = parsed.GetValue(_strategy);
        var (strategyName, options) = StrategyText.Parse(chosen ?? Usual(work));
        var row = StrategyTable.Require(strategyName);
        if (chosen is null && row.Options.Any(option => option.Name == "stop-at-first"))
            values.TryAdd("stop-at-first", "no");               // all samples are shown, and counted for pass@k
        bool hasSamples = row.Options.Any(option => option.Name == SamplesOption);
        if (parsed.GetValue(_width) is int width)
            SetByFlag(values, row, "--width", "width", width);
        if (parsed.GetValue(_samples) is int samples)
            SetByFlag(values, row, "--samples", SamplesOption, samples);
        foreach (var (name, value) in options)
        {
            if (!values.TryAdd(name, value))
                throw new UsageException($"The option {name} is given twice, in --strategy and by another flag; leave one out.");
        }
        if (hasSamples && work.IsShipped)
            values.TryAdd(SamplesOption, PuzzleSamples.ToString(CultureInfo.InvariantCulture));
        var strategy = StrategyTable.Create(row.Name, values);
        int? size = row.Size is { } option && int.TryParse(values.GetValueOrDefault(option.Name, option.Default), CultureInfo.InvariantCulture, out int count) ? count : null;
        return new ChosenStrategy(row, strategy, hasSamples ? size : null, size ?? 1, chosen is not null);
    }

    private static void SetByFlag(Dictionary<string, string> values, StrategyRow row, string flag, string option, int value)
    {
        if (row.Options.All(known => known.Name != option))
            throw new UsageException($"{flag} sets the option '{option}', which the strategy {row.Name} does not have; {OptionsOf(row)}.");
        if (!values.TryAdd(option, Flag.Whole(flag, value, 1, MostSamples).ToString(CultureInfo.InvariantCulture)))
            throw new UsageException($"The {option} is given twice, with {flag} and with --set; leave one out.");
    }

    private static string Usual(Assignment work) =>
        work.IsShipped && work.Problems.Any(problem => problem.Task == PuzzleTasks.Countdown) ? "repeated-sampling" : "majority";

    private static string OptionsOf(StrategyRow row) =>
        row.Options.Count == 0 ? "it has no options" : $"its options are {string.Join(", ", row.Options.Select(option => option.Name))} (--set OPTION=VALUE)";

    private static Dictionary<string, string> Values(string[] texts)
    {
        var values = new Dictionary<string, string>();
        foreach (string text in texts)
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1)
                throw new UsageException($"--set wants OPTION=VALUE, such as samples=8, not '{text}'.");
            if (!values.TryAdd(text[..sign], text[(sign + 1)..]))
                throw new UsageException($"--set is given twice for the option {text[..sign]}.");
        }
        return values;
    }
}
