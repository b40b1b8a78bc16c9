using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

public sealed class HubNamesTests
{
    [Theory]
    [InlineData("org/name", "org/name", null)]
    [InlineData("name", "name", null)]
    [InlineData("Org-1/na.me_2:Q4_K_M", "Org-1/na.me_2", "Q4_K_M")]
    [InlineData("org/name:dir/file.gguf", "org/name", "dir/file.gguf")]
    public void References_are_read_and_written_back(string text, string repo, string? selector)
    {
        var reference = HubReference.Parse(text);
        reference.ShouldBe(new HubReference(repo, selector));
        reference.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a--b/c")]
    [InlineData("a/b:")]
    [InlineData("a/b:../c")]
    [InlineData("a/b:/c")]
    [InlineData("/a/b")]
    [InlineData("./a")]
    [InlineData("C:\\models\\a.gguf")]
    [InlineData("a/b?c")]
    [InlineData("a/b\n")]
    [InlineData("ä/b")]
    public void What_is_no_reference_is_refused(string text)
    {
        HubReference.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<HubException>(() => HubReference.Parse(text));
    }

    [Fact]
    public void Options_come_from_the_variables_hub_tools_share()
    {
        string home = Directory.CreateTempSubdirectory("ponder-hub-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(home, "token"), "from-file\n");
            var options = Read(("HF_HOME", home));
            options.CacheFolder.ShouldBe(Path.Combine(home, "hub"));
            options.Token.ShouldBe("from-file");
            Read(("HF_HOME", home), ("HUGGING_FACE_HUB_TOKEN", "older")).Token.ShouldBe("older");
            Read(("HF_HOME", home), ("HUGGING_FACE_HUB_TOKEN", "older"), ("HF_TOKEN", " newer ")).Token.ShouldBe("newer");
            Read(("HF_HOME", home), ("HF_HUB_CACHE", Path.Combine(home, "x"))).CacheFolder.ShouldBe(Path.Combine(home, "x"));
            Read(("HF_HOME", home), ("HF_ENDPOINT", "http://mirror:8080/hub/")).Endpoint.Port.ShouldBe(8080);
            Read(("HF_HOME", home), ("HF_HUB_OFFLINE", "1")).Offline.ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
        Read(("XDG_CACHE_HOME", home)).CacheFolder.ShouldBe(Path.Combine(home, "huggingface", "hub"));
        Read().CacheFolder.ShouldEndWith(Path.Combine(".cache", "huggingface", "hub"));
    }

    [Fact]
    public void The_token_is_not_in_the_text_of_the_options()
    {
        string text = Read(("HF_TOKEN", FakeHub.Token)).ToString();
        text.ShouldContain("with a token");
        text.ShouldNotContain(FakeHub.Token);
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "not an address")]
    [InlineData("HF_ENDPOINT", "ftp://host")]
    [InlineData("HF_ENDPOINT", "https://user:word@host")]
    [InlineData("HF_TOKEN", "two words")]
    [InlineData("HF_TOKEN", "line\r\nX-Header: 1")]
    public void Settings_that_cannot_be_used_are_refused_without_being_quoted_in_full(string name, string value)
    {
        var error = Should.Throw<HubException>(() => Read((name, value)));
        error.Message.ShouldContain(name);
        if (name == "HF_TOKEN")
            error.Message.ShouldNotContain(value);
    }

    private static HubOptions Read(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
