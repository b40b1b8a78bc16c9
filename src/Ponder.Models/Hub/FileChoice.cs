using System.Globalization;
using System.Text.RegularExpressions;

namespace Ponder.Models.Hub;

/// <summary>Which files of a repository make one model that can be loaded; the same rules choose what to pull and what to open.</summary>
/// <param name="Kind">How it stores its weights.</param>
/// <param name="Files">The files, in the order to fetch them.</param>
/// <param name="Entry">The file to load, or null where the folder is loaded.</param>
internal sealed partial record FileChoice(ModelKind Kind, IReadOnlyList<string> Files, string? Entry)
{
    private static readonly string[] Companions =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja",
        "tokenizer.model", "special_tokens_map.json", "model.safetensors.index.json",
    ];

    /// <summary>Chooses by the rules of <c>ponder pull REPO[:FILE]</c>.</summary>
    /// <param name="repo">The repository, for messages.</param>
    /// <param name="names">All files that are there.</param>
    /// <param name="selector">A file name, a part of a GGUF file's name, <c>safetensors</c>, or null.</param>
    /// <exception cref="HubException">Nothing fits, or more than one model does; the message lists what is there.</exception>
    public static FileChoice Choose(string repo, IReadOnlyCollection<string> names, string? selector)
    {
        var models = GgufModels(names);
        bool safetensors = names.Any(IsRootSafetensors);

        if (selector is not null && Exact(names, selector) is { } named)
            return OfFile(repo, names, named);
        if (safetensors && (models.Count == 0 && selector is null || "safetensors".Equals(selector, StringComparison.OrdinalIgnoreCase)))
            return OfSafetensors(repo, names);
        if (models.Count == 0)
        {
            throw new HubException(selector is null
                ? $"{repo} has no GGUF or safetensors file; it has {SafeText.List(names)}."
                : $"{repo} has no file '{SafeText.Of(selector)}' and no GGUF file to choose from; it has {SafeText.List(names)}.");
        }

        var fits = selector is null ? models : Matching(models, selector);
        string also = safetensors ? ", or :safetensors" : "";
        return fits.Count switch
        {
            1 => OfFile(repo, names, fits[0]),
            0 => throw new HubException(
                $"No GGUF file of {repo} has '{SafeText.Of(selector!)}' in its name; there are {SafeText.List(models)}."),
            _ when selector is null => throw new HubException(
                $"{repo} holds {fits.Count} GGUF models: name one as {repo}:FILE{also}; there are {SafeText.List(fits)}."),
            _ => throw new HubException($"'{SafeText.Of(selector)}' fits {fits.Count} GGUF models of {repo}: {SafeText.List(fits)}."),
        };
    }

    /// <summary>The GGUF models among some files, each by its first shard; projectors and importance matrices are no models.</summary>
    public static IReadOnlyList<string> GgufModels(IEnumerable<string> names) =>
    [
        .. names.Where(name => IsGguf(name) && !IsSideFile(name))
            .GroupBy(name => Shard.Of(name)?.All().First() ?? name, StringComparer.Ordinal)
            .Select(group => group.Order(StringComparer.Ordinal).First())
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The shards that are wanting in sets of which at least one shard is there; the first thousand of them.</summary>
    public static IReadOnlyList<string> MissingShards(IReadOnlyCollection<string> names) =>
        [.. names.Select(Shard.Of).OfType<Shard>().Distinct().SelectMany(shard => shard.All()).Except(names).Take(1000)];

    /// <summary>Whether weights lie beside <c>config.json</c>.</summary>
    public static bool IsRootSafetensors(string name) =>
        !name.Contains('/', StringComparison.Ordinal) && name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);

    private static bool IsGguf(string name) => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    private static bool IsSideFile(string name) =>
        FileName(name).Contains("mmproj", StringComparison.OrdinalIgnoreCase)
        || FileName(name).Contains("imatrix", StringComparison.OrdinalIgnoreCase);

    private static string FileName(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string? Exact(IReadOnlyCollection<string> names, string selector) =>
        names.FirstOrDefault(name => name == selector)
        ?? names.FirstOrDefault(name => name.Equals(selector, StringComparison.OrdinalIgnoreCase));

    private static FileChoice OfFile(string repo, IReadOnlyCollection<string> names, string file)
    {
        string[] files = Shard.Of(file) is { } shard ? [.. shard.All()] : [file];
        if (files.Except(names).ToArray() is { Length: > 0 } missing)
            throw new HubException($"The shards of {SafeText.Of(file)} are not all in {repo}: {SafeText.List(missing)} missing.");
        var kind = IsGguf(file) ? ModelKind.Gguf
            : file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ModelKind.Safetensors
            : ModelKind.Other;
        return new FileChoice(kind, files, files[0]);
    }

    private static FileChoice OfSafetensors(string repo, IReadOnlyCollection<string> names)
    {
        if (!names.Contains("config.json"))
            throw new HubException($"{repo} has safetensors but no config.json, so that they cannot be loaded.");
        if (MissingShards([.. names.Where(IsRootSafetensors)]) is { Count: > 0 } missing)
            throw new HubException($"The shards of {repo} are not all there: {SafeText.List(missing)} missing.");

        string[] weights = [.. names.Where(IsRootSafetensors).Order(StringComparer.Ordinal)];
        // Some repositories hold the same weights twice, once under names of their training code.
        string[] usual = [.. weights.Where(name => !name.StartsWith("consolidated", StringComparison.Ordinal))];
        return new FileChoice(ModelKind.Safetensors, [.. Companions.Where(names.Contains), .. usual.Length > 0 ? usual : weights], null);
    }

    private static List<string> Matching(IReadOnlyList<string> models, string selector)
    {
        var fits = models.Where(name => FileName(name).Contains(selector, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fits.Count < 2)
            return fits;
        // F16 means F16 and not BF16, Q4_0 means Q4_0 and not Q4_0_4_4: a whole word wins over a part of one.
        var word = new Regex($@"(?<!\w){Regex.Escape(selector)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        var whole = fits.Where(name => word.IsMatch(FileName(name))).ToList();
        return whole.Count > 0 ? whole : fits;
    }

    /// <summary>A name of the form <c>stem-00001-of-00003.ext</c>.</summary>
    private sealed partial record Shard(string Stem, int Count, string Extension)
    {
        public static Shard? Of(string name) =>
            Pattern().Match(name) is { Success: true } match
            && int.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and var count
                ? new Shard(match.Groups[1].Value, count, match.Groups[3].Value)
                : null;

        public IEnumerable<string> All() =>
            Enumerable.Range(1, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Stem}-{i:D5}-of-{Count:D5}{Extension}"));

        [GeneratedRegex(@"^(.+)-[0-9]{5}-of-([0-9]{5})(\.gguf|\.safetensors)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
        private static partial Regex Pattern();
    }
}
