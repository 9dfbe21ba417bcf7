"""The thin line in a conversation that says what is different from the answer before."""

from __future__ import annotations

from app.core.conversation import Settings, Turn


def change_note(last: Turn | None, model: str, model_key: str, settings: Settings) -> str:
    """What changed since `last`, the newest answer; empty when nothing did."""
    if last is None or last.settings is None:
        return ""
    said = []
    if model and last.model_key and model_key != last.model_key:
        said.append(f"Model changed to {model}")
    said += settings_changes(last.settings, settings)
    return " · ".join(said)


def settings_changes(old: Settings, new: Settings) -> list[str]:
    """Each setting that differs, with its new value."""
    said = []
    if old.system_prompt.strip() != new.system_prompt.strip():
        if not new.system_prompt.strip():
            said.append("System prompt removed")
        else:
            said.append(f"System prompt {'changed' if old.system_prompt.strip() else 'set'}")
    if old.thinking != new.thinking:
        said.append("Thinking on" if new.thinking else "Thinking off")
    if new.thinking and old.thinking_budget != new.thinking_budget:
        budget = f"{new.thinking_budget:,} tokens" if new.thinking_budget else "no limit"
        said.append(f"Thinking budget {budget}")
    for name, label in (("temperature", "Temperature"), ("top_p", "Top-p"), ("top_k", "Top-k")):
        if getattr(old, name) != getattr(new, name):
            said.append(f"{label} {getattr(new, name):g}")
    if old.max_tokens != new.max_tokens:
        said.append(f"At most {new.max_tokens:,} tokens")
    if old.seed != new.seed:
        said.append("New seed each time" if new.seed is None else f"Seed {new.seed}")
    if old.image_tokens != new.image_tokens:
        budget = f"{new.image_tokens:,} tokens" if new.image_tokens else "the model's own budget"
        said.append(f"Pictures at {budget}")
    if old.video_tokens != new.video_tokens:
        said.append(f"Frames at {new.video_tokens} tokens")
    return said + _tool_changes(old.tools, new.tools)


def _tool_changes(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    said = []
    for word, names in (("on", set(new) - set(old)), ("off", set(old) - set(new))):
        if len(names) == 1:
            said.append(f"Tool {min(names)} {word}")
        elif names:
            said.append(f"{len(names)} tools {word}")
    return said
