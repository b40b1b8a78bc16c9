using System.CommandLine;
using Ponder.Inference;

namespace Ponder.Cli.Flags;

/// <summary>How a command uses the machine.</summary>
internal sealed class EngineFlags
{
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute; 0 takes the physical cores.",
        HelpName = "N",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command) => command.Add(_threads);

    /// <summary>The engine's options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public EngineOptions Read(ParseResult parsed) => new EngineOptions { Threads = parsed.GetValue(_threads) }.Validated();

    /// <summary>Loads the model that the user names.</summary>
    public Engine Load(ParseResult parsed, string model)
    {
        var options = Read(parsed);
        return Engine.Load(ModelLocator.Find(model), options);
    }
}
