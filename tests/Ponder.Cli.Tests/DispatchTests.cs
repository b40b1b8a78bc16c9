using Ponder.Cli.Tests.Support;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Tests;

/// <summary>The instructions that were forced are those that run: in a process of its own, the listings of all kernels that it generated say so.</summary>
public sealed class DispatchTests
{
    public static TheoryData<string> Paths => [.. Enum.GetValues<InstructionSet>().Select(InstructionSets.NameOf)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_forced_instruction_set_is_the_one_that_runs(string isa)
    {
        using var folder = new TempFolder();
        string model = folder["model.gguf"], listings = folder["listings"];
        (await CliRunner.RunAsync("new", model, "--shape", "tiny", "--format", "q4_k_m")).ShouldSucceed();
        var result = await CliRunner.StartAsync(
            ["bench", model, "--prefill", "40", "--decode", "8", "--runs", "1", "--isa", isa], variables: new() { ["PONDER_DUMP_KERNELS"] = listings });
        if (!ExecutionPath.Names.Contains(isa))
        {
            result.ShouldBeRefused("--isa", isa, "this machine");
            return;
        }
        result.ShouldSucceed().ShouldContain($": {isa}, ");
        string[] kernels = Directory.Exists(listings) ? Directory.GetFiles(listings) : [];
        if (isa == "portable")
        {
            kernels.ShouldBeEmpty();
            return;
        }
        kernels.Length.ShouldBeGreaterThan(3);                  // two formats, one row and many
        string code = string.Concat(kernels.Select(File.ReadAllText));
        code.Contains("zmm", StringComparison.Ordinal).ShouldBe(isa is "avx512" or "amx");
        code.Contains("vpdpbusd", StringComparison.Ordinal).ShouldBe(isa is "avx512" or "avxvnni");
        code.Contains("vpmaddubsw", StringComparison.Ordinal).ShouldBe(isa is "avx2");
        code.Contains("tdpbf16ps", StringComparison.Ordinal).ShouldBe(isa is "amx");
    }

    [Fact]
    public async Task The_environment_forces_a_path_too()
    {
        var forced = await CliRunner.StartAsync(["info", "puzzles"], variables: new() { [InstructionSets.EnvironmentVariable] = "portable" });
        forced.ShouldSucceed().ShouldContain("portable in use");
        var narrow = await CliRunner.StartAsync(["info", "puzzles"], variables: new() { [VectorWidths.EnvironmentVariable] = "scalar" });
        narrow.ShouldSucceed().ShouldContain("scalar in use");
        var unknown = await CliRunner.StartAsync(["info", "puzzles"], variables: new() { [InstructionSets.EnvironmentVariable] = "mmx" });
        unknown.ShouldBeRefused("PONDER_ISA", "mmx", "avx512");
    }
}
