#!/usr/bin/env python3
"""Reads a Packstone repository without Packstone: written from format.md alone, and best read beside it.

    read.py REPOSITORY --key-file FILE list
    read.py REPOSITORY --key-file FILE restore SNAPSHOT TARGET      (SNAPSHOT: the start of an id, or latest)

Instead of a key file: --password-file FILE, --words FILE (a recovery sheet), or nothing, and it asks for a password.
Needs Python 3.8 and the package cryptography; argon2-cffi for passwords, mnemonic for words, zstandard (or the program
zstd) and lz4 for what they compressed. It writes nothing to the repository and believes no byte of it. It goes by the
tables of the packs, which it keeps in memory. Owners, set-id bits, devices and sockets are not restored."""
import argparse, contextlib, functools, getpass, hashlib, hmac, importlib.util, io, itertools, mmap, os, pathlib, re
import shutil, struct, subprocess, sys, time

CONFIG, KEY_SLOT, PACK, SNAPSHOT, STATE, FORGET = 1, 2, 3, 5, 6, 10  # kinds of objects
DATA, RECIPE, NODE, FILE, FOLDER, SYMLINK, PIPE = 0, 1, 2, 0, 1, 2, 3  # types of chunks, and of entries
HEX, troubles = "[0-9a-f]{64}", []

def need(condition, otherwise):
    if not condition:
        raise ValueError(otherwise)
def stop(message, code=1):
    sys.exit(print("read.py:", message, file=sys.stderr) or code)
def warn(what, why):
    troubles.append(print(f"{os.fsdecode(what)!r}: {str(why) or 'a seal does not open'}", file=sys.stderr))
def package(name):
    try:
        return __import__(name, fromlist=["*"])
    except ImportError:
        stop(f"{name.split('.')[0]} is missing: pip install cryptography argon2-cffi mnemonic zstandard lz4")

# ---- Conventions, Frame
class Cursor(io.BytesIO):
    def take(self, length):
        data = self.read(length)
        need(len(data) == length, "it ends too early")
        return data
    def number(self, width, order="little"):
        return int.from_bytes(self.take(width), order)
    def varint(self):
        byte = self.number(1)
        return byte if byte < 128 else byte - 128 + (self.varint() << 7)
    def cbor(self):
        major, n = divmod(self.number(1), 32)
        if major == 7:
            return {20: False, 21: True, 22: None}[n]
        n = n if n < 24 else self.number({24: 1, 25: 2, 26: 4, 27: 8}[n], "big")
        if major < 4:
            return (n, -1 - n)[major] if major < 2 else self.take(n) if major == 2 else self.take(n).decode()
        items = [self.cbor() for _ in range(n * {4: 1, 5: 2}[major])]
        return items if major == 4 else dict(zip(items[::2], items[1::2]))
