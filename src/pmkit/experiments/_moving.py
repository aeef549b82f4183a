"""The words that say which way a metric moves, and where its name ends."""

# ruff: noqa: E501, RUF001 - a pattern is easier to read in one piece, and typographic marks are what it looks for

from __future__ import annotations

import re

__all__ = [
    "AFTER_INTRANSITIVE",
    "ALSO",
    "AMOUNT_BEFORE",
    "AND",
    "ARTICLE",
    "BE",
    "CLAUSE_BREAK",
    "COMPARATIVE",
    "COUNTED",
    "DOWN",
    "ENDS_UP",
    "FOR",
    "FROM_TO",
    "GAINED",
    "HARM",
    "INFINITIVE",
    "INTRANSITIVE",
    "LEVEL",
    "LIKELY",
    "LISTED",
    "LONG_TAIL",
    "MAKE_MORE",
    "METRIC_END",
    "METRIC_HEAD",
    "MODAL",
    "MORE_FIRST",
    "MOVE",
    "MOVING",
    "NAME_BEHIND",
    "NEUTRAL",
    "NOUN",
    "OFF",
    "OFTEN",
    "PORTION",
    "RESULT",
    "SIDE",
    "SIGNED",
    "SOURCE",
    "SWAYED",
    "TO_SIDE",
    "TRANSITIVE",
    "TRAVEL",
    "UP",
    "UP_OR_DOWN",
    "VERB_AFTER_AND",
    "WEAK",
]

