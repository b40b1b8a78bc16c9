namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>The pre-tokenizers that GGUF files name in <c>tokenizer.ggml.pre</c>.</summary>
/// <param name="Splitters">The stages.</param>
/// <param name="WholeWordsFirst">Pieces that are tokens are taken whole.</param>
/// <param name="AddsBos">Begins texts with BOS when the file does not say.</param>
internal sealed record PreTokenizer(Splitter[] Splitters, bool WholeWordsFirst = false, bool AddsBos = false)
{
    // Letters with case, as Unicode 11 had them.
    private const string DeepseekLetters = @"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗ"
        + "ὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿ"
        + "ﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+";
    private const string DeepseekSigns = @"\s?[!-/:-~！-／：-～‘-‟　-。]+";
    private const string DeepseekIdeographs = "[一-龥ࠀ-一가-\uD7FF]+";

    private static readonly Dictionary<string, Func<PreTokenizer>> Known = new()
    {
        ["gpt-2"] = Gpt2,
        ["gpt2"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["mpt"] = Gpt2,
        ["olmo"] = Gpt2,
        ["jais"] = Gpt2,
        ["llama-bpe"] = Llama3,
        ["llama3"] = Llama3,
        ["llama-v3"] = Llama3,
        ["dbrx"] = SpelledLlama3,
        ["smaug-bpe"] = SpelledLlama3,
        ["qwen2"] = Qwen2,
        ["stablelm2"] = Qwen2,
        ["deepseek-r1-qwen"] = Qwen2,
        ["megrez"] = Qwen2,
        ["smollm"] = DigitsAndGpt2,
        ["starcoder"] = DigitsAndGpt2,
        ["refact"] = DigitsAndGpt2,
        ["command-r"] = DigitsAndGpt2,
        ["codeshell"] = DigitsAndGpt2,
        ["deepseek-llm"] = () => Runs("[\r\n]", DeepseekLetters, DeepseekSigns, @"\s+$", DeepseekIdeographs, @"\p{N}"),
        ["deepseek-coder"] = () => Runs("[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepseekIdeographs, @"\p{N}"),
    };

    /// <summary>The names that <see cref="Find"/> knows.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The pre-tokenizer of a name, or null.</summary>
    public static PreTokenizer? Find(string name) => Known.TryGetValue(name, out var make) ? make() : null;

    private static PreTokenizer Gpt2() => new([new Gpt2Splitter()]);

    private static PreTokenizer Llama3() => new([new Llama3Splitter(maxDigits: 3)], WholeWordsFirst: true, AddsBos: true);

    private static PreTokenizer SpelledLlama3() => new([new Llama3Splitter(maxDigits: 3, foldsLongS: false)]);

    private static PreTokenizer Qwen2() => new([new Llama3Splitter(maxDigits: 1)]);

    private static PreTokenizer DigitsAndGpt2() => new([.. Runs(@"\p{N}").Splitters, new Gpt2Splitter()]);

    private static PreTokenizer Runs(params string[] patterns) =>
        new([.. patterns.Select(pattern => new BehaviorSplitter(RunMatcher.TryParse(pattern)!, SplitBehavior.Isolated))]);
}
