"""The only place that turns configuration into scenarios: Hydra composes, we validate."""

from __future__ import annotations

import copy
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from experiments import _snapshots
from sim.errors import Problem, RefusedScenario
from sim.parameters import Param, numbers
from sim.scenario import Scenario
from sim.strict import build, nearest

SCENARIO_KEYS = ("sector", "population", "platforms", "policy", "horizon", "seed")
ASKING_KEYS = ("replicates", "preview", "intervals", "precision", "most_replicates", "name", "title", "question")
FORBIDDEN = ("hydra", "_target_")
COMPARE = "platform-lab compare"
MOST_SCENARIOS = 100_000
REPLICATES = {"nothing": 8, "assumptions": 32}
"""Replicates where nobody says how many, by what they draw."""
SEEDS_PER_DRAW = 2
"""Fewest with which chance can be told from assumptions."""


@numbers
class Runner:
    """How a request is carried out; never part of a result."""

    n_workers: Annotated[int, Param("processes", "processes", 1, 1024)] | None
    n_threads: Annotated[int, Param("threads of one process", "threads", 1, 256)]
    kernels: str


@numbers
class Uncertainty:
    """What is varied besides luck: assumptions, drawn by every replicate, or platforms' strategies, each in turn."""

    over: Literal["nothing", "assumptions", "strategies"]
    numbers: list[str] | None = None
    strategies: list[str] | None = None
    seeds_per_draw: Annotated[int, Param("runs of every draw, each with its own luck", "seeds", 1, 1000)] | None = None

    @property
    def seeds(self) -> int:
        """Seeds with which every draw of the assumptions is run; one where none is drawn."""
        return (self.seeds_per_draw or SEEDS_PER_DRAW) if self.over == "assumptions" else 1


@numbers
class Asking:
    """What a request says besides its scenario."""

    replicates: Annotated[int, Param("paired replicates", "runs", 1, 100_000)]
    runner: Runner
    uncertainty: Uncertainty
    name: str | None = None
    title: str | None = None
    question: str | None = None
    preview: bool = False
    intervals: Literal["t", "bootstrap"] = "t"
    precision: Any = None
    """What `experiments._precision` reads: half-widths by metric, or one share."""
    most_replicates: Annotated[int, Param("paired replicates at most, with precision", "runs", 1, 100_000)] = 256

    @property
    def n_pairs(self) -> int:
        """Pairs of runs of one scenario: one a replicate, or several with the seeds of every draw."""
        return self.replicates * self.uncertainty.seeds


@dataclass(frozen=True)
class Request:
    """One question: scenarios to look at, how often and how."""

    asking: Asking
    scenarios: list[Scenario]
    levers: dict[str, list[Any]]
    """Swept keys and their values, in the order asked."""
    points: list[dict[str, Any]]
    """Value of every swept key, one entry a scenario."""
    config: dict[str, Any] = field(default_factory=dict)
    """The configuration as resolved."""
    words: list[str] = field(default_factory=list)
    """What was typed after the verb."""
    held: tuple[str, ...] = ()
    """Values that the request sets or sweeps itself."""
    snapshots: _snapshots.Wish = field(default_factory=_snapshots.Wish)


def config_folder() -> Path:
    """Folder of the configuration groups: the checkout's, or the copy inside an installed package."""
    here = Path(__file__).parent
    return next(f for f in (here / "_configs", here.parent / "configs") if f.is_dir())


def options(group: str, extra: Path | None = None) -> list[str]:
    """Names that can be chosen in a group."""
    folders = [f for f in (extra, config_folder()) if f is not None]
    return sorted({path.stem for folder in folders for path in (folder / group).glob("*.yaml")})


def groups(extra: Path | None = None) -> list[str]:
    """Names of all groups; cases of validation are read, never composed."""
    folders = [f for f in (extra, config_folder()) if f is not None]
    return sorted({path.name for folder in folders for path in folder.iterdir() if path.is_dir()} - {"validation"})