UP = r"increas|rais|grow|boost|lift|improv|maximi[sz]|expand|enhanc|driv(?!\w+\ (?:down|up)\b)|push(?:es|ed|ing)?\ up|doubl|tripl|quadrupl|lengthen|strengthen|accelerat|multipl|extend|elevat|ramp(?:s|ed|ing)?\ up|encourag|earn|gain|win|uplift|unlock|bolster|bump(?:s|ed|ing)?\ up|bump|step(?:s|ped|ping)?\ up|spur|stimulat|foster|build(?=s\b)"
DOWN = r"reduc|decreas|lower|cut|drop|shrink|shorten|minimi[sz]|halv|slash|curb|diminish|lessen|trim|sav|eliminat|prevent|avoid|deflect|lighten|cutt|dropp|hurt|harm|damag|undermin|erod|suppress|alleviat|limit|mitigat|scale(?:s|d)?\ (?:down|back)"
TRANSITIVE = re.compile(
    rf"\b(?:help(?:s|ed|ing)?\ (?:us\ |to\ |them\ )?)?(?P<verb>(?P<up>{UP})(?:e|es|ed|s|ing)?|(?P<down>{DOWN})(?:e|es|ed|s|ing)?)\b(?!-|\s+(?:out|off)\b)".replace(
        "\\ ", r"\s+"
    ),
    re.IGNORECASE,
)
INTRANSITIVE = re.compile(
    r"\b(?P<verb>(?P<up>increases?|increased|rises?|rose|grows?|grew|climbs?|goes?\s+up|go\s+up|improves?|doubles?|triples?|jumps?|skyrockets?|explodes?|takes?\s+off|surges?|soars?|spikes?|ticks?\s+up|edges?\s+up|trends?\s+up|moves?\s+up|quadruples?|doubled|tripled|(?:be|is|are)\s+higher|gets?\s+better|picks?\s+up|(?:be|is|are|gets?|been)\s+(?:increased|raised|lifted|boosted|improved|doubled|tripled|grown))"
    r"|(?P<down>decreases?|falls?|fell|drops?|declines?|goes?\s+down|go\s+down|shrinks?|halves?|sinks?|(?:be|is|are)\s+(?:lower|shorter)|gets?\s+shorter|comes?\s+down|diminish(?:es)?|plummets?|plunges?|tumbles?|slips?|dips?|halved|shortens?|trends?\s+down|moves?\s+down|drops?\s+off|dropped|shr[au]nk|(?:be|is|are|gets?|been)\s+(?:reduced|decreased|lowered|cut|halved|shortened|cut\s+in\s+half)))\b",
    re.IGNORECASE,
)
AFTER_INTRANSITIVE = re.compile(
    r"\s*(?:significantly|slightly|dramatically|noticeably|substantially|measurably|sharply|markedly|a\s+bit|a\s+lot|soon|again)?\s*"
    r"(?:$|[.,;!?\x00]|(?:by|to|from|within|in|over|for|among|amongst|if|when|once|at|on|per|between|until|without|while|as|and|with|compared|above|below)\b"
    r"|[+~]?\d[\d.,]*\s*(?:%|percent\b|pp\b|percentage\s+points\b)\s*(?:$|[.,;\x00(]|(?:over|within|in|by|for|among|if|when|because|after|during|on|at)\b))",
    re.IGNORECASE,
)
MODAL = re.compile(
    r"\b(?P<modal>will|would|should|shall|can|could|may|might|must|ought\s+to|(?:is|are)\s+(?:going|likely|expected|set|bound|projected|predicted|supposed)\s+to|['’]ll)(?P<not>\s+not|n['’]t)?\s+(?:be\s+able\s+to\s+)?(?:\w+ly\s+|also\s+|then\s+|likely\s+|each\s+|both\s+|all\s+|again\s+)*",
    re.IGNORECASE,
)
MOVING = (
    rf"(?:\w+ly\s+)?(?:(?:{UP}|{DOWN})(?:e|es)?\b|(?:rise|fall|go\s+(?:up|down)|decline|lead|result|bring|move|push|get|cause"
    r"|yield|reach|hit|exceed|affect|impact|influence|change|book|complete|finish|spend|buy|order|visit|return|stay|sign|click"
    r"|open|read|watch|pay|renew|register|submit|upload|invite|refer|recommend|convert|become)\b)"
).replace("\\ ", r"\s+")
INFINITIVE = re.compile(rf"\bto\s+(?={MOVING})", re.IGNORECASE)
MOVE = re.compile(
    r"\b(?P<verb>mov(?:e|es|ing)|bring(?:s|ing)?|push(?:es|ing)?|get(?:s|ting)?|tak(?:e|es|ing)|driv(?:e|es|ing)|shift(?:s|ing)?|nudg(?:e|es|ing)|pull(?:s|ing)?|send(?:s|ing)?)\s+(?:(?P<first>up|down)\s+)?",
    re.IGNORECASE,
)
TO_SIDE = re.compile(
    r"\s(?P<verb>(?P<up>up|above|over|higher)|(?P<down>down|below|under|lower)|from\s(?=[$€£]?\d)|(?:to|by)\s(?=\D{0,16}\d))",
    re.IGNORECASE,
)
UP_OR_DOWN = re.compile(
    r"(?:\s+(?:is|are|goes|go|be|being|trending|trends))?\s*(?<![\w-])(?P<verb>(?P<up>up|higher)|(?P<down>down|lower))\s+(?=(?:by|from|to|above|below|over|under|at\s+least|about|roughly|around)\s+[$€£]?[\d a]|[+~≥-]?\s?[$€£]?\d)",
    re.IGNORECASE,
)
SIGNED = re.compile(
    r"(?:(?<=\s)|(?<=[>→⇒:(\x00])|^)(?P<verb>(?P<up>\+)|(?P<down>[-−–]))\s?[$€£]?\d[\d.,]*\s*(?:%|percent\b|pp\b|ppts?\b|points?\b|percentage\s+points?\b|x\b)?",
    re.IGNORECASE,
)
FROM_TO = re.compile(
    r"(?:\bfrom\s+)?[$€£]?\d[\d.,]*\s*(?:%|pp|percent)?\s*(?:->|→|=>|\bto\b)\s*[$€£]?\d", re.IGNORECASE
)
SIDE = re.compile(
    r"\b(?P<verb>(?P<up>up|more|higher|increase|rise|lift|uplift|growth|gain)|(?P<down>down|fewer|less|lower|decrease|drop|reduction|decline|below|under))\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"[\w-]+(?:\s+[\w-]+){0,3}(?:,\s+[\w-]+(?:\s+[\w-]+){0,3}?)+,?\s+and\s+[\w-]+(?:\s+[\w-]+){0,2}?(?=\s+(?:by|to|from|within|for|in|among|because)\b|\s*[.,;\x00]|\s*$)",
    re.IGNORECASE,
)
LIKELY = re.compile(r"\b(?P<verb>(?P<up>more)|(?P<down>less))\s+likely\s+to\s+", re.IGNORECASE)
MAKE_MORE = re.compile(
    r"\b(?:mak(?:e|es|ing)\s+[^,.;\x00]{1,60}?|(?:be|feel|become)\s+)\b(?:more|less)\s+\w+(?:al|ive|ous|able|ible|ful|ed|ing|ent|ant|ic|ish|y|less|e)\s*(?=$|[.,;!?\x00]|and\b|if\b|when\b)",
    re.IGNORECASE,
)
AMOUNT_BEFORE = re.compile(r"\b(?:to|from|of|by)\s+$", re.IGNORECASE)
OFF = re.compile(
    r"(?:(?P<down>shav(?:e|es|ing)|knock(?:s|ing)?|tak(?:e|es|ing)|cut(?:s|ting)?|trim(?:s|ming)?|slic(?:e|es|ing)|chop(?:s|ping)?)\s+(?:at\s+least\s+|about\s+|another\s+|up\s+to\s+)?(?:[$€£]?\d|an?\s|half|one|two|three|five|ten|twenty|thirty)[^.,;\x00]{0,40}?\s+(?:off|from)"
    r"|(?P<up>add(?:s|ing)?)\s+(?:at\s+least\s+|about\s+)?[$€£]?\d[^.,;\x00]{0,30}?\s+to)\s+(?:of\s+)?",
    re.IGNORECASE,
)
SWAYED = re.compile(
    r"(?:has|have)\s+an?\s+(?P<verb>(?P<up>positive|favorable|beneficial)|(?P<down>negative|adverse))\s+(?:effect|impact|influence)\s+on\s+",
    re.IGNORECASE,
)
ALSO = re.compile(
    r"[^.;]{0,60}?[\s\x00]and\s+(?P<metric>[^.,;\x00]{2,50}?)\s+(?:will\s+|should\s+|to\s+)?(?=(?:increase|rise|grow|go|improve|decrease|fall|drop|decline|shrink)s?\b)",
    re.IGNORECASE,
)
TRAVEL = re.compile(r"(?:move|go|change|shift|get|come|develop)s?\s+from\s+[$€£]?\d", re.IGNORECASE)
OFTEN = re.compile(
    r"\s*,?\s+(?P<amount>(?:at\s+least\s+|about\s+|up\s+to\s+)?\d[\d.,]*\s*(?:%|x|[a-z]+)\s+)?(?P<verb>(?P<up>(?<=[%a-z\d]\s)more(?=\s+(?:per|on|at|each)\b)|more\s+often|more\s+frequently|more\s+regularly|longer)|(?P<down>less(?=\s+(?:per|on|at|each)\b)|less\s+often|less\s+frequently|faster|sooner|quicker|earlier|more\s+quickly))(?=\s*(?:$|[.,;!?\x00])|\s+(?:on|within|in|if|when|than|for|by|per|because|after|at|over|each)\b)",
    re.IGNORECASE,
)
GAINED = re.compile(
    r"(?P<verb>bring(?:s)?\s+in|attracts?|generates?|sells?|acquires?|lands?|delivers?|collects?|recruits?|produces?|yields?|results?\s+in|leads?\s+to|gets?|receives?|creates?)\s+(?:us\s+)?(?:at\s+least\s+|about\s+|over\s+|more\s+than\s+)?\d[\d.,]*[kK]?\s+(?!more\b|fewer\b|less\b|%|percent)",
    re.IGNORECASE,
)
NOUN = re.compile(
    r"\b(?:an?\s+)?(?:[^\s\x00]+\s*%\s+)?(?P<verb>(?P<up>increase|rise|growth|lift|uplift|boost|improvement|gain|jump|upturn)|(?P<down>decrease|reduction|drop|decline|fall|cut|dip))\s+(?:of\s+[^\x00]{1,30}?\s+)?(?:in|of|for)\s+(?:the\s+|our\s+|their\s+)?",
    re.IGNORECASE,
)
COMPARATIVE = re.compile(
    r"\b(?P<verb>(?P<up>more(?!\s+than\b)|higher|larger|longer|bigger|greater|additional|extra|most)|(?P<down>fewer|less(?!\s+than\b)|lower|shorter|smaller|quicker|faster|sooner|cheaper))\s+(?!\d|%|often|likely|of\s+the\s+time)",
    re.IGNORECASE,
)
RESULT = re.compile(
    r"\b(?:result(?:s|ing)?\s+in|lead(?:s|ing)?\s+to|cause|causes|causing|yield|yields|mean|means|bring|brings|produce|produces|generate|generates|translate\s+into|deliver|delivers|see|sees|achieve|achieves|have|has|expect)\b\s*",
    re.IGNORECASE,
)
NEUTRAL = re.compile(
    r"\b(?P<verb>affects?|impacts?|influences?|changes?|alters?|shifts?|moves?|modif(?:y|ies)|has\s+an\s+(?:effect|impact)\s+on|have\s+an?\s+(?:effect|impact|influence)\s+on|make\s+a\s+difference\s+(?:to|in|for))\s+",
    re.IGNORECASE,
)
LEVEL = re.compile(
    r"\b(?P<verb>reach(?:es)?|hit|hits|achieves?|exceeds?|attains?|keeps?|keep|stays?|remains?|holds?)\s+(?!(?:longer|more|less|happy|loyal)\b)",
    re.IGNORECASE,
)
HARM = re.compile(
    r"\b(?:reduce|decrease|lower|increase|raise|slow(?:\s+down)?|hurt|harm|fall|drop|decline|worsen|rise|change|affect|damage|lengthen|shrink|degrade|cut)\b\s*",
    re.IGNORECASE,
)
METRIC_END = re.compile(
    r"""(?:
        \s+(?:by|from|to)\s+(?:just\ |only\ |a\ minimum\ of\ |approximately\ |roughly\ |between\ |~|[-+−]|at\ least\ |at\ most\ |more\ than\ |less\ than\ |over\ |about\ |around\ |up\ to\ |an?\ (?:average\ of\ |additional\ |third|half|quarter|factor)|no\ more\ than\ |another\ )*(?:[$€£]?\d|half|CHF|EUR|USD|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|twelve\b|twenty\b|(?:a|an)\ (?:third|half|quarter|fifth)|\w+\s+(?:percent|%|points))
      | \s+(?:up|down)(?=\s+(?:by|from|to|above|below|over|under|at|\d|[$€£+])|\s*(?:$|[.,;!?\x00]))
      | \s*:?\s*(?<=[\s:])[+−–-]\s?[$€£]?\d | \s*(?:->|→|=>|⇒)
      | \s+(?:at\ least\s+|up\ to\s+|about\s+|roughly\s+)?(?:twofold|threefold|fourfold|tenfold|\d[\d.,]*\s?(?:x\b|%|percent\b|-?fold\b))
      | \s+(?:by\s+(?:more|less)\ than|by\s+(?=\w+ing\b)|in\s+half\b|through\s|thanks\s+to)
      | \s+(?:among|amongst|without|while|whilst|compared|versus|vs\.?|if|when|once|because|so\ that|as\ measured|instead|significantly|dramatically|somewhat|soon|overall|a\ bit|a\ lot|substantially|over\ time|or\ more)\b
      | \s+(?:of\s+|is\s+|are\s+)?(?:at\ least|at\ most|more\ than|less\ than|below|under|above)\s+(?:[$€£]?\d)(?![^.;\x00]{0,40}\s(?:by|from)\s\D{0,12}\d)
      | \s*(?:,(?!\d)|[;!?(\x00]) | (?<![ap]\.m)[.](?:\s|$|\x00) | $
      | \s+with\s+(?:a|an|the|our|automatic|automated|new)\b
      | \s+(?:vs|and\s+(?=(?:increase|raise|lift|reduce|decrease|lower|boost|improve|cut|grow)\b))
    )""",
    re.VERBOSE | re.IGNORECASE,
)
FOR = re.compile(r"\s+(?:for|with|to|of)\s+", re.IGNORECASE)
ARTICLE = re.compile(
    r"\s*(?:(?:the|some|our|their|its|your|a|an|his|her|overall)\s+|(?:at\s+least\s+|about\s+|around\s+|up\s+to\s+|over\s+|more\s+than\s+)?\d[\d.,]*\s*(?:%|percent|x|times)?\s+(?:more|fewer|less|higher|lower)\s+|(?:in|of|on)\s+(?:the\s+|our\s+)?|\d[\d.,]*\s*(?:%|percent)\s+of\s+(?:the\s+|our\s+|all\s+)?|\d[\d.,]*\s+(?=(?:minutes|hours|seconds|days|dollars|euros)\b))*",
    re.IGNORECASE,
)
AND = re.compile(r"\s+(?:and|as\s+well\s+as|plus|&)\s+|\s*,\s+(?:and\s+)?", re.IGNORECASE)
COUNTED = re.compile(
    r"(?:at\s+least\s+)?\d+\s+(?:out\s+of|of|in)\s+(?:the\s+|every\s+)?\d+\s+(?P<metric>\S[^\x00]*?)(?=\s+(?:if|when|once)\b|[,.;\x00]|$)",
    re.IGNORECASE,
)
PORTION = re.compile(r"\d\s*(?:%|percent)?\s+(?P<verb>(?P<up>more)|(?P<down>fewer|less))\s+", re.IGNORECASE)
MORE_FIRST = re.compile(r"(?P<verb>(?P<up>more)|(?P<down>fewer|less))\s+(?!than\b)", re.IGNORECASE)
VERB_AFTER_AND = re.compile(
    rf"(?:also\s+|to\s+|will\s+)?(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:e|es|ed|s|ing)?\s+".replace("\\ ", r"\s+"),
    re.IGNORECASE,
)
LONG_TAIL = 140


