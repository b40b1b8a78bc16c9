using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Recorded;

/// <summary>Early stopping replayed on the recorded answers to 64 questions of GPQA-Diamond, 128 each: three times 40.</summary>
public sealed class EarlyStoppingTests(ITestOutputHelper output)
{
    [SharedFact]
    public async Task It_needs_half_of_the_samples_for_nearly_the_same_accuracy()
    {
        var (early, majority) = (new List<double>(), new List<double>());
        int drawn = 0, runs = 0;
        foreach (var problem in GenRmTests.Read())
        {
            int rightEarly = 0, rightMajority = 0;
            for (int part = 0; part < 3; part++)
            {
                VerifiedSample[] samples = [.. problem.Skip(40 * part).Take(40)];
                string[] texts = [.. samples.Select(sample => sample.Answer is null ? "nothing" : $"= {sample.Answer}")];
                string? right = samples.FirstOrDefault(sample => sample.IsCorrect)?.Answer;
                using var first = ScriptedSession.Open(ScriptedPolicy.OfAnswers(texts));
                rightEarly += (await new EarlyStoppingConsistency().SolveAsync(first)).Thought?.Answer is string answer && answer == right ? 1 : 0;
                drawn += first.Ledger.Samples;
                runs++;
                using var second = ScriptedSession.Open(ScriptedPolicy.OfAnswers(texts));
                rightMajority += (await new Majority(40).SolveAsync(second)).Thought?.Answer is string voted && voted == right ? 1 : 0;
            }
            early.Add(rightEarly / 3.0);
            majority.Add(rightMajority / 3.0);
        }
        var gain = PairedDifference.Of(early, majority);
        output.WriteLine($"{drawn / (double)runs:0.0} samples of 40; accuracy {early.Average():0.000} against {majority.Average():0.000}: {gain.Difference}");
        (drawn / (double)runs).ShouldBeLessThan(30);
        gain.Difference.Low.ShouldBeGreaterThan(-0.05);
    }
}
