"""The session's page: its rules and its diagram, made from the transition table.

python -m appliance.diagram > docs/session.md
"""

from appliance import phases

LEGEND = """# The session

Made by `python -m appliance.diagram > docs/session.md`; a test fails when this page and the table differ.

"""


def diagram() -> str:
    """The table as a Mermaid state diagram. The two ways out of everywhere are drawn once, from `seeing`."""
    seeing = {(phase, signal) for phase in phases.SEEING for signal, _ in phases.ALWAYS}
    lines = ["stateDiagram-v2", "    [*] --> starting"]
    lines += ["    state seeing {", *(f"        {phase}" for phase in phases.SEEING), "    }"]
    lines += [f"    seeing --> {to}: {signal}" for signal, to in phases.ALWAYS]
    lines += [f"    {a} --> {to}: {signal}" for (a, signal), to in phases.TABLE.items() if (a, signal) not in seeing]
    return "\n".join(lines)


def table() -> str:
    """Every row of the table, for those who read without pictures."""
    rows = [f"| {phase} | {signal} | {to} |" for (phase, signal), to in phases.TABLE.items()]
    return "\n".join(["| phase | signal | next phase |", "|---|---|---|", *rows])


def page() -> str:
    rules = (phases.__doc__ or "").split("\n", 2)[2].rsplit("\n\n", 1)[0]
    return f"{LEGEND}{rules.strip()}\n\n```mermaid\n{diagram()}\n```\n\n{table()}\n"


if __name__ == "__main__":
    print(page(), end="")