METRIC_HEAD = re.compile(
    r"(?:\b(?:rate|rates|time|times|score|scores|revenue|retention|conversion|conversions|churn|engagement|satisfaction|spend|spending|cost|costs|size"
    r"|value|sales|margin|profit|usage|adoption|completion|nps|csat|ctr|arpu|ltv|activation|referrals?|visits?|orders?|bookings?|purchases?|sign-?ups?|clicks?"
    r"|tickets?|calls?|errors?|complaints?|returns?|refunds?|downloads?|installs?|sessions?|views?|traffic|productivity|awareness|loyalty|trust|renewals?"
    r"|renewals|subscriptions?|registrations?|donations?|applications?|attendance|tips|ratings?|reviews?|waste|share|number|percentage|frequency|speed|latency|quality)\b[^,]*)$",
    re.IGNORECASE,
)

NAME_BEHIND = re.compile(
    r"\s*(?:in\s+(?!\d)|of\s+)?(?!(?:for|within|in|over|by|among|to|from|on|at|because|with|since|after)\b)[^\W\d]",
    re.IGNORECASE,
)
SOURCE = re.compile(r"\s+(?:from|with|through|by|thanks\s+to|due\s+to)\s+(?=[a-z])", re.IGNORECASE)
WEAK = re.compile(
    r"\s+(?:makes?|helps?|is|are|gives?|delights?|works?|pays\s+off|matters|leads?|results?|supports?|empowers?|allows?|means?)(?:\s+|(?=[.!?;]|$))",
    re.IGNORECASE,
)
BE = re.compile(r"(?:be\s+)?", re.IGNORECASE)
CLAUSE_BREAK = re.compile(r"[,;:\x00(]|\s[–—-]\s|->|=>|→|⇒")
ENDS_UP = re.compile(r"\s(?P<verb>(?P<up>up)|(?P<down>down))\s*(?=[.!;\x00]|$)", re.IGNORECASE)
