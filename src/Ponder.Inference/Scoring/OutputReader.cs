namespace Ponder.Inference.Scoring;

/// <summary>Receives the outputs of a token.</summary>
/// <param name="index">The token's number in its text.</param>
/// <param name="outputs">[outputs]; valid during the call.</param>
public delegate void OutputReader(int index, ReadOnlySpan<float> outputs);
