namespace Ponder.Reasoning.Search.Pruning;

/// <summary>Average-linkage clustering by cosine distance: the two clusters whose members lie nearest on average become one, until the nearest lie too far apart.</summary>
internal static class Clusters
{
    /// <summary>Clusters vectors.</summary>
    /// <param name="vectors">All of one length; one without any length lies at a distance of 1 from all.</param>
    /// <param name="weights">How many items each vector stands for, at least 1.</param>
    /// <param name="cut">The distance, 1 - cosine, up to which clusters are joined.</param>
    /// <returns>The cluster of each vector, numbered from 0 in the order of their first vectors.</returns>
    public static int[] Of(IReadOnlyList<float[]> vectors, IReadOnlyList<int> weights, double cut)
    {
        int count = vectors.Count;
        var clusterOf = Enumerable.Range(0, count).ToArray();
        var distances = new double[count, count];
        double[] lengths = [.. vectors.Select(vector => Math.Sqrt(Dot(vector, vector)))];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < i; j++)
                distances[i, j] = distances[j, i] = lengths[i] * lengths[j] > 0 ? 1 - (Dot(vectors[i], vectors[j]) / (lengths[i] * lengths[j])) : 1;
        }
        double[] sizes = [.. weights];
        var alive = Enumerable.Range(0, count).ToList();
        while (alive.Count > 1)
        {
            var (from, to) = Nearest(alive, distances);
            if (!(distances[from, to] <= cut + 1e-9))
                break;
            // The mean over all pairs of members, from the means of the parts (Lance and Williams 1967).
            foreach (int other in alive)
            {
                distances[to, other] = distances[other, to] =
                    ((sizes[to] * distances[to, other]) + (sizes[from] * distances[from, other])) / (sizes[to] + sizes[from]);
            }
            sizes[to] += sizes[from];
            alive.Remove(from);
            for (int i = 0; i < count; i++)
                clusterOf[i] = clusterOf[i] == from ? to : clusterOf[i];
        }
        int[] names = [.. clusterOf.Distinct()];
        return [.. clusterOf.Select(cluster => Array.IndexOf(names, cluster))];
    }

    // The later of the two first.
    private static (int From, int To) Nearest(List<int> alive, double[,] distances)
    {
        var nearest = (From: alive[1], To: alive[0]);
        for (int i = 1; i < alive.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (distances[alive[i], alive[j]] < distances[nearest.From, nearest.To])
                    nearest = (alive[i], alive[j]);
            }
        }
        return nearest;
    }

    private static double Dot(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
