using Ponder.Models.Files.Json;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Collects the names of a vocabulary by id, from <c>model.vocab</c> and <c>added_tokens</c>.</summary>
internal sealed class TokenTable
{
    /// <summary>Holes between ids are allowed, as some models leave them, but not so many that a wrong id fills the memory.</summary>
    private const int MostHoles = 1 << 18;

    private readonly List<string?> _names = [];
    private int _count;

    /// <summary>By id; holes are empty.</summary>
    public string[] Names => [.. _names.Select(name => name ?? "")];

    /// <summary>By name.</summary>
    public Dictionary<string, int> Ids { get; } = [];

    /// <summary>Ids run from 0 to this, exclusive.</summary>
    public int Size => _names.Count;

    /// <summary>True for the id of a token.</summary>
    public bool Has(int id) => id >= 0 && id < _names.Count && _names[id] is not null;

    /// <summary>Adds a token of the model or an added token; an added token may name one that is there already.</summary>
    public void Add(int id, string name, JsonPart part)
    {
        if (id < 0 || id > _count + MostHoles)
            throw part.Error($"gives {name} the id {id}, out of proportion to the {_count} tokens before it");
        while (_names.Count <= id)
            _names.Add(null);
        if (_names[id] is { } taken && taken != name)
            throw part.Error($"gives the id {id} to {name}, but it belongs to {taken}");
        if (_names[id] is null)
            _count++;
        _names[id] = name;
        Ids.TryAdd(name, id);
    }
}
