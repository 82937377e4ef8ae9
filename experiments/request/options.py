"""Options of the command line: the laboratory's own, and those of Hydra.

Options of Hydra that have a meaning here keep it; the others are refused with what to use instead.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.request.request import Request

SHORT = {
    "-m": "--multirun",
    "-r": "--run",
    "-c": "--cfg",
    "-p": "--package",
    "-i": "--info",
    "-h": "--help",
    "-cd": "--config-dir",
    "-cp": "--config-path",
    "-cn": "--config-name",
    "-sc": "--shell-completion",
}
"""Short names, as Hydra has them."""
VALUED = ("--cfg", "--config-dir", "--shard", "--package", "--config-path", "--config-name", "--experimental-rerun")
"""Options that are followed by their value."""
ASKING = ("run", "compare", "sweep", "calibrate")
"""Verbs that a configuration is composed for."""
SWEPT = ("run", "compare", "sweep")
"""Verbs that with `--multirun` are `sweep`."""
ONE_JOB = ("run", "compare")
"""Verbs that ask of one scenario, which is what `--run` says."""
REFUSED = {
    "--info": (
        "the settings of Hydra are no part of a request",
        "--cfg job, list",
        "use `--cfg job` for the configuration as resolved, and `platform-lab list` for what can be chosen",
    ),
    "--config-path": (
        "the laboratory's own configuration is always read",
        "--config-dir DIR",
        "use --config-dir DIR, whose files are read as well: DIR/sector/NAME.yaml, DIR/policy/NAME.yaml and so on",
    ),
    "--config-name": (
        "there is one configuration, of which groups and experiments choose parts",
        "experiment=NAME, config=FILE",
        "use experiment=NAME for an experiment, or config=FILE for the config.yaml that a result left",
    ),
    "--experimental-rerun": (
        "no job is kept as a pickle",
        "config=FILE",
        "use config=FILE with the config.yaml that a result left; finished runs are not computed again",
    ),
    "--hydra-help": (
        "only composition is left to Hydra",
        "--help",
        "use `platform-lab --help`, or `platform-lab VERB --help`",
    ),
    "--shell-completion": (
        "it is no option of a verb",
        "completion bash, completion zsh, completion fish",
        "use `platform-lab completion bash`, and `platform-lab completion --help` for how",
    ),
}
"""Options of Hydra's that have no meaning here: why, what is allowed, and what to use instead."""


def verb_of(given: Sequence[str], verbs: Mapping[str, str]) -> tuple[str, list[str], str]:
    """The verb, the words that belong to it, and what is to be said where `--multirun` made it `sweep`.

    Options may stand before the verb. Without a verb `--multirun` is `sweep`, `--run` and `--cfg` are `run`. What is
    no verb is returned as it was typed.
    """
    words, place = list(given), 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if _named(words[place]) in VALUED and "=" not in words[place] else 1
    is_typed = place < len(words) and "=" not in words[place]
    verb = words.pop(place) if is_typed else ""
    if is_typed and verb not in verbs:
        for word in words[:place]:
            _refuse_hydras(word)
        return verb, words, ""
    names = [_named(word) for word in words]
    if not verb and "--shell-completion" in names:
        return "completion", _without_shell_completion(words), ""
    typed = verb
    if not verb:
        verb = "sweep" if "--multirun" in names else "run" if {"--run", "--cfg"} & set(names) else ""
    if not verb:
        for word in words:
            _refuse_hydras(word)
        return words[0], words[1:], ""
    if "--run" in names:
        _check_run(verb, names)
    words = [word for word in words if _named(word) not in ("--run", "--multirun")]
    if "--multirun" not in names:
        return verb, words, ""
    if verb not in SWEPT:
        todo = "leave it out, or use platform-lab sweep"
        raise _refusal("--multirun", f"{verb} cannot be swept", ", ".join(SWEPT), todo)
    text = "" if typed == "sweep" else f"{f'{typed} ' if typed else ''}--multirun is `platform-lab sweep`"
    return "sweep", words, text


def _named(word: str) -> str:
    """The long name of an option, without its value."""
    name = word.partition("=")[0]
    return SHORT.get(name, name)


def _without_shell_completion(words: list[str]) -> list[str]:
    """`bash` for what Hydra calls `--shell-completion install=bash`."""
    parts = [word.partition("=")[2] if _named(word) == "--shell-completion" else word for word in words]
    return [part.removeprefix("install=") for part in parts if part]


def _check_run(verb: str, names: list[str]) -> None:
    """Raise `RefusedScenario` where one job is asked for and several are meant."""
    if "--multirun" in names:
        raise _refusal("--run --multirun", "it asks for one job and for several", "one of them", "leave one out")
    if verb not in ONE_JOB:
        todo = "leave it out, or use platform-lab run"
        raise _refusal("--run", f"{verb} is not one job", ", ".join(ONE_JOB), todo)


