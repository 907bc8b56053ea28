"""The graph model for conflict resolution: states, moves, preferences and which states are stable.

Pure functions of arrays, as the other wings are: no file, no name, no screen. Decision makers are 0..n-1, states
0..N-1 in ascending order of their code.
"""
