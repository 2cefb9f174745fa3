"""Figures and paper: the staircase and the printed calendar. Needs the extra ``gradatim[report]`` for PDF."""