CRC = functools.reduce(lambda row, _: [c >> 1 ^ 0x82F63B78 * (c & 1) for c in row], range(8), range(256))
def crc32c(data, crc=0):
    return functools.reduce(lambda c, byte: CRC[(c ^ byte) & 255] ^ c >> 8, data, crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
def header(data, kind, repository):
    magic, found, version, zero, id, checksum = struct.unpack("<8sBBH16sI", data)
    need(magic == b"\x89PKST\r\n\x1a" and checksum == crc32c(data[:28]), "its header is damaged")
    need((found, version, zero) == (kind, 1, 0) and repository in (None, id), "it is of another kind, place or version")

# ---- Cryptography, Compression
def derive(secret, salt, label, length=32):
    """HKDF. The label of all that is derived, and all associated data, begins with packstone/1/."""
    key, info = hmac.digest(salt, secret, "sha256"), b"packstone/1/" + label
    first = hmac.digest(key, info + b"\1", "sha256")
    return (first + hmac.digest(key, first + info + b"\2", "sha256"))[:length]
def unseal(key, label, sealed):
    need(len(sealed) >= 56 and sealed[0] == 40, "it is no sealed string")
    aead, last = package("cryptography.hazmat.primitives.ciphers.aead"), (len(sealed) - 1) // 65536
    cipher = aead.AESGCM(derive(key, sealed[1:33], label))
    return b"".join(cipher.decrypt(sealed[33:40] + i.to_bytes(4, "big") + bytes([i == last]),
                                   sealed[max(40, 65536 * i) : 65536 * (i + 1)], None) for i in range(last + 1))
def decompress(codec, stored, length):
    if codec == 1:
        stored = package("lz4.block").decompress(stored, uncompressed_size=length)
    elif codec == 2 and shutil.which("zstd") and not importlib.util.find_spec("zstandard"):
        stored = subprocess.run(["zstd", "-dcq"], input=stored, stdout=subprocess.PIPE, check=True).stdout
    elif codec == 2:
        stored = package("zstandard").ZstdDecompressor().stream_reader(stored).read(length + 1)
    need(codec < 3 and len(stored) == length, "it decompresses to another length")
    return stored

# ---- Config, Key slots, Snapshots, Packs. Whatever goes wrong with bytes costs what they hold: hence except Exception
class Repository:
    def __init__(self, path, slot_kind, secret):
        self.path, self.id, self.places = pathlib.Path(path), None, {}
        ids = self.small("config", "[0-9]{1,9}", CONFIG, lambda data, body: data[12:28])
        self.id = max(ids.values(), default=None) or stop(f"there is no repository in {path}", 10)
        roots = self.small("keys", HEX, KEY_SLOT, lambda data, body: self.root(slot_kind, secret, body)).values()
        root = max(filter(None, roots), default=None) or stop("no key slot opens with this secret", 12)
        self.key = lambda secret, label: derive(secret, self.id, label)
        self.id_key, self.structure, self.content = map(self.key, [root] * 3, [b"chunk id", b"structure", b"content"])
        configs = self.small("config", "[0-9]{1,9}", CONFIG, self.authentic) or stop("no config is authentic", 4)
        configs[max(configs, key=int)][2] and stop("this repository is for newer programs", 11)

    def small(self, folder, pattern, kind, decode):
        """What decode makes of each small object, by name; the copy serves where the first is damaged or missing."""
        found = {}
        for path in sorted((self.path / folder).glob("*")):
            match = re.fullmatch(f"({pattern})([.]b)?", path.name)
            if match and match[1] not in found:
                try:
                    data = path.open("rb").read((1 << 24) + 1)
                    header(data[:32], kind, self.id)
                    need(len(data) == 40 + int.from_bytes(data[32:36], "little"), "it is too short or too long")
                    need(data[-4:] == crc32c(data[:-4]).to_bytes(4, "little"), "its checksum differs")
                    need(kind in (CONFIG, STATE, FORGET) or match[1] == hashlib.sha256(data).hexdigest(), "misnamed")
                    found[match[1]] = decode(data, data[36:-4])
                except Exception as e:
                    warn(path, e)
        return found

    def authentic(self, data, body):
        key = self.key(self.structure, b"config" if data[8] == CONFIG else b"state")
        need(hmac.compare_digest(hmac.digest(key, data[:32] + body[:-32], "sha256"), body[-32:]), "its MAC differs")
        return Cursor(body[:-32]).cbor()

    def root(self, slot_kind, secret, body):
        kind, kib, passes, lanes, salt, commitment = struct.unpack("<BIIB32s32s", body[:74])
        if kind == slot_kind == 1:
            need(kib <= 1 << 22 and passes <= 64 and lanes <= 16 and kib * passes <= 1 << 24, "it asks for too much")
            argon2 = package("argon2.low_level")
            both = argon2.hash_secret_raw(secret, salt, passes, kib, lanes, 64, argon2.Type.ID, 0x13)
        else:
            both = derive(secret, salt, b"key slot", 64)
        if kind == slot_kind and hmac.compare_digest(both[32:], commitment):
            return Cursor(unseal(both[:32], b"key slot" + self.id + body[:74], body[74:])).cbor()[1]

    def snapshots(self):
        """The confirmed snapshots, the oldest first: place, root node, content part, id, whether it is forgotten."""
        states, forgotten = (self.small("snapshots", HEX + end, kind, self.authentic)
                             for end, kind in (("[.]state", STATE), ("[.]forgot", FORGET)))
        records = self.small("snapshots", HEX, SNAPSHOT, self.snapshot)
        return sorted((*record, name, name + ".forgot" in forgotten) for name, record in records.items()
                      if states.get(name + ".state") == [1, bytes.fromhex(name)])

    def snapshot(self, data, body):
        cursor = Cursor(body)
        structure, content = cursor.take(cursor.number(4)), cursor.take(cursor.number(4))
        bound = self.id + hashlib.sha256(structure).digest()
        content = unseal(self.key(self.content, b"snapshot content"), b"snapshot content" + bound, content)
        structure = unseal(self.key(self.structure, b"snapshot structure"), b"snapshot structure" + self.id, structure)
        (root, _, _, _, _, order, _), content = Cursor(structure).cbor(), Cursor(content).cbor()
        return (content[13][1] if content[13:] and content[13] else order, content[0], order), root, content

    def read_tables(self):
        for path in (path for path in self.path.glob("packs/*/*") if re.search(r"/(..)/\1[0-9a-f]{62}$", str(path))):
            try:
                self.read_table(path)
            except Exception as e:
                warn(path, e)

    def read_table(self, pack):
        with open(pack, "rb") as file:
            header(file.read(32), PACK, self.id)
            total, footer = file.seek(-64, 2) + 64, file.read(64)
            start, stored, _, length, *rest = struct.unpack("<QQQQ16s8sII", footer)
            good = length == total == start + stored + 64 and rest == [self.id, b"PKSTEND1", 0, crc32c(footer[:60])]
            sealed = need(good and stored <= 1 << 28, "its footer is damaged") or file.seek(start) and file.read(stored)
        table = Cursor(unseal(self.key(self.structure, b"pack table"), b"table" + self.id, sealed))
        need(table.number(1) == 1 and table.number(1) in (1, 2), "its table is of another version")
        envelopes, offset = [self.envelope(table) for _ in range(table.varint())], 64
        for _ in range(table.varint()):
            type, codec, (key, envelope) = table.number(1), table.number(1), envelopes[table.varint()]
            stored, plain, _, _ = table.varint(), table.varint(), table.take(16), table.take(64 * table.number(1))
            label = b"block" + self.id + struct.pack("<BBQ", type, codec, plain) + envelope
            block, at = (pack, offset, stored, codec, plain, key, label), 0
            for _ in range(table.varint()):
                id, flags, length = table.take(32), table.number(1), table.varint()
                references = table.take(32 * table.varint()) if flags & 7 else b""
                if not flags & 8:  # a dead row only takes up room
                    self.places.setdefault(id, []).append((flags, block, at, length, references))
                at += length
            need(plain <= 1 << 24 and at == (0 if type == 2 else plain), "the rows of a block do not add up to it")
            offset += stored
        need(offset == start and not table.read(1), "its blocks do not add up to it")

    def envelope(self, table):
        kind, _, id, salt = table.number(1), table.varint(), table.take(16), table.take(32)
        _, commitment, key = table.take(table.varint()), table.take(32), derive(self.content, salt, b"data key")
        need(kind or hmac.compare_digest(derive(key, salt, b"commitment"), commitment), "an envelope is damaged")
        return None if kind else key, id

    @functools.lru_cache(64)
    def pack(self, path):
        with open(path, "rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if hashlib.sha256(data).hexdigest() != path.name:
            warn(path, "its bytes are not those its name says; each chunk in it still has to be what its id says")
        return data
    @functools.lru_cache(32)
    def block(self, pack, offset, stored, codec, plain, key, label):
        need(key, "it has an envelope that this program can't open")
        return decompress(codec, unseal(key, label, self.pack(pack)[offset : offset + stored]), plain)

    def chunk(self, type, id):
        """Payload and references of a chunk, from the first place that gives what its id says."""
        trouble = f"chunk {id.hex()} is in no pack"
        for found, block, start, length, references in self.places.get(id, ()):
            try:
                payload = self.block(*block)[start : start + length]
                message = struct.pack("<BI", found, len(references) // 32) + references + payload
                need(found == type and hmac.digest(self.id_key, message, "sha256") == id, "it is not what its id says")
                return payload, [references[i : i + 32] for i in range(0, len(references), 32)]
            except Exception as e:
                trouble = f"chunk {id.hex()} in {block[0]}: {str(e) or 'its seal does not open'}"
        raise ValueError(trouble)

# ---- The manifest
def entries(repository, id, level=None):
    """What is below a node, in order: directory, entry, references. What can't be read is named, and left out."""
    try:
        payload, references = repository.chunk(NODE, id)
        number, *rest = Cursor(payload).cbor()
        need(level in (None, number) and (not number or len(rest[0]) == len(references)), "a node does not fit here")
    except Exception as e:
        return warn("part of the manifest", e)
    for reference in references if number else []:
        yield from entries(repository, reference, number - 1)
    references = iter(references)
    for directory, run in [] if number else rest[1]:
        for entry in run:
            yield directory, entry, list(itertools.islice(references, len(entry[11][2]) if entry[11] else 0))
def contents(repository, depth, lengths, references):
    """The bytes of a file, piece by piece."""
    need(len(lengths) == len(references), "a list of chunks has too few references or too many")
    for length, id in zip(lengths, references):
        payload, below = repository.chunk(RECIPE if depth else DATA, id)
        there, parts = Cursor(payload).cbor() if depth else (0, [len(payload)])
        need(there == depth and sum(parts) == length, "a chunk has another length than the list above it says")
        yield from contents(repository, depth - 1, parts, below) if depth else [payload]

# ---- Restore
def restore(repository, root, target):
    """Writes below an empty folder. It makes each folder itself, so no link leads it out, and writes over nothing."""
    folders, links, last = {target: None}, {}, b""
    for directory, entry, references in entries(repository, root):
        try:
            name, type, mode, _, seconds, nanos, _, inode, device, _, _, body, *more = entry
            parts, more = directory.split(b"/") if directory else [], more[0] if more else {}
            key = b"".join(part + b"\0" for part in parts + [b""]) + name
            wild = any(part in (b"", b".", b"..") or b"\0" in part or b"/" in part for part in parts + [name])
            need(key > last and (not wild or key == b"\0"), "a name that is out of order or leads elsewhere")
            last, path = key, os.path.join(target, *parts, name)
            for folder in (os.path.join(target, *parts[: i + 1]) for i in range(len(parts))):
                folder in folders or folders.update({folder: os.mkdir(folder, 0o700)})
            traits = path, type, mode & 0o1777, seconds * 10**9 + nanos
            first = links.setdefault((device, inode, type, str(body), *references), path) if 2 in more else path
            if first != path:
                os.link(first, path, follow_symlinks=False)
            elif type == FOLDER:
                folders[path] = (key == b"\0" or os.mkdir(path, 0o700), traits)[1]
            elif type == FILE:
                write_file(path, body[0], contents(repository, *body[1:], references))
            else:
                need(type in (SYMLINK, PIPE), "devices and sockets are left out")
                os.symlink(more[1], path) if type == SYMLINK else os.mkfifo(path)
            type == FOLDER or finish(*traits)
        except Exception as e:
            warn(b"/%b/%b" % (directory, entry[0]), e)
    for traits in filter(None, reversed(list(folders.values()))):
        finish(*traits)
def write_file(path, crc, pieces, found=0):
    with open(path, "xb") as file, contextlib.ExitStack() as undo:
        undo.callback(os.unlink, path)
        for piece in pieces:
            file.write(piece)
            found = crc32c(piece, found)
        need(found == crc, "its CRC-32C differs")
        undo.pop_all()
def finish(path, type, mode, nanos):
    type == SYMLINK or os.chmod(path, mode)
    os.utime(path, ns=(nanos, nanos), follow_symlinks=False)
if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in "repository", "--key-file", "--password-file", "--words":
        parser.add_argument(name)
    parser.add_argument("command", choices=["list", "restore"])
    parser.add_argument("snapshot", nargs="?", default="")
    parser.add_argument("target", nargs="?")
    given = parser.parse_args()
    secret = pathlib.Path(given.key_file or given.password_file or given.words or "/dev/null").read_text()
    if given.key_file:
        key = 2, bytes.fromhex(secret.split()[-1])
    elif given.words:
        mnemonic, words = package("mnemonic").Mnemonic("english"), re.findall("[a-z]+", secret.lower())
        key = 3, bytes(mnemonic.to_entropy(mnemonic.expand(" ".join(words[:24]))))
    else:
        key = 1, (secret.split("\n")[0].rstrip("\r") or getpass.getpass()).encode()
    repository = Repository(given.repository, *key)
    latest, chosen = given.snapshot == "latest", repository.snapshots()
    chosen = [s for s in chosen if (not s[4] if latest else s[3].startswith(given.snapshot))][-1 if latest else 0 :]
    if given.command == "list":
        for _, _, (begun, host, _, paths, _, _, status, *_), id, gone in chosen:
            status = time.strftime("%F %R ", time.localtime(begun[0])) + status + " forgotten" * gone
            print(id[:16], status, ascii(host), *paths)
    else:
        len(chosen) == 1 or stop(f"{len(chosen)} snapshots are called {given.snapshot}")
        os.mkdir(given.target or parser.error("restore where to?"), 0o700)
        repository.read_tables()
        restore(repository, chosen[0][1], os.fsencode(given.target))
    sys.exit(4 if troubles else 0)
