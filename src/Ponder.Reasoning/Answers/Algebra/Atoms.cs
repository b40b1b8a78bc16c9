using System.Globalization;
using System.Numerics;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>The names of atoms.</summary>
internal static class Atoms
{
    public const string ImaginaryUnit = "i";
    public const string Pi = "π";
    public const string E = "e";
    public const string Infinity = "∞";

    private const char PrimeMark = '#';
    private const char OpaqueMark = '@';

    public static string OfPrime(BigInteger prime) => PrimeMark + prime.ToString(CultureInfo.InvariantCulture);

    public static bool IsPrime(string atom) => atom[0] == PrimeMark;

    public static BigInteger Prime(string atom) => BigInteger.Parse(atom.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>An atom that algebra does not see into.</summary>
    public static string Opaque(string name) => OpaqueMark + name;

    public static bool IsOpaque(string atom) => atom[0] == OpaqueMark;

    /// <summary>Whether it stands for a number that may be any.</summary>
    public static bool IsVariable(string atom) => !IsPrime(atom) && !IsOpaque(atom) && atom is not (ImaginaryUnit or Pi or E or Infinity);
}
