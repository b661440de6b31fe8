"""HTML that is escaped by construction: a plain string becomes text, only :class:`Markup` stays markup."""

from __future__ import annotations

from retailctl.report import escape


class Markup(str):
    """A string that is HTML already. Made by :func:`el`, and from constants and assets of this package."""

    __slots__ = ()


Child = str | Markup | None
Attribute = str | int | float | bool | None


def el(tag: str, *children: Child, **attributes: Attribute) -> Markup:
    """An element. ``class_`` is ``class``, ``data_x`` is ``data-x``; None and False leave it out."""
    head = "".join(_attribute(name, value) for name, value in attributes.items())
    return Markup(f"<{tag}{head}>{join(*children)}</{tag}>")


def join(*children: Child) -> Markup:
    """Children side by side, each escaped unless it is markup."""
    return Markup("".join(_text(child) for child in children if child is not None))


def mark(kind: str) -> Markup:
    """The shape of a severity or verdict; it always stands next to a word that says the same."""
    return Markup(f'<svg class="mark {kind}" aria-hidden="true"><use href="#m-{kind}"/></svg>')


def _text(child: str) -> str:
    return child if isinstance(child, Markup) else escape.html_text(child)


def _attribute(name: str, value: Attribute) -> str:
    key = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {key}"
    return f' {key}="{escape.html_text(format(value, "g") if isinstance(value, float) else str(value))}"'
