"""Every vector of the manual (§1.1, §3.5, §4.6, §5.7), and what must be refused."""

import base64

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from emulator.crypto import Crypto, CryptoError
from emulator.dingtalk.http_way import card_sign, robot_sign

YUE = "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
SUITE = "4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij"
SECOND = (
    "1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9V"
    "rYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ=="
)
FIRST = (
    "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFc"
    "hzNukR+t8SB/qk4ROMu3"
)
SUITE_CHECK = '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}'
RECEIVED = [
    ("mryue", YUE, "ding6ccabc44d2c8d38b", "1608001896814", "WL4PK6yA", "03044561471240d4a14bb09372dfcfd4fd0e40cb",
     FIRST, '{"EventType":"check_url"}'),
    ("123456", SUITE, "suite4xxxxxxxxxxxxxxx", "1445827045067", "nEXhMP4r",
     "5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0", SECOND, SUITE_CHECK),
    ("tokenxxxx", "o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus", "dingxxxxxx", "1605695694141", "WelUQl6bCqcBa2fM",
     "f36f4ba5337d426c7d4bca0dbcb06b3ddc1388fc",
     "X1VSe9cTJUMZu60d3kyLYTrBq5578ZRJtteU94wG0Q4Uk6E/wQYeJRIC0/UFW5Wkya1Ihz9oXAdLlyC9TRaqsQ==", "success"),
    ("123456", "1234567890123456789012345678901234567890123", "dingsnotzck6pm5veliw", "1614767836", "A7Co0cJLMzIDtMMI",
     "9a95a004dd16f5c307e849b994173f76aa26e5eb",
     "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==", "success"),
]  # fmt: skip
USER_ADD = (
    "IJtyRhe3IwDdDbVy9KT2PRvVVRgoaI4Zh79TS2bx91j2HIPWb/uWjBdN3rw/e9du+3uPKnNE7vBCQ8RA311F5xr8b3+IYq0ey6cdTkPxYLys2C"
    "+aB5XHDtjBtIDZJpjYbMNa9+Te3pqfwOZ6upqQk4k5lw/oBEQeCzRz8AST+9K+76iK0WZKzGmzICeEKoK1Sl67vvb3af062WtPWiBBqw=="
)
SEALED = [
    ("ding6ccabc44d2c8d38b", "success", "ec77e7d4fff9fdfd84e6cf9e46c4af1fb49245a5",
     "IJtyRhe3IwDdDbVy9KT2PQsXn9Di6CEK7IwoL8L4CQ+xgriQ8Y0sMuvHw0Vv9Ce+6cMGlc1MMsHA2a+tCiq9IA=="),
    ("dingabc", "中文消息", "4e0ad69f3553c98c1de6bc36fc0d4ab2cea19448",
     "IJtyRhe3IwDdDbVy9KT2PfqKWlcesRTleWblEcCi55AlwiHyxE1XvoGJoqRyaTUq3B7JJ04G+KGlmZsVs2n08A=="),
    ("ding6ccabc44d2c8d38b",
     '{"EventType":"user_add_org","UserId":["zhangsan"],"CorpId":"ding9f50b15bccd16741","TimeStamp":"1700000000000"}',
     "1ec4263765b6a5db56646160aaff908f3cd07f8b", USER_ADD),
]  # fmt: skip


@pytest.mark.parametrize(("token", "key", "owner", "stamp", "nonce", "signature", "sealed", "plain"), RECEIVED)
def test_captured_envelopes_open(
    token: str, key: str, owner: str, stamp: str, nonce: str, signature: str, sealed: str, plain: str
) -> None:
    assert Crypto(token, key, owner).open(signature, stamp, nonce, sealed).decode() == plain


@pytest.mark.parametrize(("owner", "message", "signature", "sealed"), SEALED)
def test_envelopes_are_sealed_to_the_byte(owner: str, message: str, signature: str, sealed: str) -> None:
    crypto = Crypto("mryue", YUE, owner)
    assert crypto.seal(message.encode(), random=b"0123456789abcdef") == sealed
    assert crypto.sign("1608001896814", "WL4PK6yA", sealed) == signature


def test_the_raw_aes_layer_is_the_official_one() -> None:
    raw = base64.b64decode("DwCJ9BMxu4r+VTe9TD+AWc1yfxqs7d2YgepFe4XruMgh1+6pTjCCq4nqAM6StRcafOx5a1OfwmX3ckSBifatlA==")
    key = base64.b64decode(SUITE + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(raw) + decryptor.finalize()
    assert plain == b"5p7b4jXMWUshiBCosucc111esssuite4xxxxxxxxxxxxxxx221" + b"\x0e" * 14


@pytest.mark.parametrize("owner", ["someone else", ""])
def test_somebody_elses_envelope_does_not_open(owner: str) -> None:
    token, key, _, stamp, nonce, signature, sealed, _ = RECEIVED[0]
    with pytest.raises(CryptoError):
        Crypto(token, key, owner).open(signature, stamp, nonce, sealed)
    with pytest.raises(CryptoError):
        Crypto(token, key, "ding6ccabc44d2c8d38b").open("0" * 40, stamp, nonce, sealed)


@pytest.mark.parametrize(
    ("secret", "stamp", "sign"),
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
def test_robots_sign_as_the_vectors_say(secret: str, stamp: str, sign: str) -> None:
    assert robot_sign(secret, stamp) == sign


def test_card_callbacks_sign_their_time() -> None:
    assert card_sign("card-secret-demo", "1700000000000") == "qQVsJUTjs7PKdYwAlzYWDbbCMvuQtij9gqpoH76Ed+A="
