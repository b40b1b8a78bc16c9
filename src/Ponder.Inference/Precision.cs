namespace Ponder.Inference;

/// <summary>What products with quantized weights are computed in. Weights that are not quantized are always multiplied in float32.</summary>
public enum Precision
{
    /// <summary>Activations are rounded to what the machine multiplies fastest: int8 with a scale for every 32 values, or bfloat16.</summary>
    Fast,

    /// <summary>Weights are decoded to float32 and multiplied with float32 activations.</summary>
    Exact,
}
