"""What a run did, as a table."""

from __future__ import annotations

from nomina_cluster.merge import Merged
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


def describe_merged(merged: Merged) -> str:
    lines = [
        f"fields           {merged.fields:>12,}",
        f"  decided        {merged.decided:>12,}",
        f"  contested      {merged.conflicts:>12,}",
        f"not readable     {merged.errors:>12,}",
    ]
    promise = merged.promise
    if promise and promise["sampled"]:
        lines.append(
            f"Of {promise['undecided']:,} readings that nobody decided, {promise['accuracy']:.2%} are right "
            f"(95 %: {promise['low']:.2%} to {promise['high']:.2%}, from {promise['sampled']:,} drawn at random and decided)."
        )
    elif promise and promise["undecided"]:
        lines.append("How many of the others are right is not known: nothing of a random sample was decided.")
    return "\n".join(lines)
