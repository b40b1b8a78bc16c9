using System.Text.Json;
using Ponder.Cli.Benchmarks;
using Ponder.Cli.Tests.Support;
using Ponder.Numerics.CodeGen;

namespace Ponder.Cli.Tests;

public sealed class BenchTests
{
    [Fact]
    public async Task Json_gives_tokens_per_second_of_every_case_that_was_asked_for()
    {
        string text = (await CliRunner.RunAsync(
            "bench", "puzzles", "--prefill", "16,40", "--decode", "8", "--branches", "1,3", "--branch-prompt", "4", "--shared-prefix", "20",
            "--runs", "3", "--threads", "1", "--isa", "128", "--kv", "int8", "--json")).ShouldSucceed();
        text.ShouldEndWith("}\n");
        using var document = JsonDocument.Parse(text);
        var result = document.RootElement;
        result.GetProperty("isa").GetString().ShouldBe("128");
        result.GetProperty("kv").GetString().ShouldBe("int8");
        result.GetProperty("threads").GetInt32().ShouldBe(1);
        result.GetProperty("model").GetString().ShouldBe("puzzles");
        result.GetProperty("read_bandwidth_gb_s").GetDouble().ShouldBeGreaterThan(0);
        result.GetProperty("peak_tflops").GetDouble().ShouldBeGreaterThan(0);
        ShouldHold(result.GetProperty("prefill"), "16", "40");
        ShouldHold(result.GetProperty("decode"), "8");
        ShouldHold(result.GetProperty("branches"), "1", "3");
    }

    [Fact]
    public async Task A_profile_tells_the_time_of_each_part_of_a_step()
    {
        string[] command = ["bench", "puzzles", "--prefill", "40", "--decode", "8", "--runs", "1", "--profile"];
        using var document = JsonDocument.Parse((await CliRunner.RunAsync([.. command, "--json"])).ShouldSucceed());
        var parts = document.RootElement.GetProperty("decode").GetProperty("8").GetProperty("step_ms");
        foreach (string part in (string[])["embedding", "norm_and_residual", "query_key_value", "rotate_and_store", "attention", "attention_output", "gate_up", "activation", "down", "head", "choice"])
            parts.GetProperty(part).GetDouble().ShouldBeGreaterThan(0, part);
        string text = (await CliRunner.RunAsync(command)).ShouldSucceed();
        text.ShouldContain("\nquery key value ");
        text.TrimEnd().Split('\n')[^1].ShouldStartWith("all ");
    }

    [Fact]
    public async Task Cases_that_were_not_asked_for_are_empty()
    {
        using var document = JsonDocument.Parse((await CliRunner.RunAsync("bench", "puzzles", "--decode", "1", "--runs", "1", "--json")).ShouldSucceed());
        ShouldHold(document.RootElement.GetProperty("prefill"));
        ShouldHold(document.RootElement.GetProperty("decode"), "1");
        ShouldHold(document.RootElement.GetProperty("branches"));
        document.RootElement.GetProperty("isa").GetString().ShouldBe(ExecutionPath.Current.Name);
    }

    [Fact]
    public async Task Without_cases_those_that_fit_the_context_are_measured()
    {
        var result = await CliRunner.RunAsync("bench", "puzzles", "--runs", "1");
        string text = result.ShouldSucceed();
        result.Error.ShouldContain("holds 256 tokens");
        text.ShouldContain("puzzles: ");
        text.ShouldContain("memory read, GB/s: ");
        text.ShouldContain("\ncompute in registers, float32 TFLOPS: ");
        text.ShouldNotContain("prefill 512");
        text.ShouldContain("\ndecode after 128 ");
        text.ShouldContain("\n32 branches of 128 ");
    }

    [Fact]
    public async Task The_table_names_the_shared_prefix_and_scalar_code()
    {
        string text = (await CliRunner.RunAsync(
            "bench", "puzzles", "--branches", "2", "--branch-prompt", "3", "--shared-prefix", "5", "--runs", "2", "--isa", "scalar")).ShouldSucceed();
        text.ShouldContain(": scalar, KV f16, ");
        text.ShouldContain("\n2 branches of 3 sharing 5 ");
    }

    [Theory]
    [InlineData("--prefill 512", "--prefill", "100,512")]
    [InlineData("--decode 225", "--decode", "225")]
    [InlineData("A branch", "--branches", "2", "--branch-prompt", "200", "--shared-prefix", "25")]
    public async Task What_does_not_fit_the_context_is_refused_before_anything_runs(string part, params string[] options) =>
        (await CliRunner.RunAsync(["bench", "puzzles", .. options])).ShouldBeRefused(part, "256");

    [Theory]
    [InlineData("--prefill", "0")]
    [InlineData("--prefill", "5,,6")]
    [InlineData("--decode", "-1")]
    [InlineData("--decode", "ten")]
    [InlineData("--decode", "99999999999")]
    [InlineData("--branches", "1000000")]
    [InlineData("--branch-prompt", "0")]
    [InlineData("--shared-prefix", "-1")]
    [InlineData("--shared-prefix", "2000000000")]
    [InlineData("--runs", "0")]
    [InlineData("--threads", "-1")]
    [InlineData("--isa", "64")]
    [InlineData("--kv", "q4")]
    public async Task Options_out_of_range_are_named(string option, string value) =>
        (await CliRunner.RunAsync("bench", "puzzles", $"{option}={value}")).ShouldBeRefused(option, option is "--prefill" or "--decode" or "--branches" ? "whole numbers" : value);

    [Fact]
    public async Task Only_language_models_are_measured() =>
        (await CliRunner.RunAsync("bench", "puzzles/reward", "--decode", "1")).ShouldBeRefused("head and cannot be measured");

    [Fact]
    public void A_spread_has_the_middle_of_the_runs()
    {
        Spread.Of([5, 1, 3]).ShouldBe(new Spread(1, 3, 5));
        Spread.Of([4, 1, 2, 3]).ShouldBe(new Spread(1, 2.5, 4));
    }

    private static void ShouldHold(JsonElement cases, params string[] sizes)
    {
        cases.EnumerateObject().Select(c => c.Name).ShouldBe(sizes);
        foreach (var measured in cases.EnumerateObject())
        {
            double min = measured.Value.GetProperty("min").GetDouble(), median = measured.Value.GetProperty("median").GetDouble();
            min.ShouldBeGreaterThan(0);
            median.ShouldBeGreaterThanOrEqualTo(min);
            measured.Value.GetProperty("max").GetDouble().ShouldBeGreaterThanOrEqualTo(median);
        }
    }
}
