using System.Text.Json;
using Ponder.Reasoning.Auto;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class CalibrationFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ponder-calibration-{Guid.NewGuid():N}.json");

    private static CalibrationTable Full { get; } = Tables.Of(Tables.Task(
        Tables.Entry("majority samples=10", 100, 0.5, 0.9, 0.4, 0.2), Tables.Entry("rebase width=8", 100, 0.55) with { Verifier = "rules" }) with
    {
        Laws = [new FamilyLaw("majority", Difficulty.Hard, new SaturationLaw(0.5, 0.25))],
        Difficulty = new DifficultyMap(4, [0.1, 0.2, 0.3, 0.4], 0.6, 0.3),
        Probing = [new ProbeGain(100, 0.05, 0.01)],
        Judges = [new JudgeCurve("script", false, 0.1, 4, true, [new JudgePoint(1, 0.3)])],
    });

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_is_read()
    {
        CalibrationFile.Save(Full, _path);
        JsonSerializer.Serialize(CalibrationFile.Load(_path)).ShouldBe(JsonSerializer.Serialize(Full));
    }

    [Theory]
    [InlineData("\"ponder-calibration\"", "\"ponder-probe\"", "its format is 'ponder-probe'")]
    [InlineData("\"version\": 1", "\"version\": 2", "reads up to 1")]
    [InlineData("\"majority samples=10\"", "\"majorty samples=10\"", "There is no strategy 'majorty'")]
    [InlineData("\"majority samples=10\"", "\"majority samples=-1\"", "must be a whole number from 1")]
    [InlineData("\"accuracy\": 0.9", "\"accuracy\": 1.9", "majority samples=10 of the task 'open'")]
    [InlineData("\"accuracy\": 0.9", "\"accuracy\": \"high\"", "it is no calibration")]
    [InlineData("\"answer_tokens\": 10", "\"answer_tokens\": 0", "answer_tokens of the task 'open'")]
    [InlineData("\"difficulty\": \"easy\"", "\"difficulty\": \"simple\"", "it is no calibration")]
    [InlineData("\"ceiling\": 0.5", "\"ceiling\": -1", "a law of the task 'open'")]
    [InlineData("\"probes\": 4", "\"probes\": 0", "the difficulty map of the task 'open'")]
    [InlineData("\"best_samples\": 4", "\"best_samples\": 0", "a judge's curve of the task 'open'")]
    public void A_file_that_is_wrong_is_a_sentence(string right, string wrong, string expected)
    {
        CalibrationFile.Save(Full, _path);
        string text = File.ReadAllText(_path);
        text.ShouldContain(right);
        File.WriteAllText(_path, text.Replace(right, wrong, StringComparison.Ordinal));
        var error = Should.Throw<CalibrationException>(() => CalibrationFile.Load(_path));
        error.Message.ShouldStartWith(_path);
        error.Message.ShouldContain(expected);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_a_sentence()
    {
        CalibrationFile.Save(Full, _path);
        byte[] bytes = File.ReadAllBytes(_path);
        for (int length = 0; length < bytes.Length - 1; length += 37)
        {
            File.WriteAllBytes(_path, bytes[..length]);
            Should.Throw<CalibrationException>(() => CalibrationFile.Load(_path)).Message.ShouldContain("it is no calibration");
        }
        File.WriteAllText(_path, "null");
        Should.Throw<CalibrationException>(() => CalibrationFile.Load(_path));
    }

    [Fact]
    public void A_file_that_is_not_there_says_how_to_make_one() =>
        Should.Throw<CalibrationException>(() => CalibrationFile.Load(_path)).Message.ShouldContain("ponder calibrate");
}
