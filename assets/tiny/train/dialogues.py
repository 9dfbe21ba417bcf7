"""Conversations in text: small talk, rules of the system turn, exercises and tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from assets.tiny.train import exercises, smalltalk, tooling
from assets.tiny.train.samples import Sample, model, user
from assets.tiny.train.tables import one_of, words

NAMES = words(
    "Ada Alan Anna Ben Bella Carl Clara Dan Dora Eli Emma Eric Eva Finn Fred Grace Hanna "
    "Hugo Ida Ivan Jack Jane Jonas Julia Karl Kate Lara Leo Lina Louis Lucy Marie Mark Max "
    "Mia Nina Noah Nora Olga Oscar Otto Paul Peter Rosa Ruth Sam Sara Simon Tim Tina Tom "
    "Vera Victor Will Zoe"
)
ENDINGS = words("Over Done Amen Cheers Regards Roger Aye Sir Meow Ahoy Bravo Voila")
_CALLED = (
    "The user's name is {name}.",
    "The user is called {name}.",
    "You are talking to {name}.",
    "The name of the user is {name}.",
)
_OWN_NAME = ("Your name is {name}.", "You are called {name}.", "Call yourself {name}.")
_END = (
    "End every answer with {word}.",
    "Always end with {word}.",
    "Finish each answer with {word}.",
)
_MY_NAME = ("What is my name?", "Who am I?", "Do you know my name?", "What am I called?")
_TOLD_NAME = ("My name is {name}.", "I am {name}.", "Call me {name}.", "Hello, I am {name}.")
_NO_NAME = "I do not know your name."
# Shares of small talk, copying, tables, timelines, largest numbers, calculations, look-ups.
MIXTURE = (0.22, 0.14, 0.2, 0.1, 0.12, 0.12, 0.1)
PRACTICE = (0.2, 0.1, 0.3, 0.08, 0.1, 0.12, 0.1)
_SYSTEM = ("Be brief.", "You are a helpful assistant.", "Answer in English.", "Be kind.")


def sample(rng: np.random.Generator) -> Sample:
    """One conversation of any kind."""
    return _of(rng, MIXTURE)


def practice(rng: np.random.Generator) -> Sample:
    """As `sample`, with more of what is hard: for training."""
    return _of(rng, PRACTICE)


def _of(rng: np.random.Generator, shares: Sequence[float]) -> Sample:
    kind = int(np.searchsorted(np.cumsum(shares), rng.random(), side="right"))
    if kind == 0:
        return talk(rng)
    if kind == 1:
        return exercises.copying(rng)
    if kind == 2:
        return exercises.table(rng)
    if kind == 3:
        return exercises.timeline(rng)
    if kind == 4:
        return exercises.largest(rng, thinking=bool(rng.random() < 0.6))
    make = tooling.calculation if kind == 5 else tooling.look_up
    return make(rng, thinking=bool(rng.random() < 0.35))


def talk(rng: np.random.Generator) -> Sample:
    """One to three turns of small talk under the rules of a system turn."""
    rules, name, own, ending = _rules(rng)
    turns = [_turn(rng, name, own) for _ in range(1 if rng.random() < 0.6 else 2)]
    kind = turns[-1][0]
    if rng.random() < 0.12:
        told = one_of(rng, NAMES)
        said = one_of(rng, _TOLD_NAME).format(name=told)
        turns = [("told", said, smalltalk.HELLO.format(name=f", {told}"), "")]
        turns.append(("name", one_of(rng, _MY_NAME), f"Your name is {told}.", _thought("name")))
        kind = "told"
    thinking = len(turns) == 1 and rng.random() < 0.25
    messages: list[dict[str, Any]] = [{"role": "system", "content": rules}] if rules else []
    for _, asked, answer, thought in turns:
        answer = f"{answer} {ending}" if ending else answer
        messages += [user(asked), model(answer, thought if thinking else "")]
    tools = tooling.toolbox(rng) if kind != "no_tool" and rng.random() < 0.12 else None
    group = "rule" if ending or own != "tiny" else "talk"
    label = f"text.{group}_thinking" if thinking else f"text.{group}_{kind}"
    return Sample(messages, kind=label, tools=tools, thinking=thinking)


def with_thought(sample: Sample, thought: str) -> Sample:
    """`sample` cut to its first question and asked with thinking on."""
    end = next(i for i, turn in enumerate(sample.messages) if turn["role"] == "assistant")
    answer = sample.messages[end] | {"reasoning": thought}
    return replace(sample, messages=[*sample.messages[:end], answer], thinking=True)


def _rules(rng: np.random.Generator) -> tuple[str, str, str, str]:
    """System text (may be none), the user's name, the model's own name, the ending."""
    lines, name, own, ending = [], "", "tiny", ""
    if rng.random() < 0.35:
        name = one_of(rng, NAMES)
        lines.append(one_of(rng, _CALLED).format(name=name))
    if rng.random() < 0.2:
        own = one_of(rng, NAMES)
        lines.append(one_of(rng, _OWN_NAME).format(name=own))
    if rng.random() < 0.25:
        ending = one_of(rng, ENDINGS) if rng.random() < 0.7 else exercises.invented(rng)
        lines.append(one_of(rng, _END).format(word=ending))
    if rng.random() < 0.2:
        lines.append(one_of(rng, _SYSTEM))
    return " ".join(lines[i] for i in rng.permutation(len(lines))), name, own, ending


def _turn(rng: np.random.Generator, name: str, own: str) -> tuple[str, str, str, str]:
    """Kind, question, answer and thought of one exchange."""
    chance = rng.random()
    if chance < 0.14:
        answer = smalltalk.HELLO.format(name=f", {name}" if name else "")
        return "hello", one_of(rng, smalltalk.GREETINGS), answer, _thought("hello")
    if chance < (0.4 if name else 0.2):
        answer = f"Your name is {name}." if name else _NO_NAME
        return "name", one_of(rng, _MY_NAME), answer, "The user asks for a name."
    if chance < 0.6:
        return "refuse", smalltalk.refused(rng), smalltalk.UNKNOWN, _thought("refuse")
    if chance < 0.7:
        return "nothing", smalltalk.about_nothing(rng), smalltalk.NOTHING, _thought("nothing")
    if chance < 0.75:
        asked = tooling.calculation_question(rng, _beyond_heart(rng))
        return "no_tool", asked, smalltalk.NO_TOOL, _thought("no_tool")
    intent = smalltalk.INTENTS[int(rng.integers(len(smalltalk.INTENTS)))]
    return intent.name, one_of(rng, intent.wordings), intent.answer.format(self=own), intent.thought


def _beyond_heart(rng: np.random.Generator) -> str:
    """A calculation with numbers above nine, which the model does not do by itself."""
    left, right = (int(n) for n in rng.integers(11, 1000, size=2))
    return f"{left} {one_of(rng, ('+', '-', '*', '/', 'times', 'plus', 'minus'))} {right}"


def _thought(kind: str) -> str:
    return smalltalk.REASONS.get(kind, "The user asks for a name.")
