package io.packstone.parity;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.Crc32c;
import io.packstone.crypto.Hmac;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;

/** Makes the sidecar of an object whose bytes pass by in order; the same bytes give the same sidecar. For one thread. */
public final class ParityEncoder {
    private final ParityGeometry geometry;
    private final ColumnSums sums;
    private final ByteSink checksums;

    /** For an object of that geometry. */
    public ParityEncoder(ParityGeometry geometry) {
        this.geometry = geometry;
        this.checksums = new ByteSink(SidecarFormat.tableLength(geometry));
        this.sums = new ColumnSums(
                geometry, new CauchyCode(geometry.dataShards(), geometry.parityShards()), (number, cell, absent) -> {
                    checksums.putInt(Crc32c.of(cell, 0, cell.length));
                    return true;
                });
    }

    /** Takes the next bytes of the object (borrowed). */
    public void update(byte[] bytes, int offset, int length) {
        if (length > sums.left()) {
            throw new IllegalArgumentException("more bytes than the object has");
        }
        sums.update(bytes, offset, length);
    }

    /**
     * The whole sidecar, once all bytes were taken.
     *
     * @param kind a pack or an index segment
     * @param object the SHA-256 of the bytes taken, which the caller has compared
     */
    public byte[] finish(RepositoryId repository, FrameKind kind, ObjectHash object) {
        if (sums.left() > 0) {
            throw new IllegalStateException(sums.left() + " bytes are still to come");
        }
        byte[] cells = parityCells();
        byte[] summary = SidecarFormat.encode(new SidecarFormat.Summary(kind, object, geometry));
        ByteSink sidecar = new ByteSink(Math.toIntExact(SidecarFormat.totalLength(geometry)));
        sidecar.putBytes(SidecarFormat.header(repository)).putBytes(summary);
        sidecar.putBytes(checksums.array(), 0, checksums.length());
        sidecar.putBytes(summary).putBytes(cells);
        sidecar.putBytes(checksums.array(), 0, checksums.length());
        sidecar.putBytes(summary);
        sidecar.putBytes(Hmac.sha256(sidecar.array(), 0, sidecar.length()));
        return sidecar.toBytes();
    }

    private byte[] parityCells() {
        int length = geometry.cellLength();
        byte[] cells = new byte[geometry.parityCells() * length];
        for (int row = 0; row < geometry.parityShards(); row++) {
            for (int column = 0; column < geometry.columns(); column++) {
                int at = (row * geometry.columns() + column) * length;
                int[] packed = sums.column(column);
                for (int i = 0; i < length; i++) {
                    cells[at + i] = (byte) (packed[i] >>> 8 * row);
                }
                checksums.putInt(Crc32c.of(cells, at, length));
            }
        }
        return cells;
    }
}
