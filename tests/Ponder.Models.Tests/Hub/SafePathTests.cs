using FsCheck;
using FsCheck.Fluent;
using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class SafePathTests
{
    [Fact]
    public void A_name_that_is_accepted_stays_inside_the_folder()
    {
        string folder = Path.GetFullPath("cache");
        var names = Gen.Elements("..", ".", "/", "/", "a", "b", "\\", ":", "\0", " ").ArrayOf().Select(string.Concat).ToArbitrary();

        Prop.ForAll(names, name =>
        {
            if (!SafePath.IsSafe(name))
            {
                Should.Throw<HubException>(() => SafePath.Join(folder, name));
                return;
            }
            string full = Path.GetFullPath(SafePath.Join(folder, name));
            full.ShouldStartWith(folder + Path.DirectorySeparatorChar);
            Path.GetRelativePath(folder, full).Replace('\\', '/').ShouldBe(name);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b.c/..d")]
    [InlineData("...")]
    public void Ordinary_names_are_accepted(string name) => SafePath.IsSafe(name).ShouldBeTrue();

    [Fact]
    public void Names_too_long_for_a_path_are_refused() => SafePath.IsSafe(new string('a', 2000)).ShouldBeFalse();
}
