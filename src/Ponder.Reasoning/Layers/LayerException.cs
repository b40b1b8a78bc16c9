using Ponder.Numerics;

namespace Ponder.Reasoning.Layers;

/// <summary>A plan of layers that cannot be read or run: one sentence that names the file, the layer and the part that is wrong.</summary>
public sealed class LayerException : PonderException
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">One sentence.</param>
    public LayerException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and what it comes from.</summary>
    /// <param name="message">One sentence.</param>
    /// <param name="inner">What caused it.</param>
    public LayerException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
