"""How much of everything the platform takes, in bytes unless a name says otherwise.

Messages: https://open.dingtalk.com/document/orgapp/robot-message-type; cards:
https://open.dingtalk.com/document/orgapp/create-and-deliver-cards
"""

MESSAGE_PARAM = 15_000  # the JSON of one message
PART = 6000  # what we put at most into one message; JSON may double it, and nobody reads more at a time
CARD_VALUE = 1000  # one variable of a card, by the documentation; more has been seen to work
TRACK_ID = 100
USER_ID = 64  # characters
SEARCH = 200  # characters
TITLE = 60  # characters shown in the list of conversations
LABEL = 20  # characters on a button
ACTIONS = 5  # buttons under an ActionCard
