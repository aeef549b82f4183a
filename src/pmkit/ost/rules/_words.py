"""The words that the title rules go by, grouped by what they say about a title."""

from __future__ import annotations

__all__ = [
    "ABSENCES",
    "ARTIFACTS",
    "BUILD_VERBS",
    "BUSINESS_TERMS",
    "CHANGE_VERBS",
    "COMPANY_ON_PEOPLE",
    "COMPANY_VERBS",
    "DEFECTS",
    "EVENTS",
    "FUNNEL_STEPS",
    "FUNNEL_VERBS",
    "GENERIC",
    "HANDLED",
    "INTENSIFIERS",
    "MEASURES",
    "MOODS",
    "MOOD_NOUNS",
    "NEED_HEADS",
    "NUMBER_WORDS",
    "OPERATIONS",
    "OPERATION_OBJECTS",
    "OPERATION_VERBS",
    "OUTPUT_NOUNS",
    "PEOPLE",
    "READY_MADE",
    "REQUESTS",
    "SHIPPED",
    "SPENDING_VERBS",
    "TECHNICAL",
    "UNSHIPPED",
    "VERDICTS",
    "WORK_VERBS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(line.split()) for line in text.split(",") if line.split())


ARTIFACTS = _words(
    """
    accelerator accordion ai algorithm analyzer animation api app application archive assistant autocomplete autofill
    automation avatar badge banner bar blog bookmark bot box bracelet browser builder button calculator calendar
    campaign captcha card carousel cart catalog chart chat chatbot checker checkbox checklist checkout cli client
    companion comparator component configurator connector console converter copilot counter crm dashboard database
    digest display directory docs drone dropdown editor email e-mail emoji engine estimator explorer export extension
    faq feature feed filter finder firmware form forum framework gallery game gamification gateway generator glossary
    gradebook graph guide hamburger handbook heatmap helpline homepage hotline hub icon import inbox infographic
    integration interface intranet keyboard kiosk kit layout leaderboard library link lightbox localization log login
    magazine manual map marketplace matcher menu message messenger microservice microsite mode modal module monitor
    navigation newsletter notification onboarding organizer package page panel paywall pdf personalization picker
    pipeline planner platform player playlist plugin plug-in podcast popup pop-up portal predictor printer
    profile progress-bar program prompt questionnaire quiz recommender redesign registry reminder report reporting
    repository robot roster scanner scheduler screen script sdk search section sensor service shortcut sidebar simulator site
    slider smartwatch software solution splitter spreadsheet subscription suite survey sync system tab tablet tag
    template terminal theme ticker timeline timer toggle toolbar tool toolkit tooltip tour tracker translation
    translator tutorial ui uploader vault viewer wallet wallpaper watchlist webinar website wearable webhook webshop
    whiteboard widget wiki wishlist wizard workflow workspace walkthrough single-sign-on sso biometrics
    sign-on dark-mode alert paging feature-flag helper matchmaker voucher coupon loyalty-program
    machine device gadget headset appliance collar e-reader backup beacon bench charger dispenser gate hook helmet lamp lever lock map-view microphone projector ramp ruler scale sign socket speaker sticker stopwatch switch thermostat tripod walkie-talkie academy bureau call-center chatroom clearinghouse cookbook datasheet diary exchange flowchart flyer handout hologram infotainment leaflet ledger log logbook megaphone mockup notebook pamphlet passport playbook poster prefill preview rating-system robo-advisor signage sitemap store shop touchscreen voicebot webcam wristband autopilot mascot stylus
    """
)
"""Heads of things that are built: a title that only asks for one of them names a solution."""

BUILD_VERBS = _words(
    """
    add allow automate build bundle code configure create customize deploy design develop digitize digitise display
    embed enable expose gamify give implement include incorporate install integrate introduce launch let localize make migrate
    modernize modernise offer personalize personalise pilot prototype provide publish rebuild redesign refactor release
    relaunch replatform revamp rewrite roll send set ship show simplify streamline support surface
    adopt establish equip extend host produce provision wire
    """
)
"""Verbs that, opening a title, tell someone to make something."""

HANDLED = _words(
    "build bundle code design display include launch make offer pilot prototype release send set ship show support surface give"
)
"""Build verbs that are nouns too, or that people do for themselves: they need an article or an artifact after them."""

UNSHIPPED = _words(
    """
    awareness belief capacity competence confidence culture demand discipline engagement expertise fluency friendship
    goodwill habit health hope immunity independence knowledge literacy loyalty momentum muscle pipeline pride
    readiness relationship reputation resilience routine safety savings skill strength trust value vocabulary wealth wellbeing
    job hour minute day year week month member customer client donor volunteer patient student reader subscriber user
    resident visitor guest family household acre hectare ton tonne dollar euro pound percent point revenue sale
    """
)
"""What can be built or added that is nobody's output: trust, habits, people, hours."""

WORK_VERBS = _words(
    """
    clean enhance extend fix improve modernize modernise optimize optimise overhaul polish redo refresh replace rework
    simplify standardize streamline unify update upgrade consolidate
    """
)
"""Verbs of working on something that exists; on an artifact, without a number, they name an output."""

OUTPUT_NOUNS = _words(
    """
    beta build deployment feature go-live implementation integration launch migration mvp overhaul prototype redesign
    refactoring relaunch release revamp rewrite rollout roll-out upgrade version
    certification compliance accreditation
    """
)

SHIPPED = _words(
    "built completed delivered deployed done finished implemented launched live migrated ready released shipped"
)

REQUESTS = _phrases(
    """
    want, wants, wanted, need, needs, needed, would like, 'd like, i'd like, we'd like, would love, i'd love, wish for,
    wish we had, wish i had, wish they had, ask for, asks for, asked for, asking for, request, requests, requested, demand,
    demands, could use, wish there was, wish there were, wish it had, wish you had, wish you offered, require, requires,
    prefer, prefers, deserve, deserves, expect, expects, looking for, wish to have, want to have, need to have,
    there should be, there ought to be, should be, should have, ought to have, would be nice to have, would be great to have, would be helpful to have, if only there was, if only there were, if only we had, if only i had, why can't i have, why can't we have, can we have, can i have, can we get, can i get, crave, craves, insist on, would appreciate, would like to have, 'd like to have
    """
)

TECHNICAL = _words(
    """
    ai ai-powered ai-assisted app-based automated automatic bluetooth browser-based centralized cloud cloud-based connected contactless custom
    customizable digital drag-and-drop electronic gamified gps in-app integrated interactive mobile modular multilingual native one-click one-tap
    online open-source paperless personalised personalized predictive push real-time self-service smart solar-powered virtual voice-activated
    voice-controlled wearable web-based wireless
    """
)
"""What makes any noun after it a thing to build."""

NEED_HEADS = _words(
    """
    access advice answer approach assurance balance break chance choice clarity comfort company confidence connection control
    conversation day doubt evening experience explanation feedback feel feeling friend future glance help home hour idea information insight job knowledge
    life look meal minute moment night opinion option overview peace people person place plan price privacy proof quiet reason relationship rest result
    ride room routine safety seat second sense sleep someone something space start support time trust understanding view way week word work
    """
)
"""What people need for its own sake, however it is provided."""

EVENTS = _words(
    "audit campaign conference course event hackathon interview meetup meeting offsite pilot program seminar session sprint study survey test "
    "training webinar workshop"
)
"""What is held or run; so many of them are an output."""

ABSENCES = _phrases(
    """
    there is no, there are no, there's no, there isn't a, there is not a, there isn't an, lack of, lack, lacks, lacking,
    missing, no, don't have a, don't have an, doesn't have a, doesn't have an, do not have a, do not have an, does not
    have a, does not have an, have no, has no, without a, without an, absence of, unavailability of, not having a, not having an,
    why is there no, why isn't there a, why isn't there an, there was no, there were no, don't get a, doesn't come with a, doesn't offer a, doesn't offer, doesn't support, does not support, doesn't include a
    """
)

DEFECTS = _words(
    """
    annoying bad boring cheaper faster quicker safer broken buggy clumsy clunky cluttered complex complicated confusing crowded cryptic delayed
    difficult dull empty endless expensive extra fake false faulty few hard hidden inaccurate incomplete incomprehensible
    inconsistent intrusive irrelevant late lengthy long lost many messy misleading more noisy obsolete old outdated
    overloaded poor repeated repetitive scattered several slow tedious ugly unclear unexpected unreadable unreliable
    unsafe unwanted useless weak wrong much countless constant dirty spam
    """
)
"""Said of a thing that exists: a complaint, not a request."""

OPERATIONS = _words(
    "fast-forward rewind mute unmute autofill autoplay autosave auto-save screenshot toggle unsend autocomplete livestream geotag"
)
"""What only a device or a program can be told to do."""

OPERATION_VERBS = _words(
    """
    skip filter sort export import download upload bookmark click tap swipe scroll zoom drag sync configure customize
    customise hide pin tag favorite favourite like share copy paste print undo resize crop collapse expand group
    pause record stream log sign subscribe personalize automate integrate embed link disable enable activate
    """
)

OPERATION_OBJECTS = _words(
    """
    ad advert advertisement attachment bill caption cell clip column comment commercial contact content credit csv data
    document episode excel file fingerprint folder google facebook history image intro invoice item list media music
    notification pdf photo picture playlist post profile receipt recap record result row setting slide song spam
    spreadsheet statement step subtitle table text thread track trailer transaction video view excel password face-id apple
    """
)

READY_MADE = _phrases(
    """
    eat out, dine out, go out to eat, go out for dinner, go out for lunch, go out for a meal, order in, order out, order takeout,
    order takeaway, order delivery, order a takeaway, get takeout, get takeaway, get delivery, take a taxi, take a cab, take an
    uber, take a rideshare, call a taxi, call a cab, call an uber, hail a taxi, hail a cab, get a taxi, get a cab, hire, outsource,
    pay someone, pay somebody, switch to, upgrade to, talk to a chatbot, chat with a bot, use an app, use a tool, take an uber,
    order food, order a pizza, call a plumber, get a cleaner, get a nanny, get a babysitter, delegate, drive there instead, use a calculator, use excel, use whatsapp, use a spreadsheet, lease a
    """
)
"""Ways of getting something done that stand for the need behind them (eating out, for having no time to cook)."""

BUSINESS_TERMS = _phrases(
    """
    revenue, sale, sales, profit, profits, profitability, margin, margins, turnover, growth, market share, share of wallet, arpu, arr, mrr, gmv, ltv, clv,
    lifetime value, basket size, order value, average order value, deal size, customer acquisition, acquisition, cac, acquisition cost,
    churn, attrition, retention, retention rate, conversion, conversions, conversion rate, adoption, activation, engagement, stickiness,
    user engagement, sign-up, sign-ups, signup, signups, registration, registrations, subscription, subscriptions, subscribers, subscriber base,
    user base, customer base, upsell, upsells, upselling, cross-sell, cross-selling, expansion, renewals, renewal rate, win rate, attach rate, open rate,
    click rate, click-through rate, completion rate, completion rates, opt-in rate, occupancy rate, response rate, mau, dau, wau, active users,
    daily active users, weekly active users, monthly active users, page views, pageviews, impressions, clicks, traffic, installs, downloads,
    leads, pipeline, bookings, billings, nps, net promoter score, csat, customer satisfaction, user satisfaction, seo, sem, crm, cro, roi, ctr, onboarding, funnel,
    checkout, landing page, homepage, ux, ui, user experience, customer experience, brand awareness, brand, market penetration, customer loyalty,
    purchase, purchases, transactions, transaction volume, monetization, ad revenue, loss ratio, support cost, support costs, support tickets, ticket volume,
    call volume, call center costs, call centre costs, operating costs, operating cost, cost to serve, unit costs, labor costs, headcount,
    donations, memberships, seats, seat expansion, premium plan, paid plan, plan upgrades, upgrades, referrals, invites, reviews, ratings,
    app store rating, productivity per head, utilization, throughput, efficiency, billable hours, billable visits, policyholders, upsell rate, stock price,
    time on site, session length, session duration, screen time, dwell time, viewership, ad views, listings, occupancy,
    offer acceptance, acceptance, acceptance rate, uptake, take-up, penetration, footfall, spend per customer, spend per visit, app usage, feature usage, product usage, usage of our app, basket value, ticket sales, ad sales, cross-sales, gross margin, new business, new customers, new users, new members, paying customers, paying users, share of voice, payback, cash flow, win-back, win-backs, loyalty, lock-in, switching costs, upsell opportunities, premium subscribers, premium users, premium subscriptions, marketing reach, mailing list, email list, followers, social media followers, account growth, deal flow, contract value, quota, backlog, support load, support calls, help desk calls, call volumes, contact rate, turnover rate, revenue share, yield management, virality, k-factor, time to market, time-to-market, shareholder value, our brand, our share
    """
)
"""What a company counts; a goal about one of them is the company's, not the customer's."""

CHANGE_VERBS = _phrases(
    """
    increase, raise, grow, boost, improve, reduce, lower, cut, decrease, maximize, maximise, minimize, minimise, drive, lift, double,
    triple, halve, optimize, optimise, accelerate, expand, scale, strengthen, enhance, get more, gain, gain more, earn more, generate, generate more,
    sell more, win more, bring in more, attract more, protect, capture, unlock, push, drive up, ramp up, achieve, secure, hit
    """
)

COMPANY_VERBS = _words(
    "monetize monetise upsell up-sell cross-sell crosssell retain acquire reactivate re-activate re-engage onboard upsize outcompete outsell"
)
"""What only a company does to its customers."""

COMPANY_ON_PEOPLE = _words("attract convert activate engage win keep target capture lose reach sell nudge persuade")

FUNNEL_VERBS = _words(
    "churn churns convert converts upgrade upgrades renew renews bounce bounces lapse lapses monetize"
)
FUNNEL_STEPS = _words("drop drops abandon abandons leave leaves quit quits disengage disengages")
SPENDING_VERBS = _words("buy spend pay upgrade subscribe purchase renew")

PEOPLE = _words(
    """
    account admin adopter adult advertiser agent applicant audience author borrower buyer caregiver citizen client
    colleague commuter consumer contractor courier creator customer developer dispatcher doctor donor driver editor
    employee engineer everyone everybody family farmer follower freelancer guest household installer investor landlord
    lawyer lead learner lender manager marketer member merchant mother musician nurse operator owner parent participant partner
    passenger patient people person player policyholder prospect pupil reader recruiter renter resident respondent
    retailer seller sender shopper staff student subscriber supplier taxpayer teacher team technician tenant tester
    traveler traveller tutor user vendor viewer visitor volunteer worker writer newcomer beginner they
    accountant analyst architect artist assistant attendee baker captain carer caretaker carpenter cashier chef child clerk coach consultant controller cook coordinator crew cyclist dentist designer diner director electrician expert exhibitor fan fisherman foreman foremen gardener grandparent guard host hunter inspector instructor journalist judge kid librarian maker mechanic medic midwife neighbor officer organizer painter pedestrian pharmacist photographer pilot planner plumber principal producer professional programmer researcher rider sailor salesperson scientist secretary skier soldier speaker specialist stylist superintendent supervisor surgeon tourist trainer trainee translator trucker veteran vet waiter walker warden woman man women men gamer hiker homeowner senior singer hobbyist
    """
)

GENERIC = _words(
    """
    it this that everything things thing stuff life app application product service software site website platform
    system tool program solution experience process you company overall all general whole interface ui design
    """
)
"""Words that name no moment and nothing in particular."""

INTENSIFIERS = _words(
    """
    so very really too quite rather pretty extremely totally completely utterly just always often sometimes constantly
    usually still again a bit lot little all the time every day and or most more of generally mostly never not n't today
    feeling being getting increasingly simply as well now at night in my our your their
    """
)

MOODS = _words(
    """
    afraid alone angry annoyed anxious ashamed bad bored burned burnt calm concerned confused cranky delighted demotivated
    depressed desperate disappointed discouraged disengaged disillusioned dissatisfied distracted down drained
    embarrassed excited exhausted fearful frustrated fulfilled furious glad good grateful great grumpy guilty happy helpless hopeless
    impatient insecure irritated isolated jealous lonely lost mad miserable moody nervous okay ok out overwhelmed
    panicked pleased powerless proud relaxed relieved sad safe satisfied scared shocked sick skeptical stressed stuck tense terrified
    tired uncertain uncomfortable uneasy unhappy uninspired unmotivated unsure upset valued wary weary well worn worried fed up
    apathetic bitter blue content devastated disheartened disgusted dismayed distraught distrustful ecstatic enraged envious flustered frightened frantic hurt hesitant humiliated inadequate infuriated intimidated judged left neglected offended paralyzed perplexed puzzled rejected resentful restless shy swamped thrilled torn troubled unappreciated unheard unloved vulnerable weak worthless disrespected cheated
    """
)

MOOD_NOUNS = _words(
    "anger annoyance anxiety boredom confusion despair disappointment dissatisfaction fatigue fear frustration happiness "
    "irritation joy loneliness overwhelm panic sadness satisfaction stress unhappiness uncertainty worry worries mistrust distrust doubt apathy burnout discomfort disengagement distress dread embarrassment exhaustion excitement guilt helplessness hopelessness insecurity nervousness regret resentment shame unease"
)

VERDICTS = _words(
    """
    annoying awful awkward bad better clunky complex complicated confusing difficult easier easy exhausting frustrating great hard
    horrible impossible inconvenient intuitive intimidating nicer overwhelming painful poor simpler simple stressful
    stupid terrible tedious tiring ugly unintuitive useless user-friendly worse worst use understand to for me us users people
    boring disappointing depressing irritating infuriating maddening unpleasant disgusting dull slow chaotic cumbersome hopeless messy mess nightmare pain joke unclear weird wrong ok okay fine good nice cool amazing awesome lovely lousy mediocre rubbish unbearable unfair unusable improved faster
    """
)

NUMBER_WORDS = _words(
    """
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred thousand million billion half halve halved third quarter double doubled twice triple tripled percent
    tenfold twofold threefold zero dozen
    fifth tenth quarters thirds fifths sixth eighth dozens hundreds thousands
    """
)

MEASURES = _words(
    """
    acre arpu arr attrition average churn churned conversion cost count csat dau day downtime duration frequency gmv hectare hour
    income kilometer kwh latency length ltv margin mau median mile minute month mrr nps number occupancy percentage
    profit ratio rate retention revenue roi score share spend throughput time ton tonne turnover uptime utilization
    volume wait wau week year yield users-active speed
    """
)
"""Words that name something countable; an outcome that has one carries a metric."""
