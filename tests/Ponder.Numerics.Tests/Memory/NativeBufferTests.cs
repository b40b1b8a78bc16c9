using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Memory;

public sealed unsafe class NativeBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(4096)]
    [InlineData(100_003)]
    public void Memory_is_aligned_and_zeroed_even_when_it_was_used_before(int length)
    {
        for (int i = 0; i < 20; i++)
        {
            using var buffer = new NativeBuffer<float>(length);
            ((nint)buffer.Pointer % NativeBuffer<float>.Alignment).ShouldBe(0);
            buffer.Length.ShouldBe(length);
            buffer.Span.Length.ShouldBe(length);
            buffer.Span.ContainsAnyExcept(0f).ShouldBeFalse();
            buffer.Span.Fill(float.NaN);
        }
    }

    [Fact]
    public void A_disposed_buffer_says_so_and_may_be_disposed_again()
    {
        var buffer = new NativeBuffer<byte>(8);
        buffer.Dispose();
        buffer.Dispose();
        Should.Throw<ObjectDisposedException>(() => { _ = buffer.Pointer; });
        Should.Throw<ObjectDisposedException>(() => { _ = buffer.Span.Length; });
    }

    [Theory]
    [InlineData(1L << 50)]
    [InlineData(long.MaxValue / 8 - 7)]
    [InlineData((1L << 61) - 1)]
    [InlineData(long.MaxValue)]
    public void A_length_beyond_all_memory_is_one_clear_error(long length) =>
        Should.Throw<PonderException>(() => new NativeBuffer<long>(length)).Message.ShouldContain("memory");

    [Fact]
    public void A_negative_length_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => new NativeBuffer<long>(-1));
}
