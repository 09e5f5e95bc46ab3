package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Parsers of manifest nodes and recipes: any payload with as many references as it asks for, or any number. */
public final class NodeFuzz {
    private static final ChunkId ID = ChunkId.of(new byte[32]);

    private NodeFuzz() {}

    /** By name; the first byte of an input is the count of references, the rest the payload. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of("node", NodeFuzz::node, "node-interior", NodeFuzz::node, "recipe", NodeFuzz::recipe);
    }

    /** A valid input for some of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        List<byte[]> nodes = new ArrayList<>();
        TestEntries.build(
                (type, refs, refCount, payload, length) -> {
                    byte[] input = new byte[length + 1];
                    input[0] = (byte) refCount;
                    System.arraycopy(payload, 0, input, 1, length);
                    nodes.add(input);
                    return ID;
                },
                TestEntries.random(3, 3).values());
        byte[] interior = SamplePacks.golden(NodeFuzz.class, "interior.hex");
        byte[] second = new byte[interior.length + 1];
        second[0] = 1;
        System.arraycopy(interior, 0, second, 1, interior.length);
        return Map.of("node", nodes.get(0), "node-interior", second);
    }

    private static StoredChunk chunk(byte[] input) {
        byte[] refs = new byte[(input.length == 0 ? 0 : input[0] & 0xff) * ChunkId.LENGTH];
        for (int i = 0; i < refs.length; i++) {
            refs[i] = (byte) (i / ChunkId.LENGTH);
        }
        return new StoredChunk(Arrays.copyOfRange(input, Math.min(1, input.length), input.length), refs);
    }

    private static void node(byte[] input) throws IOException {
        StoredChunk chunk = chunk(input);
        ManifestNode node = NodeReader.root((id, type) -> chunk, ID);
        NodeWriter writer = new NodeWriter((type, refs, refCount, payload, length) -> {
            FuzzTarget.same(chunk.payload(), Arrays.copyOf(payload, length));
            FuzzTarget.same(chunk.refs(), Arrays.copyOf(refs, refCount * ChunkId.LENGTH));
            return ID;
        });
        Child written;
        if (node.isLeaf()) {
            List<ManifestEntry> entries = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                entries.add(node.entry(i));
            }
            written = writer.leaf(entries);
        } else {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                children.add(node.child(i));
            }
            written = writer.interior(node.level(), children);
        }
        FuzzTarget.same(node.totals(), written.totals());
    }

    private static void recipe(byte[] input) throws IOException {
        StoredChunk chunk = chunk(input);
        for (int depth = 1; depth < 3; depth++) {
            NodeReader.recipe((id, type) -> expect(type, chunk), ID, depth, input.length);
        }
    }

    private static StoredChunk expect(ChunkType type, StoredChunk chunk) {
        FuzzTarget.same(ChunkType.RECIPE, type);
        return chunk;
    }
}
