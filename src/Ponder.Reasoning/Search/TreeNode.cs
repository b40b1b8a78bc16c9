using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search;

/// <summary>A partial thought in a tree search, with what came back from it. The same step drawn several times is one node.</summary>
/// <param name="thought">The thought; of several with one text the first.</param>
/// <param name="parent">The node that it is a step behind; null for the root.</param>
/// <param name="guess">What is expected of it before anything came back.</param>
internal sealed class TreeNode(Thought thought, TreeNode? parent, double guess)
{
    private readonly List<TreeNode> _children = [];
    private double _sum;
    private int _openChildren;
    private int _draws;
    private int _childDraws;

    /// <summary>The thought.</summary>
    public Thought Thought => thought;

    /// <summary>Its children, in the order of their thoughts.</summary>
    public IReadOnlyList<TreeNode> Children => _children;

    /// <summary>How often it was gone down to, or through.</summary>
    public int Visits { get; private set; }

    /// <summary>The mean of what came back, or the guess.</summary>
    public double Value => Visits == 0 ? guess : _sum / Visits;

    /// <summary>Whether there is anything below, or itself, that may still be expanded.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>A random part of 1 among its siblings; null for none.</summary>
    public double? Noise { get; set; }

    /// <summary>
    /// The part of its parent's draws that gave this step. Steps are drawn from the policy, so this estimates their probability without bias; weighing
    /// siblings by their log-probabilities as well would count it twice.
    /// </summary>
    public double Share => parent is null ? 1 : _draws / (double)parent._childDraws;

    /// <summary>Takes in a step that was drawn.</summary>
    /// <param name="step">A child of this node's thought.</param>
    /// <param name="guess">What is expected of it.</param>
    /// <returns>The new node; null when the step is known and was only counted.</returns>
    public TreeNode? Add(Thought step, double guess)
    {
        var node = _children.Find(child => child.Thought.End == step.End && child.Thought.OwnText == step.OwnText);
        bool isNew = node is null;
        if (node is null)
        {
            node = new TreeNode(step, this, guess);
            _children.Add(node);
            if (step.IsOpen)
                node.Open();
        }
        node._draws++;
        _childDraws++;
        return isNew ? node : null;
    }

    /// <summary>
    /// Counts a visit on the way from the root. Until it returns it counts as worth nothing, so that others of the same round go elsewhere; and the node
    /// itself is closed, now that it is to be expanded or ended, until children open it again.
    /// </summary>
    public void Visit()
    {
        Close();
        for (var node = this; node is not null; node = node.Parent)
            node.Visits++;
    }

    /// <summary>What a visit was worth.</summary>
    public void Return(double value)
    {
        for (var node = this; node is not null; node = node.Parent)
            node._sum += value;
    }

    private TreeNode? Parent => parent;

    private void Open()
    {
        IsOpen = true;
        if (parent is not null && ++parent._openChildren == 1)
            parent.Open();
    }

    private void Close()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        if (parent is not null && --parent._openChildren == 0)
            parent.Close();
    }
}
