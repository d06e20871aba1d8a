"""A second, slow and plain implementation of every format, written from the layouts alone.

It shares no line with the product: HKDF and HMAC from the standard library, GCM through the
low-level cipher interface, HPKE spelled out from RFC 9180. Argon2 is the one thing not redone.
"""

import hashlib
import hmac
import math

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def lengths(*parts):
    out = bytearray()
    for part in parts:
        out += bytes([len(part) // 256, len(part) % 256])
        out += part
    return bytes(out)


def named(use):
    return ("kartoteka/v1/" + use).encode()


def number(value, size=4):
    return bytes((value >> 8 * (size - 1 - at)) % 256 for at in range(size))


def hmac256(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def expand(secret, info, length):
    out = block = b""
    for counter in range(1, 9):
        block = hmac256(secret, block + info + bytes([counter]))
        out += block
    return out[:length]


def derive(key, use, vault, *context):
    return expand(hmac256(bytes(32), key), lengths(named(use), vault, *context), 32)


def gcm_seal(key, nonce, plain, ad):
    cipher = Cipher(AES(key), GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(ad)
    body = cipher.update(plain) + cipher.finalize()
    return body + cipher.tag


def gcm_open(key, nonce, sealed, ad):
    cipher = Cipher(AES(key), GCM(nonce, sealed[-16:])).decryptor()
    cipher.authenticate_additional_data(ad)
    return cipher.update(sealed[:-16]) + cipher.finalize()


def padded_size(size):
    if size <= 256:
        return max(1, math.ceil(size / 16)) * 16
    exponent = math.floor(math.log2(size))
    kept = math.floor(math.log2(exponent)) + 1
    step = 2 ** (exponent - kept)
    return math.ceil(size / step) * step


def padded(data):
    whole = number(len(data)) + data
    return whole + bytes(padded_size(len(whole)) - len(whole))


def place_of_field(vault, table, row, column, owner, category):
    return lengths(
        named("field"), vault, table.encode(), row, column.encode(), owner, category.encode()
    )


def seal_padded(key, nonce, plain, ad):
    return b"\x01" + nonce + gcm_seal(key, nonce, plain, ad)


def seal_field(key, nonce, tagged, ad):
    return seal_padded(key, nonce, padded(tagged), ad)


def open_field(key, blob, ad):
    plain = gcm_open(key, blob[1:13], blob[13:], ad)
    size = int.from_bytes(plain[:4], "big")
    return plain[4 : 4 + size]


def wrap(key, version, nonce, secret, ad):
    header = b"\x01" + number(version)
    return header + nonce + gcm_seal(key, nonce, secret, ad + header)


def place_of_key(vault, owner, category):
    return lengths(named("dek"), vault, owner, category.encode())


def place_of_secret(vault, kind, category):
    return lengths(named("secret"), vault, kind.encode(), category.encode())


def wrapping_key(stretched, vault, user, memory, time, lanes):
    return derive(stretched, "userwrap", vault, user, number(memory), number(time), number(lanes))


def shut_bundle(key, nonce, seeds_and_root, vault, user):
    ad = lengths(named("bundle"), vault, user) + b"\x01"
    return b"\x01" + nonce + gcm_seal(key, nonce, seeds_and_root, ad)


def root_step(vault, count, old_public, new_public):
    return lengths(named("root link"), vault, number(count), old_public, new_public)


def recovery_proof(recovery, vault, root):
    key = derive(recovery, "recovery/root", vault)
    return root + hmac256(key, lengths(named("recovery root"), vault, root))


def card_message(vault, user, roles, x_public, ed_public, counter, status):
    return lengths(
        named("card"),
        vault,
        user,
        lengths(*[role.encode() for role in roles]),
        x_public,
        ed_public,
        number(counter),
        status.encode(),
    )


def place_of_slot(vault, user, category, version, counter):
    return lengths(named("slot"), vault, user, category.encode(), number(version), number(counter))


# HPKE, base mode: DHKEM(X25519, HKDF-SHA256) = 0x0020, HKDF-SHA256 = 0x0001, AES-256-GCM = 0x0002.
KEM_SUITE = b"KEM" + number(0x20, 2)
HPKE_SUITE = b"HPKE" + number(0x20, 2) + number(1, 2) + number(2, 2)


def labeled_extract(suite, salt, label, key):
    return hmac256(salt or bytes(32), b"HPKE-v1" + suite + label + key)


def labeled_expand(suite, secret, label, info, length):
    return expand(secret, number(length, 2) + b"HPKE-v1" + suite + label + info, length)


def hpke_key_and_nonce(shared_point, ephemeral_public, receiver_public, info):
    secret = labeled_extract(KEM_SUITE, b"", b"eae_prk", shared_point)
    context = ephemeral_public + receiver_public
    shared = labeled_expand(KEM_SUITE, secret, b"shared_secret", context, 32)
    schedule = b"\x00" + labeled_extract(HPKE_SUITE, b"", b"psk_id_hash", b"")
    schedule += labeled_extract(HPKE_SUITE, b"", b"info_hash", info)
    secret = labeled_extract(HPKE_SUITE, shared, b"secret", b"")
    key = labeled_expand(HPKE_SUITE, secret, b"key", schedule, 32)
    return key, labeled_expand(HPKE_SUITE, secret, b"base_nonce", schedule, 12)


def public_of(seed):
    return X25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def hpke_seal(ephemeral_seed, receiver_public, plain, info):
    point = X25519PrivateKey.from_private_bytes(ephemeral_seed).exchange(
        X25519PublicKey.from_public_bytes(receiver_public)
    )
    ephemeral_public = public_of(ephemeral_seed)
    key, nonce = hpke_key_and_nonce(point, ephemeral_public, receiver_public, info)
    return ephemeral_public + gcm_seal(key, nonce, plain, b"")


def hpke_open(receiver_seed, sealed, info):
    point = X25519PrivateKey.from_private_bytes(receiver_seed).exchange(
        X25519PublicKey.from_public_bytes(sealed[:32])
    )
    key, nonce = hpke_key_and_nonce(point, sealed[:32], public_of(receiver_seed), info)
    return gcm_open(key, nonce, sealed[32:], b"")


def times(left, right):
    """Multiply in GF(32) with x^5 = x^2 + 1."""
    product = 0
    for bit in range(5):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)
    return product


def printed_recovery(key):
    bits = f"{int.from_bytes(key, 'big'):0255b}"
    symbols = [int(bits[at : at + 5], 2) for at in range(0, 255, 5)]
    check, weight = 0, 1
    for symbol in reversed(symbols):
        weight = times(weight, 2)
        check ^= times(symbol, weight)
    text = "".join(CROCKFORD[symbol] for symbol in [*symbols, check])
    return "-".join(text[at : at + 4] for at in range(0, 52, 4))
