using Ponder.Models.Files.Json;
using Ponder.Models.Tokenizers.Models;

namespace Ponder.Models.Tokenizers.Json;

/// <summary>Reads <c>model</c>: the vocabulary first, the rest when all tokens are known.</summary>
internal static class JsonModels
{
    /// <summary>Reads <c>model.vocab</c>.</summary>
    public static TokenTable ReadVocabulary(JsonPart model)
    {
        var table = new TokenTable();
        var vocab = model["vocab"];
        if (vocab.IsArray)                                  // Unigram: [["▁a", -3.2], …], ids by position
        {
            foreach (var item in vocab.Items())
                table.Add(table.Size, Piece(item).Name, vocab);
            return table;
        }
        foreach (var (name, id) in vocab.Fields().Select(field => (field.Name, Id: field.Value.Int())).OrderBy(token => token.Id))
            table.Add(id, name, vocab);
        return table;
    }

    /// <summary>Builds the model.</summary>
    public static TokenModel Read(JsonPart part, TokenTable table, Vocabulary vocabulary, bool byteLevel)
    {
        // Old files leave the type out; only BPE has merges.
        string type = part["type"].StringOrNull() ?? (part["merges"].IsNull ? "WordPiece" : "BPE");
        if (byteLevel && type != "BPE")
            throw part.Error($"is {type}, which does not work on bytes, but pre_tokenizer asks for ByteLevel");
        return type switch
        {
            "BPE" => Bpe(part, table, vocabulary, byteLevel),
            "WordPiece" => WordPiece(part, table, vocabulary),
            "Unigram" => Unigram(part, table, vocabulary),
            _ => throw part.Error($"has the type {type}, which is none of BPE, WordPiece, Unigram"),
        };
    }

    private static TokenModel Bpe(JsonPart part, TokenTable table, Vocabulary vocabulary, bool byteLevel)
    {
        RefuseText(part["continuing_subword_prefix"]);
        RefuseText(part["end_of_word_suffix"]);
        if (part["dropout"].FloatOrNull() is not (null or 0))
            throw part["dropout"].Error("is not 0: its tokens would be random");
        int? unknown = Unknown(part["unk_token"], table);
        bool whole = part["ignore_merges"].Bool(false);
        var merges = Merges(part["merges"], table);
        if (byteLevel)
            return new ByteLevelBpe(vocabulary, merges, whole, unknown);
        return new CharacterBpe(vocabulary, merges, new CharacterBpeOptions
        {
            WholeWordsFirst = whole,
            ByteFallback = part["byte_fallback"].Bool(false),
            Unknown = unknown,
            FuseUnknown = part["fuse_unk"].Bool(false),
        }, id => !vocabulary.IsSpecial(id));
    }

    private static MergeTable Merges(JsonPart part, TokenTable table)
    {
        var merges = new MergeTable(part.Count);
        int rank = 0;
        foreach (var item in part.Items())
        {
            string[] pair = item.IsArray ? [.. item.Items().Select(name => name.String())] : item.String().Split(' ');
            if (pair is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw item.Error($"holds a pair, number {rank}, that is not two tokens");
            merges.TryAdd(Known(left), Known(right), rank, Known(left + right));
            rank++;

            int Known(string name) => table.Ids.TryGetValue(name, out int id)
                ? id
                : throw item.Error($"names {name} in number {rank}, which is not in the vocabulary");
        }
        return merges;
    }

    private static WordPieceModel WordPiece(JsonPart part, TokenTable table, Vocabulary vocabulary)
    {
        string prefix = part["continuing_subword_prefix"].StringOrNull() ?? "##";
        int longest = part["max_input_chars_per_word"].IntOrNull() ?? WordPieceModel.LongestWord;
        int unknown = Unknown(part["unk_token"], table) ?? throw part["unk_token"].Error("is missing");
        var model = new WordPieceModel(unknown, longest);
        foreach (var (name, id) in table.Ids)
        {
            if (!vocabulary.IsSpecial(id))
                model.Add(name, id, prefix);
        }
        return model;
    }

    private static UnigramModel Unigram(JsonPart part, TokenTable table, Vocabulary vocabulary)
    {
        var pieces = part["vocab"].Items().Select(Piece).ToArray();
        var id = part["unk_id"];
        if (!id.IsNull && (uint)id.Int() >= (uint)pieces.Length)
            throw id.Error($"is {id.Int()}, which is not the id of a token");
        bool fallback = part["byte_fallback"].Bool(false);
        int[]? bytes = fallback ? ByteTokens.Ids(name => table.Ids.TryGetValue(name, out int id) ? id : null) : null;
        if (fallback && bytes is null)
            throw part["byte_fallback"].Error("is true, but the vocabulary lacks some of <0x00> to <0xFF>");
        var text = pieces.Select((piece, index) => (piece.Name, piece.Score, Id: index)).Where(piece => !vocabulary.IsSpecial(piece.Id));
        return new UnigramModel(text, id.IntOrNull(), bytes);
    }

    private static (string Name, float Score) Piece(JsonPart item)
    {
        if (item.Items().ToArray() is not [var name, var score])
            throw item.Wrong("a pair of a name and a score");
        return (name.String(), score.Float());
    }

    private static int? Unknown(JsonPart part, TokenTable table)
    {
        if (part.IsNull)
            return null;
        return table.Ids.TryGetValue(part.String(), out int id) ? id : throw part.Error($"is {part.String()}, which is not in the vocabulary");
    }

    private static void RefuseText(JsonPart part)
    {
        if (!part.IsNull && part.String().Length > 0)
            throw part.Error($"is {part.String()}; marks inside BPE tokens are not supported");
    }
}
