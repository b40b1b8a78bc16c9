namespace Ponder.Inference.Kv;

internal sealed class KvMeter { public int Tokens, Peak; public double Average; public void Sample() { } }
