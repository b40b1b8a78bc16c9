using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Runs a tile kernel.</summary>
internal unsafe delegate void TileKernel(TileArguments* arguments);

/// <summary>The kernels of a layout, each made on first use.</summary>
internal sealed class TileKernels
{
    private readonly Lazy<TileKernel> _decode;
    private readonly Lazy<TileKernel>[] _stream, _product;

    /// <param name="layout">Of the panels.</param>
    /// <param name="make">Makes a kernel.</param>
    public TileKernels(PanelLayout layout, Func<IKernelSpec, TileKernel> make)
    {
        Layout = layout;
        bool tiles = layout.Kind == PanelKind.BF16;
        _decode = new(() => make(new TileDecodeKernel(layout)));
        _stream = ForShapes(shape => new TileStreamKernel(layout, shape));
        _product = ForShapes(shape => new TileProductKernel(layout.K, tiles ? layout.Bytes : TileBlocking.DecodedBytes, shape, tiles));

        Lazy<TileKernel>[] ForShapes(Func<TileShape, IKernelSpec> spec) =>
            [.. Enumerable.Range(0, 4).Select(i => new Lazy<TileKernel>(() => make(spec(new TileShape(1 + i / 2, 1 + i % 2)))))];
    }

    /// <summary>The layout.</summary>
    public PanelLayout Layout { get; }

    /// <summary>Decodes groups of a panel.</summary>
    public TileKernel Decode => _decode.Value;

    /// <summary>Decodes and multiplies in one pass.</summary>
    public TileKernel Stream(int rowTiles, int panels) => _stream[2 * (rowTiles - 1) + panels - 1].Value;

    /// <summary>Multiplies tiles.</summary>
    public TileKernel Product(int rowTiles, int panels) => _product[2 * (rowTiles - 1) + panels - 1].Value;
}
