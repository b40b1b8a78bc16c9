namespace Ponder.Inference.Sampling.Steps;

/// <summary>A step that changes logits.</summary>
internal interface ILogitStep
{
    /// <summary>The step looks at the tokens before.</summary>
    bool ReadsHistory { get; }

    /// <summary>Changes a row.</summary>
    /// <param name="logits">[vocabulary], without NaN.</param>
    /// <param name="history">All tokens before, oldest first.</param>
    /// <param name="prompt">How many of them are prompt.</param>
    /// <param name="workspace">Buffers.</param>
    void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace);
}
