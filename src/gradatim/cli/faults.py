"""Bad news on the error stream: every fault with its place and remedy, every stop with its source."""

from __future__ import annotations

from gradatim.domain.fault import Fault
from gradatim.domain.finding import Finding
from gradatim.words import say_finding, sources_text


def tell_faults(faults: tuple[Fault, ...]) -> None:
    """All faults of an input, one below the other."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    count = len(faults)
    console.print(Text(f"{count} thing{'s' if count > 1 else ''} to correct; nothing was written.", style="bold"))
    for fault in faults:
        console.print(Text.assemble(("  ● ", "red"), (fault.path or "input", "bold"), f": {fault.problem}."))
        console.print(Text(f"    {fault.remedy}", style="dim"))


def tell_blocked(findings: tuple[Finding, ...]) -> None:
    """Why a plan is blocked, and how a clinician overrides."""
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True, highlight=False)
    console.print(Text("Blocked: the plan was not approved.", style="bold red"))
    for finding in findings:
        console.print(Text.assemble(("  ▲ BLOCKS ", "bold red"), (finding.rule, "bold"), f"  {say_finding(finding)}"))
        console.print(Text(f"    Source: {sources_text(finding.source) or 'rule of this program'}", style="dim"))
    flags = " ".join(f'--override {finding.rule}="why"' for finding in findings)
    console.print(Text(f"\nChange the plan, or let a named clinician override each of these with a reason:\n  {flags}"))
