using System.Text.Json;
using Ponder.Reasoning.Tasks;
using Ponder.Reasoning.Verifiers.Code;
using Ponder.TestSupport;

namespace Ponder.Reasoning.Tests.Tasks;

public sealed class SharedTaskTests
{
    [SharedTheory]
    [InlineData("gsm8k", 1319, "gsm8k", "test.jsonl")]
    [InlineData("math", 500, "math", "math500_test.jsonl")]
    [InlineData("math", 1000, "math", "svamp_test.jsonl")]
    [InlineData("math", 2215, "math", "asdiv_test.jsonl")]
    [InlineData("bbh", 250, "bbh", "tasks", "date_understanding.json")]
    [InlineData("bbh", 250, "bbh", "tasks", "word_sorting.json")]
    [InlineData("game24", 1362, "game24", "game24_puzzles.csv")]
    [InlineData("humaneval", 164, "humaneval", "multipl-e_humaneval-python.jsonl")]
    [InlineData("humaneval", 158, "humaneval", "multipl-e_humaneval-cs.jsonl")]
    public void Files_of_the_field_are_read_whole(string task, int count, params string[] path)
    {
        var problems = TaskFile.Read(SharedData.Path(["data", .. path]), task);
        problems.Count.ShouldBe(count);
        problems.ShouldAllBe(problem => problem.Grader != null && problem.Task == task);
        problems.Select(problem => problem.Id).Distinct().Count().ShouldBe(count);
    }

    [SharedFact]
    public void Every_file_of_bbh_is_read() =>
        Directory.GetFiles(SharedData.Path("data", "bbh", "tasks"), "*.json").Sum(path => TaskFile.Read(path, "bbh").Count).ShouldBe(6511);

    // Every 20th here; all 164 hold as well.
    [SharedFact]
    public async Task Reference_solutions_in_python_pass_and_empty_ones_do_not()
    {
        if (CodeVerifier.Missing(CodeLanguage.Python) is not null)
            return;
        string path = SharedData.Path("data", "humaneval", "multipl-e_humaneval-python.jsonl");
        var problems = TaskFile.Read(path, "humaneval");
        string[] lines = File.ReadAllLines(path);
        int step = int.TryParse(Environment.GetEnvironmentVariable("PONDER_HUMANEVAL_STEP"), out int asked) ? asked : 20;
        for (int i = 0; i < problems.Count; i += step)
        {
            string solution = JsonDocument.Parse(lines[i]).RootElement.GetProperty("canonical_solution").GetString()!;
            (await problems[i].Verifier!.VerifyAsync(problems[i], problems[i].Question + solution)).Reason.ShouldBeNull(problems[i].Id);
            (await problems[i].Verifier!.VerifyAsync(problems[i], problems[i].Question + "    return 'no'\n")).IsCorrect.ShouldBe(false, problems[i].Id);
        }
    }

    [SharedFact]
    public async Task A_problem_in_csharp_is_checked_by_its_tests()
    {
        if (CodeVerifier.Missing(CodeLanguage.CSharp) is not null)
            return;
        var problem = TaskFile.Read(SharedData.Path("data", "humaneval", "multipl-e_humaneval-cs.jsonl"), "humaneval").Single(problem => problem.Id == "HumanEval_106_f");
        (await problem.Verifier!.VerifyAsync(problem, """
            ```csharp
            class Problem {
                public static List<long> F(long n) =>
                    Enumerable.Range(1, (int)n).Select(i => i % 2 == 0 ? Enumerable.Range(1, i).Aggregate(1L, (a, b) => a * b) : i * (i + 1L) / 2).ToList();
            }
            ```
            """)).Reason.ShouldBeNull();
        (await problem.Verifier!.VerifyAsync(problem, "        return new List<long>();\n")).Reason!.ShouldStartWith("the test F((5L)).SequenceEqual(");
    }
}
