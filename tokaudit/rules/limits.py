"""Rules of `tokaudit check`: limits that are broken, or cannot be judged."""

from tokaudit.rules import Rule

RULES = {
    "TA901": Rule(
        "error",
        "a limit was broken",
        "`tokaudit check` holds figures against the limits of the configuration. The message says\n"
        "what the figure is and what it must be. To look closer, run the audit for that language\n"
        "and tokenizer; to accept a change, write the baseline again or widen the limit.",
    ),
    "TA902": Rule(
        "warning",
        "a limit could not be judged for a row",
        "The figure does not exist there, for the reason that is given, or the baseline does not\n"
        "hold it. Other rows of the same limit were judged.",
    ),
}
