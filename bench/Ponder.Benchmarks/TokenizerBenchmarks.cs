using BenchmarkDotNet.Attributes;
using Ponder.Models.Gguf;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Models.Tokenizers;

namespace Ponder.Benchmarks;

/// <summary>Byte-level BPE over a page of text, and back.</summary>
public class TokenizerBenchmarks
{
    private readonly string _text = string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog, 1234 times a day. ", 64));
    private readonly List<int> _ids = [];
    private Tokenizer? _tokenizer;
    private int[] _encoded = [];

    [GlobalSetup]
    public void Setup()
    {
        string path = Path.GetTempFileName();
        RandomModel.Write(path, ModelShape.Find("tiny")! with { Vocabulary = 32_000 }, QuantizationMix.Find("q8_0")!);
        using (var file = GgufFile.Open(path))
            _tokenizer = TokenizerFactory.FromGguf(file);
        File.Delete(path);
        _encoded = _tokenizer.Encode(_text);
    }

    [Benchmark]
    public void Encode()
    {
        _ids.Clear();
        _tokenizer!.Encode(_text, _ids);
    }

    [Benchmark]
    public string Decode() => _tokenizer!.Decode(_encoded);
}
