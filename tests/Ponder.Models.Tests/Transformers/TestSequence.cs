using Ponder.Models.Transformers;
using Ponder.Numerics.Memory;

namespace Ponder.Models.Tests.Transformers;

/// <summary>A sequence with pages of its own, for tests of the forward pass alone.</summary>
internal sealed unsafe class TestSequence(KvLayout layout) : IDisposable
{
    private readonly List<NativeBuffer<byte>> _memory = [];

    public PageTable Pages { get; } = new(layout.Groups.Count);

    public int Length { get; private set; }

    public void AddTo(Batch batch, ReadOnlySpan<int> tokens, OutputRows outputs, bool longRope = false)
    {
        while (Pages.Count < KvLayout.PagesFor(Length + tokens.Length))
        {
            Pages.Add(0);
            for (int group = 0; group < Pages.Groups; group++)
            {
                _memory.Add(new NativeBuffer<byte>(layout.Groups[group].BytesPerPage));
                Pages[group, Pages.Count - 1] = (nint)_memory[^1].Pointer;
            }
        }
        batch.Add(tokens, Length, Pages, longRope, outputs);
        Length += tokens.Length;
    }

    public void Dispose()
    {
        Pages.Dispose();
        _memory.ForEach(page => page.Dispose());
    }
}
