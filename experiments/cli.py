"""The command `platform-lab VERB [overrides]`; a verb's module is loaded only when it is asked for."""

from __future__ import annotations

import importlib
import os
import shlex
import sys

from experiments.terminal import consoles

VERBS = {
    "run": "what happens in this scenario?",
    "compare": "what does this policy do against none, paired replicate by replicate?",
    "sweep": "how does the effect change over a grid or a design?",
    "calibrate": "which parameters reproduce this market's moments?",
    "validate": "does it reproduce what theory proves and what was measured?",
    "report": "show me a result again, as one page",
    "dashboard": "let me explore",
    "list": "what can I choose?",
    "store": "which runs are kept, and how much space do they take?",
    "completion": "how does my shell complete words?",
}
COMPLETING = "_complete"
"""The verb by which a shell asks what a word may become; nobody types it."""
EXAMPLES = """\
Examples
  platform-lab compare policy=commission_cap population=town
  platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16
  platform-lab sweep policy=commission_cap policy.commission_cap.ceiling=0.12,0.10,0.08 population=town
  platform-lab sweep experiment=commission_cap_heights
  platform-lab list instruments
  eval "$(platform-lab completion bash)"

Quote brackets: some shells expand them. `platform-lab VERB --help` describes a verb in full."""


def usage() -> str:
    """The page of `platform-lab --help`."""
    verbs = "\n".join(f"  {name:10s} {question}" for name, question in VERBS.items())
    options = (
        "  --cfg job          print the configuration as resolved, and stop\n"
        "  --package KEY      only this part of it, such as sector.consumers (with --cfg)\n"
        "  --config-dir DIR   look for sectors, policies and experiments in DIR as well\n"
        "  --shard I/N        do only this part of the runs (compare, sweep)\n"
        "  -m, --multirun     the verb sweep, under its name in Hydra (run, compare)\n"
        "  --quick            faster and less precise (validate)\n"
        "  --export DIR       figures as PNG and SVG, and their data as CSV (report)\n"
        "  --host, --port     where to listen (dashboard)\n"
        "  --version          versions of the laboratory and of Python\n"
        "  --help             this page, or the verb's"
    )
    return f"Usage: platform-lab VERB [KEY=VALUE ...]\n\n{verbs}\n\nOptions\n{options}\n\n{EXAMPLES}"


def main(arguments: list[str] | None = None) -> None:
    """Run one verb; exit code 0 when done, 2 when the request is refused, 130 when interrupted."""
    consoles.prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [COMPLETING]:
        from experiments.request import completing

        completing.main(given[1:], list(VERBS))
        return
    if not given or given[0] in ("--help", "-h", "help"):
        print(usage())
        return
    from experiments.request import options
    from experiments.request.naming import shown_lines
    from sim.errors import PlatformLabError

    if "--version" in given:
        print(options.versions())
        return
    verb = given[0] if given[0] in VERBS else ""
    try:
        verb, rest, text = options.verb_of(given, VERBS)
        if verb not in VERBS:
            _refuse_verb(verb)
        if text:
            print(text, file=sys.stderr)
        _carry_out(verb, rest)
    except PlatformLabError as error:
        print(f"Cannot {verb or 'do this'}:\n{shown_lines(str(error))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # somebody looked at the first lines only, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        again = shlex.join(["platform-lab", *given])
        print(f"\nStopped. Finished runs are kept; go on with:\n  {again}", file=sys.stderr)
        sys.exit(130)


def _carry_out(verb: str, rest: list[str]) -> None:
    """What a verb does with the words that belong to it, or its help."""
    from experiments.request import options

    module = importlib.import_module(f"{__package__}.{verb}")
    if "--help" in rest or "-h" in rest:
        print((module.__doc__ or "").strip())
        return
    overrides, given = options.read(verb, rest, getattr(module, "FLAGS", {}), getattr(module, "OPTIONS", {}))
    if "--cfg" in given:
        options.print_config(module.ask, overrides, given)
    else:
        module.main(overrides, given.get("--config-dir"))


def _refuse_verb(verb: str) -> None:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "see platform-lab --help"
    print(f"There is no verb `{verb}`; the verbs are {', '.join(VERBS)}: {hint}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
