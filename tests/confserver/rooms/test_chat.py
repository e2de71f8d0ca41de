"""What is written reaches whom it is for and nobody else, and is bounded."""

import pytest

from confserver.errors import Conflict
from confserver.rooms.actor import Actor
from confserver.rooms.admission import Role
from confserver.rooms.chat import AT_ONCE, MOST_MESSAGES
from signaling.commands import Chat, React
from signaling.errors import RequestError
from signaling.ports import ChatMessage, Reaction
from tests.confserver.rooms.gathering import Gathering, Person


class Talk(Gathering):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.ada, self.bob, self.cleo = self.join("Ada", Role.HOST), self.join("Bob"), self.join("Cleo")
        self.forget_told()


@pytest.fixture
def talk() -> Talk:
    return Talk()


def texts(person: Person) -> list[str]:
    return [message.text for message in person.told if isinstance(message, ChatMessage)]


def test_everybody_reads_what_is_for_everybody_and_two_what_is_for_one(talk: Talk) -> None:
    talk.bob.seat.obey(Chat(text="<b>hello</b>"))
    talk.bob.seat.obey(Chat(text="psst", to=talk.cleo.id))
    assert talk.ada.told == [ChatMessage(1, talk.bob.id, "Bob", None, "<b>hello</b>", talk.clock.now)]
    assert texts(talk.bob) == texts(talk.cleo) == ["<b>hello</b>", "psst"]


def test_one_writes_to_oneself_once_and_to_nobody_not_at_all(talk: Talk) -> None:
    talk.bob.seat.obey(Chat(text="note", to=talk.bob.id))
    assert texts(talk.bob) == ["note"]
    with pytest.raises(RequestError) as refused:
        talk.bob.seat.obey(Chat(text="hello?", to="nobody"))
    assert refused.value.code == "no_such_participant"


def test_who_comes_back_finds_what_they_were_party_to(talk: Talk) -> None:
    talk.ada.seat.obey(Chat(text="before Dan"))
    dan = talk.join("Dan")
    assert dan.seat.welcome.chat == ()
    dan.seat.disconnect(is_going_away=True)
    talk.ada.seat.obey(Chat(text="to all"))
    talk.ada.seat.obey(Chat(text="to Dan", to=dan.id))
    talk.ada.seat.obey(Chat(text="to Bob", to=talk.bob.id))
    assert [message.text for message in talk.resume("Dan").seat.welcome.chat] == ["to all", "to Dan"]


def test_the_room_remembers_so_many_messages(talk: Talk) -> None:
    for number in range(MOST_MESSAGES + 5):
        talk.bob.seat.obey(Chat(text=str(number)))
        talk.clock.now += 1
    talk.bob.seat.disconnect(is_going_away=True)
    assert [message.text for message in talk.resume("Bob").seat.welcome.chat] == [
        str(number) for number in range(5, MOST_MESSAGES + 5)
    ]


def test_who_writes_too_much_waits_and_the_others_do_not(talk: Talk) -> None:
    for _ in range(AT_ONCE - 1):
        talk.bob.seat.obey(Chat(text="spam"))
    talk.bob.seat.obey(React(reaction="heart"))
    for command in (Chat(text="spam"), React(reaction="heart")):
        with pytest.raises(RequestError) as refused:
            talk.bob.seat.obey(command)
        assert refused.value.code == "too_many"
    talk.cleo.seat.obey(Chat(text="enough"))
    talk.clock.now += 1
    talk.bob.seat.obey(Chat(text="sorry"))


def test_who_is_outside_writes_under_their_name_and_from_nobody_who_is_in(talk: Talk) -> None:
    olga = Actor("user", talk.bob.id, "Olga", Role.HOST)
    talk.api(olga, Chat(text="five minutes left"))
    talk.api(olga, Chat(text="see me", to=talk.bob.id))
    (message, private) = [message for message in talk.bob.told if isinstance(message, ChatMessage)]
    assert (message.from_id, message.from_name, private.to_id) == ("", "Olga", talk.bob.id)
    assert texts(talk.cleo) == ["five minutes left"]
    for _ in range(AT_ONCE - 2):
        talk.api(olga, Chat(text="spam"))
    with pytest.raises(Conflict, match="wait"):
        talk.api(olga, Chat(text="spam"))


def test_a_sign_is_seen_by_all(talk: Talk) -> None:
    talk.bob.seat.obey(React(reaction="clap"))
    assert talk.ada.told == talk.bob.told == [Reaction(talk.bob.id, "clap")]


def test_what_was_written_is_published_whole(talk: Talk) -> None:
    talk.bob.seat.obey(Chat(text="psst", to=talk.cleo.id))
    talk.bob.seat.obey(React(reaction="wow"))
    assert [(event.kind.value, event.participant_id, event.detail, event.data) for event in talk.published] == [
        (
            "chat.sent",
            talk.bob.id,
            None,
            {
                "message_id": 1,
                "from": talk.bob.id,
                "from_name": "Bob",
                "to": talk.cleo.id,
                "text": "psst",
                "by": "Bob",
                "by_id": talk.bob.id,
            },
        ),
        ("participant.reaction", talk.bob.id, None, {"reaction": "wow"}),
    ]
