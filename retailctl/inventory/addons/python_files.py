"""One Python file: parsed once, walked once.

The walk keeps its own stack, so that no depth of nesting can end it, and looks only at files in which some word of
the vocabulary stands at all: most files of an addon are models without any of it.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from typing import Any, Final

from retailctl.errors import InputError, Location
from retailctl.inventory.addons import network
from retailctl.inventory.addons.constants import Constants
from retailctl.inventory.addons.facts import Call, PythonFacts, SecretLiteral, UrlLiteral
from retailctl.inventory.addons.imports import Imports, dotted_name
from retailctl.inventory.addons.literals import addresses, credential_like, names_credential, shaped
from retailctl.inventory.addons.routes import route_of
from retailctl.workspace.input_codes import SYNTAX

# In lower case. A file without any of these holds nothing of what is looked for, and is parsed but not walked.
_VOCABULARY: Final = (
    *(b"route", b"://", b"requests", b"httpx", b"urllib", b"httplib", b"http_client", b"http.client", b"zeep"),
    *(b"suds", b"paramiko", b"pysftp", b"ftplib", b"smtplib", b"imaplib", b"poplib", b"xmlrpc", b"socket"),
    *(b"subprocess", b"os.system", b"popen", b"import system", b"with_delay", b"delayable", b"_request", b"iap_"),
    *(b"verify", b"passw", b"passphrase", b"passcode", b"pwd", b"secret", b"token", b"apikey", b"api_key", b"api-key"),
    *(b"_key", b"bearer", b"credential", b"accesskey", b"privatekey", b"authkey", b"signingkey", b"hmackey"),
)
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_CHILDREN: Final[dict[type, tuple[str, ...]]] = {
    node: tuple(name for name in node._fields if name not in ("ctx", "op", "ops", "type_comment", "kind"))
    for node in vars(ast).values()
    if isinstance(node, type) and issubclass(node, ast.AST)
}
_LEAVES: Final = frozenset({ast.Name, ast.Constant, ast.Import, ast.ImportFrom, ast.Pass, ast.Break, ast.Continue})


def parse(data: bytes, path: str) -> ast.Module:
    """The syntax tree of a file in whatever encoding it declares. Raises InputError, located, for anything else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of their escapes is not our business
            return ast.parse(data, path)
    except SyntaxError as error:
        line = error.lineno or 0
        reason = error.msg or "invalid syntax"
        hint = "code for Python 2 is not read" if _is_old(data, line) else "correct it, or leave the file out"
        at = Location(path, line=max(line, 0))
        raise InputError(SYNTAX, f"is no Python that can be parsed: {reason}", at=at, hint=hint) from None
    except (ValueError, RecursionError, MemoryError, UnicodeError) as error:
        reason = (
            "it is nested too deeply" if not isinstance(error, ValueError) else "it holds null bytes or broken text"
        )
        raise InputError(
            SYNTAX, f"is no Python that can be parsed: {reason}", at=Location(path), hint="leave the file out"
        ) from None


def _is_old(data: bytes, line: int) -> bool:
    lines = data.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else b""
    return any(sign in text for sign in (b"print ", b"except ", b"exec ", b"raise ", b"<>", b"ur'", b'ur"'))


def python_facts(data: bytes, path: str, fingerprint: Callable[[str], str] | None = None) -> PythonFacts:
    """What one file says; credentials get a fingerprint where one is given. Raises InputError."""
    tree = parse(data, path)
    low = data.lower()
    if not any(word in low for word in _VOCABULARY):
        return PythonFacts()
    return _Walk(tree, path, fingerprint).facts


