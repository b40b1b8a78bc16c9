using Ponder.Inference;
using Ponder.Models.Configuration;

namespace Ponder.Reasoning.Rewards;

/// <summary>What the outputs of a token say as a reward.</summary>
internal abstract class RewardHead
{
    /// <summary>Lowest and highest reward.</summary>
    public virtual (double Low, double High) Range => (0, 1);

    /// <summary>The reward that a token's outputs say.</summary>
    public abstract double Read(ReadOnlySpan<float> outputs);

    /// <summary>The reading that fits a model.</summary>
    /// <exception cref="RewardException">The model gives no rewards, or the options do not say which.</exception>
    public static RewardHead Of(Engine engine, HeadRewardOptions options)
    {
        var config = engine.Model.Config;
        string file = engine.Model.Path.Weights;
        switch (config.Head)
        {
            case HeadKind.SequenceScore or HeadKind.TokenClasses when config.Labels == 1:
                return new Score(options.Sigmoid);
            case HeadKind.SequenceScore or HeadKind.TokenClasses:
                return options.GoodClass >= 0 && options.GoodClass < config.Labels
                    ? new Odds(options.GoodClass, [.. Enumerable.Range(0, config.Labels)])
                    : throw new RewardException($"GoodClass is {options.GoodClass}, but the model {file} has the classes 0 to {config.Labels - 1}.");
            case HeadKind.LanguageModel:
                if (options.GoodToken is null || options.BadToken is null)
                    throw new RewardException($"The model {file} is a language model: name the two tokens that stand for good and bad, GoodToken and BadToken.");
                int good = TokenOf(engine, options.GoodToken, nameof(options.GoodToken)), bad = TokenOf(engine, options.BadToken, nameof(options.BadToken));
                return new Odds(good, [good, bad]);
            default:
                throw new RewardException($"The model {file} has a {config.Head} head, which gives no rewards.");
        }
    }

    private static int TokenOf(Engine engine, string name, string option)
    {
        if (engine.Tokenizer.IdOf(name) is int id)
            return id;
        int[] ids = engine.Tokenizer.Encode(name);
        return ids.Length == 1 ? ids[0] : throw new RewardException($"{option} '{name}' is {ids.Length} tokens of the model {engine.Model.Path.Weights}; it must be one.");
    }

    /// <summary>One number.</summary>
    private sealed class Score(bool sigmoid) : RewardHead
    {
        public override (double Low, double High) Range => sigmoid ? (0, 1) : (double.MinValue, double.MaxValue);

        public override double Read(ReadOnlySpan<float> outputs) => sigmoid ? 1 / (1 + Math.Exp(-outputs[0])) : outputs[0];
    }

    /// <summary>The probability of one output among some.</summary>
    private sealed class Odds(int good, int[] all) : RewardHead
    {
        public override double Read(ReadOnlySpan<float> outputs)
        {
            double sum = 0;
            foreach (int output in all)
                sum += Math.Exp((double)outputs[output] - outputs[good]);
            return 1 / sum;
        }
    }
}
