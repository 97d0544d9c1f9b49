"""The rule of the digits audit."""

from tokaudit.rules import Rule

RULES = {
    "TA020": Rule(
        "warning",
        "long runs of digits take more than linear time",
        "The time for one run of digits grows faster than the run. A long number, such as the\n"
        "digits of pi or a dump of data, can then hold up whoever tokenizes it. Seen only with\n"
        "--timing; whether it appears depends on the machine and on what else it does.",
    ),
}
