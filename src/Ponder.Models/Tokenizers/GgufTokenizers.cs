using System.Text;
using Ponder.Models.Files;
using Ponder.Models.Tokenizers.Models;
using Ponder.Models.Tokenizers.Normalizing;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers;

/// <summary>Builds tokenizers from GGUF vocabularies, one method for each kind of model.</summary>
internal sealed class GgufTokenizers
{
    private readonly GgufVocabulary _file;
    private readonly string[] _names;
    private readonly bool[] _special;

    private GgufTokenizers(GgufVocabulary file)
    {
        _file = file;
        Check("tokens", file.Tokens.Count > 0, "is empty");
        string oneEach = $"does not have one entry for each of the {file.Tokens.Count} tokens";
        Check("scores", file.Scores is null || file.Scores.Count == file.Tokens.Count, oneEach);
        Check("token_type", file.TokenTypes is null || file.TokenTypes.Count == file.Tokens.Count, oneEach);
        _names = [.. file.Tokens];
        _special = [.. Enumerable.Range(0, _names.Length).Select(id => TypeOf(id) is GgufTokenType.Control or GgufTokenType.Unknown)];
    }

    /// <summary>Builds the tokenizer.</summary>
    /// <exception cref="ModelFileException">The vocabulary cannot be used.</exception>
    public static Tokenizer Build(GgufVocabulary file)
    {
        var maker = new GgufTokenizers(file);
        return file.Model switch
        {
            "gpt2" => maker.ByteLevel(),
            "llama" => maker.SentencePiece(),
            "t5" => maker.Unigram(),
            "bert" => maker.WordPiece(),
            _ => throw maker.Error("model", $"is {file.Model}, which is none of gpt2, llama, t5, bert"),
        };
    }

    private PipelineTokenizer ByteLevel()
    {
        var pre = PreTokenizer.Find(_file.Pre ?? "") ?? throw Error("pre",
            (_file.Pre is null ? "is missing; it" : $"is {_file.Pre}, which") + $" must be one of {string.Join(", ", PreTokenizer.Names)}");
        var vocabulary = new Vocabulary(_names, _special,
            (id, name) => TypeOf(id) == GgufTokenType.Normal ? ByteAlphabet.BytesOf(name) : Vocabulary.Utf8(name));
        return Assemble(new TokenizerParts
        {
            Vocabulary = vocabulary,
            Model = new ByteLevelBpe(vocabulary, Merges(vocabulary), pre.WholeWordsFirst, Id("unknown_token_id", _file.Unknown)),
            Special = Special(_file.Classifier, _file.Bos, vocabulary),
            Splitters = pre.Splitters,
            AddedTokens = Added(),
        }, addBos: pre.AddsBos, addEos: false);
    }

    private PipelineTokenizer SentencePiece()
    {
        var vocabulary = PieceVocabulary();
        var options = new CharacterBpeOptions { ByteFallback = true, Unknown = UnknownPiece() };
        var model = new CharacterBpe(vocabulary, ScoredMerges.Build(_names, Scores(), IsPiece), options, IsPiece);
        return Assemble(PieceParts(vocabulary, model), addBos: true, addEos: false);
    }

    private PipelineTokenizer Unigram()
    {
        var vocabulary = PieceVocabulary();
        var scores = Scores();
        var pieces = Enumerable.Range(0, _names.Length).Where(IsPiece).Select(id => (_names[id], scores[id], id));
        int[]? bytes = ByteTokens.Ids(name => vocabulary.IdOf(name) is { } id && TypeOf(id) == GgufTokenType.Byte ? id : null);
        return Assemble(PieceParts(vocabulary, new UnigramModel(pieces, UnknownPiece(), bytes)), addBos: false, addEos: true);
    }

    private PipelineTokenizer WordPiece()
    {
        // Word beginnings carry ▁, other tokens go on; names in brackets and control tokens stand outside of text.
        int unknown = Id("unknown_token_id", _file.Unknown) ?? Array.IndexOf(_names, "[UNK]");
        Check("unknown_token_id", unknown >= 0, "is missing");
        var model = new WordPieceModel(unknown);
        for (int id = 0; id < _names.Length; id++)
        {
            if (TypeOf(id) != GgufTokenType.Normal || _names[id].Length == 0)
                continue;
            if (_names[id] is ['▁', .. { Length: > 0 } beginning])
                model.AddBeginning(beginning, id);
            else
                model.AddContinuation(_names[id], id);
        }
        var vocabulary = new Vocabulary(_names, _special, (_, name) => Vocabulary.Utf8(name is ['▁', .. var beginning]
            ? WordPieceText.AfterSpace(beginning, cleanup: true)
            : name is ['[', .., ']'] ? " " + name : name));
        return Assemble(new TokenizerParts
        {
            Vocabulary = vocabulary,
            Model = model,
            Special = Special(_file.Classifier ?? _file.Bos, _file.Bos, vocabulary),
            Normalizer = new BertNormalizer(cleanText: true, spaceChinese: true, stripAccents: true, lowercase: true),
            Splitters = [new WhiteSpaceSplitter(isolatesPunctuation: true)],
            AddedTokens = Added(),
            LeadingSpaces = 1,
        }, addBos: true, addEos: true);
    }

