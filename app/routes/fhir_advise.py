"""POST /fhir/$advise: a Bundle of one or many patients in, their advice out."""

from datetime import date
from hashlib import blake2b
from time import perf_counter_ns

import orjson
from fastapi import APIRouter, Depends, Request, Response

from app.bundles.advising import judge_bundle
from app.bundles.asked import Asked, read_asked
from app.bundles.entries import entries_in
from app.bundles.judged import Judged
from app.bundles.recording import recorded
from app.clients.terms import Terms
from app.consult import Reader
from app.limits.apart import apart
from app.render.advised.answer import advised_bundle
from app.render.advised.parts import name_of
from app.render.as_sent import numbers_as_sent
from app.routes.answer import FHIR_JSON, bytes_response
from app.routes.body import read_json
from app.routes.described_fhir import advise
from app.routes.hooks import House
from app.routes.language import language_of
from app.routes.negotiation import only_json
from app.strict.validation import APPLIED, is_strict, refuse_what_is_not_r4


def advise_routes(house: House) -> APIRouter:
    """The operation."""
    router = APIRouter(prefix="/fhir", tags=["FHIR"], dependencies=[Depends(only_json)])

    @router.post("/$advise", **advise())
    async def judge(request: Request) -> Response:
        began, terms, settings = perf_counter_ns(), house.terms_for(request), house.settings
        body_sent = await read_json(request, settings)
        strict = is_strict(request.headers.get("prefer"))
        if strict:
            await apart(lambda: refuse_what_is_not_r4(request.state.sent, body_sent))
        asked = read_asked(body_sent, request.query_params.multi_items())
        accepted = language_of(request.headers.get("accept-language"), terms.language(settings.language))
        reader = Reader(
            language=asked.options.language or accepted,
            public_url=settings.public_url,
            country=asked.options.country or terms.country,
            off=terms.off,
            shadow=terms.shadow,
            taper=terms.taper,
        )
        today = asked.options.today or house.today()
        name = _name_of_request(request, terms, reader, today)
        judged, body = await apart(lambda: _answer(asked, request.state.sent, terms, reader, today, name))
        took_us = (perf_counter_ns() - began) // 1000
        await recorded(judged, terms.name, reader.language, terms.library.version, took_us, house.journal)
        response = bytes_response(body, FHIR_JSON, reader.language)
        response.headers.update(APPLIED if strict else {})
        return response

    return router


def _answer(
    asked: Asked, sent: bytes, terms: Terms, reader: Reader, today: date, name: str
) -> tuple[list[tuple[str, Judged]], bytes]:
    found = entries_in(asked.bundle, asked.path)
    patients, unreadable = judge_bundle(found, asked.options, terms.library, today, reader)
    judged = [(name_of("guidance", name, str(place)), each) for place, each in enumerate(patients)]
    numbers_as_sent([card for each in patients for card in (each.answer.cards if each.answer else ())], sent)
    answer = advised_bundle(found.entries, unreadable, judged, terms.library, reader.language, name)
    return judged, orjson.dumps(answer)


def _name_of_request(request: Request, terms: Terms, reader: Reader, today: date) -> str:
    """The same for the same body, asked in the same way on the same day of the same knowledge: a retry has the same answer."""
    body: bytes = request.state.sent
    how = sorted(request.query_params.multi_items())
    kept = (terms.name, terms.library.version, sorted(terms.off), sorted(terms.shadow))
    told = repr((how, kept, reader.language, reader.country, today.isoformat()))
    return name_of("request", blake2b(body).hexdigest(), told)
