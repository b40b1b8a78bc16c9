using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Int8;

namespace Ponder.Numerics.Tests.Panels;

public sealed unsafe class Int8RecipeTests
{
    public static TheoryData<string> Kinds => PanelSamples.KindNames;

    private static IEnumerable<InstructionSet> Sets => InstructionSets.Available.Where(set => set is not (InstructionSet.Portable or InstructionSet.Amx));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_instruction_set_gives_the_bits_of_the_portable_twin(string name)
    {
        foreach (var (rows, outputs, k) in new[] { (1, 16, 256), (1, 85, 512), (2, 32, 256), (3, 33, 1024), (7, 40, 256), (8, 5, 512), (13, 48, 256), (40, 50, 768) })
        {
            using var product = new Product(name, new Random(rows), rows, outputs, k);
            float[] expected = product.Multiply(new Int8Portable());
            foreach (var set in Sets)
                product.Multiply(new Int8Recipe(set)).ShouldBe(expected, $"{set} {name}: {rows} rows, {outputs} outputs, K {k}");
        }
    }

    /// <summary>A product of random activations and weights with guards around the results.</summary>
    private sealed class Product : IDisposable
    {
        private readonly PanelLayout _layout;
        private readonly NativeBuffer<byte> _panels;
        private readonly Kernels.Guarded _x;
        private readonly int _rows, _outputs;

        public Product(string name, Random random, int rows, int outputs, int k)
        {
            _layout = new PanelLayout(PanelSamples.KindOf(name), k);
            _panels = PanelSamples.Pack(_layout, PanelSamples.RandomBlocks(random, NumberFormats.FromName(name)!, outputs * k), outputs);
            _x = Kernels.Guarded.Random(random, rows * k);
            (_rows, _outputs) = (rows, outputs);
        }

        public float[] Multiply(PanelRecipe recipe)
        {
            using var prepared = new NativeBuffer<byte>(_rows * recipe.RowBytes(_layout.K));
            recipe.Prepare(_x.Pointer, _rows, _layout.K, prepared.Pointer);
            using var y = new Kernels.Guarded(_rows * _outputs);
            recipe.Multiply(_layout, _panels.Pointer, (_outputs + 15) / 16, prepared.Pointer, _rows, y.Pointer, _outputs, _outputs, null);
            return y.Checked();
        }

        public void Dispose()
        {
            _panels.Dispose();
            _x.Dispose();
        }
    }
}
