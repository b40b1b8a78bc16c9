using System.Numerics;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Verifiers;

/// <summary>
/// Checks Countdown and the Game of 24 written as one expression: every number exactly once, <c>+ - * /</c> and parentheses, and the target as
/// the exact value. The expression stands on the last line that begins with <c>Answer:</c>, or else on the last line; <c>= 24</c> may follow it.
/// </summary>
public sealed class ArithmeticVerifier : IVerifier
{
    private readonly BigInteger[] _numbers;
    private readonly int _target;

    /// <summary>Creates the verifier.</summary>
    /// <param name="numbers">At least one, not negative; in any order.</param>
    /// <param name="target">What they must come to.</param>
    public ArithmeticVerifier(IEnumerable<int> numbers, int target)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        _numbers = [.. numbers.Select(number => (BigInteger)number).Order()];
        if (_numbers.Length == 0 || _numbers[0] < 0)
            throw new VerifierException("An arithmetic puzzle needs numbers, and none below zero.");
        _target = target;
    }

    /// <inheritdoc/>
    public string Name => "arithmetic";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <inheritdoc/>
    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Task.FromResult(Check(text));
    }

    private Verdict Check(string text)
    {
        if (ExpressionAnswers.Find(text) is not { } found)
            return new Verdict(false, null, "there is no expression in it");
        Expression expression;
        try
        {
            expression = Expression.Parse(found.Expression);
        }
        catch (PuzzleException error)
        {
            return new Verdict(false, null, error.Message);
        }
        string shown = expression.ToString();
        if (!expression.Numbers.Order().SequenceEqual(_numbers))
            return new Verdict(false, shown, $"it uses {List(expression.Numbers)} where each of {List(_numbers)} is to be used once");
        if (expression.Evaluate() is not { } value)
            return new Verdict(false, shown, "it divides by zero");
        if (value != _target)
            return new Verdict(false, shown, $"its value is {value}, not {_target}");
        return found.Claim is null || IsTarget(found.Claim)
            ? new Verdict(true, shown)
            : new Verdict(false, shown, $"it is said to be {PuzzleException.Quote(found.Claim)}, not {_target}");
    }

    private bool IsTarget(string claim)
    {
        try
        {
            return Expression.Parse(claim) is NumberExpression or NegationExpression && Expression.Parse(claim).Evaluate() == (Rational)_target;
        }
        catch (PuzzleException)
        {
            return false;
        }
    }

    private static string List(IEnumerable<BigInteger> numbers) => string.Join(", ", numbers.Order());
}
