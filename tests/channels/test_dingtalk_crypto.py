"""DingTalk's signs and envelope: every official vector, and everything that must not be taken."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.dingtalk.crypto import EventSeal, Signs, card_secret, card_sign, check_time, robot_sign
from bot.channels.envelope import Envelope, Forged, Keys

from .dingtalk_pushes import CLIENT, KEYS, NOW, SECRET, STAMP, opened

YUE = "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
OFFICIAL = [
    (
        Keys("mryue", YUE),
        "ding6ccabc44d2c8d38b",
        "1608001896814",
        "WL4PK6yA",
        "03044561471240d4a14bb09372dfcfd4fd0e40cb",
        "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR"
        "+t8SB/qk4ROMu3",
        '{"EventType":"check_url"}',
    ),
    (
        Keys("123456", "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"),
        "suite4xxxxxxxxxxxxxxx",
        "1445827045067",
        "nEXhMP4r",
        "5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0",
        "1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7"
        "XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==",
        '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
    ),
    (
        Keys("tokenxxxx", "o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus"),
        "dingxxxxxx",
        "1605695694141",
        "WelUQl6bCqcBa2fM",
        "f36f4ba5337d426c7d4bca0dbcb06b3ddc1388fc",
        "X1VSe9cTJUMZu60d3kyLYTrBq5578ZRJtteU94wG0Q4Uk6E/wQYeJRIC0/UFW5Wkya1Ihz9oXAdLlyC9TRaqsQ==",
        "success",
    ),
    (
        Keys("123456", "1234567890123456789012345678901234567890123"),
        "dingsnotzck6pm5veliw",
        "1614767836",
        "A7Co0cJLMzIDtMMI",
        "9a95a004dd16f5c307e849b994173f76aa26e5eb",
        "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==",
        "success",
    ),
]
"""The vectors of official pages and samples: keys, owner, timestamp, nonce, signature, ciphertext, message."""

SEALED = [
    (
        "ding6ccabc44d2c8d38b",
        "success",
        "ec77e7d4fff9fdfd84e6cf9e46c4af1fb49245a5",
        "IJtyRhe3IwDdDbVy9KT2PQsXn9Di6CEK7IwoL8L4CQ+xgriQ8Y0sMuvHw0Vv9Ce+6cMGlc1MMsHA2a+tCiq9IA==",
    ),
    (
        "dingabc",
        "中文消息",
        "4e0ad69f3553c98c1de6bc36fc0d4ab2cea19448",
        "IJtyRhe3IwDdDbVy9KT2PfqKWlcesRTleWblEcCi55AlwiHyxE1XvoGJoqRyaTUq3B7JJ04G+KGlmZsVs2n08A==",
    ),
    (
        "ding6ccabc44d2c8d38b",
        '{"EventType":"user_add_org","UserId":["zhangsan"],"CorpId":"ding9f50b15bccd16741","TimeStamp":"1700000000000"}',
        "1ec4263765b6a5db56646160aaff908f3cd07f8b",
        "IJtyRhe3IwDdDbVy9KT2PRvVVRgoaI4Zh79TS2bx91j2HIPWb/uWjBdN3rw/e9du+3uPKnNE7vBCQ8RA311F5xr8b3+IYq0ey6cdTkPxYLys2C+aB5XHDtj"
        "BtIDZJpjYbMNa9+Te3pqfwOZ6upqQk4k5lw/oBEQeCzRz8AST+9K+76iK0WZKzGmzICeEKoK1Sl67vvb3af062WtPWiBBqw==",
    ),
]


def then(timestamp: str) -> datetime:
    return datetime.fromtimestamp(int(timestamp) / (1000 if len(timestamp) == 13 else 1), UTC)


def forged(plain: bytes, keys: Keys = KEYS) -> tuple[str, str, str, str]:
    """Seal a whole plaintext, padding included, as somebody who holds the keys and builds it wrongly."""
    key = base64.b64decode(keys.aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
    return signed(sealed, keys)


def signed(sealed: str, keys: Keys = KEYS) -> tuple[str, str, str, str]:
    joined = "".join(sorted((keys.token, STAMP, "nonce", sealed)))
    return hashlib.sha1(joined.encode("utf-8", "surrogatepass")).hexdigest(), STAMP, "nonce", sealed


def letter(message: bytes, owner: str = CLIENT, length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return b"0123456789abcdef" + size.to_bytes(4, "big") + message + owner.encode()


def padded(plain: bytes) -> bytes:
    size = 32 - len(plain) % 32
    return plain + bytes([size]) * size


@pytest.mark.parametrize("vector", OFFICIAL, ids=lambda vector: vector[1])
def test_every_official_packet_opens_for_its_owner_alone(vector: tuple[Keys, str, str, str, str, str, str]) -> None:
    keys, owner, timestamp, nonce, signature, sealed, message = vector
    now = then(timestamp)
    assert EventSeal(owner, keys).open(signature, timestamp, nonce, sealed, now) == message
    with pytest.raises(Forged):
        EventSeal("dingsomebodyelse0", keys).open(signature, timestamp, nonce, sealed, now)
    with pytest.raises(Forged):
        EventSeal(owner, keys).open(signature[::-1], timestamp, nonce, sealed, now)
    with pytest.raises(Forged):
        EventSeal(owner, keys).open(signature, timestamp, nonce, sealed, now + timedelta(hours=1, seconds=1))


@pytest.mark.parametrize("vector", SEALED, ids=lambda vector: vector[1][:12])
def test_sealing_gives_the_known_packets(vector: tuple[str, str, str, str]) -> None:
    owner, message, signature, sealed = vector
    envelope = Envelope(owner, [Keys("mryue", YUE)])
    packet = envelope.seal(message.encode(), "1608001896814", "WL4PK6yA", b"0123456789abcdef")
    assert packet == (sealed, signature)
    assert envelope.open(signature, "1608001896814", "WL4PK6yA", sealed).decode() == message


def test_the_answer_opens_with_the_platforms_own_code() -> None:
    seal = EventSeal(CLIENT, KEYS)
    answers = [seal.success(NOW) for _ in range(3)]
    for answer in answers:
        assert answer["timeStamp"] == STAMP
        assert seal.open(answer["msg_signature"], STAMP, answer["nonce"], answer["encrypt"], NOW) == "success"
    assert len({answer["nonce"] for answer in answers}) == 3


def test_genuine_letters_with_any_padding_up_to_32_open() -> None:
    seal = EventSeal(CLIENT, KEYS)
    assert seal.open(*forged(padded(letter("好".encode()))), NOW) == "好"
    plain = letter(b"x" * 9)  # the Go and Rust samples of the platform pad to 16
    size = 16 - len(plain) % 16
    assert seal.open(*forged(plain + bytes([size]) * size), NOW) == "x" * 9


@pytest.mark.parametrize(
    "plain",
    [
        padded(letter(b"success", owner="dingsomebodyelse0")),
        padded(letter(b"success", owner="")),
        padded(letter(b"success", length=7 + len(CLIENT) + 1)),
        padded(letter(b"success", length=2**32 - 1)),
        padded(letter(b"\xff\xfe not utf-8")),
        padded(b"short"),
        letter(b"x" * 10) + bytes(16 - len(letter(b"x" * 10)) % 16),
        letter(b"x" * 10) + bytes([33]) * (16 - len(letter(b"x" * 10)) % 16),
        letter(b"x" * 12) + b"\x01" * 9 + b"\x0a",
        b"\x00" * 32,
        b"\x10" * 16,
    ],
    ids=["other owner", "no owner", "length over owner", "huge length", "not utf-8", "short", "padding 0", "padding 33",
         "uneven padding", "zeros", "padding alone"],
)  # fmt: skip
def test_a_letter_built_wrongly_does_not_open_even_under_a_good_signature(plain: bytes) -> None:
    with pytest.raises(Forged):
        EventSeal(CLIENT, KEYS).open(*forged(plain + b"\x0c" * (-len(plain) % 16)), NOW)


@pytest.mark.parametrize(
    "sealed", ["", "A", "====", "签名", "\ud800", "QUJD", "QUJD\n", base64.b64encode(b"x" * 17).decode()]
)
def test_a_signed_ciphertext_may_be_anything_and_is_only_ever_refused(sealed: str) -> None:
    with pytest.raises(Forged):
        EventSeal(CLIENT, KEYS).open(*signed(sealed), NOW)


@pytest.mark.parametrize("nonce", ["", "n" * 65])
def test_a_nonce_has_1_to_64_characters(nonce: str) -> None:
    sealed, signature = Envelope(CLIENT, [KEYS]).seal(b"success", STAMP, nonce)
    with pytest.raises(Forged):
        EventSeal(CLIENT, KEYS).open(signature, STAMP, nonce, sealed, NOW)


@pytest.mark.parametrize(
    ("secret", "timestamp", "sign"),
    [
        ("this is a secret", "1577262236757", "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="),
        ("this is secret", "1577262236757", "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="),
        (
            "SECb446b5f9a1c0e9f8b0e8d7c6b5a4938271605f4e3d2c1b0a99887766554433221",
            "1700000000000",
            "iPJsWcYr287DAmgQhNiJTU+EtXOtYHuW7cN5bwrwheU=",
        ),
    ],
)
def test_the_robots_sign_is_the_known_one(secret: str, timestamp: str, sign: str) -> None:
    assert robot_sign(secret, timestamp) == sign
    Signs(secret).check_robot(timestamp, sign, then(timestamp))
    for wrong in (sign[::-1], sign.lower(), "", "签名", "\ud800", sign + " "):
        with pytest.raises(Forged):
            Signs(secret).check_robot(timestamp, wrong, then(timestamp))


def test_the_cards_sign_is_the_known_one_by_a_secret_that_both_halves_can_tell() -> None:
    assert card_sign("card-secret-demo", "1700000000000") == "qQVsJUTjs7PKdYwAlzYWDbbCMvuQtij9gqpoH76Ed+A="
    Signs(SECRET).check_card(STAMP, card_sign(card_secret(SECRET), STAMP), NOW)
    assert SECRET not in card_secret(SECRET)
    for wrong in (card_sign(SECRET, STAMP), card_sign("", STAMP), robot_sign(SECRET, STAMP), ""):
        with pytest.raises(Forged):
            Signs(SECRET).check_card(STAMP, wrong, NOW)


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_sign_is_good_for_an_hour(off: timedelta) -> None:
    stamp = str(int((NOW + off).timestamp() * 1000))
    Signs(SECRET).check_robot(stamp, robot_sign(SECRET, stamp), NOW)
    beyond = str(int((NOW + off * 1.001).timestamp() * 1000))
    with pytest.raises(Forged):
        Signs(SECRET).check_robot(beyond, robot_sign(SECRET, beyond), NOW)


@pytest.mark.parametrize(
    "timestamp",
    ["", "0", STAMP + "0", "+" + STAMP[1:], STAMP[:-1] + " ", STAMP[:-1] + "²", "٠" * 13, STAMP[:-1] + "\n"],
)
def test_a_timestamp_is_plain_digits(timestamp: str) -> None:
    with pytest.raises(Forged):
        check_time(timestamp, NOW, timedelta(days=100_000))


def test_what_we_answer_is_what_the_platform_opens() -> None:
    assert opened(json.dumps(EventSeal(CLIENT, KEYS).success(NOW)).encode()) == "success"
