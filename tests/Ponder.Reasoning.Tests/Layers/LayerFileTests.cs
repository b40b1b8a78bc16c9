using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Layers;

public sealed class LayerFileTests : IDisposable
{
    private const string Whole = """
        {"name": "all",
         "layers": [
           {"parts": [{"type": "generate", "samples": 8, "temperature": 0.7, "max_tokens": 300}, {"type": "generate", "strategy": "majority samples=4"}]},
           {"parts": [{"type": "unit-test", "tests": 3, "keep": 6}]},
           {"parts": [{"type": "verify", "by": "policy", "threshold": 0.25}]},
           {"parts": [{"type": "plan", "plan": "polish"}]}],
         "plans": {"polish": {"layers": [{"parts": [{"type": "critique"}]}, {"parts": [{"type": "rank", "keep": 2}]}, {"parts": [{"type": "fuse", "samples": 2}]}]}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("layers").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plan_is_read_and_written_and_read_again_the_same()
    {
        var plan = LayerFile.Parse(Whole);
        PlanReport.Line(plan).ShouldBe(
            "generate samples=8 temperature=0.7 max_tokens=300 + generate strategy=(majority samples=4) > unit-test tests=3 keep=6 > "
            + "verify by=policy threshold=0.25 > (critique > rank keep=2 > fuse samples=2)");
        plan.Name.ShouldBe("all");

        string path = Write("saved.json", "old");
        LayerFile.Save(plan, path);
        var again = LayerFile.Load(path);
        LayerFile.Write(again).ShouldBe(LayerFile.Write(plan));
        PlanReport.Line(again).ShouldBe(PlanReport.Line(plan));
        new LayerStrategy(again).CandidatesOfLayers.ShouldBe([9, 6, 6, 2]);
    }

    [Fact]
    public void A_plan_may_be_made_of_files_relative_to_its_own()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "parts"));
        Write("parts/draft.json", Plan("""{"type": "generate", "samples": 4}""", """{"type": "plan", "plan": "best.json"}"""));
        Write("parts/best.json", Plan("""{"type": "rank", "by": "reward"}"""));
        string path = Write("all.json", Plan("""{"type": "plan", "plan": "parts/draft.json"}""", """{"type": "fuse"}"""));

        var strategy = LayerStrategy.Load(path);

        PlanReport.Line(strategy.Plan).ShouldBe("(generate samples=4 > (rank by=reward)) > fuse");
        strategy.NeedsReward.ShouldBeTrue();
        strategy.CandidatesOfLayers.ShouldBe([1, 1]);
    }

    [Fact]
    public void Files_that_refer_to_each_other_in_a_loop_are_refused_with_the_chain()
    {
        Write("b.json", Plan("""{"type": "plan", "plan": "c.json"}"""));
        Write("c.json", Plan("""{"type": "generate"}""", """{"type": "plan", "plan": "b.json"}"""));
        string path = Write("a.json", Plan("""{"type": "plan", "plan": "b.json"}"""));

        string message = Should.Throw<LayerException>(() => LayerFile.Load(path)).Message;

        message.ShouldContain($"in a loop: {_folder}/b.json -> {_folder}/c.json -> {_folder}/b.json");
        message.ShouldStartWith($"{path}: layer 1, part 1 (plan): ");
        // What was entered is left again: the next file is read as if nothing had been.
        LayerFile.Parse(Plan("""{"type": "generate"}""")).Layers.Count.ShouldBe(1);
    }

    [Fact]
    public void A_file_that_refers_to_itself_and_named_plans_that_do_are_refused()
    {
        string path = Write("a.json", Plan("""{"type": "plan", "plan": "a.json"}"""));
        Should.Throw<LayerException>(() => LayerFile.Load(path)).Message.ShouldContain($"{path} -> {path}");

        string named = """
            {"layers": [{"parts": [{"type": "plan", "plan": "x"}]}],
             "plans": {"x": {"layers": [{"parts": [{"type": "plan", "plan": "y"}]}]}, "y": {"layers": [{"parts": [{"type": "plan", "plan": "x"}]}]}}}
            """;
        Should.Throw<LayerException>(() => LayerFile.Parse(named)).Message.ShouldContain("loop: x -> y -> x");
    }

    [Fact]
    public void A_loop_through_a_strategy_is_a_loop()
    {
        string path = Path.Combine(_folder, "a.json");
        Write("a.json", Plan($$"""{"type": "generate", "strategy": "ensemble runs=2 inner=(layers file={{path}})"}"""));

        string message = Should.Throw<LayerException>(() => LayerStrategy.Load(path)).Message;

        message.ShouldContain($"loop: {path} -> {path}");
        message.ShouldStartWith($"{path}: layer 1, part 1 (generate): ");
    }

    [Fact]
    public void Plans_that_multiply_are_refused_before_they_fill_the_memory()
    {
        string Twice(string plan) => $$"""{"layers": [{"parts": [{"type": "plan", "plan": "{{plan}}"}, {"type": "plan", "plan": "{{plan}}"}]}]}""";
        string plans = string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"p{i}\": {Twice($"p{i + 1}")}"));
        string last = Plan("""{"type": "generate"}""");
        string json = """{"layers": [{"parts": [{"type": "plan", "plan": "p0"}]}], "plans": {""" + plans + ", \"p12\": " + last + "}}";
        Should.Throw<LayerException>(() => LayerFile.Parse(json)).Message.ShouldContain("more than 256 parts");
    }

    [Fact]
    public void Files_within_files_within_files_have_an_end()
    {
        for (int i = 0; i < 20; i++)
            Write($"{i}.json", Plan($$"""{"type": "plan", "plan": "{{i + 1}}.json"}"""));
        Should.Throw<LayerException>(() => LayerFile.Load(Path.Combine(_folder, "0.json"))).Message.ShouldContain("more than 16 deep");
    }

    [Theory]
    [InlineData("""{"type": "generat"}""", "plan.json: layer 1, part 1: there is no type of part 'generat'; did you mean 'generate'?")]
    [InlineData("""{"type": "generate", "sample": 8}""", "plan.json: layer 1, part 1 (generate): a part of the type generate has no 'sample'; did you mean 'samples'?")]
    [InlineData("""{"type": "generate", "samples": "8"}""", "plan.json: layer 1, part 1 (generate): 'samples' must be a number.")]
    [InlineData("""{"type": "generate", "samples": 0}""", "plan.json: layer 1, part 1 (generate): samples is '0'; it must be a whole number from 1 to 10000.")]
    [InlineData("""{"type": "generate", "samples": 1.5}""", "samples is '1.5'; it must be a whole number")]
    [InlineData("""{"type": "generate", "temperature": -1}""", "temperature is '-1'; it must be a number from 0 to 100.")]
    [InlineData("""{"type": "generate", "strategy": "rebas width=4"}""", "plan.json: layer 1, part 1 (generate): There is no strategy 'rebas'; did you mean 'rebase'?")]
    [InlineData("""{"type": "rank", "keep": 4}""", "plan.json: layer 1, part 1 (rank): no candidates come to it; the first layer has to generate them.")]
    [InlineData("""{"type": "generate"}, {"type": "fuse"}""", "plan.json: layer 1, part 2 (fuse): no candidates come to it")]
    [InlineData("""{"type": "plan"}""", "plan.json: layer 1, part 1 (plan): it must have either a 'plan', which names one, or 'layers' of its own.")]
    [InlineData("""{"type": "plan", "plan": "draft"}""", "there is no plan 'draft', neither under 'plans' nor as the file")]
    [InlineData("""{"type": "plan", "layers": [{"parts": [{"type": "rank"}]}]}""", "plan.json: layer 1, part 1 (plan): layer 1, part 1 (rank): no candidates come to it")]
    [InlineData("""{"samples": 8}""", "plan.json: layer 1, part 1: it has no 'type'.")]
    [InlineData("8", "plan.json: layer 1, part 1: it must be an object with a 'type'.")]
    public void What_is_wrong_with_a_part_is_told_with_its_place(string parts, string message)
    {
        string json = $$"""{"layers": [{"parts": [{{parts}}]}]}""";
        Should.Throw<LayerException>(() => new LayerStrategy(LayerFile.Parse(json, "plan.json"))).Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("", "plan.json: it is no JSON")]
    [InlineData("[]", "plan.json: it must be an object with 'name', 'layers', 'plans'.")]
    [InlineData("{}", "plan.json: it has no 'layers'.")]
    [InlineData("""{"layers": []}""", "plan.json: its 'layers' are none; at least one is wanted.")]
    [InlineData("""{"layers": [{"parts": []}]}""", "plan.json: layer 1: its 'parts' are none; at least one is wanted.")]
    [InlineData("""{"layers": 3}""", "plan.json: 'layers' must be a list.")]
    [InlineData("""{"layer": []}""", "plan.json: there is no field 'layer' here; did you mean 'layers'?")]
    [InlineData("""{"layers": [{"part": []}]}""", "plan.json: layer 1: there is no field 'part' here; did you mean 'parts'?")]
    [InlineData("""{"layers": [], "layers": []}""", "plan.json: it is no JSON")]
    [InlineData("""{"layers": [{"parts": [{"type": "generate"}]}], "plans": []}""", "plan.json: 'plans' must be an object")]
    public void What_is_wrong_with_a_file_is_told(string json, string message) =>
        Should.Throw<LayerException>(() => LayerFile.Parse(json, "plan.json")).Message.ShouldContain(message);

    [Fact]
    public void Parts_that_are_of_no_use_where_they_stand_are_refused()
    {
        Refused(PlanPart.Of("generate"), PlanPart.Of("rank")).ShouldBe("the plan: layer 2, part 1 (rank): at most one candidate comes to it, which leaves nothing to rank.");
        Refused(PlanPart.Of("generate", ("samples", "4")), PlanPart.Of("fuse"), PlanPart.Of("unit-test")).ShouldContain("layer 3, part 1 (unit-test): at most one candidate");
        Refused(PlanPart.Of("generate"), PlanPart.Of("critique")).ShouldContain("no rank or fuse reads the critiques");
        Refused(PlanPart.Of("generate", ("samples", "4")), PlanPart.Of("critique"), PlanPart.Of("rank", ("by", "reward"))).ShouldContain("no rank or fuse reads the critiques");
        new LayerStrategy(LayerPlan.Of(PlanPart.Of("generate"), PlanPart.Of("critique"), PlanPart.Of("fuse"))).Needs.ShouldBe(default);

        static string Refused(params PlanPart[] parts) => Should.Throw<LayerException>(() => new LayerStrategy(LayerPlan.Of(parts))).Message;
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        string absent = Path.Combine(_folder, "absent.json");
        Should.Throw<LayerException>(() => LayerFile.Load(absent)).Message.ShouldBe($"{absent}: there is no such file.");
        Should.Throw<LayerException>(() => StrategyTable.Create("layers", new Dictionary<string, string> { ["file"] = _folder })).Message.ShouldContain(_folder);
        Should.Throw<LayerException>(() => LayerFile.Save(LayerPlan.Of(PlanPart.Of("generate")), Path.Combine(absent, "x.json"))).Message.ShouldContain("cannot be written");
    }

    private static string Plan(params string[] parts) => $$"""{"layers": [{{string.Join(',', parts.Select(part => $"{{\"parts\": [{part}]}}"))}}]}""";

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
