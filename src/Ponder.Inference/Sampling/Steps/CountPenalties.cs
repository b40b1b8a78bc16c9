namespace Ponder.Inference.Sampling.Steps;

/// <summary>
/// Frequency and presence penalty as the OpenAI API defines them: what a token loses grows with how often it was sampled, and that it was. The prompt
/// was not sampled.
/// </summary>
internal sealed class CountPenalties(float frequency, float presence, int window) : ILogitStep
{
    public bool ReadsHistory => true;

    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace)
    {
        var counts = workspace.Counts(logits.Length);
        foreach (int id in History.Last(history[Math.Min(prompt, history.Length)..], window))
            counts.Add(id);
        foreach (int id in counts.Ids)
            logits[id] -= counts[id] * frequency + presence;
    }
}
