using Microsoft.Extensions.AI;
using Ponder.Inference.Generation;
using Ponder.Reasoning.Search.Pruning;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// ETS, efficient tree search: before the width is shared as in REBASE, those partial thoughts are given up whose part of it is not worth the KV memory that
/// they hold, unless they say what no other says. Kept is the set with the greatest sum of shares, less lambda-c times the part of all tokens in KV
/// memory that it holds, plus lambda-s times the part of all clusters of last steps that it covers. Hooper et al., arXiv 2502.13575, where every node costs the same;
/// here each costs its tokens.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="lambdaC">
/// The weight of memory, at least 0; the paper has 1. With 2 the tree that is kept between steps is about half of REBASE's on the built-in countdown puzzles, and
/// no less is found.
/// </param>
/// <param name="lambdaS">The weight of coverage, at least 0; the paper has 1.5, 1.4 and 1.45 for the widths 16, 64 and 256.</param>
/// <param name="temperature">Of the softmax over rewards, above 0.</param>
/// <param name="embedder">Says which steps are alike; null for what their tokens say. Not disposed of, and what it computes is not in the ledger.</param>
public sealed class Ets(
    SearchOptions? options = null, double lambdaC = 2, double lambdaS = 1.4, double temperature = 0.2,
    IEmbeddingGenerator<string, Embedding<float>>? embedder = null)
    : SearchStrategy(Row, options)
{
    private const double Alike = 0.05;                          // cosine distance up to which steps are alike

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "ets", "REBASE that gives up what is not worth its KV memory, unless it says something new.", "Hooper et al., arXiv 2502.13575",
        "the tokens of W answers, and their rewards",
        SearchOptions.Rows(
            StrategyOption.Number("lambda-c", 2, "The weight of KV memory.", most: 1000),
            StrategyOption.Number("lambda-s", 1.4, "The weight of steps that no other says.", most: 1000),
            StrategyOption.Number("temperature", 0.2, "Of the softmax over rewards.", 0.001, 100),
            StrategyOption.Text("embedder", "none", "The path of an embedding model that says which steps are alike; none for what their tokens say.")),
        values => new Ets(
            SearchOptions.Of(values), values.Number("lambda-c"), values.Number("lambda-s"), values.Number("temperature"),
            values.Text("embedder") == "none" ? null : SharedEmbedders.Of(values.Text("embedder"))));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var session = search.Session;
        var frontier = await search.ExpandAsync([session.Root], [Options.Width]).ConfigureAwait(false);
        while (search.CanGrow(frontier))
        {
            int left = Options.Width - search.Ended.Count;
            int[] shares = Shares(frontier, left);
            bool[] isKept = await KeepAsync(session, frontier, shares).ConfigureAwait(false);
            Thought[] kept = [.. frontier.Where((_, i) => isKept[i])];
            session.Reject(frontier.Where((_, i) => !isKept[i]));
            frontier = await search.ExpandAsync(kept, Shares(kept, left)).ConfigureAwait(false);
        }
        await search.FinishAsync(frontier).ConfigureAwait(false);
    }

    private int[] Shares(IReadOnlyList<Thought> frontier, int width) => Rebase.Shares([.. frontier.Select(StepSearch.RewardOf)], width, temperature);

    private async Task<bool[]> KeepAsync(SolveSession session, IReadOnlyList<Thought> frontier, int[] shares)
    {
        var tree = KvTree.Of(frontier);
        double all = Math.Max(1, shares.Sum());
        double[] worth = [.. shares.Select(share => share / all)];
        int[] clusterOf = await ClustersAsync(session, [.. frontier.Select(thought => thought.OwnText)]).ConfigureAwait(false);
        int clusters = clusterOf.Max() + 1;
        return new KeptSet(tree, worth, lambdaC / Math.Max(1, tree.Tokens.Sum()), clusterOf, lambdaS / clusters).Find();
    }

    // The same text is the same step: each is embedded once. Where all say the same, one cluster is covered by whatever is kept.
    private async Task<int[]> ClustersAsync(SolveSession session, string[] steps)
    {
        var unique = steps.GroupBy(step => step).Select((group, i) => (Text: group.Key, Count: group.Count(), Place: i)).ToList();
        if (unique.Count == 1)
            return new int[steps.Length];
        string[] texts = [.. unique.Select(step => step.Text.Length == 0 ? " " : step.Text)];
        int[] clusterOf = Clusters.Of(await EmbedAsync(session, texts).ConfigureAwait(false), [.. unique.Select(step => step.Count)], Alike);
        var placeOf = unique.ToDictionary(step => step.Text, step => step.Place);
        return [.. steps.Select(step => clusterOf[placeOf[step]])];
    }

    private async Task<float[][]> EmbedAsync(SolveSession session, string[] texts)
    {
        var counts = new TokenCounts(session.Policy.Tokenizer);
        GeneratedEmbeddings<Embedding<float>> embeddings;
        try
        {
            embeddings = await (embedder ?? counts).GenerateAsync(texts, cancellationToken: session.Stop).ConfigureAwait(false);
        }
        catch (ContextLengthException error)
        {
            session.Note($"Steps were compared by their tokens, because the embedding model cannot read them: {error.Message}");
            embeddings = await counts.GenerateAsync(texts, cancellationToken: session.Stop).ConfigureAwait(false);
        }
        return [.. embeddings.Select(embedding => embedding.Vector.ToArray())];
    }
}
