using System.Diagnostics.Metrics;

namespace Ponder.Replay;

/// <summary>Listens to everything that the engine measures and adds it up, as an exporter does.</summary>
internal sealed class MetricsSink : IDisposable
{
    private readonly MeterListener _listener;
    private readonly Lock _gate = new();

    public MetricsSink()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Ponder.Inference")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Add(value));
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => Add(value));
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Add(value));
        _listener.Start();
    }

    /// <summary>How many came.</summary>
    public long Measurements { get; private set; }

    /// <summary>Their sum, whatever they are.</summary>
    public double Sum { get; private set; }

    public void Dispose() => _listener.Dispose();

    private void Add(double value)
    {
        lock (_gate)
        {
            Measurements++;
            Sum += value;
        }
    }
}
