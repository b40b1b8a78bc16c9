namespace Ponder.Reasoning.Strategies;

/// <summary>The texts by which a policy's thinking is made longer or brought to its end.</summary>
/// <param name="End">What the policy writes when it has done thinking and begins to answer; null for a policy that thinks and answers in one.</param>
/// <param name="Wait">What is put in place of an end that came too soon.</param>
/// <param name="FinalAnswer">What calls for the answer when thinking was cut; <paramref name="End"/> goes before it.</param>
public sealed record ThinkingTexts(string? End, string Wait, string FinalAnswer)
{
    /// <summary>For policies that think between tags: <c>&lt;/think&gt;</c> ends it.</summary>
    public static ThinkingTexts Tags { get; } = new("</think>", "Wait", "\n\nFinal Answer:");

    /// <summary>For policies without tags: the end of the text is the end of the thinking.</summary>
    public static ThinkingTexts Plain { get; } = new(null, "\n\nWait", "\n\nFinal Answer:");
}
