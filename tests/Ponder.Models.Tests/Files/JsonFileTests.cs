using Ponder.Models.Files;
using Ponder.Models.Files.Json;
using Ponder.Models.Templates;

namespace Ponder.Models.Tests.Files;

/// <summary>JSON files are read with typed look-ups whose errors name file and field.</summary>
public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_whole_number_may_be_written_as_a_float()
    {
        Read("""{ "n": 3.0 }""", root => root["n"].Int()).ShouldBe(3);
        Refusal("""{ "n": 3.5 }""", root => root["n"].Int()).ShouldBe("field 'n' is not a 32-bit integer.");
        Refusal("""{ "n": 2147483648.0 }""", root => root["n"].IntOrNull()).ShouldBe("field 'n' is not a 32-bit integer.");
    }

    [Fact]
    public void A_field_may_stand_under_its_older_name()
    {
        Read("""{ "old": 1 }""", root => root["new", "old"].Int()).ShouldBe(1);
        Read("""{ "old": 1, "new": 2 }""", root => root["new", "old"].Int()).ShouldBe(2);
        Refusal("""{ "old": null }""", root => root["new", "old"].Int()).ShouldBe("field 'new' is missing.");
    }

    [Fact]
    public void Errors_name_the_field_and_tell_an_item_from_the_field()
    {
        Refusal("""{ "a": { "b": null } }""", root => root["a"]["b"].String()).ShouldBe("field 'a.b' is missing.");
        Refusal("""{ "a": { "b": [null] } }""", root => root["a"]["b"].ListOrNull(item => item.Float())).ShouldBe("field 'a.b' holds an item that is not a number of 32 bits.");
        Refusal("""{ "a": 1 }""", root => root["a"]["b"].Int()).ShouldBe("field 'a' is not an object.");
        Refusal("""{ "a": "\ud800" }""", root => root["a"].String()).ShouldBe("field 'a' holds a string that is not valid Unicode.");
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() => Read("\uFEFF{ \"n\": 1 }", root => root["n"].Int()).ShouldBe(1);

    [Fact]
    public void Two_fields_of_one_name_are_refused_unless_allowed()
    {
        const string Twins = """{ "n": 1, "n": 2 }""";
        Refusal(Twins, root => root["n"].Int()).ShouldStartWith("not valid JSON");
        Read(Twins, root => root["n"].Int(), allowsTwins: true).ShouldBe(2);
    }

    [Fact]
    public void A_template_with_half_a_character_is_refused()
    {
        File.WriteAllText(_folder["tokenizer_config.json"], """{ "chat_template": "\ud800" }""");
        Should.Throw<ModelFileException>(() => ChatTemplateSet.Load(_folder.Root)).Message.ShouldContain("'chat_template'");
    }

    public void Dispose() => _folder.Dispose();

    private T Read<T>(string json, Func<JsonPart, T> read, bool allowsTwins = false)
    {
        File.WriteAllText(_folder["a.json"], json);
        using var file = JsonFile.Open(_folder["a.json"], allowsTwins);
        return read(file.Root);
    }

    /// <summary>What the error says behind the name of the file.</summary>
    private string Refusal<T>(string json, Func<JsonPart, T> read)
    {
        var error = Should.Throw<ModelFileException>(() => Read(json, read));
        error.Path.ShouldBe(_folder["a.json"]);
        return error.Message[$"{error.Path}: ".Length..];
    }
}
