using System.Globalization;
using System.Text.Json;
using Ponder.Inference;
using Ponder.Numerics;

namespace Ponder.Cli.Tuning;

/// <summary>Engine options that were measured to be faster than the defaults.</summary>
/// <param name="Key">For which model on which machine.</param>
/// <param name="Work">For which work.</param>
/// <param name="Gain">How much faster: 0.05 is 5%.</param>
/// <param name="Options">The options that differ from the defaults, by name, in the order of <see cref="TunedOption.All"/>.</param>
internal sealed record Profile(ProfileKey Key, string Work, double Gain, IReadOnlyList<(TunedOption Option, string Value)> Options)
{
    private const int Version = 1, MostBytes = 1 << 16;

    /// <summary>What a search found.</summary>
    public static Profile Of(ProfileKey key, TuneResult result) => new(
        key,
        result.Work.Name,
        result.Gain,
        [.. TunedOption.All.Select(option => (option, Value: option.Read(result.Best.Options))).Where(pair => pair.option.Read(result.Default.Options) != pair.Value)]);

    /// <summary>Reads a profile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What it must have been measured with.</param>
    /// <exception cref="PonderException">It cannot be read, is damaged, or was measured with something else.</exception>
    public static Profile Read(string path, ProfileKey key)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
                throw Damaged(path, "it is too large");
            using var json = JsonDocument.Parse(file);
            var root = json.RootElement;
            if (root.GetProperty("ponder_profile").GetInt32() != Version)
                throw Damaged(path, "another version of Ponder wrote it");
            var found = new ProfileKey(
                Text(root, "model"), root.GetProperty("bytes").GetInt64(), Text(root, "cpu"), Text(root, "isa"), Text(root, "precision"), root.GetProperty("cores").GetInt32());
            if (found != key)
                throw new PonderException($"The profile {path} was measured with another model or machine ({Difference(found, key)}); 'ponder tune' makes one for this.");
            return new Profile(key, Text(root, "workload"), root.GetProperty("gain").GetDouble(), [.. root.GetProperty("options").EnumerateObject().Select(Option)]);
        }
        // What JsonElement throws for a value of another kind, a field that is missing, and a number that is too large.
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Damaged(path, "it is no profile", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Damaged(path, CommandLine.Sentence(e).TrimEnd('.'), e);
        }
    }

    /// <summary>Options with those of the profile.</summary>
    /// <param name="options">What holds besides.</param>
    /// <param name="isSet">The user has set a flag, which wins.</param>
    public EngineOptions ApplyTo(EngineOptions options, Func<string, bool> isSet) =>
        Options.Where(pair => pair.Option.Flag is not { } flag || !isSet(flag)).Aggregate(options, (changed, pair) => pair.Option.Write(changed, pair.Value));

    /// <summary>The file's text.</summary>
    public string Json() => JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteNumber("ponder_profile", Version);
            json.WriteString("model", Key.Model);
            json.WriteNumber("bytes", Key.Bytes);
            json.WriteString("cpu", Key.Cpu);
            json.WriteString("isa", Key.Isa);
            json.WriteString("precision", Key.Precision);
            json.WriteNumber("cores", Key.Cores);
            json.WriteString("workload", Work);
            json.WriteNumber("gain", Math.Round(Gain, 4));
            json.WriteStartObject("options");
            foreach (var (option, value) in Options)
            {
                if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    json.WriteNumber(option.Name, number);
                else
                    json.WriteString(option.Name, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        },
        indented: true);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Options.Select(pair => $"{pair.Option.Name} {pair.Value}"))}; {100 * Gain:0}% faster for {Work}");

    private static (TunedOption Option, string Value) Option(JsonProperty field)
    {
        var option = TunedOption.All.FirstOrDefault(option => option.Name == field.Name)
            ?? throw new JsonException($"unknown option {field.Name}");
        string value = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText();
        try
        {
            option.Write(new EngineOptions(), value).Validated();
        }
        catch (Exception e) when (e is PonderException or ArgumentException)
        {
            throw new JsonException(e.Message, e);
        }
        return (option, value);
    }

    private static string Text(JsonElement root, string field) => root.GetProperty(field).GetString() ?? throw new JsonException($"{field} is null");

    private static string Difference(ProfileKey found, ProfileKey wanted) =>
        found.Model != wanted.Model ? $"{found.Model}, not {wanted.Model}"
        : found.Bytes != wanted.Bytes ? $"{found.Bytes} bytes, not {wanted.Bytes}"
        : found.Cpu != wanted.Cpu ? $"{found.Cpu}, not {wanted.Cpu}"
        : found.Isa != wanted.Isa ? $"{found.Isa}, not {wanted.Isa}"
        : found.Precision != wanted.Precision ? $"{found.Precision}, not {wanted.Precision}"
        : $"{found.Cores} cores, not {wanted.Cores}";

    private static PonderException Damaged(string path, string why, Exception? cause = null) => new($"The profile {path} cannot be used: {why}.", cause!);
}
