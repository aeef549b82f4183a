"""The connecting words by which the common templates of a hypothesis are known."""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

from pmkit.experiments._moving import MOVING

__all__ = [
    "ACQUIRED",
    "APART",
    "ARROW",
    "ASIDE",
    "AUDIENCE_AFTER",
    "AUDIENCE_IN_CHANGE",
    "AUDIENCE_OF",
    "AUDIENCE_WITH",
    "BY_LAST",
    "CHUNK",
    "CLAUSES",
    "FOR_FIRST",
    "GAP",
    "GIVEN",
    "IF_FIRST",
    "IF_LAST",
    "KNOWN",
    "LEAD",
    "LIKED",
    "NO_CHANGE",
    "PROMISE",
    "REASON",
    "REASON_BEFORE",
    "REASON_FIRST",
    "REFUTED",
    "STATE",
    "TO_ACHIEVE",
    "TO_FIRST",
    "TO_HELP",
    "VERBS_OF_BELIEF",
    "WE",
    "WE_DO",
]

VERBS_OF_BELIEF = (
    r"believe|think|expect|predict|hypothesi[sz]e|assume|anticipate|suspect|propose|bet|are\ betting|are\ confident|are\ convinced"
    r"|are\ guessing|guess|feel|hope|know|estimate|suppose|reckon|theori[sz]e|foresee|forecast|project|speculate|posit|trust|'re\ betting|'re\ confident"
)
LEAD = re.compile(
    rf"""^[\s"'“*_>\x00,.•-]*(?:
      (?:hypothesis|h\d+|hyp|our\ (?:hypothesis|belief|bet|guess|assumption|theory|hunch|idea)|my\ (?:hypothesis|belief|guess|bet|theory|hunch)|the\ (?:hypothesis|idea|assumption|theory|bet)|assumption|belief|bet|theory|idea|experiment|test)\s*(?:\#?\d+\s*)?(?:is\ that|is|:|[.)–—-](?=\s))\s*
    )?(?:(?:perhaps|maybe|possibly|hopefully|so|therefore|thus|as\ an?\ (?:team|company|squad|group|product\ team)|in\ our\ (?:view|opinion))\s*,?\s+)?
    (?:(?:(?:we|i|our\ team|the\ team)\s+(?:strongly\ |firmly\ |also\ |do\ |really\ |currently\ )?(?:(?:{VERBS_OF_BELIEF})s?\b|(?:have|had)\ a\ (?:hunch|feeling|theory))
        |(?:we|i)(?:['’](?:re|m)|\ are|\ am)\s+(?:fairly\ |quite\ |very\ |pretty\ )?(?:convinced|confident|betting|sure|certain|guessing|hoping|optimistic)|it\ is\ our\ belief)\s*(?:on\b(?=\s+\w+ing\b))?(?:that\b|:|…|\.\.\.)?\s*)?
    (?:\(?(?:the\ following|this)\)?:\s*)?
    (?:(?:our|the|my)\ (?:goal|aim|objective)\ is\ (?=to\ ))?
    (?:we\ (?:want|need)\ (?!to\b))?
    (?:we\ (?:want|would\ like|need)\ to\ (?:see|test|find\ out|learn|know|check)\ (?:whether|if|that)\ )?""",
    re.VERBOSE | re.IGNORECASE,
)
REASON_BEFORE = re.compile(
    r"^\s*(?:because(?:\ of)?|since|given(?:\ that)?|as(?!\s+an?\s)|based\ on|due\ to|considering(?:\ that)?)\s+(?P<reason>[^\x00]+?),\s+(?:so\s+)?"
    r"(?=(?:an?|the|our|if|we|new|\w+ing|\w+\s+\w+)\b[^.;\x00]*\b(?:will|should|would|can|could|might|may|increases?|reduces?|cuts?|raises?)\b)".replace(
        "\\ ", r"\s+"
    ),
    re.IGNORECASE,
)
REASON_FIRST = re.compile(
    rf"^\s*(?:because(?:\ of)?|since|given(?:\ that)?|as(?!\s+an?\s)|based\ on|due\ to|considering(?:\ that)?|(?:we|our\ research)\ (?:have\ )?(?:observed|noticed|learned|saw|seen)(?:\ that)?)\s+(?P<reason>.+?)(?:,\s*(?:so\s+)?|\.\s+|\s+)(?=(?:we|i|our\ team)\s+(?:{VERBS_OF_BELIEF})\b)",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
REASON = re.compile(
    r"""(?:
        \b(?:because(?:\ of|:)?|b/c|bc|cuz|due\ to|given\ that|seeing\ that|on\ the\ grounds\ that|owing\ to|thanks\ to\ the\ fact\ that)\s+
      | \b(?:the|our)\ (?:reason|rationale|reasoning)(?:\ is(?:\ that)?|:)\s*
      | \b(?:reason|reasoning|rationale|why|insight|evidence)\s*[:?]\s*
      | [,;]\s+(?:as|for\ the\ reason\ that)\s+(?!(?:measured|well|soon|long|compared|shown|seen|a|an|part)\b)
      | [,;.]?\s+since\s+(?!(?:last|the\ (?:launch|start|beginning|release)|yesterday|then|january|february|march|april|may|june|july|august|september|october|november|december|\d)\b)
    )(?P<reason>[^\x00]+?)
    (?=[.;!?](?:\s|$)|$|\n\s*\n|,?\s+(?:and\s+)?we(?:'|’)?(?:ll|\ will|\ shall)\ (?:know|have|see|consider)\b|,\s*(?:within|in\ the\ next|by\ the\ end|over\ the\ next)\b|\x00)""",
    re.VERBOSE | re.IGNORECASE,
)
REFUTED = re.compile(
    r"""(?:
        \b(?:we|i|this|it|the\ hypothesis)\s*(?:are|is|'re|’re|will\ be|would\ be|'ll\ be|were)\s+(?:proven\ |proved\ )?(?:wrong|refuted|disproved|disproven|invalidated|falsified|false|rejected)\s+(?:if|when|by|should|once)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
      | \bif\s+(?:it|this|that|not|the\ \w+|\w+)\b[^.;,!?]*(?:[.,]\d[^.;,!?]*)*,?\s*(?:then\s+)?we\s+(?:will\s+|'ll\ |would\ |shall\ )?(?:stop|drop|abandon|kill|roll\ back|revert|pivot|reject|give\ up|were\ wrong|are\ wrong|discard|rethink)\b[^.;!?]*
      | \bif\s+not\b[^.;!?]*
      | \b(?:it|this|the\ hypothesis|the\ test)\s+(?:fails|has\ failed)\s+(?:if|when|unless)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
      | \b(?:refuted|disproved|falsified|invalidated|rejected)\s+(?:if|when|by)\b[^.;!?]*(?:[.,]\d[^.;!?]*)*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
KNOWN = re.compile(
    r"""[,;]?\s*(?:\b(?:and\s+)?(?:we(?:'|’)?(?:ll|\ will|\ shall)|i\ will|we)\s+
        (?:know|have\ succeeded|be\ (?:right|confident|successful)|have\ confidence|consider\ (?:this|it)|call\ (?:this|it)|measure|validate|see|feel\ confident)\b
        [^.;!?]*?\b(?:when|if|once|by|as|using|through|that)\s+(?:we\s+(?:will\s+)?(?:see|measure|observe|find|get|reach)\s+(?:that\s+)?)?
      | \b(?:success\ (?:is|means|looks\ like|criteria?(?:\ is|\ are|:)|metric:?)|measured\ by|as\ measured\ by|measure:|metric:|signal:|target(?:\ metric)?:|goal:|kpi:|expected\ (?:result|outcome|impact|effect|lift):|success:)\s*)
      (?P<signal>[^\x00]+?)(?=[.;!?](?:\s|$)|$|\n|\x00)""",
    re.VERBOSE | re.IGNORECASE,
)
IF_FIRST = re.compile(
    r"^\s*(?:if|when|once|by|after|as\s+a\s+result\s+of|thanks\s+to|with|through|following|using|via)\s+(?P<change>(?:we\s+(?=\w))?[^\x00]+?)(?:\s*,\s*(?:then\s+)?|\s+then\s+|\s*,?\s+(?=(?:we|they|users|it)\s+(?:will|can|expect|should|would)\b))(?P<outcome>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
IF_LAST = re.compile(
    r"^(?P<outcome>.+?)(?:,\s*|\s+)(?:if|when|once)\s+(?P<change>[^\x00]+?)\s*(?:[,.;]\s*)?(?P<rest>\x00.*)?$",
    re.IGNORECASE | re.DOTALL,
)
BY_LAST = re.compile(
    r"\s+(?:by|with|from|through|via|thanks\s+to)\s+(?P<change>(?:(?<=thanks\sto\s)[a-z]+|(?<=through\s)[a-z]+|(?<=via\s)[a-z]+|a|an|the|our|new|automatic|automated|proactive|better|\w+ing)\b(?!\s+(?:end|start|close|middle)\b)[^\x00,]*?)\s*(?=,|\x00|[.;]?\s*$|\s+(?:by\s+)?(?:at\s+least\s+)?\d)",
    re.IGNORECASE,
)
ARROW = re.compile(
    r"^\s*(?P<change>[^\x00]*?[^\W\d][^\x00]*?)(?:(?<=[^\s\d%])\s*(?:-?->|→|=>|⇒)|\s*(?:-?->|→|=>|⇒)(?!\s*[$€£]?\d))\s*(?P<outcome>.+)$",
    re.IGNORECASE | re.DOTALL,
)
APART = re.compile(r"^\s*(?P<change>[^\x00]+?)\s*(?::|\s[–—-]|;)\s+(?P<outcome>.+)$", re.IGNORECASE | re.DOTALL)
TO_HELP = re.compile(
    r"^\s*(?:in\s+order\s+)?to\s+(?:help|support|serve|enable|keep|reach|engage|retain|get|let|give|make\s+it\s+easier\s+for|encourage|delight)\s+(?P<audience>[^\x00,]+?),\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
TO_FIRST = re.compile(
    r"^\s*(?:in\s+order\s+)?(?P<outcome>to\s+[^\x00]+?),\s*(?:\x00+,?\s*)?(?=(?:we|let['’]?s)\s)(?P<change>.+)$",
    re.IGNORECASE | re.DOTALL,
)
WE_DO = re.compile(
    r"^\s*(?:so\s+)?(?:we|i|our\s+team|let['’]?s|let\s+us)(?:['’]ll|\s+(?:will|are\s+going\s+to|plan\s+to|want\s+to|should|would\s+like\s+to|intend\s+to|propose\s+to|can|could|are))?\s+(?P<change>[^\x00]+?)"
    r"(?:\s*,?\s+(?P<link>so\s+that|so|in\s+order\s+to|which|thereby|resulting\s+in|leading\s+to|hoping\s+to|and\s+(?:thereby|so|expect|this\s+will|that\s+will)|(?=to\s+MOVING))\s*(?P<outcome>\S.*))?(?:[\s,;]*(?:\x00.*)?)$".replace(
        "MOVING", MOVING
    ),
    re.IGNORECASE | re.DOTALL,
)
ASIDE = re.compile(
    r"(?:(?<=[.;\n])|^|(?<=\x00))[ \t]{0,9}(?:guard-?\s?rails?(?:\s+metrics?)?|counter-?\s?metrics?|secondary(?:\s+metrics?)?|health\s+metrics?|(?:do|must)\s+not\s+harm|watch(?:ing)?)\s*(?::|-|–)\s*[^\n;]*?(?=\.(?:\s|$)|;|\n|$)",
    re.IGNORECASE,
)
GIVEN = re.compile(
    r"[^\x00,.;]*?\s(?:who\s+(?:see|use|get|have|receive|try|are\s+(?:shown|offered|given|sent))|using|seeing|given|offered|shown)\s+(?P<change>[^\x00,.;]+?)(?=\s+(?:will|would|should|can|could|may|might)\b|[,.;\x00]|$)",
    re.IGNORECASE,
)
STATE = re.compile(
    r"\s+(?:want|need|prefer|like|care|struggle|find|lack|have|are|do\s+not|don['’]t|would\s+like)\b", re.IGNORECASE
)
ACQUIRED = re.compile(
    r"\b(?:gets?|gains?|wins?|brings?\s+(?:us|in)|acquires?|recruits?)\s+(?:[\w%]+\s+){0,4}$", re.IGNORECASE
)
NO_CHANGE = re.compile(
    r"(?:nobody|no\s+one|everybody|they|there)\b|(?:the|our|my)\s+(?!new\b)[\w-]+(?:\s+[\w-]+)?\s+(?:will|would|should|must|can)\s+(?:be|become|feel)\s+(?:a\s+lot\s+|much\s+)?(?:\w+er|more\s+\w+)\b",
    re.IGNORECASE,
)
LIKED = re.compile(
    r"\b(?:love|loves|like|enjoy|benefit\s+from|appreciate|prefer|adopt|embrace|welcome)\s+(?P<change>(?:the|our|a|an|this|[A-Z]|new)\s*[^\x00,.;]+?)(?=\s+(?:more|better|because|than|over)\b|[,.;\x00]|$)",
    re.IGNORECASE,
)
FOR_FIRST = re.compile(
    r"^\s*(?:for|among|with)\s+(?P<audience>[^\x00,]+?),\s*(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL
)
TO_ACHIEVE = re.compile(
    r"^\s*(?:we\s+(?:will|can|could|should)\s+)?(?:achieve\s+|reach\s+)?(?P<outcome>.+?)\s+if\s+(?P<audience>[^\x00]+?)\s+(?:attains?|achieves?|gets?|can|are\ able\ to|receives?)\s+(?P<benefit>[^\x00]+?)\s+(?:with|using|through|via)\s+(?P<change>[^\x00]+?)\s*[,.;]?\s*(?:\x00.*)?$",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
AUDIENCE_AFTER = re.compile(r"\b(?:for|among|amongst)\s+", re.IGNORECASE)
AUDIENCE_IN_CHANGE = re.compile(
    r"\b(?:to|with|let|lets|letting|give|gives|giving|show|shows|showing|allow|allows|allowing|help|helping|enable|enabling|ask|asking|offer|offering|send|sending|tell|telling|pay|paying|train|training|remind|reminding|nudge|nudging|invite|inviting|teach|teaching|call|calling|lets|sends|offers|shows|tells|reminds|invites|teaches|trains|pays|calls|asks|helps|charges|charge|charging)\s+",
    re.IGNORECASE,
)
AUDIENCE_OF = re.compile(r"\b(?:of|from|by)\s+", re.IGNORECASE)
AUDIENCE_WITH = re.compile(
    r"(?:^|(?<=\x00))\s*(?:with|on)\s+|\bwith\s+|\b(?:test|pilot|trial|experiment)\s+with\s+", re.IGNORECASE
)
CLAUSES = frozenset({"who", "whose", "that", "without", "aged", "over", "under", "of"})
WE = re.compile(
    r"\s*(?:(?:we|i|our team|let['’]?s)(?:['’]ll)?\s+(?:(?:will|can|could|would|were to|should|plan to|are going to|want to)\s+)?)(?=\w)",
    re.IGNORECASE,
)
PROMISE = re.compile(r"\b(?:will|would|should|shall)\b", re.IGNORECASE)
CHUNK = re.compile(r"[^,;()|\x00]+")
GAP = re.compile(r"\s{9,}")
