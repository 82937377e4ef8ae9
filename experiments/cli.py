"""The command `platform-lab VERB [overrides]`; a verb's module is loaded only when it is asked for."""

from __future__ import annotations

import importlib
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

VERBS = {
    "run": "what happens in this scenario?",
    "compare": "what does this policy do against none, paired replicate by replicate?",
    "sweep": "how does the effect change over a grid or a design?",
    "calibrate": "which parameters reproduce this market's moments?",
    "validate": "does it find what theory proves, and what was measured?",
    "report": "show me a result again, as one page",
    "dashboard": "let me explore",
    "list": "what can I choose?",
    "store": "what is kept of all runs, and how much room does it take?",
}
EXAMPLES = """\
Examples
  platform-lab compare policy=commission_cap population=town
  platform-lab compare 'policy=[commission_cap]' policy.commission_cap.ceiling=0.06 replicates=16
  platform-lab sweep policy=commission_cap policy.commission_cap.ceiling=0.12,0.10,0.08 population=town
  platform-lab sweep experiment=commission_cap_heights
  platform-lab list instruments

Quote brackets: some shells expand them. `platform-lab VERB --help` says more of a verb."""


def usage() -> str:
    """The page of `platform-lab --help`."""
    verbs = "\n".join(f"  {name:10s} {question}" for name, question in VERBS.items())
    options = (
        "  --cfg job          print the configuration as resolved, and stop\n"
        "  --config-dir DIR   look for sectors, policies and experiments in DIR too\n"
        "  --shard I/N        do only this part of the runs (compare, sweep)\n"
        "  --quick            less exact and sooner (validate)\n"
        "  --export DIR       figures as PNG and SVG, and their data as CSV (report)\n"
        "  --host, --port     where to listen (dashboard)\n"
        "  --help             this page, or the verb's"
    )
    return f"Usage: platform-lab VERB [KEY=VALUE ...]\n\n{verbs}\n\nOptions\n{options}\n\n{EXAMPLES}"


def main(arguments: list[str] | None = None) -> None:
    """Run one verb; exit code 0 when done, 2 when the wish is refused, 130 when interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("--help", "-h", "help"):
        print(usage())
        return
    verb, rest = given[0], given[1:]
    if verb not in VERBS:
        _refuse_verb(verb)
    module = importlib.import_module(f"experiments.{verb}")
    if "--help" in rest or "-h" in rest:
        print((module.__doc__ or "").strip())
        return
    from experiments.request.naming import shown_lines
    from sim.errors import PlatformLabError

    try:
        overrides, options = _options(rest, getattr(module, "FLAGS", {}), getattr(module, "OPTIONS", {}))
        if options.get("--cfg"):
            _print_config(overrides, options)
        else:
            module.main(overrides, options.get("--config-dir"))
    except PlatformLabError as error:
        print(f"Cannot {verb}:\n{shown_lines(str(error))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # somebody looked at the first lines only, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        again = shlex.join(["platform-lab", *given])
        print(f"\nStopped. Finished runs are kept; go on with:\n  {again}", file=sys.stderr)
        sys.exit(130)


def _refuse_verb(verb: str) -> None:
    from difflib import get_close_matches

    near = get_close_matches(verb, VERBS, n=1)
    hint = f"did you mean `{near[0]}`?" if near else "see platform-lab --help"
    print(f"There is no verb `{verb}`; the verbs are {', '.join(VERBS)}: {hint}", file=sys.stderr)
    sys.exit(2)


def _options(
    rest: list[str], flags: Mapping[str, str], own: Mapping[str, str]
) -> tuple[list[str], dict[str, Path | str]]:
    """Overrides and options; a verb's own flags become the overrides that they stand for.

    `own` are the verb's own options and what their value is called; they are handed to it as one word, `--export=DIR`.
    """
    from sim.errors import Problem, RefusedScenario
    from sim.strict import nearest

    overrides, options, waiting = [], {}, list(rest)
    while waiting:
        word = waiting.pop(0)
        name, _, value = word.partition("=")
        if name in ("--cfg", "--config-dir", "--shard"):
            value = value or (waiting.pop(0) if waiting else "")
            if name == "--shard":
                overrides.append(f"runner.shard={value}")
                continue
            if name == "--config-dir" and not Path(value).is_dir():
                raise RefusedScenario(
                    [Problem(word, f"there is no folder {value!r}", "an existing folder", "check the path")]
                )
            if name == "--cfg" and value != "job":
                raise RefusedScenario(
                    [Problem(word, "only the job's configuration can be shown", "--cfg job", "write --cfg job")]
                )
            options[name] = Path(value) if name == "--config-dir" else value
        elif name in own:
            overrides.append(f"{name}={value or _value(name, own[name], waiting)}")
        elif word in flags:
            overrides.append(flags[word])
        elif word.startswith("-"):
            valued = [f"{option} {what}" for option, what in own.items()]
            allowed = ["--cfg job", "--config-dir DIR", "--shard I/N", *valued, *flags, "--help"]
            raise RefusedScenario(
                [Problem(word, "there is no such option", ", ".join(allowed), nearest(word, allowed))]
            )
        else:
            overrides.append(word)
    return overrides, options


def _value(name: str, what: str, waiting: list[str]) -> str:
    """The word behind an option, taken from those that wait."""
    from sim.errors import Problem, RefusedScenario

    if not waiting or waiting[0].startswith("-") or not waiting[0]:
        todo = f"write {name} {what}, with a name for {what}"
        raise RefusedScenario([Problem(name, "it needs a value and has none", f"{name} {what}", todo)])
    return waiting.pop(0)


def _print_config(overrides: list[str], options: dict[str, Path | str]) -> None:
    import yaml

    from experiments.request import build

    folder = options.get("--config-dir")
    request = build.ask(overrides, folder if isinstance(folder, Path) else None)
    print(yaml.safe_dump(request.plain, sort_keys=False, allow_unicode=True))


if __name__ == "__main__":
    main()
