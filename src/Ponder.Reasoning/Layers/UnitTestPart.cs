using System.Globalization;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks.Adapters;
using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Has the policy write tests from the question alone, and keeps the candidates that most of them hold for. Of a program in Python tests are assertions,
/// which are run where the settings have a runner; of other answers they are statements, and the policy says which are true. (The tests that come with a
/// problem are a verifier's: see <see cref="VerifyPart"/>.)
/// </summary>
internal sealed class UnitTestPart : ILayerPart
{
    private readonly int _tests;
    private readonly int _keep;
    private readonly Wording _wording;

    private UnitTestPart(PartValues values) => (_tests, _keep, _wording) = (values.Whole("tests"), values.Whole("keep"), Wording.Of(values));

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "unit-test", "Writes tests of an answer, and keeps the candidates that most of them hold for.",
        [
            StrategyOption.Whole("tests", 5, "Tests to write.", most: 50),
            StrategyOption.Whole("keep", 1, "Candidates to keep.", most: 10_000),
            Wording.TemperatureOption,
            Wording.Length(512, "Most tokens of the tests."),
        ])
    {
        Create = values => new UnitTestPart(values),
    };

    /// <inheritdoc/>
    public int Gives(int arriving) => Math.Min(arriving, _keep);

    /// <inheritdoc/>
    public string? Objection(int arriving) => arriving < 2 ? "at most one candidate comes to it, which leaves nothing to choose by tests" : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count < 2)
            return candidates;
        bool isProgram = session.Problem.Answers is CodeAnswers { Language: CodeLanguage.Python } && session.Settings.Runner is not null;
        Prompt request = isProgram ? LayerPrompts.Assertions(session.Problem, _tests) : LayerPrompts.Checks(session.Problem, _tests);
        string?[] reply = await _wording.AskAsync(session, [request], "test").ConfigureAwait(false);
        string[] tests = reply[0] is not string text ? [] : isProgram ? Assertions(text) : [.. PartList.Read(text, _tests).Select(test => test.Question)];
        if (tests.Length == 0)
        {
            session.Note("A layer came to no tests, and passed its candidates on.");
            return candidates;
        }
        double[] scores = isProgram
            ? await RunTestsAsync(session, session.Settings.Runner!, candidates, tests).ConfigureAwait(false)
            : await AskAsync(session, candidates, tests).ConfigureAwait(false);
        if (Array.TrueForAll(scores, double.IsNaN))
        {
            session.Note("A layer could not hold its candidates against the tests, and passed them on.");
            return candidates;
        }
        int[] order = [.. Enumerable.Range(0, candidates.Count).OrderByDescending(i => double.IsNaN(scores[i]) ? -1 : scores[i])];      // stable: of equals the first
        return [.. order.Take(_keep).Select(i => candidates[i])];
    }

    private string[] Assertions(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("assert ", StringComparison.Ordinal)).Distinct().Take(_tests)];

    // How many assertions hold for each program.
    private static async Task<double[]> RunTestsAsync(SolveSession session, ICodeRunner runner, IReadOnlyList<Candidate> candidates, string[] tests)
    {
        var scores = new double[candidates.Count];
        var room = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = session.Stop };
        await Parallel.ForAsync(0, candidates.Count, room, async (i, stop) =>
        {
            string program = LayerPrompts.Program(CodeBlocks.Last(candidates[i].Thought.Text, CodeLanguage.Python), tests);
            var run = await runner.RunWithinAsync("python", program, session.Settings.VerifierTime, stop).ConfigureAwait(false);
            string last = run.Output.TrimEnd().Split('\n')[^1].Trim();
            scores[i] = run.Ended && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int held) ? Math.Min(held, tests.Length) : 0;
        }).ConfigureAwait(false);
        return scores;
    }

    // How many statements are likely to be true of each answer; NaN where nothing was said.
    private static async Task<double[]> AskAsync(SolveSession session, IReadOnlyList<Candidate> candidates, string[] tests)
    {
        var questions = candidates.SelectMany(candidate => tests.Select(test => LayerPrompts.Holds(session.Problem, candidate, test)));
        double?[] yes = await Wording.IsSoAsync(session, [.. questions]).ConfigureAwait(false);
        return [.. yes.Chunk(tests.Length).Select(of => of.Any(one => one is not null) ? of.Sum(one => one ?? 0) : double.NaN)];
    }
}
