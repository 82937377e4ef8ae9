"""How does my shell complete words?

    eval "$(platform-lab completion bash)"
    eval "$(platform-lab completion zsh)"
    platform-lab completion fish | source

Prints a script for the shell; put one of these lines into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish to keep it.
After that Tab completes verbs, options, groups (policy=, sector=) and their choices, those of --config-dir among them,
and keys of what is chosen (policy.commission_cap.ceiling=). What Hydra calls `--shell-completion install=bash` is the
same as `completion bash`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sim.errors import Problem, RefusedScenario

BASH = r"""_platform_lab() {
    local one
    COMPREPLY=()
    while IFS= read -r one; do
        COMPREPLY+=("$one")
        case $one in *[=.] | *'['*) compopt -o nospace 2>/dev/null ;; esac
    done < <("$1" _complete line "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o default -F _platform_lab platform-lab
"""
ZSH = r"""_platform_lab() {
    local -a found
    found=("${(@f)$("${(Q)words[1]}" _complete words "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    found=(${found:#})
    (( $#found )) || { _files; return }
    compadd -S '' -- ${(M)found:#(*[=.]|*\[*)}
    compadd -- ${found:#(*[=.]|*\[*)}
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
compdef _platform_lab platform-lab
"""
FISH = r"""function __platform_lab
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l command $words[1]
    set -e words[1]
    set -l found ($command _complete words $words "$word" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$word"
    end
end
complete -c platform-lab -f -a '(__platform_lab)'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def main(words: list[str], extra: Path | None = None) -> None:
    """Print the script of a shell; raises `RefusedScenario` for one that is not known."""
    if len(words) != 1 or words[0] not in SCRIPTS:
        asked = f"completion {' '.join(words)}".strip()
        why = "there is no script for it" if words else "every shell reads a script of its own"
        todo = 'in bash: eval "$(platform-lab completion bash)"'
        raise RefusedScenario([Problem(asked, why, ", ".join(SCRIPTS), todo)])
    print(SCRIPTS[words[0]], end="")


if __name__ == "__main__":
    from experiments.cli import main as cli

    cli(["completion", *sys.argv[1:]])
