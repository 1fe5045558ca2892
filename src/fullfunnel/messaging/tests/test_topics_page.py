"""Settings, Topics: made, changed, archived, counted."""

from fullfunnel.messaging.actions import create_topic
from fullfunnel.messaging.models import Topic
from tests.kit.refusals import refusal_of

PAGE = "/w/halden/settings/topics/"


def test_a_topic_is_made_with_a_key_of_its_name_and_renamed_with_the_same_key(alice, workspace):
    assert "No topic yet" in alice.client.get(PAGE).content.decode()
    alice.client.post(PAGE, {"name": "Monthly note", "says": "Rosters"})
    topic = Topic.objects.get()
    assert (topic.key, topic.name, topic.says) == ("monthly-note", "Monthly note", "Rosters")
    alice.client.post(f"{PAGE}{topic.public_id}/", {"name": "The note", "says": ""})
    topic.refresh_from_db()
    assert (topic.key, topic.name) == ("monthly-note", "The note")
    alice.client.post(f"{PAGE}{topic.public_id}/archive/", {"archived": "1"})
    assert "Offer again" in alice.client.get(PAGE).content.decode()


def test_two_topics_of_one_name_and_one_without_are_refused(workspace, note):
    taken = refusal_of(lambda: create_topic(workspace, name="Monthly note", by=None), [Topic])
    assert taken == "There is a topic of this name, perhaps an archived one."
    empty = refusal_of(lambda: create_topic(workspace, name="  ", by=None), [Topic])
    assert empty == "A topic has a name of at most 100 characters."


def test_the_page_says_that_no_mail_server_is_set_up(alice):
    assert "No mail server is set up" in alice.client.get(PAGE).content.decode()
