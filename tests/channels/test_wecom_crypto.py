"""The envelope: every known packet both ways, and everything that must not open."""

import base64
import hashlib
import random
from types import SimpleNamespace

import pytest
from wechatpy.work.crypto import WeChatCrypto

from bot.channels.envelope import Envelope, Forged, Keys

Vectors = list[SimpleNamespace]


def envelope(vector: SimpleNamespace) -> Envelope:
    return Envelope(vector.receive_id, [Keys(vector.token, vector.aes_key)])


def signed(token: str, sealed: str) -> str:
    """Sign as somebody who knows the token but not the key."""
    joined = "".join(sorted((token, "1409659813", "n", sealed)))
    return hashlib.sha1(joined.encode("utf-8", "surrogatepass")).hexdigest()


def test_genuine_packets_open_and_forged_ones_do_not(vectors: Vectors) -> None:
    for vector in vectors:
        packet = (vector.signature, vector.timestamp, vector.nonce, vector.sealed)
        if getattr(vector, "forged", False):
            with pytest.raises(Forged):
                envelope(vector).open(*packet)
            continue
        message = envelope(vector).open(*packet).decode()
        assert message == getattr(vector, "message", message)
        assert getattr(vector, "contains", "") in message


def test_sealing_the_same_message_gives_the_same_packet(vectors: Vectors) -> None:
    for vector in (one for one in vectors if hasattr(one, "noise")):
        opened = envelope(vector).open(vector.signature, vector.timestamp, vector.nonce, vector.sealed)
        again = envelope(vector).seal(opened, vector.timestamp, vector.nonce, vector.noise.encode())
        assert again == (vector.sealed, vector.signature)


def test_wechatpy_opens_what_we_seal_and_we_open_what_it_seals(vectors: Vectors) -> None:
    for vector in (one for one in vectors if not hasattr(one, "forged")):
        oracle = WeChatCrypto(vector.token, vector.aes_key, vector.receive_id)
        for message in ("hello", "客户😀" * 40, "x" * 31, "x" * 4096):
            sealed, signature = envelope(vector).seal(message.encode(), "1409659813", "n1")
            theirs = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
            assert oracle.decrypt_message(theirs, signature, "1409659813", "n1") == message.encode().decode()
            reply = oracle.encrypt_message(message, "n2", "1409659813")
            ciphertext = reply.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
            signed = reply.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
            assert envelope(vector).open(signed, "1409659813", "n2", ciphertext).decode() == message


def test_an_empty_receive_id_opens_only_for_those_who_have_none(vectors: Vectors) -> None:
    e3 = next(vector for vector in vectors if vector.id == "E3")
    nobody = Envelope("", [Keys(e3.token, e3.aes_key)])
    assert nobody.open(e3.signature, e3.timestamp, e3.nonce, e3.sealed) == b"hello"


def test_every_padding_from_1_to_32_is_accepted() -> None:
    keys = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
    sealing = Envelope("corp", [keys])
    for size in range(64):
        sealed, signature = sealing.seal(b"x" * size, "1409659813", "n")
        assert sealing.open(signature, "1409659813", "n", sealed) == b"x" * size


def test_while_keys_are_rotated_both_open() -> None:
    old, new = Keys("old", "a" * 43), Keys("new", "B" * 43)
    for sealer in (old, new):
        sealed, signature = Envelope("corp", [sealer]).seal(b"hi", "1409659813", "n")
        assert Envelope("corp", [new, old]).open(signature, "1409659813", "n", sealed) == b"hi"
        with pytest.raises(Forged):
            Envelope("corp", [Keys("third", "c" * 43)]).open(signature, "1409659813", "n", sealed)


@pytest.mark.parametrize("signature", ["", "é" * 40, "签名", "\ud800", "0" * 40, "\x00"])
def test_a_signature_may_be_anything_and_is_only_ever_refused(vectors: Vectors, signature: str) -> None:
    with pytest.raises(Forged):
        envelope(vectors[0]).open(signature, vectors[0].timestamp, vectors[0].nonce, vectors[0].sealed)


@pytest.mark.parametrize(
    "sealed", ["", "A", "====", "é", "\ud800", "QUJD", "QUJD\n", base64.b64encode(b"x" * 17).decode()]
)
def test_a_signed_ciphertext_may_be_anything_and_is_only_ever_refused(vectors: Vectors, sealed: str) -> None:
    vector = vectors[0]
    with pytest.raises(Forged):
        envelope(vector).open(signed(vector.token, sealed), "1409659813", "n", sealed)


def test_random_blocks_under_a_good_signature_never_open() -> None:
    keys = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
    sealing = Envelope("corp", [keys])
    dice = random.Random(7)
    for _ in range(2000):
        sealed = base64.b64encode(dice.randbytes(16 * dice.randint(1, 6))).decode()
        with pytest.raises(Forged):
            sealing.open(signed(keys.token, sealed), "1409659813", "n", sealed)


@pytest.mark.parametrize(
    ("token", "aes_key"), [("", "a" * 43), ("t", "a" * 42), ("t", "a" * 42 + "="), ("t", "é" * 43)]
)
def test_malformed_keys_are_refused_when_the_channel_opens(token: str, aes_key: str) -> None:
    with pytest.raises(ValueError, match=r"WECOM_(TOKEN|AES_KEY) 或 DINGTALK_"):
        Keys(token, aes_key)
    with pytest.raises(ValueError, match="至少"):
        Envelope("corp", [])


def test_keys_do_not_show_themselves() -> None:
    assert "QDG6eK" not in repr(Keys("QDG6eK", "a" * 43))
