using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class PuzzleFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private IReadOnlyList<IPuzzle> Read(string content, string? task = null)
    {
        File.WriteAllText(_path, content);
        return PuzzleFile.Read(_path, task);
    }

    [Fact]
    public void Lines_of_both_tasks_are_read_in_order()
    {
        var puzzles = Read("""
            {"task": "countdown", "prompt": "Make 29 from 8 21 33 33:\n", "numbers": [8, 21, 33, 33], "target": 29}

            {"task": "chain", "prompt": "a=11 b=a+17 b?\n", "answer": 28, "solution": "…"}
            {"prompt": "a=11 b=a+17 b?", "answer": "28"}
            {"prompt": "29 from 8 21 33 33", "answer": "anything"}
            {"numbers": [3, 2], "target": 5}
            """);
        puzzles.Select(p => p.Prompt).ShouldBe(
            ["Make 29 from 8 21 33 33:\n", "a=11 b=a+17 b?\n", "a=11 b=a+17 b?\n", "Make 29 from 8 21 33 33:\n", "Make 5 from 2 3:\n"]);
    }

    [Theory]
    [InlineData("""{"prompt": """, "is not a JSON object on one line")]
    [InlineData("[1]", "is not a JSON object on one line")]
    [InlineData("{}", "the field prompt is missing")]
    [InlineData("""{"prompt": 3}""", "the field prompt is not text")]
    [InlineData("""{"prompt": "\ud800"}""", "is not a JSON object on one line")]
    [InlineData("""{"prompt": "hello"}""", "cannot read 'hello' as a puzzle")]
    [InlineData("""{"task": "gsm8k", "prompt": "hello"}""", "there is no puzzle task 'gsm8k'")]
    [InlineData("""{"task": "chain", "prompt": "Make 5 from 2 3"}""", "as a chain")]
    [InlineData("""{"task": "chain", "numbers": [2, 3], "target": 5}""", "the field prompt is missing")]
    [InlineData("""{"prompt": "Make 5 from 2 3", "target": 6}""", "the field target is 6, and the prompt asks for 5")]
    [InlineData("""{"prompt": "Make 5 from 2 3", "numbers": [2, 4]}""", "the field numbers does not agree")]
    [InlineData("""{"prompt": "Make 5 from 2 3", "numbers": 2}""", "the field numbers is not a list")]
    [InlineData("""{"prompt": "Make 5 from 2 3", "numbers": [2, 1e99]}""", "the field numbers has '1e99'")]
    [InlineData("""{"prompt": "Make 5 from 2 3", "target": "5"}""", "the field target has '\"5\"'")]
    [InlineData("""{"numbers": [2, 3], "target": 1000}""", "the target 1000 is out of range")]
    [InlineData("""{"prompt": "a=3 b=a+4 b?", "answer": 8}""", "the field answer is '8', and the chain's value is 7")]
    public void A_bad_line_is_named_with_its_number(string line, string sentence)
    {
        string message = Should.Throw<PuzzleException>(() => Read("""{"prompt": "a=3 b=a+4 b?"}""" + "\n\n" + line)).Message;
        message.ShouldStartWith($"{_path}, line 3: ");
        message.ShouldContain(sentence);
    }

    [Fact]
    public void Only_the_wanted_task_may_occur()
    {
        const string Line = """{"task": "chain", "prompt": "a=3 b=a+4 b?"}""";
        Read(Line, "chain").Count.ShouldBe(1);
        Should.Throw<PuzzleException>(() => Read(Line, "countdown")).Message.ShouldEndWith("line 1: the field task is 'chain' where 'countdown' is wanted");
        Should.Throw<PuzzleException>(() => Read(Line, "sudoku")).Message.ShouldContain("there is no puzzle task 'sudoku'");
    }

    [Fact]
    public void Files_that_are_no_puzzle_files_are_refused()
    {
        Should.Throw<PuzzleException>(() => Read("\n \n")).Message.ShouldBe($"{_path} holds no puzzle");
        Should.Throw<PuzzleException>(() => PuzzleFile.Read(_path + ".absent")).Message.ShouldBe($"there is no file {_path}.absent");
        Should.Throw<PuzzleException>(() => PuzzleFile.Read(Path.GetTempPath())).Message.ShouldContain(Path.GetTempPath());
        File.WriteAllBytes(_path, [0x7B, 0xFF, 0xFE]);
        Should.Throw<PuzzleException>(() => PuzzleFile.Read(_path)).Message.ShouldBe($"{_path} is not UTF-8 text");
    }
}
