using Ponder.Numerics.CodeGen;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Decodes some groups of a panel to B tiles that follow each other.</summary>
internal sealed record TileDecodeKernel(PanelLayout Layout) : IKernelSpec
{
    /// <inheritdoc/>
    public string Name => $"amx-decode-{Layout.Kind.Name}-{Layout.K}";

    /// <inheritdoc/>
    public byte[] Generate(CallingConvention convention)
    {
        var kernel = new KernelAssembler(convention);
        var c = kernel.Code;
        var decoding = new TileDecoding(c, Layout);
        kernel.Begin(frame: 64);
        decoding.Constants();
        c.mov(TileCode.Panel, TileCode.Argument(nameof(TileArguments.Panel)));
        c.mov(TileCode.Decoded, TileCode.Argument(nameof(TileArguments.Tiles)));
        c.mov(TileCode.Group, TileCode.Argument(nameof(TileArguments.FirstGroup)));
        c.mov(r13, TileCode.Argument(nameof(TileArguments.Groups)));
        var next = c.CreateLabel();
        c.Label(ref next);
        decoding.Group(0, 0);
        c.inc(TileCode.Group);
        c.add(TileCode.Decoded, TileFormat.Bytes);
        c.dec(r13);
        c.jne(next);
        kernel.End();
        return kernel.Assemble();
    }
}
