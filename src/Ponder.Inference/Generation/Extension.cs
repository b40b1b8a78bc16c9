using System.Runtime.CompilerServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Generation;

/// <summary>Extends branches and puts what was drawn together.</summary>
internal static class Extension
{
    /// <summary>Extends branches, all from the same step on.</summary>
    public static Task<Completion>[] RunAsync(EngineLoop loop, IReadOnlyList<BranchExtension> extensions, CancellationToken stop)
    {
        loop.Checks.DemandLanguageModel("generate text");
        foreach (var options in extensions.Select(extension => extension.Options).Distinct(ReferenceEqualityComparer.Instance).Cast<GenerationOptions>())
            loop.Checks.DemandOptions(options);
        if (stop.IsCancellationRequested)
            return [.. extensions.Select(_ => Task.FromCanceled<Completion>(stop))];
        var chains = new Dictionary<SamplingOptions, SamplerChain>(ReferenceEqualityComparer.Instance);
        var jobs = new GenerationJob[extensions.Count];
        var builders = new CompletionBuilder[extensions.Count];
        lock (loop.Gate)
        {
            for (int i = 0; i < jobs.Length; i++)
            {
                var (branch, options) = extensions[i];
                if (!chains.TryGetValue(options.Sampling, out var chain))
                    chains.Add(options.Sampling, chain = SamplerChain.Create(options.Sampling, loop.Tokenizer, loop.Config.Outputs));
                builders[i] = new CompletionBuilder();
                jobs[i] = new GenerationJob(loop, branch, options, chain) { OnToken = builders[i].Add, Ask = extensions[i].OnToken };
            }
            loop.Submit(jobs, stop);
        }
        return [.. jobs.Select((job, i) => Result(job, builders[i]))];

        static async Task<Completion> Result(Job job, CompletionBuilder builder)
        {
            await job.Ended.ConfigureAwait(false);
            return builder.Build();
        }
    }

    /// <summary>Extends a branch, token by token as its reader takes them.</summary>
    /// <param name="loop">The branch's.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="ownsBranch">Drops the branch at the end, also when the reader lags.</param>
    /// <param name="stop">Stops within one step.</param>
    public static async IAsyncEnumerable<GeneratedToken> StreamAsync(
        EngineLoop loop, Branch branch, GenerationOptions options, bool ownsBranch, [EnumeratorCancellation] CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var stream = new TokenStream(loop.StreamTokens, loop.Wake);
        var chain = SamplerChain.Create(options.Sampling, loop.Tokenizer, loop.Config.Outputs);
        var job = new GenerationJob(loop, branch, options, chain) { Stream = stream, OwnsBranch = ownsBranch };
        loop.Submit([job], stop);
        try
        {
            await foreach (var token in stream.ReadAsync().ConfigureAwait(false))
            {
                stop.ThrowIfCancellationRequested();            // what lies unread is no longer wanted
                yield return token;
            }
            await job.Ended.ConfigureAwait(false);              // cancelled work throws here
        }
        finally
        {
            loop.Cancel(job);
            await Task.WhenAny(job.Ended).ConfigureAwait(false);        // what it held is free when the caller goes on
        }
    }
}
