"""The room of Numba for the processor; `gradatim.kinetics.gpu` is that for a GPU. Nothing in it is imported before many levels are asked
for, and nothing needs it: NumPy stands in.

Its kernels do the sums and products of `gradatim.kinetics.propagator` and `gradatim.kinetics.simulate` in the same order, 8 subjects at a
time, without fused or reordered arithmetic: their numbers are those of NumPy to the last bit.
"""
