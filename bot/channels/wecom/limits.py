"""How much of everything the platform shows, in 字 unless a name says bytes.

Sending: https://developer.work.weixin.qq.com/document/path/90236; the same components of 智能机器人, often shorter:
https://developer.work.weixin.qq.com/document/path/101032. We write to the shorter of the two, `WIDE` is the longer.
"""

TASK_ID_BYTES = 128
KEY_BYTES = 1024
OPTION_ID_BYTES = 128
TEXT_BYTES = 2048
PART_BYTES = 2000  # what we send at most in one text
MARKDOWN_BYTES = 2048

SOURCE = 13
TITLE = 26
SUBTITLE = 30
QUOTE = 112
FIGURE = 10
CAPTION = 15
BODY = 112
FIELD_NAME = 5
FIELD_VALUE = 26
JUMP_TITLE = 13
VERTICAL_TITLE = 26
VERTICAL_TEXT = 112
BUTTON = 10
OPTION = 10
CHECK_OPTION = 11
REPLACEMENT = 10

FIELDS = 6
JUMPS = 3
MENU_ENTRIES = 3
VERTICALS = 4
BUTTONS = 6
OPTIONS = 10
CHECK_OPTIONS = 20
SELECTS = 3

WIDE = {
    "source": 20,
    "title": 36,
    "subtitle": 44,
    "figure": 14,
    "caption": 22,
    "body": 160,
    "field_name": 5,
    "field_value": 30,
    "jump_title": 18,
    "vertical_title": 38,
    "vertical_text": 160,
    "button": 10,
    "option": 16,
    "check_option": 17,
}
