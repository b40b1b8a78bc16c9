using System.Text;
using Ponder.Numerics;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Tasks;
using Ponder.Reasoning.Verifiers;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Reasoning.Tests.Tasks;

public sealed class TaskFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-tasks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_line_without_a_task_is_a_question_as_it_stands()
    {
        var problem = Read("""{"prompt": "What is six times seven?", "answer": 42, "id": "q1", "system": "Be brief."}""").ShouldHaveSingleItem();
        (problem.Id, problem.Task, problem.Question).ShouldBe(("q1", "open", "What is six times seven?"));
        problem.Prompt.AsText().ShouldBe("Be brief.\n\nWhat is six times seven?");
        problem.Verifier.ShouldBeNull();
        (await problem.Grader!.VerifyAsync(problem, "The answer is 42")).IsCorrect.ShouldBe(true);
        Read("""{"question": "Why?"}""").ShouldHaveSingleItem().Grader.ShouldBeNull();
    }

    [Fact]
    public void Each_line_may_name_its_own_task_and_is_numbered_by_its_line()
    {
        var problems = Read("""{"task": "chain", "prompt": "a=3 b=a+4 b?"}""", "", """{"task": "gsm8k", "question": "2+2?", "answer": "two and two\n#### 4"}""");
        problems.Select(problem => (problem.Id, problem.Task)).ShouldBe([("1", "chain"), ("3", "gsm8k")]);
    }

    [Fact]
    public async Task Countdown_is_checked_while_it_is_solved_and_chain_only_afterwards()
    {
        var countdown = TaskFile.One("countdown", "Make 24 from 3 8");
        countdown.Prompt.Text.ShouldBe(new CountdownPuzzle([3, 8], 24).Prompt);
        countdown.Verifier.ShouldBeOfType<PuzzleVerifier>().ShouldBeSameAs(countdown.Grader);
        (await countdown.Verifier.VerifyAsync(countdown, "8*3=24 left 24\n")).ShouldBe(new Verdict(true, "8 * 3"));

        var chain = TaskFile.One("chain", "a=3 b=a+4 b?");
        chain.Verifier.ShouldBeNull();
        chain.Answers.Read("a=3\nb=3+4=7\n#### 7").ShouldBe("7");
        chain.Answers.AreSame("7", "7.0").ShouldBeFalse();
        (await chain.Grader!.VerifyAsync(chain, "#### 8")).IsCorrect.ShouldBe(false);
    }

    [Fact]
    public async Task Numbers_stand_behind_the_mark()
    {
        var problem = Read("gsm8k", """{"question": "How many?", "answer": "She has 9 * 2 = <<9*2=18>>18.\n#### 18"}""").ShouldHaveSingleItem();
        problem.Prompt.AsText().ShouldBe("How many?\n\nThink step by step. Put the result on a last line of this form: #### number");
        (await problem.Grader!.VerifyAsync(problem, "so\n#### 18")).IsCorrect.ShouldBe(true);
        (await problem.Grader!.VerifyAsync(problem, "so\n#### 19")).IsCorrect.ShouldBe(false);
    }

    [Theory]
    [InlineData("""{"problem": "Find $x$.", "answer": "5", "unique_id": "test/1"}""", "test/1", "Find $x$.")]
    [InlineData("""{"Body": "There are 8 apples and 3 pears", "Question": "How many in all?", "Answer": 11.0, "ID": "chal-1"}""", "chal-1", "There are 8 apples and 3 pears, How many in all?")]
    [InlineData("""{"body": "There are 8 apples.", "question": "How many?", "answer": "8 (apples)", "idx": 0}""", "0", "There are 8 apples. How many?")]
    public void Mathematics_is_read_in_its_three_spellings(string line, string id, string question)
    {
        var problem = Read("math", line).ShouldHaveSingleItem();
        (problem.Id, problem.Question).ShouldBe((id, question));
        problem.Grader.ShouldNotBeNull();
    }

    [Fact]
    public async Task Questions_with_options_ask_for_a_letter_and_others_for_a_text()
    {
        string path = Write("bbh.json", """{"canary": "x", "examples": [{"input": "Which?\nOptions:\n(A) this\n(B) that", "target": "(B)"}, {"input": "not True is", "target": "False"}]}""");
        var problems = TaskFile.Read(path, "bbh");
        problems.Select(problem => problem.Id).ShouldBe(["1", "2"]);
        problems[0].Prompt.AsText().ShouldEndWith("Answer: (A)");
        problems[1].Prompt.AsText().ShouldEndWith("Answer: text");
        (await problems[0].Grader!.VerifyAsync(problems[0], "Answer: (B)")).IsCorrect.ShouldBe(true);
        (await problems[1].Grader!.VerifyAsync(problems[1], "Answer: False")).IsCorrect.ShouldBe(true);
    }

    [Fact]
    public void Games_of_24_are_read_from_a_table()
    {
        string path = Write("games.csv", "Rank,Puzzles,\"Time, mean\",Solved\n1,1 1 4 6,4.4,99.20%\n2,\"1 1 11 11\",,\"9\"\n");
        var problems = TaskFile.Read(path, "game24");
        problems.Select(problem => problem.Id).ShouldBe(["1", "2"]);
        problems[1].Question.ShouldBe("Use each of the numbers 1 1 11 11 exactly once, with + - * / and parentheses, so that the result is 24.");
        Should.Throw<TaskException>(() => TaskFile.Read(Write("bad.csv", "Rank,Puzzles\n1,1 1 4 6,4.4\n"), "game24")).Message.ShouldEndWith("bad.csv, line 2: has 3 cells where the first line has 2");
    }

    [Fact]
    public void Functions_to_write_name_themselves_in_the_tests()
    {
        var python = Read("humaneval", """{"task_id": "Python/0", "prompt": "def one():\n    \"\"\" 1 \"\"\"\n", "test": "def check(one):\n    assert one() == 1\n\ncheck(one)"}""").ShouldHaveSingleItem();
        python.Id.ShouldBe("Python/0");
        python.Verifier.ShouldBeOfType<CodeVerifier>().ShouldBeSameAs(python.Grader);
        python.Answers.Read("So:\n```python\ndef one():  \n\n    return 1\n```\n").ShouldBe("def one():\n    return 1");
        var sharp = Read("humaneval", """{"name": "H_1", "language": "cs", "prompt": "class Problem {\n public static long F() {\n", "tests": "}}"}""").ShouldHaveSingleItem();
        sharp.Prompt.AsText().ShouldContain("```csharp\nclass Problem {");
        Should.Throw<TaskException>(() => TaskFile.One("humaneval", "a function"));
    }

    [Theory]
    [InlineData("[1]", "is not a JSON object")]
    [InlineData("{", "is not a JSON object")]
    [InlineData("""{"prompt": "a", "prompt": "b"}""", "is not a JSON object with each field once")]
    [InlineData("{}", "the field prompt or question is missing")]
    [InlineData("""{"prompt": ["a"]}""", "the field prompt is neither text nor a number")]
    [InlineData("""{"prompt": " "}""", "the field prompt is empty")]
    [InlineData("""{"prompt": "a\ud800"}""", "has half of a surrogate pair in a text")]
    [InlineData("""{"task": "gsm9k", "question": "?"}""", "There is no task 'gsm9k'; did you mean 'gsm8k'?")]
    [InlineData("""{"task": "gsm8k", "question": "?"}""", "the field answer or Answer is missing")]
    [InlineData("""{"task": "gsm8k", "question": "?", "answer": "####"}""", "the field answer has nothing after ####")]
    [InlineData("""{"task": "game24", "numbers": "1 2 x 4"}""", "'x' is not a whole number from 0 to 1000000")]
    [InlineData("""{"task": "chain", "prompt": "a=3 b=c+4 b?"}""", "cannot read ")]
    [InlineData("""{"task": "humaneval", "prompt": "p", "test": "t", "language": "rust"}""", "the field language is 'rust', where python and cs can be run")]
    [InlineData("""{"task": "humaneval", "prompt": "p", "test": "t"}""", "the field entry_point is missing")]
    public void A_bad_line_is_named(string line, string wrong) =>
        Should.Throw<TaskException>(() => Read("""{"prompt": "good"}""", line)).Message.ShouldStartWith($"{Path.Combine(_folder, "tasks.jsonl")}, line 2: {wrong}");

    [Fact]
    public void A_file_that_is_none_is_named()
    {
        Should.Throw<TaskException>(() => TaskFile.Read(Path.Combine(_folder, "none.jsonl"))).Message.ShouldStartWith("there is no file ");
        Should.Throw<TaskException>(() => TaskFile.Read(_folder)).Message.ShouldStartWith(_folder);
        Should.Throw<TaskException>(() => Read("", " ")).Message.ShouldEndWith(" holds no problem");
        Should.Throw<TaskException>(() => TaskFile.Read(Write("a.json", "3"))).Message.ShouldContain("is neither a list of problems");
        Should.Throw<TaskException>(() => TaskFile.Read(Write("a.json", "{\n["))).Message.ShouldContain("is not JSON, at line 2");
        Should.Throw<TaskException>(() => Read("chain", """{"task": "countdown", "prompt": "Make 24 from 3 8"}""")).Message.ShouldEndWith("the field task is 'countdown' where 'chain' is wanted");
        Should.Throw<TaskException>(() => TaskFile.Read(_folder, "nothing")).Message.ShouldStartWith("There is no task 'nothing'");
        string latin = Path.Combine(_folder, "latin.jsonl");
        File.WriteAllBytes(latin, [(byte)'{', 0xE9, (byte)'}']);
        Should.Throw<TaskException>(() => TaskFile.Read(latin)).Message.ShouldEndWith(" is not UTF-8 text");
        string large = Path.Combine(_folder, "large.jsonl");
        using (var file = File.Create(large))
            file.SetLength((100L << 20) + 1);
        Should.Throw<TaskException>(() => TaskFile.Read(large)).Message.ShouldEndWith("a file of problems has at most 104857600");
    }

    [Fact]
    public void Puzzles_are_drawn_with_a_seed_and_other_problems_are_not()
    {
        TaskFile.Generate("chain", 3, 7).Select(problem => problem.Question).ShouldBe(TaskFile.Generate("chain", 3, 7).Select(problem => problem.Question));
        TaskFile.Generate("countdown", 2, 7).Select(problem => problem.Id).ShouldBe(["1", "2"]);
        Should.Throw<TaskException>(() => TaskFile.Generate("gsm8k", 1, 7)).Message.ShouldBe("Problems of gsm8k come from a file; countdown and chain are drawn here.");
    }

    [Fact]
    public void An_empty_text_is_no_problem()
    {
        Should.Throw<TaskException>(() => TaskFile.One(null, " "));
        Should.Throw<PonderException>(() => TaskFile.One("countdown", "hello"));
        TaskFile.One(null, "Why?").Prompt.AsText().ShouldBe("Why?");
    }

    private IReadOnlyList<Problem> Read(params string[] lines) =>
        lines[0].StartsWith('{') || string.IsNullOrWhiteSpace(lines[0])
            ? TaskFile.Read(Write("tasks.jsonl", string.Join('\n', lines)))
            : TaskFile.Read(Write("tasks.jsonl", string.Join('\n', lines[1..])), lines[0]);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
