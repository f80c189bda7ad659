"""The envelope, against vectors of other people's code (manual §1.9) and against wechatpy."""

import json
from pathlib import Path
from typing import Any

import pytest
from wechatpy.work.crypto import WeChatCrypto

from emulator.crypto import Crypto, CryptoError

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
RANDOM = b"0123456789abcdef"


def named(vector: dict[str, Any]) -> str:
    return str(vector["id"])


@pytest.mark.parametrize("vector", VECTORS, ids=named)
def test_each_vector_opens_or_is_refused_with_its_code(vector: dict[str, Any]) -> None:
    crypto = Crypto(vector["token"], vector["key"], vector["receiver"])
    parts = (vector["signature"], vector["timestamp"], vector["nonce"], vector["sealed"])
    if vector["error"]:
        with pytest.raises(CryptoError) as caught:
            crypto.open(*parts)
        assert caught.value.code == vector["error"]
        return
    text = crypto.open(*parts).decode()
    assert text == vector.get("plain", text)
    assert vector.get("contains", "") in text


@pytest.mark.parametrize("vector", [one for one in VECTORS if one["id"] in ("E1", "E2", "E9")], ids=named)
def test_sealing_again_gives_the_same_bytes(vector: dict[str, Any]) -> None:
    crypto = Crypto(vector["token"], vector["key"], vector["receiver"])
    sealed = crypto.seal(vector["plain"].encode(), random=RANDOM)
    assert sealed == vector["sealed"]
    assert crypto.sign(vector["timestamp"], vector["nonce"], sealed) == vector["signature"]


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(CryptoError) as caught:
        Crypto("t", "short", "ww")
    assert caught.value.code == -40004


@pytest.mark.parametrize(("sealed", "code"), [("!!!!", -40010), ("", -40007), ("YWJj", -40007)])
def test_what_is_no_ciphertext_is_refused(sealed: str, code: int) -> None:
    crypto = Crypto("t", VECTORS[0]["key"], "ww")
    with pytest.raises(CryptoError) as caught:
        crypto.open(crypto.sign("1", "2", sealed), "1", "2", sealed)
    assert caught.value.code == code


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 300])
def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(length: int) -> None:
    vector = VECTORS[0]
    ours = Crypto(vector["token"], vector["key"], vector["receiver"])
    theirs = WeChatCrypto(vector["token"], vector["key"], vector["receiver"])
    text = "客" * length
    sealed = ours.seal(text.encode())
    outer = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    opened = theirs.decrypt_message(outer, ours.sign("1", "2", sealed), "1", "2")
    assert (opened.decode() if isinstance(opened, bytes) else opened) == text
    back = theirs.encrypt_message(text, "2", "1")
    find = lambda name: back.split(f"<{name}>")[1].split(f"</{name}>")[0].removeprefix("<![CDATA[").removesuffix("]]>")  # noqa: E731
    assert ours.open(find("MsgSignature"), "1", "2", find("Encrypt")).decode() == text