def ask(overrides: list[str], extra: Path | None = None) -> Request:
    """Compose, apply overrides, expand sweeps, validate; raises `RefusedScenario` with every problem."""
    chosen, values = _split(overrides, extra)
    wish = _snapshots.take_out(values)
    problems: list[Problem] = []
    axes, fixed = _axes(chosen, values, extra, problems)
    scenarios, points, base = [], [], {}
    cache: dict[tuple, dict[str, Any]] = {}
    for combination in itertools.product(*axes.values()):
        point = dict(zip(axes, combination, strict=True))
        picks = tuple((key, point.get(key, found[0])) for key, found in chosen.items())
        if picks not in cache:
            cache[picks] = compose([f"{key}={value}" for key, value in picks], extra)
            _snapshots.put_under(cache[picks], wish, chosen)
        config = copy.deepcopy(cache[picks])
        for key, value in {**fixed, **{k: v for k, v in point.items() if k not in chosen}}.items():
            _set(config, key, value, problems)
        base = base or _with_replicates(config)
        scenarios.append(_scenario(config, problems))
        points.append(point)
        if problems:
            raise RefusedScenario(_unique(problems))
    asking = _asking(base, problems)
    if "seed" in axes and asking is not None and asking.n_pairs > 1:
        why, todo = f"each point would have {asking.n_pairs} replicates of neighbouring seeds", "set replicates=1"
        problems.append(Problem("a sweep over seeds", why, "replicates=1, or one seed", todo))
    if problems or asking is None:
        raise RefusedScenario(_unique(problems))
    words = [*overrides, *(["--config-dir", str(extra)] if extra else [])]
    kept = [s for s in scenarios if s is not None]
    return Request(asking, kept, axes, points, base, words, tuple({**fixed, **axes}), wish)


