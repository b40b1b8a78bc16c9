using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Composition;

/// <summary>A question of two parts, and who takes it apart by the book.</summary>
internal static class Eggs
{
    public const string Question = "Tom has 3 boxes of 4 eggs and breaks 2. How many are left?";
    public const string First = "How many eggs are in the boxes?";
    public const string Second = "How many are left when 2 break?";
    public const string Simpler = "Tom has 12 eggs and breaks 2. How many are left?";

    public static Problem Problem { get; } = ScriptedSession.Problem with { Question = Question, Prompt = Prompt.Plain(Question + "\nEnd with = and the number.\n") };

    /// <summary>What is asked.</summary>
    public enum Request
    {
        Direct,
        Decompose,
        First,
        Second,
        Contract,
        Simpler,
        Given,
        Rate,
    }

    public static Request RequestOf(string prompt) =>
        prompt.Contains("Reply with one digit", StringComparison.Ordinal) ? Request.Rate
        : prompt.Contains("Break a question into", StringComparison.Ordinal) ? Request.Decompose
        : prompt.Contains("Write this question alone", StringComparison.Ordinal) ? Request.Contract
        : prompt.Contains("this part of it alone: " + First, StringComparison.Ordinal) ? Request.First
        : prompt.Contains("this part of it alone: " + Second, StringComparison.Ordinal) ? Request.Second
        : prompt.StartsWith(Simpler, StringComparison.Ordinal) ? Request.Simpler
        : prompt.Contains("What is known already", StringComparison.Ordinal) ? Request.Given
        : Request.Direct;

    /// <summary>Takes the question apart, knows the parts and the simpler question; answers the question itself wrongly.</summary>
    public static string Reply(string prompt) => RequestOf(prompt) switch
    {
        Request.Decompose => prompt.Contains("12 eggs", StringComparison.Ordinal) ? "It is easy enough." : $"1. {First} (needs none)\n2. {Second} (needs 1)",
        Request.First => "3 times 4.\nAnswer: 12",
        Request.Second => "12 - 2.\nAnswer: 10",
        Request.Contract => Simpler,
        Request.Simpler or Request.Given => "= 10",
        Request.Rate => "8",
        _ => "= 9",
    };
}
