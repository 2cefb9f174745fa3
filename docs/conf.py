"""Sphinx: furo with Gradatim's colours, MyST for Markdown."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Gradatim"
author = "The Gradatim authors"
project_copyright = "The Gradatim authors, Apache-2.0"
version = release = PROJECT["version"]
language = "en"

extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "decisions/template.md"]
nitpicky = True
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = "Gradatim"
html_static_path = ["_static"]
html_css_files = ["gradatim.css"]
html_show_sphinx = False
html_copy_source = False

# The identity's tokens. Contrast is at least 4.5:1 for text on paper and on card.
TYPE = '"Atkinson Hyperlegible Next", "Atkinson Hyperlegible", system-ui, -apple-system, "Segoe UI", sans-serif'
LIGHT = {
    "paper": "#FBF7F0",
    "card": "#FFFFFF",
    "ink": "#1E2A32",
    "soft": "#55626B",
    "line": "#D9D2C5",
    "edge": "#7C7568",
    "step": "#0F6B66",
    "on-step": "#D5EBE6",
    "look": "#8F4A00",
    "on-look": "#FCE9D2",
    "rest": "#5B4B8A",
    "on-rest": "#E9E4F5",
    "danger": "#B3201F",
    "on-danger": "#FBE3E1",
}
DARK = {
    "paper": "#12181C",
    "card": "#1B2429",
    "ink": "#F1ECE3",
    "soft": "#B4BDC3",
    "line": "#38444B",
    "edge": "#7C8A92",
    "step": "#6FD3C7",
    "on-step": "#16393A",
    "look": "#F5B461",
    "on-look": "#3D2A12",
    "rest": "#BFB0F0",
    "on-rest": "#2C2547",
    "danger": "#FF8A80",
    "on-danger": "#451B1A",
}


def furo_colours(token: dict[str, str]) -> dict[str, str]:
    """Furo's variables, and our own tokens as --gradatim-*, from one table."""
    return {
        "font-stack": TYPE,
        "color-foreground-primary": token["ink"],
        "color-foreground-secondary": token["soft"],
        "color-foreground-muted": token["soft"],
        "color-foreground-border": token["edge"],
        "color-background-primary": token["paper"],
        "color-background-secondary": token["card"],
        "color-background-hover": token["on-step"],
        "color-background-border": token["line"],
        "color-brand-primary": token["step"],
        "color-brand-content": token["step"],
        "color-brand-visited": token["rest"],
        "color-link": token["step"],
        "color-link--visited": token["rest"],
        "color-card-background": token["card"],
        "color-card-border": token["line"],
        "color-code-background": token["card"],
        "color-code-foreground": token["ink"],
        "color-inline-code-background": token["card"],
        "color-highlight-on-target": token["on-look"],
        "color-admonition-background": token["card"],
        "color-admonition-title--note": token["step"],
        "color-admonition-title-background--note": token["on-step"],
        "color-admonition-title--tip": token["step"],
        "color-admonition-title-background--tip": token["on-step"],
        "color-admonition-title--important": token["rest"],
        "color-admonition-title-background--important": token["on-rest"],
        "color-admonition-title--caution": token["look"],
        "color-admonition-title-background--caution": token["on-look"],
        "color-admonition-title--warning": token["look"],
        "color-admonition-title-background--warning": token["on-look"],
        "color-admonition-title--danger": token["danger"],
        "color-admonition-title-background--danger": token["on-danger"],
    } | {f"gradatim-{name}": colour for name, colour in token.items()}


html_theme_options = {
    "light_css_variables": furo_colours(LIGHT),
    "dark_css_variables": furo_colours(DARK),
    "navigation_with_keys": True,
}
# Pygments' accessible styles on card, not on black.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
