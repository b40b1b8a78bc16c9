using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Cli.Tuning;

/// <summary>The work that an engine is tuned for: requests that come at once.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Prompt">Tokens of each prompt, which is its own.</param>
/// <param name="Answer">Tokens of each answer.</param>
/// <param name="Requests">Prompts.</param>
/// <param name="Samples">Answers to each prompt, which is computed once for all.</param>
internal sealed record Workload(string Name, int Prompt, int Answer, int Requests, int Samples)
{
    private const int LeastPrompt = 16, LeastAnswer = 8;

    /// <summary>The works that have a name.</summary>
    public static IReadOnlyList<Workload> Named { get; } =
    [
        new("chat", 512, 64, 1, 1),
        new("batch", 64, 32, 32, 1),
        new("search", 256, 32, 1, 32),
    ];

    /// <summary>Answers that are made at once.</summary>
    public int Branches => Requests * Samples;

    /// <summary>Tokens of all prompts.</summary>
    public long PromptTokens => (long)Requests * Prompt;

    /// <summary>Tokens of prompts and answers.</summary>
    public long Tokens => PromptTokens + ((long)Branches * Answer);

    /// <summary>The same work with this many answers: more prompts, or where one prompt has them all, more of it.</summary>
    public Workload WithBranches(int branches) => Samples > 1 ? this with { Samples = branches } : this with { Requests = branches };

    /// <summary>The work, shortened to what a context holds.</summary>
    public Workload Fitting(int context)
    {
        int answer = Math.Min(Answer, Math.Max(1, context / 2));
        return this with { Answer = answer, Prompt = Math.Min(Prompt, Math.Max(1, context - answer)) };
    }

    /// <summary>The work with shorter prompts and answers, never so short that options no longer matter.</summary>
    public Workload Scaled(double factor) => this with
    {
        Prompt = Math.Min(Prompt, Math.Max(LeastPrompt, (int)(Prompt * factor))),
        Answer = Math.Min(Answer, Math.Max(LeastAnswer, (int)(Answer * factor))),
    };

    /// <summary>Requests of random tokens. Runs of other numbers have other prompts: nothing that is remembered of one helps the next.</summary>
    /// <param name="vocabulary">Tokens of the model.</param>
    /// <param name="run">The number of the run.</param>
    public GenerationRequest[] RequestsOf(int vocabulary, int run)
    {
        var random = new Random(run);
        var options = new GenerationOptions
        {
            MaxTokens = Answer,
            IgnoreEnd = true,
            Sampling = new SamplingOptions { Temperature = 1, Seed = (ulong)run },
        };
        return [.. Enumerable.Range(0, Requests).Select(_ => new GenerationRequest([.. Enumerable.Range(0, Prompt).Select(_ => random.Next(vocabulary))], Samples, options))];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Requests} prompts of {Prompt} tokens, {Samples} answers of {Answer} to each";
}
