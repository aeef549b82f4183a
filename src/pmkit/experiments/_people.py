"""Who a phrase speaks of: noun phrases of people."""

from __future__ import annotations

import functools
import re

from pmkit.language import ENGLISH, Token, singular, tokenize, verb_readings

__all__ = ["is_person", "people_phrase"]

_MORE_PEOPLE = frozenset(
    """
    account accounts agency agencies apprentice apprentices attendee attendees bidder business businesses caller candidate
    chef citizen clerk clinic clinics club clubs collector commuter company companies concertgoer consumer cook courier
    creator customer diabetic diabetics diner donor driver editor enterprise enterprises farmer firm firms freelancer guest
    hire hires hospital hospitals household households human individual individuals learner lead leads lender listener
    merchant mom mum moms mums newcomer nonprofit nonprofits organization organizations organisation organisations
    outpatient outpatients passenger patient person persona player plumber prospect prospects pupil pupils reader recruit
    recruits resident retailer rider school schools segment seller shop shopper shoppers startup startups student
    subscriber supplier teen teens tester trainee traveler traveller user veteran veterans viewer visitor voter worker
    workforce staff crew crews squad squads cohort cohorts personnel stalls everybody anybody anyone
    """.split()
)
_NO_PEOPLE = frozenset(
    """
    answer banner buffer bumper carrier chapter charter cluster color colour computer container control corner counter
    cover customer-support data dinner disorder door drawer encounter error factor favor filter floor folder footer
    founder-led header honor indicator labor ladder layer letter loader lunch-order major manner marker master matter
    meter minor mirror monitor motor newsletter number offer operator-assist order other outer over page-loader panther
    paper parameter pointer poster power printer processor quarter rather reader-mode register remainder reminder render
    router scanner screen-reader semester sensor server shelter shoulder shower slider solver spinner sticker summer
    super sweater tablet theater theatre tier timer toaster tower tracker trailer transfer trigger tumor upper vector
    voucher water weather whether winter wonder calculator elevator escalator generator radiator locker checker
    selector editor-view cucumber december november october september after under per user-interface folder
    another either neither together however never ever later earlier sooner longer shorter higher lower fewer cheaper
    faster slower larger smaller better bigger newer older greater former latter proper clever sober eager doctor's
    flyer brochure binder blender booster breaker burner charger cleaner cooler copier cutter dishwasher dryer fastener
    feeder freezer heater mixer pager peeler planner-tool player-mode repeater roller rubber ruler scooter shaker shutter
    sprinkler stapler starter stroller thermometer toner trimmer vaporizer viewer-mode wrapper finger flower river hour
    four your our tour
    """.split()
)
_AGENT = re.compile(r"^[a-z\-]{2,}(?:er|or|ist|ee|ian|ant|eur)$")
_AGE = re.compile(r"^(?:over|under|aged|above|below|between)$")
_STOP = frozenset(
    """
    will would should can could may might shall must to by from within because since if when then and or so that who whom
    whose with without while is are was were be has have had do does did than per as via through during before after
    until about against toward towards increase decrease reduce raise lift improve rise fall drop go get see , . ; : ( )
    """.split()
)
_RELATIVE = frozenset(
    {"who", "whose", "that", "with", "without", "over", "under", "aged", "in", "on", "at", "from", "of"}
)
_COLLECTIVE = frozenset(
    "people staff team family everyone everybody anyone someone crew personnel workforce women men".split()
)


@functools.lru_cache(maxsize=8192)
def is_person(word: str) -> bool:
    """Say whether a word most likely names a person or a group of people."""
    known = _listed()
    if word in known or word in _MORE_PEOPLE:
        return True
    last = word.rsplit("-", 1)[-1]
    one = singular(last)
    if last in _NO_PEOPLE or one in _NO_PEOPLE:
        return False
    if one in known or one in _MORE_PEOPLE or last in known or last in _MORE_PEOPLE:
        return True
    return bool(_AGENT.match(one)) and len(one) > 5 and last != one and _from_verb(one)  # noqa: PLR2004 - "gamer" and up are listed


