using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Kernels;

/// <summary>A kernel: a struct of arguments with one vector body for all widths and, beside it, the scalar reference.</summary>
internal interface IVectorKernel
{
    /// <summary>The vector body.</summary>
    void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct;

    /// <summary>The same with plain scalar code, as close to the mathematics as it gets.</summary>
    void Scalar();
}

/// <summary>The table from vector width to kernel body.</summary>
internal static class VectorDispatch
{
    public static void Run<TKernel>(VectorWidth width, TKernel kernel) where TKernel : struct, IVectorKernel
    {
        switch (width)
        {
            case VectorWidth.V512: kernel.Vector<Lanes512, Vector512<float>>(); break;
            case VectorWidth.V256: kernel.Vector<Lanes256, Vector256<float>>(); break;
            case VectorWidth.V128: kernel.Vector<Lanes128, Vector128<float>>(); break;
            default: kernel.Scalar(); break;
        }
    }

    /// <summary>The widest vectors, at most <paramref name="width"/>, of which whole ones fit <paramref name="columns"/> values.</summary>
    public static VectorWidth Fit(VectorWidth width, int columns)
    {
        while (width > VectorWidth.V128 && columns % ((int)width / 32) != 0)
            width = (VectorWidth)((int)width / 2);
        return width;
    }
}
