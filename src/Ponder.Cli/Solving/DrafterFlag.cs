using System.CommandLine;
using Ponder.Inference;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Solving;

/// <summary>The flag that names a smaller model which drafts steps.</summary>
internal sealed class DrafterFlag
{
    private readonly Option<string?> _drafter = new("--drafter")
    {
        Description = "A smaller model that drafts steps, for strategies such as spec-reason.",
        HelpName = "MODEL",
    };

    /// <summary>Adds it to a command.</summary>
    public void AddTo(Command command) => command.Add(_drafter);

    /// <summary>The path of the model; null where the strategy has nothing drafted.</summary>
    /// <exception cref="UsageException">The strategy needs a drafter and none is named, or it has no use for one.</exception>
    public string? Read(ParseResult parsed, IStrategy strategy)
    {
        string? name = parsed.GetValue(_drafter);
        return (name, strategy.NeedsDrafter) switch
        {
            (null, true) => throw new UsageException($"The strategy {strategy.Name} needs a drafter: --drafter MODEL, a smaller model than the one that solves."),
            (not null, false) => throw new UsageException($"The strategy {strategy.Name} has nothing drafted: leave --drafter out, or use one such as spec-reason."),
            (null, false) => null,
            _ => ModelLocator.Find(name!),
        };
    }

    /// <summary>Loads the model; null where there is none.</summary>
    /// <param name="path">What <see cref="Read"/> gave.</param>
    /// <param name="options">How it uses the machine.</param>
    public static Engine? Load(string? path, EngineOptions options)
    {
        if (path is null)
            return null;
        var engine = Engine.Load(path, options);
        try
        {
            engine.DemandLanguageModel("draft steps");
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }
}
