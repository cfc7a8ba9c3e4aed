/// How much time is left to one call of a sink, which may be many calls to its ERP.
typealias CallBudget = TrytonBudget
