using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Tasks;

/// <summary>A kind of problem.</summary>
/// <param name="Name">The name on the command line and in files.</param>
/// <param name="Summary">What it is, in one sentence.</param>
/// <param name="Fields">The fields that a problem of it has in a file.</param>
/// <param name="Read">Makes a problem of a file's fields. Throws <see cref="TaskException"/>, or another of Ponder's errors, without file and line.</param>
/// <param name="Ask">Makes a problem of a typed text, whose right answer nobody knows; null where a text alone is not enough.</param>
public sealed record TaskRow(string Name, string Summary, string Fields, Func<TaskFields, Problem> Read, Func<string, Problem>? Ask);
