namespace Ponder.Inference.Sampling;

/// <summary>What a branch carries from draw to draw; a fork copies it.</summary>
/// <param name="MirostatBound">Mirostat's bound on a token's surprise, in bits.</param>
internal record struct SamplerState(double MirostatBound);
