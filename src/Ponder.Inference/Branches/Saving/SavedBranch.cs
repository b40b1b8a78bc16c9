using Ponder.Inference.Scheduling;
using Ponder.Models.Configuration;

namespace Ponder.Inference.Branches.Saving;

/// <summary>A branch without its engine and its keys and values: what goes into the header of a file.</summary>
/// <param name="Key">Its name in the draws.</param>
/// <param name="Forks">How many forks it had, which names the next one.</param>
/// <param name="Prompt">Given tokens before the first that was drawn.</param>
/// <param name="Computed">Tokens that were computed once already.</param>
/// <param name="KvLength">Positions whose keys and values are saved.</param>
/// <param name="Priority">Of its request.</param>
/// <param name="LongRope">Rotated by LongRoPE's long factors.</param>
/// <param name="Tokens">All tokens.</param>
/// <param name="Outputs">Of the last token; empty if they are not known.</param>
internal sealed record SavedBranch(
    ulong Key, int Forks, int Prompt, int Computed, int KvLength, int Priority, bool LongRope, TokenTrace[] Tokens,
    float[] Outputs)
{
    /// <summary>Takes down an idle branch, between two steps.</summary>
    /// <param name="branch">The branch, which stays as it is.</param>
    /// <param name="loop">The branch's.</param>
    /// <param name="pages">Receives the keys and values; nothing if there are none.</param>
    public static SavedBranch Of(Branch branch, EngineLoop loop, Stream pages)
    {
        branch.DemandIdle(loop);
        var owner = branch;                                     // of the keys and values: the branch, or what its beginning is computed for
        while (owner.Kv is null && owner.Stem is { } stem)
            owner = stem.Trunk;
        int length = branch.MustBeWhole ? 0 : owner.Kv?.Length ?? 0;
        if (length > 0)
            owner.Kv!.Write(pages);
        float[]? outputs = branch.Outputs ?? (owner.Length == branch.Length ? owner.Outputs : null);
        return new SavedBranch(
            branch.Key, branch.Forks, branch.Prompt, Math.Max(branch.Computed, length), length, branch.Group.Priority, branch.LongRope,
            branch.Path.ToArray(), outputs ?? []);
    }

    /// <summary>The branch in an engine like the one that it was saved in.</summary>
    public Branch Restore(EngineLoop loop, RequestGroup group)
    {
        var path = new TokenPath();
        path.Reserve(Tokens.Length);
        foreach (var token in Tokens)
            path.Add(token);
        return new Branch(loop, group, path, Key, LongRope)
        {
            Forks = Forks,
            Prompt = Prompt,
            Computed = Computed,
            Outputs = Outputs.Length > 0 ? Outputs : null,
        };
    }

    /// <summary>Writes all fields, in little-endian order.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Key);
        writer.Write(Forks);
        writer.Write(Prompt);
        writer.Write(Computed);
        writer.Write(KvLength);
        writer.Write(Priority);
        writer.Write(LongRope);
        writer.Write(Tokens.Length);
        foreach (var token in Tokens)
        {
            writer.Write(token.Id);
            writer.Write(token.IsGenerated);
            writer.Write(token.LogProbability);
            writer.Write(token.SampledLogProbability);
            writer.Write(token.Entropy);
            writer.Write(token.SelfCertainty);
            writer.Write(token.Confidence);
            writer.Write(token.SamplerBound);
        }
        writer.Write(Outputs.Length);
        foreach (float output in Outputs)
            writer.Write(output);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and nothing that a branch of this model could not be.</summary>
    /// <param name="reader">Stands at the first field; then behind the last.</param>
    /// <param name="version">The format's, of which the first had no confidence of tokens.</param>
    /// <param name="model">What the branch must fit.</param>
    /// <exception cref="InvalidDataException">A field cannot be; the message names it.</exception>
    /// <exception cref="EndOfStreamException">The fields end too early.</exception>
    public static SavedBranch Read(BinaryReader reader, int version, ModelConfig model)
    {
        bool hasConfidence = version > 1;
        ulong key = reader.ReadUInt64();
        int forks = Within(reader.ReadInt32(), 0, int.MaxValue, "number of forks");
        int prompt = reader.ReadInt32(), computed = reader.ReadInt32(), kvLength = reader.ReadInt32(), priority = reader.ReadInt32();
        bool longRope = Within(reader.ReadByte(), 0, model.UsesLongRope(model.Context) ? 1 : 0, "choice of LongRoPE factors") == 1;
        var tokens = new TokenTrace[Within(reader.ReadInt32(), 1, model.Context, "number of tokens")];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = new TokenTrace(
                Within(reader.ReadInt32(), 0, model.Vocabulary - 1, "token"), Within(reader.ReadByte(), 0, 1, "origin of a token") == 1,
                reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle())
            {
                SelfCertainty = hasConfidence ? reader.ReadSingle() : float.NaN,
                Confidence = hasConfidence ? reader.ReadSingle() : float.NaN,
                SamplerBound = reader.ReadDouble(),
            };
            if (double.IsInfinity(tokens[i].SamplerBound))
                throw new InvalidDataException("its sampler state is infinite");
        }
        int outputs = reader.ReadInt32();
        var values = new float[outputs == 0 ? 0 : Within(outputs, model.Outputs, model.Outputs, "number of outputs")];
        for (int i = 0; i < values.Length; i++)
            values[i] = reader.ReadSingle();
        return new SavedBranch(
            key, forks, Within(prompt, 0, tokens.Length, "prompt length"), Within(computed, 0, tokens.Length, "number of computed tokens"),
            Within(kvLength, 0, computed, "number of saved positions"), priority, longRope, tokens,
            values);
    }

    private static int Within(int value, int least, int most, string name) =>
        value >= least && value <= most ? value : throw new InvalidDataException($"its {name} is {value}, outside {least} to {most}");
}
