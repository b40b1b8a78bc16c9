// Every command computes with all cores: two at once would only hold each other up.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
