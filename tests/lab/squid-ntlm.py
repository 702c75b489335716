#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Squid asks whether an NTLM login is right (auth_param ntlm program): NTLMv2 alone, as domains want it (MS-NLMP 3.3.2).
squid-ntlm.py LOGINS LOG: LOGINS has lines user:password; LOG gets a line for each answer that was judged, as a domain would count it."""
import base64
import hashlib
import hmac
import os
import struct
import sys

TYPE1, TYPE2, TYPE3 = 1, 2, 3
SIGNATURE = b"NTLMSSP\0"
DOMAIN = "LAB"
# Unicode, target, NTLM, the target is a domain, extended session security, target information follows.
FLAGS = 0x1 | 0x4 | 0x200 | 0x10000 | 0x80000 | 0x800000


def md4(data):
    """RFC 1320; OpenSSL 3 has it in its legacy provider only."""
    def turn(value, by):
        value &= 0xffffffff
        return (value << by | value >> (32 - by)) & 0xffffffff

    rounds = ((lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
              (lambda x, y, z: x & y | x & z | y & z, 0x5a827999, [i % 4 * 4 + i // 4 for i in range(16)], (3, 5, 9, 13)),
              (lambda x, y, z: x ^ y ^ z, 0x6ed9eba1, [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], (3, 9, 11, 15)))
    state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    for at in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[at:at + 64])
        a, b, c, d = state
        for mix, constant, order, shifts in rounds:
            for step, index in enumerate(order):
                a, b, c, d = d, turn(a + mix(b, c, d) + words[index] + constant, shifts[step % 4]), b, c
        state = [(old + new) & 0xffffffff for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def key_of(user, domain, password):
    """NTOWFv2."""
    return hmac.new(md4(password.encode("utf-16-le")), (user.upper() + domain).encode("utf-16-le"), hashlib.md5).digest()


def challenge_of(nonce):
    target = DOMAIN.encode("utf-16-le")
    info = struct.pack("<HH", 2, len(target)) + target + bytes(4)
    head = 48
    return (SIGNATURE + struct.pack("<IHHII", TYPE2, len(target), len(target), head, FLAGS) + nonce + bytes(8)
            + struct.pack("<HHI", len(info), len(info), head + len(target)) + target + info)


def field(message, at):
    length, _, offset = struct.unpack_from("<HHI", message, at)
    if offset + length > len(message):
        raise ValueError("a field lies outside")
    return message[offset:offset + length]


def judge(message, nonce, logins):
    """(user, whether the login is right)"""
    if message[:8] != SIGNATURE or struct.unpack_from("<I", message, 8)[0] != TYPE3:
        raise ValueError("not the third message")
    answer, domain, user = field(message, 20), field(message, 28).decode("utf-16-le"), field(message, 36).decode("utf-16-le")
    # The answer of NTLMv1 has 24 bytes and nothing behind the proof that could be told from noise.
    if len(answer) < 44 or user not in logins:
        return user, False
    proof = hmac.new(key_of(user, domain, logins[user]), nonce + answer[16:], hashlib.md5).digest()
    return user, hmac.compare_digest(proof, answer[:16])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        logins = dict(line.rstrip("\n").split(":", 1) for line in file)
    nonce = None
    for line in sys.stdin:
        verb, _, text = line.strip().partition(" ")
        try:
            if verb == "YR":
                nonce = os.urandom(8)
                print("TT", base64.b64encode(challenge_of(nonce)).decode(), flush=True)
            elif verb == "KK" and nonce:
                user, right = judge(base64.b64decode(text), nonce, logins)
                nonce = None
                with open(sys.argv[2], "a", encoding="utf-8") as log:
                    log.write(f"{user} {'right' if right else 'wrong'}\n")
                print(f"AF {user}" if right else "NA wrong login", flush=True)
            else:
                print("BH out of turn", flush=True)
        except (ValueError, UnicodeError, struct.error) as error:
            print(f"NA {error}", flush=True)


if __name__ == "__main__":
    main()
