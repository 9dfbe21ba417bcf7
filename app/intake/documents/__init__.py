"""Documents as pages of text and pictures: PDF, Word, Excel, PowerPoint. Run in the worker."""

from app.intake.documents.parts import (
    document_facts,
    document_parts,
    first_picture,
    page_picture,
    page_text,
    page_texts,
)

__all__ = [
    "document_facts",
    "document_parts",
    "first_picture",
    "page_picture",
    "page_text",
    "page_texts",
]
