using System.Collections.Frozen;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>What the names and signs of formulas stand for, in LaTeX and in plain text.</summary>
internal static class MathVocabulary
{
    /// <summary>LaTeX commands that change the looks only; they count as white space.</summary>
    public static readonly FrozenSet<string> Ignored = FrozenSet.ToFrozenSet(
        ["left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "displaystyle", "textstyle", "limits",
         "quad", "qquad", ",", ";", ":", "!", " ", "(", ")", "[", "]", "$", "angle", "triangle", "hspace", "rm", "bf", "it", "nonumber",
         "hline", "boldsymbol", "vec", "hat", "bar", "therefore", "phantom", "smash", "underline", "boxed", "fbox", "ensuremath", "lim"]);

    /// <summary>Commands whose argument is running text, or a symbol in another type.</summary>
    public static readonly FrozenSet<string> Texts = FrozenSet.ToFrozenSet(
        ["text", "mbox", "textbf", "textit", "textrm", "texttt", "textnormal", "mathrm", "mathbf", "mathit", "mathsf", "mathbb", "mathcal",
         "operatorname", "hbox"]);

    /// <summary>Commands with arguments that the parser reads.</summary>
    public static readonly FrozenDictionary<string, string> Commands = Pairs("""
        frac frac  dfrac frac  tfrac frac  cfrac frac  sqrt sqrt  binom binom  dbinom binom  tbinom binom  overline overline
        begin begin  end end  lfloor lfloor  lceil lceil  rfloor rfloor  rceil rceil
        """);

    /// <summary>Commands that are operators or brackets.</summary>
    public static readonly FrozenDictionary<string, string> Marks = Pairs("""
        cdot *  times *  ast *  div /  pm ±  mp ∓  cup ∪  in ∈  le ≤  leq ≤  leqslant ≤  ge ≥  geq ≥  geqslant ≥  lt <  gt >
        ne ≠  neq ≠  approx ≈  equiv =  { set{  } }set  lbrace set{  rbrace }set  langle (  rangle )  lvert |  rvert |  vert |
        mid |  | |  % %  circ °  degree °  \ \\  & &  lbrack [  rbrack ]  colon :  lor ,  land ,
        """);

    /// <summary>Single characters that stand for others.</summary>
    public static readonly FrozenDictionary<char, string> Characters = Pairs("""
        − -  – -  × *  · *  ⋅ *  ÷ /  ± ±  ∓ ∓  ∪ ∪  ∈ ∈  ≤ ≤  ≥ ≥  ≠ ≠  ≈ ≈  ° °  º °  ; ,  ⟨ (  ⟩ )
        """).ToFrozenDictionary(pair => pair.Key[0], pair => pair.Value);

    /// <summary>Functions of one argument, by all their names.</summary>
    public static readonly FrozenDictionary<string, string> Functions = Pairs("""
        sin sin  cos cos  tan tan  cot cot  sec sec  csc csc  arcsin arcsin  arccos arccos  arctan arctan  sinh sinh  cosh cosh
        tanh tanh  ln ln  log log  exp exp  asin arcsin  acos arccos  atan arctan  abs abs  floor floor  ceil ceil
        """);

    /// <summary>Names of constants and Greek letters, in LaTeX and in plain text.</summary>
    public static readonly FrozenDictionary<string, string> Symbols = Pairs("""
        pi π  infty ∞  infinity ∞  inf ∞  alpha α  beta β  gamma γ  delta δ  theta θ  lambda λ  mu μ  phi φ  varphi φ  omega ω
        sigma σ  rho ρ  tau τ  epsilon ε  varepsilon ε  zeta ζ  eta η  kappa κ  nu ν  xi ξ  psi ψ  chi χ  Gamma Γ  Delta Δ
        Theta Θ  Omega Ω  Phi Φ  Sigma Σ  emptyset ∅  varnothing ∅  ell ℓ  imath i
        """);

    /// <summary>Words too short to be told from a product of variables; longer runs of letters are always words.</summary>
    public static readonly FrozenSet<string> ShortWords = FrozenSet.ToFrozenSet(
        ["cm", "mm", "km", "kg", "mg", "ft", "in", "yd", "mi", "lb", "lbs", "oz", "hr", "hrs", "min", "sec", "ml", "mL", "mph", "kph", "per", "sq",
         "day", "yes", "Yes", "no", "No", "odd", "one", "two", "six", "ten", "the", "for", "all", "any", "are", "is", "of", "to", "men", "GB", "MB"]);

    /// <summary>A table written as words: each name before what it stands for.</summary>
    private static FrozenDictionary<string, string> Pairs(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1]);
}
