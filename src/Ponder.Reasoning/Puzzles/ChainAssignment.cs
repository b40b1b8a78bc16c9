using System.Globalization;
using System.Text;

namespace Ponder.Reasoning.Puzzles;

/// <summary>One operand of a chain: a number, or a variable defined before.</summary>
/// <param name="Operator">What joins it to the operand before: <c>+</c>, <c>-</c> or <c>*</c>; <c>+</c> for the first.</param>
/// <param name="Variable">The variable's letter, or null for a number.</param>
/// <param name="Value">The number, or the variable's value.</param>
public readonly record struct ChainOperand(char Operator, char? Variable, long Value);

/// <summary>One assignment of a chain, <c>b=a*3-15</c>, with its value.</summary>
public sealed class ChainAssignment
{
    private readonly ChainOperand[] _operands;

    internal ChainAssignment(char variable, ChainOperand[] operands)
    {
        Variable = variable;
        _operands = operands;
        Value = Evaluate(operands);
    }

    /// <summary>The letter that is assigned.</summary>
    public char Variable { get; }

    /// <summary>The right-hand side, left to right.</summary>
    public IReadOnlyList<ChainOperand> Operands => _operands;

    /// <summary>The value: <c>*</c> binds tighter, otherwise left to right.</summary>
    public long Value { get; }

    /// <summary>The line of a right answer: the assignment with numbers and its value, <c>b=28*3-15=69</c>; <c>a=28</c> for a number alone.</summary>
    public string Line => _operands.Length == 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Variable}={Value}")
        : string.Create(CultureInfo.InvariantCulture, $"{Variable}={Written(withNumbers: true)}={Value}");

    /// <summary>As in the prompt: <c>b=a*3-15</c>.</summary>
    public override string ToString() => $"{Variable}={Written(withNumbers: false)}";

    private string Written(bool withNumbers)
    {
        var text = new StringBuilder();
        foreach (var operand in _operands)
        {
            if (text.Length > 0)
                text.Append(operand.Operator);
            if (operand.Variable is { } variable && !withNumbers)
                text.Append(variable);
            else
                text.Append(CultureInfo.InvariantCulture, $"{operand.Value}");
        }
        return text.ToString();
    }

    private static long Evaluate(ChainOperand[] operands)
    {
        checked
        {
            long sum = 0, product = 0;
            foreach (var operand in operands)
            {
                if (operand.Operator == '*')
                {
                    product *= operand.Value;
                    continue;
                }
                sum += product;
                product = operand.Operator == '-' ? -operand.Value : operand.Value;
            }
            return sum + product;
        }
    }
}
