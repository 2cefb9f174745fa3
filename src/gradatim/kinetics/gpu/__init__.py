"""Kernels for a GPU of NVIDIA, by Numba's CUDA. Nothing in this room is imported before somebody asks for the engine ``gpu`` or ``best``.

One thread has one person. It does the sums and products of `gradatim.kinetics.propagator` and `gradatim.kinetics.simulate` in the same
order; products are rounded by themselves, never fused with a sum, so that a device which rounds as IEEE 754 asks has the same bits.
"""
