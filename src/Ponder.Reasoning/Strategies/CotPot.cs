using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Chain of thought and program of thought cross-checked: half of the samples reason in words, half write a program, whose output is their answer; an
/// answer that both kinds came to weighs more. Chen et al., arXiv 2211.12588 (programs); Liang et al., arXiv 2410.05318 (one kind checks the other).
/// </summary>
/// <param name="samples">Answers of both kinds together, at least 1; of an odd number one more is in words.</param>
/// <param name="agreement">How many times the votes of an answer that both kinds came to count, at least 1.</param>
/// <param name="language">What programs are written in: <c>python</c> or <c>csharp</c>.</param>
public sealed class CotPot(int samples = 16, double agreement = 2, string language = "python") : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "cot-pot", "Half reason in words, half write a program that is run; answers of both kinds weigh more.",
        "Chen et al., arXiv 2211.12588; Liang et al., arXiv 2410.05318", "N answers, and N / 2 programs to run",
        [
            StrategyOption.Samples(16),
            StrategyOption.Number("agreement", 2, "How many times an answer of both kinds counts.", least: 1),
            StrategyOption.OneOf("language", "python", "What programs are written in.", "python", "csharp"),
        ],
        values => new CotPot(values.Whole("samples"), values.Number("agreement"), values.Name("language")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var runner = session.Settings.Runner;
        if (runner is null)
            session.Note("No program can be run here: all samples of cot-pot reason in words.");
        int written = runner is null ? 0 : samples / 2;
        var words = session.Fork(session.Root, samples - written);
        var programs = written == 0 ? [] : session.Fork(session.Start(ProgramPrompt(session), isAnswer: true), written);

        // A thought of each kind in turn, so that a budget that ends early has bought both.
        Thought[] all = [.. words.Zip(programs).SelectMany(pair => new[] { pair.First, pair.Second }), .. words.Skip(programs.Count)];
        await session.ExtendAsync(all).ConfigureAwait(false);
        if (runner is not null)
            await RunAsync(session, runner, programs).ConfigureAwait(false);
        return Vote(words, programs, session.Problem.Answers);
    }

    private Choice Vote(IReadOnlyList<Thought> words, IReadOnlyList<Thought> programs, IAnswerReader answers)
    {
        Thought[] all = [.. words, .. programs];
        var agreed = Ballot.Count(all, answers).Where(vote => vote.Thoughts.Any(words.Contains) && vote.Thoughts.Any(programs.Contains))
            .SelectMany(vote => vote.Thoughts).ToHashSet();
        return Choice.ByWeightedVote(all, answers, thought => agreed.Contains(thought) ? agreement : 1);
    }

    private Prompt ProgramPrompt(SolveSession session) =>
        session.Problem.Prompt.Instead($"{session.Problem.Question}\n\n{Prompts.Program(language == "csharp" ? "C#" : "Python")}");

    // What a program prints becomes its answer; one that fails has none.
    private async Task RunAsync(SolveSession session, ICodeRunner runner, IReadOnlyList<Thought> programs)
    {
        Thought[] whole = [.. programs.Where(thought => thought.End == ThoughtEnd.Finished)];
        var runs = new CodeRun[whole.Length];
        var room = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = session.Stop };
        await Parallel.ForAsync(0, whole.Length, room, async (i, stop) =>
            runs[i] = await runner.RunWithinAsync(language, CodeBlock.Last(whole[i].Text), session.Settings.VerifierTime, stop).ConfigureAwait(false))
            .ConfigureAwait(false);
        for (int i = 0; i < whole.Length; i++)
        {
            var (thought, run) = (whole[i], runs[i]);
            string output = run.Ended ? run.Output.Trim() : "";
            thought.Answer = output.Length == 0 ? null : session.Problem.Answers.Read(output) ?? session.Problem.Answers.Read($"The answer is {output}");
            if (thought.Answer is string answer)
                thought.AddText($"\n\nThe program printed: {output}\nThe answer is {answer}");
            else
                session.Note($"A program came to nothing: {run.Error ?? (output.Length == 0 ? "it printed nothing." : "what it printed is no answer.")}");
        }
    }
}
