using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ponder.Reasoning.Answers;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Answers;

/// <summary>Answers of public sets with labels: whatever we read otherwise than their authors is listed.</summary>
public sealed class LabelledAnswerTests(ITestOutputHelper output)
{
    // Less than three in a thousand: labels have mistakes too.
    private const double MostDisagreements = 0.003;

    private static List<JsonElement> Rows(params string[] path) =>
        [.. File.ReadLines(SharedData.Path(["data", .. path])).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private void ShouldAgree(string set, int count, List<string> disagreements)
    {
        output.WriteLine($"{set}: {count} compared, {disagreements.Count} disagreements");
        disagreements.ForEach(output.WriteLine);
        ((double)disagreements.Count / count).ShouldBeLessThan(MostDisagreements, string.Join('\n', disagreements));
    }

    [SharedFact]
    public void Solutions_of_math_problems_hold_their_answers()
    {
        var rows = Rows("math", "math500_test.jsonl");
        rows.Count.ShouldBe(500);
        var disagreements = new List<string>();
        foreach (var row in rows)
        {
            string answer = Text(row, "answer");
            string? read = MathAnswers.Instance.Read(Text(row, "solution"));
            if (read is null || !MathEquality.AreSame(read, answer))
                disagreements.Add($"{Text(row, "unique_id")}: {read} | {answer}");
        }
        ShouldAgree("math500", rows.Count, disagreements);
    }

    [SharedFact]
    public void Answers_of_different_math_problems_are_told_apart()
    {
        string[] answers = [.. Rows("math", "math500_test.jsonl").Select(row => Text(row, "answer")).Distinct()];
        var times = new List<(double Time, string Pair)>();
        var same = new List<string>();
        for (int i = 0; i < answers.Length; i++)
        {
            for (int j = i + 1; j < answers.Length; j++)
            {
                bool areSame = false;
                // The least of up to three: a pause of the machine is not the comparison's.
                double time = double.MaxValue;
                for (int run = 0; run < 3 && time > 200; run++)
                {
                    long start = Stopwatch.GetTimestamp();
                    areSame = MathEquality.AreSame(answers[i], answers[j]);
                    time = Math.Min(time, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
                times.Add((time, $"{answers[i]} | {answers[j]}"));
                if (areSame)
                    same.Add(times[^1].Pair);
            }
        }
        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answers.Length} answers, {times.Count} pairs: median {times[times.Count / 2].Time:0.0} µs, worst {string.Join("; ", times.TakeLast(8))}"));
        same.ForEach(output.WriteLine);
        same.Count.ShouldBeLessThan(40, string.Join('\n', same));
    }

    [SharedFact]
    public void Recorded_solutions_are_graded_as_labelled()
    {
        string[] models = ["6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification"];
        var disagreements = new List<string>();
        int count = 0, right = 0;
        foreach (var row in Rows("gsm8k", "example_model_solutions.jsonl"))
        {
            string truth = NumberAnswers.Instance.Read(Text(row, "ground_truth"))!;
            foreach (string model in models)
            {
                var labelled = row.GetProperty(model);
                string? answer = NumberAnswers.Instance.Read(Text(labelled, "solution"));
                bool isCorrect = answer is not null && NumberAnswers.Instance.AreSame(answer, truth);
                count++;
                right += isCorrect ? 1 : 0;
                if (isCorrect != labelled.GetProperty("is_correct").GetBoolean())
                    disagreements.Add($"{count} {model}: {answer} | {truth}, labelled {(isCorrect ? "wrong" : "right")}");
            }
        }
        right.ShouldBeInRange(1_900, 2_100);
        ShouldAgree("gsm8k example_model_solutions", count, disagreements);
    }

    [SharedFact]
    public void Grade_school_answers_are_numbers()
    {
        var disagreements = new List<string>();
        var rows = Rows("gsm8k", "test.jsonl");
        rows.Count.ShouldBe(1_319);
        foreach (var row in rows)
        {
            string label = Text(row, "answer");
            string expected = label[(label.IndexOf("####", StringComparison.Ordinal) + 4)..].Replace(",", "", StringComparison.Ordinal).Trim();
            if (NumberAnswers.Instance.Read(label) != expected)
                disagreements.Add($"{NumberAnswers.Instance.Read(label)} | {expected}");
        }
        ShouldAgree("gsm8k test", rows.Count, disagreements);
    }

    [SharedFact]
    public void Answers_of_word_problems_are_numbers_where_they_are()
    {
        var disagreements = new List<string>();
        var svamp = Rows("math", "svamp_test.jsonl");
        foreach (var row in svamp)
        {
            string label = row.GetProperty("Answer").GetRawText();
            double value = row.GetProperty("Answer").GetDouble();
            if (!NumberAnswers.Instance.AreSame(value.ToString("R", CultureInfo.InvariantCulture), label) || NumberAnswers.Instance.Read(label) is null)
                disagreements.Add(label);
        }
        ShouldAgree("svamp", svamp.Count, disagreements);

        disagreements.Clear();
        int words = 0;
        var asdiv = Rows("math", "asdiv_test.jsonl");
        foreach (string label in asdiv.Select(row => Text(row, "answer")))
        {
            // "9 (apples)": the number stands before its unit. Names, times and ratios are no numbers.
            string number = label.Split(' ')[0];
            bool isNumber = double.TryParse(number, CultureInfo.InvariantCulture, out _);
            words += isNumber ? 0 : 1;
            if (isNumber ? NumberAnswers.Instance.Read("The answer is " + label) is not string read || !NumberAnswers.Instance.AreSame(read, number)
                    || !NumberAnswers.Instance.AreSame(label, number)
                : !NumberAnswers.Instance.AreSame(label, label))
                disagreements.Add(label);
        }
        output.WriteLine($"asdiv: {words} answers are no plain numbers");
        ShouldAgree("asdiv", asdiv.Count, disagreements);
    }
}
