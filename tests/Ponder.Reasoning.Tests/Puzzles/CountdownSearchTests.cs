using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class CountdownSearchTests
{
    [Fact]
    public void Reachability_agrees_with_plain_enumeration()
    {
        var cases = from count in Gen.Choose(2, 4)
                    from most in Gen.Elements(5, 12, 25, 999)
                    from numbers in Gen.Choose(1, most).ListOf(count)
                    from target in Gen.Choose(1, 60)
                    select (numbers: numbers.ToList(), target);
        int reachable = 0, total = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(cases.ToArbitrary(), c =>
        {
            bool expected = Slow.CanReach(c.numbers, c.target);
            total++;
            reachable += expected ? 1 : 0;
            var search = new CountdownSearch(c.target);
            int[] numbers = [.. c.numbers];
            return search.CanReach(numbers) == expected && search.Find(numbers) is not null == expected;
        }));
        reachable.ShouldBeInRange(total / 10, total * 9 / 10); // both cases were met
    }

    [Fact]
    public void Every_solution_is_found_once()
    {
        var solutions = new CountdownSearch(8).FindAll([2, 2, 2]).Select(steps => string.Join(' ', steps)).ToList();
        solutions.Order(StringComparer.Ordinal).ShouldBe(["2*2=4 4*2=8", "2+2=4 4*2=8"]);
    }

    [Fact]
    public void The_target_alone_is_solved_by_no_steps()
    {
        new CountdownSearch(7).Find([7]).ShouldNotBeNull().ShouldBeEmpty();
        new CountdownSearch(7).Find([8]).ShouldBeNull();
    }

    [Theory]
    [InlineData(997, new[] { 2, 4, 6, 8, 10, 12 }, false)]
    [InlineData(1, new[] { 501, 632, 743, 854, 965, 977 }, false)]
    [InlineData(967, new[] { 31, 37, 41, 43, 47, 50 }, true)]
    [InlineData(967, new[] { 3, 9, 15, 21, 27, 30 }, true)]
    [InlineData(967, new[] { 4, 4, 8, 8, 16, 16 }, false)]
    public void Six_numbers_are_searched_to_the_end(int target, int[] numbers, bool reachable) =>
        new CountdownSearch(target).CanReach(numbers).ShouldBe(reachable);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 1000 })]
    public void Numbers_outside_the_rules_are_refused(int[] numbers)
    {
        Should.Throw<ArgumentException>(() => new CountdownSearch(1).CanReach(numbers));
        Should.Throw<ArgumentException>(() => new CountdownSearch(1).FindAll(numbers));
    }
}
