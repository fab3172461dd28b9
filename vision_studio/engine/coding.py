"""The next request as code, and the files that the code needs."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.code import FILE_NAMES, code
from vision_studio.core.code_request import CodeRequest, Flavour, Language, code_request
from vision_studio.core.conversation import Answer, Session, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.export_names import unused
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.image_names import numbered, sent_text
from vision_studio.core.portable_events import CodeReady, CodeSaved
from vision_studio.engine.fitter import Fitter
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.errors import os_failure


class Coding:
    """For the engine's thread. What is wrong is raised as ``Failed``."""

    def __init__(self, fitter: Fitter, blobs: Blobs, catalogue: ModelTable) -> None:
        self._fitter = fitter
        self._blobs = blobs
        self._catalogue = catalogue

    async def request(self, ticket: str, session: Session, draft: Draft) -> CodeReady:
        """Return what *Send* would send now; nothing is saved or uploaded for it."""
        prompt, mentions = sent_text(draft, session)
        sent = numbered(draft, session)
        if not sent and not prompt.strip():
            raise Failed(Failure(FailureKind.BAD_REQUEST, "There is nothing to send yet"))
        asked = Turn("", prompt, sent, Answer(session.model_id), session.updated_at, mentions=mentions)
        fitted = await self._fitter.as_sent(replace(session, turns=(*session.turns, asked)))
        *before, last = fitted.turns
        model = self._catalogue.model(session.model_id)
        return CodeReady(ticket, code_request(replace(fitted, turns=tuple(before)), last, model))

    async def save(
        self, ticket: str, request: CodeRequest, language: Language, flavour: Flavour, folder: Path, name: str
    ) -> CodeSaved:
        """Write the code and its images into a new folder of that name, or the next free one."""
        try:
            made = await asyncio.to_thread(self._save, request, language, flavour, folder, name)
        except OSError as error:
            failure = os_failure(error)
            kind = failure.kind if failure.kind is FailureKind.DISK_FULL else FailureKind.NOT_WRITTEN
            raise Failed(Failure(kind, f"The code could not be saved there: {failure.message}")) from error
        return CodeSaved(ticket, made.name, folder.name)

    def _save(
        self, request: CodeRequest, language: Language, flavour: Flavour, folder: Path, name: str
    ) -> Path:
        unfinished = folder / f".vision-studio-{uuid.uuid4().hex}"
        unfinished.mkdir()
        try:
            (unfinished / FILE_NAMES[language]).write_text(
                code(request, language, flavour), encoding="utf-8", newline="\n"
            )
            for image in request.images:
                shutil.copyfile(self._blobs.path(image.digest), unfinished / image.name)
            taken = {path.name.casefold() for path in folder.iterdir()}
            return unfinished.rename(folder / unused(name, taken))
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
