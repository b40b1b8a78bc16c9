using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Composition;

/// <summary>Scores from 0 to 9, given as one digit.</summary>
internal static class DigitScore
{
    private const int ShortReply = 8;

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>The score of a policy that tells how likely each digit is.</summary>
    /// <param name="probabilities">Of the ten digits; they need not sum to 1.</param>
    /// <param name="isExpected">The mean over the digits; else the likeliest digit, of several the lowest.</param>
    /// <returns>0 to 9; null where no digit is likelier than the others, as with a tokenizer that tells none apart.</returns>
    public static double? Of(IReadOnlyList<double> probabilities, bool isExpected)
    {
        double all = probabilities.Sum();
        if (!(all > 0) || probabilities.All(probability => probability == probabilities[0]))
            return null;
        return isExpected
            ? probabilities.Select((probability, digit) => digit * probability).Sum() / all
            : Enumerable.Range(0, Digits.Length).MaxBy(digit => probabilities[digit]);
    }

    /// <summary>Asks right behind a thought, of which nothing is kept.</summary>
    /// <param name="session">The session, of a policy with <see cref="PolicyFeatures.Choices"/>.</param>
    /// <param name="thought">A thought whose memory was not released.</param>
    /// <param name="question">Ends where the digit is to stand.</param>
    /// <param name="isExpected">As in <see cref="Of"/>.</param>
    public static async Task<double?> BehindAsync(SolveSession session, Thought thought, string question, bool isExpected) =>
        Of(await session.ChoicesAsync(thought, question, Digits).ConfigureAwait(false), isExpected);

    /// <summary>Asks by prompts of their own, all in one batch: for the likelihood of the digits where the policy tells it, else for a short reply that has one.</summary>
    /// <returns>For each prompt its score; null for none.</returns>
    public static async Task<double?[]> AskAsync(SolveSession session, IReadOnlyList<string> requests)
    {
        Thought[] roots = [.. requests.Select(request => session.Start(session.Problem.Prompt.Instead(request)))];
        try
        {
            if (session.Policy.Features.HasFlag(PolicyFeatures.Choices))
                return [.. (await session.ChoicesAsync(roots, "", Digits).ConfigureAwait(false)).Select(likely => Of(likely, isExpected: true))];
            Thought[] replies = [.. roots.Select(root => session.Fork(root, 1)[0])];
            await session.ExtendAsync(replies, new ExtendOptions { Step = "rate", MaxTokens = ShortReply }).ConfigureAwait(false);
            return [.. replies.Select(reply => Read(reply.Text))];
        }
        finally
        {
            foreach (var root in roots)
                session.Release(root);
        }
    }

    private static double? Read(string text) => text.FirstOrDefault(char.IsAsciiDigit) is char digit and not '\0' ? digit - '0' : null;
}
