"""The people, place and plans of the demo clinic: all of them made up."""

from typing import Any, NamedTuple


class Person(NamedTuple):
    """A therapist who does not exist: fields of the row, weekday: hours (Monday is 0), and the
    conditions that their page links to, by slug.
    """

    about: dict[str, Any]
    week: dict[int, str]
    treats: list[str]


LOCATION = {
    "name": "Willow Street",
    "street": "12 Willow Street",
    "city": "Springfield",
    "region": "NY",
    "postal_code": "12999",
    "access": "Level entrance from the street. Wide doors, and a restroom for wheelchair users.",
    "parking": "Free parking behind the building.",
    "by_car": "Turn into Willow Street at the park. Go past our door and turn left to our parking.",
    "by_bus": "Take bus 4 to the stop Willow Street. It stops at our door.",
    "on_foot": "From Main Street it is a 5-minute walk on flat ground. Look for the green arch.",
}
# Together they keep the clinic open from 7:30 to 19:00, and on Saturday mornings.
DAY = "09:00-12:30 13:30-18:00"
LATE = "10:00-14:00 15:00-19:00"
LONG = "07:30-12:00 12:45-16:00"
THERAPISTS = {
    "maya-lindqvist": Person(
        {
            "name": "Maya Lindqvist",
            "credentials": "PT, DPT, OCS",
            "languages": "English, Spanish",
            "licence": "New York, EXAMPLE-1001",
            "school": "Harbor Example University, Doctor of Physical Therapy",
            "treats_since": 2011,
            "interests": "Back pain, the upper back, sitting at work",
            "own_words": "Tell me what you want to do again, and we plan from there.",
            "bio": "On a first visit Maya listens, and then looks at how you sit, bend and walk. "
            "You try some moves together, and leave with a short plan on paper. She sees "
            "many people who sit all day.",
        },
        dict.fromkeys(range(5), "08:00-12:00 13:00-17:00")
        | dict.fromkeys((1, 3), "07:30-12:00 13:00-17:00"),
        ["back-pain", "upper-back-pain", "scoliosis"],
    ),
    "david-okafor": Person(
        {
            "name": "David Okafor",
            "credentials": "PT, DPT",
            "languages": "English",
            "licence": "New York, EXAMPLE-1002",
            "school": "Lakeside Example College, Doctor of Physical Therapy",
            "treats_since": 2017,
            "interests": "Running, sports injuries, surgery",
            "own_words": "You do not have to be an athlete to train like one.",
            "bio": "David works with runners and with people before and after surgery. On a first "
            "visit he asks what you miss most, and watches how you move. You plan your week "
            "together, and he writes it down.",
        },
        dict.fromkeys((0, 1, 3, 4), LATE),
        ["back-strain-sports-injury", "disc-problems", "back-surgery-rehab"],
    ),
    "grace-chen": Person(
        {
            "name": "Grace Chen",
            "credentials": "PT, DPT",
            "languages": "English, Mandarin",
            "licence": "New York, EXAMPLE-1003",
            "school": "Harbor Example University, Doctor of Physical Therapy",
            "treats_since": 2014,
            "interests": "Long-lasting pain, arthritis",
            "own_words": "Small steps count, and I will count them with you.",
            "bio": "Grace helps people whose pain has lasted for a long time. On a first visit she "
            "takes time for your story, and for what you have tried. You choose one thing "
            "to begin with, and look at it again next time.",
        },
        {0: "07:30-12:00", 2: LONG, 4: LONG},
        ["back-pain", "spine-osteoarthritis", "lumbar-spinal-stenosis"],
    ),
    "samuel-reyes": Person(
        {
            "name": "Samuel Reyes",
            "credentials": "PT, MPT",
            "languages": "English, Spanish",
            "licence": "New York, EXAMPLE-1004",
            "school": "Old Mill Example College, Master of Physical Therapy",
            "treats_since": 1998,
            "interests": "Work and lifting, pregnancy",
            "own_words": "I want you to leave each visit with one thing that feels easier.",
            "bio": "Samuel treats back pain at work and in pregnancy. On a first visit he asks "
            "what your day is like, and shows you ways to lift, sit and rest. He has been "
            "here for twelve years.",
        },
        {1: DAY, 2: LATE, 3: DAY, 5: "09:00-13:00"},
        ["back-pain", "sciatica", "pregnancy-back-pelvic-pain"],
    ),
}
# name: note. Invented, like everything here; no state's referral rule is, so none is set.
PLANS = {
    "Example Mutual PPO": "",
    "Example Mutual HMO": "Your plan wants a referral before your first visit.",
    "Sample State Health": "",
}
REVIEWER = {
    "name": "Maya Lindqvist",
    "credentials": "PT, DPT, OCS",
    "licence": "New York, EXAMPLE-1001",
}
SIGNED_PAGE = "upper-back-pain"
