"""The process that follows grammars and checks finished JSON for one engine.

It has no state but the grammars it was given, reads nothing but the vocabulary, and ends when the
connection does. Every message gets one answer.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.errors import FacetError
from inference.generate.constraint.bounds import SchemaError, check_bounds
from inference.generate.constraint.compiling import compile_schema
from inference.generate.constraint.matcher import ConstraintLostError, LocalMatcher, Step
from inference.generate.constraint.validation import schema_problem, validate, validate_value
from inference.generate.constraint.vocabulary import read_vocabulary
from inference.generate.constraint.wire import Message, Wire, WireError
from inference.prompt.tokenizer import Tokenizer

if TYPE_CHECKING:
    from llguidance import LLTokenizer


class Server:
    """Answers the messages of one connection."""

    def __init__(self, vocabulary: LLTokenizer) -> None:
        self._vocabulary = vocabulary
        self._matchers: dict[int, LocalMatcher] = {}
        self._verbs: Mapping[str, Callable[..., Message]] = {
            "schema": self._schema,
            "grammar": self._grammar,
            "begin": self._begin,
            "push": self._push,
            "rewind": self._rewind,
            "forget": self._forget,
            "validate": lambda schema, text: asdict(validate(schema, text)),
            "judge": lambda schema, value: asdict(validate_value(schema, value)),
        }

    def answer(self, verb: str, *rest: Any) -> Message:
        """The answer to one message; what goes wrong is an answer too."""
        try:
            return self._verbs[verb](*rest)
        except ConstraintLostError as error:
            return {"lost": error.message}
        except FacetError as error:
            return {"refused": error.message, "action": error.action}

    def _schema(self, number: int, schema: Mapping[str, Any]) -> Message:
        check_bounds(schema)
        if problem := schema_problem(schema):
            raise SchemaError(f"This is not a JSON Schema: {problem}.", "Mend the schema.")
        compiled = compile_schema(self._vocabulary, schema)
        self._matchers[number] = LocalMatcher(compiled.matcher)
        return {"level": compiled.level, "ignored": compiled.ignored}

    def _grammar(self, number: int, lark: str) -> Message:
        from llguidance import LLMatcher

        matcher = LLMatcher(self._vocabulary, LLMatcher.grammar_from_lark(lark), log_level=0)
        if matcher.is_error():
            raise ConstraintLostError(" ".join(matcher.get_error().split())[:200])
        self._matchers[number] = LocalMatcher(matcher)
        return {}

    def _begin(self, number: int) -> Step:
        self._matchers[number].begin()
        return self._matchers[number].step()

    def _push(self, number: int, token_ids: Sequence[int]) -> Step:
        self._matchers[number].push(token_ids)
        return self._matchers[number].step()

    def _rewind(self, number: int, count: int) -> Step:
        self._matchers[number].rewind(count)
        return self._matchers[number].step()

    def _forget(self, number: int) -> Message:
        self._matchers.pop(number, None)
        return {}


def main(arguments: Sequence[str]) -> int:
    """`child FD` talks over that socket; the first message names the vocabulary."""
    wire = Wire(socket.socket(fileno=int(arguments[0])))
    try:
        first = wire.receive()
        assert isinstance(first, list)
        file, vocab, stops = first
        server = Server(read_vocabulary(Tokenizer.from_file(Path(file), vocab), stops))
        wire.send({})
        while True:
            message = wire.receive()
            assert isinstance(message, list)
            wire.send(server.answer(*message))
    except WireError:
        return 0  # the engine is gone, and with it the reason to be


if __name__ == "__main__":
    # Ended by a closed socket or a signal; nothing has to be put away.
    os._exit(main(sys.argv[1:]))
