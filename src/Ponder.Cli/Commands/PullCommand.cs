using System.CommandLine;
using System.Globalization;
using Ponder.Models.Hub;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder pull</c>: brings a model from a hub into the cache.</summary>
internal static class PullCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var repository = new Argument<string>("REPO[:FILE]")
        {
            Description = "ORG/NAME, or ORG/NAME:FILE where FILE is a file's name or a part of it such as Q4_K_M.",
        };
        var revision = new Option<string>("--revision")
        {
            Description = "A branch, tag or commit.",
            HelpName = "REV",
            DefaultValueFactory = _ => HubClient.DefaultRevision,
        };
        var command = new CommandWithExamples("pull", "Downloads a model into the cache and prints its path.")
        {
            Remarks = "A download that was cut off goes on where it stopped; hashes are checked. "
                + "HF_TOKEN gives access to private models, HF_ENDPOINT names another hub.",
            Examples = ["ponder pull ORG/NAME-GGUF:Q4_K_M", "ponder run ORG/NAME-GGUF:Q4_K_M -p Hello"],
        };
        command.Add(repository);
        command.Add(revision);
        command.SetAction(async (parsed, _) =>
        {
            using var client = new HubClient(HubOptions.FromEnvironment());
            using var interrupt = terminal.Interrupts.Watch();
            string reference = parsed.GetRequiredValue(repository);
            var pulled = await ProgressView.RunAsync(
                terminal,
                reference,
                report => client.PullAsync(reference, parsed.GetValue(revision)!, new Listener(terminal, report), interrupt.Token));
            string size = (pulled.BytesReceived / 1e6).ToString("#,0.0", CultureInfo.InvariantCulture);
            terminal.Note(pulled.BytesReceived > 0 ? $"{pulled.Repo} is here now, {size} MB fetched" : $"{pulled.Repo} was here already");
            await terminal.Out.WriteLineAsync(pulled.Path);
            return ExitCodes.Success;
        });
        return command;
    }

    private sealed class Listener(Terminal terminal, Action<double> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            if (value.Note is not null)
                terminal.Note(value.Note);
            else if (value.FileCount > 0 && value.BytesTotal > 0)
                report((value.FileNumber - 1 + ((double)value.BytesDone / value.BytesTotal)) / value.FileCount);
        }
    }
}
