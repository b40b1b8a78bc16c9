using Ponder.Reasoning.Search;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Searches for the best plan of layers for a task and a budget by evolution: parents are the best of small tournaments, their child takes each choice from
/// either and changes one or more of them, and the best that were tried so far are the parents to come. A plan is tried on a quarter of the problems first,
/// then on half, then on all, and given up where it is not in the better half of those that came as far (asynchronous successive halving: Li et al., arXiv 1810.05934).
/// No plan is tried twice. (Archon, arXiv 2409.15254, searches its layers by Bayesian optimisation.)
/// </summary>
public sealed class LayerSearch
{
    private const ulong Draws = 0x6C61796572;                   // "layer"
    private const int Attempts = 64;                            // at a plan that was not tried yet, before the search begins anew elsewhere

    private readonly PlanSpace _space;
    private readonly LayerSearchOptions _options;
    private readonly Func<LayerPlan, int, int, CancellationToken, Task<IReadOnlyList<PlanScore>>> _evaluate;
    private readonly Dice _dice;
    private readonly List<Trial> _trials = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private long _tokens;

    /// <summary>Prepares a search. It is used once.</summary>
    /// <param name="space">The plans.</param>
    /// <param name="evaluate">Tries a plan on problems: gets the place of the first and how many, and gives a score for each.</param>
    /// <param name="options">How.</param>
    public LayerSearch(PlanSpace space, Func<LayerPlan, int, int, CancellationToken, Task<IReadOnlyList<PlanScore>>> evaluate, LayerSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(evaluate);
        ArgumentNullException.ThrowIfNull(options);
        (_space, _evaluate, _options) = (space, evaluate, options.Validated());
        _dice = new Dice(options.Seed, Draws);
    }

    /// <summary>The plans that were tried so far, in order; also after a search that was stopped.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>
    /// The best plan so far: of those that were tried on all problems the fittest, of equals the one with the fewest tokens, then the first. One that was being
    /// tried when the search was stopped is better where it is fitter on the problems that both were tried on. Null before the first.
    /// </summary>
    public Trial? Best
    {
        get
        {
            var best = Ranked().FirstOrDefault();
            return _trials.LastOrDefault() is { WasGivenUp: false } last && last.FitnessOn(last.Scores.Count) > best!.FitnessOn(last.Scores.Count) ? last : best;
        }
    }

    /// <summary>Searches until there is nothing left to try or to spend.</summary>
    /// <param name="report">Told the part that is done, 0 to 1; null for nobody.</param>
    /// <param name="stop">Stops; what was tried to the end of a rung counts.</param>
    /// <returns>The best plan.</returns>
    /// <exception cref="OperationCanceledException">It was stopped: <see cref="Best"/> is the best so far.</exception>
    public async Task<Trial> RunAsync(Action<double>? report = null, CancellationToken stop = default)
    {
        while (_trials.Count < _options.Evaluations && (_options.Tokens is null || _tokens < _options.Tokens) && Next() is { } next)
        {
            await TryAsync(next.Choices, next.Plan, stop).ConfigureAwait(false);
            report?.Invoke(Math.Max((double)_trials.Count / _options.Evaluations, _options.Tokens is long most ? Math.Min(1, (double)_tokens / most) : 0));
        }
        return Best!;
    }

    private async Task TryAsync(int[] choices, LayerPlan plan, CancellationToken stop)
    {
        var scores = new List<PlanScore>();
        var trial = new Trial(_trials.Count + 1, plan, choices, scores);
        for (int rung = _options.Rungs - 1; rung >= 0; rung--)
        {
            int upTo = Math.Max(1, _options.Problems >> rung);
            if (upTo == scores.Count)
                continue;
            var more = await _evaluate(plan, scores.Count, upTo - scores.Count, stop).ConfigureAwait(false);
            if (scores.Count == 0)
                _trials.Add(trial);
            scores.AddRange(more);
            _tokens += more.Sum(score => score.Tokens);
            if (upTo < _options.Problems && (trial.WasGivenUp = !IsPromising(trial)))
                return;
        }
    }

    // Whether as many of those that came as far are worse as are better; what is equal is no reason to give up.
    private bool IsPromising(Trial trial)
    {
        int problems = trial.Scores.Count;
        double fitness = trial.FitnessOn(problems);
        double[] others = [.. _trials.Where(other => other != trial && other.Scores.Count >= problems).Select(other => other.FitnessOn(problems))];
        return others.Count(other => other > fitness) <= others.Length / 2;
    }

    private IEnumerable<Trial> Ranked() => _trials.OrderByDescending(trial => trial.Scores.Count).ThenByDescending(trial => trial.Fitness)
        .ThenBy(trial => trial.Tokens).ThenBy(trial => trial.Number);

    // A plan that was not tried yet; null where none is left.
    private (int[] Choices, LayerPlan Plan)? Next()
    {
        Trial[] parents = [.. Ranked().Take(_options.Population)];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // A child that is known already is changed more and more.
            int[] choices = parents.Length < _options.Population ? Anything() : Change(Cross(Parent(parents), Parent(parents)), 1 + (attempt / 4));
            if (Fresh(choices) is { } plan)
                return (choices, plan);
        }
        return FirstUntried();
    }

    private (int[] Choices, LayerPlan Plan)? FirstUntried()
    {
        if (_space.Size > 1_000_000)
            return null;                                        // so many, and all that was drawn of them known: there are few plans
        var choices = new int[_space.Genes.Count];
        for (int gene = 0; gene < choices.Length;)
        {
            if (Fresh(choices) is { } plan)
                return (choices, plan);
            for (gene = 0; gene < choices.Length && ++choices[gene] == _space.Genes[gene].Values.Count; gene++)
                choices[gene] = 0;
        }
        return null;
    }

    private LayerPlan? Fresh(int[] choices)
    {
        var plan = _space.Decode(choices);
        return _known.Add(LayerFile.Write(plan)) ? plan : null;
    }

    private int[] Anything() => [.. _space.Genes.Select(gene => Below(gene.Values.Count))];

    private IReadOnlyList<int> Parent(Trial[] parents)
    {
        int best = parents.Length;
        for (int i = 0; i < _options.Tournament; i++)
            best = Math.Min(best, Below(parents.Length));       // they are in order
        return parents[best].Choices;
    }

    private int[] Cross(IReadOnlyList<int> first, IReadOnlyList<int> second) => [.. first.Select((choice, i) => Below(2) == 0 ? choice : second[i])];

    // Each change is to a neighbouring value, or to any.
    private int[] Change(int[] choices, int changes)
    {
        int[] open = [.. Enumerable.Range(0, choices.Length).Where(i => _space.Genes[i].Values.Count > 1)];
        for (int i = 0; i < changes && open.Length > 0; i++)
        {
            int gene = open[Below(open.Length)], count = _space.Genes[gene].Values.Count;
            int step = Below(2) == 0 ? 1 : -1;
            choices[gene] = Below(2) == 0 ? Below(count) : Math.Clamp(choices[gene] + step, 0, count - 1);
        }
        return choices;
    }

    private int Below(int count) => Math.Min(count - 1, (int)(_dice.Next() * count));
}
