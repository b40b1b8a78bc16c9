using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>The metadata of a GGUF file: keys with typed values, in the order of the file.</summary>
/// <remarks>
/// The typed lookups widen as follows. Where an integer is wanted, any integer type serves if the value fits; where a floating-point
/// number is wanted, float32 and float64 serve. A boolean is only a boolean, a string only a string. The <c>Get</c> forms want the key to
/// be there; the <c>TryGet</c> forms return false when it is absent. Both refuse a value of the wrong type: a key that is there but wrong
/// is a damaged file, not a missing option.
/// </remarks>
/// <param name="path">The file that errors name.</param>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Metadata is the format's own word.")]
public sealed class GgufMetadata(string path) : IReadOnlyDictionary<string, GgufValue>
{
    /// <summary>The most keys of one file; published models have below 100.</summary>
    internal const int MaxKeys = 65_536;

    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>The file that errors name.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _values.Keys;

    /// <inheritdoc/>
    public IEnumerable<GgufValue> Values => _values.Values;

    /// <summary>The value of a key.</summary>
    /// <exception cref="ModelFileException">There is no such key.</exception>
    public GgufValue this[string key] =>
        _values.TryGetValue(key, out var value) ? value : throw new ModelFileException(Path, $"the metadata key '{key}' is missing");

    /// <summary>Sets a key, for writing; a new key goes last.</summary>
    public void Set(string key, GgufValue value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _values[key] = value;
    }

    /// <summary>Sets a key to a number, a boolean or a string, for writing.</summary>
    /// <exception cref="ArgumentException">GGUF has no such type.</exception>
    public void Set<T>(string key, T value) where T : notnull => Set(key, GgufValue.Of(value));

