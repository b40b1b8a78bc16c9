using Ponder.Inference;
using Ponder.Inference.Generation;

namespace Ponder.Cli.Benchmarks;

/// <summary>What <c>ponder bench</c> measures.</summary>
internal sealed record BenchPlan
{
    /// <summary>Tokens that are decoded after every prompt.</summary>
    public const int Steps = 32;

    /// <summary>Lengths of prompts.</summary>
    public required IReadOnlyList<int> Prefill { get; init; }

    /// <summary>Lengths of the prompts that decoding follows.</summary>
    public required IReadOnlyList<int> Decode { get; init; }

    /// <summary>Numbers of branches that decode together.</summary>
    public required IReadOnlyList<int> Branches { get; init; }

    /// <summary>Tokens that each branch has for itself before it decodes.</summary>
    public required int BranchPrompt { get; init; }

    /// <summary>Tokens before them that all branches share.</summary>
    public required int SharedPrefix { get; init; }

    /// <summary>Runs of each case.</summary>
    public required int Runs { get; init; }

    /// <summary>Tells the time of each part of a step, too.</summary>
    public bool Profiles { get; init; }

    /// <summary>Cases in all.</summary>
    public int Cases => Prefill.Count + Decode.Count + Branches.Count;

    /// <summary>The longest sequence of a branch.</summary>
    public long BranchLength => (long)SharedPrefix + BranchPrompt + Steps;

    /// <summary>The plan without the cases that are too long for a model.</summary>
    public BenchPlan Fitting(int context) => this with
    {
        Prefill = [.. Prefill.Where(tokens => tokens <= context)],
        Decode = [.. Decode.Where(depth => depth + Steps <= context)],
        Branches = BranchLength <= context ? Branches : [],
    };

    /// <summary>Throws, before anything is measured, if a case is too long for a model.</summary>
    /// <exception cref="ContextLengthException">Names the case.</exception>
    public void Demand(Engine engine)
    {
        int context = engine.Context;
        foreach (int tokens in Prefill.Where(tokens => tokens > context))
            throw new ContextLengthException(tokens, context, $"--prefill {tokens}");
        foreach (int depth in Decode.Where(depth => depth + Steps > context))
            throw new ContextLengthException(depth + Steps, context, $"--decode {depth} with the {Steps} tokens after it");
        if (Branches.Count > 0 && BranchLength > context)
            throw new ContextLengthException((int)BranchLength, context, $"A branch with its prompt and the {Steps} tokens after it");
    }
}
