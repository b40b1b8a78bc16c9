namespace Ponder.Inference;

/// <summary>What the adapters for Microsoft.Extensions.AI hand to callers that ask for more than their interface.</summary>
internal static class AdapterServices
{
    /// <summary>The metadata, the engine, or the adapter itself; null for anything else, and for a key, since none has a key.</summary>
    public static object? Find<TMetadata>(Type serviceType, object? serviceKey, TMetadata metadata, Engine engine, object adapter)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(TMetadata) ? metadata
            : serviceType == typeof(Engine) ? engine
            : serviceType.IsInstanceOfType(adapter) ? adapter
            : null;
    }
}
