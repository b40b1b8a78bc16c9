namespace Ponder.Inference.Sampling.Steps;

/// <summary>Makes every token of prompt and answer less likely, once (Keskar et al., arXiv 1909.05858).</summary>
internal sealed class RepetitionPenalty(float penalty, int window) : ILogitStep
{
    public bool ReadsHistory => true;

    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace)
    {
        var counts = workspace.Counts(logits.Length);
        foreach (int id in History.Last(history, window))
            counts.Add(id);
        foreach (int id in counts.Ids)
            logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
    }
}