@functools.lru_cache(maxsize=8192)
def _from_verb(noun: str) -> bool:
    """Say whether an agent noun stands on a verb that is known: "renter" on "rent", "trainee" on "train"."""
    if noun.endswith(("ist", "ian", "eur", "ee")):
        return True
    for ending in ("er", "or", "ant"):
        if noun.endswith(ending):
            stem = noun[: -len(ending)]
            stems = [stem, stem + "e"] + ([stem[:-1]] if len(stem) > 2 and stem[-1] == stem[-2] else [])  # noqa: PLR2004
            return any(reading.form == "base" for base in stems for reading in verb_readings(base))
    return False


@functools.cache
def _listed() -> frozenset[str]:
    inanimate = {
        "others",
        "fan",
        "fans",
        "dog",
        "dogs",
        "pet",
        "pets",
        "press",
        "senior",
        "lead",
        "public",
        "community",
        "principal",
    }
    people = set(ENGLISH.words("people_nouns")) | set(ENGLISH.words("roles"))
    return frozenset(people - inanimate)


def people_phrase(
    text: str, start: int, end: int, *, tail: bool = True, after_verb: bool = False
) -> tuple[int, int] | None:
    """Find the noun phrase of people that begins at `start`, if there is one: "subscribers on TV".

    With `tail` its relative clause or place belongs to it, up to the next stop; with `after_verb` a gerund before it
    is passed over ("pairing new hires").
    """
    tokens = [token for token in tokenize(text[start:end])]
    first = 0
    while first < len(tokens) and tokens[first].lower in {"the", "a", "an", "some"}:
        first += 1
    if (
        after_verb
        and first + 1 < len(tokens)
        and tokens[first].lower.endswith("ing")
        and tokens[first + 1].lower not in _STOP
    ):
        first += any(reading.form == "gerund" for reading in verb_readings(tokens[first].lower))
    head = _head(tokens, first)
    if head is None:
        return None
    last = head
    if tail:
        last = _tail(tokens, head)
    return start + tokens[first].start, start + tokens[last].end


def _head(tokens: list[Token], first: int) -> int | None:
    """Return the place of the last word of people before the phrase stops, within six words."""
    found = None
    for place in range(first, min(len(tokens), first + 7)):
        token = tokens[place]
        if (
            token.kind == "symbol"
            or (token.lower in _STOP and place > first)
            or token.lower in {"of", "in", "on", "at", "for", "among"}
        ):
            break
        if token.kind == "word" and is_person(token.lower):
            if not _modifies(tokens, place):
                found = place
        elif found is not None:
            break
    return found


def _modifies(tokens: list[Token], place: int) -> bool:
    """Say whether a word for one person only colors the next noun, as in "customer reviews"."""
    word = tokens[place].lower
    if place + 1 >= len(tokens) or singular(word) != word or word in _COLLECTIVE:
        return False
    after = tokens[place + 1]
    return (
        after.kind == "word"
        and after.lower not in _STOP
        and after.lower not in _RELATIVE
        and not after.lower.endswith("s'")
    )


def _tail(tokens: list[Token], head: int) -> int:
    place = head + 1
    if place >= len(tokens) or tokens[place].lower not in _RELATIVE:
        return head
    opener = tokens[place].lower
    if opener in {"from"} and place + 1 < len(tokens) and tokens[place + 1].kind == "number":
        return head
    last = head
    clause = opener in {"who", "whose", "that"}
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "symbol" and token.lower not in {"'", '"'}:
            break
        if token.lower in {
            "will",
            "would",
            "should",
            "can",
            "could",
            "may",
            "might",
            "by",
            "within",
            "because",
            "since",
            "if",
            "then",
            "to",
            "among",
            "for",
        } and not (clause and token.lower in {"to", "for", "by"}):
            break
        last = place
        place += 1
    return last
