using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class PuzzleGeneratorTests
{
    [Fact]
    public void The_generator_follows_the_published_sequence()
    {
        var random = new SplitMix64(1234567);
        new[] { random.Next(), random.Next(), random.Next() }.ShouldBe([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL]);
    }

    [Fact]
    public void A_seed_gives_these_puzzles_on_every_machine()
    {
        PuzzleGenerator.Generate("countdown", 3, seed: 1).Select(p => p.Prompt.TrimEnd()).ShouldBe(
            ["Make 18 from 4 5 7 25:", "Make 50 from 1 16 30 37:", "Make 28 from 8 10 30 32:"]);
        PuzzleGenerator.Generate("chain", 2, seed: 1).Select(p => p.Prompt.TrimEnd()).ShouldBe(
            ["a=31 b=a+36 c=a+b-36 d=a+a e=b+31 e?", "a=28 b=a*4-14 c=a+b d=a+a e=d-20+33 f=a*3-38 f?"]);
    }

    [Fact]
    public void A_longer_run_begins_with_the_shorter_one()
    {
        foreach (string task in PuzzleTasks.All)
        {
            PuzzleGenerator.Generate(task, 20, 5).Take(8).Select(p => p.Prompt)
                .ShouldBe(PuzzleGenerator.Generate(task, 8, 5).Select(p => p.Prompt));
        }
    }

    [Fact]
    public void Countdowns_are_solvable_and_like_the_test_problems()
    {
        var generator = new PuzzleGenerator(3);
        for (int i = 0; i < 200; i++)
        {
            var puzzle = generator.NextCountdown();
            puzzle.Numbers.Count.ShouldBe(4);
            puzzle.Numbers.ShouldAllBe(n => n >= 1 && n <= 50);
            puzzle.Target.ShouldBeInRange(10, 100);
            Slow.CanReach([.. puzzle.Numbers], puzzle.Target).ShouldBeTrue(puzzle.Prompt);
        }
    }

    [Fact]
    public void Chains_are_like_the_test_problems()
    {
        var generator = new PuzzleGenerator(3);
        var counts = new HashSet<int>();
        for (int i = 0; i < 200; i++)
        {
            var puzzle = generator.NextChain();
            counts.Add(puzzle.Assignments.Count);
            puzzle.Caution.ShouldBeNull();
            puzzle.Asked.ShouldBe(puzzle.Assignments[^1].Variable);
            puzzle.Assignments.ShouldAllBe(a => a.Value >= 1 && a.Value <= 400);
        }
        counts.Order().ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Unknown_tasks_and_counts_are_refused()
    {
        Should.Throw<PuzzleException>(() => PuzzleGenerator.Generate("sudoku", 1, 0)).Message
            .ShouldBe("there is no puzzle task 'sudoku': the tasks are countdown and chain");
        Should.Throw<PuzzleException>(() => PuzzleGenerator.Generate("chain", 0, 0)).Message.ShouldContain("the count is 0");
    }
}
