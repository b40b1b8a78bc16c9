using System.Text.Json;
using Ponder.Models.Templates;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Templates;

/// <summary>Recorded renderings: of our own templates by Jinja itself, of the shared ones by @huggingface/jinja.</summary>
public class TemplateVectorTests
{
    // These rows call functions (add, obj.x, obj.z) that their context carries as JavaScript; the recorded JSON cannot hold them.
    private static readonly string[] RowsWithFunctions = ["NUMBERS", "OBJ_METHODS"];

    private static readonly TemplateOptions Python = new() { Clock = new FixedClock() };
    private static readonly TemplateOptions JavaScript = Python with { Dialect = TemplateDialect.JavaScript };

    private static readonly Lazy<JsonElement> Own =
        new(() => Read(Path.Combine(SharedData.Repository, "tests", "Ponder.Models.Tests", "Templates", "jinja_vectors.json")));

    public static TheoryData<int> OwnRows => [.. Enumerable.Range(0, Own.Value.GetProperty("rows").GetArrayLength())];

    public static TheoryData<string> Units => Names("units.json", "name");

    public static TheoryData<string> Conversations => Names("end_to_end.json", "name");

    [Theory]
    [MemberData(nameof(OwnRows))]
    public void Our_templates_render_as_Jinja_renders_them(int row)
    {
        var vector = Own.Value.GetProperty("rows")[row];
        string source = vector.GetProperty("template").GetString()!;
        string Render() => ChatTemplate.Parse(source).Render(Own.Value.GetProperty("context"), Python);
        if (vector.GetProperty("expected").GetString() is { } expected)
            Render().ShouldBe(expected, source);
        else
            Should.Throw<TemplateException>(Render, source);
    }

    [SharedTheory]
    [MemberData(nameof(Units))]
    public void Unit_rows_render_as_recorded(string name)
    {
        var row = Row("units.json", name);
        ChatTemplate.Parse(row.GetProperty("template").GetString()!, name).Render(row.GetProperty("context"), JavaScript)
            .ShouldBe(row.GetProperty("expected").GetString());
    }

    [SharedTheory]
    [MemberData(nameof(Conversations))]
    public void Conversations_render_as_recorded(string name)
    {
        var row = Row("end_to_end.json", name);
        ChatTemplate.Parse(row.GetProperty("chat_template").GetString()!, name).Render(row.GetProperty("data"), JavaScript)
            .ShouldBe(row.GetProperty("target").GetString());
    }

    [SharedTheory]
    [MemberData(nameof(Conversations))]
    public void Conversations_do_not_depend_on_the_dialect_unless_they_print_a_list(string name)
    {
        var row = Row("end_to_end.json", name);
        string text = ChatTemplate.Parse(row.GetProperty("chat_template").GetString()!, name).Render(row.GetProperty("data"), Python);
        if (name == "MadeAgents/Hammer2.1")
            text.ShouldContain("[{'type': 'function', 'function': {'name': ");   // prints its tools without tojson
        else
            text.ShouldBe(row.GetProperty("target").GetString());
    }

    [SharedFact]
    public void The_chat_prompts_of_SmolLM2_are_those_it_was_recorded_with()
    {
        const string source = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI "
            + "assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
            + "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
        var template = ChatTemplate.Parse(source, "SmolLM2");
        int checkedPrompts = 0;
        foreach (var prompt in Read(SharedData.Path("models", "smollm2", "greedy.json")).GetProperty("prompts").EnumerateArray())
        {
            if (!prompt.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
                continue;
            ChatTurn[] turns = [.. messages.EnumerateArray().Select(m => new ChatTurn(m.GetProperty("role").GetString()!, m.GetProperty("content").GetString()))];
            template.RenderChat(turns).ShouldBe(prompt.GetProperty("prompt").GetString());
            checkedPrompts++;
        }
        checkedPrompts.ShouldBeGreaterThan(0);
    }

    [SharedFact]
    public void The_template_of_Qwen3_renders_turns_and_a_generation_prompt()
    {
        var set = ChatTemplateSet.Load(SharedData.Path("data", "tokenizers", "qwen3"));
        var template = set.Find().ShouldNotBeNull();
        ChatTurn[] turns = [new("system", "Be brief."), new("user", "Hi"), new("assistant", "<think>\nhm\n</think>\n\nHello"), new("user", "Bye")];
        const string start = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n"
            + "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n";
        template.RenderChat(turns).ShouldBe(start);
        template.RenderChat(turns, new ChatVariables { Extra = new Dictionary<string, object?> { ["enable_thinking"] = false } })
            .ShouldBe(start + "<think>\n\n</think>\n\n");
    }

    private static TheoryData<string> Names(string file, string field)
    {
        if (SharedData.Root is null)
            return [""];
        var names = Read(SharedData.Path("data", "templates", file)).EnumerateArray().Select(r => r.GetProperty(field).GetString()!);
        return [.. file == "units.json" ? names.Except(RowsWithFunctions) : names];
    }

    private static JsonElement Row(string file, string name) =>
        Read(SharedData.Path("data", "templates", file)).EnumerateArray().First(r => r.GetProperty("name").GetString() == name);

    private static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
}
