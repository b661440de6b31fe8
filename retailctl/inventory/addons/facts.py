"""What the source of an addon says, file by file and module by module. Facts, no judgement, and never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from retailctl.errors import InputError

Standing = Literal["real", "namespace", "example", "loopback", "symbolic"]
Via = Literal["literal", "constant", "unresolved"]
Loaded = Literal["data", "demo", "unlisted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePath:
    """One path of a route; ``text`` is empty where it is not found in the file (``via`` is then ``unresolved``)."""

    line: int
    text: str = ""
    via: Via = "literal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A function with a route decorator.

    ``bare`` declares an inherited route again and adds no path; ``wrapped`` is the name of a decorator that makes a
    route in a way of its own. ``auth``, ``type`` and ``csrf`` are None where the source does not decide them;
    ``methods`` is empty for any method. ``spread`` tells that ``**`` may say more than what stands here.
    """

    path: str
    line: int
    function: str
    paths: tuple[RoutePath, ...] = ()
    bare: bool = False
    wrapped: str = ""
    auth: str | None = "user"
    type: str | None = "http"
    csrf: bool | None = True
    methods: tuple[str, ...] | None = ()
    cors: str | None = ""
    spread: bool = False

    @property
    def own(self) -> bool:
        """Is it a route of its own, neither an override nor wrapped?"""
        return not self.bare and not self.wrapped

    @property
    def exposed(self) -> bool:
        """Can it be called without signing in?"""
        return self.own and self.auth in ("public", "none")

    @property
    def unprotected(self) -> bool:
        """Exposed, and the check against forged requests is off."""
        return self.exposed and self.csrf is False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to the network. ``kind`` tells a library (direct) from a helper of a parent and from Odoo's IAP."""

    path: str
    line: int
    api: str
    kind: Literal["direct", "helper", "iap"] = "direct"
    no_timeout: bool = False
    verify_off: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlLiteral:
    """An address in a string, without user, password, query and fragment. ``host`` is lower case."""

    path: str
    line: int
    scheme: str
    host: str
    address: str = ""
    standing: Standing = "real"

    @property
    def plain_http(self) -> bool:
        """Unencrypted, to a real host?"""
        return self.scheme == "http" and self.standing == "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretLiteral:
    """A value that looks like a credential, by the name it is given to; ``secret`` is a fingerprint or empty.

    ``shaped`` tells that the value itself has the form of a key of a known service or of a long random text.
    """

    path: str
    line: int
    name: str
    secret: str = ""
    shaped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of an XML or CSV data file, with those of its fields that may be kept."""

    path: str
    line: int
    model: str
    xml_id: str
    loaded: Loaded = "unlisted"
    fields: Mapping[str, str] = field(default_factory=dict)
    urls: tuple[UrlLiteral, ...] = ()
    secrets: tuple[SecretLiteral, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``__manifest__.py``; lists keep their order."""

    name: str = ""
    version: str = ""
    license: str = ""
    installable: bool = True
    application: bool = False
    auto_install: bool = False
    depends: tuple[str, ...] = ()
    external: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: tuple[str, ...] = ()
    demo: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class PythonFacts:
    """What one Python file says; ``texts`` are strings with an address, each of which may hold several."""

    routes: list[Route] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    urls: list[UrlLiteral] = field(default_factory=list)
    secrets: list[SecretLiteral] = field(default_factory=list)
    texts: int = 0
    delayed: int = 0
    verify_off: int = 0


@dataclass(slots=True, kw_only=True)
class ModuleFacts:
    """One module. ``path`` is its folder, ``technical`` the name of the folder; ``is_test`` a module named ``test_*``.

    ``texts`` counts strings with an address, ``verify_off`` ``verify=False`` of any call, ``delayed`` calls of
    ``with_delay`` and ``delayable``, ``open_access`` rows of access that give everybody the right to write.
    ``problems`` are files, or parts of them, that could not be read.
    """

    path: str
    technical: str
    manifest: Manifest = field(default_factory=Manifest)
    is_test: bool = False
    python_files: int = 0
    xml_files: int = 0
    csv_files: int = 0
    test_files: int = 0
    routes: list[Route] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    urls: list[UrlLiteral] = field(default_factory=list)
    secrets: list[SecretLiteral] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    texts: int = 0
    delayed: int = 0
    verify_off: int = 0
    open_access: int = 0
    problems: list[InputError] = field(default_factory=list)

    def add(self, facts: PythonFacts) -> None:
        """Take over what one file says."""
        self.routes += facts.routes
        self.calls += facts.calls
        self.urls += facts.urls
        self.secrets += facts.secrets
        self.texts += facts.texts
        self.delayed += facts.delayed
        self.verify_off += facts.verify_off

    def of_model(self, model: str) -> list[Record]:
        """The records of a model, in the order of the files."""
        return [record for record in self.records if record.model == model]