def _axes(
    chosen: dict[str, list[str]], values: dict[str, list[Any]], extra: Path | None, problems: list[Problem]
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Keys with several values, and the single values of the others; raises for a grid that would never end."""
    first = compose([f"{key}={found[0]}" for key, found in chosen.items()], extra)
    in_file = first.pop("sweep", None) or {}
    if not isinstance(in_file, Mapping):
        asked, why = f"sweep={in_file}", "a sweep names keys and their values"
        problems.append(Problem(asked, why, "key: [value, value]", "write a mapping"))
        in_file = {}
    levers = {key: (list(v) if isinstance(v, list) else [v]) for key, v in in_file.items()}
    levers = {key: v for key, v in levers.items() if key not in values} | {
        key: v for key, v in values.items() if len(v) > 1
    }
    fixed = {key: v[0] for key, v in values.items() if len(v) == 1 and key not in levers}
    axes = {key: options for key, options in chosen.items() if len(options) > 1} | levers
    n_points = math.prod(len(found) for found in axes.values())
    if n_points > MOST_SCENARIOS:
        asked, allowed = f"a sweep of {n_points} scenarios", f"at most {MOST_SCENARIOS}"
        raise RefusedScenario([*problems, Problem(asked, "it would never end", allowed, "sweep fewer values")])
    return axes, fixed


def _with_replicates(config: dict[str, Any]) -> dict[str, Any]:
    uncertainty = config.get("uncertainty")
    over = uncertainty.get("over") if isinstance(uncertainty, Mapping) else "nothing"
    if config.get("replicates") is None:
        config["replicates"] = REPLICATES.get(str(over), REPLICATES["nothing"])
    return config


def compose(choices: list[str], extra: Path | None = None) -> dict[str, Any]:
    """One configuration as plain mappings, without environment look-ups or anything that runs code."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    OmegaConf.clear_resolver("oc.env")
    GlobalHydra.instance().clear()
    search = [f"hydra.searchpath=[file://{extra.resolve()}]"] if extra else []
    try:
        with initialize_config_dir(str(config_folder()), version_base="1.3"):
            composed = hydra_compose("config", overrides=[*search, *choices])
            plain = OmegaConf.to_container(composed, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException) as error:
        text = re.sub(r"\s+", " ", str(error)).strip()
        raise RefusedScenario(
            [
                Problem(
                    " ".join(choices) or "the configuration",
                    text,
                    "see platform-lab list",
                    "correct the file or the choice",
                )
            ]
        ) from None
    assert isinstance(plain, dict)
    _snapshots.refuse_in_file({str(key): value for key, value in plain.items()})
    found = [key for key in _keys(plain) if key.split(".")[-1] in FORBIDDEN]
    if found:
        raise RefusedScenario(
            [
                Problem(key, "a configuration holds numbers and names, never code", "values only", f"remove {key}")
                for key in found
            ]
        )
    return {"policy": {}} | {str(key): value for key, value in plain.items() if key != "experiment"}


def _split(overrides: list[str], extra: Path | None) -> tuple[dict[str, list[str]], dict[str, list[Any]]]:
    """Choices of groups and values of keys, each a list: more than one is a sweep."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    chosen: dict[str, list[str]] = {}
    values: dict[str, list[Any]] = {}
    parser, problems = OverridesParser.create(), []
    for text in overrides:
        try:
            parsed = parser.parse_override(text)
        except HydraException:
            problems.append(
                Problem(
                    text,
                    "this is not of the form key=value",
                    "key=value, key=a,b,c or key=range(1,5)",
                    "quote brackets and spaces for the shell",
                )
            )
            continue
        key = parsed.key_or_group
        if key in chosen or key in values:
            problems.append(Problem(text, f"{key} is said twice", "each key once", f"keep one; {key}=a,b sweeps"))
            continue
        if key.split(".")[0] in FORBIDDEN or parsed.is_delete():
            problems.append(
                Problem(text, "what runs where is not set this way", "values and choices only", f"leave {key} out")
            )
        elif key in groups(extra):
            found = (
                [str(v) for v in parsed.sweep_string_iterator()]
                if parsed.is_sweep_override()
                else [text.split("=", 1)[1]]
            )
            problems.extend(_unknown_options(key, found, extra))
            chosen[key] = found
        elif parsed.is_sweep_override():
            values[key] = [_plain(v) for v in _sweep_values(parsed)]
        else:
            values[key] = [_plain(parsed.value())]
    if problems:
        raise RefusedScenario(problems)
    return chosen, values


def _sweep_values(parsed: Any) -> Iterator[Any]:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parser = OverridesParser.create()
    for text in parsed.sweep_string_iterator():
        yield parser.parse_override(f"x={text}").value()


def _plain(value: Any) -> Any:
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, QuotedString):
        return value.text
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value


def _unknown_options(group: str, found: list[str], extra: Path | None) -> list[Problem]:
    allowed = options(group, extra)
    asked = [name for text in found for name in re.findall(r"[^\[\],\s'\"]+", text)]
    return [
        Problem(f"{group}={name}", f"there is no such {group}", ", ".join(allowed), nearest(name, allowed))
        for name in asked
        if name not in allowed and name != "null"
    ]


def _set(config: dict[str, Any], key: str, value: Any, problems: list[Problem]) -> None:
    """Put a value at a dotted key; its last step may be new (validation knows the right names)."""
    *path, last = key.split(".")
    here: Any = config
    for depth, step in enumerate(path):
        if isinstance(here, dict) and depth == 1 and path[0] == "policy" and step not in here:
            problems.append(
                Problem(
                    key,
                    f"the instrument {step} is not chosen",
                    ", ".join(here) or "none is chosen",
                    f"add 'policy=[{step}]'",
                )
            )
            return
        if not isinstance(here, dict) or not isinstance(here.get(step), dict):
            names = [str(n) for n in here] if isinstance(here, dict) else []
            problems.append(
                Problem(
                    key,
                    f"there is no `{step}` here",
                    ", ".join(names) or "a single value",
                    nearest(step, names),
                )
            )
            return
        here = here[step]
    if not path and last not in config:
        names = [*SCENARIO_KEYS, *ASKING_KEYS, *_snapshots.KEYS]
        problems.append(Problem(key, "there is no such key", ", ".join(names), nearest(last, names)))
        return
    here[last] = value


def _scenario(config: dict[str, Any], problems: list[Problem]) -> Scenario | None:
    try:
        return Scenario.from_dict({key: config[key] for key in SCENARIO_KEYS if key in config})
    except RefusedScenario as refused:
        problems.extend(refused.problems)
        return None


def _asking(config: dict[str, Any], problems: list[Problem]) -> Asking | None:
    asking = build(
        Asking,
        {key: value for key, value in config.items() if key not in SCENARIO_KEYS and key != "sweep"},
        "request",
        problems,
    )
    if asking is not None and asking.runner.kernels not in ("auto", "compiled", "plain"):
        problems.append(
            Problem(
                f"runner.kernels={asking.runner.kernels}",
                "there is no such kind of kernel",
                "auto, compiled, plain",
                "choose one",
            )
        )
    return asking


def _keys(tree: Any, path: str = "") -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield f"{path}{key}"
            yield from _keys(value, f"{path}{key}.")
    elif isinstance(tree, list):
        for value in tree:
            yield from _keys(value, path)


def _unique(problems: list[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


def refuse_sweep(request: Request, verb: str) -> None:
    """A verb that looks at one scenario refuses several values."""
    if len(request.scenarios) > 1:
        axes = ", ".join(f"{key} has {len(values)} values" for key, values in request.levers.items())
        raise RefusedScenario(
            [
                Problem(
                    f"{verb} of {len(request.scenarios)} scenarios",
                    axes,
                    "one value a key",
                    "use platform-lab sweep, or name one value",
                )
            ]
        )


def refuse_preview(request: Request, verb: str) -> None:
    """Only a comparison has a preview."""
    if request.asking.preview or "preview" in request.levers:
        why, todo = "averages answer what a policy does, one policy at a time", f"leave it out, or use {COMPARE}"
        raise RefusedScenario([Problem(f"{verb} with preview=true", why, COMPARE, todo)])
