"""Invented news, and ways in which pages change it. No place, person or event here is real."""

from __future__ import annotations

BRIDGE = """\
PORT ELLERY — A section of the Saltmarsh Bridge gave way early on Tuesday, sending a freight lorry into \
the Marrow estuary and cutting the only road link to the island of Greater Tolland.
The driver, a 44-year-old man from Kesterwick, climbed out through a window and was picked up by a \
mussel boat about twenty minutes later, the harbour office said. He was treated for a broken wrist.
Engineers had closed one lane of the crossing in March after divers found cracks in two of its piers. \
The county reopened it in August without replacing the damaged steel, according to inspection records \
published last month.
“We were told it would hold for another ten winters,” said Ines Calloway, who runs the ferry office on \
the island. “Nobody here believed it, and nobody here was asked.”
The county's roads commissioner, Tobias Renfrew, said an inquiry would begin this week. He declined to \
say who had signed the order to reopen the lane.
About 3,100 people live on Greater Tolland. The hospital in Port Ellery has moved two ambulances to the \
island's football ground, and the school ferry will carry groceries until a second boat arrives from \
Lanmouth on Friday.
The bridge was built in 1961 to carry cattle trucks and was never meant for the quarry traffic that now \
crosses it forty times a day, the records show. A replacement has been on the county's list since 1998."""

LIBRARY = """\
KESTERWICK — The town council voted seven to two on Monday to keep the Corn Street library open, ending a \
dispute that had filled its meetings since the spring.
The building needs a new roof, which the surveyor puts at 410,000 crowns. Half of that will come from the \
sale of the old fire station, and the rest from a levy on parking that begins in January.
Opponents said the money would be better spent on the swimming pool, which has been drained since a pump \
failed two years ago. They asked for a referendum, and the mayor refused.
Volunteers who ran the reading room during the winter strike will stay on at weekends. The library lends \
about 90,000 books a year, more than any other in the valley except the one at Lanmouth."""

OWL = """\
LANMOUTH — A pair of eagle owls has nested on the roof of the county court for the third year running, \
and the clerk has again moved her summer hearings to the annexe so that the chicks are not disturbed.
Wardens put up a camera in April. More than eleven thousand people watched the second egg hatch on \
Sunday night, a record for the county's website, which usually shows the height of the river.
The birds feed on pigeons and on the rats that come up from the tannery canal. The court's caretaker \
sweeps the steps twice a day and keeps the pellets in jars for schools that ask for them."""

QUARRY = """\
GREATER TOLLAND — The owners of the Hask quarry said on Wednesday that they would stop blasting for the \
rest of the month and send half of their workforce home on two-thirds pay.
The company moves its stone by road and has no jetty of its own. A plan to build one was dropped in 2009 \
after the island's fishermen objected that dredging would ruin the oyster beds.
Union officials asked the county for a fund like the one set up after the Lanmouth mill fire. No answer \
had come by the evening."""

INDEPENDENT = """\
A lorry driver swam clear of his sinking cab before dawn today when part of the old crossing to Greater \
Tolland dropped into the water beneath him.
Islanders woke to find themselves without a road. By breakfast a queue had formed at the slipway, and the \
two general stores were limiting customers to a loaf each.
“We were told it would hold for another ten winters,” Ms Calloway of the ferry office told this \
newspaper. “Nobody here believed it, and nobody here was asked.”
Commissioner Renfrew promised that an investigation would look into the decision to let traffic back onto \
both lanes this summer. Our reporter counted nine quarry wagons on the span in a quarter of an hour last \
week, each of them heavier than anything its builders had in mind.
The quarry said that it was too early to speak of layoffs. The mussel boat that found the driver is the \
Amity, out of Kesterwick, whose skipper would not give his name."""

BRIEF = """\
A freight lorry fell into the Marrow estuary early on Tuesday when a section of the Saltmarsh Bridge gave \
way. The driver climbed out through a window and was picked up by a mussel boat about twenty minutes \
later, the harbour office said. About 3,100 people live on Greater Tolland."""

TRANSLATION = """\
PORT ELLERY — Ein Teil der Saltmarsh-Brücke ist am frühen Dienstag eingestürzt; ein Lastwagen fiel in die \
Marrow-Mündung, die einzige Straße zur Insel Greater Tolland ist unterbrochen.
Der Fahrer, ein 44-jähriger Mann aus Kesterwick, kletterte durch ein Fenster und wurde nach etwa zwanzig \
Minuten von einem Muschelboot aufgenommen, teilte das Hafenamt mit. Sein Handgelenk ist gebrochen.
Ingenieure hatten im März eine Spur gesperrt, nachdem Taucher Risse in zwei Pfeilern gefunden hatten."""

UPDATED = """\
PORT ELLERY — Divers on Wednesday found the trailer of the lorry that fell from the Saltmarsh Bridge, and \
the county named a retired judge to lead its inquiry into the collapse.
Engineers had closed one lane of the crossing in March after divers found cracks in two of its piers. \
The county reopened it in August without replacing the damaged steel, according to inspection records \
published last month.
Judge Orla Penhallow said she would hear the surveyors first. She expects to report by midsummer.
About 3,100 people live on Greater Tolland. The hospital in Port Ellery has moved two ambulances to the \
island's football ground, and the school ferry will carry groceries until a second boat arrives from \
Lanmouth on Friday.
The bridge was built in 1961 to carry cattle trucks and was never meant for the quarry traffic that now \
crosses it forty times a day, the records show. A replacement has been on the county's list since 1998."""

FILLER = (
    "08:15 The first boat of the morning has left the slipway with the post and two goats.",
    "08:40 Readers have been sending pictures from the north shore, where the fog has still not lifted.",
    "09:05 The bakery at Hask says it will sell yesterday's bread at half price until the flour arrives.",
    "09:30 A helicopter circled the lighthouse twice and went back the way it came.",
    "10:10 The primary school has cancelled its swimming lesson and opened the hall to anyone who is cold.",
    "10:45 A dog that had been missing since Sunday was found asleep in the ticket office.",
    "11:20 The county says its telephone lines are busy and asks callers to try the parish clerk instead.",
    "11:55 Rain is expected by two, and the wind will turn to the west before it is dark.",
)


def paragraphs(text: str, *wanted: int) -> str:
    """Some paragraphs of a text, by number."""
    lines = text.split("\n")
    return "\n".join(lines[number] for number in wanted)


def interleaved(*texts: str) -> str:
    """A page that strings whole texts together, with short notes between them."""
    notes = iter(FILLER * 3)
    return "\n".join(part for text in texts for part in (next(notes), text, next(notes), next(notes)))