    /// <summary>Sets a key to an array of numbers, booleans or strings, for writing.</summary>
    /// <exception cref="ArgumentException">GGUF has no such type.</exception>
    public void Set<T>(string key, T[] values) => Set(key, GgufValue.Of(values));

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out GgufValue value) => _values.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, GgufValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A string.</summary>
    /// <exception cref="ModelFileException">The key is missing or of another type.</exception>
    public string GetString(string key) => TryGetString(key, out string? value) ? value : throw Missing(key);

    /// <summary>A string; false when the key is absent.</summary>
    /// <exception cref="ModelFileException">It is of another type.</exception>
    public bool TryGetString(string key, [NotNullWhen(true)] out string? value)
    {
        value = null;
        return _values.TryGetValue(key, out var found) && (found.TryGetString(out value) ? true : throw Wrong(key, found, "a string"));
    }

    /// <summary>A boolean.</summary>
    /// <inheritdoc cref="GetString"/>
    public bool GetBool(string key) => TryGetBool(key, out bool value) ? value : throw Missing(key);

    /// <summary>A boolean; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetBool(string key, out bool value)
    {
        value = false;
        return _values.TryGetValue(key, out var found) && (found.TryGetBool(out value) ? true : throw Wrong(key, found, "a boolean"));
    }

    /// <summary>A floating-point number; a float64 is rounded.</summary>
    /// <inheritdoc cref="GetString"/>
    public float GetSingle(string key) => TryGetSingle(key, out float value) ? value : throw Missing(key);

    /// <summary>A floating-point number; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetSingle(string key, out float value)
    {
        value = 0;
        if (!_values.TryGetValue(key, out var found))
            return false;
        if (!found.TryGetDouble(out double wide) || (double.IsFinite(wide) && Math.Abs(wide) > float.MaxValue))
            throw Wrong(key, found, "a float32");
        value = (float)wide;
        return true;
    }

    /// <summary>An integer that fits <see cref="int"/>.</summary>
    /// <inheritdoc cref="GetString"/>
    public int GetInt32(string key) => GetInteger<int>(key);

    /// <summary>An integer that fits <see cref="uint"/>.</summary>
    /// <inheritdoc cref="GetString"/>
    public uint GetUInt32(string key) => GetInteger<uint>(key);

    /// <summary>An integer that fits <see cref="long"/>.</summary>
    /// <inheritdoc cref="GetString"/>
    public long GetInt64(string key) => GetInteger<long>(key);

    /// <summary>An integer that fits <see cref="ulong"/>.</summary>
    /// <inheritdoc cref="GetString"/>
    public ulong GetUInt64(string key) => GetInteger<ulong>(key);

    /// <summary>An integer that fits <see cref="int"/>; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetInt32(string key, out int value) => TryGetInteger(key, out value);

    /// <summary>An integer that fits <see cref="uint"/>; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetUInt32(string key, out uint value) => TryGetInteger(key, out value);

    /// <summary>An integer that fits <see cref="long"/>; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetInt64(string key, out long value) => TryGetInteger(key, out value);

    /// <summary>An integer that fits <see cref="ulong"/>; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetUInt64(string key, out ulong value) => TryGetInteger(key, out value);

    /// <summary>An array of strings, decoded once and shared: do not write to it.</summary>
    /// <inheritdoc cref="GetString"/>
    public string[] GetStringArray(string key) => Required(key, "an array of strings", array => array.AsStrings());

    /// <summary>An array of strings; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetStringArray(string key, [NotNullWhen(true)] out string[]? values) =>
        TryGetArray(key, "an array of strings", array => array.AsStrings(), out values);

    /// <summary>An array of floating-point numbers, decoded once and shared: do not write to it.</summary>
    /// <inheritdoc cref="GetString"/>
    public float[] GetFloatArray(string key) => Required(key, "an array of floating-point numbers", array => array.AsSingle());

    /// <summary>An array of floating-point numbers; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetFloatArray(string key, [NotNullWhen(true)] out float[]? values) =>
        TryGetArray(key, "an array of floating-point numbers", array => array.AsSingle(), out values);

    /// <summary>An array of integers that fit <see cref="int"/>, decoded once and shared: do not write to it.</summary>
    /// <inheritdoc cref="GetString"/>
    public int[] GetInt32Array(string key) => Required(key, "an array of 32-bit integers", array => array.AsInt32());

    /// <summary>An array of integers that fit <see cref="int"/>; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetInt32Array(string key, [NotNullWhen(true)] out int[]? values) =>
        TryGetArray(key, "an array of 32-bit integers", array => array.AsInt32(), out values);

    /// <summary>An array of booleans, decoded once and shared: do not write to it.</summary>
    /// <inheritdoc cref="GetString"/>
    public bool[] GetBoolArray(string key) => Required(key, "an array of booleans", array => array.AsBool());

    /// <summary>An array of booleans; false when the key is absent.</summary>
    /// <inheritdoc cref="TryGetString"/>
    public bool TryGetBoolArray(string key, [NotNullWhen(true)] out bool[]? values) =>
        TryGetArray(key, "an array of booleans", array => array.AsBool(), out values);

    /// <summary>Adds a key that was read; false when it is there already.</summary>
    internal bool TryAdd(string key, GgufValue value) => _values.TryAdd(key, value);

    private T GetInteger<T>(string key) where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        TryGetInteger(key, out T value) ? value : throw Missing(key);

    private bool TryGetInteger<T>(string key, out T value) where T : IBinaryInteger<T>, IMinMaxValue<T>
    {
        value = T.Zero;
        if (!_values.TryGetValue(key, out var found))
            return false;
        if (!found.TryGetInteger(out Int128 wide) || wide < Int128.CreateChecked(T.MinValue) || wide > Int128.CreateChecked(T.MaxValue))
            throw Wrong(key, found, $"an integer of {T.MinValue} to {T.MaxValue}");
        value = T.CreateChecked(wide);
        return true;
    }

    private T[] Required<T>(string key, string wanted, Func<GgufArray, T[]?> read) =>
        TryGetArray(key, wanted, read, out var values) ? values : throw Missing(key);

    private bool TryGetArray<T>(string key, string wanted, Func<GgufArray, T[]?> read, [NotNullWhen(true)] out T[]? values)
    {
        values = null;
        if (!_values.TryGetValue(key, out var found))
            return false;
        values = found.Array is { } array ? read(array) : null;
        return values is not null ? true : throw Wrong(key, found, wanted);
    }

    private ModelFileException Missing(string key) => new(Path, $"the metadata key '{key}' is missing");

    private ModelFileException Wrong(string key, GgufValue found, string wanted)
    {
        string shown = found.Type switch
        {
            GgufValueType.String => "a string",
            GgufValueType.Array => $"{found.Array}",
            _ => $"{found.Type} {found}",
        };
        return new ModelFileException(Path, $"the metadata key '{key}' is {shown}, but {wanted} is wanted");
    }
}