def read(
    verb: str, words: Sequence[str], flags: Mapping[str, str], own: Mapping[str, str]
) -> tuple[list[str], dict[str, Path | str]]:
    """Overrides and options; a verb's own flags become the overrides that they stand for.

    `own` are the verb's own options and what their value is called; they are handed to it as one word, `--export=DIR`.
    """
    overrides: list[str] = []
    options: dict[str, Path | str] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, value = _named(word), word.partition("=")[2]
        if word in flags:
            overrides.append(flags[word])
        elif name in own:
            overrides.append(f"{name}={value or _value(name, own[name], waiting)}")
        elif name == "--shard":
            overrides.append(f"runner.shard={value or (waiting.pop(0) if waiting else '')}")
        elif name == "--cfg":
            options[name] = _checked_cfg(verb, value or (waiting.pop(0) if waiting else ""))
        elif name == "--config-dir":
            options[name] = checked_folder(value or _value(name, "DIR", waiting))
        elif name == "--package":
            options[name] = value or _value(name, "KEY", waiting)
        elif word == "--resolve":
            options[name] = "true"
        elif word.startswith("-"):
            _refuse_hydras(word)
            raise _unknown(word, flags, own)
        else:
            overrides.append(word)
    for name in ("--resolve", "--package"):
        if name in options and "--cfg" not in options:
            raise _refusal(name, "it only changes how a configuration is shown", f"--cfg job {name}", "add --cfg job")
    return overrides, options


def _value(name: str, what: str, waiting: list[str]) -> str:
    """The word behind an option, taken from those that wait."""
    if not waiting or waiting[0].startswith("-") or not waiting[0]:
        todo = f"write {name} {what}, with a name for {what}"
        raise _refusal(name, "it needs a value and has none", f"{name} {what}", todo)
    return waiting.pop(0)


def checked_folder(value: str) -> Path:
    """The folder that `--config-dir` names; raises `RefusedScenario` where there is none."""
    if not Path(value).is_dir():
        raise _refusal(f"--config-dir {value}", f"there is no folder {value!r}", "an existing folder", "check the path")
    return Path(value)


def _checked_cfg(verb: str, value: str) -> str:
    if value in ("hydra", "all"):
        why, todo = "Hydra only composes the configuration here: there are no settings of its own", "write --cfg job"
        raise _refusal(f"--cfg {value}", why, "--cfg job", todo)
    if value != "job":
        raise _refusal("--cfg", "only the job's configuration can be shown", "--cfg job", "write --cfg job")
    if verb not in ASKING:
        todo = "for example: platform-lab run --cfg job"
        raise _refusal("--cfg job", f"{verb} composes no configuration", f"with {', '.join(ASKING)}", todo)
    return value


def _unknown(word: str, flags: Mapping[str, str], own: Mapping[str, str]) -> Exception:
    from sim.strict import nearest

    valued = [f"{option} {what}" for option, what in own.items()]
    allowed = ["--cfg job", "--config-dir DIR", "--shard I/N", *valued, *flags, "--help"]
    return _refusal(word, "there is no such option", ", ".join(allowed), nearest(word, allowed))


def _refuse_hydras(word: str) -> None:
    """Raise `RefusedScenario` for an option of Hydra's that has no meaning here."""
    if (name := _named(word)) in REFUSED:
        typed = word.partition("=")[0]
        raise _refusal(typed if typed == name else f"{typed} ({name})", *REFUSED[name])


def _refusal(asked: str, why: str, allowed: str, todo: str) -> Exception:
    from sim.errors import Problem, RefusedScenario

    return RefusedScenario([Problem(asked, why, allowed, todo)])


def print_config(
    ask: Callable[[list[str], Path | None], Request], overrides: list[str], options: Mapping[str, Path | str]
) -> None:
    """Print the configuration as resolved, or the part that `--package` names; `ask` is the verb's, and refuses."""
    import yaml

    folder = options.get("--config-dir")
    plain: Any = ask(overrides, folder if isinstance(folder, Path) else None).plain
    key = str(options.get("--package", "_global_"))
    for step in key.split(".") if key != "_global_" else ():
        if not isinstance(plain, Mapping) or step not in plain:
            from sim.strict import nearest

            names = [str(name) for name in plain] if isinstance(plain, Mapping) else []
            why, allowed = f"there is no `{step}` in the configuration", ", ".join(names) or "a single value"
            raise _refusal(f"--package {key}", why, allowed, nearest(step, names))
        plain = plain[step]
    print(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))


def version() -> str:
    """Version of the laboratory."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as of

    try:
        return of("platform-lab")
    except PackageNotFoundError:  # a checkout that nobody installed
        import tomllib

        path = Path(__file__).parents[2] / "pyproject.toml"
        return tomllib.loads(path.read_text("utf-8"))["project"]["version"] if path.is_file() else "unknown"


def versions() -> str:
    """Name and version of the laboratory, and of Python."""
    return f"platform-lab {version()}, Python {'.'.join(map(str, sys.version_info[:3]))}"
