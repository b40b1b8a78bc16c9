using System.Text.Json;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers.Schemas;

namespace Ponder.Reasoning.Verifiers;

/// <summary>
/// Right when the last JSON value of the text, or of its last fenced block, fits a JSON Schema (drafts 7 and 2020-12: all but <c>format</c>,
/// <c>dependent…</c>, <c>unevaluated…</c>, dynamic and outer references). A schema with a keyword that is not checked is refused.
/// </summary>
public sealed class JsonSchemaVerifier : IVerifier
{
    private readonly JsonElement _schema;

    /// <summary>Creates the verifier.</summary>
    /// <param name="schemaText">The schema, as JSON.</param>
    /// <exception cref="VerifierException">It is no JSON, or not a schema all of whose keywords are checked.</exception>
    public JsonSchemaVerifier(string schemaText)
    {
        ArgumentNullException.ThrowIfNull(schemaText);
        try
        {
            using var document = JsonDocument.Parse(schemaText, new JsonDocumentOptions { AllowDuplicateProperties = false });
            _schema = document.RootElement.Clone();
            SchemaKeywords.Demand(_schema);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)      // the last two: half of a surrogate pair
        {
            throw new VerifierException($"The schema is not JSON: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public string Name => "json-schema";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <inheritdoc/>
    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var document = JsonInText.Last(text);
        if (document is null)
            return Task.FromResult(new Verdict(false, null, "there is no JSON value in it"));
        string shown = document.RootElement.GetRawText();
        try
        {
            string? error = new SchemaCheck(_schema).Error(document.RootElement);
            return Task.FromResult(new Verdict(error is null, shown, error));
        }
        catch (VerifierException error)
        {
            return Task.FromResult(Verdict.Unverified(error.Message));
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult(new Verdict(false, shown, "a string in it has half of a surrogate pair"));
        }
    }
}
