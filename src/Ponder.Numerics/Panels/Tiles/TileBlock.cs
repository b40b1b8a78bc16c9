namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Products of some rows and panels whose sums fit the scratch memory.</summary>
/// <param name="kernels">Of the layout.</param>
/// <param name="panels">The first panel.</param>
/// <param name="outputs">Outputs of all panels, the last of which may be partly padding.</param>
/// <param name="rows">The first prepared row.</param>
/// <param name="count">Rows, 1 to <see cref="TileBlocking.MaxRows"/>.</param>
/// <param name="scratch">Decoded tiles, then sums.</param>
internal readonly unsafe ref struct TileBlock(TileKernels kernels, byte* panels, int outputs, byte* rows, int count, byte* scratch)
{
    private readonly TileKernels _kernels = kernels;
    private readonly byte* _panels = panels, _rows = rows, _tiles = scratch;
    private readonly float* _sums = (float*)(scratch + 2 * TileBlocking.DecodedBytes);
    private readonly int _outputs = outputs, _count = count;

    private int Panels => (_outputs + PanelLayout.Columns - 1) / PanelLayout.Columns;

    /// <summary>Up to two panels and <see cref="TileBlocking.StreamRows"/> rows, in one pass.</summary>
    public void Stream()
    {
        var arguments = new TileArguments { Panel = _panels, Tiles = _tiles, Rows = _rows, Sums = _sums };
        arguments.Configure(_count);
        _kernels.Stream(_count > TileFormat.Rows ? 2 : 1, Panels)(&arguments);
    }

    /// <summary>Block after block of K.</summary>
    public void Multiply()
    {
        var layout = _kernels.Layout;
        bool tiles = layout.Kind == PanelKind.BF16;
        for (int panel = 0; panel < Panels; panel++)
            new Span<byte>(Sums(panel), _count * TileFormat.RowBytes).Clear();
        // The activations of few rows fit a cache over all of K, and tiles that lie in memory need no decoding.
        int block = _count <= TileBlocking.StreamRows ? layout.Groups : TileBlocking.BlockGroups;
        int step = tiles ? block : TileBlocking.DecodedGroups;
        for (int first = 0; first < layout.Groups; first += block)
        {
            int end = Math.Min(layout.Groups, first + block);
            for (int panel = 0; panel < Panels; panel += 2)
            {
                for (int group = first; group < end; group += step)
                    MultiplyGroups(panel, Math.Min(2, Panels - panel), group, Math.Min(step, end - group));
            }
        }
    }

    /// <summary>Stores the results.</summary>
    /// <param name="y">The first output of the first row.</param>
    /// <param name="stride">Values from a row to the next.</param>
    public void Write(float* y, nint stride)
    {
        for (int panel = 0; panel < Panels; panel++)
        {
            int output = panel * PanelLayout.Columns;
            TileSums.Write(Sums(panel), _count, y + output, stride, Math.Min(PanelLayout.Columns, _outputs - output));
        }
    }

    private void MultiplyGroups(int panel, int panels, int group, int groups)
    {
        var layout = _kernels.Layout;
        byte* first = _panels + panel * layout.Bytes;
        var arguments = new TileArguments { FirstGroup = group, Groups = groups };
        if (layout.Kind == PanelKind.BF16)
        {
            arguments.Tiles = first + layout.Q + (nint)group * TileFormat.Bytes;
        }
        else
        {
            for (int p = 0; p < panels; p++)
            {
                arguments.Panel = first + p * layout.Bytes;
                arguments.Tiles = _tiles + p * TileBlocking.DecodedBytes;
                _kernels.Decode(&arguments);
            }
            arguments.Tiles = _tiles;
        }

        const int Pair = 2 * TileFormat.Rows;
        int pairs = _count / Pair, rest = _count % Pair;
        arguments.Rows = _rows + (nint)group * TileFormat.RowBytes;
        arguments.Sums = Sums(panel);
        if (pairs > 0)
        {
            arguments.Repeats = pairs;
            arguments.Configure(Pair);
            _kernels.Product(2, panels)(&arguments);
        }
        if (rest > 0)
        {
            arguments.Repeats = 1;
            arguments.Rows += pairs * Pair * TileFormat.PreparedBytes(layout.K);
            arguments.Sums += pairs * Pair * PanelLayout.Columns;
            arguments.Configure(rest);
            _kernels.Product(rest > TileFormat.Rows ? 2 : 1, panels)(&arguments);
        }
    }

    private float* Sums(int panel) => _sums + panel * (TileBlocking.SumBytes / sizeof(float));
}
