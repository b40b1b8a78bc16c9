using System.Reflection;
using System.Runtime.Loader;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Tests.Kernels;

public sealed class VectorWidthsTests
{
    [Fact]
    public void Without_a_wish_the_widest_is_taken_and_scalar_code_always_runs()
    {
        VectorWidths.Choose(null).ShouldBe(VectorWidths.Available[^1]);
        VectorWidths.Choose("").ShouldBe(VectorWidths.Available[^1]);
        VectorWidths.Choose("scalar").ShouldBe(VectorWidth.Scalar);
        VectorWidths.Choose("Scalar").ShouldBe(VectorWidth.Scalar);
        VectorWidths.Available.ShouldBeInOrder();
    }

    [Theory]
    [InlineData("1024")]
    [InlineData("avx2")]
    [InlineData(" 256")]
    public void An_unknown_width_is_refused_with_those_that_are_known(string forced)
    {
        var error = Should.Throw<PonderException>(() => VectorWidths.Choose(forced));
        error.Message.ShouldContain($"PONDER_VECTOR={forced}");
        error.Message.ShouldContain("512, 256, 128 or scalar");
    }

    [Fact]
    public void A_wrong_wish_in_the_environment_comes_out_as_it_is_and_not_as_a_failed_initializer()
    {
        _ = VectorWidths.Current;                               // this process has chosen before the variable changes
        string? before = Environment.GetEnvironmentVariable(VectorWidths.EnvironmentVariable);
        var fresh = new AssemblyLoadContext(nameof(VectorWidthsTests), isCollectible: true);
        try
        {
            Environment.SetEnvironmentVariable(VectorWidths.EnvironmentVariable, "wide");
            var type = fresh.LoadFromAssemblyPath(typeof(VectorWidths).Assembly.Location).GetType(typeof(VectorWidths).FullName!)!;
            var current = type.GetProperty(nameof(VectorWidths.Current))!;
            var error = Should.Throw<TargetInvocationException>(() => current.GetValue(null)).InnerException!;
            error.GetType().FullName.ShouldBe(typeof(PonderException).FullName);
            error.Message.ShouldContain("PONDER_VECTOR=wide");
        }
        finally
        {
            Environment.SetEnvironmentVariable(VectorWidths.EnvironmentVariable, before);
            fresh.Unload();
        }
    }

    [Fact]
    public void A_width_is_taken_where_the_machine_has_it_and_refused_where_not()
    {
        foreach (int bits in (int[])[128, 256, 512])
        {
            string forced = bits.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (VectorWidths.Available.Contains((VectorWidth)bits))
                VectorWidths.Choose(forced).ShouldBe((VectorWidth)bits);
            else
                Should.Throw<PonderException>(() => VectorWidths.Choose(forced)).Message.ShouldContain("it has: Scalar");
        }
    }

    [Fact]
    public void A_width_is_known_by_its_name()
    {
        foreach (var width in VectorWidths.Available)
            VectorWidths.Require("--isa", VectorWidths.NameOf(width)).ShouldBe(width);
        Should.Throw<PonderException>(() => VectorWidths.Require("--isa", "wide")).Message.ShouldContain("--isa=wide");
    }

    [Fact]
    public void A_vector_fits_a_row_that_whole_ones_fill()
    {
        VectorDispatch.Fit(VectorWidth.V512, 64).ShouldBe(VectorWidth.V512);
        VectorDispatch.Fit(VectorWidth.V512, 24).ShouldBe(VectorWidth.V256);
        VectorDispatch.Fit(VectorWidth.V512, 5).ShouldBe(VectorWidth.V128);
        VectorDispatch.Fit(VectorWidth.Scalar, 64).ShouldBe(VectorWidth.Scalar);
    }
}