    private TokenizerParts PieceParts(Vocabulary vocabulary, TokenModel model)
    {
        var steps = new List<Normalizer>();
        if (_file.PrecompiledCharsMap is { Length: > 0 } table)
            steps.Add(CharsMap(table));
        if (_file.RemoveExtraWhitespaces ?? false)
            steps.Add(new ExtraSpaceNormalizer());
        bool prefix = _file.AddSpacePrefix ?? true;
        if (prefix)
            steps.Add(new PrependNormalizer("▁"));
        steps.Add(new ReplaceNormalizer(" ", "▁"));
        return new TokenizerParts
        {
            Vocabulary = vocabulary,
            Model = model,
            Special = Special(_file.Classifier, _file.Bos, vocabulary),
            Normalizer = new SequenceNormalizer([.. steps]),
            AddedTokens = Added(),
            LeadingSpaces = prefix ? 1 : 0,
        };
    }

    private PipelineTokenizer Assemble(TokenizerParts parts, bool addBos, bool addEos)
    {
        bool bert = _file.Model == "bert";
        int? first = bert ? parts.Special.Classifier : parts.Special.Bos;
        int? last = bert ? parts.Special.Separator ?? parts.Special.Eos : parts.Special.Eos;
        addBos = _file.AddBos ?? addBos;
        addEos = bert || (_file.AddEos ?? addEos);
        return new PipelineTokenizer(parts with
        {
            Prefix = addBos && first is { } begin ? [begin] : [],
            Suffix = addEos && last is { } end ? [end] : [],
        });
    }

    private SpecialTokens Special(int? classifier, int? bos, Vocabulary vocabulary)
    {
        int? eos = Id("eos_token_id", _file.Eos);
        return new SpecialTokens
        {
            Bos = Id("bos_token_id", bos),
            Eos = eos,
            Unknown = Id("unknown_token_id", _file.Unknown),
            Separator = Id("seperator_token_id", _file.Separator),
            Classifier = Id("cls_token_id", classifier),
            Padding = Id("padding_token_id", _file.Padding),
            Mask = Id("mask_token_id", _file.Mask),
            EndOfGeneration = GenerationEnds.Collect([eos, Id("eot_token_id", _file.Eot), Id("eom_token_id", _file.Eom)],
                name => vocabulary.IdOf(name) is { } id && TypeOf(id) is GgufTokenType.Control or GgufTokenType.UserDefined ? id : null),
        };
    }

    private List<AddedToken> Added()
    {
        // Phi-3's special tokens swallow the white space after them; its files have no field to say so.
        bool phi3 = _file.ModelName?.Replace("-", "", StringComparison.Ordinal).Contains("phi3", StringComparison.OrdinalIgnoreCase) ?? false;
        bool marked = _file.Model is "llama" or "t5";
        var added = new List<AddedToken>();
        for (int id = 0; id < _names.Length; id++)
        {
            if (TypeOf(id) is GgufTokenType.Control or GgufTokenType.Unknown or GgufTokenType.UserDefined)
            {
                // SentencePiece finds a user's tokens where spaces are ▁ already.
                string content = marked && TypeOf(id) == GgufTokenType.UserDefined ? _names[id].Replace('▁', ' ') : _names[id];
                added.Add(new AddedToken(id, content)
                {
                    IsSpecial = _special[id],
                    StripsRight = phi3 && _names[id] is not ("<unk>" or "<s>" or "<|endoftext|>"),
                });
            }
        }
        return added;
    }

    private MergeTable Merges(Vocabulary vocabulary)
    {
        var lines = _file.Merges ?? throw Error("merges", "is missing");
        var merges = new MergeTable(lines.Count);
        for (int rank = 0; rank < lines.Count; rank++)
        {
            int space = lines[rank].IndexOf(' ', 1 <= lines[rank].Length ? 1 : 0);
            Check("merges", space > 0 && space + 1 < lines[rank].Length, $"holds {lines[rank]} at {rank}, which is not a pair");
            string left = lines[rank][..space], right = lines[rank][(space + 1)..];
            merges.TryAdd(Known(left), Known(right), rank, Known(left + right));

            int Known(string name) => vocabulary.IdOf(name) ?? throw Error("merges", $"names {name} at {rank}, which is not a token");
        }
        return merges;
    }

    private Vocabulary PieceVocabulary() => new(_names, _special, (id, name) => TypeOf(id) switch
    {
        GgufTokenType.Byte when ByteTokens.TryParse(name, out byte value) => [value],
        _ => Encoding.UTF8.GetBytes(name.Replace('▁', ' ')),
    });

    private IReadOnlyList<float> Scores()
    {
        var scores = _file.Scores ?? throw Error("scores", "is missing");
        Check("scores", scores.All(float.IsFinite), "holds a value that is not finite");
        return scores;
    }

    private CharsMapNormalizer CharsMap(byte[] table)
    {
        try
        {
            return new CharsMapNormalizer(table);
        }
        catch (TokenizerException error)
        {
            throw Error("precompiled_charsmap", $"cannot be used: {error.Message}");
        }
    }

    private int? UnknownPiece() => Id("unknown_token_id", _file.Unknown)
        ?? Enumerable.Range(0, _names.Length).Where(id => TypeOf(id) == GgufTokenType.Unknown).Select(id => (int?)id).FirstOrDefault();

    private bool IsPiece(int id) => TypeOf(id) is GgufTokenType.Normal or GgufTokenType.UserDefined;

    private GgufTokenType TypeOf(int id) => _file.TokenTypes is { } types ? (GgufTokenType)types[id] : GgufTokenType.Normal;

    private int? Id(string field, int? id)
    {
        Check(field, id is null || (uint)id < (uint)_names.Length, $"is {id}, but ids run from 0 to {_names.Length - 1}");
        return id;
    }

    private void Check(string field, bool good, string message)
    {
        if (!good)
            throw Error(field, message);
    }

    private ModelFileException Error(string field, string message) => new(_file.Path, $"tokenizer.ggml.{field} {message}");
}
