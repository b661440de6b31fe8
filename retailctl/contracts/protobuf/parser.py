"""``.proto`` text to the model, by descent; the depth of nesting is bounded.

The reader is a little more tolerant than protoc where two readings cannot be confused (numbers and names in one
``reserved``, groups in proto3): what the declaration means is clear, and registries hold such schemas.
"""

from __future__ import annotations

from typing import Final

from retailctl.contracts.protobuf.bodies import Bodies
from retailctl.contracts.protobuf.model import Import, ProtoFile, Rpc, Service
from retailctl.contracts.protobuf.problems import ProtoProblem, ProtoSyntaxError
from retailctl.contracts.protobuf.values import option

MAX_LENGTH: Final = 2_000_000
_EDITIONS: Final = ("2023", "2024")


def parse(path: str, text: str) -> tuple[ProtoFile, list[ProtoProblem]]:
    """The file and the problem that ended the reading, if one did; what stands before it is in the file."""
    file = ProtoFile(path, text)
    if len(text) > MAX_LENGTH:
        file.text, file.complete = "", False
        told = f"the file has {len(text):,} characters, at most {MAX_LENGTH:,} are read: split it into several files"
        return file, [ProtoProblem("proto-size", path, 1, 1, told)]
    try:
        _Parser(file).file()
    except ProtoSyntaxError as error:
        file.complete = False
        return file, [ProtoProblem(error.code, path, *file.position(error.mark), error.message)]
    return file, []


class _Parser(Bodies):
    """The declarations of a file; those inside of messages and enums are in :class:`Bodies`."""

    def __init__(self, file: ProtoFile) -> None:
        super().__init__(file.path, file.text)
        self._file = file

    def file(self) -> None:
        """Read the whole text."""
        tokens = self.tokens
        self._syntax()
        while tokens.kind != "end":
            mark, word = tokens.mark, tokens.text if tokens.kind == "ident" else ""
            if tokens.taken(";"):
                continue
            tokens.advance()
            if word in ("export", "local") and tokens.text in ("message", "enum"):
                continue
            if word in ("import", "package", "option"):
                self._statement(word, mark)
            else:
                self._declaration(word, mark)

    def _statement(self, word: str, mark: int) -> None:
        tokens, file = self.tokens, self._file
        if word == "import":
            self._import(mark)
        elif word == "package":
            file.package, file.package_mark = tokens.full_name("the name of the package"), mark
        else:
            file.options += option(tokens, mark)
        tokens.need(";")

    def _declaration(self, word: str, mark: int) -> None:
        file = self._file
        match word:
            case "message":
                file.messages.append(self.message(file.package, mark, "", 0))
            case "enum":
                file.enums.append(self.enum(file.package, mark, ""))
            case "extend":
                self.extend(file.package, file.extends, file.messages, "", 0)
            case "service":
                file.services.append(self._service(mark))
            case _:
                told = "expected a declaration: import, package, option, message, enum, extend or service"
                raise ProtoSyntaxError(told, mark)

    def _syntax(self) -> None:
        tokens, file = self.tokens, self._file
        file.syntax_mark = tokens.mark
        if tokens.taken("syntax"):
            tokens.need("=")
            mark, said = tokens.mark, tokens.string()
            if said not in ("proto2", "proto3"):
                raise ProtoSyntaxError('the syntax is "proto2" or "proto3"', mark)
            file.syntax = "proto2" if said == "proto2" else "proto3"
            tokens.need(";")
        elif tokens.taken("edition"):
            tokens.need("=")
            mark, file.edition = tokens.mark, tokens.string()
            file.syntax = "editions"
            if file.edition not in _EDITIONS:
                raise ProtoSyntaxError(f"known editions are {' and '.join(_EDITIONS)}", mark)
            tokens.need(";")

    def _import(self, mark: int) -> None:
        tokens = self.tokens
        kind = tokens.ident() if tokens.text in ("public", "weak", "option") else ""
        self._file.imports.append(Import(tokens.string("the path of the file to import"), kind, mark))

    def _service(self, mark: int) -> Service:
        tokens = self.tokens
        name_mark = tokens.mark
        name = tokens.ident("the name of the service")
        full = self.joined(self._file.package, name)
        service = Service(name, full, mark, name_mark, file=self._file.path, pointer=f"/services/{name}")
        tokens.need("{")
        while not tokens.taken("}"):
            mark = tokens.mark
            if tokens.taken(";"):
                continue
            if tokens.taken("option"):
                service.options += option(tokens, mark)
                tokens.need(";")
            elif tokens.taken("rpc"):
                service.rpcs.append(self._rpc(service, mark))
            else:
                raise tokens.expected("rpc or option")
        return service

    def _rpc(self, service: Service, mark: int) -> Rpc:
        tokens = self.tokens
        name_mark = tokens.mark
        name = tokens.ident("the name of the method")
        rpc = Rpc(name, f"{service.full_name}.{name}", mark, name_mark, pointer=f"{service.pointer}/rpcs/{name}")
        rpc.client_streaming, rpc.request, rpc.request_mark = self._side()
        tokens.need("returns")
        rpc.server_streaming, rpc.response, rpc.response_mark = self._side()
        if tokens.taken(";"):
            return rpc
        tokens.need("{")
        while not tokens.taken("}"):
            mark = tokens.mark
            if tokens.taken(";"):
                continue
            tokens.need("option")
            rpc.options += option(tokens, mark)
            tokens.need(";")
        return rpc

    def _side(self) -> tuple[bool, str, int]:
        """Pass ``(Type)`` or ``(stream Type)``; ``stream`` is a type only where nothing follows it."""
        tokens = self.tokens
        tokens.need("(")
        mark = tokens.mark
        streaming = tokens.taken("stream")
        if streaming and tokens.taken(")"):
            return False, "stream", mark
        mark = tokens.mark
        name = tokens.full_name("the type of a message")
        tokens.need(")")
        return streaming, name, mark