class _Walk:
    def __init__(self, tree: ast.Module, path: str, fingerprint: Callable[[str], str] | None) -> None:
        self.facts = PythonFacts()
        self._path, self._fingerprint = path, fingerprint
        self._imports = Imports()
        self._docstrings: set[int] = set()
        self._calls: list[ast.Call] = []
        self._functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
        self._tree = tree
        self._collect(tree)
        self._judge()

    def _collect(self, tree: ast.Module) -> None:
        """Walk the tree in order of the source."""
        handlers: dict[type, Callable[[Any], None]] = {
            ast.Import: self._imports.add,
            ast.ImportFrom: self._imports.add,
            ast.Call: self._calls.append,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._body,
            ast.Module: self._body,
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.Assign: self._assign,
            ast.AnnAssign: self._assign,
            ast.keyword: self._keyword,
            ast.Dict: self._dict,
        }
        stack: list[Any] = [tree]
        while stack:
            node = stack.pop()
            kind = node.__class__
            handler = handlers.get(kind)
            if handler is not None:
                handler(node)
            if kind in _LEAVES:
                continue
            for name in reversed(_CHILDREN.get(kind, ())):
                value = getattr(node, name, None)
                if value.__class__ is list:
                    stack.extend([item for item in reversed(value) if isinstance(item, ast.AST)])
                elif isinstance(value, ast.AST):
                    stack.append(value)

    def _judge(self) -> None:
        """What needs all imports of the file."""
        constants: Constants | None = None
        for function in self._functions:
            constants = constants or Constants(self._tree)
            route = route_of(function, self._path, self._imports, constants)
            if route is not None:
                self.facts.routes.append(route)
        for call in self._calls:
            self._call(call)

    def _body(self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            self._docstrings.add(id(first.value))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._body(node)
        if node.decorator_list:
            self._functions.append(node)

    def _constant(self, node: ast.Constant, *, open_end: bool = False) -> None:
        text = node.value
        if text.__class__ is str and "://" in text and id(node) not in self._docstrings:
            before = len(self.facts.urls)
            for found in addresses(text, open_end=open_end):
                self.facts.urls.append(
                    UrlLiteral(
                        path=self._path, line=node.lineno, scheme=found.scheme, host=found.host, address=found.address,
                        standing=found.standing,
                    )
                )  # fmt: skip
            self.facts.texts += len(self.facts.urls) > before

    def _joined(self, node: ast.JoinedStr) -> None:
        """Parts of an f-string: the host at the end of a part goes on in the value after it."""
        for number, part in enumerate(node.values):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and "://" in part.value:
                self._constant(part, open_end=number + 1 < len(node.values))
                self._docstrings.add(id(part))  # seen: the walk comes by again

    def _assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        if not isinstance(node.value, ast.Constant):
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Attribute) and target.attr == "verify" and node.value.value is False:
                self.facts.verify_off += 1  # session.verify = False: every call of the session
            self._credential(_name_of(target), node.value)

    def _keyword(self, node: ast.keyword) -> None:
        if node.arg == "verify" and isinstance(node.value, ast.Constant) and node.value.value is False:
            self.facts.verify_off += 1
        if node.arg is not None:
            self._credential(node.arg, node.value)

    def _dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._credential(key.value, value)

    def _credential(self, name: str, node: ast.expr) -> None:
        if not name or not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        value = node.value
        is_shaped = False
        if not names_credential(name) or not (credential_like(value) or (is_shaped := shaped(value))):
            return
        secret = self._fingerprint(value) if self._fingerprint is not None else ""
        self.facts.secrets.append(
            SecretLiteral(
                path=self._path, line=node.lineno, name=name[:80], secret=secret, shaped=is_shaped or shaped(value)
            )
        )

    def _call(self, node: ast.Call) -> None:
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if method in ("with_delay", "delayable"):
            self.facts.delayed += 1
        dotted = dotted_name(node.func)
        api = next((name for name in self._imports.resolve(dotted) if network.is_api(name)), "") if dotted else ""
        verify_off = any(
            keyword.arg == "verify" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            for keyword in node.keywords
        )
        last = method or dotted
        if api:
            open_ended = any(keyword.arg in ("timeout", None) for keyword in node.keywords)
            self._out(node, api, "direct", no_timeout=network.wants_timeout(api) and not open_ended, verify=verify_off)
        elif last == network.IAP or any(name.endswith(".iap_tools.jsonrpc") for name in self._imports.resolve(dotted)):
            self._out(node, network.IAP, "iap", verify=verify_off)
        elif method and network.is_helper(method) and not _is_super(node.func):
            self._out(node, method, "helper", verify=verify_off)

    def _out(self, node: ast.Call, api: str, kind: Any, *, no_timeout: bool = False, verify: bool = False) -> None:
        self.facts.calls.append(
            Call(
                path=self._path, line=node.lineno, api=api, kind=kind, no_timeout=no_timeout, verify_off=verify,
                url=self._url_of(node),
            )
        )  # fmt: skip

    def _url_of(self, node: ast.Call) -> str:
        """The address that is called, where it is written in the call itself; user, password and query left out."""
        named = [keyword.value for keyword in node.keywords if keyword.arg in ("url", "uri", "wsdl", "host")]
        for argument in (*node.args[:2], *named):
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                for found in addresses(argument.value):
                    if found.standing == "real":
                        return f"{found.scheme}://{found.host}{found.address}"
        return ""


def _is_super(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "super"
    )


def _name_of(target: ast.expr) -> str:
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        return target.slice.value if isinstance(target.slice.value, str) else ""
    return ""
