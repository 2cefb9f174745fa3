"""The one room that knows Numba. Nothing in it is imported before many levels are asked for, and nothing needs it: NumPy stands in.

Its kernels do the sums and products of `gradatim.kinetics.propagator` and `gradatim.kinetics.simulate` in the same order, 8 subjects at a
time, without fused or reordered arithmetic: their numbers are those of NumPy to the last bit.
"""
