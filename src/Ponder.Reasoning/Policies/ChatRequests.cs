using Microsoft.Extensions.AI;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Policies;

/// <summary>What a policy is asked, in the words of Microsoft.Extensions.AI. What these cannot say is refused.</summary>
internal static class ChatRequests
{
    private static readonly SamplingOptions Defaults = new();

    /// <summary>The messages of a prompt.</summary>
    public static IReadOnlyList<ChatMessage> Messages(Prompt prompt) => prompt.Text is string text
        ? [new ChatMessage(ChatRole.User, text)]
        : [.. prompt.Turns.Select(turn => new ChatMessage(new ChatRole(turn.Role), turn.Content))];

    /// <summary>Throws unless a chat client can be asked for a continuation, and for its prompt.</summary>
    /// <exception cref="PolicyException">Names what it cannot be told.</exception>
    public static void Demand(Prompt prompt, Continuation continuation)
    {
        if (prompt.Turns.FirstOrDefault(turn => turn.Fields.Count > 0) is { } turn)
            throw new PolicyException($"A chat client cannot be told the field '{turn.Fields.Keys.First()}' of a message; leave it out of the prompt.");
        var sampling = continuation.Sampling;
        Refuse(sampling.MinP != Defaults.MinP, nameof(sampling.MinP));
        Refuse(sampling.Typical != Defaults.Typical, nameof(sampling.Typical));
        Refuse(sampling.TopNSigma != Defaults.TopNSigma, nameof(sampling.TopNSigma));
        Refuse(sampling.MirostatTau != Defaults.MirostatTau, nameof(sampling.MirostatTau));
        Refuse(sampling.RepetitionPenalty != Defaults.RepetitionPenalty, nameof(sampling.RepetitionPenalty));
        Refuse(sampling.PenaltyWindow != Defaults.PenaltyWindow, nameof(sampling.PenaltyWindow));
        Refuse(sampling.DryMultiplier != Defaults.DryMultiplier, nameof(sampling.DryMultiplier));
        Refuse(sampling.LogitBias.Count > 0, nameof(sampling.LogitBias));
        if (continuation.Rules.FirstOrDefault(rule => rule is not StopRule.Text) is { } foreign)
            throw new PolicyException($"A chat client's answer can be ended by a stop text, not by a {foreign.GetType().Name.ToLowerInvariant()} rule.");
        if (continuation.IgnoreEnd)
            throw new PolicyException("A chat client's answer cannot go on after its end.");
        if (continuation.LogProbabilities)
            throw new PolicyException("A chat client does not tell log-probabilities; leave them out.");

        static void Refuse(bool isAsked, string option)
        {
            if (isAsked)
                throw new PolicyException($"A chat client cannot be told {option}; leave it out of the sampling options.");
        }
    }

    /// <summary>The options of a request.</summary>
    /// <param name="start">What it starts from; it is not changed.</param>
    /// <param name="continuation">How tokens are drawn, and how many.</param>
    /// <param name="key">The branch's name in the draws.</param>
    public static ChatOptions Options(ChatOptions? start, Continuation continuation, ulong key)
    {
        var options = start?.Clone() ?? new ChatOptions();
        var sampling = continuation.Sampling;
        // Said even at their defaults, for services have others; 0 for all tokens or no penalty is left unsaid, for that is every service's own.
        options.Temperature = sampling.Temperature == 1 ? options.Temperature ?? 1 : (float)sampling.Temperature;
        options.TopP = sampling.TopP == 1 ? options.TopP ?? 1 : (float)sampling.TopP;
        options.TopK = sampling.TopK == 0 ? options.TopK : sampling.TopK;
        options.FrequencyPenalty = sampling.FrequencyPenalty == 0 ? options.FrequencyPenalty : (float)sampling.FrequencyPenalty;
        options.PresencePenalty = sampling.PresencePenalty == 0 ? options.PresencePenalty : (float)sampling.PresencePenalty;
        // 31 bits: some services take no more.
        options.Seed = (long)(CounterRandom.Bits(sampling.Seed, key, 0) >> 33);
        options.MaxOutputTokens = continuation.MaxTokens;
        string[] stop = [.. options.StopSequences ?? [], .. StopTexts(continuation)];
        options.StopSequences = stop.Length > 0 ? stop : null;
        return options;
    }

    /// <summary>The texts that end an answer.</summary>
    public static IEnumerable<string> StopTexts(Continuation continuation) => continuation.Rules.OfType<StopRule.Text>().Select(rule => rule.Value);
}
