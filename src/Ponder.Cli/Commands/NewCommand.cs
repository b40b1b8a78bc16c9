using System.CommandLine;
using System.Globalization;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Numerics;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder new</c>: a model of a known shape with random weights.</summary>
internal static class NewCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Description = "The GGUF file to write.", Arity = ArgumentArity.ZeroOrOne };
        var shape = new Option<string?>("--shape") { Description = "Whose sizes it has; --list shows them.", HelpName = "SHAPE" };
        var format = new Option<string?>("--format") { Description = "How weights are stored; --list shows them.", HelpName = "FORMAT" };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same bytes.", HelpName = "N" };
        var force = new Option<bool>("--force") { Description = "Replace FILE if it is there." };
        var list = new Option<bool>("--list") { Description = "Show shapes and formats." };
        var command = new CommandWithExamples("new", "Writes a model of a known shape with random weights.")
        {
            Remarks = "Something to measure speed and memory on without a download: a whole GGUF file with a made-up tokenizer, "
                + "which speaks gibberish.",
            Examples = ["ponder new --shape tinyllama-1.1b --format q4_k_m random.gguf", "ponder new --list"],
        };
        shape.CompletionSources.Add([.. ModelShape.All.Select(known => known.Name)]);
        format.CompletionSources.Add([.. QuantizationMix.All.Select(known => known.Name)]);
        command.Add(file);
        command.Add(shape);
        command.Add(format);
        command.Add(seed);
        command.Add(force);
        command.Add(list);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(list))
            {
                List(terminal);
                return ExitCodes.Success;
            }
            var wanted = Known("--shape", parsed.GetValue(shape), ModelShape.Find, ModelShape.All.Select(known => known.Name));
            var mix = Known("--format", parsed.GetValue(format), QuantizationMix.Find, QuantizationMix.All.Select(known => known.Name));
            string path = parsed.GetValue(file) ?? throw new UsageException("FILE is missing: name the file to write.");
            if (Directory.Exists(path))
                throw new UsageException($"{path}: it is a folder; name a file in it.");
            if (File.Exists(path) && !parsed.GetValue(force))
                throw new UsageException($"{path}: it is there already; --force replaces it.");
            using var interrupt = terminal.Interrupts.Watch();
            await ProgressView.RunAsync(terminal, $"{wanted.Name} {mix.Name}", report => Task.Run(() =>
            {
                RandomModel.Write(path, wanted, mix, parsed.GetValue(seed), new Listener(report), interrupt.Token);
                return true;
            }));
            await terminal.Out.WriteLineAsync(path);
            return ExitCodes.Success;
        });
        return command;
    }

    private static T Known<T>(string option, string? name, Func<string, T?> find, IEnumerable<string> names) where T : class
    {
        if (name is null)
            throw new UsageException($"{option} is missing; it is one of {string.Join(", ", names)}.");
        if (find(name) is { } found)
            return found;
        string hint = NearestName.Of(name, names) is { } nearest ? $" (did you mean {nearest}?)" : "";
        throw new UsageException($"{option} '{name}' is not known{hint}; it is one of {string.Join(", ", names)}.");
    }

    private static void List(Terminal terminal)
    {
        int width = ModelShape.All.Max(known => known.Name.Length);
        terminal.Out.WriteLine("shapes");
        foreach (var known in ModelShape.All)
        {
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {known.Name.PadRight(width)}  {known.Architecture}, {known.Layers} layers of {known.Width}, "
                + $"vocabulary {known.Vocabulary}, context {known.Context}"));
        }
        terminal.Out.WriteLine("formats");
        foreach (var mix in QuantizationMix.All)
            terminal.Out.WriteLine($"  {mix.Name.PadRight(width)}  {string.Join(", ", new[] { mix.Base, mix.More, mix.Output }.Distinct())}");
    }

    private sealed class Listener(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
