using System.Text.Json;
using Ponder.Models.Templates;
using Ponder.Numerics;

namespace Ponder.Models.Tests.Templates;

public class TemplateLimitTests
{
    [Theory]
    [InlineData("{{ 'a' * 10000000000 }}", "string of more than")]
    [InlineData("{{ 'ab' * 9223372036854775807 }}", "string of more than")]
    [InlineData("{{ [0] * 1000000000 }}", "collection of more than 100000 items")]
    [InlineData("{{ range(1000000000) }}", "collection of more than 100000 items")]
    [InlineData("{{ range(-9223372036854775807, 9223372036854775807) }}", "collection of more than 100000 items")]
    [InlineData("{% set ns = namespace(s='abcdefgh') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "string of more than")]
    [InlineData("{% set ns = namespace(s='') %}{% for i in range(100000) %}{% set ns.s = ns.s + 'abcdefghijklmnop' %}{% endfor %}", "allocates more than")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "collection of more than")]
    [InlineData("{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = [ns.l] %}{% endfor %}", "deeper than 256 levels")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}", "more than")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}", "more than")]
    [InlineData("{% set a = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set a.l = [a.l, a.l] %}{% set a.m = [a.m, a.m] %}{% endfor %}{{ a.l == a.m }}", "more than")]
    [InlineData("{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}", "more than")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "deeper than 256 levels")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", "deeper than 256 levels")]
    [InlineData("{% for i in range(100000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}", "more than")]
    [InlineData("{{ 'a'.center(99999999999) }}", "string of more than")]
    [InlineData("{{ '%9999d' % 1 }}{{ '%99999d' % 1 }}", "more than 4 digits")]
    [InlineData("{{ ('a' * 4000000).replace('a', 'bbbbbbbbbb') }}", "string of more than")]
    [InlineData("{{ ['a' * 4000000, 'b' * 4000000, 'c' * 4000000] | join }}", "string of more than")]
    [InlineData("{% set h = 'a' * 4000000 %}{% set n = 'a' * 500000 ~ 'b' ~ 'a' * 500000 %}{% for i in range(1000) %}{% if n in h %}{% endif %}{% endfor %}", "steps")]
    [InlineData("{% set h = 'a' * 4000000 %}{% for i in range(100000) %}{% if h is lower and {}[h] %}{% endif %}{% endfor %}", "more than")]
    [InlineData("{% for i in range(100000) %}{% set x = i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i + i %}{% endfor %}", "more than")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "64 bits")]
    [InlineData("{{ 3 ** 999999999 }}", "64 bits")]
    [InlineData("{{ (-9223372036854775807 - 1) // -1 }}", "64 bits")]
    public void What_would_exhaust_time_or_memory_ends_in_an_error(string source, string reason)
    {
        var error = Should.Throw<TemplateException>(() => Render(source));
        error.Message.ShouldContain(reason);
        error.Line.ShouldBe(1);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{'a':", "}")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("1 if 1 else ", "")]
    [InlineData("1+", "")]
    [InlineData("a.", "a")]
    [InlineData("1|abs", "")]
    [InlineData("1 is ", "defined")]
    public void Deep_nesting_ends_in_an_error(string open, string close)
    {
        string before = string.Concat(Enumerable.Repeat(open, 50_000));
        string after = string.Concat(Enumerable.Repeat(close, 50_000));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse($"{{{{ {before}1{after} }}}}"));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat("{% if 1 %}", 10_000))));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse($"{{% set {before}x{after} = 1 %}}"));
    }

    [Fact]
    public void Every_limit_can_be_set()
    {
        var tight = new TemplateLimits();
        ShouldPass(tight with { Steps = 20 }, "{% for i in range(9) %}{{ i }}{% endfor %}", "more than 20 steps");
        ShouldPass(tight with { Depth = 5 }, "{{ ((((((1)))))) }}", "deeper than 5 levels");
        ShouldPass(tight with { OutputLength = 10 }, "0123456789{{ 1 }}", "prints a text of more than 10");
        ShouldPass(tight with { StringLength = 10 }, "{{ 'a' * 11 }}", "string of more than 10");
        ShouldPass(tight with { CollectionLength = 3 }, "{{ range(4) }}", "collection of more than 3");
        ShouldPass(tight with { AllocatedBytes = 1000 }, "{{ 'a' * 1000 }}", "allocates more than 1000");
        ShouldPass(tight with { SourceLength = 3 }, "abcd", "more than the limit of 3");
        Should.Throw<ArgumentOutOfRangeException>(() => new TemplateLimits { Steps = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new TemplateLimits { Depth = 1001 });

        static void ShouldPass(TemplateLimits limits, string source, string reason) => Should.Throw<TemplateException>(
            () => ChatTemplate.Parse(source, "t", limits).Render(new Dictionary<string, object?>(), new TemplateOptions { Limits = limits }))
            .Message.ShouldContain(reason);
    }

    [Fact]
    public void A_long_conversation_raises_the_limits()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{{ '<' + m.role + '>' + (m.content | trim) + '\n' }}{% endfor %}");
        ChatTurn[] turns = [.. Enumerable.Repeat(new ChatTurn("user", new string('x', 5000)), 1000)];
        template.RenderChat(turns).Length.ShouldBe(1000 * 5007);
    }

    [Fact]
    public void Only_a_raised_exception_says_so_and_errors_name_their_place()
    {
        var raised = Should.Throw<TemplateException>(() => Render("ok\n  {{ raise_exception('Roles must alternate!') }}"));
        raised.IsRaisedByTemplate.ShouldBeTrue();
        raised.Message.ShouldBe("t, line 2, column 21: Roles must alternate!");
        raised.ShouldBeAssignableTo<PonderException>();
        var failed = Should.Throw<TemplateException>(() => Render("a\n{{ x.y }}"));
        failed.IsRaisedByTemplate.ShouldBeFalse();
        failed.Message.ShouldBe("t, line 2, column 6: 'x' is undefined.");
    }

    [Theory]
    [InlineData("{% include 'x' %}", "'include' is not supported")]
    [InlineData("{% extends 'x' %}", "'extends' is not supported")]
    [InlineData("{% block x %}{% endblock %}", "'block' is not supported")]
    [InlineData("{{ 'a'|xmlattr }}", "filter 'xmlattr' is not known")]
    [InlineData("{{ 'a' is escaped }}", "test 'escaped' is not known")]
    [InlineData("{{ [].append(1) }}", "'append' would change a list")]
    [InlineData("{{ {}.update({}) }}", "'update' would change a dict")]
    [InlineData("{{ lipsum() }}", "'lipsum' is undefined")]
    [InlineData("{{ strftime_now('%Q') }}", "date directive %Q is not supported")]
    [InlineData("{{ '{:>9}'.format(1) }}", "specification '>9' is not supported")]
    [InlineData("{{ '\\N{DASH}' }}", "characters by name")]
    [InlineData("{{ range }}", "a function cannot be printed")]
    public void What_is_not_supported_is_refused(string source, string reason) =>
        Should.Throw<TemplateException>(() => Render(source)).Message.ShouldContain(reason);

    [Fact]
    public void Contexts_are_plain_values_and_JSON_and_nothing_else()
    {
        var context = new Dictionary<string, object?>
        {
            ["a"] = 1,
            ["b"] = 1.5,
            ["c"] = new[] { "x", "y" },
            ["d"] = new Dictionary<string, object?> { ["k"] = null },
            ["e"] = JsonDocument.Parse("{\"q\": [1, 2.0, true, null, \"s\"]}").RootElement,
            ["f"] = new ChatTurn("user", "hi"),
        };
        ChatTemplate.Parse("{{ a }} {{ b }} {{ c }} {{ d }} {{ e }} {{ f.role }} {{ f }}").Render(context)
            .ShouldBe("1 1.5 ['x', 'y'] {'k': None} {'q': [1, 2.0, True, None, 's']} user {'role': 'user', 'content': 'hi'}");
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("").Render(new Dictionary<string, object?> { ["a"] = new object() }));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("").Render(JsonDocument.Parse("[1]").RootElement));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("").Render(JsonDocument.Parse("{\"a\": 99999999999999999999}").RootElement));
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("").Render(JsonDocument.Parse("{\"a\": \"\\ud800\"}").RootElement));
    }

    [Fact]
    public void Generation_blocks_report_what_the_assistant_says()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}<{{ m.role }}>{% if m.role == 'a' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}");
        var rendered = template.RenderGenerated(ChatTemplate.Context([new("u", "hi"), new("a", "hello"), new("u", "x"), new("a", "y")], new ChatVariables()));
        rendered.Generated.Select(r => rendered.Text[r]).ShouldBe(["hello", "y"]);
        Should.Throw<TemplateException>(() => ChatTemplate.Parse("{% set x %}{% generation %}a{% endgeneration %}{% endset %}").RenderGenerated(new Dictionary<string, object?>()));
    }

    [Fact]
    public void One_template_renders_on_many_threads()
    {
        var template = ChatTemplate.Parse("{% set ns = namespace(n=0) %}{% for i in range(100) %}{% set ns.n = ns.n + k %}{% endfor %}{{ ns.n }}");
        Parallel.For(0, 64, i => template.Render(new Dictionary<string, object?> { ["k"] = i }).ShouldBe($"{i * 100}"));
    }

    [Fact]
    public void Template_sets_read_every_layout()
    {
        var list = ChatTemplateSet.FromTokenizerConfig(JsonDocument.Parse("""
            {"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": [{"name": "default", "template": "{{ bos_token }}d"}, {"name": "tool_use", "template": "t"}]}
            """).RootElement);
        list.BosToken.ShouldBe("<s>");
        list.EosToken.ShouldBe("</s>");
        list.Find().ShouldNotBeNull().RenderChat([], new ChatVariables { BosToken = list.BosToken }).ShouldBe("<s>d");
        list.Find("tool_use").ShouldNotBeNull().RenderChat([]).ShouldBe("t");
        list.Find("rag").ShouldBeNull();

        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"chat_template": "old"}""");
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), "new\n");
            ChatTemplateSet.Load(folder).Find().ShouldNotBeNull().RenderChat([]).ShouldBe("new");
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"chat_template": 5}""");
            Should.Throw<PonderException>(() => ChatTemplateSet.Load(folder)).Message.ShouldContain("chat_template");
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), "{");
            Should.Throw<PonderException>(() => ChatTemplateSet.Load(folder)).Message.ShouldContain("not valid JSON");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Render(string source) => ChatTemplate.Parse(source, "t").Render(new Dictionary<string, object?>());
}
