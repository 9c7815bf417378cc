"""What a run did, as a table."""

from __future__ import annotations

from nomina_cluster.read import Report

NAMED = 10
"""Reasons that are named, the commonest first."""


def describe(report: Report) -> str:
    rate = report.fields / report.seconds if report.seconds else 0
    lines = [
        f"files read       {report.files:>12,}",
        f"  read before    {report.before:>12,}",
        f"  not readable   {report.failed:>12,}",
        f"fields           {report.fields:>12,}",
        f"fields a second  {rate:>12,.1f}",
    ]
    for node, files in sorted((report.nodes or {}).items()):
        lines.append(f"files on {node:<8}{files:>12,}")
    reasons = sorted((report.reasons or {}).items(), key=lambda entry: -entry[1])
    lines += [f"{count:>10,} × {reason}" for reason, count in reasons[:NAMED]]
    if len(reasons) > NAMED:
        lines.append(f"and {len(reasons) - NAMED} more reasons")
    return "\n".join(lines)
