"""How runs are carried out: the plan of a request, pools, workers, shared histories and snapshots."""
