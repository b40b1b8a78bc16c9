using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Models.Templates;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Templates;

/// <summary>Damaged templates render or give a <see cref="TemplateException"/>, within the memory that the limits promise.</summary>
public partial class TemplateFuzzTests
{
    private const int Rounds = 5000;
    private const long MaxBytes = 64L << 20;

    [Fact]
    public void Damaged_templates_render_or_are_refused()
    {
        var (sources, context) = Sources();
        var options = new TemplateOptions { Clock = new FixedClock() };
        int rendered = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var random = new Random(round);
            string source = Damage(random, sources);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ChatTemplate.Parse(source, "damaged").Render(context, options with { Dialect = (TemplateDialect)(round & 1) });
                rendered++;
            }
            catch (TemplateException error)
            {
                error.Message.ShouldStartWith("damaged");
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Round {round} fails with {error.GetType().Name}: {source}", error);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxBytes + source.Length, $"round {round}: {source}");
        }
        rendered.ShouldBeInRange(Rounds / 100, Rounds - Rounds / 10);      // the damage is neither fatal nor harmless throughout
    }

    private static (string[] Sources, JsonElement Context) Sources()
    {
        var own = JsonDocument.Parse(File.ReadAllBytes(
            Path.Combine(SharedData.Repository, "tests", "Ponder.Models.Tests", "Templates", "jinja_vectors.json"))).RootElement;
        var sources = own.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("template").GetString()!).Where(s => s.Length > 0).ToList();
        sources.Add("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}");
        sources.Add("{% macro m(x) %}{{ m(x + 1) if x < 50 else x * 'z' }}{% endmacro %}{{ m(1) }}{{ 'a' * 99 }}{{ range(9999)|list|length }}");
        if (SharedData.Root is not null)
        {
            foreach (var (file, field) in new[] { ("units.json", "template"), ("end_to_end.json", "chat_template") })
            {
                using var rows = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("data", "templates", file)));
                sources.AddRange(rows.RootElement.EnumerateArray().Select(r => r.GetProperty(field).GetString()!));
            }
        }
        return ([.. sources], own.GetProperty("context"));
    }

    private static string Damage(Random random, string[] sources)
    {
        string source = sources[random.Next(sources.Length)];
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            var tokens = Token().Split(source).Where(t => t.Length > 0).ToList();
            int at = random.Next(tokens.Count + 1);
            switch (random.Next(6))
            {
                case 0 when source.Length > 0:
                    char[] flipped = source.ToCharArray();
                    flipped[random.Next(flipped.Length)] ^= (char)(1 << random.Next(8));
                    source = new string(flipped);
                    continue;
                case 1 when at < tokens.Count:
                    tokens.RemoveAt(at);
                    break;
                case 2 when at < tokens.Count:
                    tokens.InsertRange(at, Enumerable.Repeat(tokens[at], random.Next(1, 5)));
                    break;
                case 3:
                    var other = Token().Split(sources[random.Next(sources.Length)]).Where(t => t.Length > 0).ToList();
                    int start = random.Next(other.Count);
                    tokens.InsertRange(at, other.GetRange(start, random.Next(Math.Min(10, other.Count - start) + 1)));
                    break;
                case 4 when random.Next(4) == 0:
                    tokens.RemoveRange(at, tokens.Count - at);
                    break;
                default:
                    int digit = source.AsSpan().IndexOfAnyInRange('0', '9');
                    source = digit < 0 ? source : source.Insert(digit, new string('9', random.Next(1, 20)));
                    continue;
            }
            source = string.Concat(tokens);
        }
        return source;
    }

    [GeneratedRegex(@"(\{\{|\}\}|\{%|%\}|\{#|#\}|\w+|\s+|[^\w\s])")]
    private static partial Regex Token();
}
