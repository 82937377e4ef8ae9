"""The theme's colours as a style sheet, so that one drawing serves light and dark pages."""

from __future__ import annotations

from analysis.figures import theme


def style_sheet(plots: str = ".plot") -> str:
    """Variables of every colour, light and dark, and rules that recolour what plotly drew inside `plots`.

    Plotly writes colours into its drawing, where a page cannot reach them but by naming each.
    """
    colours = theme.PARTY_COLOURS | theme.NEUTRAL_COLOURS
    light = " ".join(f"--{name}: {own};" for name, (own, _) in colours.items())
    dark = " ".join(f"--{name}: {own};" for name, (_, own) in colours.items())
    rules = [f":root {{ {light} }}", f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"]
    for name, (own, _) in colours.items():
        rgb, use = _rgb(own), f"var(--{name})"
        rules.append(
            f'{plots} [style*="fill: {rgb}"], {plots} [style*="fill:{own}"] {{ fill: {use} !important; }} '
            f'{plots} [style*="stroke: {rgb}"] {{ stroke: {use} !important; }}'
        )
    return "\n".join(rules)


def _rgb(hex_colour: str) -> str:
    return f"rgb({', '.join(str(int(hex_colour[i : i + 2], 16)) for i in (1, 3, 5))})"
