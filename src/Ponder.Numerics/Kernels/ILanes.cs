using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// The operations that kernels need from a vector of float32, so that one kernel body serves every width:
/// the JIT compiles it anew for each <typeparamref name="TVec"/> and inlines the calls.
/// </summary>
/// <typeparam name="TVec">The vector: <c>Vector128/256/512&lt;float&gt;</c>.</typeparam>
internal unsafe interface ILanes<TVec> where TVec : struct
{
    /// <summary>Values in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVec Zero { get; }

    static abstract TVec Create(float value);

    static abstract TVec Load(float* source);

    /// <summary>Half a vector of values, each twice: a a b b ...</summary>
    static abstract TVec LoadTwice(float* source);

    static abstract void Store(TVec value, float* target);

    static abstract TVec Add(TVec a, TVec b);

    static abstract TVec Subtract(TVec a, TVec b);

    static abstract TVec Multiply(TVec a, TVec b);

    static abstract TVec Divide(TVec a, TVec b);

    static abstract TVec Max(TVec a, TVec b);

    /// <summary>The larger of each pair, in one instruction: where <paramref name="b"/> is NaN, x86 gives NaN; where <paramref name="a"/> is, anything.</summary>
    static abstract TVec MaxNative(TVec a, TVec b);

    /// <summary>a * b + c, with one rounding where the machine has FMA.</summary>
    static abstract TVec MultiplyAdd(TVec a, TVec b, TVec c);

    static abstract TVec Exp(TVec value);

    /// <summary>
    /// value * 2^n by adding to the exponent bits; value and product must be normal numbers, or value NaN.
    /// </summary>
    /// <param name="value">The factor.</param>
    /// <param name="shifted">n + 1.5 * 2^23, whose low bits hold the integer n.</param>
    static abstract TVec AddToExponent(TVec value, TVec shifted);

    /// <summary>Values 1 0 3 2 ...</summary>
    static abstract TVec SwapPairs(TVec value);

    /// <summary>Values 0, 2, ... with the other sign.</summary>
    static abstract TVec NegateEven(TVec value);

    /// <summary>The sum of all values: halves are added until four are left, then (0 + 1) + (2 + 3), on every machine.</summary>
    static abstract float Sum(TVec value);

    /// <summary>The sums of four vectors, each with the bits of <see cref="Sum"/>, at a quarter of the cost.</summary>
    static abstract Vector128<float> Sum4(TVec a, TVec b, TVec c, TVec d);

    static abstract float MaxOf(TVec value);

    /// <summary><see cref="Count"/> unsigned bytes as float32.</summary>
    static abstract TVec FromBytes(byte* source);

    /// <summary><see cref="Count"/> signed bytes as float32.</summary>
    static abstract TVec FromSBytes(sbyte* source);

    /// <summary>The low four bits of <see cref="Count"/> bytes as float32, 0 to 15.</summary>
    static abstract TVec FromLowNibbles(byte* source);

    /// <summary>The high four bits of <see cref="Count"/> bytes as float32, 0 to 15.</summary>
    static abstract TVec FromHighNibbles(byte* source);

    /// <summary>The low four bits of <see cref="Count"/> bytes, each looked up in a table of 16, as float32.</summary>
    static abstract TVec FromLowNibbles(byte* source, Vector128<sbyte> table);

    /// <summary>The high four bits of <see cref="Count"/> bytes, each looked up in a table of 16, as float32.</summary>
    static abstract TVec FromHighNibbles(byte* source, Vector128<sbyte> table);

    /// <summary>The bits <c>(byte &gt;&gt; shift) &amp; mask</c> of <see cref="Count"/> bytes as float32.</summary>
    static abstract TVec FromBits(byte* source, int shift, int mask);

    /// <summary>Keeps lane i of <paramref name="value"/> where bit i of <paramref name="bits"/> is set; the others become 0.</summary>
    static abstract TVec Keep(TVec value, uint bits);

    /// <summary>Lane i of <paramref name="value"/> where bit i of <paramref name="bits"/> is set, of <paramref name="other"/> elsewhere.</summary>
    static abstract TVec Select(uint bits, TVec value, TVec other);

    /// <summary>Bit i is set where lane i of <paramref name="a"/> is at least that of <paramref name="b"/>; a NaN is not.</summary>
    static abstract uint AtLeast(TVec a, TVec b);

    /// <summary><see cref="Count"/> bfloat16 values as float32.</summary>
    static abstract TVec FromBFloat16(ushort* source);

    /// <summary><see cref="Count"/> IEEE binary16 values as float32.</summary>
    static abstract TVec FromHalf(ushort* source);
}
