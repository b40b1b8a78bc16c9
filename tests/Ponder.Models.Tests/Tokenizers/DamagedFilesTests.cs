using System.Text;
using System.Text.Json.Nodes;
using Ponder.Models.Tokenizers;
using Ponder.Numerics;
using Xunit.Abstractions;

namespace Ponder.Models.Tests.Tokenizers;

/// <summary>Damaged tokenizer.json files: each works or gives Ponder's own exception; none crashes, hangs or fills the memory.</summary>
public class DamagedFilesTests(ITestOutputHelper output)
{
    private const int Files = 5000;
    private const long MostBytes = 64L << 20;

    [Fact]
    public void Damage_gives_a_tokenizer_or_a_sentence()
    {
        var random = new Random(20251);
        string folder = Directory.CreateTempSubdirectory("ponder-damaged").FullName;
        string path = Path.Combine(folder, "tokenizer.json");
        byte[][] good = [.. TinyFiles.All.Values.Select(make => Encoding.UTF8.GetBytes(make()))];
        int loaded = 0;
        for (int i = 0; i < Files; i++)
        {
            byte[] bytes = Damage(good[i % good.Length], random);
            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var tokenizer = TokenizerFactory.FromJson(path);
                int[] ids = tokenizer.Encode("hello <s>Ab é 12 日\uD800 </s>", new EncodeOptions { AddSpecial = true, ParseSpecial = true });
                tokenizer.Decode(ids).ShouldNotBeNull();
                loaded++;
            }
            catch (PonderException error)
            {
                error.Message.ShouldEndWith(".");
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(bytes.Length + MostBytes, $"file {i}");
        }
        Directory.Delete(folder, recursive: true);
        output.WriteLine($"{loaded} of {Files} still work");
        loaded.ShouldBeInRange(Files / 20, Files * 19 / 20);
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                return good[..random.Next(good.Length)];
            case 1 or 2:
                byte[] flipped = [.. good];
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                    flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            default:
                var root = JsonNode.Parse(good)!;
                for (int changes = random.Next(1, 4); changes > 0; changes--)
                    Change(root, random);
                return Encoding.UTF8.GetBytes(root.ToJsonString());
        }
    }

    private static void Change(JsonNode root, Random random)
    {
        // Walks down so that deep fields are hit as often as the many entries of a vocabulary.
        var node = root;
        while (true)
        {
            var children = node switch
            {
                JsonObject fields => [.. fields.Select(field => field.Value)],
                JsonArray items => items.ToList(),
                _ => [],
            };
            if (children.Count == 0)
                return;
            int at = random.Next(children.Count);
            if (children[at] is { } child and (JsonObject or JsonArray) && random.Next(4) != 0)
            {
                node = child;
                continue;
            }
            ChangeChild(node, at, random);
            return;
        }
    }

    private static void ChangeChild(JsonNode parent, int at, Random random)
    {
        var replacement = Other(random);
        if (parent is JsonArray items)
        {
            switch (random.Next(3))
            {
                case 0:
                    items.RemoveAt(at);
                    break;
                case 1:
                    items.Insert(at, items[at]?.DeepClone());
                    break;
                default:
                    items[at] = replacement;
                    break;
            }
            return;
        }
        var fields = (JsonObject)parent;
        string name = fields.ElementAt(at).Key;
        switch (random.Next(3))
        {
            case 0:
                fields.Remove(name);
                break;
            case 1:
                var value = fields[name]?.DeepClone();
                fields.Remove(name);
                fields[random.Next(2) == 0 ? name + "x" : fields.Count > 0 ? fields.ElementAt(random.Next(fields.Count)).Key : ""] = value;
                break;
            default:
                fields[name] = replacement;
                break;
        }
    }

    private static JsonNode? Other(Random random) => random.Next(14) switch
    {
        0 => null,
        1 => true,
        2 => 0,
        3 => -1,
        4 => int.MaxValue,
        5 => 1e300,
        6 => 0.5,
        7 => "",
        8 => "▁",
        9 => "(a+)+$",
        10 => "BPE",
        11 => new JsonArray(),
        12 => new JsonObject(),
        _ => random.Next(400),
    };
}
